//! What pictures of the training show, on sweeps small enough to compute by hand.

use swath_results::manifest::Task;
use swath_results::row::{Curves, Ending};

use super::fixture::Sweep;
use crate::answer::Answer;
use crate::draw;
use crate::plot::point_curves::{Alone, Training};
use crate::plot::{AxisCurves, LearningPlot, PointCurves, Shown};

/// The sweep with these validation losses of point 0, one row a replicate; running losses are twice as large.
fn with_losses(mut sweep: Sweep, point: usize, losses: &[&[f32]]) -> Sweep {
    for (replicate, losses) in losses.iter().enumerate() {
        let key = sweep.manifest.key(point, replicate as u32).unwrap();
        let outcome = sweep.outcomes.get_mut(&key).unwrap();
        outcome.curves = Curves {
            train_loss_running: losses.iter().map(|loss| 2.0 * loss).collect(),
            train_loss: Vec::new(),
            validation_loss: losses.to_vec(),
            validation_metric: losses.to_vec(),
            learning_rate: vec![0.01; losses.len()],
        }
        .pack();
        if let Ending::Finished(scores) = &mut outcome.ending {
            scores.train_loss = losses[losses.len() - 1];
        }
    }
    sweep
}

fn one_point(losses: &[&[f32]]) -> Sweep {
    with_losses(Sweep::new(Task::Regression, &[], losses.len() as u32), 0, losses)
}

/// Two batch sizes x trainings of 2 and 3 epochs x 2 replicates. The points are (16, 2), (16, 3), (32, 2), (32, 3).
fn batch_sizes() -> Sweep {
    let mut sweep = Sweep::new(Task::Regression, &[("batch_size", &["16", "32"]), ("epochs", &["2", "3"])], 2);
    for (point, losses) in [
        [&[4.0, 2.0][..], &[2.0, 1.0]],
        [&[4.0, 2.0, 1.0], &[2.0, 1.0, 0.5]],
        [&[6.0, 4.0], &[4.0, 3.0]],
        [&[6.0, 4.0, 2.0], &[4.0, 3.0, 1.0]],
    ]
    .iter()
    .enumerate()
    {
        sweep = with_losses(sweep, point, losses);
        sweep.manifest.points[point].steps_per_epoch = [25, 25, 13, 13][point];
    }
    sweep
}

/// What a line shows: label, epochs, means.
fn lines(plot: &AxisCurves, panel: usize) -> Vec<(&str, &[usize], &[f64])> {
    let lines = plot.panels[panel].lines.iter();
    lines.map(|line| (line.label.as_str(), line.epochs.as_slice(), line.means.as_slice())).collect()
}

fn learning(sweep: &Sweep) -> Option<LearningPlot> {
    let results = sweep.results();
    let answer = Answer::new(&results);
    LearningPlot::new(&results, &answer, &Shown::new(&results, &answer))
}

#[test]
fn the_mean_speaks_for_all_replicates_and_ends_with_the_first_that_stops() {
    let sweep = one_point(&[&[4.0, 2.0, 3.0], &[2.0, 1.0, 2.0, 0.5], &[3.0, 3.0, 4.0]]);
    let curves = PointCurves::new(&sweep.results(), 0).unwrap();
    assert_eq!(curves.validation.means, [3.0, 2.0, 3.0]);
    assert_eq!(curves.training.means, [6.0, 4.0, 6.0]);
    assert_eq!(curves.training_is, Training::Running);
    assert_eq!(curves.validation.lowest(), Some((2, 2.0)));
    // The second goes on alone, from the last epoch that it shares.
    assert_eq!(curves.alone, [Alone { replicate: 1, from: 3, values: vec![2.0, 0.5], diverged: None }]);
    assert_eq!(curves.epochs(), 4);
    assert_eq!(curves.training_at_end, [(3, 3.0), (4, 0.5), (3, 4.0)]);
}

