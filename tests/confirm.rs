//! The winner and the baseline on fresh replicates: trained after the grid, once, and only what the winner asks for.

use crate::sandbox::{Ended, SMALL_SWEEP, Sandbox, assert_same, comparable, ended};

/// The small sweep with a confirmation on four fresh replicates.
fn confirming() -> String {
    SMALL_SWEEP.replace("replicates = 3", "replicates = 3\nconfirm = 4")
}

fn run(sandbox: &Sandbox, more: &[&str]) -> Ended {
    sandbox.swath(&[&["run", "sweep.toml", "--threads", "2"], more].concat())
}

/// The files that must not depend on how they were made, that of the confirmation among them.
fn files(sandbox: &Sandbox, folder: &str) -> Vec<(String, Vec<u8>)> {
    let mut files = comparable(sandbox, folder);
    files.push(("confirmation.csv".to_owned(), sandbox.read(&format!("{folder}/confirmation.csv")).into_bytes()));
    files
}

#[test]
fn winner_and_baseline_are_trained_on_fresh_replicates_once_and_a_second_run_trains_nothing() {
    let sandbox = Sandbox::of(confirming());
    let first = run(&sandbox, &[]);
    assert_eq!(first.code, 0, "{}", first.stderr);
    assert!(
        first.stdout.contains("32 trials trained (8 of the sweep's 32 to confirm the best point)"),
        "{}",
        first.stdout
    );
    assert!(first.stdout.contains("Confirmed on 4 fresh replicates"), "{}", first.stdout);
    let rows = sandbox.table("results/small/confirmation.csv");
    let seen: Vec<(&str, &str)> = rows.iter().map(|row| (row["role"].as_str(), row["replicate"].as_str())).collect();
    let expected = ["winner", "baseline"].map(|role| ["3", "4", "5", "6"].map(|replicate| (role, replicate)));
    assert_eq!(seen, expected.concat());
    assert!(rows.iter().all(|row| row["status"] == "finished" && !row["test_loss"].is_empty()));
    let trials = sandbox.read("results/small/trials.csv");
    assert!(rows.iter().all(|row| !trials.contains(&row["key"])), "fresh trials are none of the grid");
    let timings = sandbox.read("results/small/timings.csv");
    assert!(rows.iter().all(|row| timings.contains(&row["key"])));

    let (before, journal) = (files(&sandbox, "results/small"), sandbox.read("results/small/journal.jsonl"));
    let record = sandbox.read("results/small/run.toml");
    let second = run(&sandbox, &[]);
    assert!(second.stdout.contains("nothing to train, all 32 trials are recorded"), "{}", second.stdout);
    assert_same(&before, &files(&sandbox, "results/small"));
    assert_eq!(
        (journal, record),
        (sandbox.read("results/small/journal.jsonl"), sandbox.read("results/small/run.toml"))
    );
}

#[test]
fn a_fresh_replicate_has_the_bits_of_that_replicate_in_a_sweep_of_more() {
    let sandbox = Sandbox::of(confirming());
    assert_eq!(run(&sandbox, &[]).code, 0);
    let fresh = sandbox.table("results/small/confirmation.csv");
    sandbox.write("sweep.toml", SMALL_SWEEP.replace("replicates = 3", "replicates = 7"));
    let more = run(&sandbox, &[]);
    assert!(more.stdout.contains("32 reused"), "the fresh trials are found under their keys: {}", more.stdout);
    let trials = sandbox.read("results/small/trials.csv");
    for row in fresh {
        let found = trials.lines().find(|line| line.starts_with(&row["key"])).unwrap();
        assert!(found.contains(&format!(",{},", row["test_loss"])), "{found}");
    }
    assert!(!sandbox.holds("results/small/confirmation.csv"), "what is not asked for any more is taken away");
}

#[test]
fn the_confirmation_is_made_again_from_journal_and_run_toml_alone() {
    let sandbox = Sandbox::of(confirming());
    assert_eq!(run(&sandbox, &[]).code, 0);
    let whole = files(&sandbox, "results/small");
    for name in ["confirmation.csv", "report.md", "trials.csv"] {
        fs_err::remove_file(sandbox.path().join("results/small").join(name)).unwrap();
    }
    fs_err::remove_file(sandbox.path().join("data.csv")).unwrap();
    fs_err::remove_file(sandbox.path().join("sweep.toml")).unwrap();
    let ended = sandbox.swath(&["report", "results/small"]);
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    assert!(ended.stdout.contains("Confirmed on 4 fresh replicates"), "{}", ended.stdout);
    assert_same(&whole, &files(&sandbox, "results/small"));
}

