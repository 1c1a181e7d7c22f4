//! From what leaves a network to predictions with their rows.

use std::collections::HashMap;

use swath_core::data::{Part, Targets};
use swath_core::prediction::{self, Predictions as Said};
use swath_results::TrialKey;
use swath_results::predictions::{Predicted, PredictedRows, PredictedTrial, Predictions};

use super::{Outputs, PredictionError, Wanted};
use crate::preparation::Prepared;
use crate::sweep::Sweep;

/// The predictions of the wanted trials, in their order.
///
/// # Errors
/// A trial without outputs, or one whose outputs are no numbers: no finished trial has such.
pub(super) fn predictions(
    sweep: &Sweep,
    prepared: &Prepared,
    wanted: &[Wanted],
    outputs: &HashMap<TrialKey, Outputs>,
) -> Result<Predictions, PredictionError> {
    let classes = Classes::of(sweep, prepared, wanted);
    let of = |wanted: &Wanted| {
        let key = wanted.trial.key;
        trial(sweep, prepared, wanted, outputs.get(&key), &classes).ok_or_else(|| PredictionError::Differs {
            trial: format!("of point {}, replicate {}", wanted.trial.point, wanted.trial.replicate),
            key,
            found: "its network says something that is no number".to_owned(),
        })
    };
    Ok(Predictions { trials: wanted.iter().map(of).collect::<Result<_, _>>()?, classes: classes.names })
}

fn trial(
    sweep: &Sweep,
    prepared: &Prepared,
    wanted: &Wanted,
    outputs: Option<&Outputs>,
    classes: &Classes,
) -> Option<PredictedTrial> {
    let (trial, outputs) = (wanted.trial, outputs?);
    let data = sweep.points.get(trial.point as usize)?.data;
    let (split, places) = (prepared.split(data, trial.replicate)?, prepared.places(data, trial.replicate)?);
    let rows = |part: &Part, places: &[u32], outputs: &[f32]| {
        let width = outputs.len().checked_div(part.rows()).unwrap_or(1);
        let said = prediction::of_outputs(outputs, width, &part.targets, &split.target_scale)?;
        let values = match (&part.targets, said) {
            (Targets::Numbers { own, .. }, Said::Numbers(predictions)) => {
                Predicted::Numbers { targets: own.clone(), predictions }
            }
            (Targets::Classes(targets), Said::Classes { classes: predictions, probabilities }) => {
                let numbers = classes.numbers_of(prepared.class_names(data));
                Predicted::Classes {
                    targets: renumbered(targets, &numbers)?,
                    predictions: renumbered(&predictions, &numbers)?,
                    probabilities: spread(&probabilities, &numbers, classes.names.len()),
                }
            }
            _ => return None,
        };
        Some(PredictedRows { places: places.to_vec(), values })
    };
    Some(PredictedTrial {
        key: trial.key,
        point: wanted.point as u32,
        replicate: trial.replicate,
        validation: rows(&split.validation, &places.validation, &outputs.validation)?,
        test: rows(&split.test, &places.test, &outputs.test)?,
    })
}

/// The classes of all points: where an axis of `[data]` leaves rows out, points can know different ones.
struct Classes {
    names: Vec<String>,
}

impl Classes {
    fn of(sweep: &Sweep, prepared: &Prepared, wanted: &[Wanted]) -> Self {
        let mut names: Vec<String> = Vec::new();
        for wanted in wanted {
            let Some(point) = sweep.points.get(wanted.trial.point as usize) else { continue };
            for name in prepared.class_names(point.data) {
                if !names.contains(name) {
                    names.push(name.clone());
                }
            }
        }
        Self { names }
    }

    /// For each of these classes its number among all.
    fn numbers_of(&self, names: &[String]) -> Vec<usize> {
        names.iter().filter_map(|name| self.names.iter().position(|known| known == name)).collect()
    }
}

fn renumbered(classes: &[u32], numbers: &[usize]) -> Option<Vec<u32>> {
    classes.iter().map(|class| numbers.get(*class as usize).map(|number| *number as u32)).collect()
}

/// Rows of probabilities of all classes: 0 for those that a point does not know.
fn spread(probabilities: &[f64], numbers: &[usize], all: usize) -> Vec<f64> {
    let mut spread = Vec::with_capacity(probabilities.len() / numbers.len().max(1) * all);
    for row in probabilities.chunks_exact(numbers.len().max(1)) {
        let start = spread.len();
        spread.resize(start + all, 0.0);
        for (probability, number) in row.iter().zip(numbers) {
            if let Some(place) = spread.get_mut(start + number) {
                *place = *probability;
            }
        }
    }
    spread
}
