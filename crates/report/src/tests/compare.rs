//! Two synthetic folders held against each other.

use swath_results::RunRecord;
use swath_results::manifest::{BestBy, Task};
use swath_results::row::Ending;
use swath_results::run::DataVariant;

use super::fixture::{Sweep, run_record};
use crate::answer::name_of;
use crate::compare::{Comparison, Incomparable, Obstacle, Side, compare, document, text};
use crate::statistics::Verdict;

const AXES: [(&str, &[&str]); 2] = [("architecture", &["baseline", "wide", "deep"]), ("epochs", &["10", "30"])];

fn record(settings: &str) -> RunRecord {
    let resolved =
        format!("seed = 7\n[data]\nrows = 'all'\n[train]\nepochs = 30\nrate = 0.1\n{settings}").parse().unwrap();
    let mut record = RunRecord { resolved, ..run_record() };
    record.data.variants = vec![DataVariant { digest: "ab".repeat(32), ..DataVariant::default() }];
    record
}

/// A sweep whose keys are its own and whose losses are so much higher, replicate by replicate.
fn shifted(axes: &[(&str, &[&str])], replicates: u32, by: f32) -> Sweep {
    let mut sweep = Sweep::new(Task::Regression, axes, replicates);
    for key in sweep.manifest.keys.clone() {
        let mut outcome = sweep.outcomes.remove(&key).unwrap();
        outcome.key.0 ^= 1 << 100;
        if let Ending::Finished(scores) = &mut outcome.ending {
            for score in [&mut scores.last, &mut scores.best] {
                // Not the same in every replicate, so that there is something to test.
                let by = by * (1.0 + (key.0 % 7) as f32 / 20.0);
                score.validation_loss += by;
                score.test_loss = score.test_loss.map(|loss| loss + by);
                score.test_metric = score.test_metric.map(|metric| metric + 1_000.0 * by);
            }
        }
        sweep.outcomes.insert(outcome.key, outcome);
    }
    for key in &mut sweep.manifest.keys {
        key.0 ^= 1 << 100;
    }
    sweep
}

fn compared<T>(
    a: &Sweep,
    b: &Sweep,
    records: [&RunRecord; 2],
    then: impl FnOnce(&Comparison, Side<'_>, Side<'_>) -> T,
) -> T {
    let (results_a, results_b) = (a.results(), b.results());
    let [a, b] = [(&results_a, records[0]), (&results_b, records[1])].map(|(results, record)| Side { results, record });
    then(&compare(a, b).unwrap(), a, b)
}

fn page(a: &Sweep, b: &Sweep, records: [&RunRecord; 2]) -> String {
    compared(a, b, records, |comparison, a, b| {
        let name = |side: usize, point: usize| name_of(if side == 0 { a.results } else { b.results }, point);
        text(comparison, ["results/a", "results/b"], &name)
    })
}

#[test]
fn a_changed_setting_is_named_and_its_effect_is_tested_within_replicates() {
    let (a, mut b) = (Sweep::new(Task::Regression, &AXES, 5), shifted(&AXES, 5, 0.003));
    b.set_ending(0, 2, Ending::Diverged { epoch: 4 });
    b.remove(5, 4);
    let (before, mut after) = (record(""), record(""));
    after.resolved["train"]["rate"] = 0.2.into();
    after.machine.processor = "Another".to_owned();
    insta::assert_snapshot!(page(&a, &b, [&before, &after]));
}

#[test]
fn the_document_of_a_comparison_reads_so() {
    let axes: [(&str, &[&str]); 1] = [("epochs", &["10", "30"])];
    let (a, b) = (Sweep::new(Task::Regression, &axes, 4), shifted(&axes, 4, 0.004));
    let document = compared(&a, &b, [&record(""), &record("l2 = 0.1")], |comparison, a, b| {
        document(comparison, a, b, ["results/a", "results/b"])
    });
    crate::json::tests::assert_page_names_keys("compare.md", &document);
    insta::assert_snapshot!(format!("{document:#}"));
}

#[test]
fn swapping_the_folders_mirrors_differences_and_verdicts() {
    let (a, b) = (Sweep::new(Task::Regression, &AXES, 5), shifted(&AXES, 5, 0.01));
    let records = [&record(""), &record("l2 = 0.1")];
    let verdicts = |a, b| {
        compared(a, b, records, |comparison, _, _| {
            let overall = comparison.overall.clone().unwrap();
            let points = comparison.points.iter().map(|point| point.difference.as_ref().unwrap().verdict);
            (overall.mean(), overall.verdict, points.collect::<Vec<_>>())
        })
    };
    let ((mean, verdict, points), (mirrored, other, others)) = (verdicts(&a, &b), verdicts(&b, &a));
    assert!((mean + mirrored).abs() < 1e-12 && mean > 0.01);
    assert_eq!((verdict, other), (Verdict::Worse, Verdict::Better));
    assert!(
        points.iter().all(|verdict| *verdict == Verdict::Worse)
            && others.iter().all(|verdict| *verdict == Verdict::Better)
    );
}

