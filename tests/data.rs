//! Every kind of broken data is a clear error at its row, before anything is trained or written.

use crate::sandbox::{SMALL_SWEEP, Sandbox};

/// Runs the small sweep on this content of `data.csv`, and expects a refusal that says all of `expected`.
fn check(content: impl AsRef<[u8]>, expected: &[&str]) {
    let sandbox = Sandbox::new();
    sandbox.write("data.csv", content);
    refused(&sandbox, SMALL_SWEEP, expected);
}

/// Runs a sweep on the sandbox's own data, and expects a refusal that says all of `expected`.
fn check_sweep(sweep: &str, expected: &[&str]) {
    refused(&Sandbox::new(), sweep, expected);
}

fn refused(sandbox: &Sandbox, sweep: &str, expected: &[&str]) {
    sandbox.write("sweep.toml", sweep);
    for command in ["check", "plan", "run"] {
        let ended = sandbox.swath(&[command, "sweep.toml"]);
        assert_eq!(ended.code, 2, "{command}: {}{}", ended.stdout, ended.stderr);
        for part in expected {
            assert!(ended.stderr.contains(part), "{command} says `{part}`:\n{}", ended.stderr);
        }
        assert!(!sandbox.holds("results"), "nothing is written");
    }
}

/// Ten sound rows, with one cell of the fourth data row (line 5) replaced in column `a`.
fn with_cell(cell: &str) -> String {
    let mut text = String::from("a,b,kind,y,class\n");
    for row in 0..10 {
        let a = if row == 3 { cell.to_owned() } else { format!("0.{row}") };
        text.push_str(&format!("{a},1.{row},low,{row},yes\n"));
    }
    text
}

#[test]
fn a_nan_or_an_infinity_is_named_with_line_and_column() {
    for cell in ["NaN", "nan", "inf", "-Infinity", "1e400"] {
        check(with_cell(cell), &["data.csv", "5", "\"a\"", cell]);
    }
}

#[test]
fn a_word_in_a_numeric_column_is_named_with_line_and_column() {
    check(with_cell("many"), &["data.csv", "5", "\"a\"", "many"]);
    check(with_cell("\"1,5\""), &["5", "\"a\"", "1,5"]);
    check(with_cell("0x10"), &["5", "\"a\"", "0x10"]);
}

#[test]
fn an_empty_cell_is_an_error_unless_the_file_says_what_to_do() {
    check(with_cell(""), &["5", "\"a\"", "empty"]);
    for (missing, remark) in [("drop", "1 "), ("mean", "1 ")] {
        let sandbox = Sandbox::new();
        let mut content = sandbox.read("data.csv");
        let cell = content.lines().nth(4).unwrap().split(',').next().unwrap().to_owned();
        content = content.replacen(&format!("\n{cell},"), "\n,", 1);
        sandbox.write("data.csv", content);
        let sweep = SMALL_SWEEP.replace("target = \"y\"", &format!("target = \"y\"\nmissing = \"{missing}\""));
        sandbox.write("sweep.toml", sweep);
        let ended = sandbox.swath(&["run", "sweep.toml"]);
        assert_eq!(ended.code, 0, "{}", ended.stderr);
        let check = sandbox.swath(&["check", "sweep.toml"]);
        assert!(check.stdout.contains("note: ") && check.stdout.contains(remark), "{}", check.stdout);
    }
}

#[test]
fn a_ragged_row_is_named_with_its_line() {
    check("a,b,kind,y\n1,2,low,3\n1,2,low\n", &["data.csv", "3"]);
    check("a,b,kind,y\n1,2,low,3,4\n", &["2"]);
}

#[test]
fn an_empty_file_and_a_file_of_one_header_are_refused() {
    check("", &["data.csv", "empty"]);
    check("a,b,kind,y,class\n", &["data.csv", "no rows"]);
}

#[test]
fn bytes_that_are_no_text_are_named_with_their_line() {
    check(b"a,b,kind,y\n1,2,l\0w,3\n", &["data.csv", "2"]);
    check(b"a,b,kind,y\n1,2,low,3\n1,2,l\xffw,3\n", &["data.csv", "3", "UTF-8"]);
    check(b"a,b,kind,y\n1,2,\"low,3\n1,2,low,3\n", &["data.csv", "2", "quote"]);
}

