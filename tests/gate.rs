//! Results held against a baseline on the command line: every exit code, every format, and wrong input.

use serde_json::Value;

use crate::sandbox::{Ended, SMALL_SWEEP, Sandbox, in_one_line};

/// A sandbox in which the small sweep is the baseline, and `text` was run afterwards.
fn against(text: &str) -> Sandbox {
    let sandbox = Sandbox::new();
    run(&sandbox, SMALL_SWEEP, "before");
    let ended = sandbox.swath(&["baseline", "before/small", "--baselines", "kept"]);
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    assert!(ended.stdout.starts_with("kept/small: written, 24 trials"), "{}", ended.stdout);
    run(&sandbox, text, "after");
    sandbox
}

fn run(sandbox: &Sandbox, text: &str, place: &str) {
    sandbox.write("sweep.toml", text);
    let ended = sandbox.swath(&["run", "sweep.toml", "--threads", "2", "--quiet", "--results", place]);
    assert_eq!(ended.code, 0, "{}", ended.stderr);
}

fn gate(sandbox: &Sandbox, more: &[&str]) -> Ended {
    sandbox.swath(&[&["gate", "after/small", "--baseline", "kept/small"], more].concat())
}

fn json(sandbox: &Sandbox) -> (i32, Value) {
    let ended = gate(sandbox, &["--format", "json"]);
    (ended.code, serde_json::from_str(&ended.stdout).unwrap())
}

/// Rates so small that nothing is learnt: worse in every replicate, by far.
fn lamed() -> String {
    SMALL_SWEEP.replace("learning_rate = 0.02", "learning_rate = 0.00001")
}

/// The small sweep with terms by which three replicates settle something.
fn with_terms(text: &str, terms: &str) -> String {
    format!("{text}\n[gate]\n{terms}\n")
}

#[test]
fn an_unchanged_sweep_passes_by_equal_bits_and_says_so() {
    let sandbox = against(SMALL_SWEEP);
    let ended = gate(&sandbox, &[]);
    assert_eq!((ended.code, ended.stderr.as_str()), (0, ""));
    assert!(ended.stdout.contains("Passed: the same bits."), "{}", ended.stdout);
    let (code, document) = json(&sandbox);
    assert_eq!((code, &document["answer"], &document["same_bits"]), (0, &"passed".into(), &true.into()));
    assert_eq!((&document["changes"], &document["overall"]), (&serde_json::json!([]), &serde_json::json!([])));
    let markdown = gate(&sandbox, &["--format", "markdown"]);
    assert!(markdown.stdout.starts_with("## small: passed\n"), "{}", markdown.stdout);
    let junit = gate(&sandbox, &["--format", "junit"]);
    assert!(junit.stdout.contains("<testsuites tests=\"8\" failures=\"0\" errors=\"0\">"), "{}", junit.stdout);
}

#[test]
fn a_sweep_that_learns_no_more_regresses_and_the_change_is_named() {
    let sandbox = against(&with_terms(&lamed(), "alpha = 0.05\nmargin = 0.05"));
    let ended = gate(&sandbox, &[]);
    assert_eq!((ended.code, ended.stderr.as_str()), (1, ""));
    let words = in_one_line(&ended.stdout);
    for expected in [
        "## small: regressed",
        "| train.optimizer.learning_rate | 0.02 | 0.00001 |",
        "Overall regressed: the mean validation loss is",
    ] {
        assert!(words.contains(expected), "{expected} is not in\n{}", ended.stdout);
    }
    let (code, document) = json(&sandbox);
    assert_eq!((code, &document["answer"]), (1, &"regressed".into()));
    let overall = &document["overall"][1];
    assert!(overall["worse_by"].as_f64().unwrap() > overall["margin_in_units"].as_f64().unwrap());
    assert!(document["points"].as_array().unwrap().iter().all(|point| point["difference"]["n"] == 3));
    let junit = gate(&sandbox, &["--format", "junit"]);
    assert_eq!(junit.code, 1);
    assert!(
        junit.stdout.contains("<failure type=\"regressed\" message=\"the mean validation loss is"),
        "{}",
        junit.stdout
    );
}

