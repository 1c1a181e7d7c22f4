//! The sweeps that ship can be run as they are, and show what they say.

use std::io::Cursor;
use std::path::PathBuf;

use polars::prelude::SerReader;
use polars_io::csv::read::CsvReadOptions;

use crate::sandbox::{Sandbox, in_one_line};

fn shipped() -> Vec<PathBuf> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../sweeps");
    let entries = fs_err::read_dir(folder).unwrap();
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "toml"));
    files.sort();
    files
}

#[test]
fn every_shipped_sweep_and_its_data_are_sound() {
    let sandbox = Sandbox::new();
    assert!(!shipped().is_empty());
    for file in shipped() {
        let ended = sandbox.swath(&["check", file.to_str().unwrap()]);
        assert_eq!(ended.code, 0, "{}", ended.stderr);
        let text = fs_err::read_to_string(&file).unwrap();
        assert!(text.starts_with("#:schema ./sweep.schema.json\n"), "{}", file.display());
    }
}

#[test]
fn the_main_sweep_is_96_points_of_8_replicates() {
    let sandbox = Sandbox::new();
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../../sweeps/width_vs_depth.toml");
    let ended = sandbox.swath(&["check", file]);
    assert!(ended.stdout.contains("96 points x 8 replicates = 768 trials"), "{}", ended.stdout);
    assert!(ended.stdout.contains("1200 training, 400 validation and 400 test rows of 4 inputs"), "{}", ended.stdout);
}

#[test]
fn the_main_sweep_leaves_a_page_of_less_than_two_megabytes() {
    let sandbox = Sandbox::new();
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../../sweeps/width_vs_depth.toml");
    let ended = sandbox.swath(&["run", file, "--results", ".", "--quiet"]);
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    let page = sandbox.read("width_vs_depth/report.html");
    assert!((50_000..2_000_000).contains(&page.len()), "{} bytes", page.len());
}

#[test]
fn the_sweep_of_every_kind_gives_the_bits_of_its_baseline() {
    let sandbox = Sandbox::new();
    let root = |path: &str| format!("{}/../../{path}", env!("CARGO_MANIFEST_DIR"));
    let ended = sandbox.swath(&["run", &root("sweeps/nightly.toml"), "--quiet"]);
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    let ended = sandbox.swath(&["gate", "results/nightly", "--baseline", &root("results/baselines/nightly")]);
    assert_eq!(ended.code, 0, "{}{}", ended.stdout, ended.stderr);
    assert!(ended.stdout.contains("Passed: the same bits."), "{}", ended.stdout);
}

/// The verdicts of a shipped sweep, each after the levels of its point: `large, false: overfits`.
fn verdicts(name: &str, axes: &[&str]) -> Vec<String> {
    let sandbox = Sandbox::new();
    let file = format!("{}/../../sweeps/{name}.toml", env!("CARGO_MANIFEST_DIR"));
    let ended = sandbox.swath(&["run", &file]);
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    let table = sandbox.read(&format!("results/{name}/verdicts.csv"));
    let reader = CsvReadOptions::default().with_infer_schema_length(Some(0));
    let frame = reader.into_reader_with_file_handle(Cursor::new(table.into_bytes())).finish().unwrap();
    let column = |name: &str| -> Vec<String> {
        frame.column(name).unwrap().str().unwrap().iter().map(|cell| cell.unwrap_or_default().to_owned()).collect()
    };
    let axes: Vec<Vec<String>> = axes.iter().map(|axis| column(axis)).collect();
    let verdicts = column("verdict").into_iter().enumerate();
    let levels = |row: usize| axes.iter().map(|axis| axis[row].as_str()).collect::<Vec<_>>().join(", ");
    verdicts.map(|(row, verdict)| format!("{}: {verdict}", levels(row))).collect()
}

#[test]
fn large_networks_on_few_rows_overfit_small_ones_do_not_and_stopping_early_keeps_the_best() {
    let found = verdicts("overfitting", &["architecture", "data.training_rows", "train.early_stopping"]);
    let whole: Vec<&str> = found.iter().filter(|point| point.contains("false")).map(String::as_str).collect();
    assert_eq!(
        whole,
        [
            "one_unit, 50, false: fits",
            "one_unit, 400, false: fits",
            "small, 50, false: saturated early",
            "small, 400, false: fits",
            "medium, 50, false: overfits; saturated early",
            "medium, 400, false: overfits; saturated early",
            "large, 50, false: overfits; saturated early",
            "large, 400, false: overfits; saturated early",
            "largest, 50, false: overfits; saturated early",
            "largest, 400, false: overfits; saturated early",
        ]
    );
    // Where a training that stops early overfits, its best weights are restored.
    let stopped = found.iter().filter(|point| point.contains("patience"));
    for point in stopped {
        let verdict = point.rsplit(": ").next().unwrap();
        assert!(verdict == "fits" || verdict.starts_with("overfits, restored"), "{point}");
    }
}

#[test]
fn a_network_of_one_unit_underfits_and_two_epochs_are_still_improving() {
    let found = verdicts("underfitting", &["architecture", "epochs"]);
    assert_eq!(
        found,
        [
            "baseline, 2: underfits; still improving",
            "baseline, 60: fits",
            "one_unit, 2: underfits; still improving",
            "one_unit, 60: underfits",
            "wide, 2: underfits; still improving",
            "wide, 60: fits",
        ]
    );
}

#[test]
fn the_sweeps_of_ideas_show_in_their_reports_what_they_are_for() {
    let shown: [(&str, &[&str]); 7] = [
        ("batch_size", &["## Batch, iteration, epoch", "over rows seen"]),
        ("activations", &["## Activation functions", "With identity, which changes nothing", "microseconds a step"]),
        ("dropout", &["## Dropout", "of the units dropped", "of the weights dropped"]),
        ("optimizers", &["## Update rules and their learning rates", "sgd(momentum=0.9, nesterov)"]),
        ("more_data", &["## What more data brings", "twice the data"]),
        ("schedules", &["learning-rates.svg", "curves-0-schedule.svg"]),
        ("loss_surface", &["loss-surface.svg"]),
    ];
    for (name, expected) in shown {
        let sandbox = Sandbox::new();
        let file = format!("{}/../../sweeps/{name}.toml", env!("CARGO_MANIFEST_DIR"));
        let ended = sandbox.swath(&["run", &file, "--quiet"]);
        assert_eq!(ended.code, 0, "{name}: {}", ended.stderr);
        let report = sandbox.read(&format!("results/{name}/report.md"));
        // Markdown breaks lines anywhere.
        let words = in_one_line(&report);
        let drawn = sandbox.read(&format!("results/{name}/report.html"));
        for part in expected {
            assert!(words.contains(part) || drawn.contains(part), "{name}: {part}");
        }
        let again = sandbox.swath(&["report", &format!("results/{name}")]);
        assert_eq!(again.code, 0, "{name}: {}", again.stderr);
        assert_eq!(
            sandbox.read(&format!("results/{name}/report.md")),
            report,
            "{name}: made again from what the run left"
        );
    }
}
