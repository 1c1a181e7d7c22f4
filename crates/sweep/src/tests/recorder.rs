use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::channel;

use swath_results::row::{Curves, Effort, Ending};
use swath_results::{Disk, Journal, Outcome, TrialKey, journal};

use crate::event::{Observer, Progress};
use crate::recorder::Recorder;
use crate::strand::Advance;
use crate::tests::fake_engine::trial;
use crate::trial::Trial;

fn outcome(number: u32, ending: Ending) -> Outcome {
    Outcome { key: trial(number).key, ending, curves: Curves::default(), effort: Effort::default() }
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
    outcomes: HashMap<TrialKey, Outcome>,
    seen: Vec<Progress>,
    stopped: bool,
}

fn record(path: &Path, advances: Vec<Advance>, fail_fast: bool, sabotage: impl FnOnce()) -> Recorded {
    let (mut journal, recovered) = Journal::open(Arc::new(Disk), path).unwrap();
    let mut outcomes: HashMap<_, _> = recovered.outcomes.into_iter().map(|outcome| (outcome.key, outcome)).collect();
    let places: HashMap<TrialKey, Trial> = (0..10).map(|number| (trial(number).key, trial(number))).collect();
    let mut seen = Seen::default();
    let (sender, receiver) = channel();
    for advance in advances {
        sender.send(advance).unwrap();
    }
    drop(sender);
    sabotage();
    let stop = AtomicBool::new(false);
    let recorder = Recorder::new(&mut journal, &mut seen, &places, &mut outcomes, Progress::default());
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