#[test]
fn a_plan_says_what_confirming_costs_before_the_grid_is_done_and_after() {
    let sandbox = Sandbox::of(confirming());
    let plan = |arguments: &[&str]| sandbox.swath(&[&["plan", "sweep.toml"], arguments].concat()).stdout;
    let before = plan(&[]);
    let line = "to confirm: up to 8 trials on top, of the best point and the baseline on 4 fresh replicates each, once";
    assert!(before.contains(line), "{before}");
    let before: serde_json::Value = serde_json::from_str(&plan(&["--format", "json"])).unwrap();
    assert_eq!((&before["to_confirm"]["trials"], &before["to_confirm"]["best_is_known"]), (&8.into(), &false.into()));
    assert!(before["to_confirm"]["estimated_seconds"].as_f64().unwrap() > 0.0);
    sandbox.write("sweep.toml", SMALL_SWEEP);
    assert_eq!(run(&sandbox, &[]).code, 0);
    sandbox.write("sweep.toml", confirming());
    let after = plan(&[]);
    assert!(after.contains("to train: 0\nto confirm: 8 trials of the best point and the baseline"), "{after}");
    let trained = run(&sandbox, &[]);
    assert!(trained.stdout.contains("8 trials trained"), "only the fresh ones: {}", trained.stdout);
    assert!(plan(&[]).contains("to confirm: nothing more"));
}

