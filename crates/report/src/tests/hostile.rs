//! A sweep in which every text that can come from outside is hostile. It depends on swath-results alone, so that the example
//! `hostile_page` can be made from it as well.

use std::collections::HashMap;

use swath_results::manifest::{
    Architecture, Axis, BestBy, ConstantLoss, DataSummary, Level, Manifest, Objective, Point, Task,
};
use swath_results::predictions::{Predicted, PredictedRows, PredictedTrial, Predictions};
use swath_results::row::{Curves, Effort, Ending, Outcome, Score, Scores, TrialKey};
use swath_results::settings::PointSettings;

const REPLICATES: u32 = 3;
const POINTS: usize = 8;
const EPOCHS: usize = 2;

/// Texts that mean something to a browser, a terminal, a spreadsheet or a template.
///
/// # Errors
/// Where the file of them is broken.
pub(super) fn payloads() -> serde_json::Result<Vec<String>> {
    serde_json::from_str(include_str!("payloads.json"))
}

/// A sweep with an axis for every payload, of two levels named by payloads; name, target, loss, metric, remarks, engine
/// and the messages of failed trials are payloads, too.
pub(super) fn sweep(payloads: &[String]) -> (Manifest, HashMap<TrialKey, Outcome>) {
    let payload = |place: usize| payloads.get(place % payloads.len().max(1)).cloned().unwrap_or_default();
    let axis = |place: usize, name: String| {
        let levels = [place, place + 1].map(|place| Level { label: payload(place), number: None });
        Axis { name, levels: levels.to_vec() }
    };
    let mut axes = vec![axis(0, "architecture".to_owned())];
    axes.extend((0..payloads.len()).map(|place| axis(place, payload(place))));
    let points = (0..POINTS).map(|point| Point {
        levels: (0..axes.len()).map(|axis| u32::from((point >> (axis % 3)) & 1 == 1)).collect(),
        parameters: 81,
        steps: 50,
        steps_per_epoch: 25,
        epochs: EPOCHS as u32,
        engine: payload(point),
        is_bootstrap: false,
        constant_loss: Some(ConstantLoss { training: 1.0, validation: 1.0 }),
        settings: PointSettings { update_rule: payload(point).into(), ..PointSettings::default() },
    });
    let architecture = |place| Architecture {
        name: payload(place),
        image_layers: Vec::new(),
        layers: vec![4, 8, 4, 1],
        parameters: 81,
    };
    let keys: Vec<TrialKey> = (0..POINTS as u128 * u128::from(REPLICATES)).map(TrialKey).collect();
    let outcomes = keys.iter().enumerate().map(|(place, key)| (*key, outcome(*key, place, &payload))).collect();
    let manifest = Manifest {
        name: payload(1),
        objective: Objective {
            task: Task::Classification,
            target: payload(40),
            loss: payload(41),
            metric: "<i>accuracy</i>".to_owned(),
            best_by: BestBy::Loss,
        },
        points: points.collect(),
        axes,
        architectures: [0, 1].map(architecture).to_vec(),
        replicates: REPLICATES,
        keys,
        data: DataSummary {
            inputs: 4,
            training_rows: 1_200,
            validation_rows: 400,
            test_rows: 400,
            remarks: payloads.to_vec(),
        },
        confirm: 0,
        pictures: None,
        predicted_points: 2,
        predicted_replicates: REPLICATES,
        excluded_points: 0,
        surface: None,
    };
    (manifest, outcomes)
}

/// What these points say of rows whose classes are named by payloads.
pub(super) fn predictions(payloads: &[String], manifest: &Manifest, points: &[usize]) -> Predictions {
    let classes: Vec<String> = payloads.iter().take(12).cloned().collect();
    let count = classes.len() as u32;
    let rows = |first: u32, replicate: u32| {
        let said = |row: u32| (row + u32::from(row % 5 == replicate)) % count;
        let probability = |row: u32, class: u32| if class == said(row) { 0.9 } else { 0.1 / f64::from(count - 1) };
        let places: Vec<u32> = (first..first + 3 * count).collect();
        let values = Predicted::Classes {
            targets: places.iter().map(|row| row % count).collect(),
            predictions: places.iter().map(|row| said(*row)).collect(),
            probabilities: places
                .iter()
                .flat_map(|row| (0..count).map(move |class| probability(*row, class)))
                .collect(),
        };
        PredictedRows { places, values }
    };
    let trial = |(point, replicate): (usize, u32)| {
        let key = manifest.key(point, replicate)?;
        let (validation, test) = (rows(1_000, replicate), rows(0, replicate));
        Some(PredictedTrial { key, point: point as u32, replicate, validation, test })
    };
    let trials = points.iter().flat_map(|point| (0..REPLICATES).map(|replicate| (*point, replicate)));
    Predictions { classes, trials: trials.filter_map(trial).collect() }
}

/// Every third point has a trial that failed with a payload as its message; the last one has one that diverged.
fn outcome(key: TrialKey, place: usize, payload: &dyn Fn(usize) -> String) -> Outcome {
    let (point, replicate) = (place / REPLICATES as usize, place % REPLICATES as usize);
    let loss = 0.5 + 0.01 * point as f32 + 0.003 * replicate as f32;
    let score =
        Score { validation_loss: loss, validation_metric: 0.8, test_loss: Some(loss + 0.01), test_metric: Some(0.79) };
    let ending = match (point, replicate) {
        (point, 0) if point % 3 == 2 => Ending::Failed { message: payload(36 + point) },
        (7, 1) => Ending::Diverged { epoch: EPOCHS as u32 },
        _ => Ending::Finished(Scores {
            last: score,
            train_loss: loss,
            restored_epoch: None,
            best_epoch: EPOCHS as u32,
            best: score,
        }),
    };
    let epochs = match ending {
        Ending::Finished(_) => EPOCHS,
        Ending::Diverged { .. } => EPOCHS - 1,
        Ending::Failed { .. } => 0,
    };
    let curves = Curves {
        train_loss_running: vec![loss; epochs],
        train_loss: Vec::new(),
        validation_loss: vec![loss; epochs],
        validation_metric: vec![0.8; epochs],
        learning_rate: vec![0.01; epochs],
    };
    Outcome { key, ending, curves: curves.pack(), effort: Effort { seconds: 0.01, worker: 0, steps_trained: 50.0 } }
}
