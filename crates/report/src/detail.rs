//! The best point in every metric, and what it confuses: from its predictions, on rows that it did not learn from.

use swath_metrics::{
    Classified, ConfusionMatrix, brier, log_loss, mean_absolute_error, mean_squared_error, r2, root_mean_squared_error,
};
use swath_results::predictions::{Predicted, PredictedRows, PredictedTrial, Predictions};

use crate::answer::name_of;
use crate::results::Results;
use crate::statistics::Summary;
use crate::tables::summary::of_values;

/// The best point on the rows of one part.
#[derive(Debug, Clone, PartialEq)]
pub struct Detail {
    /// Its place in the manifest.
    pub point: usize,
    /// Its levels in words.
    pub name: String,
    /// Whether the rows are test rows; else they are those that chose the point.
    pub is_tested: bool,
    /// Replicates whose predictions are kept.
    pub replicates: usize,
    /// Rows of one replicate.
    pub rows: usize,
    /// Every metric of the task, over replicates.
    pub metrics: Vec<MetricSummary>,
    /// What it takes for what.
    pub shape: Shape,
}

/// A metric over replicates.
#[derive(Debug, Clone, PartialEq)]
pub struct MetricSummary {
    /// What it is called.
    pub name: &'static str,
    /// Over the replicates that have it; `None` where none has.
    pub summary: Option<Summary>,
}

/// What is predicted, beside what is true.
#[derive(Debug, Clone, PartialEq)]
pub enum Shape {
    /// Of a classification.
    Confusion {
        /// Names of the classes.
        classes: Vec<String>,
        /// Rows by true class (a row) and predicted class (a column), summed over replicates.
        counts: Vec<Vec<u64>>,
    },
    /// Of a regression: pairs of target and prediction of the first replicate, in the target's own units; of many rows
    /// evenly spread ones.
    Scatter {
        /// The target's name.
        target: String,
        /// Target, then prediction.
        pairs: Vec<(f64, f64)>,
        /// The replicate that they are of.
        replicate: u32,
    },
}

/// Marks that a picture of predicted against actual has at most.
const MOST_PAIRS: usize = 600;

impl Detail {
    /// Of the first of the predicted points, which is the best one; `None` where there are no rows.
    pub fn new(results: &Results<'_>, predictions: &Predictions) -> Option<Self> {
        let point = predictions.trials.first()?.point;
        let trials: Vec<&PredictedTrial> = predictions.trials.iter().filter(|trial| trial.point == point).collect();
        let is_tested = trials.iter().all(|trial| !trial.test.is_empty());
        let rows: Vec<&PredictedRows> =
            trials.iter().map(|trial| if is_tested { &trial.test } else { &trial.validation }).collect();
        let first = rows.first()?;
        let (metrics, shape) = match &first.values {
            Predicted::Classes { .. } => classification(&predictions.classes, &rows)?,
            Predicted::Numbers { .. } => {
                let target = results.manifest().objective.target.clone();
                regression(target, trials.first()?.replicate, &rows)?
            }
        };
        Some(Self {
            point: point as usize,
            name: name_of(results, point as usize),
            is_tested,
            replicates: rows.len(),
            rows: first.len(),
            metrics,
            shape,
        })
    }
}

fn summary(name: &'static str, values: &[Option<f64>]) -> MetricSummary {
    MetricSummary { name, summary: of_values(values) }
}

fn classification(classes: &[String], rows: &[&PredictedRows]) -> Option<(Vec<MetricSummary>, Shape)> {
    let mut sums = vec![vec![0; classes.len()]; classes.len()];
    let mut values: [Vec<Option<f64>>; 5] = Default::default();
    for rows in rows {
        let Predicted::Classes { targets, predictions, probabilities } = &rows.values else { return None };
        let predicted: Vec<Option<u32>> = predictions.iter().copied().map(Some).collect();
        let confusion = ConfusionMatrix::new(&predicted, targets, classes.len())?;
        for (class, row) in sums.iter_mut().enumerate() {
            for (sum, count) in row.iter_mut().zip(confusion.row(class)) {
                *sum += count;
            }
        }
        let classified = Classified::from_probabilities(probabilities, classes.len());
        let found = [
            confusion.accuracy(),
            confusion.balanced_accuracy(),
            confusion.macro_f1(),
            log_loss(&classified, targets),
            brier(&classified, targets),
        ];
        for (values, found) in values.iter_mut().zip(found) {
            values.push(found);
        }
    }
    let names = ["accuracy", "balanced accuracy", "macro F1", "log loss", "Brier score"];
    let metrics = names.iter().zip(&values).map(|(name, values)| summary(name, values)).collect();
    Some((metrics, Shape::Confusion { classes: classes.to_vec(), counts: sums }))
}

fn regression(target: String, replicate: u32, rows: &[&PredictedRows]) -> Option<(Vec<MetricSummary>, Shape)> {
    let mut values: [Vec<Option<f64>>; 4] = Default::default();
    for rows in rows {
        let Predicted::Numbers { targets, predictions } = &rows.values else { return None };
        let found = [mean_absolute_error, root_mean_squared_error, mean_squared_error, r2];
        for (values, metric) in values.iter_mut().zip(found) {
            values.push(metric(predictions, targets).filter(|value| value.is_finite()));
        }
    }
    let names = ["MAE", "RMSE", "MSE", "R²"];
    let metrics = names.iter().zip(&values).map(|(name, values)| summary(name, values)).collect();
    let Predicted::Numbers { targets, predictions } = &rows.first()?.values else { return None };
    let all: Vec<(f64, f64)> = targets
        .iter()
        .copied()
        .zip(predictions.iter().copied())
        .filter(|(target, prediction)| target.is_finite() && prediction.is_finite())
        .collect();
    let shown = all.len().min(MOST_PAIRS);
    let pairs = (0..shown).filter_map(|place| all.get(place * all.len() / shown).copied()).collect();
    Some((metrics, Shape::Scatter { target, pairs, replicate }))
}
