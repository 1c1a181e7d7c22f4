//! The headline of an answer, and the words for comparisons and candidates.

use swath_results::Manifest;

use super::baseline::against_baseline;
use super::influence::influence;
use super::limits::{entangled, limit};
use super::training::training;
use super::warnings::{accidents, edges};
use crate::answer::{Answer, AxisAnswer, Best, Candidate, Limit};
use crate::confirmation;
use crate::contrast::{Comparison, FEWEST_REPLICATES, MARGIN};
use crate::number::{MISSING, count, figure, percent, plus_minus};
use crate::statistics::{Interval, Summary, Verdict};
use crate::text::capital;

/// Pairs of architectures that the headline names one by one; of more it says how many.
const FEW_PAIRS: usize = 6;

/// Architectures that the headline names.
const MOST_NAMED: usize = 10;

/// A verdict in the words of the column `verdict`.
pub fn verdict(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Better => "better",
        Verdict::Worse => "worse",
        Verdict::SameWithinMargin => "same",
        Verdict::NotEnoughReplicates { .. } => "not enough replicates",
    }
}

/// A verdict with what a reader asks next: whether it matters, and how many replicates would settle it.
pub fn long_verdict(comparison: &Comparison) -> String {
    let found = verdict(comparison.verdict);
    match comparison.verdict {
        Verdict::NotEnoughReplicates { .. } if comparison.never_alone() => "no setting in common".to_owned(),
        Verdict::SameWithinMargin => format!("{found} within {}", margin()),
        Verdict::NotEnoughReplicates { needed: Some(needed) } => {
            format!("{found} (n = {}; about {} would do)", comparison.n, count(needed as u64))
        }
        Verdict::NotEnoughReplicates { needed: None } => format!("{found} (n = {})", comparison.n),
        Verdict::Better | Verdict::Worse if comparison.is_within_margin() => {
            format!("{found}, by less than {}", margin())
        }
        _ => found.to_owned(),
    }
}

/// A comparison in one line, for the column `reading`.
pub fn reading(manifest: &Manifest, comparison: &Comparison) -> String {
    let levels = manifest.axes.get(comparison.axis).map_or([].as_slice(), |axis| axis.levels.as_slice());
    let label = |level: usize| levels.get(level).map_or("", |level| level.label.as_str());
    format!(
        "{} against {}: {}, {}",
        label(comparison.a),
        label(comparison.b),
        difference(comparison),
        long_verdict(comparison)
    )
}

/// A difference in words: `0.0106 lower (4.1 %)`.
pub fn difference(comparison: &Comparison) -> String {
    let Some(difference) = comparison.difference else { return "no replicate in common".to_owned() };
    if difference == 0.0 {
        return "equal".to_owned();
    }
    let way = if difference < 0.0 { "lower" } else { "higher" };
    let share = comparison.relative().map(|share| format!(" ({})", percent(share.abs()))).unwrap_or_default();
    format!("{} {way}{share}", figure(difference.abs()))
}

/// A mean with half the width of its interval: `0.1234 ± 0.0034`; the mean alone of one replicate.
pub fn mean(summary: Option<&Summary>) -> String {
    summary.map_or_else(|| MISSING.to_owned(), |summary| with_interval(summary.mean, summary.interval))
}

/// A value with half the width of its interval, which lies evenly around it; the value alone if there is none.
pub fn with_interval(value: f64, interval: Option<Interval>) -> String {
    interval.map_or_else(|| figure(value), |interval| plus_minus(value, interval.half_width()))
}

/// The margin within which two levels are the same, as a percentage without needless digits.
pub fn margin() -> String {
    format!("{} %", MARGIN * 100.0)
}

/// The layers of a network: `4-8-4-1`, or `8 x 8, conv 8, pool 2, 72-32-10`.
pub fn layers(of_images: &[String], units: &[u32]) -> String {
    let dense = units.iter().map(ToString::to_string).collect::<Vec<_>>().join("-");
    of_images.iter().cloned().chain([dense]).collect::<Vec<_>>().join(", ")
}

/// `1 point`, `2 points`.
pub fn counted(number: u64, singular: &str) -> String {
    format!("{} {singular}{}", count(number), if number == 1 { "" } else { "s" })
}