#[test]
fn a_diverged_replicate_is_in_no_mean_and_ends_where_it_ended() {
    let mut sweep = one_point(&[&[4.0, 2.0], &[2.0, 1.0], &[9.0, 9.0]]);
    sweep.set_ending(0, 2, Ending::Diverged { epoch: 2 });
    let curves = PointCurves::new(&sweep.results(), 0).unwrap();
    assert_eq!((curves.validation.n, curves.validation.means.as_slice()), (2, [3.0, 1.5].as_slice()));
    assert_eq!(curves.alone, [Alone { replicate: 2, from: 1, values: vec![9.0], diverged: Some(2) }]);
    assert_eq!((curves.diverged(), curves.has_ends_apart()), (1, false));
    assert_eq!(curves.training_at_end, [(2, 1.5)]);
}

#[test]
fn the_training_loss_of_every_epoch_is_shown_where_it_was_measured() {
    let mut sweep = one_point(&[&[4.0, 2.0], &[2.0, 1.0]]);
    for outcome in sweep.outcomes.values_mut() {
        let mut curves = outcome.curves.unpack();
        curves.train_loss = vec![0.5, 0.25];
        outcome.curves = curves.pack();
    }
    let curves = PointCurves::new(&sweep.results(), 0).unwrap();
    assert_eq!(curves.training_is, Training::Evaluated);
    assert_eq!(curves.training.means, [0.5, 0.25]);
    assert_eq!(curves.training_at_end, []);
}

#[test]
fn restored_weights_have_their_training_loss_at_the_epoch_that_they_are_of() {
    let mut sweep = one_point(&[&[4.0, 2.0, 3.0], &[4.0, 2.0, 3.0]]);
    for outcome in sweep.outcomes.values_mut() {
        let Ending::Finished(scores) = &mut outcome.ending else { panic!("all finished") };
        scores.restored_epoch = Some(2);
    }
    assert_eq!(PointCurves::new(&sweep.results(), 0).unwrap().training_at_end, [(2, 3.0)]);
}

#[test]
fn each_point_that_is_asked_for_first_has_one_panel_with_all_its_roles() {
    let sweep = Sweep::architectures();
    let plot = learning(&sweep).unwrap();
    let roles: Vec<(usize, &[String])> =
        plot.panels.iter().map(|panel| (panel.curves.point, panel.roles.as_slice())).collect();
    let answer = Answer::new(&sweep.results());
    assert_eq!(roles[0].0, answer.best.unwrap().leader.point);
    assert_eq!(roles[0].1[0], "best");
    let mut points: Vec<usize> = roles.iter().map(|(point, _)| *point).collect();
    points.sort_unstable();
    points.dedup();
    assert_eq!(points.len(), roles.len());
    let all: Vec<&String> = roles.iter().flat_map(|(_, roles)| *roles).collect();
    for role in ["first point", "best of baseline", "best of wide", "best of deep", "best of wide_deep"] {
        assert_eq!(all.iter().filter(|known| **known == role).count(), 1, "{role} in {all:?}");
    }
}

#[test]
fn the_point_that_overfits_most_is_shown_with_its_verdict() {
    let mut sweep = Sweep::architectures();
    for replicate in 0..5 {
        let key = sweep.manifest.key(3, replicate).unwrap();
        let outcome = sweep.outcomes.get_mut(&key).unwrap();
        let mut curves = outcome.curves.unpack();
        let noise = |epoch: usize| 0.001 * (replicate as usize * 7 % 5 + epoch % 2) as f32;
        curves.validation_loss = (0..30).map(|epoch| 0.5 + 0.01 * (epoch as f32 - 9.0).abs() + noise(epoch)).collect();
        curves.train_loss_running = (0..30).map(|epoch| 0.5 - 0.01 * epoch as f32 + noise(epoch)).collect();
        outcome.curves = curves.pack();
        let Ending::Finished(scores) = &mut outcome.ending else { panic!("all finished") };
        scores.best_epoch = 10;
    }
    let plot = learning(&sweep).unwrap();
    let over = plot.panels.iter().find(|panel| panel.roles.iter().any(|role| role == "overfits most")).unwrap();
    assert_eq!(over.curves.point, 3);
    assert!(over.fit.as_ref().unwrap().words().contains("overfits"));
    let picture = draw::learning::picture(&plot);
    assert!(picture.description.contains("Verdict: overfits (39.8 % up after epoch 10)"), "{}", picture.description);
}

