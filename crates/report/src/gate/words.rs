//! The answer for people: a page of the same blocks as the report.

use super::inspection::{Gate, GatedPoint, State};
use super::judgement::{Finding, Judged};
use crate::number::{MISSING, count, figure, figure_or_dash, p_value, percent};
use crate::page::{Block, Table};
use crate::sentences::counted;
use crate::text::capital;

/// Points that the table shows.
const MOST_POINTS: usize = 30;

/// Points that it shows where all passed.
const MOST_PASSED: usize = 5;

/// Changes that are listed.
const MOST_CHANGES: usize = 40;

impl Finding {
    /// As it is said.
    pub fn word(self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::CannotTell => "cannot tell",
            Self::Regressed => "regressed",
        }
    }
}

/// The page: the answer, what changed, and the points that did not pass by equal bits.
pub fn page(gate: &Gate) -> Vec<Block> {
    let mut page =
        vec![Block::Heading(2, format!("{}: {}", gate.name, gate.finding.word())), Block::List(headline(gate))];
    if !gate.changes.is_empty() {
        page.push(Block::Heading(3, "What changed".to_owned()));
        page.extend(changed(gate));
    }
    page.extend(table(gate));
    page
}

/// The answer in sentences, the most important first.
pub fn headline(gate: &Gate) -> Vec<String> {
    let points = gate.points.len() as u64;
    if gate.is_same_bits() {
        return vec![format!(
            "Passed: the same bits. Every trial ({} of {}) ended with the same scores as in the baseline, so nothing is \
             to be tested.",
            counted(points, "point"),
            counted(gate.replicates.into(), "replicate")
        )];
    }
    let with = |finding| gate.points.iter().filter(|point| point.state.finding() == finding).count() as u64;
    let same = gate.points.iter().filter(|point| point.state == State::SameBits).count() as u64;
    let mut lines = vec![format!(
        "{}: of {}, {} passed ({} by the same bits), {} regressed, and of {} the gate cannot tell.",
        capital(gate.finding.word()),
        counted(points, "point"),
        count(with(Finding::Passed)),
        count(same),
        count(with(Finding::Regressed)),
        count(with(Finding::CannotTell))
    )];
    if gate.contradictions > 0 {
        lines.push(format!(
            "{} of equal keys {} other results: the program computes something else than it did, though nothing in the \
             sweep file changed.",
            counted(gate.contradictions, "trial"),
            if gate.contradictions == 1 { "has" } else { "have" }
        ));
    }
    if !gate.obstacles.is_empty() {
        lines.push(format!(
            "Differences cannot be judged, as {}. Renew the baseline with swath baseline if that is meant.",
            gate.obstacles.join(" and ")
        ));
    }
    lines.extend(kinds(gate));
    lines.extend(
        gate.overall.iter().map(|overall| format!("Overall {}: {}.", overall.finding.word(), in_words(gate, overall))),
    );
    let terms = &gate.terms;
    lines.push(format!(
        "A point regresses where its mean {} is worse by more than {} of the baseline's and the p, after Holm over all points, is below {}; it passes \
         where the upper bound of the difference is within the margin.",
        gate.figures.iter().map(|(figure, _)| gate.words(*figure)).collect::<Vec<_>>().join(" or "),
        percent(terms.margin),
        terms.alpha.get()
    ));
    lines
}

/// What else than a difference keeps points from passing.
fn kinds(gate: &Gate) -> Vec<String> {
    let sum =
        |wanted: fn(&State) -> Option<u64>| gate.points.iter().filter_map(|point| wanted(&point.state)).sum::<u64>();
    let mut lines = Vec::new();
    let mut note = |number: u64, noun: &str, rest: &str| {
        if number > 0 {
            lines.push(format!("{} {rest}", counted(number, noun)));
        }
    };
    note(sum(|state| (*state == State::Gone).then_some(1)), "point", "of the baseline gone.");
    note(sum(|state| if let State::Failed(trials) = state { Some(*trials) } else { None }), "trial", "failed.");
    note(
        sum(|state| if let State::Diverged(trials) = state { Some(*trials) } else { None }),
        "trial",
        "diverged that finished in the baseline.",
    );
    note(
        sum(|state| if let State::Missing(trials) = state { Some(*trials) } else { None }),
        "trial",
        "without an outcome: run the sweep to its end.",
    );
    note(
        sum(|state| (*state == State::New).then_some(1)),
        "point",
        "that the baseline does not have: renew it with swath baseline.",
    );
    lines
}

