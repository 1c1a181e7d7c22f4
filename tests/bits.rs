//! The same bits for any number of threads, any order of the grid, and any other points in it.

use std::collections::HashMap;

use crate::sandbox::{SMALL_SWEEP, Sandbox, assert_same, comparable, without_cost};

/// Runs the small sweep with these arguments; gives the files that must not depend on them.
fn run(sandbox: &Sandbox, arguments: [&str; 2]) -> Vec<(String, Vec<u8>)> {
    sandbox.write("sweep.toml", SMALL_SWEEP);
    let [option, value] = arguments;
    let ended = sandbox.swath(&["run", "sweep.toml", option, value, "--results", value]);
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    comparable(sandbox, &format!("{value}/small"))
}

#[test]
fn any_number_of_threads_leaves_the_same_bytes() {
    let sandbox = Sandbox::new();
    let one = run(&sandbox, ["--threads", "1"]);
    assert_same(&one, &run(&sandbox, ["--threads", "2"]));
    assert_same(&one, &run(&sandbox, ["--threads", "8"]));
}

#[test]
fn the_engine_that_is_chosen_where_none_is_asked_for_is_that_of_the_lanes() {
    let sandbox = Sandbox::new();
    assert_same(&run(&sandbox, ["--engine", "auto"]), &run(&sandbox, ["--engine", "lanes"]));
}

#[test]
fn a_report_by_burn_says_the_same_to_three_digits() {
    let sandbox = Sandbox::new();
    let [lanes, burn] = ["lanes", "burn"].map(|engine| {
        run(&sandbox, ["--engine", engine]);
        without_cost(&sandbox.read(&format!("{engine}/small/report.md")))
    });
    let mut figures = 0;
    for (ours, theirs) in words(&lanes).zip(words(&burn)) {
        match (ours.parse::<f64>(), theirs.parse::<f64>()) {
            (Ok(one), Ok(other)) => {
                // A figure that stands near 0 is a difference of some that do not.
                assert!((one - other).abs() <= 1e-3 * one.abs().max(0.1), "{one} by the lanes, {other} by burn");
                figures += 1;
            }
            _ => assert_eq!(ours, theirs),
        }
    }
    assert_eq!(words(&lanes).count(), words(&burn).count());
    assert!(figures > 50, "only {figures} figures in\n{lanes}");
}

/// Words and numbers of a report.
fn words(report: &str) -> impl Iterator<Item = &str> {
    report
        .split(|sign: char| sign.is_whitespace() || "|[](),:;%".contains(sign))
        .map(|word| word.trim_end_matches('.'))
        .filter(|word| !word.is_empty() && !word.chars().all(|sign| sign == '-'))
}

#[test]
fn changing_the_grid_or_the_order_of_values_changes_no_trial() {
    let sandbox = Sandbox::of(SMALL_SWEEP);
    let other = SMALL_SWEEP
        .replace(r#"["baseline", "wide"]"#, r#"["wide", "baseline"]"#)
        .replace("epochs = [2, 4]", "epochs = [4, 3, 2]")
        .replace("replicates = 3", "replicates = 4")
        .replace("name = \"small\"", "name = \"other\"");
    sandbox.write("other.toml", other);
    assert_eq!(sandbox.swath(&["run", "sweep.toml"]).code, 0);
    assert_eq!(sandbox.swath(&["run", "other.toml"]).code, 0);
    let rows = |file: &str| -> HashMap<String, String> {
        let text = sandbox.read(file);
        text.lines().skip(1).map(|row| (row.split(',').next().unwrap().to_owned(), row.to_owned())).collect()
    };
    let (small, other) = (rows("results/small/trials.csv"), rows("results/other/trials.csv"));
    assert_eq!((small.len(), other.len()), (24, 48));
    for (key, row) in &small {
        assert_eq!(other.get(key), Some(row), "a trial has one key and one result, whatever stands beside it");
    }
}

#[test]
fn replicates_share_their_weights_and_order_over_points_of_one_shape() {
    let sandbox = Sandbox::of(SMALL_SWEEP);
    assert_eq!(sandbox.swath(&["run", "sweep.toml"]).code, 0);
    let trials = sandbox.table("results/small/trials.csv");
    let mut of_replicate: HashMap<(&str, &str), Vec<&str>> = HashMap::new();
    for row in trials.iter().filter(|row| row["epochs"] == "2") {
        let place = (row["architecture"].as_str(), row["replicate"].as_str());
        of_replicate.entry(place).or_default().push(&row["validation_loss"]);
    }
    assert_eq!(of_replicate.len(), 6);
    for (place, losses) in &of_replicate {
        assert_eq!(losses.len(), 2);
        assert_eq!(losses[0], losses[1], "after 2 epochs no schedule differs yet: {place:?}");
    }
    let mut distinct: Vec<&str> = of_replicate.values().map(|losses| losses[0]).collect();
    distinct.sort_unstable();
    distinct.dedup();
    assert_eq!(distinct.len(), 6, "replicates and architectures differ");
}
