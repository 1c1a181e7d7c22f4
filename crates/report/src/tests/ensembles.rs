//! Ensembles and the best point in detail, on predictions whose truth is known.

use proptest::prelude::*;
use swath_results::manifest::Task;
use swath_results::predictions::{Predicted, Predictions};

use super::fixture::Sweep;
use super::said::{answer_with, predictions};
use crate::answer::Answer;
use crate::detail::Shape;
use crate::ensembles::{Holds, NotCombined, Quality, Way};
use crate::plot::{Shown, TabledPlots};
use crate::sections::page;
use crate::write::markdown;

fn sweep(task: Task, replicates: u32) -> Sweep {
    Sweep::new(task, &[("architecture", &["baseline", "wide", "deep"]), ("epochs", &["10", "30"])], replicates)
}

fn text(sweep: &Sweep, answer: &Answer) -> String {
    let results = sweep.results();
    markdown(&page(&results, answer, &Shown::new(&results, answer), &TabledPlots::new(&results), None))
}

/// The part of a page from the best point in detail to what quality costs.
fn sections(page: &str) -> &str {
    let start = page.find("## The best point in detail").unwrap();
    let length = page[start..].find("## What quality costs").unwrap();
    &page[start..start + length]
}

#[test]
fn members_of_independent_errors_gain_by_the_root_of_their_number() {
    // Errors are uniform in -20..20, so independent of each other: their mean square is 400/3, and that of an average of m is
    // m times smaller.
    let mut sweep = sweep(Task::Regression, 16);
    let predictions = predictions(&mut sweep, 1, 0);
    let answer = answer_with(&sweep, predictions);
    let over = &answer.ensembles.as_ref().unwrap().over_replicates[0];
    assert_eq!((over.members, over.sizes.len()), (16, 16));
    for size in [&over.sizes[0], &over.sizes[3], &over.sizes[15]] {
        let found = size.of(Way::Averaging, Quality::SquaredError).unwrap();
        let wanted = (400.0 / 3.0 / size.members as f64).sqrt();
        assert!((found.value.mean / wanted - 1.0).abs() < 0.15, "{}: {}", size.members, found.value.mean);
        assert_eq!((found.value.n, size.groups), (16 / size.members, 16 / size.members));
        assert!(size.of(Way::Vote, Quality::SquaredError).is_none());
    }
    let judged = over.judged().unwrap();
    assert_eq!((judged.members, judged.groups), (4, 4));
    let claims = answer.ensembles.as_ref().unwrap().claims();
    let holds: Vec<Holds> = claims.iter().map(|claim| claim.holds).collect();
    assert_eq!(holds, [Holds::Yes, Holds::Unknown], "of four with an interval; of all sixteen there is none");
}

#[test]
fn members_that_say_the_same_gain_nothing() {
    let mut sweep = sweep(Task::Classification, 6);
    let mut predictions = predictions(&mut sweep, 3, 3);
    let first = predictions.trials[0].clone();
    for trial in &mut predictions.trials {
        (trial.validation, trial.test) = (first.validation.clone(), first.test.clone());
    }
    let answer = answer_with(&sweep, predictions);
    let ensembles = answer.ensembles.as_ref().unwrap();
    let points = ensembles.over_points.as_ref().unwrap().as_ref().unwrap();
    for way in [Way::Vote, Way::Averaging] {
        let of_points = points.of(way, Quality::Accuracy).unwrap();
        let of_replicates = ensembles.over_replicates[0].all().unwrap().of(way, Quality::Accuracy).unwrap();
        for found in [of_points, of_replicates] {
            assert!(found.over_mean.mean.abs() < 1e-12 && found.over_best.mean.abs() < 1e-12);
            let discordant = found.discordant.unwrap();
            assert_eq!((discordant.only_ensemble, discordant.only_single, discordant.different), (0, 0, 0));
        }
    }
    assert!(
        ensembles
            .claims()
            .iter()
            .filter(|claim| !claim.ensemble.contains("stack"))
            .all(|claim| claim.holds != Holds::Yes)
    );
}

