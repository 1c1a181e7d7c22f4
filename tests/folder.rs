//! Two processes on one folder, and places that cannot be used.

use crate::kill::wait_for_lines;
use crate::sandbox::{SMALL_SWEEP, Sandbox, ended};

#[test]
fn of_two_processes_on_one_folder_one_runs_and_the_other_is_told_at_once() {
    let sandbox = Sandbox::new();
    let long = SMALL_SWEEP.replace("replicates = 3", "replicates = 40").replace("[2, 4]", "[8, 16]");
    sandbox.write("sweep.toml", long);
    let first = sandbox.start(&["run", "sweep.toml", "--threads", "1"]);
    wait_for_lines(&sandbox.path().join("results/small/journal.jsonl"), 2);
    let second = sandbox.swath(&["run", "sweep.toml", "--threads", "1"]);
    assert_eq!(second.code, 75, "{}", second.stderr);
    assert!(second.stderr.contains(&first.id().to_string()), "the holder is named: {}", second.stderr);
    let mut first = first;
    first.kill().unwrap();
    first.wait().unwrap();
    let third = sandbox.start(&["run", "sweep.toml", "--threads", "2"]);
    let third = ended(third);
    assert_eq!(third.code, 0, "a dead holder is no obstacle: {}", third.stderr);
}

#[test]
fn a_file_in_place_of_the_folder_is_named_before_anything_is_trained() {
    let sandbox = Sandbox::of(SMALL_SWEEP);
    sandbox.write("results/small", "not a folder");
    let ended = sandbox.swath(&["run", "sweep.toml"]);
    assert_eq!(ended.code, 2, "{}", ended.stderr);
    assert!(ended.stderr.contains("results/small") && ended.stderr.contains("--results"), "{}", ended.stderr);
    assert_eq!(sandbox.read("results/small"), "not a folder");
}

#[test]
fn a_journal_that_is_a_link_is_not_followed() {
    let sandbox = Sandbox::of(SMALL_SWEEP);
    let target = sandbox.write("precious.txt", "precious");
    fs_err::create_dir_all(sandbox.path().join("results/small")).unwrap();
    std::os::unix::fs::symlink(&target, sandbox.path().join("results/small/journal.jsonl")).unwrap();
    let ended = sandbox.swath(&["run", "sweep.toml"]);
    assert_eq!(ended.code, 2, "{}", ended.stderr);
    assert_eq!(sandbox.read("precious.txt"), "precious");
}

#[test]
fn a_full_disk_ends_the_run_with_the_code_for_trying_again() {
    let sandbox = Sandbox::new();
    let many = SMALL_SWEEP.replace("replicates = 3", "replicates = 30");
    sandbox.write("sweep.toml", many);
    // A limit on the size of files stands in for a full disk; SIGXFSZ is ignored so that writes fail instead.
    let script =
        format!("trap '' XFSZ; ulimit -f 8; exec '{}' run sweep.toml --threads 1 --quiet", env!("CARGO_BIN_EXE_swath"));
    let output = std::process::Command::new("bash").args(["-c", &script]).current_dir(sandbox.path()).output().unwrap();
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(75), "{stderr}");
    assert!(stderr.contains("journal.jsonl"), "the path is named: {stderr}");
    let resumed = sandbox.swath(&["run", "sweep.toml", "--threads", "2"]);
    assert_eq!(resumed.code, 0, "with space again the run goes on: {}", resumed.stderr);
    assert_eq!(sandbox.read("results/small/journal.jsonl").lines().count(), 241);
}
