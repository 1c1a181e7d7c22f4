//! Verdicts on trainings whose truth is known.

use swath_results::manifest::Task;
use swath_results::row::{Curves, Ending};

use super::fixture::Sweep;
use crate::fit::{Fit, FitVerdict, TrainingCurve, fits};

/// Losses of one point: after each of some epochs, counted from 1, on validation rows and while it trains.
type Course = fn(f64) -> (f64, f64);

/// A point for each course, `epochs` epochs, `replicates` replicates with a little noise of their own.
fn sweep(courses: &[Course], epochs: usize, replicates: u32) -> Sweep {
    let labels: Vec<String> = (0..courses.len()).map(|place| format!("course {place}")).collect();
    let labels: Vec<&str> = labels.iter().map(String::as_str).collect();
    let mut sweep = Sweep::new(Task::Regression, &[("schedule", &labels)], replicates);
    for (point, course) in courses.iter().enumerate() {
        for replicate in 0..replicates {
            let shift = f64::from(replicate * 7 % 5) * 0.002;
            let wobble = |epoch: usize| f64::from((replicate * 31 + epoch as u32 * 17 + point as u32) % 13) * 0.000_2;
            let at = |epoch: usize| {
                let (validation, training) = course(epoch as f64);
                ((validation + shift + wobble(epoch)) as f32, (training + shift + wobble(epoch)) as f32)
            };
            set(&mut sweep, point, replicate, &(1..=epochs).map(at).collect::<Vec<_>>());
        }
    }
    sweep
}

/// Gives a trial curves of (validation, training), and its scores their end.
fn set(sweep: &mut Sweep, point: usize, replicate: u32, curve: &[(f32, f32)]) {
    let key = sweep.manifest.key(point, replicate).unwrap();
    let outcome = sweep.outcomes.get_mut(&key).unwrap();
    outcome.curves = Curves {
        train_loss_running: curve.iter().map(|(_, training)| *training).collect(),
        train_loss: Vec::new(),
        validation_loss: curve.iter().map(|(validation, _)| *validation).collect(),
        validation_metric: vec![0.5; curve.len()],
        learning_rate: vec![0.01; curve.len()],
    }
    .pack();
    let Ending::Finished(scores) = &mut outcome.ending else { panic!("it finished") };
    let (validation, training) = curve.last().unwrap();
    (scores.last.validation_loss, scores.train_loss) = (*validation, *training);
}

fn verdicts(sweep: &Sweep) -> Vec<String> {
    fits(&sweep.results()).iter().map(Fit::words).collect()
}

/// Falls to epoch 8 and rises from there, while training falls on.
fn overfitted(epoch: f64) -> (f64, f64) {
    (0.3 + 0.002 * (epoch - 8.0) * (epoch - 8.0), 0.5 / epoch)
}

/// Falls to the end.
fn falling(epoch: f64) -> (f64, f64) {
    (0.8 - 0.02 * epoch, 0.78 - 0.02 * epoch)
}

/// Has come to its end long before.
fn settled(epoch: f64) -> (f64, f64) {
    let loss = 0.2 + 0.4 * (-epoch).exp2();
    (loss, loss - 0.01)
}

/// Is no better than the mean of the target, whose loss is 1.01 in all these sweeps.
fn hopeless(_: f64) -> (f64, f64) {
    (1.02, 1.01)
}

#[test]
fn what_was_put_in_is_found() {
    assert_eq!(
        verdicts(&sweep(&[overfitted, falling, settled, hopeless], 20, 5)),
        ["overfits", "underfits; still improving", "fits", "underfits"]
    );
}

