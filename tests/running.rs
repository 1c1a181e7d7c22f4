//! A report on a sweep that is still being trained, or was killed: partial, marked so, and in nobody's way.

use std::process::Child;
use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;
use swath_results::Disk;
use swath_results::folder::Folder;

use crate::kill::{long_sweep, send, wait_for_lines};
use crate::sandbox::{Sandbox, assert_same, comparable, ended};

/// Long enough for several reports while it is trained.
const EPOCHS: u32 = 192;

fn start(sandbox: &Sandbox, results: &str) -> Child {
    sandbox.write("sweep.toml", long_sweep(EPOCHS));
    let child = sandbox.start(&["run", "sweep.toml", "--threads", "1", "--results", results]);
    wait_for_lines(&sandbox.path().join(results).join("long/journal.jsonl"), 2);
    child
}

fn json(sandbox: &Sandbox, folder: &str) -> (Value, String) {
    let ended = sandbox.swath(&["report", folder, "--format", "json"]);
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    (serde_json::from_str(&ended.stdout).expect("nothing but JSON on standard output"), ended.stderr)
}

#[test]
fn reports_while_a_sweep_is_trained_are_partial_and_leave_its_files_as_they_would_be() {
    let sandbox = Sandbox::of(long_sweep(EPOCHS));
    assert_eq!(sandbox.swath(&["run", "sweep.toml", "--threads", "2", "--results", "undisturbed"]).code, 0);
    let whole = comparable(&sandbox, "undisturbed/long");
    let mut child = start(&sandbox, "results");
    let (mut partial, mut last) = (0, 0);
    while child.try_wait().unwrap().is_none() {
        let (document, remarks) = json(&sandbox, "results/long");
        let missing = document["trials"]["missing"].as_u64().unwrap();
        let done = 160 - missing;
        assert!(done >= last, "what was reported once stays");
        last = done;
        if document["run"]["at_work"] == true && missing > 0 {
            partial += 1;
            assert_eq!((&document["partial"], &document["run"]["complete"]), (&true.into(), &false.into()));
            assert!(document["limits"].as_array().unwrap().iter().any(|limit| limit["kind"] == "partial"));
            assert!(remarks.contains(&format!("process {}", child.id())), "{remarks}");
        }
    }
    assert!(partial > 0, "no report was made while the sweep was trained");
    let run = ended(child);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(run.stdout.contains("160 trials trained"), "{}", run.stdout);
    assert_same(&whole, &comparable(&sandbox, "results/long"));
    let (document, remarks) = json(&sandbox, "results/long");
    assert_eq!(
        (&document["partial"], &document["run"]["at_work"], remarks.as_str()),
        (&false.into(), &false.into(), "")
    );
    assert_same(&whole, &comparable(&sandbox, "results/long"));
}

#[test]
fn a_report_that_is_slower_than_the_end_of_the_run_does_not_replace_the_whole_tables() {
    // Up to three reports at a time begin before the end and race it: whichever is last, the whole tables stay.
    let sandbox = Sandbox::of(long_sweep(48));
    assert_eq!(sandbox.swath(&["run", "sweep.toml", "--threads", "2", "--results", "undisturbed"]).code, 0);
    let whole = comparable(&sandbox, "undisturbed/long");
    for round in 0..2 {
        let results = format!("round-{round}");
        let folder = format!("{results}/long");
        let mut run = sandbox.start(&["run", "sweep.toml", "--threads", "1", "--results", &results]);
        let mut reports = Vec::new();
        while run.try_wait().unwrap().is_none() {
            let is_waiting = |report: &mut Child| report.try_wait().unwrap().is_none();
            let waiting = reports.iter_mut().map(is_waiting).filter(|is_waiting| *is_waiting).count();
            if waiting < 3
                && sandbox.holds(&format!("{folder}/journal.jsonl"))
                && sandbox.holds(&format!("{folder}/run.toml"))
            {
                reports.push(sandbox.start(&["report", &folder]));
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        assert_eq!(ended(run).code, 0);
        for report in reports {
            let report = ended(report);
            assert_eq!(report.code, 0, "{}", report.stderr);
        }
        assert_same(&whole, &comparable(&sandbox, &folder));
    }
}

#[test]
fn a_folder_in_which_a_run_has_only_begun_is_no_wrong_input() {
    let sandbox = Sandbox::new();
    fs_err::create_dir_all(sandbox.path().join("results/small")).unwrap();
    let folder = Folder::open(Arc::new(Disk), &sandbox.path().join("results/small")).unwrap();
    let lock = folder.lock().unwrap();
    let begun = sandbox.swath(&["report", "results/small"]);
    assert_eq!(begun.code, 75, "{}", begun.stderr);
    assert!(begun.stderr.contains("a run has only begun"), "{}", begun.stderr);
    drop(lock);
    assert_eq!(sandbox.swath(&["report", "results/small"]).code, 2);
}

#[test]
fn after_kill_9_a_report_says_that_the_run_was_interrupted_and_the_next_run_goes_on() {
    let sandbox = Sandbox::new();
    let child = start(&sandbox, "results");
    send("KILL", child.id());
    ended(child);
    // A line that was being written.
    let journal = sandbox.read("results/long/journal.jsonl");
    sandbox.write("results/long/journal.jsonl", format!("{journal}{}", &journal.lines().last().unwrap()[..20]));
    let text = sandbox.swath(&["report", "results/long"]);
    assert_eq!(text.code, 0, "{}", text.stderr);
    assert!(text.stdout.starts_with("- Partial: "), "{}", text.stdout);
    assert!(text.stderr.contains("the latest run was interrupted"), "{}", text.stderr);
    let (document, _) = json(&sandbox, "results/long");
    assert_eq!((&document["run"]["at_work"], &document["run"]["complete"]), (&false.into(), &false.into()));
    let resumed = sandbox.swath(&["run", "sweep.toml", "--threads", "2"]);
    assert_eq!(resumed.code, 0, "{}", resumed.stderr);
}

#[test]
fn the_document_of_a_whole_sweep_has_numbers_for_what_was_measured() {
    let sandbox = Sandbox::new();
    let sweep = crate::sandbox::SMALL_SWEEP.replace("replicates = 3", "replicates = 3\nconfirm = 3");
    sandbox.write("sweep.toml", sweep);
    assert_eq!(sandbox.swath(&["run", "sweep.toml"]).code, 0);
    let (document, remarks) = json(&sandbox, "results/small");
    assert_eq!(remarks, "");
    assert_eq!((&document["format"], &document["name"]), (&1.into(), &"small".into()));
    assert!(document["best"]["test_loss"]["mean"].as_f64().unwrap() > 0.0);
    assert_eq!(document["confirmation"]["winner"]["trials"]["finished"], 3);
    assert_eq!(document["axes"][1]["levels"][0]["label"], "2");
    let files: Vec<&str> = document["files"].as_array().unwrap().iter().map(|file| file.as_str().unwrap()).collect();
    assert!(files.contains(&"trials.csv") && files.contains(&"confirmation.csv"));
    // The same best point as the table of points has.
    let point = document["best"]["point"].as_u64().unwrap() as usize;
    let summary = sandbox.read("results/small/summary.csv");
    let row = summary.lines().nth(point + 1).unwrap();
    let labels = ["architecture", "epochs"].map(|axis| document["best"]["levels"][axis].as_str().unwrap().to_owned());
    assert!(row.starts_with(&labels.join(",")), "{row}");
}
