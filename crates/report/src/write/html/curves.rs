//! The learning curves that the page's script can draw, as JSON.

use std::collections::HashSet;

use serde_json::{Value, json};

use crate::answer::Answer;
use crate::number::significant;
use crate::plot::mean_curve::thinned;
use crate::plot::point_curves::{Alone, PointCurves, Training};
use crate::plot::{Shown, learning};
use crate::results::Results;
use crate::tables::summary::of_point;

/// Bytes of JSON that curves may take; of a sweep with more there are fewer points to choose from.
const MOST_BYTES: usize = 600_000;

/// The curves of the points that have their panels in the picture, then of the shown points, the best first, as many as
/// there is room for; and how many points the sweep has.
pub(super) fn curves(results: &Results<'_>, answer: &Answer, shown: &Shown) -> Value {
    let mut points = Vec::new();
    let mut bytes = 0;
    for point in order(results, answer, shown) {
        let Some(curves) = PointCurves::new(results, point) else { continue };
        let value = value(&curves);
        bytes += value.to_string().len();
        if bytes > MOST_BYTES {
            break;
        }
        points.push(value);
    }
    json!({ "points": points, "all": results.manifest().points.len() })
}

fn order(results: &Results<'_>, answer: &Answer, shown: &Shown) -> Vec<usize> {
    let objective = results.objective();
    let mut ranked: Vec<(f64, usize)> = shown
        .points
        .iter()
        .map(|point| {
            let found = of_point(results, *point, objective.validation());
            (found.map_or(f64::INFINITY, |summary| objective.as_loss(summary.mean)), *point)
        })
        .collect();
    ranked.sort_by(|one, other| one.0.total_cmp(&other.0).then(one.1.cmp(&other.1)));
    let first = learning::chosen(results, answer, shown).into_iter().map(|(point, _)| point);
    let mut seen = HashSet::new();
    first.chain(ranked.into_iter().map(|(_, point)| point)).filter(|point| seen.insert(*point)).collect()
}

/// `epochs` is the first epoch where all that follow are there, else the list of those that are; a value stands for each.
fn value(curves: &PointCurves) -> Value {
    let kept = curves.validation.lowest().map_or(0, |(epoch, _)| epoch - 1);
    let places = thinned(curves.validation.means.len(), kept);
    let at =
        |values: &[f64]| -> Vec<Option<f64>> { places.iter().map(|place| rounded(*values.get(*place)?)).collect() };
    let (low, high): (Vec<f64>, Vec<f64>) = curves.validation.band.iter().copied().unzip();
    json!({
        "point": curves.point,
        "n": curves.validation.n,
        "epochs": epochs(1, &places),
        "validation": at(&curves.validation.means),
        "low": if low.is_empty() { Vec::new() } else { at(&low) },
        "high": if high.is_empty() { Vec::new() } else { at(&high) },
        "training": at(&curves.training.means),
        "evaluated": curves.training_is == Training::Evaluated,
        "lowest": curves.validation.lowest().map(|(epoch, _)| epoch),
        "end": curves.training_at_end.iter().map(|(epoch, loss)| json!([epoch, rounded(*loss)])).collect::<Vec<_>>(),
        "alone": curves.alone.iter().map(alone).collect::<Vec<_>>(),
    })
}

fn alone(alone: &Alone) -> Value {
    let places = thinned(alone.values.len(), 0);
    let value = |place: &usize| rounded(f64::from(*alone.values.get(*place)?));
    json!({
        "replicate": alone.replicate,
        "diverged": alone.diverged,
        "epochs": epochs(alone.from, &places),
        "validation": places.iter().map(value).collect::<Vec<_>>(),
    })
}

fn epochs(first: usize, places: &[usize]) -> Value {
    let is_whole = places.last().is_none_or(|last| last + 1 == places.len());
    if is_whole { json!(first) } else { places.iter().map(|place| json!(first + place)).collect() }
}

/// With four significant digits; `None` of what JSON cannot hold.
fn rounded(value: f64) -> Option<f64> {
    value.is_finite().then(|| significant(value))
}
