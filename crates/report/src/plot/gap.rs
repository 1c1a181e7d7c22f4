//! Training and validation loss at the levels of an axis that is there to bring them together, and the gap between them.

use crate::level_losses::{LevelLosses, level_losses};
use crate::results::Results;
use crate::statistics::{MeanTest, Summary, holm_of};
use crate::tables::summary::of_values;

/// Levels that are drawn: the first of more.
pub const MOST_LEVELS: usize = 16;

/// The gap at each level.
#[derive(Debug, Clone, PartialEq)]
pub struct GapPlot {
    /// The axis, by its place in the manifest.
    pub axis: usize,
    /// Its name.
    pub name: String,
    /// Its levels, in the manifest's order.
    pub levels: Vec<LevelGap>,
    /// Settings of all else that every level is averaged over.
    pub settings: usize,
    /// Levels that are left out, as there are too many, or as they have no setting in common.
    pub left_out: usize,
}

/// One level.
#[derive(Debug, Clone, PartialEq)]
pub struct LevelGap {
    /// The level, by its place on the axis.
    pub level: usize,
    /// How it is named.
    pub label: String,
    /// Loss of the whole training set, nothing dropped.
    pub training: Option<Summary>,
    /// Validation loss of the same weights.
    pub validation: Option<Summary>,
    /// Test loss of the same weights; `None` where the sweep keeps no test rows.
    pub test: Option<Summary>,
    /// Validation loss less training loss, within replicates.
    pub gap: Option<Summary>,
    /// The gap less that of the first level, within replicates; `None` for the first.
    pub change: Option<MeanTest>,
    /// The p of the change after Holm, over all levels.
    pub p_holm: Option<f64>,
    /// The validation loss less that of the first level, within replicates; `None` for the first.
    pub gain: Option<MeanTest>,
    /// The p of the gain after Holm, over all levels.
    pub gain_p_holm: Option<f64>,
}

impl GapPlot {
    /// The gaps of an axis; `None` where fewer than two levels have a setting in common.
    pub fn new(results: &Results<'_>, axis: usize) -> Option<Self> {
        let described = results.manifest().axes.get(axis)?;
        let losses = level_losses(results, axis, |_| true);
        let first = losses.first()?;
        let mut levels: Vec<LevelGap> = losses
            .iter()
            .enumerate()
            .map(|(place, level)| LevelGap {
                level: level.level,
                label: level.label.clone(),
                training: of_values(&level.training),
                validation: of_values(&level.validation),
                test: of_values(&level.test),
                gap: of_values(&level.gaps()),
                change: (place > 0).then(|| LevelLosses::difference(&level.gaps(), &first.gaps())).flatten(),
                p_holm: None,
                gain: (place > 0).then(|| LevelLosses::difference(&level.validation, &first.validation)).flatten(),
                gain_p_holm: None,
            })
            .collect();
        let adjusted = |read: fn(&LevelGap) -> Option<MeanTest>| {
            holm_of(&levels.iter().map(|level| read(level).map(|test| test.p())).collect::<Vec<_>>())
        };
        let (changes, gains) = (adjusted(|level| level.change), adjusted(|level| level.gain));
        for ((level, change), gain) in levels.iter_mut().zip(changes).zip(gains) {
            (level.p_holm, level.gain_p_holm) = (change, gain);
        }
        levels.truncate(MOST_LEVELS);
        Some(Self {
            axis,
            name: described.name.clone(),
            settings: first.points.len(),
            left_out: described.levels.len() - levels.len(),
            levels,
        })
    }

    /// The level of the smallest mean validation loss.
    pub fn best(&self) -> Option<&LevelGap> {
        let mean = |level: &LevelGap| level.validation.map_or(f64::INFINITY, |summary| summary.mean);
        self.levels.iter().min_by(|one, other| mean(one).total_cmp(&mean(other)))
    }
}

#[cfg(test)]
mod tests {
    use swath_results::manifest::Task;
    use swath_results::row::Ending;

    use super::*;
    use crate::tests::fixture::Sweep;

    #[test]
    fn the_gap_of_each_level_is_held_against_that_of_the_first_in_the_same_replicates() {
        let mut sweep = Sweep::new(Task::Regression, &[("model.dropout", &["0", "0.2", "0.5"])], 3);
        let training = [[1.0, 1.5, 2.0], [1.5, 2.0, 2.5], [2.0, 2.5, 3.0]];
        let validation = [[3.0, 3.5, 4.5], [2.5, 3.5, 4.0], [2.5, 3.0, 3.5]];
        for point in 0..3 {
            for replicate in 0..3 {
                let key = sweep.manifest.key(point, replicate as u32).unwrap();
                let Ending::Finished(scores) = &mut sweep.outcomes.get_mut(&key).unwrap().ending else { panic!() };
                scores.train_loss = training[point][replicate];
                scores.last.validation_loss = validation[point][replicate];
            }
        }
        let plot = GapPlot::new(&sweep.results(), 0).unwrap();
        let gaps: Vec<f64> = plot.levels.iter().map(|level| level.gap.unwrap().mean).collect();
        assert!(
            (gaps[0] - 6.5 / 3.0).abs() < 1e-12 && (gaps[1] - 4.0 / 3.0).abs() < 1e-12 && (gaps[2] - 0.5).abs() < 1e-12
        );
        assert!(plot.levels[0].change.is_none());
        // SciPy 1.17: ttest_rel([1, 1.5, 1.5], [2, 2, 2.5]): t = -5, p = .0377; [.5, .5, .5]: t = -10, p = .00985.
        let change = plot.levels[1].change.unwrap();
        assert!((change.mean() + 2.5 / 3.0).abs() < 1e-12 && (change.p() - 0.037_749_6).abs() < 1e-6, "{}", change.p());
        let p = plot.levels[2].p_holm.unwrap();
        assert!((p - 2.0 * 0.009_852_457).abs() < 1e-6, "{p}");
        assert_eq!(plot.best().unwrap().label, "0.5");
    }
}
