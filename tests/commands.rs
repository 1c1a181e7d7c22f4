//! What each command prints, and where.

use crate::sandbox::{SMALL_SWEEP, Sandbox, ended, without_cost};

/// Figures that come from training, and the padding that their lengths make: processors may differ in last digits.
const FIGURES: [(&str, &str); 4] =
    [(r"-?\d+\.\d+ s on", "[time] on"), (r"-?\d+\.\d+( %)?", "[figure]"), (r"  +", " "), (r"-{3,}", "---")];

#[test]
fn check_says_what_the_file_asks_for() {
    let sandbox = Sandbox::of(SMALL_SWEEP);
    let ended = sandbox.swath(&["check", "sweep.toml"]);
    insta::assert_snapshot!(ended.everything(&sandbox));
    assert!(!sandbox.holds("results"));
}

#[test]
fn plan_says_what_would_be_trained_and_why() {
    let sandbox = Sandbox::of(SMALL_SWEEP);
    let ended = sandbox.swath(&["plan", "sweep.toml", "--threads", "2"]);
    assert!(!sandbox.holds("results"));
    insta::with_settings!({filters => vec![
        (r"about \d+(\.\d+)? (s|min|h)", "about [time]"),
        (r"here \d+ trials at once \([^)]*\)", "here [lanes]"),
    ]}, {
        insta::assert_snapshot!(ended.everything(&sandbox));
    });
}

#[test]
fn plan_can_be_read_by_programs() {
    let sandbox = Sandbox::of(SMALL_SWEEP);
    let ended = sandbox.swath(&["plan", "sweep.toml", "--format", "json"]);
    let plan: serde_json::Value = serde_json::from_str(&ended.stdout).unwrap();
    assert_eq!((&plan["points"], &plan["trials"], &plan["to_train"]), (&8.into(), &24.into(), &24.into()));
    // 3 replicates of 2 architectures and 2 schedules, 5 steps an epoch, 2 and 4 epochs.
    assert_eq!(plan["steps_asked"], 3 * 2 * 2 * 5 * (2 + 4));
    assert!(plan["steps_after_sharing"].as_u64() < plan["steps_asked"].as_u64());
    assert!(plan["estimated_seconds"].as_f64().unwrap() > 0.0);
}

#[test]
fn run_answers_on_standard_output_and_names_its_files() {
    let sandbox = Sandbox::of(SMALL_SWEEP);
    let ended = sandbox.swath(&["run", "sweep.toml", "--threads", "2"]);
    insta::with_settings!({filters => FIGURES.to_vec()}, {
        insta::assert_snapshot!(ended.everything(&sandbox));
    });
    for name in ["journal.jsonl", "trials.csv", "epochs.parquet", "summary.csv", "report.md", "run.toml", "timings.csv"]
    {
        assert!(sandbox.holds(&format!("results/small/{name}")), "{name}");
    }
}

#[test]
fn the_report_of_a_small_sweep_reads_so() {
    let sandbox = Sandbox::of(SMALL_SWEEP);
    assert_eq!(sandbox.swath(&["run", "sweep.toml"]).code, 0);
    insta::with_settings!({filters => FIGURES.to_vec()}, {
        insta::assert_snapshot!(without_cost(&sandbox.read("results/small/report.md")));
    });
}

#[test]
fn quiet_says_nothing() {
    let sandbox = Sandbox::of(SMALL_SWEEP);
    let ended = sandbox.swath(&["run", "sweep.toml", "--quiet"]);
    assert_eq!((ended.code, ended.stdout.as_str(), ended.stderr.as_str()), (0, "", ""));
}

#[test]
fn report_of_a_folder_without_a_run_says_what_is_missing() {
    let sandbox = Sandbox::of(SMALL_SWEEP);
    fs_err::create_dir_all(sandbox.path().join("empty")).unwrap();
    let ended = sandbox.swath(&["report", "empty"]);
    assert_eq!(ended.code, 2);
    insta::assert_snapshot!(ended.everything(&sandbox));
}

#[test]
fn a_reader_that_leaves_early_is_no_failure() {
    let sandbox = Sandbox::of(SMALL_SWEEP);
    let mut child = sandbox.start(&["schema"]);
    drop(child.stdout.take());
    let ended = ended(child);
    assert_eq!((ended.code, ended.stderr.as_str()), (0, ""));
}

#[test]
fn the_schema_is_the_one_that_ships() {
    let sandbox = Sandbox::of(SMALL_SWEEP);
    let shipped = concat!(env!("CARGO_MANIFEST_DIR"), "/../../sweeps/sweep.schema.json");
    assert_eq!(sandbox.swath(&["schema"]).stdout, fs_err::read_to_string(shipped).unwrap());
}

#[test]
fn run_toml_tells_versions_machine_and_the_resolved_sweep() {
    let sandbox = Sandbox::of(SMALL_SWEEP);
    assert_eq!(sandbox.swath(&["run", "sweep.toml", "--threads", "2"]).code, 0);
    let record = swath_results::RunRecord::from_toml(&sandbox.read("results/small/run.toml")).unwrap();
    assert_eq!(record.swath, env!("CARGO_PKG_VERSION"));
    assert_eq!((record.run.trained, record.run.reused, record.run.threads), (24, 0, 2));
    assert!(record.run.complete && record.run.steps_trained < record.run.steps_asked);
    assert_eq!(record.source.text, SMALL_SWEEP);
    let epsilon = record.resolved["train"]["optimizer"]["epsilon"].as_float();
    assert_eq!(epsilon, Some(1e-8), "defaults are written out");
}