#[test]
fn points_are_combined_replicate_by_replicate_and_stacked_on_validation_rows() {
    let mut sweep = sweep(Task::Classification, 8);
    let predictions = predictions(&mut sweep, 4, 3);
    let answer = answer_with(&sweep, predictions);
    let ensembles = answer.ensembles.as_ref().unwrap();
    assert_eq!(ensembles.over_replicates.len(), 4, "each of the points has its replicates combined");
    let points = ensembles.over_points.as_ref().unwrap().as_ref().unwrap();
    assert_eq!((points.members.len(), points.replicates, points.validate_apart), (4, 8, false));
    let ranking = &answer.best.as_ref().unwrap().ranking;
    assert_eq!(points.members.iter().map(|member| member.point).collect::<Vec<_>>(), ranking[..4]);
    for way in [Way::Vote, Way::Averaging, Way::Stacking] {
        let found = points.of(way, Quality::Accuracy).unwrap();
        assert_eq!((found.value.n, found.over_mean.n), (8, 8));
        assert!(found.over_mean.mean > 0.05, "{way:?}: {}", found.over_mean.mean);
        assert_eq!(points.of(way, Quality::LogLoss).is_some(), way != Way::Vote);
    }
}

#[test]
fn points_of_other_test_rows_are_not_combined_and_of_other_validation_rows_not_stacked() {
    let mut sweep = sweep(Task::Regression, 3);
    let whole = predictions(&mut sweep, 2, 0);
    let moved = |part: fn(&mut Predictions) -> &mut u32| {
        let mut predictions = whole.clone();
        *part(&mut predictions) += 5_000;
        answer_with(&sweep, predictions).ensembles.unwrap().over_points.unwrap()
    };
    let apart = moved(|predictions| &mut predictions.trials[4].validation.places[7]).unwrap();
    assert!(apart.validate_apart && apart.of(Way::Stacking, Quality::AbsoluteError).is_none());
    assert!(apart.of(Way::Averaging, Quality::AbsoluteError).is_some());
    let refused = moved(|predictions| &mut predictions.trials[4].test.places[7]).unwrap_err();
    assert!(matches!(refused, NotCombined::OtherRows { .. }), "{refused}");
    assert!(
        refused.to_string().contains("architecture wide, epochs 30 and architecture wide, epochs 10 keep"),
        "{refused}"
    );
}

#[test]
fn one_replicate_of_one_point_has_its_detail_and_no_ensemble() {
    let mut sweep = sweep(Task::Classification, 1);
    let predictions = predictions(&mut sweep, 1, 3);
    let answer = answer_with(&sweep, predictions);
    assert!(answer.detail.is_some() && answer.ensembles.is_none());
    assert!(!text(&sweep, &answer).contains("What ensembles gain"));
}

#[test]
fn two_replicates_make_one_ensemble_without_an_interval() {
    let mut sweep = sweep(Task::Regression, 2);
    let predictions = predictions(&mut sweep, 1, 0);
    let answer = answer_with(&sweep, predictions);
    let claims = answer.ensembles.as_ref().unwrap().claims();
    assert_eq!(claims.len(), 1);
    assert_eq!((claims[0].interval, claims[0].holds), (None, Holds::Unknown));
}

#[test]
fn without_test_rows_the_detail_is_of_validation_rows_and_nothing_is_combined() {
    let mut sweep = sweep(Task::Classification, 3).without_test();
    let mut predictions = predictions(&mut sweep, 1, 3);
    for trial in &mut predictions.trials {
        let Predicted::Classes { targets, predictions, probabilities } = &mut trial.test.values else { panic!() };
        targets.clear();
        predictions.clear();
        probabilities.clear();
        trial.test.places.clear();
    }
    let answer = answer_with(&sweep, predictions);
    assert!(answer.ensembles.is_none());
    assert!(!answer.detail.as_ref().unwrap().is_tested);
    assert!(text(&sweep, &answer).contains("40 validation rows, which chose the point"));
}

