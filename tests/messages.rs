//! What people read: every mistake of a sweep file with source, line, caret and the right word.

use crate::sandbox::{SMALL_SWEEP, Sandbox, in_one_line};

fn check(sweep: &str) -> String {
    let sandbox = Sandbox::of(sweep);
    let ended = sandbox.swath(&["run", "sweep.toml"]);
    assert_eq!(ended.code, 2, "{}", ended.stdout);
    assert!(!sandbox.holds("results"), "nothing is written");
    ended.everything(&sandbox)
}

#[test]
fn a_misspelt_key_is_shown_with_the_right_one() {
    insta::assert_snapshot!(check(&SMALL_SWEEP.replace("batch_size = 16", "bacth_size = 16")));
}

#[test]
fn all_mistakes_of_a_file_are_shown_at_once() {
    let sweep = SMALL_SWEEP
        .replace("seed = 1", "sede = 1")
        .replace("replicates = 3", "replicates = 0")
        .replace("hidden = [4]", "hidden = [4]\nactivation = \"rellu\"")
        .replace("epochs = [2, 4]", "epochs = [2, -4]")
        .replace("\"wide\"]", "\"wied\"]");
    insta::assert_snapshot!(check(&sweep));
}

#[test]
fn a_cycle_of_architectures_is_shown() {
    insta::assert_snapshot!(check(
        &SMALL_SWEEP
            .replace("baseline = {}", "baseline = { from = \"wide\" }")
            .replace("{ width = 2 }", "{ from = \"baseline\" }")
    ));
}

#[test]
fn broken_toml_is_shown_at_its_place() {
    insta::assert_snapshot!(check(&SMALL_SWEEP.replace("[model]", "[model")));
}

#[test]
fn a_batch_of_one_row_is_refused_with_the_batch_sizes_that_avoid_it() {
    let sweep = SMALL_SWEEP.replace("hidden = [4]", "hidden = [4]\nnormalization = \"batch_norm\"");
    insta::assert_snapshot!(check(&sweep.replace("batch_size = 16", "batch_size = 71")));
}

#[test]
fn a_missing_sweep_file_is_named() {
    let sandbox = Sandbox::new();
    let ended = sandbox.swath(&["run", "nowhere.toml"]);
    assert_eq!(ended.code, 2);
    insta::assert_snapshot!(ended.everything(&sandbox));
}

#[test]
#[cfg(target_os = "linux")]
fn a_network_too_large_for_memory_is_refused_with_the_figure() {
    let sandbox = Sandbox::new();
    // Terabytes, so that no machine has them.
    let hidden = format!("hidden = [{}]", ["32768"; 60].join(", "));
    sandbox.write("sweep.toml", SMALL_SWEEP.replace("hidden = [4]", &hidden));
    for command in ["plan", "run"] {
        let ended = sandbox.swath(&[command, "sweep.toml", "--threads", "2"]);
        assert_eq!(ended.code, 2, "{}", ended.stderr);
        assert!(!sandbox.holds("results"));
        // The message is wrapped, and where depends on how much memory is free.
        let text = in_one_line(&ended.stderr);
        assert!(text.contains("-32768-1 takes about 4.1 TB to train on 2 threads, but "), "{text}");
        assert!(text.contains(" of memory are free"), "{text}");
        assert!(text.contains("help: give its layers fewer units, or train on fewer threads"), "{text}");
    }
}

#[test]
fn a_broken_cell_is_shown_with_its_file_line_and_column() {
    let sandbox = Sandbox::of(SMALL_SWEEP);
    let broken = sandbox.read("data.csv").replacen(",low,", ",low,NaN", 1);
    sandbox.write("data.csv", broken);
    let ended = sandbox.swath(&["run", "sweep.toml"]);
    assert_eq!(ended.code, 2);
    insta::assert_snapshot!(ended.everything(&sandbox));
}

#[test]
fn help_texts_hold_examples() {
    let sandbox = Sandbox::new();
    for command in ["run", "plan", "check", "report"] {
        let ended = sandbox.swath(&[command, "--help"]);
        assert_eq!(ended.code, 0);
        assert!(ended.stdout.contains(&format!("swath {command} ")), "{}", ended.stdout);
        assert!(ended.stdout.contains("Example"), "{}", ended.stdout);
    }
}

#[test]
fn class_weights_that_are_not_those_of_the_data_are_refused_with_the_classes() {
    let sandbox = Sandbox::new();
    let rows: Vec<String> = (0..60).map(|row| format!("{},{}", row % 7, ["no", "yes", "not yet"][row % 3])).collect();
    sandbox.write("classes.csv", format!("x,y\n{}\n", rows.join("\n")));
    let mut said = String::new();
    for weights in ["{ no = 1.0, yse = 2.0 }", "{ no = 1.0, yes = 2.0 }"] {
        let sweep = format!(
            "[data]\npath = \"classes.csv\"\ntarget = \"y\"\ntask = \"classification\"\n\n[model]\nhidden = [4]\n\n\
             [train]\nclass_weights = {weights}\n"
        );
        sandbox.write("sweep.toml", sweep);
        let ended = sandbox.swath(&["run", "sweep.toml"]);
        assert_eq!(ended.code, 2, "{}", ended.stdout);
        said += &ended.everything(&sandbox);
    }
    insta::assert_snapshot!(said);
}