/// The answer in at most sixteen sentences or so: whether the sweep is whole, the best point, its rivals, the
/// architectures, what mattered, the trainings, the price of choosing, and what cannot be said.
pub fn headline(answer: &Answer) -> Vec<String> {
    let mut lines: Vec<String> = answer.limits.iter().filter(|limit| is_first(limit)).map(limit).collect();
    if let Some(best) = &answer.best {
        lines.extend(best_point(answer, best));
    }
    if let Some(confirmation) = &answer.confirmation {
        lines.extend(confirmation::sentences(confirmation, &answer.objective));
    }
    if let Some(architectures) = answer.architectures().filter(|axis| axis.levels.len() > 1) {
        lines.extend(architecture_lines(answer, architectures));
    }
    lines.extend(influence(answer));
    lines.extend(training(answer));
    lines.extend(edges(answer));
    if let Some(best) = &answer.best {
        lines.extend(price(answer, best));
    }
    lines.extend(accidents(answer));
    let is_last = |limit: &&Limit| !is_first(limit) && !matches!(limit, Limit::Entangled { .. });
    lines.extend(answer.limits.iter().filter(is_last).map(limit));
    lines.extend(entangled(&answer.limits));
    lines
}

/// Limits that come before all else, because the rest is to be read in their light.
fn is_first(limit: &Limit) -> bool {
    matches!(
        limit,
        Limit::Partial { .. } | Limit::UnlikeLosses { .. } | Limit::NothingFinished | Limit::NoCompletePoint
    )
}

fn best_point(answer: &Answer, best: &Best) -> Vec<String> {
    let leader = &best.leader;
    let n = leader.validation.n as u64;
    let mut lines = vec![format!(
        "Best by {}: {}. {}, over {}.",
        answer.objective.validation_words(),
        leader.name,
        capital(&figures(answer, leader)),
        counted(n, "replicate")
    )];
    let others = best.eligible - 1;
    let rivals = best.not_told_apart.len() - 1;
    if others == 0 {
        return lines;
    }
    let complete = if best.eligible < answer.points { "complete " } else { "" };
    let points = |number: usize| counted(number as u64, &format!("other {complete}point"));
    if rivals == 0 {
        let all = if others > 1 { "all " } else { "" };
        let stays = stability(answer, best).map(|words| format!(" {words}")).unwrap_or_default();
        lines.push(format!("It is told apart from {all}{}.{stays}", points(others)));
        return lines;
    }
    let mut words = vec![if rivals == others {
        format!("Not told apart from it: {}; which is best may be the seed.", points(others))
    } else {
        format!("Not told apart from it: {} of {}; their order may be the seed.", count(rivals as u64), points(others))
    }];
    words.extend(stability(answer, best));
    // With fewer replicates all are in the set, as nothing can be told: its cheapest member then means nothing.
    if answer.replicates as usize >= FEWEST_REPLICATES {
        words.push(if best.has_cheaper() {
            format!(
                "The cheapest of these whose mean is within its interval: {}; {}; {}.",
                best.cheapest.name,
                saving(leader, &best.cheapest),
                figures(answer, &best.cheapest)
            )
        } else {
            "None of these whose mean is within its interval is cheaper.".to_owned()
        });
    }
    lines.push(words.join(" "));
    lines
}

/// How often another draw of the same replicates would have chosen the same point; nothing for too few of them.
fn stability(answer: &Answer, best: &Best) -> Option<String> {
    let stability = best.stability.filter(|_| answer.replicates as usize >= FEWEST_REPLICATES)?;
    let among = if stability.points < best.eligible {
        let points = counted(stability.points as u64, "point");
        format!(" among the {points} with the {} means", answer.objective.best_word())
    } else {
        String::new()
    };
    Some(format!("It stays the best in {} of resamples of the replicates{among}.", percent(stability.share)))
}

/// What the cheaper point costs, beside the leader: `250 steps instead of 750, 225 parameters instead of 697`.
fn saving(leader: &Candidate, cheap: &Candidate) -> String {
    let beside = |what: &str, cheap: u64, leader: u64| {
        if cheap == leader {
            format!("{} {what} as well", count(cheap))
        } else {
            format!("{} {what} instead of {}", count(cheap), count(leader))
        }
    };
    let steps = beside("steps", cheap.steps, leader.steps);
    format!("{steps}, {}", beside("parameters", cheap.parameters, leader.parameters))
}

