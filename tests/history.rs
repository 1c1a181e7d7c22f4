//! What successive runs came to, kept and drawn on the command line.

use crate::sandbox::{SMALL_SWEEP, Sandbox, in_one_line};

#[test]
fn runs_are_added_once_each_and_drawn_beside_the_file() {
    let sandbox = Sandbox::of(SMALL_SWEEP);
    assert_eq!(sandbox.swath(&["run", "sweep.toml", "--quiet"]).code, 0);
    let add = || sandbox.swath(&["history", "history.csv", "--add", "results/small", "--revision", "abc"]);
    let first = add();
    assert_eq!((first.code, first.stderr.as_str()), (0, ""));
    assert!(
        first.stdout.contains("small, engine auto: mean test loss: 1 run without a change of level"),
        "{}",
        first.stdout
    );
    assert!(first.stdout.ends_with("history.html\n"), "{}", first.stdout);
    let text = sandbox.read("history.csv");
    assert_eq!(add().code, 0);
    assert_eq!(text, sandbox.read("history.csv"));
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines[0], "started,sweep,engine,figure,mean,best,steps_per_second,swath,revision,machine");
    assert!(lines[1].contains(",small,auto,test_loss,") && lines[1].contains(",abc,"), "{}", lines[1]);
    assert!(sandbox.read("history.html").contains("<svg"));
}

#[test]
fn a_history_of_a_step_says_which_run_and_revision_changed_it() {
    let sandbox = Sandbox::new();
    let mut text = "started,sweep,engine,figure,mean,best,steps_per_second,swath,revision,machine\n".to_owned();
    for (run, mean) in [10.0, 10.2, 9.9, 10.1, 10.0, 12.0, 12.1, 11.9, 12.2, 12.0].into_iter().enumerate() {
        text.push_str(&format!("2026-01-{:02}T03:00:00Z,small,auto,test_loss,{mean},9,,0.1.0,r{run},x\n", run + 1));
    }
    sandbox.write("history.csv", text);
    let ended = sandbox.swath(&["history", "history.csv"]);
    assert_eq!((ended.code, ended.stderr.as_str()), (0, ""));
    let words = in_one_line(&ended.stdout);
    let expected =
        "It changed from 10.04 to 12.04 (19.9 %), worse, with the run of 2026-01-06T03:00:00Z of revision r5.";
    assert!(words.contains(expected), "{}", ended.stdout);
}

#[test]
fn what_is_no_history_is_wrong_input_and_is_left_alone() {
    let sandbox = Sandbox::new();
    for (file, content, expected) in [
        ("none.csv", None, "there is no such file; `--add DIR` begins one"),
        ("data.csv", None, "line 1 is no night"),
        ("history.txt", Some("x"), "its name must end with `.csv`"),
    ] {
        if let Some(content) = content {
            sandbox.write(file, content);
        }
        let ended = sandbox.swath(&["history", file]);
        assert_eq!((ended.code, ended.stdout.as_str()), (2, ""), "{file}");
        assert!(ended.stderr.contains(expected), "{}", ended.stderr);
        assert!(!sandbox.holds("data.html"));
    }
}
