//! A second run trains nothing; a changed file trains exactly what changed; damage is told.

use crate::sandbox::{SMALL_SWEEP, Sandbox, assert_same, comparable};

fn run(sandbox: &Sandbox) -> String {
    let ended = sandbox.swath(&["run", "sweep.toml", "--threads", "2"]);
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    ended.stdout
}

fn plan(sandbox: &Sandbox) -> String {
    let ended = sandbox.swath(&["plan", "sweep.toml"]);
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    ended.stdout
}

#[test]
fn a_second_run_trains_nothing_and_says_so() {
    let sandbox = Sandbox::of(SMALL_SWEEP);
    run(&sandbox);
    let first = comparable(&sandbox, "results/small");
    let (journal, record) = (sandbox.read("results/small/journal.jsonl"), sandbox.read("results/small/run.toml"));
    let second = run(&sandbox);
    assert!(second.contains("nothing to train, all 24 trials are recorded"), "{second}");
    assert_same(&first, &comparable(&sandbox, "results/small"));
    assert_eq!(journal, sandbox.read("results/small/journal.jsonl"));
    assert_eq!(record, sandbox.read("results/small/run.toml"));
}

#[test]
fn a_changed_file_trains_exactly_what_changed() {
    let sandbox = Sandbox::of(SMALL_SWEEP);
    run(&sandbox);
    sandbox.write("sweep.toml", SMALL_SWEEP.replace("epochs = [2, 4]", "epochs = [2, 4, 5]"));
    let plan = plan(&sandbox);
    assert!(plan.contains("to train: 12\n  12: the earlier run had no such point"), "{plan}");
    let second = run(&sandbox);
    assert!(second.contains("12 trials trained") && second.contains("24 reused"), "{second}");
}

#[test]
fn a_plan_says_why_trials_must_run_again() {
    let sandbox = Sandbox::new();
    let change = |text: &str| {
        sandbox.write("sweep.toml", text);
        plan(&sandbox)
    };
    let new = change(SMALL_SWEEP);
    assert!(new.contains("to train: 24\n  24: nothing is recorded yet"), "{new}");
    run(&sandbox);
    let seed = change(&SMALL_SWEEP.replace("seed = 1", "seed = 2"));
    assert!(seed.contains("24: changed: seed\n"), "{seed}");
    let replicates = change(&SMALL_SWEEP.replace("replicates = 3", "replicates = 5"));
    assert!(replicates.contains("to train: 16\n  16: the earlier run had fewer replicates\n"), "{replicates}");
    let rate = change(&SMALL_SWEEP.replace("learning_rate = 0.02", "learning_rate = 0.03"));
    assert!(rate.contains("24: changed: [train]\n"), "{rate}");
    let model = change(&SMALL_SWEEP.replace("hidden = [4]", "hidden = [5]"));
    assert!(model.contains("24: changed: [model]\n"), "{model}");
    sandbox.write("data.csv", sandbox.read("data.csv").replacen("low", "high", 1));
    let data = change(SMALL_SWEEP);
    assert!(data.contains("24: changed: content of the data\n"), "{data}");
}

#[test]
fn moving_the_data_or_renaming_an_architecture_trains_nothing() {
    let sandbox = Sandbox::of(SMALL_SWEEP);
    run(&sandbox);
    sandbox.write("elsewhere/copy.csv", sandbox.read("data.csv"));
    let moved = SMALL_SWEEP
        .replace("data.csv", "elsewhere/copy.csv")
        .replace("wide = {", "broad = {")
        .replace(r#"["baseline", "wide"]"#, r#"["baseline", "broad"]"#);
    sandbox.write("sweep.toml", moved);
    assert!(run(&sandbox).contains("nothing to train"));
}

#[test]
fn any_prefix_of_the_journal_leads_to_the_same_tables() {
    let sandbox = Sandbox::of(SMALL_SWEEP);
    run(&sandbox);
    let whole = comparable(&sandbox, "results/small");
    let journal = sandbox.read("results/small/journal.jsonl");
    for bytes in (0..=8).map(|part| journal.len() * part / 8) {
        sandbox.write("results/small/journal.jsonl", &journal.as_bytes()[..bytes]);
        run(&sandbox);
        assert_same(&whole, &comparable(&sandbox, "results/small"));
    }
}

#[test]
fn tables_can_be_made_again_from_the_journal_without_the_data() {
    let sandbox = Sandbox::of(SMALL_SWEEP);
    run(&sandbox);
    let whole = comparable(&sandbox, "results/small");
    for name in ["trials.csv", "epochs.parquet", "summary.csv", "comparisons.csv", "report.md"] {
        fs_err::remove_file(sandbox.path().join("results/small").join(name)).unwrap();
    }
    fs_err::remove_file(sandbox.path().join("data.csv")).unwrap();
    let ended = sandbox.swath(&["report", "results/small"]);
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    assert_same(&whole, &comparable(&sandbox, "results/small"));
}

#[test]
fn a_damaged_journal_stops_the_run_and_names_the_line() {
    let sandbox = Sandbox::of(SMALL_SWEEP);
    run(&sandbox);
    let mut journal = sandbox.read("results/small/journal.jsonl").into_bytes();
    let middle = journal.len() / 2;
    journal[middle] ^= 1;
    sandbox.write("results/small/journal.jsonl", &journal);
    let ended = sandbox.swath(&["run", "sweep.toml"]);
    assert_eq!(ended.code, 2, "{}", ended.stderr);
    assert!(ended.stderr.contains("line ") && ended.stderr.contains("journal.jsonl"), "{}", ended.stderr);
    assert_eq!(fs_err::read(sandbox.path().join("results/small/journal.jsonl")).unwrap(), journal);
}
