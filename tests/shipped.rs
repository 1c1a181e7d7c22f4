//! The sweeps that ship can be run as they are.

use std::path::PathBuf;

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
