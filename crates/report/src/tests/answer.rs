//! What the answer says beyond the best point.

use swath_results::manifest::Task;
use swath_results::row::Ending;

use super::fixture::{Sweep, mix, noise};
use crate::answer::{Answer, Edge, End};

fn headline(sweep: &Sweep) -> String {
    Answer::new(&sweep.results()).headline().join("\n")
}

/// Gives every trial of a point the loss that a function says of point and replicate.
fn set_losses(sweep: &mut Sweep, loss: impl Fn(usize, u32) -> f32) {
    for point in 0..sweep.manifest.points.len() {
        for replicate in 0..sweep.manifest.replicates {
            let key = sweep.manifest.key(point, replicate).unwrap();
            let Ending::Finished(scores) = &mut sweep.outcomes.get_mut(&key).unwrap().ending else { panic!() };
            scores.last.validation_loss = loss(point, replicate);
            scores.last.test_loss = Some(loss(point, replicate) + 0.001);
        }
    }
}

/// From 0 to 1, by point and replicate.
fn chance(point: usize, replicate: u32) -> f32 {
    (0.5 + noise(mix(point as u64 + 1) ^ u64::from(replicate)) / 2.0) as f32
}

#[test]
fn every_architecture_is_held_against_the_first_in_a_sentence_with_its_verdict() {
    let words = headline(&Sweep::architectures());
    for line in [
        "wide is better than baseline: its test loss is 0.02003 ± 0.00177 lower (8.1 %), p <0.0001 after Holm, over 5 replicates.",
        "deep is worse than baseline: its test loss is 0.004946 ± 0.001053 higher (2.0 %)",
        "The same within 1 %: wide_deep and wide.",
    ] {
        assert!(words.contains(line), "{words}");
    }
}

#[test]
fn an_architecture_that_is_not_told_from_the_first_says_how_many_replicates_would_settle_it() {
    let mut sweep = Sweep::new(Task::Regression, &[("architecture", &["baseline", "wide"])], 5);
    set_losses(&mut sweep, |point, replicate| 0.3 - 0.003 * point as f32 + 0.03 * chance(point, replicate));
    let words = headline(&sweep);
    assert!(words.contains("wide cannot be told from baseline: its test loss is "), "{words}");
    assert!(words.contains("replicates would settle it."), "{words}");
}

#[test]
fn architectures_that_are_too_many_for_a_sentence_each_are_counted() {
    let labels = ["a", "b", "c", "d", "e", "f"];
    let words = headline(&Sweep::new(Task::Regression, &[("architecture", &labels)], 5));
    assert!(words.contains("More than the seed: ") && words.contains(" of 15 pairs."), "{words}");
    assert!(!words.contains("is better than a"), "{words}");
}

#[test]
fn the_axis_that_matters_most_is_named_first_and_noise_is_not_taken_for_an_axis() {
    let axes: &[(&str, &[&str])] = &[("batch_size", &["8", "16"]), ("schedule", &["x", "y"])];
    let mut sweep = Sweep::new(Task::Regression, axes, 6);
    set_losses(&mut sweep, |point, replicate| 0.3 + 0.05 * (point % 2) as f32 + 0.001 * chance(point, replicate));
    let words = headline(&sweep);
    assert!(
        words.contains("freed of noise: schedule (100.0 %), batch_size (0.0 %, not told from the seed)."),
        "{words}"
    );
    set_losses(&mut sweep, |point, replicate| 0.3 + 0.05 * chance(point, replicate));
    assert!(headline(&sweep).contains("No axis matters more than the seed"), "{}", headline(&sweep));
}

#[test]
fn a_notable_interaction_is_named() {
    let axes: &[(&str, &[&str])] = &[("batch_size", &["8", "16"]), ("schedule", &["x", "y"])];
    let mut sweep = Sweep::new(Task::Regression, axes, 6);
    set_losses(&mut sweep, |point, replicate| {
        0.3 + if point == 3 { 0.05 } else { 0.0 } + 0.001 * chance(point, replicate)
    });
    let words = headline(&sweep);
    assert!(words.contains("; the largest interaction is batch_size x schedule (33."), "{words}");
}

#[test]
fn where_the_points_are_no_full_grid_the_part_that_is_one_is_named() {
    let axes: &[(&str, &[&str])] = &[("batch_size", &["8", "16"]), ("epochs", &["1", "2", "3"])];
    let mut sweep = Sweep::new(Task::Regression, axes, 5);
    for replicate in 0..5 {
        sweep.set_ending(5, replicate, Ending::Failed { message: "no".to_owned() });
    }
    let words = headline(&sweep);
    assert!(words.contains("freed of noise on the 4 of 6 points that make a full grid:"), "{words}");
    let page = sweep.file("report.md");
    assert!(
        page.replace('\n', " ").contains("Left out: 2 points outside the full grid (dropped: epochs 3)."),
        "{page}"
    );
}