#[test]
fn the_picture_of_learning_curves_is_the_same_on_every_machine() {
    let mut sweep = one_point(&[&[0.5, 0.25, 0.2, 0.22], &[0.6, 0.3, 0.2, 0.24], &[0.5, 0.2, 0.2, 0.23], &[0.4; 4]]);
    sweep.set_ending(0, 3, Ending::Diverged { epoch: 3 });
    let picture = draw::learning::picture(&learning(&sweep).unwrap());
    insta::assert_snapshot!(picture.drawing.body.replace("><", ">\n<"));
    // Means of three replicates: 0.5333, 0.25, 0.2, 0.23.
    assert_eq!(
        picture.description,
        "The only point: smallest mean validation loss 0.2000 in epoch 3, 0.2300 in epoch 4. Verdict: fits."
    );
}

#[test]
fn odd_sweeps_have_pictures_that_stay_within_their_frame() {
    let mut all_diverged = one_point(&[&[1.0, 1e30], &[2.0]]);
    all_diverged.set_ending(0, 0, Ending::Diverged { epoch: 3 });
    all_diverged.set_ending(0, 1, Ending::Diverged { epoch: 1 });
    let mut one_huge = one_point(&[&[1.0, 0.5], &[1.0, 0.5], &[1.0, f32::MAX]]);
    one_huge.set_ending(0, 2, Ending::Diverged { epoch: 3 });
    let long: Vec<f32> = (1..=2_000_u16).map(|epoch| 1.0 / f32::from(epoch)).collect();
    let negative = one_point(&[&[-1.0, -2.0, -1.5], &[1.0, 0.0, -0.5]]);
    for sweep in [all_diverged, one_huge, one_point(&[&[0.5]]), one_point(&[&long, &long[..1_500]]), negative] {
        let picture = draw::learning::picture(&learning(&sweep).unwrap());
        let body = &picture.drawing.body;
        assert!(!body.contains("NaN") && !body.contains("inf"));
        assert!(body.len() < 40_000, "{}", body.len());
        for path in body.split(" d=\"").skip(1).map(|rest| rest.split('"').next().unwrap()) {
            for number in path.split(['M', 'L', 'Z', ' ']).filter(|number| !number.is_empty()) {
                let number: f64 = number.parse().unwrap();
                assert!((0.0..=720.0).contains(&number), "{path}");
            }
        }
    }
}

#[test]
fn without_an_outcome_there_is_no_picture_of_the_training() {
    let mut sweep = Sweep::architectures();
    sweep.outcomes.clear();
    assert_eq!(learning(&sweep), None);
}

/// What the page's script knows of the curves.
fn known_curves(sweep: &Sweep) -> serde_json::Value {
    let page = sweep.file("report.html");
    let json = page.split("id=\"sweep\">").nth(1).unwrap().split("</script>").next().unwrap();
    serde_json::from_str::<serde_json::Value>(json).unwrap()["curves"].clone()
}

