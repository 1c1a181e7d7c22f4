//! What a reader should be warned of.

use super::counted;
use crate::answer::{Answer, End};
use crate::contrast::ALPHA;
use crate::number::{count, percent};
use crate::statistics::rate;

/// Axes at whose smallest or largest number the best point stands.
pub(super) fn edges(answer: &Answer) -> Option<String> {
    let words: Vec<String> = answer
        .edges
        .iter()
        .map(|edge| {
            let end = match edge.end {
                End::Smallest => "smallest",
                End::Largest => "largest",
            };
            format!("{} {} is the {end}", edge.axis, edge.label)
        })
        .collect();
    (!words.is_empty()).then(|| {
        format!("The best point stands at the edge of the grid ({}): a better one may lie beyond.", words.join("; "))
    })
}

/// Trials that diverged, with their rate, or failed.
pub(super) fn accidents(answer: &Answer) -> Option<String> {
    let counts = answer.counts;
    if counts.diverged + counts.failed == 0 {
        return None;
    }
    let trained = counts.total() - counts.missing;
    let share = rate(counts.diverged as usize, trained as usize, ALPHA)
        .filter(|_| counts.diverged > 0)
        .map(|rate| {
            format!(
                " ({} of those trained, 95 % interval {} to {})",
                percent(rate.share),
                percent(rate.interval.low),
                percent(rate.interval.high)
            )
        })
        .unwrap_or_default();
    Some(format!(
        "{} finished, {} diverged{share}, {} failed.",
        counted(counts.finished, "trial"),
        count(counts.diverged),
        count(counts.failed)
    ))
}
