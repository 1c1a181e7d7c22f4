use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::channel;

use swath_metrics::Metric;
use swath_results::row::{Effort, Ending, PackedCurves, Score, Scores};
use swath_results::{Disk, Journal, Outcome, Outcomes, journal};

use crate::event::{Observer, Progress};
use crate::recorder::Recorder;
use crate::strand::Advance;
use crate::tests::fake_engine::trial;
use crate::trial::Trial;

fn outcome(number: u32, ending: Ending) -> Outcome {
    Outcome { key: trial(number).key, ending, curves: PackedCurves::default(), effort: Effort::default() }
}

fn failed(number: u32) -> Outcome {
    outcome(number, Ending::Failed { message: "no".to_owned() })
}

/// Keeps every progress that it was shown.
#[derive(Default)]
struct Seen(Vec<Progress>);

impl Observer for Seen {
    fn progress(&mut self, progress: &Progress) {
        self.0.push(progress.clone());
    }
}

struct Recorded {
    result: Result<Progress, journal::Error>,
    outcomes: Outcomes,
    seen: Vec<Progress>,
    stopped: bool,
}

fn record(path: &Path, advances: Vec<Advance>, fail_fast: bool, sabotage: impl FnOnce()) -> Recorded {
    record_by(None, path, advances, fail_fast, sabotage)
}

fn record_by(
    metric: Option<Metric>,
    path: &Path,
    advances: Vec<Advance>,
    fail_fast: bool,
    sabotage: impl FnOnce(),
) -> Recorded {
    let (mut journal, recovered) = Journal::open(Arc::new(Disk), path).unwrap();
    let mut outcomes = recovered.outcomes;
    let trials: Vec<Trial> = (0..10).map(trial).collect();
    let mut seen = Seen::default();
    let (sender, receiver) = channel();
    for advance in advances {
        sender.send(advance).unwrap();
    }
    drop(sender);
    sabotage();
    let stop = AtomicBool::new(false);
    let recorder = Recorder::new(&mut journal, &mut seen, &trials, &mut outcomes, Progress::default(), metric);
    let result = recorder.record(&receiver, &stop, fail_fast);
    Recorded { result, outcomes, seen: seen.0, stopped: stop.load(Ordering::Relaxed) }
}

fn ended(outcomes: Vec<Outcome>) -> Advance {
    Advance { ended: outcomes, steps_settled: 5, steps_trained: 3 }
}

#[test]
fn what_is_shown_as_recorded_is_in_the_journal() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal.jsonl");
    let diverged = outcome(1, Ending::Diverged { epoch: 2 });
    let recorded = record(&path, vec![ended(vec![failed(0), diverged]), ended(vec![failed(2)])], false, || ());
    let progress = recorded.result.unwrap();
    assert_eq!((progress.recorded, progress.failed, progress.diverged), (3, 2, 1));
    assert_eq!((progress.steps_settled, progress.steps_trained), (10, 6));
    assert_eq!(recorded.seen.last(), Some(&progress));
    let kept = Journal::read(&Disk, &path).unwrap();
    assert_eq!(kept.outcomes.len(), 3);
    assert_eq!(recorded.outcomes.len(), 3);
    assert!(!recorded.stopped);
}

#[test]
fn the_first_failed_trial_stops_a_run_that_fails_fast() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal.jsonl");
    assert!(record(&path, vec![ended(vec![failed(0)])], true, || ()).stopped);
    let diverged = outcome(1, Ending::Diverged { epoch: 2 });
    assert!(!record(&path, vec![ended(vec![diverged])], true, || ()).stopped, "diverging is no failure");
}

#[test]
fn a_journal_that_cannot_be_kept_stops_the_run_and_shows_nothing_as_recorded() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal.jsonl");
    let remove = || fs_err::remove_file(&path).unwrap();
    let recorded = record(&path, vec![ended(vec![failed(0)])], false, remove);
    assert!(matches!(recorded.result, Err(journal::Error::Changed { .. })), "{:?}", recorded.result);
    assert!(recorded.stopped);
    assert!(recorded.seen.iter().all(|progress| progress.recorded == 0));
    assert!(recorded.outcomes.is_empty());
}

#[test]
fn the_best_trial_is_the_smallest_of_all_groups_and_of_those_recorded_before() {
    let finished = |number: u32, loss: f32| {
        let last = Score { validation_loss: loss, validation_metric: 1.0, test_loss: None, test_metric: None };
        let scores = Scores { last, train_loss: loss, restored_epoch: None, best_epoch: 1, best: last };
        outcome(number, Ending::Finished(scores))
    };
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal.jsonl");
    let best = |advances: Vec<Vec<Outcome>>| {
        let recorded = record(&path, advances.into_iter().map(ended).collect(), false, || ());
        let best = recorded.result.unwrap().best.unwrap();
        (best.value, best.point, best.replicate)
    };
    let [second, third] = [trial(2), trial(3)].map(|trial| (trial.point, trial.replicate));
    let first = [vec![finished(1, 0.5), finished(2, 0.25)], vec![failed(4), finished(5, 0.25)]];
    assert_eq!(best(first[..1].to_vec()), (0.25, second.0, second.1));
    assert_eq!(best(first[1..].to_vec()), (0.25, second.0, second.1));
    assert_eq!(best(vec![vec![finished(3, 0.125)]]), (0.125, third.0, third.1));
    assert_eq!(best(Vec::new()), (0.125, third.0, third.1));
}

#[test]
fn where_a_metric_decides_the_best_trial_is_the_best_by_it() {
    let finished = |number: u32, loss: f32, metric: f32| {
        let last = Score { validation_loss: loss, validation_metric: metric, test_loss: None, test_metric: None };
        let scores = Scores { last, train_loss: loss, restored_epoch: None, best_epoch: 1, best: last };
        outcome(number, Ending::Finished(scores))
    };
    for (name, wanted) in [("accuracy", 0.875), ("brier", 0.5)] {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("journal.jsonl");
        let groups = [vec![finished(1, 0.25, 0.5)], vec![finished(2, 0.5, 0.875), finished(3, 0.125, 0.75)]];
        let best = |advances: Vec<Vec<Outcome>>| {
            let advances = advances.into_iter().map(ended).collect();
            record_by(Metric::parse(name), &path, advances, false, || ()).result.unwrap().best.unwrap().value
        };
        assert_eq!(best(groups.to_vec()).to_bits(), f32::to_bits(wanted), "{name}");
        assert_eq!(best(Vec::new()).to_bits(), f32::to_bits(wanted), "{name}, from the journal");
    }
}
