//! Learning curves of a few telling points, side by side.

use crate::answer::{ARCHITECTURE, Answer, changes_the_loss};
use crate::axes;
use crate::figure::Figure;
use crate::fit::{Fit, FitVerdict, OVERFITTING_PERCENT};
use crate::plot::Shown;
use crate::plot::point_curves::PointCurves;
use crate::results::Results;
use crate::tables::summary::of_point;

/// Architectures whose best points are shown.
const MOST_ARCHITECTURES: usize = 8;

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
    /// Whether it was trained too long, too short, or cannot fit.
    pub fit: Option<Fit>,
    /// Its curves.
    pub curves: PointCurves,
}

impl LearningPlot {
    /// The best point, the cheapest of those not told apart from it, the first, the best of each architecture, and of the
    /// shown ones the two that over- and underfit most; `None` where no trial completed an epoch or diverged.
    pub fn new(results: &Results<'_>, answer: &Answer, shown: &Shown) -> Option<Self> {
        let panels: Vec<Panel> = chosen(results, answer, shown)
            .into_iter()
            .filter_map(|(point, roles)| {
                let fit = answer.fits.get(point).cloned();
                Some(Panel { roles, fit, curves: PointCurves::new(results, point)? })
            })
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
    let fits = || shown.points.iter().filter_map(|point| answer.fits.get(*point));
    roles.extend(overfits_most(fits()).map(|(point, role)| (point, role.to_owned())));
    // Losses in different units are no rivals.
    let task = results.manifest().objective.task;
    if !answer.axes.iter().any(|axis| changes_the_loss(&axis.name, task)) {
        roles.extend(underfits_most(results, fits()).map(|(point, role)| (point, role.to_owned())));
    }
    roles
}

/// For every architecture its point with the best mean of what is chosen by, of those that lack no replicate if there are
/// any.
fn best_of_architectures(results: &Results<'_>) -> Vec<(usize, String)> {
    let (manifest, objective) = (results.manifest(), results.objective());
    let Some(axis) = axes::of_setting(manifest, ARCHITECTURE) else { return Vec::new() };
    let levels = manifest.axes.get(axis).map_or(&[][..], |axis| &axis.levels);
    let mut best: Vec<Option<(bool, f64, usize)>> = vec![None; levels.len().min(MOST_ARCHITECTURES)];
    for (place, point) in manifest.points.iter().enumerate() {
        let slot = point.levels.get(axis).and_then(|level| best.get_mut(*level as usize));
        let Some((slot, summary)) = slot.zip(of_point(results, place, objective.validation())) else { continue };
        let found = (!results.counts_of(place).is_complete(), objective.as_loss(summary.mean), place);
        if slot.is_none_or(|(lacks, mean, _)| (found.0, found.1) < (lacks, mean)) {
            *slot = Some(found);
        }
    }
    let named = best.into_iter().zip(levels).filter_map(|(best, level)| Some((best?.2, level.label.as_str())));
    named.map(|(point, label)| (point, format!("best of {label}"))).collect()
}

/// Of the points that overfit the one whose validation loss rises most; where none does, the one that rises most, if that
/// is enough to matter.
fn overfits_most<'a>(fits: impl Iterator<Item = &'a Fit> + Clone) -> Option<(usize, &'static str)> {
    let rise = |fit: &Fit| {
        let rise = fit.evidence.as_ref()?.generalization_loss?;
        (rise > OVERFITTING_PERCENT).then_some((fit.point, rise))
    };
    let overfits = |fit: &&Fit| fit.is(FitVerdict::Overfits) || fit.is(FitVerdict::OverfitsRestored);
    let overfits = largest(fits.clone().filter(overfits).filter_map(rise)).map(|point| (point, "overfits most"));
    overfits.or_else(|| Some((largest(fits.filter_map(rise))?, "rises most after its minimum")))
}

/// Of the points that underfit the one with the largest training loss; where none does, the one with the largest of all.
fn underfits_most<'a>(
    results: &Results<'_>,
    fits: impl Iterator<Item = &'a Fit> + Clone,
) -> Option<(usize, &'static str)> {
    let train_loss = |fit: &Fit| Some((fit.point, of_point(results, fit.point, Figure::TrainLoss)?.mean));
    let underfits = fits.clone().filter(|fit| fit.is(FitVerdict::Underfits));
    let underfits = largest(underfits.filter_map(train_loss)).map(|point| (point, "underfits most"));
    underfits.or_else(|| Some((largest(fits.filter_map(train_loss))?, "largest training loss")))
}

/// The first of those with the largest number.
fn largest(points: impl Iterator<Item = (usize, f64)>) -> Option<usize> {
    points.reduce(|one, other| if other.1 > one.1 { other } else { one }).map(|(point, _)| point)
}