#[test]
fn the_confusion_matrix_counts_every_row_of_every_replicate() {
    let mut sweep = sweep(Task::Classification, 4);
    let predictions = predictions(&mut sweep, 1, 3);
    let mut by_hand = vec![vec![0_u64; 3]; 3];
    for trial in &predictions.trials {
        let Predicted::Classes { targets, predictions, .. } = &trial.test.values else { panic!() };
        for (truth, said) in targets.iter().zip(predictions) {
            by_hand[*truth as usize][*said as usize] += 1;
        }
    }
    let detail = answer_with(&sweep, predictions).detail.unwrap();
    let Shape::Confusion { counts, .. } = &detail.shape else { panic!() };
    assert_eq!(*counts, by_hand);
    assert_eq!(by_hand.iter().flatten().sum::<u64>(), 4 * 40);
    let accuracy = detail.metrics[0].summary.unwrap().mean;
    let right: u64 = (0..3).map(|class| by_hand[class][class]).sum();
    assert!((accuracy - right as f64 / 160.0).abs() < 1e-12);
}

#[test]
fn the_sections_of_a_classification_read_well() {
    let mut sweep = sweep(Task::Classification, 8);
    for point in &mut sweep.manifest.points {
        point.is_bootstrap = point.levels[1] == 1;
    }
    let predictions = predictions(&mut sweep, 3, 3);
    let answer = answer_with(&sweep, predictions);
    insta::assert_snapshot!(sections(&text(&sweep, &answer)));
}

#[test]
fn the_sections_of_a_regression_read_well() {
    let mut sweep = sweep(Task::Regression, 5);
    let predictions = predictions(&mut sweep, 2, 0);
    let answer = answer_with(&sweep, predictions);
    insta::assert_snapshot!(sections(&text(&sweep, &answer)));
}

#[test]
fn the_table_has_a_row_an_ensemble_in_one_figure() {
    let mut sweep = sweep(Task::Classification, 4);
    let predictions = predictions(&mut sweep, 2, 3);
    let answer = answer_with(&sweep, predictions);
    let mut frame = crate::tables::ensembles::table(&sweep.results(), answer.ensembles.as_ref()).unwrap();
    // Two points with ensembles of 2, 3 and 4 in three figures; five figures of the points together.
    assert_eq!(frame.height(), 2 * 3 * 3 + 5);
    let text = String::from_utf8(crate::write::csv(&mut frame).unwrap()).unwrap();
    insta::assert_snapshot!(text.lines().next().unwrap());
    let lines: Vec<&str> = text.lines().skip(1).map(|line| line.split_once(',').unwrap().0).collect();
    assert!(lines[..18].iter().all(|over| *over == "replicates") && lines[18..].iter().all(|over| *over == "points"));
    let without = crate::tables::ensembles::table(&sweep.results(), None).unwrap();
    assert_eq!((without.height(), without.width()), (0, frame.width()));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn the_order_of_classes_changes_no_vote_and_no_figure(shift in 1usize..3, replicates in 2u32..6) {
        let mut sweep = sweep(Task::Classification, replicates);
        let plain = predictions(&mut sweep, 2, 3);
        let mut turned = plain.clone();
        turned.classes.rotate_right(shift);
        let number = |class: &mut u32| *class = (*class + shift as u32) % 3;
        for trial in &mut turned.trials {
            for rows in [&mut trial.validation, &mut trial.test] {
                let Predicted::Classes { targets, predictions, probabilities } = &mut rows.values else { panic!() };
                targets.iter_mut().chain(predictions).for_each(number);
                probabilities.chunks_mut(3).for_each(|row| row.rotate_right(shift));
            }
        }
        let values = |predictions| {
            let ensembles = answer_with(&sweep, predictions).ensembles.unwrap();
            let points = ensembles.over_points.unwrap().unwrap();
            let found = points.found.into_iter().chain(ensembles.over_replicates[0].all().unwrap().found.clone());
            found.map(|found| found.value.mean).collect::<Vec<f64>>()
        };
        for (one, other) in values(plain).iter().zip(values(turned)) {
            prop_assert!((one - other).abs() < 1e-5, "{} and {}", one, other);
        }
    }
}