#[test]
fn the_page_knows_the_curves_of_every_point_with_four_digits() {
    let mut sweep = one_point(&[&[0.123_456, 0.25, 0.5], &[0.123_456, 0.35], &[7.0]]);
    sweep.set_ending(0, 2, Ending::Diverged { epoch: 2 });
    let expected = serde_json::json!({
        "all": 1,
        "points": [{
            "point": 0, "n": 2, "epochs": 1, "lowest": 1, "evaluated": false,
            "validation": [0.1235, 0.3], "low": [0.1235, 0.25], "high": [0.1235, 0.35], "training": [0.2469, 0.6],
            "end": [[3, 0.5], [2, 0.35]],
            "alone": [
                { "replicate": 0, "diverged": null, "epochs": 2, "validation": [0.25, 0.5] },
                { "replicate": 2, "diverged": 2, "epochs": 1, "validation": [7.0] },
            ],
        }],
    });
    assert_eq!(known_curves(&sweep), expected);
    assert_eq!(known_curves(&Sweep::architectures())["points"].as_array().unwrap().len(), 8);
}

#[test]
fn curves_that_would_make_the_page_heavy_are_thinned_and_then_left_out_the_best_first() {
    let levels: Vec<String> = (0..150).map(|level| level.to_string()).collect();
    let levels: Vec<&str> = levels.iter().map(String::as_str).collect();
    let sweep = Sweep::new(Task::Regression, &[("batch_size", &levels), ("epochs", &["2000"])], 2);
    let curves = known_curves(&sweep);
    assert!(curves.to_string().len() <= 601_000, "{}", curves.to_string().len());
    assert_eq!(curves["all"], 150);
    let points = curves["points"].as_array().unwrap();
    assert!((20..150).contains(&points.len()), "{}", points.len());
    let best = Answer::new(&sweep.results()).best.unwrap().leader.point;
    assert_eq!(points[0]["point"], best);
    for point in points {
        let epochs = point["epochs"].as_array().unwrap();
        assert!(epochs.len() <= 201 && epochs[0] == 1 && epochs[epochs.len() - 1] == 2_000);
        assert!(epochs.contains(&point["lowest"]));
        assert_eq!(point["validation"].as_array().unwrap().len(), epochs.len());
    }
}

#[test]
fn levels_are_averaged_apart_for_each_number_of_epochs() {
    let plot = AxisCurves::new(&batch_sizes().results(), 0).unwrap();
    assert_eq!(plot.panels.iter().map(|panel| panel.epochs).collect::<Vec<_>>(), [Some(2), Some(3)]);
    assert_eq!(lines(&plot, 0), [("16", &[1, 2][..], &[3.0, 1.5][..]), ("32", &[1, 2], &[5.0, 3.5])]);
    assert_eq!(lines(&plot, 1), [("16", &[1, 2, 3][..], &[3.0, 1.5, 0.75][..]), ("32", &[1, 2, 3], &[5.0, 3.5, 1.5])]);
    assert_eq!((plot.panels[1].settings, plot.panels[1].n), (1, 2));
    // A batch of 32 has about half as many steps an epoch: the loss is drawn over steps as well.
    assert!(plot.changes_steps);
    assert!((plot.panels[0].lines[1].steps_per_epoch - 13.0).abs() < 1e-9);
    assert_eq!(plot.panels[1].lines[0].lowest(), Some((3, 0.75)));
    assert_eq!(plot.panels[1].lines[0].first_stop, None);
}

#[test]
fn an_axis_of_epochs_has_one_panel_in_which_each_level_ends_where_it_ends() {
    let plot = AxisCurves::new(&batch_sizes().results(), 1).unwrap();
    assert_eq!(plot.panels.len(), 1);
    assert_eq!(plot.panels[0].epochs, None);
    assert_eq!(lines(&plot, 0), [("2", &[1, 2][..], &[4.0, 2.5][..]), ("3", &[1, 2, 3], &[4.0, 2.5, 1.125])]);
    assert!(!plot.changes_steps);
}

