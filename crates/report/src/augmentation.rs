//! What each augmentation of training rows gains against none, and the gap that it leaves between training and validation.

use crate::answer::Gap;
use crate::axes;
use crate::contrast::{Comparison, comparisons_with, marginals_at};
use crate::figure::Figure;
use crate::results::Results;
use crate::statistics::Summary;

/// The axis of augmentations.
const AXIS: &str = "train.augmentation";
/// The level that augments nothing.
const NONE: &str = "none";
/// The axis that makes training rows few or many.
const ROWS: &str = "data.training_rows";

/// Every level of the axis at one number of training rows.
#[derive(Debug, Clone, PartialEq)]
pub struct Group {
    /// How many training rows, as the axis labels it; `None` where they are no axis.
    pub rows: Option<String>,
    /// In the order of the axis.
    pub levels: Vec<AugmentedLevel>,
}

/// One level of the axis.
#[derive(Debug, Clone, PartialEq)]
pub struct AugmentedLevel {
    /// Its place on the axis.
    pub level: usize,
    /// What is done.
    pub label: String,
    /// What levels are compared by.
    pub compared: Option<Summary>,
    /// The other one of loss and metric, on the same rows.
    pub beside: Option<Summary>,
    /// Against no augmentation, in what levels are compared by; `None` for that level itself.
    pub against_none: Option<Comparison>,
    /// Mean loss of the training rows, as they are.
    pub training_loss: Option<f64>,
    /// Validation loss less training loss.
    pub gap: Option<Gap>,
}

/// The place of the axis of augmentations in the manifest, if there is one.
pub fn axis(results: &Results<'_>) -> Option<usize> {
    axes::named(results.manifest(), AXIS)
}

/// The groups, in the order of the axis of training rows; none where augmentation is no axis or never absent.
///
/// Within each replicate a level is averaged over the settings of the other axes, as everywhere.
pub fn groups(results: &Results<'_>, compared_by: Figure) -> Vec<Group> {
    let manifest = results.manifest();
    let Some(axis) = axis(results) else { return Vec::new() };
    let levels = manifest.axes.get(axis).map_or(&[][..], |axis| &axis.levels);
    let Some(none) = levels.iter().position(|level| level.label == NONE).filter(|_| levels.len() > 1) else {
        return Vec::new();
    };
    let rows = axes::named(manifest, ROWS);
    let of_rows = rows.and_then(|rows| manifest.axes.get(rows)).map_or(&[][..], |axis| &axis.levels);
    let beside = results.objective().beside(compared_by.is_test());
    let group = |place: Option<usize>| {
        let at = rows.zip(place);
        let label = place.and_then(|place| of_rows.get(place)).map(|level| level.label.clone());
        let comparisons = comparisons_with(results, axis, compared_by, none, at);
        let figures = [compared_by, beside, Figure::TrainLoss, Figure::VALIDATION_LOSS]
            .map(|figure| marginals_at(results, axis, figure, at));
        let [compared, beside, training, validation] = figures;
        let level = |(place, level): (usize, &swath_results::manifest::Level)| AugmentedLevel {
            level: place,
            label: level.label.clone(),
            compared: compared.get(place).and_then(|found| found.summary),
            beside: beside.get(place).and_then(|found| found.summary),
            against_none: comparisons.iter().find(|comparison| comparison.a == place).cloned(),
            training_loss: training.get(place).and_then(|found| found.summary).map(|summary| summary.mean),
            gap: validation
                .get(place)
                .zip(training.get(place))
                .and_then(|(validation, training)| Gap::new(&validation.replicates, &training.replicates)),
        };
        Group { rows: label, levels: levels.iter().enumerate().map(level).collect() }
    };
    match rows {
        Some(_) => (0..of_rows.len()).map(|place| group(Some(place))).collect(),
        None => vec![group(None)],
    }
}

#[cfg(test)]
mod tests {
    use swath_results::manifest::{BestBy, Task};
    use swath_results::row::Ending;

    use super::*;
    use crate::statistics::Verdict;
    use crate::tests::fixture::{Sweep, noise};

    const AXES: [(&str, &[&str]); 3] = [
        ("data.training_rows", &["200", "all"]),
        ("train.augmentation", &["shift=1", "none", "flip"]),
        ("batch_size", &["16", "32"]),
    ];

