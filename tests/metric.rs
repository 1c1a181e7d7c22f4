//! What decides which point is best: a metric of the sweep file, the same on both engines, and its own trials.

use crate::sandbox::{Ended, SMALL_SWEEP, Sandbox, in_one_line};

/// The small sweep with this metric, of the number or of the class.
fn sweep(metric: &str, is_classification: bool) -> String {
    let sweep = SMALL_SWEEP.replace("seed = 1", &format!("seed = 1\nmetric = \"{metric}\""));
    if is_classification {
        sweep.replace("target = \"y\"", "target = \"class\"\ntask = \"classification\"")
    } else {
        sweep
    }
}

fn run(sandbox: &Sandbox, sweep: &str, more: &[&str]) -> Ended {
    sandbox.write("sweep.toml", sweep);
    let ended = sandbox.swath(&[&["run", "sweep.toml", "--threads", "2"], more].concat());
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    ended
}

fn numbers(sandbox: &Sandbox, column: &str) -> Vec<f64> {
    sandbox.table("results/small/trials.csv").iter().map(|row| row[column].parse().unwrap()).collect()
}

#[test]
fn a_metric_that_is_recorded_already_decides_without_training_and_another_trains_anew() {
    let sandbox = Sandbox::new();
    let by_loss = run(&sandbox, &sweep("loss", true), &[]);
    assert!(by_loss.stdout.contains("Best by validation loss: "), "{}", by_loss.stdout);

    let by_accuracy = run(&sandbox, &sweep("accuracy", true), &[]);
    assert!(by_accuracy.stdout.contains("nothing to train"), "{}", by_accuracy.stdout);
    assert!(by_accuracy.stdout.contains("Best by validation accuracy: "), "{}", by_accuracy.stdout);
    assert!(sandbox.read("results/small/report.md").contains("Ranked by mean validation accuracy"));

    sandbox.write("sweep.toml", sweep("macro_f1", true));
    let plan = sandbox.swath(&["plan", "sweep.toml"]);
    assert!(plan.stdout.contains("changed: metric"), "{}", plan.stdout);
    let by_f1 = run(&sandbox, &sweep("macro_f1", true), &[]);
    assert!(by_f1.stdout.contains("24 trials trained"), "{}", by_f1.stdout);
    assert!(by_f1.stdout.contains("Best by validation macro F1: "), "{}", by_f1.stdout);
    let means = best_means(&sandbox, "validation_macro_f1");
    let json = sandbox.swath(&["report", "results/small", "--format", "json"]).stdout;
    let document: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!((&document["best_by"], &document["higher_is_better"]), (&"validation_macro_f1".into(), &true.into()));
    let best = document["best"]["ranked_by"]["mean"].as_f64().unwrap();
    assert!(means.iter().all(|mean| *mean <= best + 1e-12), "{best} of {means:?}");

    let back = run(&sandbox, &sweep("loss", true), &[]);
    assert!(back.stdout.contains("nothing to train"), "{}", back.stdout);
}

/// Means over the three replicates of every point.
fn best_means(sandbox: &Sandbox, column: &str) -> Vec<f64> {
    numbers(sandbox, column).chunks(3).map(|values| values.iter().sum::<f64>() / 3.0).collect()
}

#[test]
fn both_engines_record_every_metric() {
    for (metric, is_classification) in [
        ("balanced_accuracy", true),
        ("macro_f1", true),
        ("log_loss", true),
        ("brier", true),
        ("mse", false),
        ("rmse", false),
        ("r2", false),
    ] {
        let [lanes, burn] = ["lanes", "burn"].map(|engine| {
            let sandbox = Sandbox::new();
            run(&sandbox, &sweep(metric, is_classification), &["--engine", engine]);
            ["validation", "test"].map(|part| numbers(&sandbox, &format!("{part}_{metric}"))).concat()
        });
        assert_eq!(lanes.len(), 48);
        for (one, other) in lanes.iter().zip(&burn) {
            assert!((one - other).abs() <= 1e-3 * other.abs().max(1.0), "{metric}: {one} for {other}");
        }
    }
}

#[test]
fn metrics_follow_from_each_other_and_from_the_loss() {
    let sandbox = Sandbox::new();
    run(&sandbox, &sweep("mse", false), &[]);
    let squares = numbers(&sandbox, "validation_mse");
    run(&sandbox, &sweep("rmse", false), &[]);
    for (square, root) in squares.iter().zip(numbers(&sandbox, "validation_rmse")) {
        assert!((root * root - square).abs() <= 1e-5 * square, "{root} squared for {square}");
    }
    // The cross-entropy of probabilities that are far from 0 is what scikit-learn calls the log loss.
    run(&sandbox, &sweep("log_loss", true), &[]);
    for (loss, metric) in numbers(&sandbox, "test_loss").iter().zip(numbers(&sandbox, "test_log_loss")) {
        assert!((loss - metric).abs() <= 1e-5 * loss, "{metric} for {loss}");
    }
}

#[test]
fn r2_of_rows_whose_target_does_not_vary_is_refused_and_nothing_is_written() {
    let sandbox = Sandbox::new();
    // Few enough rows differ for the validation or test rows of some replicate to hold none of them.
    let rows = (0..100).map(|row| format!("0.{row},1.{row},low,{},yes\n", if row % 20 == 7 { 2 } else { 1 }));
    sandbox.write("data.csv", format!("a,b,kind,y,class\n{}", rows.collect::<String>()));
    sandbox.write("sweep.toml", sweep("r2", false));
    for command in ["check", "plan", "run"] {
        let ended = sandbox.swath(&[command, "sweep.toml"]);
        assert_eq!(ended.code, 2, "{command}: {}{}", ended.stdout, ended.stderr);
        // Lines are broken for the width of the terminal.
        let said = in_one_line(&ended.stderr);
        for part in ["`r2` has no value where the target does not vary", "always 1", "metric = \"r2\"", "`rmse`"] {
            assert!(said.contains(part), "{command} says `{part}`:\n{}", ended.stderr);
        }
        assert!(!sandbox.holds("results"), "nothing is written");
    }
}
