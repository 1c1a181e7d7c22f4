//! The sweeps that ship can be run as they are, and show what they say.

use std::io::Cursor;
use std::path::PathBuf;

use polars::prelude::SerReader;
use polars_io::csv::read::CsvReadOptions;

use crate::sandbox::Sandbox;

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
fn verdicts(name: &str, axes: [&str; 2]) -> Vec<String> {
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
    let [one, other] = axes.map(column);
    let verdicts = column("verdict");
    one.iter().zip(other).zip(verdicts).map(|((one, other), verdict)| format!("{one}, {other}: {verdict}")).collect()
}

#[test]
fn a_large_network_that_is_trained_for_500_epochs_on_50_rows_overfits() {
    let found = verdicts("overfitting", ["architecture", "train.early_stopping"]);
    assert_eq!(
        found,
        [
            "small, false: saturated early",
            "small, {patience=20, restore_best_weights=true}: fits",
            "medium, false: overfits; saturated early",
            "medium, {patience=20, restore_best_weights=true}: fits",
            "large, false: overfits; saturated early",
            "large, {patience=20, restore_best_weights=true}: fits",
        ]
    );
}

#[test]
fn a_network_of_one_unit_underfits_and_two_epochs_are_still_improving() {
    let found = verdicts("underfitting", ["architecture", "epochs"]);
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