    /// On 200 rows a shift takes 0.2 off the loss and a flip adds 0.1, on all rows a shift does nothing; batch sizes
    /// differ by 0.5, and replicates by far more than levels.
    fn sweep() -> Sweep {
        let mut sweep = Sweep::new(Task::Classification, &AXES, 6);
        for (place, point) in sweep.manifest.points.iter().enumerate() {
            let [rows, augmentation, batch] = [0, 1, 2].map(|axis| point.levels[axis] as usize);
            let effect = [[-0.2, 0.0, 0.1], [0.0, 0.0, 0.3]][rows][augmentation] + 0.5 * batch as f64;
            for replicate in 0..6 {
                let outcome = sweep.outcomes.get_mut(&sweep.manifest.key(place, replicate).unwrap()).unwrap();
                let Ending::Finished(scores) = &mut outcome.ending else { panic!("unfinished") };
                let own = noise(place as u64 * 64 + u64::from(replicate)) * 1e-3;
                let loss = 1.0 + 0.4 * f64::from(replicate) + effect + own;
                scores.last.test_loss = Some(loss as f32);
                scores.last.validation_loss = (loss + 0.01) as f32;
                scores.train_loss = (loss + 0.01 - 0.7 - 0.1 * effect) as f32;
            }
        }
        sweep
    }

    #[test]
    fn each_augmentation_is_held_against_none_within_replicates_and_training_rows() {
        let sweep = sweep();
        let groups = groups(&sweep.results(), Figure::TEST_LOSS);
        let labels: Vec<Option<&str>> = groups.iter().map(|group| group.rows.as_deref()).collect();
        assert_eq!(labels, [Some("200"), Some("all")]);
        for (group, wanted) in groups.iter().zip([[-0.2, 0.1], [0.0, 0.3]]) {
            let [shift, none, flip] = &group.levels[..] else { panic!("{group:?}") };
            assert_eq!(none.against_none, None);
            for (level, wanted) in [shift, flip].into_iter().zip(wanted) {
                let comparison = level.against_none.as_ref().unwrap();
                assert_eq!((comparison.n, comparison.settings), (6, 2));
                assert!((comparison.difference.unwrap() - wanted).abs() < 2e-3, "{comparison:?}");
                let interval = comparison.interval.unwrap();
                assert!(interval.contains(wanted) && interval.half_width() < 5e-3, "{interval:?}");
            }
            let Gap { mean: gap, interval } = none.gap.unwrap();
            // 0.7 and a tenth of the effect, which is 0.25 on average over the batch sizes.
            assert!((gap - 0.725).abs() < 1e-3 && interval.unwrap().half_width() < 1e-3, "{gap}");
        }
        let verdicts: Vec<Verdict> = groups
            .iter()
            .flat_map(|group| &group.levels)
            .filter_map(|level| Some(level.against_none.as_ref()?.verdict))
            .collect();
        assert_eq!(verdicts, [Verdict::Better, Verdict::Worse, Verdict::SameWithinMargin, Verdict::Worse]);
    }

    #[test]
    fn where_a_metric_decides_the_section_speaks_of_it_in_its_direction() {
        let mut sweep = sweep();
        sweep.manifest.objective.best_by = BestBy::Metric;
        for outcome in sweep.outcomes.values_mut() {
            let Ending::Finished(scores) = &mut outcome.ending else { panic!("unfinished") };
            scores.last.test_metric = scores.last.test_loss.map(|loss| 4.0 - loss);
        }
        let page = sweep.file("report.md").split_whitespace().collect::<Vec<_>>().join(" ");
        for words in [
            "On 200 training rows: the test accuracy rises with shift=1 by",
            "On 200 training rows: the test accuracy falls with flip by",
            "above 0 the test accuracy is larger, which is better",
            "narrows it and raises the test accuracy",
        ] {
            assert!(page.contains(words), "{words}");
        }
    }

    #[test]
    fn without_an_axis_of_training_rows_there_is_one_group_and_without_none_there_is_no_group() {
        let sweep = Sweep::new(Task::Classification, &AXES[1..], 3);
        let groups_of = groups(&sweep.results(), Figure::TEST_LOSS);
        assert_eq!((groups_of.len(), groups_of[0].rows.as_deref()), (1, None));
        let sweep = Sweep::new(Task::Classification, &[("train.augmentation", &["shift=1", "flip"])], 3);
        assert_eq!(groups(&sweep.results(), Figure::TEST_LOSS), []);
        assert_eq!(groups(&Sweep::architectures().results(), Figure::TEST_LOSS), []);
    }

    #[test]
    fn the_section_says_what_helps_what_hurts_and_what_is_not_told_apart() {
        let sweep = sweep();
        let page = sweep.file("report.md");
        let section = page.split("\n## ").find(|section| section.starts_with("Augmentation")).unwrap();
        insta::assert_snapshot!(section);
    }
}