/// `worse by 0.0106 (4.2 %), at least 0.0040 and at most 0.0172, ...`.
pub(super) fn in_words(gate: &Gate, judged: &Judged) -> String {
    if judged.worse_by == 0.0 {
        let mean = figure(judged.new);
        return format!("the mean {} is {mean} as it was, {}", gate.words(judged.figure), replicates(judged));
    }
    let share = judged.relative().map_or_else(|| MISSING.to_owned(), |share| percent(share.abs()));
    let way = if judged.worse_by > 0.0 { "worse" } else { "better" };
    let bounds = match (judged.low, judged.high) {
        (Some(low), Some(high)) => {
            format!(", between {} and {} in the direction that is worse", figure(low), figure(high))
        }
        _ => String::new(),
    };
    format!(
        "the mean {} is {}, and was {}: {way} by {} ({share}){bounds}; p (Holm) {}, {}",
        gate.words(judged.figure),
        figure(judged.new),
        figure(judged.baseline),
        figure(judged.worse_by.abs()),
        judged.p_holm.map_or_else(|| MISSING.to_owned(), p_value),
        replicates(judged)
    )
}

fn replicates(judged: &Judged) -> String {
    counted(judged.n as u64, "replicate")
}

fn changed(gate: &Gate) -> Vec<Block> {
    let mut table = Table::new().words(["name", "baseline", "now"]);
    let absent = || MISSING.to_owned();
    for change in gate.changes.iter().take(MOST_CHANGES) {
        let [a, b] = [&change.a, &change.b].map(|value| value.clone().unwrap_or_else(absent));
        table.row(vec![change.name.clone(), a, b]);
    }
    let mut blocks = vec![Block::Table(table)];
    if gate.changes.len() > MOST_CHANGES {
        blocks.push(Block::Paragraph(format!("And {} more.", count((gate.changes.len() - MOST_CHANGES) as u64))));
    }
    blocks
}

/// What a state is, in a few words.
pub(super) fn reason(state: &State) -> String {
    match state {
        State::SameBits => "the same bits".to_owned(),
        State::Judged(judged) => match (judged.finding, judged.needed) {
            (Finding::CannotTell, Some(needed)) => {
                format!("cannot tell (about {} replicates would do)", count(needed as u64))
            }
            (finding, _) => finding.word().to_owned(),
        },
        State::Gone => "regressed: the point is gone".to_owned(),
        State::New => "cannot tell: the baseline does not have it".to_owned(),
        State::Failed(trials) => format!("regressed: {} failed", counted(*trials, "trial")),
        State::Diverged(trials) => format!("regressed: {} diverged", counted(*trials, "trial")),
        State::Missing(trials) => format!("cannot tell: {} without an outcome", counted(*trials, "trial")),
        State::NothingToCompare => "cannot tell: nothing to compare".to_owned(),
    }
}

/// As [`reason`], with the figures behind it.
pub(super) fn detail(gate: &Gate, state: &State) -> String {
    match state {
        State::Judged(judged) => format!("{}: {}", reason(state), in_words(gate, judged)),
        _ => reason(state),
    }
}

/// The points that did not pass, the worst first; the few worst where all passed.
fn table(gate: &Gate) -> Vec<Block> {
    let mut shown: Vec<&GatedPoint> = gate.points.iter().filter(|point| point.state != State::SameBits).collect();
    if shown.is_empty() {
        return Vec::new();
    }
    let not_passed = shown.iter().filter(|point| point.state.finding() != Finding::Passed).count();
    let most = if not_passed == 0 { MOST_PASSED } else { not_passed.min(MOST_POINTS) };
    let order = |point: &GatedPoint| {
        let p = if let State::Judged(judged) = &point.state { judged.p.unwrap_or(1.0) } else { 0.0 };
        (std::cmp::Reverse(point.state.finding()), p)
    };
    shown.sort_by(|one, other| {
        let ((finding, p), (other_finding, other_p)) = (order(one), order(other));
        finding.cmp(&other_finding).then(p.total_cmp(&other_p))
    });
    let titles = ["n", "baseline", "now", "worse by", "of it", "at most", "p (Holm)"];
    let mut table = Table::new().words(["point", "figure"]).numbers(titles).words(["answer"]);
    for point in shown.iter().take(most) {
        let mut row = vec![point.name.clone()];
        match &point.state {
            State::Judged(judged) => row.extend([
                gate.words(judged.figure),
                judged.n.to_string(),
                figure(judged.baseline),
                figure(judged.new),
                figure(judged.worse_by),
                judged.relative().map_or_else(|| MISSING.to_owned(), percent),
                figure_or_dash(judged.high),
                judged.p_holm.map_or_else(|| MISSING.to_owned(), p_value),
            ]),
            _ => row.resize(2 + titles.len(), MISSING.to_owned()),
        }
        row.push(reason(&point.state));
        table.row(row);
    }
    let title = if not_passed == 0 { "The worst points that passed" } else { "Points that did not pass" };
    let mut blocks = vec![Block::Heading(3, title.to_owned()), Block::Table(table)];
    if not_passed > most {
        blocks.push(Block::Paragraph(format!(
            "These are the {most} worst of {}; --format json has each.",
            count(not_passed as u64)
        )));
    }
    blocks
}
