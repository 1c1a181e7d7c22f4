//! The sentences of a confirmation.

use super::{Confirmation, Confirmed, PairedDifference};
use crate::number::{count, figure, p_value, percent};
use crate::objective::Objective;
use crate::sentences::{counted, margin, mean, verdict, with_interval};
use crate::statistics::Verdict;

/// What the fresh replicates say of the winner, of its lead, and of what it was chosen by.
pub fn sentences(confirmation: &Confirmation, objective: &Objective) -> Vec<String> {
    let compared_by = objective.words(confirmation.compared_by);
    let compared_by = compared_by.as_str();
    let mut lines = accidents(confirmation);
    let winner = &confirmation.winner;
    let Some(found) = winner.compared() else {
        lines.push(format!("No fresh trial of the best point ({}) has finished, so it is not confirmed.", winner.name));
        return lines;
    };
    let fresh = counted(u64::from(confirmation.replicates), "fresh replicate");
    let unbiased = if !winner.counts.is_complete() {
        "the trials that did not finish are not in it"
    } else if confirmation.compared_by.is_test() {
        "the one figure here that owes nothing to the choosing, and so is unbiased"
    } else {
        "without test rows: free of the luck of the seeds, but other replicates chose by the same rows"
    };
    let over = if found.n < confirmation.replicates as usize { format!("{} of {fresh}", found.n) } else { fresh };
    lines.push(format!("Confirmed on {over}: the best point has {compared_by} {}; {unbiased}.", mean(Some(found))));
    match (&confirmation.baseline, &confirmation.difference) {
        (Some(baseline), Some(difference)) => lines.push(against(baseline, difference, compared_by)),
        _ => lines.push("It is the baseline itself, so there is no lead to confirm.".to_owned()),
    }
    lines.extend(shift(confirmation, objective));
    lines
}

/// How the winner stands to the baseline, with what a reader asks next.
pub(crate) fn long_verdict(difference: &PairedDifference) -> String {
    let found = verdict(difference.verdict);
    match difference.verdict {
        Verdict::SameWithinMargin => format!("{found} within {}", margin()),
        Verdict::NotEnoughReplicates { needed: Some(needed) } => {
            format!("{found} (n = {}; about {} would do)", difference.n, count(needed as u64))
        }
        Verdict::NotEnoughReplicates { needed: None } => format!("{found} (n = {})", difference.n),
        Verdict::Better | Verdict::Worse => found.to_owned(),
    }
}

fn against(baseline: &Confirmed, difference: &PairedDifference, compared_by: &str) -> String {
    let Some(by) = difference.mean else {
        return format!("The baseline ({}) finished no fresh replicate that the best point finished.", baseline.name);
    };
    let share = difference.relative().map(|share| format!(" ({})", percent(share))).unwrap_or_default();
    let p = difference.p.map(|p| format!(", p {}", p_value(p))).unwrap_or_default();
    format!(
        "In the same replicates its {compared_by} less that of the baseline ({}) is {}{share}{p}: {}.",
        baseline.name,
        with_interval(by, difference.interval),
        long_verdict(difference)
    )
}

fn shift(confirmation: &Confirmation, objective: &Objective) -> Option<String> {
    let shift = confirmation.shift?;
    let way = if shift.mean > 0.0 { "too low" } else { "too high" };
    let by = with_interval(shift.mean.abs(), shift.interval);
    Some(format!(
        "It was chosen by a {} of {}; on fresh replicates that is {}: the choice read {way} by {by}.",
        objective.validation_words(),
        figure(shift.chosen_by),
        figure(shift.fresh)
    ))
}

/// Fresh trials that did not finish, said before the figures, which are without them.
fn accidents(confirmation: &Confirmation) -> Vec<String> {
    let counts = confirmation.counts();
    if counts.is_complete() {
        return Vec::new();
    }
    let each = |confirmed: &Confirmed| {
        let counts = confirmed.counts;
        let parts = [(counts.diverged, "diverged"), (counts.failed, "failed"), (counts.missing, "not yet trained")];
        let parts: Vec<String> = parts
            .iter()
            .filter(|(number, _)| *number > 0)
            .map(|(number, word)| format!("{} {word}", count(*number)))
            .collect();
        let total = counted(counts.total(), "fresh trial");
        (!parts.is_empty()).then(|| format!("of {total} of the {}, {}", confirmed.role.word(), parts.join(", ")))
    };
    let parts: Vec<String> = confirmation.points().filter_map(each).collect();
    let hint = if counts.missing > 0 { "; run the sweep again to go on" } else { "" };
    vec![format!("The confirmation is incomplete: {}{hint}.", parts.join("; "))]
}
