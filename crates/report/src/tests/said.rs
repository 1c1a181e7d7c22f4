//! Predictions of a synthetic sweep: what each trial says is the truth with noise of its own.

use swath_results::predictions::{Predicted, PredictedRows, PredictedTrial, Predictions};

use super::fixture::{Sweep, mix, noise};
use crate::answer::Answer;
use crate::predictions::{KeptPredictions, predicted_points};

/// Validation rows, and test rows, of a trial.
const ROWS: u32 = 40;

/// The predictions of the best points, so many; of so many classes, or numbers for 0.
pub(crate) fn predictions(sweep: &mut Sweep, points: u32, classes: usize) -> Predictions {
    sweep.manifest.predicted_points = points;
    let results = sweep.results();
    let answer = Answer::new(&results);
    let names = (0..classes).map(|class| format!("class {class}")).collect();
    let mut trials = Vec::new();
    for point in predicted_points(&results, &answer) {
        for replicate in 0..sweep.manifest.replicates {
            // The validation rows of a replicate are its own, the test rows those of all.
            let validation = rows(0, classes, point, replicate, |row| 1_000 + row + 7 * replicate);
            let test = rows(1, classes, point, replicate, |row| row);
            let key = sweep.manifest.key(point, replicate).unwrap();
            trials.push(PredictedTrial { key, point: point as u32, replicate, validation, test });
        }
    }
    Predictions { classes: names, trials }
}

fn rows(part: u64, classes: usize, point: usize, replicate: u32, place: impl Fn(u32) -> u32) -> PredictedRows {
    let places: Vec<u32> = (0..ROWS).map(place).collect();
    let own = |place: u32, what: u64| {
        noise(mix(u64::from(place)) ^ mix(1 + point as u64) ^ mix(1_000 + u64::from(replicate)) ^ mix(part ^ what << 8))
    };
    let truth = |place: u32| noise(u64::from(place) + 17);
    if classes == 0 {
        let targets: Vec<f64> = places.iter().map(|place| 1_000.0 + 100.0 * truth(*place)).collect();
        let predictions = places.iter().zip(&targets).map(|(place, target)| target + 20.0 * own(*place, 0)).collect();
        return PredictedRows { places, values: Predicted::Numbers { targets, predictions } };
    }
    let class = |place: &u32| (f64::midpoint(truth(*place), 1.0) * classes as f64) as u32 % classes as u32;
    let targets: Vec<u32> = places.iter().map(class).collect();
    let (mut predictions, mut probabilities) = (Vec::new(), Vec::new());
    for (place, target) in places.iter().zip(&targets) {
        let power =
            |class: u32| (1.5 * own(*place, 1 + u64::from(class)) + f64::from(u8::from(class == *target))).exp();
        let powers: Vec<f64> = (0..classes as u32).map(power).collect();
        let total: f64 = powers.iter().sum();
        let largest = powers.iter().copied().fold(0.0, f64::max);
        predictions.push(powers.iter().position(|power| *power >= largest).unwrap() as u32);
        probabilities.extend(powers.iter().map(|power| power / total));
    }
    PredictedRows { places, values: Predicted::Classes { targets, predictions, probabilities } }
}

/// The answer with these predictions.
pub(crate) fn answer_with(sweep: &Sweep, predictions: Predictions) -> Answer {
    let results = sweep.results();
    let mut answer = Answer::new(&results);
    let kept = KeptPredictions::new(&results, &answer, Some(Ok(predictions)));
    answer.predict(&results, kept);
    answer
}
