//! Training, validation and test loss of the levels of an axis, side by side: all averaged over the same settings of all
//! else within each replicate, so that their differences are those of the same trials.

use swath_results::Manifest;

use crate::answer::changes_the_loss;
use crate::averaging::{Averages, Rows, differences};
use crate::contrast::settings;
use crate::figure::Figure;
use crate::results::Results;
use crate::statistics::{MeanTest, Pairs, Replicates};

/// The losses of one level.
#[derive(Debug, Clone, PartialEq)]
pub struct LevelLosses {
    /// The level, by its place on the axis.
    pub level: usize,
    /// How it is named.
    pub label: String,
    /// The points that it is averaged over, in the manifest's order of settings.
    pub points: Vec<usize>,
    /// Of the whole training set, of the weights that training ended with; one value a replicate.
    pub training: Averages,
    /// Validation loss of the same weights.
    pub validation: Averages,
    /// Test loss of the same weights; empty where the sweep keeps no test rows.
    pub test: Averages,
}

/// The losses of the levels of `axis` over the points that `counts` says yes to.
///
/// Levels are those that most settings of the other axes have together; settings are those that have all of them and whose
/// points finished in at least half as many replicates as the fullest. Fewer than two levels are none.
pub fn level_losses(results: &Results<'_>, axis: usize, counts: impl Fn(usize) -> bool) -> Vec<LevelLosses> {
    let manifest = results.manifest();
    let Some(described) = manifest.axes.get(axis).filter(|_| has_one_loss(manifest)) else { return Vec::new() };
    let all: Vec<Vec<(usize, usize)>> = settings(manifest, axis, counts).collect();
    let levels_of = |points: &[(usize, usize)]| points.iter().map(|(level, _)| *level).collect::<Vec<_>>();
    // Of equals the first.
    let Some(widest) = all.iter().rev().max_by_key(|points| points.len()) else { return Vec::new() };
    let levels = levels_of(widest);
    if levels.len() < 2 {
        return Vec::new();
    }
    let point_at = |points: &[(usize, usize)], level: usize| {
        points.iter().find(|(known, _)| *known == level).map(|(_, point)| *point)
    };
    let whole: Vec<Vec<usize>> = all
        .iter()
        .filter_map(|points| levels.iter().map(|level| point_at(points, *level)).collect::<Option<Vec<usize>>>())
        .collect();
    let rows = |place: usize, figure: Figure| {
        let mut rows = Rows::default();
        for points in &whole {
            rows.push(points.get(place).map_or(&[][..], |point| results.row(*point, figure)));
        }
        rows
    };
    let mut kept: Vec<usize> = (0..whole.len()).collect();
    for place in 0..levels.len() {
        let full = rows(place, Figure::VALIDATION_LOSS).fullest();
        // Both ascend.
        kept.retain(|setting| full.binary_search(setting).is_ok());
    }
    if kept.is_empty() {
        return Vec::new();
    }
    let losses = |(place, level): (usize, &usize)| {
        let of = |figure: Figure| rows(place, figure).averages(&kept);
        LevelLosses {
            level: *level,
            label: described.levels.get(*level).map_or_else(String::new, |level| level.label.clone()),
            points: kept.iter().filter_map(|setting| whole.get(*setting)?.get(place).copied()).collect(),
            training: of(Figure::TrainLoss),
            validation: of(Figure::VALIDATION_LOSS),
            test: if results.is_tested() { of(Figure::TEST_LOSS) } else { Averages::from([]) },
        }
    };
    levels.iter().enumerate().map(losses).collect()
}

/// Whether all points have a loss of one kind, so that means over them say something.
pub fn has_one_loss(manifest: &Manifest) -> bool {
    let task = manifest.objective.task;
    manifest.axes.iter().all(|axis| axis.levels.len() < 2 || !changes_the_loss(&axis.name, task))
}

impl LevelLosses {
    /// Validation loss less training loss, replicate by replicate: how much worse the network is on rows that it has not
    /// seen.
    pub fn gaps(&self) -> Vec<Option<f64>> {
        differences(&self.validation, &self.training)
    }

    /// The paired test of the difference of two lists of replicates; `None` for fewer than two pairs.
    pub fn difference(a: &[Option<f64>], b: &[Option<f64>]) -> Option<MeanTest> {
        Pairs::new(a, b)?.test(Replicates::Independent)
    }
}

#[cfg(test)]
mod tests {
    use swath_results::manifest::Task;
    use swath_results::row::Ending;

    use super::*;
    use crate::tables::summary::of_values;
    use crate::tests::fixture::Sweep;

    /// Two levels x two settings x two replicates; (training, validation) of points in order.
    fn sweep(losses: [[(f32, f32); 2]; 4]) -> Sweep {
        let mut sweep = Sweep::new(Task::Regression, &[("model.dropout", &["0", "0.5"]), ("epochs", &["2", "3"])], 2);
        for (point, losses) in losses.into_iter().enumerate() {
            for (replicate, (training, validation)) in losses.into_iter().enumerate() {
                let key = sweep.manifest.key(point, replicate as u32).unwrap();
                let Ending::Finished(scores) = &mut sweep.outcomes.get_mut(&key).unwrap().ending else { panic!() };
                scores.train_loss = training;
                scores.last.validation_loss = validation;
            }
        }
        sweep
    }

    const LOSSES: [[(f32, f32); 2]; 4] =
        [[(1.0, 3.0), (1.0, 4.0)], [(2.0, 4.0), (2.0, 3.0)], [(2.0, 2.5), (2.0, 3.0)], [(3.0, 3.5), (4.0, 4.0)]];

    #[test]
    fn gaps_are_averaged_over_settings_within_each_replicate() {
        let sweep = sweep(LOSSES);
        let levels = level_losses(&sweep.results(), 0, |_| true);
        assert_eq!(levels.iter().map(|level| level.label.as_str()).collect::<Vec<_>>(), ["0", "0.5"]);
        assert_eq!(levels[0].gaps(), [Some(2.0), Some(2.0)]);
        assert_eq!(levels[1].gaps(), [Some(0.5), Some(0.5)]);
        assert_eq!(levels[1].points, [2, 3]);
        let summary = of_values(&levels[0].training).unwrap();
        assert!((summary.mean - 1.5).abs() < 1e-12);
    }

    #[test]
    fn a_replicate_that_diverged_in_one_setting_is_left_out_of_that_level() {
        let mut sweep = sweep(LOSSES);
        sweep.set_ending(3, 1, Ending::Diverged { epoch: 1 });
        let levels = level_losses(&sweep.results(), 0, |_| true);
        assert_eq!(levels[1].gaps(), [Some(0.5), None]);
        assert!(LevelLosses::difference(&levels[1].gaps(), &levels[0].gaps()).is_none(), "one pair alone");
    }

    #[test]
    fn points_that_do_not_count_are_in_no_average() {
        let sweep = sweep(LOSSES);
        let levels = level_losses(&sweep.results(), 0, |point| point % 2 == 0);
        assert_eq!(levels[0].points, [0]);
        assert_eq!(*levels[0].validation, [Some(3.0), Some(4.0)]);
        assert_eq!(level_losses(&sweep.results(), 0, |point| point < 2), [], "one level alone");
        assert_eq!(level_losses(&sweep.results(), 7, |_| true), []);
        let losses =
            Sweep::new(Task::Regression, &[("model.dropout", &["0", "0.5"]), ("train.loss", &["mse", "mae"])], 2);
        assert_eq!(level_losses(&losses.results(), 0, |_| true), [], "a mean over two kinds of loss");
    }
}
