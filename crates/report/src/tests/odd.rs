//! Sweeps of which little can be said: every file is still made, and the page says why there is no more.

use swath_results::manifest::Task;
use swath_results::row::Ending;

use super::fixture::Sweep;
use crate::answer::{Answer, Limit};

fn limits(sweep: &Sweep) -> Vec<Limit> {
    sweep.render();
    Answer::new(&sweep.results()).limits
}

#[test]
fn where_no_trial_has_an_outcome_only_that_is_said() {
    let mut sweep = Sweep::architectures();
    sweep.outcomes.clear();
    assert_eq!(limits(&sweep), [Limit::Partial { done: 0, asked: 40 }, Limit::NothingFinished]);
    assert!(sweep.file("report.md").contains("No trial finished"));
    assert_eq!(sweep.file("trials.csv").lines().count(), 41);
    assert_eq!(sweep.file("timings.csv").lines().count(), 1);
}

#[test]
fn where_all_diverged_nothing_is_best() {
    let mut sweep = Sweep::architectures();
    for point in 0..8 {
        for replicate in 0..5 {
            sweep.set_ending(point, replicate, Ending::Diverged { epoch: 1 });
        }
    }
    assert_eq!(limits(&sweep), [Limit::NothingFinished]);
    assert!(sweep.file("report.md").contains("Of 40 trials: 0 finished, 40 diverged"));
}

#[test]
fn a_point_that_lacks_a_replicate_is_never_best_and_this_is_said() {
    let mut sweep = Sweep::architectures();
    let best = Answer::new(&sweep.results()).best.unwrap().leader.point;
    sweep.set_ending(best, 4, Ending::Diverged { epoch: 2 });
    let answer = Answer::new(&sweep.results());
    let found = answer.best.unwrap();
    assert_ne!(found.leader.point, best);
    assert_eq!(found.passed_over.unwrap().point, best);
    assert_eq!(answer.limits, [Limit::IncompletePoints { points: 1 }]);
    assert!(sweep.file("report.md").contains("was passed over"));
}

#[test]
fn where_every_point_lacks_a_replicate_none_is_best() {
    let mut sweep = Sweep::architectures();
    for point in 0..8 {
        sweep.remove(point, 1);
    }
    assert_eq!(limits(&sweep), [Limit::Partial { done: 32, asked: 40 }, Limit::NoCompletePoint]);
}

#[test]
fn one_replicate_has_means_but_no_interval_and_no_verdict() {
    let sweep = Sweep::new(Task::Regression, &[("epochs", &["10", "30"])], 1);
    assert_eq!(limits(&sweep), [Limit::FewReplicates { replicates: 1 }]);
    let page = sweep.file("report.md");
    assert!(page.contains("luck of the seed"), "{page}");
    assert!(!page.contains(" to -"), "{page}");
    assert!(sweep.file("comparisons.csv").lines().skip(1).all(|line| line.contains("not enough replicates")));
}

#[test]
fn a_sweep_without_axes_has_one_point_and_a_report() {
    let sweep = Sweep::new(Task::Regression, &[], 3);
    assert_eq!(limits(&sweep), []);
    assert!(sweep.file("report.md").contains("Best by validation loss: the only point."));
    assert_eq!(sweep.file("comparisons.csv").lines().count(), 1);
    assert_eq!(sweep.file("summary.csv").lines().count(), 2);
}

#[test]
fn without_an_architecture_axis_there_is_no_section_of_architectures() {
    let page = Sweep::new(Task::Regression, &[("batch_size", &["16", "32"])], 3).file("report.md");
    assert!(!page.contains("architecture"), "{page}");
    assert!(page.contains("### batch_size"), "{page}");
}

#[test]
fn without_test_rows_there_are_no_test_columns_and_this_is_said() {
    let sweep = Sweep::architectures().without_test();
    assert_eq!(limits(&sweep), [Limit::NoTest { chosen_by: "loss".to_owned(), reads: "too low" }]);
    for table in ["trials.csv", "summary.csv", "comparisons.csv"] {
        assert!(!sweep.file(table).contains("test_loss"), "{table}");
    }
    let page = sweep.file("report.md");
    assert!(page.contains("keeps no test rows") && page.contains("by validation loss:"), "{page}");
}