#[test]
fn the_evidence_of_overfitting_is_shown() {
    let sweep = sweep(&[overfitted], 20, 5);
    let fit = fits(&sweep.results()).remove(0);
    let evidence = fit.evidence.unwrap();
    assert_eq!((evidence.epochs, evidence.training_curve), (20, TrainingCurve::Running));
    assert!((7..=9).contains(&evidence.best_epoch), "{evidence:?}");
    // From epochs 5 to 8, on average 0.307, to 19 and 20, on average 0.565; about 0.005 of noise.
    let rise = evidence.rise.unwrap();
    assert!((rise.mean - 84.0).abs() < 2.0, "{rise:?}");
    assert!(rise.interval.low > 80.0 && rise.p_holm < 0.001, "{rise:?}");
    assert!((evidence.generalization_loss.unwrap() - 95.0).abs() < 5.0);
    assert!(evidence.training_at_end < evidence.training_at_best);
    assert!((evidence.gap.unwrap().mean - (0.588 - 0.025)).abs() < 0.001);
}

#[test]
fn a_rise_while_training_rises_too_is_no_overfitting() {
    let unstable: Course = |epoch| (0.3 + 0.002 * (epoch - 8.0).powi(2), 0.3 + 0.002 * (epoch - 8.0).powi(2));
    assert_eq!(verdicts(&sweep(&[unstable], 20, 5)), ["fits"]);
}

#[test]
fn a_rise_of_less_than_two_per_cent_does_not_matter() {
    let slight: Course = |epoch| (0.3 + 0.000_5 * (epoch - 8.0).max(0.0), 0.5 / epoch);
    let sweep = sweep(&[slight], 20, 5);
    assert!(fits(&sweep.results())[0].evidence.as_ref().unwrap().rise.unwrap().holds);
    assert_eq!(verdicts(&sweep), ["saturated early"]);
}

#[test]
fn fewer_than_three_replicates_have_no_verdict() {
    assert_eq!(verdicts(&sweep(&[overfitted], 20, 2)), ["no verdict"]);
    let one = sweep(&[overfitted], 20, 1);
    assert_eq!(fits(&one.results())[0].evidence, None);
    let mut diverged = sweep(&[overfitted], 20, 3);
    diverged.set_ending(0, 1, Ending::Diverged { epoch: 3 });
    assert_eq!(verdicts(&diverged), ["no verdict"]);
}

#[test]
fn a_training_of_two_epochs_is_still_improving_and_of_one_says_nothing() {
    assert_eq!(verdicts(&sweep(&[falling], 2, 5)), ["still improving"]);
    assert_eq!(verdicts(&sweep(&[falling], 1, 5)), ["fits"]);
}

#[test]
fn trials_that_stopped_early_are_compared_over_the_epochs_that_all_have() {
    let mut sweep = sweep(&[overfitted], 20, 5);
    let short: Vec<(f32, f32)> =
        (1..=12).map(|epoch| overfitted(f64::from(epoch))).map(|(one, other)| (one as f32, other as f32)).collect();
    set(&mut sweep, 0, 2, &short);
    let fit = fits(&sweep.results()).remove(0);
    assert_eq!(fit.evidence.as_ref().unwrap().epochs, 12);
    assert_eq!(fit.words(), "overfits");
    // From epochs 5 to 8 to the 12th, where the loss is 0.332.
    assert!((fit.evidence.unwrap().rise.unwrap().mean - 8.0).abs() < 1.5);
}

#[test]
fn weights_that_were_restored_from_the_best_epoch_spare_the_network_but_not_the_time() {
    let mut sweep = sweep(&[overfitted], 20, 3);
    for replicate in 0..3 {
        assert_eq!(verdicts(&sweep), ["overfits"]);
        let key = sweep.manifest.key(0, replicate).unwrap();
        let Ending::Finished(scores) = &mut sweep.outcomes.get_mut(&key).unwrap().ending else { panic!() };
        (scores.best_epoch, scores.restored_epoch) = (8, Some(8));
    }
    assert_eq!(verdicts(&sweep), ["overfits, restored"]);
    assert_eq!(fits(&sweep.results())[0].evidence.as_ref().unwrap().restored, 3);
}