#[test]
fn equal_keys_are_the_same_bits_and_are_not_tested() {
    let sweep = Sweep::new(Task::Regression, &AXES, 5);
    let record = record("");
    let page = page(&sweep, &sweep, [&record, &record]);
    assert!(
        page.contains("Nothing: the same settings") && page.contains("the same bits, so nothing is to be tested"),
        "{page}"
    );
    compared(&sweep, &sweep, [&record, &record], |comparison, _, _| {
        assert!(comparison.points.iter().all(|point| point.same_bits && point.difference.is_none()));
        assert_eq!(comparison.contradictions, 0);
    });
}

#[test]
fn equal_keys_with_other_results_are_a_contradiction_that_is_told() {
    let (a, mut b) = (Sweep::new(Task::Regression, &AXES, 5), Sweep::new(Task::Regression, &AXES, 5));
    b.set_ending(1, 1, Ending::Diverged { epoch: 2 });
    // A trial that failed may be tried again with another result.
    b.set_ending(2, 1, Ending::Failed { message: "tired".to_owned() });
    let page = page(&a, &b, [&record(""), &record("")]);
    assert!(page.contains("Warning: 1 trial of equal keys have other results"), "{page}");
}

#[test]
fn another_seed_other_data_or_another_cut_are_never_paired() {
    let (a, b) = (Sweep::new(Task::Regression, &AXES, 5), shifted(&AXES, 4, 0.05));
    let before = record("");
    let (mut seed, mut data, mut cut) = (record(""), record(""), record(""));
    seed.resolved["seed"] = 8.into();
    data.data.variants[0].digest = "cd".repeat(32);
    cut.resolved["data"]["rows"] = 500.into();
    for (after, obstacle) in
        [(&seed, Obstacle::Seed), (&data, Obstacle::Data), (&cut, Obstacle::Split("data.rows".to_owned()))]
    {
        compared(&a, &b, [&before, after], |comparison, _, _| {
            assert_eq!(comparison.pairing, crate::compare::Pairing::Unpaired(vec![obstacle.clone()]));
            let overall = comparison.overall.as_ref().unwrap();
            assert_eq!((overall.n, overall.verdict), ([5, 4], Verdict::Worse));
        });
        let page = page(&a, &b, [&before, after]);
        assert!(page.contains("Not paired, as ") && page.contains("Welch's"), "{page}");
    }
    // The pairing is worth much: the same shift of a fifth of that is seen by pairs alone.
    let b = shifted(&AXES, 5, 0.001);
    let verdict = |after: &RunRecord| {
        compared(&a, &b, [&before, after], |comparison, _, _| comparison.overall.clone().unwrap().verdict)
    };
    assert_eq!(verdict(&record("l2 = 0.1")), Verdict::Worse);
    assert_eq!(verdict(&seed), Verdict::NotEnoughReplicates { needed: None });
}

#[test]
fn points_match_by_labels_at_the_settings_of_who_lacks_an_axis_and_else_by_keys() {
    let a = Sweep::new(Task::Regression, &AXES, 3);
    // B has no axis `epochs`; its `train.epochs` is 30.
    let b = shifted(&[("architecture", &["wide", "narrow"])], 3, 0.0);
    compared(&a, &b, [&record(""), &record("")], |comparison, _, _| {
        let matching = &comparison.matching;
        assert_eq!(matching.axes_only_a, ["epochs"]);
        // wide at 30 epochs is point 3 of A and point 0 of B.
        assert_eq!(matching.matched.iter().map(|matched| (matched.a, matched.b)).collect::<Vec<_>>(), [(3, 0)]);
        assert_eq!((matching.only_a.len(), matching.only_b.as_slice(), matching.ambiguous), (5, &[1][..], 0));
    });
    // Nothing says at which architecture C is.
    let c = shifted(&[("epochs", &["10", "30"])], 3, 0.0);
    compared(&a, &c, [&record(""), &record("")], |comparison, _, _| {
        assert_eq!((comparison.matching.matched.len(), comparison.matching.ambiguous), (0, 6));
    });
    // Keys do.
    let mut c = Sweep::new(Task::Regression, &[("epochs", &["10", "30"])], 3);
    c.manifest.keys.copy_from_slice(&a.manifest.keys[6..12]);
    compared(&a, &c, [&record(""), &record("")], |comparison, _, _| {
        let matched: Vec<(usize, usize)> = comparison.matching.matched.iter().map(|pair| (pair.a, pair.b)).collect();
        assert_eq!((matched.as_slice(), comparison.matching.ambiguous), (&[(2, 0), (3, 1)][..], 4));
    });
}

