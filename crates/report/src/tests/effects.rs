//! What each axis contributes, in sweeps whose truth is known.

use swath_results::manifest::Task;
use swath_results::row::Ending;

use super::fixture::Sweep;
use crate::answer::Answer;
use crate::effects::{Effects, MOST_CONTRASTS};
use crate::factors::NoFullGrid;
use crate::figure::Figure;

/// Two axes (2 x 3) and 4 replicates; columns ax ay az bx by bz.
const GOLDEN: [[f32; 6]; 4] = [
    [0.3000, 0.2764, 0.2561, 0.3508, 0.3192, 0.3253],
    [0.3124, 0.2821, 0.2650, 0.3526, 0.3363, 0.3481],
    [0.2878, 0.2705, 0.2539, 0.3398, 0.3048, 0.3199],
    [0.2969, 0.2947, 0.2669, 0.3596, 0.3237, 0.3462],
];

/// The golden grid as a sweep, on validation rows and on test rows.
fn golden() -> Sweep {
    let axes: &[(&str, &[&str])] = &[("architecture", &["a", "b"]), ("schedule", &["x", "y", "z"])];
    let mut sweep = Sweep::new(Task::Regression, axes, 4);
    for (replicate, row) in GOLDEN.iter().enumerate() {
        for (point, loss) in row.iter().enumerate() {
            let key = sweep.manifest.key(point, u32::try_from(replicate).unwrap()).unwrap();
            let Ending::Finished(scores) = &mut sweep.outcomes.get_mut(&key).unwrap().ending else { panic!() };
            scores.last.validation_loss = *loss;
            scores.last.test_loss = Some(*loss);
        }
    }
    sweep
}

fn near(actual: Option<f64>, golden: f64) {
    let actual = actual.unwrap();
    assert!((actual - golden).abs() < 2e-6, "{actual} is not {golden}");
}

#[test]
fn the_effects_of_the_golden_grid_agree_with_statsmodels() {
    // statsmodels 0.15: anova_lm(ols("y ~ C(A) * C(B) + C(replicate)")); the losses are 32-bit floats here.
    let sweep = golden();
    let effects = Effects::new(&sweep.results(), Figure::TEST_LOSS).unwrap();
    let shares: Vec<f64> = effects.effects.iter().map(|effect| effect.share.unwrap()).collect();
    for (share, golden) in shares.into_iter().zip([0.797_692, 0.151_983, 0.050_325]) {
        near(Some(share), golden);
    }
    near(effects.effects[0].raw_share, 0.727_788 / (0.727_788 + 0.141_098 + 0.048_520));
    assert_eq!((effects.replicates, effects.error_degrees), (4, Some(15)));
    let main = &effects.effects[0].contrasts[0];
    near(Some(main.mean), 0.0553);
    near(main.interval.map(|interval| interval.low), 0.049_529);
    let interactions = &effects.effects[2].contrasts;
    near(Some(interactions[1].mean), 0.022_975);
    near(interactions[1].p, 0.041_609);
    near(interactions[1].p_holm, 0.083_218);
}

#[test]
fn a_row_is_an_effect_or_one_of_its_contrasts() {
    let table = golden().file("effects.csv");
    let rows: Vec<Vec<&str>> = table.lines().map(|line| line.split(',').collect()).collect();
    assert_eq!(
        rows[0],
        [
            "metric",
            "row",
            "kind",
            "axes",
            "levels",
            "against",
            "share",
            "share_with_noise",
            "sum_of_squares",
            "df",
            "df_error",
            "f",
            "f_p",
            "n",
            "difference",
            "low",
            "high",
            "p",
            "p_holm",
        ]
    );
    let begins: Vec<String> = rows.iter().skip(1).take(8).map(|row| row[..6].join(",")).collect();
    assert_eq!(
        begins,
        [
            "test_loss,effect,main,architecture,,",
            "test_loss,contrast,main,architecture,b,a",
            "test_loss,effect,main,schedule,,",
            "test_loss,contrast,main,schedule,y,x",
            "test_loss,contrast,main,schedule,z,x",
            "test_loss,effect,interaction,architecture x schedule,,",
            "test_loss,contrast,interaction,architecture x schedule,b x y,a x x",
            "test_loss,contrast,interaction,architecture x schedule,b x z,a x x",
        ]
    );
    assert_eq!(rows[9][..2], ["validation_loss", "effect"]);
    assert_eq!(rows.len(), 1 + 2 * 8);
}