#[test]
fn the_same_regression_with_the_default_alpha_and_three_replicates_cannot_be_told() {
    let sandbox = against(&SMALL_SWEEP.replace("learning_rate = 0.02", "learning_rate = 0.0199"));
    let (code, document) = json(&sandbox);
    assert_eq!((code, &document["answer"]), (3, &"cannot tell".into()));
    assert_eq!((&document["alpha"], &document["margin"]), (&0.002.into(), &0.01.into()));
    let junit = gate(&sandbox, &["--format", "junit"]);
    assert_eq!(junit.code, 3);
    assert!(junit.stdout.contains("<error type=\"cannot tell\""), "{}", junit.stdout);
}

#[test]
fn a_change_that_is_far_within_the_margin_passes_without_equal_bits() {
    let text = with_terms(&SMALL_SWEEP.replace("learning_rate = 0.02", "learning_rate = 0.0200001"), "margin = 0.2");
    let (code, document) = json(&against(&text));
    assert_eq!((code, &document["answer"], &document["same_bits"]), (0, &"passed".into(), &false.into()));
}

#[test]
fn the_figure_is_the_one_that_the_file_names() {
    let text = with_terms(&lamed(), "alpha = 0.05\nmetric = \"validation_metric\"");
    let (code, document) = json(&against(&text));
    assert_eq!((code, &document["compared_by"]), (1, &serde_json::json!(["validation_mae"])));
    let text = with_terms(&SMALL_SWEEP.replace("inputs = ", "test = 0\ninputs = "), "metric = \"test_loss\"");
    let ended = gate(&against(&text), &[]);
    assert_eq!((ended.code, ended.stdout.as_str()), (2, ""));
    assert!(ended.stderr.contains("the sweep keeps no test rows"), "{}", ended.stderr);
}

#[test]
fn a_point_that_is_gone_is_a_regression_and_a_new_one_cannot_be_told() {
    let (code, document) = json(&against(&SMALL_SWEEP.replace("epochs = [2, 4]", "epochs = [2]")));
    assert_eq!(code, 1);
    let reasons: Vec<&str> =
        document["points"].as_array().unwrap().iter().map(|point| point["reason"].as_str().unwrap()).collect();
    assert_eq!(reasons.iter().filter(|reason| **reason == "regressed: the point is gone").count(), 4);
    assert_eq!(reasons.iter().filter(|reason| **reason == "the same bits").count(), 4);
    let (code, document) = json(&against(&SMALL_SWEEP.replace("epochs = [2, 4]", "epochs = [2, 4, 6]")));
    assert_eq!((code, &document["answer"]), (3, &"cannot tell".into()));
}

#[test]
fn trials_without_an_outcome_are_never_a_silent_pass() {
    let sandbox = against(SMALL_SWEEP);
    let journal = sandbox.read("after/small/journal.jsonl");
    let kept = journal.lines().count() - 5;
    sandbox.write("after/small/journal.jsonl", journal.split_inclusive('\n').take(kept).collect::<String>());
    let ended = gate(&sandbox, &[]);
    assert_eq!(ended.code, 3, "{}", ended.stdout);
    assert!(ended.stdout.contains("5 trials without an outcome"), "{}", ended.stdout);
    let refused = sandbox.swath(&["baseline", "after/small", "--baselines", "kept"]);
    assert_eq!(refused.code, 2);
    assert!(refused.stderr.contains("5 of 24 trials have no outcome"), "{}", refused.stderr);
}

#[test]
fn diverging_trials_are_a_regression() {
    let text =
        SMALL_SWEEP.replace("{ name = \"adam\", learning_rate = 0.02 }", "{ name = \"sgd\", learning_rate = 1e30 }");
    let ended = gate(&against(&text), &[]);
    assert_eq!(ended.code, 1, "{}", ended.stdout);
    assert!(ended.stdout.contains("diverged that finished in the baseline"), "{}", ended.stdout);
}