#[test]
fn the_best_point_at_the_end_of_an_axis_of_numbers_is_a_warning() {
    let edges = |labels: &[&str], best: usize| {
        let mut sweep = Sweep::new(Task::Regression, &[("batch_size", labels)], 5);
        set_losses(&mut sweep, |point, replicate| {
            0.3 + 0.01 * point.abs_diff(best) as f32 + 0.001 * chance(point, replicate)
        });
        Answer::new(&sweep.results()).edges
    };
    let edge = |label: &str, end: End| vec![Edge { axis: "batch_size".to_owned(), label: label.to_owned(), end }];
    assert_eq!(edges(&["8", "16", "32"], 0), edge("8", End::Smallest));
    assert_eq!(edges(&["8", "16", "32"], 2), edge("32", End::Largest));
    assert_eq!(edges(&["32", "16", "8"], 2), edge("8", End::Smallest), "the order of the file is none of size");
    assert_eq!(edges(&["8", "16", "32"], 1), []);
    assert_eq!(edges(&["0", "1", "2"], 0), [], "there is nothing below 0");
    assert_eq!(edges(&["small", "16", "32"], 2), [], "it is no axis of numbers");
    assert_eq!(edges(&["8", "16"], 1), edge("16", End::Largest));
}

#[test]
fn an_end_that_makes_no_difference_is_no_warning() {
    for labels in [&["8", "16"][..], &["8", "16", "32"]] {
        let mut sweep = Sweep::new(Task::Regression, &[("batch_size", labels)], 5);
        set_losses(&mut sweep, |point, replicate| 0.3 + 0.000_1 * point as f32 + 0.000_2 * chance(point, replicate));
        assert_eq!(Answer::new(&sweep.results()).edges, []);
    }
}

#[test]
fn diverged_trials_have_a_rate_with_wilsons_interval() {
    let mut sweep = Sweep::architectures();
    sweep.set_ending(2, 0, Ending::Diverged { epoch: 3 });
    sweep.set_ending(2, 3, Ending::Diverged { epoch: 7 });
    // SciPy 1.17: binomtest(2, 40).proportion_ci(method="wilson") is 0.01382 to 0.16503.
    let words = headline(&sweep);
    assert!(
        words.contains(
            "38 trials finished, 2 diverged (5.0 % of those trained, 95 % interval 1.4 % to 16.5 %), 0 failed."
        ),
        "{words}"
    );
}

#[test]
fn how_often_the_best_stays_the_best_is_exact_for_few_replicates() {
    let mut sweep = Sweep::new(Task::Regression, &[("schedule", &["x", "y"])], 5);
    let losses = [[0.1, 0.2, 0.3, 0.2, 0.3], [0.2, 0.1, 0.4, 0.3, 0.2]];
    set_losses(&mut sweep, |point, replicate| losses[point][replicate as usize]);
    // By hand: of five draws of the differences -0.1, +0.1, -0.1, -0.1, +0.1, those with at least three of the negative ones
    // win: 10 * 0.6^3 * 0.4^2 + 5 * 0.6^4 * 0.4 + 0.6^5.
    let stability = Answer::new(&sweep.results()).best.unwrap().stability.unwrap();
    assert!((stability.share - 0.68256).abs() < 1e-9, "{stability:?}");
    assert!(
        headline(&sweep).contains("It stays the best in 68.3 % of resamples of the replicates."),
        "{}",
        headline(&sweep)
    );
    for few in [1, 4] {
        let few = Sweep::new(Task::Regression, &[("schedule", &["x", "y"])], few);
        assert_eq!(Answer::new(&few.results()).best.unwrap().stability, None);
    }
}

#[test]
fn a_headline_of_everything_at_once_stays_readable() {
    let axes: &[(&str, &[&str])] =
        &[("architecture", &["a", "b", "c", "d", "e"]), ("epochs", &["10", "30"]), ("schedule", &["x", "y"])];
    let mut sweep = Sweep::new(Task::Regression, axes, 2).without_test();
    sweep.set_ending(0, 0, Ending::Diverged { epoch: 2 });
    sweep.remove(3, 1);
    let lines = Answer::new(&sweep.results()).headline();
    assert!(lines.len() <= 16, "{}: {lines:#?}", lines.len());
}
