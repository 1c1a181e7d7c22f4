//! A confirmation on a synthetic sweep: who is chosen, what it came to, and how it reads.

use std::collections::HashMap;

use swath_results::manifest::Task;
use swath_results::row::{Ending, Outcome, TrialKey};

use super::fixture::Sweep;
use crate::answer::{Answer, Limit};
use crate::confirmation::{Choice, Confirmation};
use crate::plot::{Shown, TabledPlots};
use crate::render::render;
use crate::results::Status;
use crate::statistics::Verdict;
use crate::write::{csv, markdown};

/// A sweep that confirms its winner, and fresh outcomes by their keys: those of a sweep of more replicates.
struct Confirming {
    sweep: Sweep,
    more: Sweep,
}

const FRESH: u32 = 4;

impl Confirming {
    fn new(task: Task, axes: &[(&str, &[&str])]) -> Self {
        let mut sweep = Sweep::new(task, axes, 5);
        sweep.manifest.confirm = FRESH;
        Self { sweep, more: Sweep::new(task, axes, 5 + FRESH) }
    }

    fn architectures() -> Self {
        Self::new(
            Task::Regression,
            &[("architecture", &["baseline", "wide", "deep", "wide_deep"]), ("epochs", &["10", "30"])],
        )
    }

    /// Fresh outcomes of a point under keys that no other point has.
    fn keys(&self, point: usize) -> Vec<TrialKey> {
        (5..5 + FRESH).map(|replicate| self.more.manifest.key(point, replicate).unwrap()).collect()
    }

    fn outcomes(&self) -> HashMap<TrialKey, &Outcome> {
        self.more.outcomes.iter().map(|(key, outcome)| (*key, outcome)).collect()
    }

    fn choice(&self) -> Option<Choice> {
        let results = self.sweep.results();
        Choice::new(&results, &Answer::new(&results))
    }

    fn answer(&self) -> Answer {
        let results = self.sweep.results();
        let mut answer = Answer::new(&results);
        let outcomes = self.outcomes();
        let choice = Choice::new(&results, &answer).unwrap();
        let outcome_of = |key: &TrialKey| outcomes.get(key).copied();
        answer.confirm(Confirmation::new(&results, choice, |point| self.keys(point), outcome_of));
        answer
    }
}

#[test]
fn the_winner_is_held_against_its_other_settings_at_the_first_architecture() {
    let confirming = Confirming::architectures();
    // Point 3 is wide at 30 epochs, point 1 the baseline at 30 epochs.
    assert_eq!(confirming.choice(), Some(Choice { winner: 3, baseline: Some(1) }));
}

#[test]
fn without_that_point_the_first_of_the_grid_stands_in_and_the_winner_is_never_its_own_baseline() {
    let mut confirming = Confirming::architectures();
    // The baseline at 30 epochs is taken out of the grid.
    confirming.sweep.manifest.points.remove(1);
    confirming.sweep.manifest.keys.drain(5..10);
    assert_eq!(confirming.choice(), Some(Choice { winner: 2, baseline: Some(0) }));
    let no_architectures = Confirming::new(Task::Regression, &[("epochs", &["10", "30"])]);
    assert_eq!(no_architectures.choice(), Some(Choice { winner: 1, baseline: Some(0) }));
    let one_point = Confirming::new(Task::Regression, &[]);
    assert_eq!(one_point.choice(), Some(Choice { winner: 0, baseline: None }));
    assert_eq!(one_point.answer().confirmation.unwrap().difference, None);
    // The first architecture wins, at a setting that is not the first.
    let first_wins = Confirming::new(Task::Regression, &[("architecture", &["baseline"]), ("epochs", &["10", "30"])]);
    assert_eq!(first_wins.choice(), Some(Choice { winner: 1, baseline: Some(0) }));
}

#[test]
fn nothing_is_chosen_before_the_grid_has_all_its_outcomes_or_where_it_is_not_asked_for() {
    let mut confirming = Confirming::architectures();
    confirming.sweep.remove(7, 4);
    assert_eq!(confirming.choice(), None);
    let results = confirming.sweep.results();
    assert!(Answer::new(&results).limits.contains(&Limit::NotConfirmed { replicates: FRESH, done: 0, asked: None }));
    let mut unasked = Confirming::architectures();
    unasked.sweep.manifest.confirm = 0;
    assert_eq!(unasked.choice(), None);
}

#[test]
fn a_diverged_trial_of_the_grid_keeps_its_point_from_winning_but_not_the_winner_from_being_confirmed() {
    let mut confirming = Confirming::architectures();
    confirming.sweep.set_ending(3, 0, Ending::Diverged { epoch: 2 });
    assert_eq!(confirming.choice(), Some(Choice { winner: 7, baseline: Some(1) }));
}

