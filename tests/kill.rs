//! Killed at any moment, nothing that was called done is lost, and the next run comes to the same bytes.

use std::path::Path;
use std::process::{Child, Command};
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::sandbox::{Sandbox, assert_same, comparable, ended};

/// 160 trials, some of which end after a sixteenth of the time: tenths of a second on one thread for every ten epochs.
pub(crate) fn long_sweep(epochs: u32) -> String {
    let lengths = format!("epochs = [{}, {}, {}, {epochs}]", epochs / 16, epochs / 4, epochs / 2);
    crate::sandbox::SMALL_SWEEP
        .replace("replicates = 3", "replicates = 10")
        .replace("epochs = [2, 4]", &lengths)
        .replace("every = 2", "every = 10")
        .replace("batch_size = 16", "batch_size = 8")
        .replace("hidden = [4]", "hidden = [40, 40]")
        .replace("name = \"small\"", "name = \"long\"")
}

/// Long enough to be interrupted by somebody who waits for the first outcome.
const LONG: u32 = 320;

/// Writes a sweep that takes long enough for outcomes to be recorded in several groups, on this machine; gives what it
/// comes to undisturbed, and how long it takes.
fn undisturbed(sandbox: &Sandbox) -> (Vec<(String, Vec<u8>)>, Duration) {
    let mut epochs = 48;
    loop {
        sandbox.write("sweep.toml", long_sweep(epochs));
        let results = format!("undisturbed-{epochs}");
        let started = Instant::now();
        let undisturbed = sandbox.swath(&["run", "sweep.toml", "--threads", "1", "--results", &results]);
        assert_eq!(undisturbed.code, 0, "{}", undisturbed.stderr);
        let time = started.elapsed();
        if time > Duration::from_millis(300) {
            return (comparable(sandbox, &format!("{results}/long")), time);
        }
        epochs *= 2;
    }
}

/// Starts a sweep on one thread, and waits for its first outcome on disk.
fn start_and_wait_for_an_outcome(sandbox: &Sandbox) -> Child {
    let child = sandbox.start(&["run", "sweep.toml", "--threads", "1"]);
    wait_for_lines(&sandbox.path().join("results/long/journal.jsonl"), 2);
    child
}

/// Waits for so many lines of a journal, a header and one an outcome, though not for ever.
pub(crate) fn wait_for_lines(journal: &Path, lines: usize) {
    let waiting = Instant::now();
    while lines_of(journal) < lines && waiting.elapsed() < Duration::from_secs(60) {
        sleep(Duration::from_millis(5));
    }
}

/// Lines of a journal; 0 where there is none.
pub(crate) fn lines_of(journal: &Path) -> usize {
    fs_err::read_to_string(journal).map_or(0, |text| text.matches('\n').count())
}

/// Sends a signal to a process.
pub(crate) fn send(signal: &str, process: u32) {
    // The shell's own `kill`: the program of this name is not on every machine.
    let status = Command::new("bash").args(["-c", &format!("kill -s {signal} {process}")]).status().unwrap();
    assert!(status.success());
}

/// Delays that differ from case to case, and are the same in every run of the test: a linear congruence.
fn delays(count: u64, longest: Duration) -> impl Iterator<Item = Duration> {
    let mut state = 12_345_u64;
    (0..count).map(move |_| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        longest.mul_f64((state >> 11) as f64 / (1_u64 << 53) as f64)
    })
}

#[test]
fn killed_at_20_random_moments_and_resumed_on_other_threads_a_sweep_comes_to_the_same_bytes() {
    let sandbox = Sandbox::new();
    let (whole, longest) = undisturbed(&sandbox);
    let mut killed_in_training = 0;
    for (case, delay) in delays(20, longest).enumerate() {
        let results = format!("killed-{case}");
        let arguments = |threads| ["run", "sweep.toml", "--threads", threads, "--results", &results];
        let child = sandbox.start(&arguments("1"));
        sleep(delay);
        send("KILL", child.id());
        let killed = ended(child);
        let journal = sandbox.path().join(&results).join("long/journal.jsonl");
        killed_in_training += u32::from(killed.code == 137 && lines_of(&journal) > 1);
        let resumed = sandbox.swath(&arguments(if case % 2 == 0 { "2" } else { "1" }));
        assert_eq!(resumed.code, 0, "killed after {delay:?}: {}", resumed.stderr);
        assert_same(&whole, &comparable(&sandbox, &format!("{results}/long")));
        assert_eq!(lines_of(&journal), 161, "a header and each trial once: none is trained twice");
    }
    assert!(killed_in_training >= 5, "only {killed_in_training} of 20 were killed while outcomes were being recorded");
}

#[test]
fn a_signal_keeps_what_finished_and_a_second_run_on_other_threads_comes_to_the_same_bytes() {
    let sandbox = Sandbox::of(long_sweep(LONG));
    assert_eq!(sandbox.swath(&["run", "sweep.toml", "--threads", "2", "--results", "undisturbed"]).code, 0);
    let whole = comparable(&sandbox, "undisturbed/long");
    for (signal, code) in [("INT", 130), ("TERM", 143), ("HUP", 129)] {
        let sandbox = Sandbox::of(long_sweep(LONG));
        let child = start_and_wait_for_an_outcome(&sandbox);
        let sent = Instant::now();
        send(signal, child.id());
        let stopped = ended(child);
        assert_eq!(stopped.code, code, "{}", stopped.stderr);
        assert!(sent.elapsed() < Duration::from_secs(20), "it stops soon");
        assert!(stopped.stderr.contains("what finished is kept"), "{}", stopped.stderr);
        assert!(sandbox.read("results/long/report.md").contains("of 160 trials"), "it is reported as partial");
        let kept = lines_of(&sandbox.path().join("results/long/journal.jsonl")) - 1;
        assert!((1..160).contains(&kept), "{kept}");
        let resumed = sandbox.swath(&["run", "sweep.toml", "--threads", "2"]);
        assert_eq!(resumed.code, 0, "{}", resumed.stderr);
        assert!(resumed.stdout.contains(&format!("{kept} reused")), "{}", resumed.stdout);
        assert_same(&whole, &comparable(&sandbox, "results/long"));
    }
}

#[test]
fn a_plan_says_that_an_interrupted_run_ended_before_a_trial() {
    let sandbox = Sandbox::of(long_sweep(LONG));
    let child = start_and_wait_for_an_outcome(&sandbox);
    send("KILL", child.id());
    ended(child);
    let plan = sandbox.swath(&["plan", "sweep.toml"]);
    assert!(plan.stdout.contains(": the earlier run ended before it"), "{}", plan.stdout);
}
