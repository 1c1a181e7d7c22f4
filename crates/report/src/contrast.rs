//! Levels of an axis, compared within replicates: averaged over the other axes first, so that the replicate stays
//! the unit of analysis.

use std::collections::BTreeMap;

use crate::figure::{Figure, Quantity};
use crate::results::Results;
use crate::statistics::{
    Alpha, Direction, Interval, Pairs, Question, Replicates, Summary, Verdict, describe, effect_sizes, holm,
};
use crate::tables::summary;

/// The error allowed to each family of comparisons.
pub const ALPHA: Alpha = Alpha::FIVE_PERCENT;

/// The fewest replicates that a verdict is founded on.
pub const FEWEST_REPLICATES: usize = 3;

/// Differences below this share of the mean do not matter: "the same" means within it.
pub const MARGIN: f64 = 0.01;

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
    /// Mean of a - b; below 0 the loss of `a` is smaller.
    pub difference: Option<f64>,
    /// Bonferroni's interval of the difference over the axis; `None` for fewer than two replicates.
    pub interval: Option<Interval>,
    /// The p value of the paired t test.
    pub p: Option<f64>,
    /// The same after Holm, over all pairs of levels of the axis.
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
    /// Over the replicates; `None` where none is complete.
    pub summary: Option<Summary>,
    /// Points that were left out, because too few of their trials finished.
    pub points_left_out: usize,
}

/// Whether more of a figure is better.
pub fn direction(figure: Figure, metric: &str) -> Direction {
    match figure {
        Figure::Held { quantity: Quantity::Metric, .. } if metric == "accuracy" => Direction::HigherIsBetter,
        _ => Direction::LowerIsBetter,
    }
}

/// All pairs of levels of an axis in one figure: each level against every earlier one.
///
/// Within each replicate a level is averaged over the settings of the other axes that stand at both levels; the pair
/// is then compared over the replicates. A setting of which less than half as many replicates finished as of the fullest
/// one is left out, and then every replicate that lacks one of the settings kept. Fewer than [`FEWEST_REPLICATES`] give
/// no verdict.
pub fn comparisons(results: &Results<'_>, axis: usize, figure: Figure) -> Vec<Comparison> {
    let Some(described) = results.manifest().axes.get(axis) else { return Vec::new() };
    let settings = settings(results, axis);
    let levels = described.levels.len();
    let mut found: Vec<(Comparison, Option<Pairs>)> = (0..levels)
        .flat_map(|b| (b + 1..levels).map(move |a| (a, b)))
        .map(|(a, b)| compare(results, axis, figure, &settings, a, b))
        .collect();
    found.sort_by_key(|(comparison, _)| (comparison.a, comparison.b));

    let p_values: Vec<f64> = found.iter().filter_map(|(comparison, _)| comparison.p).collect();
    let mut adjusted = holm(&p_values).unwrap_or_default().into_iter();
    let family = p_values.len();
    let direction = direction(figure, &results.manifest().objective.metric);
    for (comparison, pairs) in &mut found {
        comparison.p_holm = comparison.p.and_then(|_| adjusted.next());
        let margin = comparison.reference.map_or(0.0, |reference| reference.abs() * MARGIN);
        let question = Question { alpha: ALPHA, comparisons: family, margin, direction };
        let test = pairs.as_ref().and_then(|pairs| pairs.test(Replicates::Independent));
        comparison.interval = test.as_ref().map(|test| question.interval(test));
        let judged = test.as_ref().filter(|test| test.n() >= FEWEST_REPLICATES);
        comparison.verdict = question.verdict(judged, comparison.p_holm.unwrap_or(1.0));
    }
    found.into_iter().map(|(comparison, _)| comparison).collect()
}

/// A figure at every level of an axis, averaged within each replicate over the points of that level.
pub fn marginals(results: &Results<'_>, axis: usize, figure: Figure) -> Vec<Marginal> {
    let manifest = results.manifest();
    let levels = manifest.axes.get(axis).map_or(0, |axis| axis.levels.len());
    let mut rows: Vec<Vec<Vec<Option<f64>>>> = vec![Vec::new(); levels];
    for (place, point) in manifest.points.iter().enumerate() {
        let level = point.levels.get(axis).map(|level| *level as usize);
        if let Some(rows) = level.and_then(|level| rows.get_mut(level)) {
            rows.push(results.values(place, figure));
        }
    }
    let marginal = |(level, rows): (usize, Vec<Vec<Option<f64>>>)| {
        let kept = fullest(&rows);
        Marginal {
            level,
            summary: summary::of_values(&within_replicates(&rows, &kept)),
            points_left_out: rows.len() - kept.len(),
        }
    };
    rows.into_iter().enumerate().map(marginal).collect()
}

