//! Learning curves of a few telling points, side by side.

use crate::answer::{ARCHITECTURE, Answer, Limit};
use crate::figure::{Figure, Part, Quantity, When};
use crate::plot::Shown;
use crate::plot::point_curves::PointCurves;
use crate::results::Results;
use crate::tables::summary::of_point;

/// Architectures whose best points are shown.
const MOST_ARCHITECTURES: usize = 8;

/// A rise of the validation loss after its minimum that is worth a panel: Prechelt's (1998) generalisation loss.
const RISE: f64 = 0.02;

/// The learning curves of the points that a reader asks for first.
#[derive(Debug, Clone, PartialEq)]
pub struct LearningPlot {
    /// One a point; the best first.
    pub panels: Vec<Panel>,
}

/// One point and why it is shown.
#[derive(Debug, Clone, PartialEq)]
pub struct Panel {
    /// Why, in a few words each: `best`, `best of wide`.
    pub roles: Vec<String>,
    /// Its curves.
    pub curves: PointCurves,
}

impl LearningPlot {
    /// The best point, the cheapest of those not told apart from it, the first, the best of each architecture, and the two
    /// that look most like over- and underfitting; `None` where no trial completed an epoch or diverged.
    pub fn new(results: &Results<'_>, answer: &Answer, shown: &Shown) -> Option<Self> {
        let panels: Vec<Panel> = chosen(results, answer, shown)
            .into_iter()
            .filter_map(|(point, roles)| Some(Panel { roles, curves: PointCurves::new(results, point)? }))
            .collect();
        (!panels.is_empty()).then_some(Self { panels })
    }
}

/// The points that have a panel, and why.
pub fn chosen(results: &Results<'_>, answer: &Answer, shown: &Shown) -> Vec<(usize, Vec<String>)> {
    let mut chosen: Vec<(usize, Vec<String>)> = Vec::new();
    for (point, role) in roles(results, answer, shown) {
        match chosen.iter_mut().find(|(known, _)| *known == point) {
            Some((_, roles)) => roles.push(role),
            None => chosen.push((point, vec![role])),
        }
    }
    chosen
}

fn roles(results: &Results<'_>, answer: &Answer, shown: &Shown) -> Vec<(usize, String)> {
    if results.manifest().points.len() == 1 {
        return vec![(0, "the only point".to_owned())];
    }
    let mut roles = Vec::new();
    if let Some(best) = &answer.best {
        roles.push((best.leader.point, "best".to_owned()));
        if best.has_cheaper() {
            roles.push((best.cheapest.point, "cheapest not told apart from the best".to_owned()));
        }
    }
    roles.push((0, "first point".to_owned()));
    roles.extend(best_of_architectures(results));
    let rise = |point: &usize| rise(results, *point).filter(|rise| *rise >= RISE);
    if let Some(point) = largest(shown.points.iter().filter_map(|point| Some((*point, rise(point)?)))) {
        roles.push((point, "rises most after its minimum".to_owned()));
    }
    // Losses in different units are no rivals.
    if !answer.limits.iter().any(|limit| matches!(limit, Limit::UnlikeLosses { .. })) {
        let train_loss = |point: &usize| Some((*point, of_point(results, *point, Figure::TrainLoss)?.mean));
        if let Some(point) = largest(shown.points.iter().filter_map(train_loss)) {
            roles.push((point, "largest training loss".to_owned()));
        }
    }
    roles
}

/// For every architecture its point with the smallest mean validation loss, of those that lack no replicate if there are
/// any.
fn best_of_architectures(results: &Results<'_>) -> Vec<(usize, String)> {
    let manifest = results.manifest();
    let Some(axis) = manifest.axis(ARCHITECTURE) else { return Vec::new() };
    let Some(levels) = manifest.axes.get(axis).map(|axis| &axis.levels).filter(|levels| levels.len() > 1) else {
        return Vec::new();
    };
    let mut best: Vec<Option<(bool, f64, usize)>> = vec![None; levels.len().min(MOST_ARCHITECTURES)];
    for (place, point) in manifest.points.iter().enumerate() {
        let slot = point.levels.get(axis).and_then(|level| best.get_mut(*level as usize));
        let Some((slot, summary)) = slot.zip(of_point(results, place, Figure::VALIDATION_LOSS)) else { continue };
        let found = (!results.counts_of(place).is_complete(), summary.mean, place);
        if slot.is_none_or(|(lacks, mean, _)| (found.0, found.1) < (lacks, mean)) {
            *slot = Some(found);
        }
    }
    let named = best.into_iter().zip(levels).filter_map(|(best, level)| Some((best?.2, level.label.as_str())));
    named.map(|(point, label)| (point, format!("best of {label}"))).collect()
}

/// By how much the mean validation loss at the end exceeds that of the best epochs, as a share of the latter.
fn rise(results: &Results<'_>, point: usize) -> Option<f64> {
    let at_best = Figure::Held { part: Part::Validation, when: When::BestEpoch, quantity: Quantity::Loss };
    let mean_of = |figure| Some(of_point(results, point, figure)?.mean);
    let (end, best) = (mean_of(Figure::VALIDATION_LOSS)?, mean_of(at_best)?);
    (best > 0.0).then(|| end / best - 1.0)
}

/// The first of those with the largest number.
fn largest(points: impl Iterator<Item = (usize, f64)>) -> Option<usize> {
    points.reduce(|one, other| if other.1 > one.1 { other } else { one }).map(|(point, _)| point)
}
