//! Each architecture against the first.

use super::{counted, margin};
use crate::answer::{Answer, AxisAnswer};
use crate::contrast::Comparison;
use crate::number::{count, figure, p_value, percent, plus_minus};
use crate::statistics::Verdict;

/// Architectures that are held against the first in a sentence each; of more, pairs are only counted.
const FEW_RIVALS: usize = 4;

/// A sentence for each level against the first; none where there are too many.
pub(super) fn against_baseline(answer: &Answer, axis: &AxisAnswer) -> Vec<String> {
    let against: Vec<&Comparison> = axis.comparisons.iter().filter(|comparison| comparison.b == 0).collect();
    if against.len() > FEW_RIVALS {
        return Vec::new();
    }
    against.into_iter().map(|comparison| sentence(answer, axis, comparison)).collect()
}

fn sentence(answer: &Answer, axis: &AxisAnswer, comparison: &Comparison) -> String {
    let (rival, baseline) = (axis.label(comparison.a), axis.label(comparison.b));
    if comparison.never_alone() {
        return format!("{rival} and {baseline} have no setting in common, so they are not compared.");
    }
    let Some(difference) = comparison.difference else {
        return format!("{rival} and {baseline} have no replicate in common, so they are not compared.");
    };
    let only = if comparison.is_within_margin() { format!(", by less than {}", margin()) } else { String::new() };
    let (standing, settled) = match comparison.verdict {
        Verdict::Better => (format!("is better than {baseline}{only}"), String::new()),
        Verdict::Worse => (format!("is worse than {baseline}{only}"), String::new()),
        Verdict::SameWithinMargin => (format!("is the same as {baseline} within {}", margin()), String::new()),
        Verdict::NotEnoughReplicates { needed } => (
            format!("cannot be told from {baseline}"),
            needed.map_or_else(
                || "; more replicates are needed".to_owned(),
                |needed| format!("; about {} replicates would settle it", count(needed as u64)),
            ),
        ),
    };
    let size = difference.abs();
    let size = comparison.interval.map_or_else(|| figure(size), |interval| plus_minus(size, interval.half_width()));
    let way = if difference < 0.0 { "lower" } else { "higher" };
    let share = comparison.relative().map(|share| format!(" ({})", percent(share.abs()))).unwrap_or_default();
    let p = comparison.p_holm.map(|p| format!(", p {} after Holm", p_value(p))).unwrap_or_default();
    format!(
        "{rival} {standing}: its {} is {size} {way}{share}{p}, over {}{settled}.",
        answer.compared_by_name,
        counted(comparison.n as u64, "replicate")
    )
}