#[test]
fn the_loss_of_the_whole_training_set_is_followed_where_every_epoch_has_it() {
    let mut sweep = sweep(&[overfitted], 20, 3);
    for replicate in 0..3 {
        let key = sweep.manifest.key(0, replicate).unwrap();
        let outcome = sweep.outcomes.get_mut(&key).unwrap();
        outcome.curves = Curves { train_loss: vec![0.3; 20], ..outcome.curves.unpack() }.pack();
    }
    let fit = fits(&sweep.results()).remove(0);
    assert_eq!(fit.evidence.as_ref().unwrap().training_curve, TrainingCurve::Whole);
    assert_eq!(fit.words(), "fits", "the whole training loss did not fall");
}

#[test]
fn a_point_that_another_beats_in_both_losses_underfits_and_one_with_lower_training_loss_does_not() {
    let small: Course = |epoch| (0.3 + 0.4 * (-epoch).exp2(), 0.29);
    let memorising: Course = |epoch| (0.3 + 0.4 * (-epoch).exp2(), 0.1);
    let sweep = sweep(&[small, settled, memorising], 20, 5);
    assert_eq!(verdicts(&sweep), ["underfits", "fits", "fits"]);
    let beaten = fits(&sweep.results())[0].evidence.as_ref().unwrap().beaten.unwrap();
    assert_eq!(beaten.by, 1);
    assert!((beaten.training - 0.1).abs() < 0.002 && (beaten.validation - 0.1).abs() < 0.002, "{beaten:?}");
    assert!(beaten.holds && beaten.p_holm < 0.001);
}

#[test]
fn points_of_other_losses_or_data_are_never_held_against_each_other() {
    let mut sweep = sweep(&[|_| (0.3, 0.29), settled], 20, 5);
    for axis in ["train.loss", "data.rows"] {
        axis.clone_into(&mut sweep.manifest.axes[0].name);
        assert!(fits(&sweep.results()).iter().all(|fit| fit.evidence.as_ref().unwrap().beaten.is_none()));
    }
}

#[test]
fn a_network_that_only_fails_on_validation_rows_does_not_underfit() {
    let noise: Course = |epoch| (1.05 + 0.01 * epoch, 0.9 / epoch);
    assert_eq!(verdicts(&sweep(&[noise], 20, 5)), ["overfits; saturated early"]);
}

#[test]
fn where_no_constant_prediction_is_known_nothing_is_held_against_one() {
    let mut sweep = sweep(&[hopeless], 20, 5);
    assert_eq!(verdicts(&sweep), ["underfits"]);
    sweep.manifest.points[0].constant_loss = None;
    assert_eq!(verdicts(&sweep), ["fits"]);
}

#[test]
fn equal_points_are_the_same_whatever_is_asked() {
    let sweep = sweep(&[settled as Course; 6], 20, 5);
    assert!(fits(&sweep.results()).iter().all(|fit| fit.verdicts == [FitVerdict::Fits]));
}

#[test]
fn a_row_of_the_table_is_a_point_with_its_evidence() {
    let sweep = sweep(&[overfitted, hopeless], 20, 5);
    let table = sweep.file("verdicts.csv");
    let rows: Vec<Vec<&str>> = table.lines().map(|line| line.split(',').collect()).collect();
    assert_eq!(
        rows[0],
        [
            "schedule",
            "verdict",
            "n",
            "epochs_compared",
            "best_epoch",
            "restored",
            "rise",
            "rise_low",
            "rise_high",
            "rise_p",
            "rise_p_holm",
            "fall",
            "fall_low",
            "fall_high",
            "fall_p",
            "fall_p_holm",
            "generalization_loss",
            "training_curve",
            "training_at_best",
            "training_at_end",
            "gap",
            "gap_low",
            "gap_high",
            "constant_train_loss",
            "constant_validation_loss",
            "better_point",
            "better_train_loss",
            "better_validation_loss",
            "better_p",
            "better_p_holm",
        ]
    );
    assert_eq!(rows[1][..4], ["course 0", "overfits", "5", "20"]);
    assert_eq!(rows[1][25..], ["", "", "", "", ""]);
    assert_eq!(rows[2][23..25], ["1.0", "1.01"]);
    assert_eq!(rows[2][25], "schedule course 0");
}