#[test]
fn a_missing_or_doubled_column_is_named_with_those_that_there_are() {
    check("a,b,y,class\n1,2,3,yes\n", &["kind"]);
    check("a,b,kind,y,a\n1,2,low,3,4\n", &["\"a\""]);
    check_sweep(&SMALL_SWEEP.replace("\"kind\"]", "\"knid\"]"), &["knid", "kind", "sweep.toml"]);
    check_sweep(&SMALL_SWEEP.replace("target = \"y\"", "target = \"yy\""), &["yy", "sweep.toml"]);
}

#[test]
fn a_constant_target_is_refused() {
    let content: Vec<String> = (0..10).map(|row| format!("{row},1,low,5\n")).collect();
    check(format!("a,b,kind,y\n{}", content.concat()), &["\"y\"", "5"]);
}

#[test]
fn a_missing_file_is_shown_at_its_path_in_the_sweep_file() {
    check_sweep(&SMALL_SWEEP.replace("data.csv", "nowhere.csv"), &["nowhere.csv", "sweep.toml"]);
}

#[test]
fn parquet_with_the_same_values_has_the_same_keys_as_csv() {
    let sandbox = Sandbox::of(SMALL_SWEEP);
    assert_eq!(sandbox.swath(&["run", "sweep.toml"]).code, 0);
    write_parquet(&sandbox);
    sandbox.write("sweep.toml", SMALL_SWEEP.replace("data.csv", "data.parquet"));
    let ended = sandbox.swath(&["run", "sweep.toml"]);
    assert!(ended.stdout.contains("nothing to train"), "{}{}", ended.stdout, ended.stderr);
    let whole = fs_err::read(sandbox.path().join("data.parquet")).unwrap();
    sandbox.write("data.parquet", &whole[..whole.len() / 2]);
    refused_parquet(&sandbox);
}

fn write_parquet(sandbox: &Sandbox) {
    use polars::prelude::*;
    let path = sandbox.path().join("data.csv");
    let mut frame = CsvReadOptions::default().try_into_reader_with_file_path(Some(path)).unwrap().finish().unwrap();
    let file = std::fs::OpenOptions::new()
        .create(true)
        .truncate(true)
        .write(true)
        .open(sandbox.path().join("data.parquet"))
        .unwrap();
    ParquetWriter::new(file).finish(&mut frame).unwrap();
}

fn refused_parquet(sandbox: &Sandbox) {
    let ended = sandbox.swath(&["check", "sweep.toml"]);
    assert_eq!(ended.code, 2, "{}", ended.stdout);
    assert!(ended.stderr.contains("data.parquet"), "{}", ended.stderr);
}

#[test]
fn more_training_rows_than_there_are_are_refused_with_how_many_there_are() {
    let ask = |rows: &str| SMALL_SWEEP.replace("[model]", &format!("training_rows = {rows}\n\n[model]"));
    let sandbox = Sandbox::of(ask("5000"));
    let ended = sandbox.swath(&["check", "sweep.toml"]);
    insta::assert_snapshot!(ended.everything(&sandbox));
    let axis = SMALL_SWEEP.replace("[grid]", "[grid]\n\"data.training_rows\" = [20, 5000]");
    check_sweep(&axis, &["`training_rows` asks for 5000 rows", "[20, 5000]"]);
}

#[test]
fn training_rows_without_a_class_are_refused_with_how_many_would_do() {
    let mut text = String::from("a,b,kind,y,class\n");
    for row in 0..100 {
        text.push_str(&format!("0.{row},1.{row},low,{row},{}\n", if row % 20 == 0 { "rare" } else { "common" }));
    }
    let sandbox = Sandbox::new();
    sandbox.write("data.csv", text);
    let sweep = "[data]\npath = \"data.csv\"\ntarget = \"class\"\ntask = \"classification\"\ninputs = [\"a\", \"b\"]\n\
                 training_rows = 3\n[model]\nhidden = [2]\n";
    refused(&sandbox, sweep, &["hold none of class \"rare\"", "training_rows = 3", "Raise `training_rows` to "]);
}
