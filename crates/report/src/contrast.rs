//! Levels of an axis, compared within replicates: averaged over the other axes first, so that the replicate stays
//! the unit of analysis.

use std::collections::BTreeMap;

use swath_results::Manifest;

use crate::averaging::{Averages, Rows};
use crate::figure::Figure;
use crate::objective::direction_of;
use crate::results::Results;
use crate::statistics::{
    Alpha, Interval, MeanTest, Pairs, Question, Replicates, Summary, Verdict, corrected_effect, holm_of, mean,
};
use crate::tables::summary;

/// The error allowed to each family of comparisons.
pub const ALPHA: Alpha = Alpha::FIVE_PERCENT;

/// The fewest replicates that a verdict is founded on.
pub const FEWEST_REPLICATES: usize = 3;

/// Differences below this share of the mean do not matter: "the same" means within it.
pub const MARGIN: f64 = 0.01;

/// An axis of more levels has each level compared with the first alone: all pairs of 1,000 levels are 499,500, of which
/// Holm's method would tell few apart and nobody would read any.
pub const MOST_LEVELS_IN_PAIRS: usize = 100;

/// One level of an axis against an earlier one, in one figure.
#[derive(Debug, Clone, PartialEq)]
pub struct Comparison {
    /// What is compared.
    pub figure: Figure,
    /// The axis, by its place in the manifest.
    pub axis: usize,
    /// The level that the verdict is about, by its place on the axis.
    pub a: usize,
    /// The level that it is held against: an earlier one.
    pub b: usize,
    /// Replicates that were compared.
    pub n: usize,
    /// Settings of the other axes at which both levels were compared.
    pub settings: usize,
    /// Settings that were left out, because too few of their trials finished.
    pub settings_left_out: usize,
    /// Mean of `b` over the replicates compared.
    pub reference: Option<f64>,
    /// Mean of a - b; below 0 the figure of `a` is smaller.
    pub difference: Option<f64>,
    /// Bonferroni's interval of the difference over the axis; `None` for fewer than two replicates.
    pub interval: Option<Interval>,
    /// The p value of the paired t test.
    pub p: Option<f64>,
    /// The same after Holm, over all pairs of levels of the axis that are compared.
    pub p_holm: Option<f64>,
    /// `d_z`, corrected for its bias; `None` for fewer than three replicates or constant differences.
    pub effect: Option<f64>,
    /// How `a` stands to `b`.
    pub verdict: Verdict,
}

impl Comparison {
    /// The difference as a share of the mean of `b`; `None` where that is 0.
    pub fn relative(&self) -> Option<f64> {
        let share = self.difference.zip(self.reference).map(|(difference, reference)| difference / reference.abs());
        share.filter(|share| share.is_finite())
    }

    /// Whether no two points of the sweep differ in these levels alone, so that no number of replicates could compare them.
    pub fn never_alone(&self) -> bool {
        self.settings + self.settings_left_out == 0
    }

    /// Whether the mean difference is too small to matter, told apart or not.
    pub fn is_within_margin(&self) -> bool {
        self.relative().is_some_and(|share| share.abs() < MARGIN)
    }
}

/// A figure at one level of an axis, averaged over the other axes within each replicate.
#[derive(Debug, Clone, PartialEq)]
pub struct Marginal {
    /// The level, by its place on the axis.
    pub level: usize,
    /// One value a replicate; `None` where a trial of the level is missing.
    pub replicates: Averages,
    /// Over the replicates; `None` where none is complete.
    pub summary: Option<Summary>,
    /// Points that were left out, because too few of their trials finished.
    pub points_left_out: usize,
}

/// All pairs of levels of an axis in one figure: each level against every earlier one, or, with more than
/// [`MOST_LEVELS_IN_PAIRS`] levels, against the first.
///
/// Within each replicate a level is averaged over the settings of the other axes that stand at both levels; the pair
/// is then compared over the replicates. A setting of which less than half as many replicates finished as of the fullest
/// one is left out, and then every replicate that lacks one of the settings kept. Fewer than [`FEWEST_REPLICATES`] give
/// no verdict.
pub fn comparisons(results: &Results<'_>, axis: usize, figure: Figure) -> Vec<Comparison> {
    let mut levels = rows_of_levels(results, axis, figure, None);
    let mut found: Vec<(Comparison, Option<MeanTest>)> = Vec::new();
    for a in 1..levels.len() {
        for b in 0..if levels.len() > MOST_LEVELS_IN_PAIRS { 1 } else { a } {
            found.push(compare(&mut levels, axis, figure, a, b));
        }
    }

    judged(results, found)
}

/// As [`comparisons`], of each level against one of them alone; at one level of another axis, or averaged over all.
pub fn comparisons_with(
    results: &Results<'_>,
    axis: usize,
    figure: Figure,
    with: usize,
    at: Option<(usize, usize)>,
) -> Vec<Comparison> {
    let mut levels = rows_of_levels(results, axis, figure, at);
    let others = (0..levels.len()).filter(|level| *level != with);
    let found = others.map(|level| compare(&mut levels, axis, figure, level, with)).collect();
    judged(results, found)
}

