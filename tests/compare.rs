//! Two results folders held against each other on the command line.

use serde_json::Value;

use crate::sandbox::{Ended, SMALL_SWEEP, Sandbox, in_one_line};

/// Runs two versions of a file, each into a place of its own.
fn two(before: &str, after: &str) -> Sandbox {
    let sandbox = Sandbox::new();
    for (place, text) in [("before", before), ("after", after)] {
        sandbox.write("sweep.toml", text);
        let ended = sandbox.swath(&["run", "sweep.toml", "--threads", "2", "--results", place]);
        assert_eq!(ended.code, 0, "{}", ended.stderr);
    }
    sandbox
}

fn compare(sandbox: &Sandbox, more: &[&str]) -> Ended {
    sandbox.swath(&[&["compare", "before/small", "after/small"], more].concat())
}

fn json(sandbox: &Sandbox) -> Value {
    let ended = compare(sandbox, &["--format", "json"]);
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    serde_json::from_str(&ended.stdout).unwrap()
}

#[test]
fn a_changed_learning_rate_is_named_and_compared_at_every_point() {
    let sandbox = two(SMALL_SWEEP, &SMALL_SWEEP.replace("learning_rate = 0.02", "learning_rate = 0.002"));
    let ended = compare(&sandbox, &[]);
    assert_eq!((ended.code, ended.stderr.as_str()), (0, ""));
    let text = in_one_line(&ended.stdout);
    for expected in [
        "A: before/small (small), 24 trials",
        "| train.optimizer.learning_rate | 0.02 | 0.002 |",
        "8 points in both, 0 only in A, 0 only in B.",
        "Paired: replicate r has the same rows, order and seed in both.",
        "| architecture wide, epochs 4, schedule constant | 3 | ",
    ] {
        assert!(text.contains(expected), "{expected} is not in\n{}", ended.stdout);
    }
    let document = json(&sandbox);
    let change = &document["changes"][0];
    assert_eq!(change["name"], "train.optimizer.learning_rate");
    assert_eq!((&change["a"], &change["b"]), (&"0.02".into(), &"0.002".into()));
    assert_eq!((&document["paired"], &document["points_in_both"]), (&true.into(), &8.into()));
    // The overall difference is that of the means of the tables, which are complete.
    let mean = |place: &str| {
        let summary = sandbox.table(&format!("{place}/small/summary.csv"));
        summary.iter().map(|row| row["test_loss_mean"].parse::<f64>().unwrap()).sum::<f64>() / 8.0
    };
    let difference = document["overall"]["b_minus_a"].as_f64().unwrap();
    assert!((difference - (mean("after") - mean("before"))).abs() < 1e-9);
}

#[test]
fn a_folder_and_itself_are_the_same_bits_and_nothing_is_written() {
    let sandbox = two(SMALL_SWEEP, SMALL_SWEEP);
    let names = |folder: &str| -> Vec<String> {
        let entries = fs_err::read_dir(sandbox.path().join(folder)).unwrap();
        entries.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect()
    };
    let before = names("before/small");
    let ended = compare(&sandbox, &[]);
    assert_eq!((ended.code, ended.stderr.as_str()), (0, ""));
    assert!(ended.stdout.contains("Nothing: the same settings, data, program and machine."), "{}", ended.stdout);
    assert!(ended.stdout.contains("the same bits, so nothing is to be tested"), "{}", ended.stdout);
    assert_eq!(before, names("before/small"));
    let document = json(&sandbox);
    assert!(document["points"].as_array().unwrap().iter().all(|point| point["same_bits"] == true));
}

#[test]
fn other_seeds_and_more_points_are_told_and_not_paired() {
    let after = SMALL_SWEEP.replace("seed = 1", "seed = 2").replace("epochs = [2, 4]", "epochs = [4, 6]");
    let document = json(&two(SMALL_SWEEP, &after));
    assert_eq!((&document["paired"], &document["not_paired_because"]), (&false.into(), &serde_json::json!(["seed"])));
    assert_eq!(document["points_in_both"], 4);
    assert_eq!(document["only_in_a"][0]["levels"]["epochs"], "2");
    assert_eq!(document["only_in_b"].as_array().unwrap().len(), 4);
}

#[test]
fn a_partial_folder_is_compared_as_far_as_it_goes() {
    let sandbox = two(SMALL_SWEEP, &SMALL_SWEEP.replace("learning_rate = 0.02", "learning_rate = 0.03"));
    let journal = sandbox.read("after/small/journal.jsonl");
    sandbox.write("after/small/journal.jsonl", journal.split_inclusive('\n').take(1).collect::<String>());
    let ended = compare(&sandbox, &[]);
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    assert_eq!(ended.stderr, "note: B is partial: 24 of 24 trials have no outcome\n");
    assert!(ended.stdout.contains("so nothing is compared overall"), "{}", ended.stdout);
}

#[test]
fn folders_of_other_tasks_and_folders_without_a_run_are_wrong_input() {
    let classes = SMALL_SWEEP.replace("target = \"y\"", "target = \"class\"\ntask = \"classification\"");
    let sandbox = two(SMALL_SWEEP, &classes);
    let ended = compare(&sandbox, &[]);
    assert_eq!((ended.code, ended.stdout.as_str()), (2, ""));
    assert!(ended.stderr.contains("A is a regression and B is a classification"), "{}", ended.stderr);
    let missing = sandbox.swath(&["compare", "before/small", "nowhere"]);
    assert_eq!(missing.code, 2);
    assert!(missing.stderr.contains("there is no folder `nowhere`"), "{}", missing.stderr);
    fs_err::create_dir_all(sandbox.path().join("empty")).unwrap();
    assert_eq!(sandbox.swath(&["compare", "empty", "before/small"]).code, 2);
}
