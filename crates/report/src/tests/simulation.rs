//! What the report promises in the long run: how often it raises a false alarm over sweeps in which nothing differs.

use std::f64::consts::PI;

use swath_results::manifest::Task;
use swath_results::row::{Curves, Ending};

use super::fixture::{Sweep, mix};
use crate::contrast::{comparisons, marginals};
use crate::figure::Figure;
use crate::fit::{FitVerdict, fits};
use crate::statistics::Verdict;

const SWEEPS: usize = 1_000;

/// Normal numbers from one seed.
struct Normals(u64);

impl Normals {
    fn uniform(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(1);
        ((mix(self.0) >> 11) as f64 + 0.5) / (1_u64 << 53) as f64
    }

    /// By Box and Muller.
    fn next(&mut self) -> f64 {
        let radius = (-2.0 * libm::log(self.uniform())).sqrt();
        radius * libm::cos(2.0 * PI * self.uniform())
    }
}

/// Gives every trial the loss 1, shifted alike at all points of a replicate, as common seeds do, and by itself.
fn level_out(sweep: &mut Sweep, normals: &mut Normals) {
    for replicate in 0..sweep.manifest.replicates {
        let shared = normals.next();
        for point in 0..sweep.manifest.points.len() {
            let key = sweep.manifest.key(point, replicate).unwrap();
            let Ending::Finished(scores) = &mut sweep.outcomes.get_mut(&key).unwrap().ending else { panic!() };
            scores.last.validation_loss = (1.0 + 0.1 * shared + 0.1 * normals.next()) as f32;
        }
    }
}

#[test]
#[ignore = "simulation: some seconds"]
fn of_sweeps_in_which_no_architecture_differs_at_most_one_in_twenty_is_told_a_difference() {
    let mut normals = Normals(1);
    let axes: &[(&str, &[&str])] = &[("architecture", &["a", "b", "c", "d"]), ("batch_size", &["8", "16"])];
    let mut sweep = Sweep::new(Task::Regression, axes, 5);
    let (mut alarms, mut uncovered, mut covered) = (0, 0, 0);
    for _ in 0..SWEEPS {
        level_out(&mut sweep, &mut normals);
        let results = sweep.results();
        let pairs = comparisons(&results, 0, Figure::VALIDATION_LOSS);
        assert_eq!(pairs.len(), 6);
        alarms += usize::from(pairs.iter().any(|pair| matches!(pair.verdict, Verdict::Better | Verdict::Worse)));
        uncovered += usize::from(pairs.iter().any(|pair| !pair.interval.unwrap().contains(0.0)));
        let levels = marginals(&results, 0, Figure::VALIDATION_LOSS);
        covered += levels.iter().filter(|level| level.summary.unwrap().interval.unwrap().contains(1.0)).count();
    }
    let share = |count: usize, of: usize| count as f64 / of as f64;
    // Pairs that share a level depend on each other, which makes Holm and Bonferroni err less than they may.
    assert!(share(alarms, SWEEPS) <= 0.07, "family-wise error {}", share(alarms, SWEEPS));
    assert!(share(alarms, SWEEPS) >= 0.01, "a test that never errs sees nothing: {}", share(alarms, SWEEPS));
    assert!(share(uncovered, SWEEPS) <= 0.07, "intervals that miss 0: {}", share(uncovered, SWEEPS));
    let coverage = share(covered, 4 * SWEEPS);
    assert!((coverage - 0.95).abs() <= 0.02, "coverage {coverage}");
}

/// The shares of sweeps with points of flat, noisy curves in which some point is said to overfit, to improve still, and to
/// be beaten by another.
fn false_alarms(replicates: u32, seed: u64) -> [f64; 3] {
    const EPOCHS: usize = 20;
    let mut normals = Normals(seed);
    let labels = ["a", "b", "c", "d", "e", "f"];
    let mut sweep = Sweep::new(Task::Regression, &[("schedule", &labels)], replicates);
    for point in &mut sweep.manifest.points {
        point.constant_loss = None;
    }
    let mut alarms = [0_usize; 3];
    for _ in 0..SWEEPS {
        level_out(&mut sweep, &mut normals);
        for key in sweep.manifest.keys.clone() {
            let outcome = sweep.outcomes.get_mut(&key).unwrap();
            let level = 1.0 + 0.1 * normals.next();
            let curve: Vec<f32> = (0..EPOCHS).map(|_| (level + 0.1 * normals.next()) as f32).collect();
            outcome.curves = Curves {
                // It falls, so that only the validation loss decides.
                train_loss_running: (0..EPOCHS).map(|epoch| 1.0 - 0.01 * epoch as f32).collect(),
                train_loss: Vec::new(),
                validation_metric: vec![0.5; EPOCHS],
                learning_rate: vec![0.01; EPOCHS],
                validation_loss: curve,
            }
            .pack();
            let Ending::Finished(scores) = &mut outcome.ending else { panic!() };
            scores.train_loss = scores.last.validation_loss - (0.2 + 0.05 * normals.next()) as f32;
        }
        let found = fits(&sweep.results());
        let verdicts = [FitVerdict::Overfits, FitVerdict::StillImproving, FitVerdict::Underfits];
        for (alarms, verdict) in alarms.iter_mut().zip(verdicts) {
            *alarms += usize::from(found.iter().any(|fit| fit.is(verdict)));
        }
    }
    alarms.map(|alarms| alarms as f64 / SWEEPS as f64)
}

#[test]
#[ignore = "simulation: some seconds"]
fn of_sweeps_with_flat_and_noisy_curves_at_most_one_in_twenty_is_told_that_a_point_fits_badly() {
    for (replicates, seed) in [(3, 2), (5, 3), (20, 4)] {
        let alarms = false_alarms(replicates, seed);
        assert!(alarms.iter().all(|share| *share <= 0.07), "{replicates} replicates: {alarms:?}");
    }
}