/// For every setting of the other axes, the point at each level of `axis`, in a fixed order.
fn settings(results: &Results<'_>, axis: usize) -> Vec<Vec<Option<usize>>> {
    let manifest = results.manifest();
    let levels = manifest.axes.get(axis).map_or(0, |axis| axis.levels.len());
    let mut settings: BTreeMap<Vec<u32>, Vec<Option<usize>>> = BTreeMap::new();
    for (place, point) in manifest.points.iter().enumerate() {
        let mut others = point.levels.clone();
        if axis >= others.len() {
            continue;
        }
        let level = others.remove(axis) as usize;
        let points = settings.entry(others).or_insert_with(|| vec![None; levels]);
        if let Some(slot) = points.get_mut(level) {
            slot.get_or_insert(place);
        }
    }
    settings.into_values().collect()
}

fn compare(
    results: &Results<'_>,
    axis: usize,
    figure: Figure,
    settings: &[Vec<Option<usize>>],
    a: usize,
    b: usize,
) -> (Comparison, Option<Pairs>) {
    let both = settings.iter().filter_map(|points| Some(((*points.get(a)?)?, (*points.get(b)?)?)));
    let (rows_a, rows_b): (Vec<_>, Vec<_>) = both
        .map(|(a, b)| {
            let (a, b) = (results.values(a, figure), results.values(b, figure));
            // What one side lacks the other must not have either, or the averages would be over different settings.
            let in_both = |values: &[Option<f64>], others: &[Option<f64>]| -> Vec<Option<f64>> {
                values.iter().zip(others).map(|(value, other)| other.and(*value)).collect()
            };
            (in_both(&a, &b), in_both(&b, &a))
        })
        .unzip();
    let kept = fullest(&rows_a);
    let pairs = Pairs::new(&within_replicates(&rows_a, &kept), &within_replicates(&rows_b, &kept));
    let comparison = Comparison {
        figure,
        axis,
        a,
        b,
        n: pairs.as_ref().map_or(0, Pairs::n),
        settings: kept.len(),
        settings_left_out: rows_a.len() - kept.len(),
        reference: pairs.as_ref().and_then(|pairs| Some(describe(pairs.b(), ALPHA)?.mean)),
        difference: pairs.as_ref().and_then(Pairs::mean_difference),
        interval: None,
        p: pairs.as_ref().and_then(|pairs| Some(pairs.test(Replicates::Independent)?.p())),
        p_holm: None,
        effect: pairs.as_ref().and_then(|pairs| effect_sizes(pairs).of_differences_corrected),
        verdict: Verdict::NotEnoughReplicates { needed: None },
    };
    (comparison, pairs)
}

/// The places of the rows that have a value in at least half as many replicates as the fullest row, and in one.
fn fullest(rows: &[Vec<Option<f64>>]) -> Vec<usize> {
    let filled: Vec<usize> = rows.iter().map(|row| row.iter().flatten().count()).collect();
    let most = filled.iter().copied().max().unwrap_or(0);
    filled
        .iter()
        .enumerate()
        .filter(|(_, filled)| **filled > 0 && 2 * **filled >= most)
        .map(|(place, _)| place)
        .collect()
}

/// The mean over the rows kept, replicate by replicate; `None` where one of them has no value.
fn within_replicates(rows: &[Vec<Option<f64>>], kept: &[usize]) -> Vec<Option<f64>> {
    let rows: Vec<&Vec<Option<f64>>> = kept.iter().filter_map(|place| rows.get(*place)).collect();
    let replicates = rows.iter().map(|row| row.len()).max().unwrap_or(0);
    (0..replicates)
        .map(|replicate| {
            let values: Option<Vec<f64>> = rows.iter().map(|row| row.get(replicate).copied().flatten()).collect();
            Some(describe(&values?, ALPHA)?.mean)
        })
        .collect()
}