#[test]
fn a_trial_that_stopped_early_counts_with_the_loss_that_it_ended_with() {
    let sweep = with_losses(batch_sizes(), 1, &[&[4.0, 2.0], &[2.0, 1.0, 0.5]]);
    let plot = AxisCurves::new(&sweep.results(), 0).unwrap();
    assert_eq!(lines(&plot, 1)[0], ("16", &[1, 2, 3][..], &[3.0, 1.5, 1.25][..]));
    assert_eq!(plot.panels[1].lines[0].first_stop, Some(2));
    assert_eq!(plot.panels[1].lines[1].first_stop, None);
}

#[test]
fn a_replicate_that_diverged_at_one_level_is_left_out_at_every_level() {
    let mut sweep = batch_sizes();
    sweep.set_ending(3, 0, Ending::Diverged { epoch: 3 });
    let plot = AxisCurves::new(&sweep.results(), 0).unwrap();
    assert_eq!(plot.panels[0].n, 2);
    assert_eq!(plot.panels[1].n, 1);
    assert_eq!(lines(&plot, 1)[0].2, [2.0, 1.0, 0.5]);
    for point in 0..4 {
        sweep.set_ending(point, 0, Ending::Diverged { epoch: 1 });
        sweep.set_ending(point, 1, Ending::Diverged { epoch: 1 });
    }
    assert_eq!(AxisCurves::new(&sweep.results(), 0), None);
}

#[test]
fn a_level_without_a_setting_in_common_is_named_and_not_drawn() {
    let mut sweep = Sweep::new(Task::Regression, &[("batch_size", &["16", "32", "64"]), ("epochs", &["2", "3"])], 2);
    // Of (16, 2), (16, 3), (32, 2), (32, 3), (64, 2), (64, 3) these stay: 64 never stands where another does.
    let kept = [0, 2, 5];
    sweep.manifest.points = kept.map(|point: usize| sweep.manifest.points[point].clone()).to_vec();
    sweep.manifest.keys = kept.iter().flat_map(|point| sweep.manifest.keys[2 * point..][..2].to_vec()).collect();
    let plot = AxisCurves::new(&sweep.results(), 0).unwrap();
    assert_eq!(plot.apart, ["64"]);
    assert_eq!(lines(&plot, 0).iter().map(|line| line.0).collect::<Vec<_>>(), ["16", "32"]);
    assert_eq!(AxisCurves::new(&sweep.results(), 1), None, "no two numbers of epochs at one batch size");
}

#[test]
fn of_an_axis_of_many_levels_sixteen_are_drawn_from_the_first_to_the_last_each_in_a_panel() {
    let levels: Vec<String> = (0..50).map(|level| level.to_string()).collect();
    let levels: Vec<&str> = levels.iter().map(String::as_str).collect();
    let sweep = Sweep::new(Task::Regression, &[("batch_size", &levels)], 2);
    let plot = AxisCurves::new(&sweep.results(), 0).unwrap();
    let drawn: Vec<usize> = plot.panels[0].lines.iter().map(|line| line.level).collect();
    assert_eq!(drawn, [0, 3, 6, 9, 13, 16, 19, 22, 26, 29, 32, 35, 39, 42, 45, 49]);
    assert_eq!(plot.levels_left_out, 34);
    let picture = draw::axis_curves::picture(&plot);
    assert_eq!(picture.drawing.body.matches("class=\"line solid s0\"").count(), 16);
    assert_eq!(picture.drawing.body.matches("class=\"others\"").count(), 16 * 15);
}

#[test]
fn the_picture_of_batch_sizes_is_the_same_on_every_machine() {
    let picture = draw::axis_curves::picture(&AxisCurves::new(&batch_sizes().results(), 0).unwrap());
    insta::assert_snapshot!(picture.drawing.body.replace("><", ">\n<"));
    assert_eq!(
        picture.description,
        "Mean validation loss at the end. Of 2 epochs: 16 1.500 in epoch 2, 32 3.500 in epoch 2. Of 3 epochs: 16 0.7500 in \
         epoch 3, 32 1.500 in epoch 3."
    );
}
