//! Files that are refused as a whole: for their size, the size of their grid, or their name.

use std::fmt::Write;
use std::path::Path;

use super::mistakes::{DATA, MODEL};
use super::parse;

#[test]
fn grids_that_are_too_large_are_refused_with_the_count() {
    let axis = (1..=1000).map(|value| value.to_string()).collect::<Vec<_>>().join(", ");
    let grid = format!("[grid]\nepochs = [{axis}]\nbatch_size = [{axis}]\n");
    let cases = [
        format!("{DATA}{MODEL}{grid}"),
        format!("{DATA}{MODEL}{grid}\"data.rows\" = [{axis}]\n\"train.early_stopping.patience\" = [{axis}]\n"),
        format!(
            "max_trials = 10\n{DATA}{MODEL}[grid]\nepochs = [1, 2, 3]\nexclude = [{{ epochs = 2 }}]\nreplicates = [1]\n"
        ),
        format!("max_trials = 9\n{DATA}{MODEL}[grid]\nepochs = [1, 2, 3]\nexclude = [{{ epochs = 2 }}]\n"),
    ];
    let mut out = String::new();
    for text in cases {
        let start = std::time::Instant::now();
        let problems = parse(Path::new("test.toml"), &text).unwrap_err();
        assert!(start.elapsed().as_millis() < 500, "refusing took {:?}", start.elapsed());
        for problem in problems.list {
            writeln!(out, "{}\n    help: {}", problem.message, problem.help.unwrap_or_default()).unwrap();
        }
    }
    insta::assert_snapshot!(out);
}

#[test]
fn a_file_that_is_too_large_is_refused_unread() {
    let text = "#".repeat((1 << 20) + 1);
    let problems = parse(Path::new("test.toml"), &text).unwrap_err();
    assert_eq!(problems.list[0].message, "the file has 1,048,577 bytes, more than the 1048576 that are read");
}

#[test]
fn a_file_whose_name_is_no_name_must_say_its_own() {
    let problems = parse(Path::new("my sweep.toml"), &format!("{DATA}{MODEL}")).unwrap_err();
    assert_eq!(problems.list[0].message, "the file's name, `my sweep`, cannot name the sweep");
}