#[test]
fn a_changed_file_confirms_the_winner_that_it_has() {
    let sandbox = Sandbox::of(confirming());
    assert_eq!(run(&sandbox, &[]).code, 0);
    // Only the baseline is left: it wins, and the first point of the grid is what it is held against.
    sandbox.write("sweep.toml", confirming().replace(r#"["baseline", "wide"]"#, r#"["baseline"]"#));
    let changed = run(&sandbox, &[]);
    assert_eq!(changed.code, 0, "{}", changed.stderr);
    let rows = sandbox.table("results/small/confirmation.csv");
    assert!(rows.iter().all(|row| row["architecture"] == "baseline"));
    // One point is the winner and the baseline at once.
    sandbox.write("sweep.toml", confirming().split("[grid]").next().unwrap());
    let alone = run(&sandbox, &[]);
    assert!(alone.stdout.contains("It is the baseline itself"), "{}", alone.stdout);
    assert_eq!(sandbox.read("results/small/confirmation.csv").lines().count(), 5);
}

#[test]
fn fresh_trials_that_diverge_are_said_and_stand_in_the_table() {
    // The first and only point learns so steeply that some replicates diverge and others do not: found by their keys.
    let steep = "name = \"small\"\nreplicates = 1\nconfirm = 12\n[data]\npath = \"data.csv\"\ntarget = \"y\"\n\
                 inputs = [\"a\", \"b\"]\n[model]\nhidden = [4]\n[train]\nepochs = 12\nbatch_size = 8\n\
                 optimizer = { name = \"sgd\", learning_rate = RATE }\n";
    for rate in ["0.9", "1.1", "1.3", "1.5", "1.7", "2.0", "2.3", "2.6", "3.0", "3.5", "4.0"] {
        let sandbox = Sandbox::of(steep.replace("RATE", rate));
        let ended = run(&sandbox, &[]);
        assert_eq!(ended.code, 0, "a trial that diverges is an answer, not a failure: {}", ended.stderr);
        if !sandbox.read("results/small/trials.csv").contains(",finished,") {
            continue;
        }
        let table = sandbox.read("results/small/confirmation.csv");
        let diverged = table.matches(",diverged,").count();
        if diverged == 0 {
            continue;
        }
        let words = format!("The confirmation is incomplete: of 12 fresh trials of the winner, {diverged} diverged.");
        assert!(ended.stdout.contains(&words), "{}", ended.stdout);
        assert!(ended.stdout.contains("(fresh, to confirm)"), "{}", ended.stdout);
        assert!(sandbox.read("results/small/report.md").contains(&words));
        return;
    }
    panic!("no rate made some replicates diverge and others finish");
}

/// A sweep whose confirmation takes longer than its grid: two replicates, and many fresh ones.
fn long_confirmation() -> String {
    confirming()
        .replace("replicates = 3", "replicates = 2")
        .replace("confirm = 4", "confirm = 40")
        .replace("hidden = [4]", "hidden = [40, 40]")
        .replace("epochs = [2, 4]", "epochs = [60]")
        .replace("batch_size = 16", "batch_size = 4")
        .replace("name = \"small\"", "name = \"long\"")
}

/// Starts the sweep on one thread, and waits until a fresh trial is on disk.
fn start_and_wait_for_a_fresh_trial(sandbox: &Sandbox) -> std::process::Child {
    let child = sandbox.start(&["run", "sweep.toml", "--threads", "1"]);
    // A header and the eight trials of the grid come first.
    crate::kill::wait_for_lines(&sandbox.path().join("results/long/journal.jsonl"), 10);
    child
}

#[test]
fn killed_or_interrupted_while_confirming_it_goes_on_and_comes_to_the_same_bytes() {
    let sandbox = Sandbox::of(long_confirmation());
    assert_eq!(run(&sandbox, &["--results", "undisturbed"]).code, 0);
    let whole = files(&sandbox, "undisturbed/long");
    let outcomes = sandbox.read("undisturbed/long/journal.jsonl").lines().count();
    for (signal, code) in [("KILL", 137), ("INT", 130)] {
        let sandbox = Sandbox::of(long_confirmation());
        let child = start_and_wait_for_a_fresh_trial(&sandbox);
        crate::kill::send(signal, child.id());
        let stopped = ended(child);
        assert_eq!(stopped.code, code, "{}", stopped.stderr);
        let kept = sandbox.read("results/long/journal.jsonl").lines().count();
        assert!(kept < outcomes, "it was stopped in the middle");
        let partial = sandbox.swath(&["report", "results/long"]);
        assert!(partial.stdout.contains("The confirmation is incomplete: of "), "{}", partial.stdout);
        let resumed = sandbox.swath(&["run", "sweep.toml", "--threads", "2"]);
        assert_eq!(resumed.code, 0, "{}", resumed.stderr);
        assert_same(&whole, &files(&sandbox, "results/long"));
        assert_eq!(sandbox.read("results/long/journal.jsonl").lines().count(), outcomes, "none is trained twice");
    }
}

#[test]
fn a_grid_that_is_not_done_is_not_confirmed_and_says_so() {
    let sandbox = Sandbox::of(confirming());
    assert_eq!(run(&sandbox, &[]).code, 0);
    let journal = sandbox.read("results/small/journal.jsonl");
    let ten: String = journal.split_inclusive('\n').take(11).collect();
    sandbox.write("results/small/journal.jsonl", ten);
    let ended = sandbox.swath(&["report", "results/small"]);
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    assert!(ended.stdout.contains("Not confirmed yet"), "{}", ended.stdout);
    assert_eq!(sandbox.read("results/small/confirmation.csv").lines().count(), 1, "only the header");
}

#[test]
fn a_confirmation_that_would_be_none_is_refused_at_its_line() {
    for (confirm, words) in [
        ("confirm = 0", "`confirm` must be an integer from 1 to 1000000, not the integer 0"),
        ("confirm = -2", "`confirm` must be an integer from 1 to 1000000, not the integer -2"),
        ("confirm = \"all\"", "`confirm` must be an integer from 1 to 1000000, not"),
    ] {
        let sandbox = Sandbox::of(confirming().replace("confirm = 4", confirm));
        let ended = run(&sandbox, &[]);
        assert_eq!(ended.code, 2, "{}", ended.stderr);
        assert!(ended.stderr.contains(words) && ended.stderr.contains("sweep.toml:4:"), "{}", ended.stderr);
        assert!(ended.stderr.contains("confirm = 5"), "{}", ended.stderr);
    }
    let same_rows = confirming().replace("[model]", "resplit = false\ntest = 0\n\n[model]");
    let sandbox = Sandbox::of(same_rows);
    let ended = run(&sandbox, &[]);
    assert_eq!(ended.code, 2, "{}", ended.stderr);
    assert!(ended.stderr.contains("rows that had no part in choosing"), "{}", ended.stderr);
    assert!(!sandbox.holds("results"));
}
