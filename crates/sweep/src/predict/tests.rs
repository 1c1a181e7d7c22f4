//! What is kept while a run goes on is what a second training gives, and nothing else is taken for it.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use swath_results::predictions::Predicted;
use swath_results::row::Ending;
use swath_results::{Disk, Outcomes};

use super::{KeptOutputs, PredictionError, predict};
use crate::event::Silent;
use crate::file::parse;
use crate::run::{Ended, EngineChoice, Options, Ready, get_ready, run};
use crate::sweep::Sweep;

const SWEEP: &str = "
replicates = 3
[ensemble]
points = 2
[data]
path = \"data.csv\"
target = \"y\"
TASK
[train]
epochs = 3
batch_size = 8
[model]
hidden = [3]
[grid]
\"model.activation\" = [\"relu\", \"tanh\", \"elu\"]
\"train.early_stopping\" = [false, { patience = 1, restore_best_weights = true }]
";

struct Done {
    _folder: tempfile::TempDir,
    sweep: Sweep,
    ready: Ready,
    ended: Ended,
    options: Options,
}

fn done(task: &str, engine: EngineChoice) -> Done {
    let folder = tempfile::tempdir().unwrap();
    let row = |row: u32| format!("{},{},{}\n", row * 37 % 101, row * 53 % 97, ["a", "b", "c"][(row * 7 % 3) as usize]);
    let words = !task.is_empty();
    let rows: String = (0..60)
        .map(
            |number| if words { row(number) } else { format!("{},{},{}\n", number, number * 53 % 97, number * 7 % 13) },
        )
        .collect();
    fs_err::write(folder.path().join("data.csv"), format!("u,v,y\n{rows}")).unwrap();
    let sweep = parse(&folder.path().join("sweep.toml"), &SWEEP.replace("TASK", task)).unwrap();
    let options = Options { threads: 2, engine, fail_fast: false, retry_failed: false };
    let ready = get_ready(&sweep, engine, 2).unwrap();
    let (disk, never) = (Arc::new(Disk), AtomicBool::new(false));
    let ended =
        run(&sweep, &ready, disk, folder.path(), options, &never, &mut Silent, &mut |_: &Outcomes| Vec::new()).unwrap();
    Done { _folder: folder, sweep, ready, ended, options }
}

impl Done {
    fn predict(
        &self,
        kept: &KeptOutputs,
        outcomes: &Outcomes,
    ) -> Result<Option<swath_results::predictions::Predictions>, PredictionError> {
        let never = AtomicBool::new(false);
        predict(&self.sweep, &self.ready, &[1, 4], outcomes, kept, self.options, &never)
    }
}

fn nothing_kept() -> KeptOutputs {
    KeptOutputs::of_all(0)
}

#[test]
fn what_a_run_kept_is_what_a_second_training_gives_on_both_engines() {
    for engine in [EngineChoice::Lanes, EngineChoice::Burn] {
        for task in ["", "task = \"classification\""] {
            let done = done(task, engine);
            let kept = done.predict(&done.ended.outputs, &done.ended.outcomes).unwrap().unwrap();
            let again = done.predict(&nothing_kept(), &done.ended.outcomes).unwrap().unwrap();
            assert_eq!(kept, again, "{engine:?} {task}");
            assert_eq!(kept.trials.len(), 2 * 3);
            assert_eq!(kept.classes.len(), if task.is_empty() { 0 } else { 3 });
        }
    }
}

#[test]
fn the_metric_of_the_predictions_is_the_recorded_one() {
    for task in ["", "task = \"classification\""] {
        let done = done(task, EngineChoice::Lanes);
        let predictions = done.predict(&done.ended.outputs, &done.ended.outcomes).unwrap().unwrap();
        for trial in &predictions.trials {
            let Some(Ending::Finished(scores)) = done.ended.outcomes.get(&trial.key).map(|known| &known.ending) else {
                panic!("{} is not recorded", trial.key)
            };
            for (rows, wanted) in
                [(&trial.validation, scores.last.validation_metric), (&trial.test, scores.last.test_metric.unwrap())]
            {
                let metric = match &rows.values {
                    Predicted::Numbers { targets, predictions } => {
                        let errors = targets.iter().zip(predictions).map(|(target, said)| (target - said).abs());
                        errors.sum::<f64>() / targets.len() as f64
                    }
                    Predicted::Classes { targets, predictions, .. } => {
                        let right = targets.iter().zip(predictions).filter(|(target, said)| target == said);
                        right.count() as f64 / targets.len() as f64
                    }
                };
                assert!((metric - f64::from(wanted)).abs() < 1e-4 * (1.0 + metric), "{metric} for {wanted}");
                assert_eq!(rows.places.len(), 12);
            }
        }
    }
}

#[test]
fn a_trial_that_comes_to_other_scores_than_are_recorded_is_named() {
    let done = done("", EngineChoice::Lanes);
    let key = done.ready.trials.manifest.key(4, 1).unwrap();
    let mut outcomes = done.ended.outcomes.clone();
    let mut outcome = outcomes.get(&key).unwrap().clone();
    let Ending::Finished(scores) = &mut outcome.ending else { panic!("it finished") };
    scores.last.validation_loss *= 1.000_01;
    outcomes.insert(outcome);
    let error = done.predict(&nothing_kept(), &outcomes).unwrap_err();
    let message = error.to_string();
    assert!(matches!(error, PredictionError::Differs { key: named, .. } if named == key), "{message}");
    assert!(message.contains("model.activation elu, train.early_stopping false, replicate 1"), "{message}");
    assert!(message.contains("its scores are others than those recorded"), "{message}");
}

#[test]
fn an_interruption_leaves_no_predictions() {
    let done = done("", EngineChoice::Lanes);
    let at_once = AtomicBool::new(true);
    let outcomes = &done.ended.outcomes;
    let made = predict(&done.sweep, &done.ready, &[0], outcomes, &nothing_kept(), done.options, &at_once).unwrap();
    assert_eq!(made, None);
    let kept = predict(&done.sweep, &done.ready, &[0], outcomes, &done.ended.outputs, done.options, &at_once).unwrap();
    assert!(kept.is_some(), "what is kept needs no training");
}
