//! Whether the best point stands at the end of an axis of numbers, where a better one may lie beyond.

use super::{AxisAnswer, Best};
use crate::contrast::Comparison;
use crate::results::Results;
use crate::statistics::Verdict;

/// An axis at whose end the best point stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edge {
    /// The axis.
    pub axis: String,
    /// The level.
    pub label: String,
    /// At which end it is.
    pub end: End,
}

/// An end of an axis.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// No level is smaller.
    Smallest,
    /// No level is larger.
    Largest,
}

/// The axes of numbers at whose smallest or largest level the best point stands.
///
/// Not named: an end at 0, beyond which there is mostly nothing; an end that differs from the level next to it by less than the
/// margin; and the end of an axis of two levels, both of which are ends, unless it is told to be the better one.
pub(super) fn edges(results: &Results<'_>, best: Option<&Best>, axes: &[AxisAnswer]) -> Vec<Edge> {
    let Some(best) = best else { return Vec::new() };
    let manifest = results.manifest();
    let described = manifest.axes.iter().zip(axes).enumerate();
    let edge = |(place, (axis, answer)): (usize, (&swath_results::manifest::Axis, &AxisAnswer))| {
        let numbers: Option<Vec<f64>> = axis.levels.iter().map(|level| level.number).collect();
        let mut order: Vec<(usize, f64)> = numbers?.into_iter().enumerate().collect();
        order.sort_by(|one, other| one.1.total_cmp(&other.1));
        let at = *manifest.points.get(best.leader.point)?.levels.get(place)? as usize;
        let (end, number, next) = match order.as_slice() {
            [(first, number), (next, _), ..] if *first == at => (End::Smallest, *number, *next),
            [.., (next, _), (last, number)] if *last == at => (End::Largest, *number, *next),
            _ => return None,
        };
        let beside = answer.comparisons.iter().find(|pair| [(at, next), (next, at)].contains(&(pair.a, pair.b)));
        let is_small = beside.is_some_and(Comparison::is_within_margin);
        let is_better = beside.is_some_and(|pair| is_better(pair, at));
        let matters = !is_small && (order.len() > 2 || is_better);
        (matters && number != 0.0).then(|| Edge { axis: axis.name.clone(), label: answer.label(at).to_owned(), end })
    };
    described.filter_map(edge).collect()
}

/// Whether a comparison tells that `level` is the better of its two.
fn is_better(pair: &Comparison, level: usize) -> bool {
    pair.verdict == if pair.a == level { Verdict::Better } else { Verdict::Worse }
}
