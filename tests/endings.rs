//! Trials that diverge or stop early are told apart from those that finish.

use std::sync::Arc;

use swath_results::row::{Ending, PackedCurves};
use swath_results::{Disk, Journal};

use crate::sandbox::{SMALL_SWEEP, Sandbox, assert_same, comparable};

#[test]
fn a_diverged_trial_is_recorded_with_its_epoch_and_leaves_the_others_alone() {
    let sandbox = Sandbox::new();
    let axis = "\"train.optimizer.learning_rate\" = [0.01, 1e30]\n";
    let steep = SMALL_SWEEP
        .replace("{ name = \"adam\", learning_rate = 0.02 }", "{ name = \"sgd\", learning_rate = 0.02 }")
        .replace("schedule = [\"constant\", { name = \"step\", factor = 0.5, every = 2 }]\n", axis);
    sandbox.write("both.toml", &steep);
    sandbox.write("alone.toml", steep.replace("[0.01, 1e30]", "[0.01]").replace("\"small\"", "\"alone\""));
    let both = sandbox.swath(&["run", "both.toml"]);
    assert_eq!(both.code, 0, "a trial that diverges is an answer, not a failure: {}", both.stderr);
    assert!(both.stdout.contains("diverged in epoch 1: "), "{}", both.stdout);
    assert!(both.stdout.contains("and 7 more"), "{}", both.stdout);
    let trials = sandbox.read("results/small/trials.csv");
    assert_eq!(trials.matches(",diverged,").count(), 12);
    assert_eq!(trials.matches(",finished,").count(), 12);
    let report = sandbox.read("results/small/report.md");
    assert!(report.contains("diverged"), "{report}");
    assert_eq!(sandbox.swath(&["run", "alone.toml"]).code, 0);
    for row in sandbox.read("results/alone/trials.csv").lines().skip(1) {
        assert!(trials.contains(row), "the neighbours' bits are those of a run without it: {row}");
    }
}

#[test]
fn early_stopping_ends_trials_and_says_which_epoch_was_restored() {
    let sandbox = Sandbox::new();
    let stopping = SMALL_SWEEP
        .replace("[2, 4]", "[60]")
        .replace("batch_size = 16", "batch_size = 16\nearly_stopping = { patience = 1, restore_best_weights = true }");
    sandbox.write("sweep.toml", stopping.replace("learning_rate = 0.02", "learning_rate = 0.3"));
    let ended = sandbox.swath(&["run", "sweep.toml"]);
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    let trials = sandbox.table("results/small/trials.csv");
    for row in &trials {
        assert_eq!(row["restored_epoch"], row["best_epoch"], "{row:?}");
    }
    assert!(trials.iter().any(|row| row["epochs_run"].parse::<u32>().unwrap() < 60), "{trials:?}");
}

/// Turns the outcome of the first trial in the journal into a failed one.
fn fail_the_first_trial(sandbox: &Sandbox) {
    let path = sandbox.path().join("results/small/journal.jsonl");
    let mut outcomes = Journal::read(&Disk, &path).unwrap().outcomes.as_slice().to_vec();
    outcomes[0].ending = Ending::Failed { message: "the machine was tired".to_owned() };
    outcomes[0].curves = PackedCurves::default();
    fs_err::remove_file(&path).unwrap();
    let (mut journal, _) = Journal::open(Arc::new(Disk), &path).unwrap();
    journal.append(&outcomes).unwrap();
}

#[test]
fn a_failed_trial_is_named_with_exit_code_1_until_it_is_tried_again() {
    let sandbox = Sandbox::of(SMALL_SWEEP);
    assert_eq!(sandbox.swath(&["run", "sweep.toml"]).code, 0);
    let whole = comparable(&sandbox, "results/small");
    fail_the_first_trial(&sandbox);
    let failed = sandbox.swath(&["run", "sweep.toml"]);
    assert_eq!(failed.code, 1, "{}", failed.stderr);
    assert!(failed.stderr.starts_with("failed: architecture="), "{}", failed.stderr);
    assert!(failed.stderr.ends_with(": the machine was tired\n"), "{}", failed.stderr);
    assert!(sandbox.read("results/small/trials.csv").contains(",failed,"));
    assert!(sandbox.read("results/small/report.md").contains("failed"));
    let plan = sandbox.swath(&["plan", "sweep.toml", "--retry-failed"]);
    assert!(plan.stdout.contains("1: it failed before, and is tried again"), "{}", plan.stdout);
    let retried = sandbox.swath(&["run", "sweep.toml", "--retry-failed"]);
    assert_eq!(retried.code, 0, "{}", retried.stderr);
    assert!(retried.stdout.contains("1 trials trained"), "{}", retried.stdout);
    assert_same(&whole, &comparable(&sandbox, "results/small"));
}
