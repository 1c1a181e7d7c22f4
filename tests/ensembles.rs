//! Predictions of the best points are kept, and made again where they are not; ensembles are made of them.

use crate::sandbox::{Ended, SMALL_SWEEP, Sandbox, assert_same, comparable};

/// A classification of the sandbox's data on four points, of which three are combined.
fn combining() -> String {
    SMALL_SWEEP
        .replace("[data]", "[ensemble]\npoints = 3\n\n[data]")
        .replace("target = \"y\"", "target = \"class\"\ntask = \"classification\"")
        .replace(
            "schedule = [\"constant\", { name = \"step\", factor = 0.5, every = 2 }]",
            "\"data.bootstrap\" = [false, true]",
        )
        .replace("epochs = [2, 4]", "epochs = [4]")
        .replace("replicates = 3", "replicates = 8")
}

fn run(sandbox: &Sandbox) -> Ended {
    let ended = sandbox.swath(&["run", "sweep.toml", "--threads", "2"]);
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    ended
}

fn predictions(sandbox: &Sandbox) -> Vec<u8> {
    fs_err::read(sandbox.path().join("results/small/predictions.parquet")).unwrap()
}

fn report(sandbox: &Sandbox) -> String {
    let ended = sandbox.swath(&["report", "results/small"]);
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    sandbox.read("results/small/report.md")
}

#[test]
fn predictions_that_are_gone_or_damaged_are_missed_by_the_report_and_made_again_by_a_run() {
    let sandbox = Sandbox::of(SMALL_SWEEP);
    run(&sandbox);
    let (whole, path) =
        (comparable(&sandbox, "results/small"), sandbox.path().join("results/small/predictions.parquet"));
    let bytes = predictions(&sandbox);
    let mut flipped = bytes.clone();
    flipped[bytes.len() / 2] ^= 0x55;
    for (damage, sentence) in [
        (None, "There is no predictions.parquet: run the sweep again to have it."),
        (Some(bytes[..bytes.len() - 9].to_vec()), "predictions.parquet is damaged (it is no whole Parquet file)"),
        (Some(flipped), "predictions.parquet is damaged"),
    ] {
        match damage {
            None => fs_err::remove_file(&path).unwrap(),
            Some(damage) => fs_err::write(&path, damage).unwrap(),
        }
        let page = report(&sandbox).replace('\n', " ").replace('\\', "");
        assert!(page.contains(sentence), "{sentence}: {page}");
        assert!(!sandbox.holds("results/small/ensembles.csv"), "no figures without what they are made of");
        let again = run(&sandbox);
        assert!(again.stdout.contains("nothing to train"), "{}", again.stdout);
        assert_same(&whole, &comparable(&sandbox, "results/small"));
    }
}

#[test]
fn predictions_follow_the_best_point_and_its_keys() {
    let sandbox = Sandbox::of(SMALL_SWEEP);
    run(&sandbox);
    let before = predictions(&sandbox);
    sandbox.write("sweep.toml", SMALL_SWEEP.replace("epochs = [2, 4]", "epochs = [2, 4, 40]"));
    run(&sandbox);
    assert!(report(&sandbox).contains("epochs 40, "), "forty epochs are best");
    assert_ne!(before, predictions(&sandbox));
    sandbox.write("sweep.toml", SMALL_SWEEP);
    run(&sandbox);
    assert_eq!(before, predictions(&sandbox), "what was best before is trained again for its predictions");
}

#[test]
fn both_engines_keep_predictions_and_make_them_again() {
    let sandbox = Sandbox::of(SMALL_SWEEP);
    let run = || {
        let ended = sandbox.swath(&["run", "sweep.toml", "--threads", "2", "--engine", "burn"]);
        assert_eq!(ended.code, 0, "{}", ended.stderr);
    };
    run();
    let kept = predictions(&sandbox);
    fs_err::remove_file(sandbox.path().join("results/small/predictions.parquet")).unwrap();
    run();
    assert_eq!(kept, predictions(&sandbox));
}

#[test]
fn ensembles_of_replicates_and_of_points_are_in_the_report_and_in_their_table() {
    let sandbox = Sandbox::of(combining());
    run(&sandbox);
    let page = sandbox.read("results/small/report.md").replace('\n', " ");
    for words in [
        "## The best point in detail",
        "| balanced accuracy",
        "plots/confusion.svg",
        "## What ensembles gain",
        "plots/ensemble-size.svg",
        "### The best points together",
        "plots/ensemble-members.svg",
        "stacking",
        "bagged networks",
    ] {
        assert!(page.contains(words), "{words}");
    }
    for picture in ["confusion", "ensemble-size", "ensemble-members"] {
        assert!(sandbox.holds(&format!("results/small/plots/{picture}.svg")), "{picture}");
    }
    let table = sandbox.read("results/small/ensembles.csv");
    let rows: Vec<&str> = table.lines().skip(1).collect();
    // Three points with ensembles of 2 to 8 in three figures; five figures of the points together.
    assert_eq!(rows.len(), 3 * 7 * 3 + 5);
    assert_eq!(rows.iter().filter(|row| row.starts_with("points,")).count(), 5);
}

#[test]
fn a_report_of_a_run_that_is_not_over_says_when_there_will_be_predictions() {
    let sandbox = Sandbox::of(combining());
    run(&sandbox);
    sandbox.write("sweep.toml", combining().replace("replicates = 8", "replicates = 9"));
    // The journal of fewer replicates beside a run.toml of more, as an interrupted run leaves it.
    let record = sandbox.read("results/small/run.toml");
    sandbox.write("results/small/run.toml", record.replace("replicates = 8", "replicates = 9"));
    let page = report(&sandbox).replace('\n', " ");
    assert!(!page.contains("What ensembles gain"), "{page}");
    let compared = sandbox.swath(&["compare", "results/small", "results/small"]);
    assert_eq!(compared.code, 0, "{}", compared.stderr);
}

#[test]
fn ensembles_that_cannot_be_are_refused_with_their_place() {
    let sandbox = Sandbox::new();
    for (name, text) in [
        ("more-points-than-there-are", combining().replace("points = 3", "points = 5")),
        ("one-point", combining().replace("points = 3", "points = 1")),
        ("without-test-rows", combining().replace("[model]", "test = 0\n\n[model]")),
    ] {
        sandbox.write("sweep.toml", text);
        let ended = sandbox.swath(&["check", "sweep.toml"]);
        insta::assert_snapshot!(name, ended.everything(&sandbox));
    }
}