#[test]
fn an_axis_that_never_changes_alone_is_named() {
    let mut sweep = Sweep::new(Task::Regression, &[("epochs", &["10", "30"]), ("batch_size", &["16", "32"])], 3);
    sweep.manifest.points = [0, 3].map(|point: usize| sweep.manifest.points[point].clone()).to_vec();
    sweep.manifest.keys.truncate(6);
    let entangled = |axis: &str| Limit::Entangled { axis: axis.to_owned() };
    assert_eq!(limits(&sweep), [entangled("epochs"), entangled("batch_size")]);
    let page = sweep.file("report.md");
    assert!(page.contains("- epochs and batch_size never change alone, so their levels cannot be told"), "{page}");
    assert!(page.contains("| no setting in common"), "{page}");
    assert!(page.contains("Without a setting in common, so not compared: 30 and 10."), "{page}");
    assert!(!page.contains("Cannot be told from the seed"), "more replicates would not help: {page}");
}

#[test]
fn a_manifest_with_fewer_keys_than_trials_has_a_report() {
    let mut sweep = Sweep::architectures();
    sweep.manifest.keys.truncate(3);
    sweep.render();
}

#[test]
fn an_axis_that_bears_the_name_of_a_column_is_an_error_that_names_the_file() {
    let sweep = Sweep::new(Task::Regression, &[("status", &["a"])], 2);
    let results = sweep.results();
    let error = crate::render(&results, &crate::Answer::new(&results), None).unwrap_err();
    assert_eq!(error.file, "trials.csv");
}

#[test]
fn the_cheapest_point_that_cannot_be_told_from_the_best_is_named_with_what_it_saves() {
    let mut sweep = Sweep::architectures();
    let best = Answer::new(&sweep.results()).best.unwrap();
    assert_eq!(best.not_told_apart.len(), 2);
    sweep.manifest.points[best.leader.point].steps += 100;
    let found = Answer::new(&sweep.results()).best.unwrap();
    assert_eq!(found.leader.point, best.leader.point);
    assert_ne!(found.cheapest.point, found.leader.point);
    assert!(found.cheapest.validation.mean <= found.leader.validation.interval.unwrap().high);
    let headline = Answer::new(&sweep.results()).headline().join("\n");
    assert!(headline.contains("750 steps instead of 850, 697 parameters instead of 225"), "{headline}");
}

#[test]
fn an_axis_that_changes_what_the_loss_measures_is_told_first() {
    let axes: &[(&str, &[&str])] = &[("train.loss", &["mse", "huber"]), ("data.scale", &["standard", "none"])];
    let unlike = |axes: &[&str], metric: &str| Limit::UnlikeLosses {
        axes: axes.iter().map(|axis| (*axis).to_owned()).collect(),
        metric: metric.to_owned(),
    };
    let regression = Sweep::new(Task::Regression, axes, 3);
    assert_eq!(limits(&regression), [unlike(&["train.loss", "data.scale"], "mae")]);
    let first = Answer::new(&regression.results()).headline().remove(0);
    assert!(first.starts_with("train.loss and data.scale change what the loss measures"), "{first}");
    let classification = Sweep::new(Task::Classification, axes, 3);
    assert_eq!(limits(&classification), [unlike(&["train.loss"], "accuracy")]);
}

#[test]
fn an_axis_of_one_level_changes_nothing_of_what_the_loss_measures() {
    let axes: &[(&str, &[&str])] = &[("train.loss", &["mse"]), ("architecture", &["baseline", "wide"])];
    assert_eq!(limits(&Sweep::new(Task::Regression, axes, 3)), []);
}

#[test]
fn an_axis_of_very_many_levels_is_compared_with_its_first_and_its_table_is_cut() {
    let labels: Vec<String> = (1..=120).map(|level| level.to_string()).collect();
    let labels: Vec<&str> = labels.iter().map(String::as_str).collect();
    let sweep = Sweep::new(Task::Regression, &[("architecture", &labels)], 3);
    let comparisons = sweep.file("comparisons.csv");
    assert_eq!(comparisons.lines().count(), 1 + 2 * 119);
    assert!(comparisons.lines().skip(1).all(|line| line.contains(" against 1: ")));
    let report = sweep.file("report.md");
    assert!(report.contains("These are the first 100 of 120 levels."), "{report}");
    assert!(report.contains("and 110 more."), "{report}");
    assert!(report.contains("each level compared with the first alone"), "{report}");
    assert!(report.lines().count() < 500, "{}", report.lines().count());
}