/// The comparisons of one family with what the family says of them.
fn judged(results: &Results<'_>, mut found: Vec<(Comparison, Option<MeanTest>)>) -> Vec<Comparison> {
    let Some(figure) = found.first().map(|(comparison, _)| comparison.figure) else { return Vec::new() };
    let p_values: Vec<Option<f64>> = found.iter().map(|(comparison, _)| comparison.p).collect();
    let family = p_values.iter().flatten().count();
    let direction = direction_of(figure, &results.manifest().objective.metric);
    for ((comparison, test), p_holm) in found.iter_mut().zip(holm_of(&p_values)) {
        comparison.p_holm = p_holm;
        let margin = comparison.reference.map_or(0.0, |reference| reference.abs() * MARGIN);
        let question = Question { alpha: ALPHA, comparisons: family, margin, direction };
        comparison.interval = test.as_ref().map(|test| question.interval(test));
        let judged = test.as_ref().filter(|test| test.n() >= FEWEST_REPLICATES);
        comparison.verdict = question.verdict(judged, comparison.p_holm.unwrap_or(1.0));
    }
    found.into_iter().map(|(comparison, _)| comparison).collect()
}

/// A figure at every level of an axis, averaged within each replicate over the points of that level.
pub fn marginals(results: &Results<'_>, axis: usize, figure: Figure) -> Vec<Marginal> {
    marginals_at(results, axis, figure, None)
}

/// As [`marginals`], at one level of another axis, or over all.
pub fn marginals_at(results: &Results<'_>, axis: usize, figure: Figure, at: Option<(usize, usize)>) -> Vec<Marginal> {
    let manifest = results.manifest();
    let mut rows: Vec<Rows<'_>> = vec![Rows::default(); manifest.axes.get(axis).map_or(0, |axis| axis.levels.len())];
    for (place, point) in manifest.points.iter().enumerate().filter(|(place, _)| stands_at(manifest, *place, at)) {
        let level = point.levels.get(axis).map(|level| *level as usize);
        if let Some(rows) = level.and_then(|level| rows.get_mut(level)) {
            rows.push(results.row(place, figure));
        }
    }
    let marginal = |(level, mut rows): (usize, Rows<'_>)| {
        let kept = rows.fullest();
        let replicates = rows.averages(&kept);
        let summary = summary::of_values(&replicates);
        Marginal { level, replicates, summary, points_left_out: rows.len() - kept.len() }
    };
    rows.into_iter().enumerate().map(marginal).collect()
}

/// A figure at every level of an axis, one row for every setting of the other axes at which levels can be compared, in a
/// fixed order. Of axes that are walked together every setting has one level, so that there may be none.
fn rows_of_levels<'a>(
    results: &'a Results<'_>,
    axis: usize,
    figure: Figure,
    at: Option<(usize, usize)>,
) -> Vec<Rows<'a>> {
    let manifest = results.manifest();
    let mut levels = vec![Rows::default(); manifest.axes.get(axis).map_or(0, |axis| axis.levels.len())];
    let against_first_alone = levels.len() > MOST_LEVELS_IN_PAIRS;
    let is_compared = |points: &[(usize, usize)]| {
        points.len() > 1 && (!against_first_alone || points.iter().any(|(level, _)| *level == 0))
    };
    let counts = |point: usize| stands_at(manifest, point, at);
    for points in settings(manifest, axis, counts).filter(|points| is_compared(points)) {
        let mut rows: Vec<&[f32]> = vec![&[]; levels.len()];
        for (level, place) in points {
            if let Some(row) = rows.get_mut(level) {
                *row = results.row(place, figure);
            }
        }
        for (level, row) in levels.iter_mut().zip(rows) {
            level.push(row);
        }
    }
    levels
}

/// Whether a point has a level on an axis, if one is asked for.
fn stands_at(manifest: &Manifest, point: usize, at: Option<(usize, usize)>) -> bool {
    let Some((axis, level)) = at else { return true };
    manifest.points.get(point).and_then(|point| point.levels.get(axis)).is_some_and(|own| *own as usize == level)
}

/// For every setting of the other axes, in a fixed order, the levels of `axis` that it has, each once with its point; of the
/// points that `counts` says yes to.
pub(crate) fn settings(
    manifest: &Manifest,
    axis: usize,
    counts: impl Fn(usize) -> bool,
) -> impl Iterator<Item = Vec<(usize, usize)>> {
    let mut settings: BTreeMap<Vec<u32>, Vec<(usize, usize)>> = BTreeMap::new();
    for (place, point) in manifest.points.iter().enumerate().filter(|(place, _)| counts(*place)) {
        let mut others = point.levels.clone();
        if axis >= others.len() {
            continue;
        }
        let level = others.remove(axis) as usize;
        settings.entry(others).or_default().push((level, place));
    }
    settings.into_values().map(|mut points| {
        // Of points that are written twice the first counts: the sort keeps their order.
        points.sort_by_key(|(level, _)| *level);
        points.dedup_by_key(|(level, _)| *level);
        points
    })
}

fn compare(levels: &mut [Rows<'_>], axis: usize, figure: Figure, a: usize, b: usize) -> (Comparison, Option<MeanTest>) {
    let (kept, settings_left_out) = match (levels.get(a), levels.get(b)) {
        (Some(a), Some(b)) => a.fullest_in_both(b),
        _ => (Vec::new(), 0),
    };
    let mut averages = |level: usize| levels.get_mut(level).map(|rows| rows.averages(&kept)).unwrap_or_default();
    let pairs = Pairs::new(&averages(a), &averages(b));
    let test = pairs.as_ref().and_then(|pairs| pairs.test(Replicates::Independent));
    let comparison = Comparison {
        figure,
        axis,
        a,
        b,
        n: pairs.as_ref().map_or(0, Pairs::n),
        settings: kept.len(),
        settings_left_out,
        reference: pairs.as_ref().and_then(|pairs| mean(pairs.b())),
        difference: pairs.as_ref().and_then(Pairs::mean_difference),
        interval: None,
        p: test.as_ref().map(MeanTest::p),
        p_holm: None,
        effect: test.as_ref().and_then(corrected_effect),
        verdict: Verdict::NotEnoughReplicates { needed: None },
    };
    (comparison, test)
}