#[test]
fn the_numbers_are_those_of_the_fresh_replicates_alone() {
    let confirming = Confirming::architectures();
    let confirmation = confirming.answer().confirmation.unwrap();
    let losses = |point: usize| -> Vec<f64> {
        let loss = |key: &TrialKey| match &confirming.more.outcomes[key].ending {
            Ending::Finished(scores) => f64::from(scores.last.test_loss.unwrap()),
            _ => f64::NAN,
        };
        confirming.keys(point).iter().map(loss).collect()
    };
    let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len() as f64;
    let (winner, baseline) = (losses(3), losses(1));
    assert!((confirmation.winner.test_loss.unwrap().mean - mean(&winner)).abs() < 1e-12);
    let difference = confirmation.difference.unwrap();
    assert!((difference.mean.unwrap() - (mean(&winner) - mean(&baseline))).abs() < 1e-12);
    assert_eq!((difference.n, difference.verdict), (4, Verdict::Better));
    let shift = confirmation.shift.unwrap();
    assert!((shift.fresh - confirmation.winner.validation_loss.unwrap().mean).abs() < 1e-12);
    assert!((shift.mean - (shift.fresh - shift.chosen_by)).abs() < 1e-15);
    assert!(shift.interval.unwrap().contains(shift.mean));
    assert_eq!(confirmation.winner.trials.iter().map(|trial| trial.replicate).collect::<Vec<_>>(), [5, 6, 7, 8]);
}

#[test]
fn a_confirmation_reads_so() {
    let confirming = Confirming::architectures();
    let answer = confirming.answer();
    let results = confirming.sweep.results();
    let page = markdown(&crate::sections::page(
        &results,
        &answer,
        &Shown::new(&results, &answer),
        &TabledPlots::new(&results),
        None,
    ));
    let section = page.split("## The winner on fresh replicates").nth(1).unwrap().split("\n## ").next().unwrap();
    let mut table = crate::tables::confirmation::table(&results, answer.confirmation.as_ref()).unwrap();
    let table = String::from_utf8(csv(&mut table).unwrap()).unwrap();
    insta::assert_snapshot!(format!("{}\n---\n{section}\n---\n{table}", answer.headline().join("\n")));
}

#[test]
fn a_confirmation_that_is_not_whole_says_what_is_missing_before_its_figures() {
    let mut confirming = Confirming::architectures();
    confirming.more.set_ending(3, 6, Ending::Diverged { epoch: 1 });
    confirming.more.set_ending(1, 5, Ending::Failed { message: "a, b".to_owned() });
    confirming.more.remove(1, 8);
    let answer = confirming.answer();
    let confirmation = answer.confirmation.as_ref().unwrap();
    assert_eq!(confirmation.difference.as_ref().unwrap().n, 1);
    assert!(answer.limits.contains(&Limit::NotConfirmed { replicates: FRESH, done: 7, asked: Some(8) }));
    assert!(confirmation.winner.trials.iter().any(|trial| trial.status == Status::Diverged));
    insta::assert_snapshot!(crate::confirmation::sentences(confirmation, &answer.objective).join("\n"));
    for (point, replicate) in [(3, 5), (3, 7), (3, 8)] {
        confirming.more.remove(point, replicate);
    }
    let nothing = confirming.answer();
    let words = crate::confirmation::sentences(nothing.confirmation.as_ref().unwrap(), &nothing.objective).join("\n");
    assert!(words.ends_with("has finished, so it is not confirmed."), "{words}");
}

#[test]
fn without_test_rows_the_figure_is_not_called_unbiased() {
    let mut confirming = Confirming::architectures();
    confirming.sweep = confirming.sweep.without_test();
    confirming.sweep.manifest.confirm = FRESH;
    confirming.more = confirming.more.without_test();
    let answer = confirming.answer();
    let headline = answer.headline().join("\n");
    assert!(
        headline.contains("other replicates chose by the same rows") && !headline.contains("unbiased"),
        "{headline}"
    );
}

#[test]
fn the_file_stands_only_where_a_confirmation_is_asked_for_and_timings_know_fresh_trials() {
    let confirming = Confirming::architectures();
    let results = confirming.sweep.results();
    let files = render(&results, &confirming.answer(), None).unwrap();
    let rows = |name: &str| {
        let file = files.iter().find(|file| file.name == name).unwrap();
        String::from_utf8(file.bytes.clone()).unwrap().lines().count() - 1
    };
    assert_eq!(rows("confirmation.csv"), 8);
    assert!(Sweep::architectures().render().iter().all(|file| file.name != "confirmation.csv"));
}