#[test]
fn a_replicate_that_lacks_a_point_is_left_out_and_counted() {
    let mut sweep = golden();
    sweep.set_ending(3, 1, Ending::Diverged { epoch: 2 });
    let effects = Effects::new(&sweep.results(), Figure::VALIDATION_LOSS).unwrap();
    assert_eq!((effects.replicates, effects.replicates_left_out, effects.grid.cells.len()), (3, 1, 6));
}

#[test]
fn a_point_that_never_finished_takes_its_level_along() {
    let mut sweep = golden();
    for replicate in 0..4 {
        sweep.set_ending(5, replicate, Ending::Diverged { epoch: 2 });
    }
    let effects = Effects::new(&sweep.results(), Figure::VALIDATION_LOSS).unwrap();
    assert_eq!((effects.replicates, effects.grid.cells.len()), (4, 4));
    assert_eq!(effects.grid.dropped, [(1, 2)]);
}

#[test]
fn where_no_replicate_is_whole_points_that_lack_one_are_dropped() {
    let axes: &[(&str, &[&str])] = &[("batch_size", &["8", "16", "32", "64"]), ("epochs", &["1", "2"])];
    let mut sweep = Sweep::new(Task::Regression, axes, 3);
    // Each replicate lacks another point, all of them at batches of 64 or 32.
    for (point, replicate) in [(6, 0), (7, 1), (5, 2)] {
        sweep.remove(point, replicate);
    }
    let effects = Effects::new(&sweep.results(), Figure::VALIDATION_LOSS).unwrap();
    assert_eq!((effects.replicates, effects.grid.cells.len()), (3, 4));
    assert_eq!(effects.grid.dropped, [(0, 2), (0, 3)]);
}

#[test]
fn three_factors_have_their_higher_interaction_in_a_row_of_its_own() {
    let axes: &[(&str, &[&str])] =
        &[("architecture", &["a", "b"]), ("epochs", &["10", "30"]), ("schedule", &["x", "y"])];
    let sweep = Sweep::new(Task::Regression, axes, 4);
    let effects = Effects::new(&sweep.results(), Figure::VALIDATION_LOSS).unwrap();
    assert_eq!((effects.main().count(), effects.interactions().count()), (3, 3));
    assert_eq!(effects.higher.as_ref().map(|higher| higher.degrees), Some(1));
    let together: f64 = effects.effects.iter().chain(&effects.higher).filter_map(|effect| effect.share).sum();
    assert!((together - 1.0).abs() < 1e-12);
    assert!(sweep.file("effects.csv").contains("effect,higher,three and more,,,"));
}

#[test]
fn one_replicate_has_shares_with_noise_but_nothing_that_is_told_from_it() {
    let sweep = Sweep::new(Task::Regression, &[("epochs", &["10", "30"]), ("schedule", &["x", "y"])], 1);
    let effects = Effects::new(&sweep.results(), Figure::VALIDATION_LOSS).unwrap();
    assert_eq!(effects.error_degrees, None);
    for effect in &effects.effects {
        assert!(effect.share.is_none() && effect.f.is_none() && effect.p_holm().is_none());
        assert!(effect.raw_share.is_some() && effect.contrasts[0].interval.is_none());
    }
}

#[test]
fn without_axes_or_outcomes_there_are_no_effects_and_an_empty_table() {
    let mut sweep = Sweep::new(Task::Regression, &[], 3);
    assert_eq!(Answer::new(&sweep.results()).effects, Err(NoFullGrid::NothingVaries.into()));
    assert_eq!(sweep.file("effects.csv").lines().count(), 1);
    sweep = golden();
    sweep.outcomes.clear();
    assert_eq!(Answer::new(&sweep.results()).effects, Err(NoFullGrid::NoPart.into()));
    assert_eq!(sweep.file("effects.csv").lines().count(), 1);
}

#[test]
fn an_effect_of_very_many_contrasts_lists_none() {
    let labels: Vec<String> = (0..MOST_CONTRASTS + 2).map(|level| level.to_string()).collect();
    let labels: Vec<&str> = labels.iter().map(String::as_str).collect();
    let sweep = Sweep::new(Task::Regression, &[("schedule", &labels)], 2);
    let effects = Effects::new(&sweep.results(), Figure::VALIDATION_LOSS).unwrap();
    let effect = &effects.effects[0];
    assert_eq!((effect.contrasts.len(), effect.contrasts_left_out), (0, MOST_CONTRASTS + 1));
}