#[test]
fn other_data_cannot_be_told_and_another_task_is_wrong_input() {
    let sandbox = against(SMALL_SWEEP);
    let data = sandbox.read("data.csv");
    sandbox.write("data.csv", data.split_inclusive('\n').take(111).collect::<String>());
    run(&sandbox, SMALL_SWEEP, "after");
    let ended = gate(&sandbox, &[]);
    assert_eq!(ended.code, 3, "{}", ended.stdout);
    let words = in_one_line(&ended.stdout);
    assert!(words.contains("Differences cannot be judged, as the data changed."), "{}", ended.stdout);
    assert!(words.contains("| data content |"), "{}", ended.stdout);
    let classes = SMALL_SWEEP.replace("target = \"y\"", "target = \"class\"\ntask = \"classification\"");
    let ended = gate(&against(&classes), &[]);
    assert_eq!((ended.code, ended.stdout.as_str()), (2, ""));
    assert!(ended.stderr.contains("A is a regression and B is a classification"), "{}", ended.stderr);
}

#[test]
fn a_baseline_that_is_missing_or_damaged_is_wrong_input() {
    let sandbox = against(SMALL_SWEEP);
    let missing = sandbox.swath(&["gate", "after/small", "--baseline", "kept/none"]);
    assert_eq!(missing.code, 2);
    assert!(missing.stderr.contains("there is no folder `kept/none`"), "{}", missing.stderr);
    let none = sandbox.swath(&["gate", "after/small", "--baseline", "before/small"]);
    assert_eq!(none.code, 2);
    assert!(none.stderr.contains("there is no `SHA256SUMS` in it; `swath baseline DIR`"), "{}", none.stderr);
    let trials = sandbox.read("kept/small/trials.csv");
    for (file, content) in [
        ("trials.csv", trials.replacen("finished", "diverged", 1)),
        ("trials.csv", trials.lines().take(20).collect::<Vec<_>>().join("\n")),
        ("run.toml", String::new()),
        ("SHA256SUMS", String::new()),
    ] {
        let before = sandbox.read(&format!("kept/small/{file}"));
        sandbox.write(&format!("kept/small/{file}"), content);
        let ended = gate(&sandbox, &[]);
        assert_eq!((ended.code, ended.stdout.as_str()), (2, ""), "{file}");
        assert!(ended.stderr.contains("is damaged") || ended.stderr.contains("has no checksum"), "{}", ended.stderr);
        sandbox.write(&format!("kept/small/{file}"), before);
    }
    assert_eq!(gate(&sandbox, &[]).code, 0);
}

#[test]
fn a_misspelt_key_of_the_gate_is_shown_with_the_right_one() {
    let sandbox = Sandbox::of(with_terms(SMALL_SWEEP, "margn = 0.02"));
    let ended = sandbox.swath(&["check", "sweep.toml"]);
    assert_eq!(ended.code, 2);
    assert!(ended.stderr.contains("`gate` has no key `margn`"), "{}", ended.stderr);
    assert!(ended.stderr.contains("`margin`"), "{}", ended.stderr);
}

#[test]
fn a_baseline_is_renewed_only_where_something_changed_and_says_what() {
    let sandbox = against(&lamed());
    let before = sandbox.read("kept/small/trials.csv");
    let same = sandbox.swath(&["baseline", "before/small", "--baselines", "kept"]);
    assert_eq!((same.code, same.stdout.as_str()), (0, "kept/small: nothing changed, and nothing was written\n"));
    let renewed = sandbox.swath(&["baseline", "after/small", "--baselines", "kept"]);
    assert_eq!(renewed.code, 0, "{}", renewed.stderr);
    assert!(renewed.stdout.contains("train.optimizer.learning_rate"), "{}", renewed.stdout);
    assert!(renewed.stdout.contains("kept/small: renewed, 24 trials"), "{}", renewed.stdout);
    assert_ne!(before, sandbox.read("kept/small/trials.csv"));
    assert_eq!(gate(&sandbox, &[]).code, 0);
}
