//! What an axis does: each of its levels, averaged over all else, and every pair of them.

use crate::averaging::Averages;
use crate::contrast::{Comparison, comparisons, marginals};
use crate::figure::Figure;
use crate::results::Results;
use crate::statistics::Summary;

/// One axis.
#[derive(Debug, Clone, PartialEq)]
pub struct AxisAnswer {
    /// Its name in the sweep file.
    pub name: String,
    /// Its levels, in the manifest's order.
    pub levels: Vec<LevelAnswer>,
    /// Every level against every earlier one, by [`super::Answer::compared_by`].
    pub comparisons: Vec<Comparison>,
}

/// One level of an axis, averaged over the other axes within each replicate.
#[derive(Debug, Clone, PartialEq)]
pub struct LevelAnswer {
    /// How it is named.
    pub label: String,
    /// The image and the layers that see it, in words, where the level is an architecture that has some.
    pub image_layers: Vec<String>,
    /// Units of every dense layer, where the level is an architecture.
    pub layers: Vec<u32>,
    /// Trainable parameters, where the level is an architecture.
    pub parameters: Option<u64>,
    /// [`super::Answer::compared_by`] in every replicate; `None` where a trial of the level is missing.
    pub replicates: Averages,
    /// What the best point is chosen by, [`Objective::validation`](crate::objective::Objective::validation).
    pub validation: Option<Summary>,
    /// The same on test rows.
    pub test: Option<Summary>,
    /// The other one of loss and metric, [`Objective::beside`](crate::objective::Objective::beside).
    pub beside: Option<Summary>,
    /// Validation loss.
    pub validation_loss: Option<Summary>,
    /// Test loss.
    pub test_loss: Option<Summary>,
    /// The metric on test rows, or on validation rows where the sweep keeps no test rows.
    pub metric: Option<Summary>,
    /// Points that were left out, because too few of their trials finished.
    pub points_left_out: usize,
}

impl AxisAnswer {
    pub(super) fn new(results: &Results<'_>, axis: usize, compared_by: Figure) -> Self {
        let manifest = results.manifest();
        let (name, levels) = manifest.axes.get(axis).map_or(("", [].as_slice()), |axis| (&axis.name, &axis.levels));
        let metric = if results.is_tested() { Figure::TEST_METRIC } else { Figure::VALIDATION_METRIC };
        let of = |figure: Figure| marginals(results, axis, figure).into_iter();
        let mut validation_losses = of(Figure::VALIDATION_LOSS);
        let mut test_losses = of(Figure::TEST_LOSS);
        let mut metrics = of(metric);
        // Where the loss decides, all that is wanted is there already.
        let mut chosen_by =
            if results.objective().is_loss() { None } else { Some(of(results.objective().validation())) };
        let levels = levels
            .iter()
            .map(|level| {
                let architecture = (name == super::ARCHITECTURE)
                    .then(|| manifest.architectures.iter().find(|architecture| architecture.name == level.label))
                    .flatten();
                let (validation_loss, test_loss) = (validation_losses.next(), test_losses.next());
                let metric = metrics.next();
                let (validation, test, beside) = match &mut chosen_by {
                    None => (validation_loss.clone(), test_loss.clone(), metric.clone()),
                    Some(chosen_by) => {
                        let (test, beside) = if results.is_tested() {
                            (metric.clone(), test_loss.clone())
                        } else {
                            (None, validation_loss.clone())
                        };
                        (chosen_by.next(), test, beside)
                    }
                };
                let compared = if compared_by.is_test() { &test } else { &validation };
                LevelAnswer {
                    label: level.label.clone(),
                    image_layers: architecture.map(|known| known.image_layers.clone()).unwrap_or_default(),
                    layers: architecture.map(|architecture| architecture.layers.clone()).unwrap_or_default(),
                    parameters: architecture.map(|architecture| architecture.parameters),
                    replicates: compared
                        .as_ref()
                        .map_or_else(|| Averages::from([]), |marginal| Averages::clone(&marginal.replicates)),
                    points_left_out: validation_loss.as_ref().map_or(0, |marginal| marginal.points_left_out),
                    validation: validation.and_then(|marginal| marginal.summary),
                    test: test.and_then(|marginal| marginal.summary),
                    beside: beside.and_then(|marginal| marginal.summary),
                    validation_loss: validation_loss.and_then(|marginal| marginal.summary),
                    test_loss: test_loss.and_then(|marginal| marginal.summary),
                    metric: metric.and_then(|marginal| marginal.summary),
                }
            })
            .collect();
        Self { name: name.to_owned(), levels, comparisons: comparisons(results, axis, compared_by) }
    }

    /// A level against the first one; `None` for the first.
    pub fn against_first(&self, level: usize) -> Option<&Comparison> {
        self.comparisons.iter().find(|comparison| comparison.a == level && comparison.b == 0)
    }

    /// The label of a level; empty outside the axis.
    pub fn label(&self, level: usize) -> &str {
        self.levels.get(level).map_or("", |level| level.label.as_str())
    }

    /// Whether no two points of the sweep differ in this axis alone, so that no two of its levels can be compared.
    pub fn is_entangled(&self) -> bool {
        !self.comparisons.is_empty() && self.comparisons.iter().all(Comparison::never_alone)
    }
}