#[test]
fn an_empty_side_is_compared_in_nothing_and_says_so() {
    let (a, mut b) = (Sweep::new(Task::Regression, &AXES, 3), shifted(&AXES, 3, 0.0));
    b.outcomes.clear();
    let page = page(&a, &b, [&record(""), &record("l2 = 1.0")]);
    assert!(page.contains("18 without an outcome"), "{page}");
    assert!(
        page.contains("so nothing is compared overall") && page.contains("6 without a replicate to compare"),
        "{page}"
    );
}

#[test]
fn another_loss_is_compared_by_the_metric_and_another_task_or_target_is_refused() {
    let (a, b) = (Sweep::new(Task::Regression, &AXES, 3), shifted(&AXES, 3, 0.1));
    compared(&a, &b, [&record("loss = 'mse'"), &record("loss = 'mae'")], |comparison, _, _| {
        assert!(comparison.unlike_losses);
        assert_eq!(
            (comparison.figure_name.as_str(), comparison.overall.as_ref().unwrap().verdict),
            ("test_mae", Verdict::Worse)
        );
    });
    let classes = Sweep::new(Task::Classification, &AXES, 3);
    let (results_a, results_b, record) = (a.results(), classes.results(), record(""));
    let side = |results| Side { results, record: &record };
    let error = compare(side(&results_a), side(&results_b)).unwrap_err();
    assert_eq!(error, Incomparable::Task { a: "regression", b: "classification" });
    let mut other = Sweep::new(Task::Regression, &AXES, 3);
    other.manifest.objective.target = "weight".to_owned();
    let results_b = other.results();
    let error = compare(side(&results_a), side(&results_b)).unwrap_err();
    assert!(error.to_string().contains("A predicts `price` and B predicts `weight`"), "{error}");
}

#[test]
fn a_classification_is_compared_in_the_direction_of_its_metric() {
    let sweep = |by: f32| {
        let mut sweep = shifted(&AXES, 4, by);
        sweep.manifest.objective = Sweep::new(Task::Classification, &AXES, 1).manifest.objective;
        sweep
    };
    // Losses of other units: compared by accuracy, which is better the higher it is.
    let records = [&record("loss = 'cross_entropy'"), &record("loss = 'other'")];
    compared(&sweep(0.0), &sweep(0.2), records, |comparison, _, _| {
        assert_eq!(comparison.overall.as_ref().unwrap().verdict, Verdict::Better);
    });
}

#[test]
fn what_decides_in_both_is_compared_and_two_metrics_are_none_in_common() {
    let decided = |by: f32, metric: &str, best_by: BestBy| {
        let mut sweep = shifted(&AXES, 4, by);
        sweep.manifest.objective.metric = metric.to_owned();
        sweep.manifest.objective.best_by = best_by;
        sweep
    };
    let figure = |a: &Sweep, b: &Sweep| {
        compared(a, b, [&record(""), &record("")], |comparison, _, _| {
            (comparison.figure_name.clone(), comparison.overall.as_ref().unwrap().verdict)
        })
    };
    let by_r2 = decided(0.0, "r2", BestBy::Metric);
    assert_eq!(figure(&by_r2, &decided(0.2, "r2", BestBy::Metric)), ("test_r2".to_owned(), Verdict::Better));
    assert_eq!(figure(&by_r2, &decided(0.2, "r2", BestBy::Loss)), ("test_loss".to_owned(), Verdict::Worse));
    let by_rmse = decided(0.2, "rmse", BestBy::Metric);
    assert_eq!(figure(&by_r2, &by_rmse), ("test_loss".to_owned(), Verdict::Worse));

    let (results_a, results_b) = (by_r2.results(), by_rmse.results());
    let [a, b] = [record("loss = 'mse'"), record("loss = 'mae'")];
    let error =
        compare(Side { results: &results_a, record: &a }, Side { results: &results_b, record: &b }).unwrap_err();
    assert_eq!(error, Incomparable::Metric { a: "r2".to_owned(), b: "rmse".to_owned() });
    assert!(error.to_string().contains("A records the metric `r2` and B `rmse`"), "{error}");
}
