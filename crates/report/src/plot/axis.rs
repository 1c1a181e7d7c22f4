//! The levels of one axis side by side, every replicate a dot.

use crate::answer::Answer;
use crate::results::{Counts, Results};
use crate::statistics::Summary;

/// The levels of an axis in one figure, each averaged over the other axes within each replicate.
#[derive(Debug, Clone, PartialEq)]
pub struct AxisPlot {
    /// The axis, by its place in the manifest.
    pub axis: usize,
    /// Its name.
    pub name: String,
    /// What is shown: `test loss`.
    pub figure: String,
    /// The same without the rows: `loss`.
    pub quantity: String,
    /// Its levels, in the manifest's order.
    pub levels: Vec<LevelDots>,
}

/// One level.
#[derive(Debug, Clone, PartialEq)]
pub struct LevelDots {
    /// How it is named.
    pub label: String,
    /// Its value in every replicate, averaged over the other axes; `None` where a trial of it is missing.
    pub replicates: Vec<Option<f64>>,
    /// Mean and interval of these.
    pub summary: Option<Summary>,
    /// How the trials at this level ended.
    pub counts: Counts,
}

impl AxisPlot {
    /// The plot of an axis; `None` outside the manifest and for an axis of one level.
    pub fn new(results: &Results<'_>, answer: &Answer, axis: usize) -> Option<Self> {
        let manifest = results.manifest();
        let known = answer.axes.get(axis).filter(|axis| axis.levels.len() > 1)?;
        let mut counts = vec![Counts::default(); known.levels.len()];
        for (place, point) in manifest.points.iter().enumerate() {
            let level = point.levels.get(axis).and_then(|level| counts.get_mut(*level as usize));
            if let Some(counts) = level {
                *counts = counts.and(results.counts_of(place));
            }
        }
        let levels = known.levels.iter().zip(counts).map(|(level, counts)| LevelDots {
            label: level.label.clone(),
            replicates: level.replicates.to_vec(),
            summary: if answer.compared_by.is_test() { level.test } else { level.validation },
            counts,
        });
        Some(Self {
            axis,
            name: known.name.clone(),
            figure: answer.compared_by_name.clone(),
            quantity: answer.objective.quantity_words().to_owned(),
            levels: levels.collect(),
        })
    }
}