fn figures(answer: &Answer, candidate: &Candidate) -> String {
    let objective = &answer.objective;
    let beside = objective.words(objective.beside(candidate.test.is_some()));
    let figures = [
        Some(format!("{} {}", objective.validation_words(), mean(Some(&candidate.validation)))),
        candidate.test.as_ref().map(|test| format!("{} {}", objective.words(objective.test()), mean(Some(test)))),
        candidate.beside.as_ref().map(|found| format!("{beside} {}", mean(Some(found)))),
    ];
    figures.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

/// The architectures from the best down, then who is told apart from whom.
fn architecture_lines(answer: &Answer, axis: &AxisAnswer) -> Vec<String> {
    let value = |level: &crate::answer::LevelAnswer| level.test.or(level.validation).map(|summary| summary.mean);
    let mut ranked: Vec<(f64, &str)> =
        axis.levels.iter().filter_map(|level| Some((value(level)?, level.label.as_str()))).collect();
    if ranked.len() < 2 {
        return Vec::new();
    }
    ranked.sort_by(|one, other| answer.objective.order(one.0, other.0));
    let more = ranked.len().saturating_sub(MOST_NAMED);
    let mut ranked: Vec<String> =
        ranked.iter().take(MOST_NAMED).map(|(value, label)| format!("{label} {}", figure(*value))).collect();
    if more > 0 {
        ranked.push(format!("and {} more", count(more as u64)));
    }
    let mut lines = vec![format!(
        "Architectures by mean {}, over all else, {} first: {}.",
        answer.compared_by_name,
        answer.objective.best_word(),
        ranked.join(", ")
    )];
    let against = against_baseline(answer, axis);
    if against.is_empty() {
        lines.push(pairs_line(axis));
        return lines;
    }
    lines.extend(against);
    let others: Vec<&Comparison> = axis.comparisons.iter().filter(|comparison| comparison.b > 0).collect();
    if !others.is_empty() {
        lines.push(format!("Without {}: {}", axis.label(0), uncapital(&line_of_pairs(axis, &others))));
    }
    lines
}

/// Which pairs of levels are told apart, which are the same, and which need more replicates.
pub fn pairs_line(axis: &AxisAnswer) -> String {
    line_of_pairs(axis, &axis.comparisons.iter().collect::<Vec<_>>())
}

fn line_of_pairs(axis: &AxisAnswer, comparisons: &[&Comparison]) -> String {
    let pairs = |wanted: fn(Verdict) -> bool| -> Vec<&Comparison> {
        comparisons.iter().copied().filter(|comparison| wanted(comparison.verdict)).collect()
    };
    let apart = pairs(|verdict| matches!(verdict, Verdict::Better | Verdict::Worse));
    let same = pairs(|verdict| verdict == Verdict::SameWithinMargin);
    let (never_alone, open): (Vec<_>, Vec<_>) = pairs(|verdict| matches!(verdict, Verdict::NotEnoughReplicates { .. }))
        .into_iter()
        .partition(|comparison| comparison.never_alone());
    let total = comparisons.len();
    let told = |comparison: &Comparison| {
        let (winner, loser) = if comparison.verdict == Verdict::Better {
            (comparison.a, comparison.b)
        } else {
            (comparison.b, comparison.a)
        };
        let share = comparison.relative().map(|share| format!(" by {}", percent(share.abs()))).unwrap_or_default();
        let small = if comparison.is_within_margin() { " only" } else { "" };
        format!("{} beats {}{share}{small}", axis.label(winner), axis.label(loser))
    };
    let both = |comparison: &Comparison| format!("{} and {}", axis.label(comparison.a), axis.label(comparison.b));
    let unsettled = |comparison: &Comparison| match comparison.verdict {
        Verdict::NotEnoughReplicates { needed: Some(needed) } => {
            format!("{} (about {} replicates would do)", both(comparison), count(needed as u64))
        }
        _ => both(comparison),
    };
    let group = |title: &str, found: &[&Comparison], words: &dyn Fn(&Comparison) -> String| {
        if found.is_empty() {
            return None;
        }
        if total > FEW_PAIRS {
            return Some(format!("{title}: {} of {} pairs.", count(found.len() as u64), count(total as u64)));
        }
        Some(format!("{title}: {}.", found.iter().map(|found| words(found)).collect::<Vec<_>>().join("; ")))
    };
    let groups = [
        group("More than the seed", &apart, &told),
        group(&format!("The same within {}", margin()), &same, &both),
        group("Cannot be told from the seed", &open, &unsettled),
        group("Without a setting in common, so not compared", &never_alone, &both),
    ];
    groups.into_iter().flatten().collect::<Vec<_>>().join(" ")
}

fn price(answer: &Answer, best: &Best) -> Vec<String> {
    let objective = &answer.objective;
    let test = objective.words(objective.test());
    let mut words = Vec::new();
    if let Some(price) = best.price_of_choosing.filter(|price| *price > 0.0) {
        words.push(format!(
            "The best of {} reads {}: by about {} if all were equal, less if they are not.",
            counted(best.eligible as u64, "point"),
            objective.flattered_word(),
            figure(price)
        ));
    }
    if let Some(gap) = &best.validation_minus_test {
        words.push(format!(
            "At the best point {} minus {test} is {}; judge it by the {test}.",
            objective.validation_words(),
            with_interval(gap.mean, gap.interval)
        ));
    }
    if let Some(other) = &best.passed_over {
        words.push(format!(
            "A {} mean {} ({}, over {} of {} replicates) was passed over, as a replicate is missing: {}.",
            objective.better_word(),
            objective.validation_words(),
            figure(other.validation.mean),
            other.validation.n,
            answer.replicates,
            other.name
        ));
    }
    if words.is_empty() { words } else { vec![words.join(" ")] }
}

fn uncapital(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}
