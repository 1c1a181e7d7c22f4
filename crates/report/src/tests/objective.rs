//! A sweep whose metric decides, and the laws of directions.

use proptest::prelude::*;
use swath_results::manifest::{BestBy, Task};
use swath_results::row::Ending;

use super::fixture::Sweep;
use crate::answer::Answer;
use crate::plot::cost::Measure;
use crate::plot::{BudgetPlot, CostPlot, PairPlot, PointsPlot, Shown};
use crate::results::Results;
use crate::statistics::Verdict;

const REPLICATES: u32 = 4;
const AXES: &[(&str, &[&str])] = &[("architecture", &["baseline", "wide"]), ("epochs", &["10", "30"])];

/// Sets the metric of every trial, and lets it decide.
fn decided_by(metric: &str, value: impl Fn(usize, u32) -> f32) -> Sweep {
    let mut sweep = Sweep::new(Task::Classification, AXES, REPLICATES);
    sweep.manifest.objective.metric = metric.to_owned();
    sweep.manifest.objective.best_by = BestBy::Metric;
    for point in 0..4 {
        for replicate in 0..REPLICATES {
            let key = sweep.manifest.key(point, replicate).unwrap();
            let Ending::Finished(scores) = &mut sweep.outcomes.get_mut(&key).unwrap().ending else { panic!() };
            let value = value(point, replicate);
            for score in [&mut scores.last, &mut scores.best] {
                score.validation_metric = value;
                score.test_metric = Some(value - 0.015_625);
            }
        }
    }
    sweep
}

/// The loss falls with width and epochs, the accuracy with both as well: the best by one is the worst by the other.
fn overconfident() -> Sweep {
    let accuracy = [0.96, 0.95, 0.9, 0.84];
    let common = [0.0, 0.004, -0.002, 0.001];
    let own = |point: usize, replicate: usize| ((point * 7 + replicate * 3) % 5) as f32 * 0.001;
    decided_by("accuracy", |point, replicate| {
        accuracy[point] + common[replicate as usize] + own(point, replicate as usize)
    })
}

fn of<T>(sweep: &Sweep, read: impl Fn(&Results<'_>, &Answer) -> T) -> T {
    let results = sweep.results();
    read(&results, &Answer::new(&results))
}

#[test]
fn the_best_by_accuracy_is_another_than_by_loss() {
    let sweep = overconfident();
    let mut by_loss = overconfident();
    by_loss.manifest.objective.best_by = BestBy::Loss;
    let best = |sweep: &Sweep| of(sweep, |_, answer| answer.best.as_ref().unwrap().leader.point);
    assert_eq!((best(&sweep), best(&by_loss)), (0, 3));
    let ranking = |sweep: &Sweep| {
        of(sweep, |results, answer| {
            let plot = PointsPlot::new(results, answer, &Shown::new(results, answer)).unwrap();
            plot.rows.iter().map(|row| row.point).collect::<Vec<_>>()
        })
    };
    assert_eq!((ranking(&sweep), ranking(&by_loss)), (vec![0, 1, 2, 3], vec![3, 2, 1, 0]));
    let told = |sweep: &Sweep| of(sweep, |_, answer| answer.axes[0].comparisons[0].verdict);
    assert_eq!((told(&sweep), told(&by_loss)), (Verdict::Worse, Verdict::Better));
}

#[test]
fn a_page_by_accuracy_speaks_of_accuracy() {
    let page = overconfident().file("report.md");
    for wrong in ["Best by validation loss", "smallest mean", "smallest first", "expected best validation loss"] {
        assert!(!page.contains(wrong), "{wrong}");
    }
    insta::assert_snapshot!(page);
}

#[test]
fn the_tables_by_accuracy_have_its_columns() {
    let sweep = overconfident();
    for (name, column) in
        [("expected_best.csv", "expected_best_validation_accuracy"), ("comparisons.csv", "test_accuracy")]
    {
        assert!(sweep.file(name).contains(column), "{name}");
    }
    assert!(!sweep.file("comparisons.csv").contains("test_loss"));
    // The expected best of one point is the mean of all, and of all the largest.
    let budgets = of(&sweep, |_, answer| answer.budgets.clone());
    assert!((budgets[0].expected_best - 0.915_125).abs() < 1e-6, "{budgets:?}");
    assert!((budgets[3].expected_best - 0.962_75).abs() < 1e-6, "{budgets:?}");
}

#[test]
fn where_a_metric_decides_axes_of_the_loss_are_compared() {
    let mut sweep = Sweep::new(Task::Regression, &[("train.loss", &["mse", "mae"])], 3);
    assert!(of(&sweep, |_, answer| answer.budgets.is_empty()));
    sweep.manifest.objective.best_by = BestBy::Metric;
    assert_eq!(of(&sweep, |_, answer| (answer.limits.len(), answer.budgets.len())), (0, 2));
}

/// What must not change when every value and the direction are turned round.
fn findings(sweep: &Sweep) -> String {
    of(sweep, |results, answer| {
        let best = answer.best.as_ref().unwrap();
        let turn = |value: f64| answer.objective.as_loss(value) + 0.0;
        let comparisons: Vec<_> = answer
            .axes
            .iter()
            .flat_map(|axis| &axis.comparisons)
            .map(|pair| (pair.verdict, pair.difference.map(turn), pair.p, pair.p_holm))
            .collect();
        let shown = Shown::new(results, answer);
        let points = PointsPlot::new(results, answer, &shown).unwrap().rows;
        let frontier = CostPlot::new(results, answer, &shown, Measure::Steps).map(|plot| plot.frontier);
        let budget = BudgetPlot::new(results, answer).unwrap();
        let pair = PairPlot::new(results, answer, 0, 1).unwrap();
        format!(
            "{:?}",
            (
                (best.leader.point, &best.not_told_apart, best.cheapest.point, best.stability, best.price_of_choosing),
                (comparisons, &answer.edges, answer.effects.as_ref().map(|effects| effects.replicates).ok()),
                points.iter().map(|row| (row.point, row.standing)).collect::<Vec<_>>(),
                (frontier, budget.enough(0.01), pair.best().map(|(row, column, _)| (row, column))),
                answer.budgets.iter().map(|budget| turn(budget.expected_best)).collect::<Vec<_>>(),
            )
        )
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn turning_values_and_direction_round_leaves_every_verdict(
        values in prop::collection::vec(1..4000_u16, 4 * REPLICATES as usize),
    ) {
        let value = |point: usize, replicate: u32| f32::from(values[point * REPLICATES as usize + replicate as usize]) / 4096.0;
        let mut falling = decided_by("log_loss", value);
        let mut rising = decided_by("accuracy", |point, replicate| -value(point, replicate));
        for (sweep, sign) in [(&mut falling, 1.0), (&mut rising, -1.0)] {
            for outcome in sweep.outcomes.values_mut() {
                if let Ending::Finished(scores) = &mut outcome.ending {
                    scores.last.test_metric = Some(scores.last.validation_metric + sign * 0.015_625);
                }
            }
        }
        prop_assert_eq!(findings(&falling), findings(&rising));
    }
}
