//! Networks that see images: trained on burn beside others on the lanes, and refused where they see none.

use crate::sandbox::Sandbox;

const SWEEP: &str = r#"
name = "images"
replicates = 2
[data]
path = "digits.csv"
target = "digit"
task = "classification"
image = [4, 4]
scale = "minmax"
[model]
hidden = [4]
[architectures]
plain = {}
conv = { layers = [{ conv = 2 }, { pool = 2 }, { dense = 4 }] }
wide = { from = "conv", width = 2 }
[train]
epochs = 2
[grid]
architecture = ["plain", "conv", "wide"]
"#;

/// Pictures of 4 x 4 pixels: the left half is bright, or the right one.
fn pictures() -> String {
    let names: Vec<String> = (0..16).map(|pixel| format!("pixel{pixel}")).collect();
    let mut text = format!("{},digit\n", names.join(","));
    for row in 0..60 {
        let class = row % 2;
        for pixel in 0..16 {
            let is_bright = (pixel % 4 < 2) == (class == 0);
            let value = if is_bright { 12 } else { 2 } + (row * 7 + pixel * 3) % 4;
            text.push_str(&format!("{value},"));
        }
        text.push_str(&format!("{class}\n"));
    }
    text
}

fn sandbox(sweep: &str) -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.write("digits.csv", pictures());
    sandbox.write("sweep.toml", sweep);
    sandbox
}

#[test]
fn networks_with_convolutions_train_on_burn_beside_others_on_the_lanes() {
    let sandbox = sandbox(SWEEP);
    let plan = sandbox.swath(&["plan", "sweep.toml"]);
    assert!(
        plan.stdout.contains("engine: burn for the 2 of 3 points with convolutions or pooling; else lanes"),
        "{}",
        plan.stdout
    );
    let ended = sandbox.swath(&["run", "sweep.toml"]);
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    let trials = sandbox.read("results/images/trials.csv");
    assert_eq!(trials.lines().filter(|line| line.contains("finished")).count(), 6, "{trials}");
    let report = sandbox.read("results/images/report.md");
    // 2 filters of 9 weights and a bias, one pixel of 2 channels left, 4 units, 2 classes: 20 + 12 + 10.
    assert!(report.contains("4 x 4, conv 2, pool 2, 2-4-2"), "{report}");
    assert!(trials.contains(",42,"), "{trials}");
    let again = sandbox.swath(&["run", "sweep.toml"]);
    assert!(again.stdout.contains("nothing to train"), "{}", again.stdout);
}

#[test]
fn predictions_of_convolutions_that_are_gone_are_made_again_with_the_same_bytes() {
    let sandbox = sandbox(&SWEEP.replace("[architectures]", "[ensemble]\npoints = 3\n[architectures]"));
    assert_eq!(sandbox.swath(&["run", "sweep.toml"]).code, 0);
    let path = sandbox.path().join("results/images/predictions.parquet");
    let first = fs_err::read(&path).unwrap();
    fs_err::remove_file(&path).unwrap();
    let ended = sandbox.swath(&["run", "sweep.toml"]);
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    assert!(fs_err::read(&path).unwrap() == first);
}

#[test]
fn the_results_of_convolutions_are_the_same_on_any_number_of_threads() {
    let trials = |threads: &str| {
        let sandbox = sandbox(SWEEP);
        assert_eq!(sandbox.swath(&["run", "sweep.toml", "--threads", threads]).code, 0);
        sandbox.read("results/images/trials.csv")
    };
    assert_eq!(trials("1"), trials("3"));
}

#[test]
fn convolutions_without_an_image_are_refused_with_one_that_fits() {
    let sandbox = sandbox(&SWEEP.replace("image = [4, 4]\n", ""));
    let ended = sandbox.swath(&["run", "sweep.toml"]);
    assert_eq!(ended.code, 2);
    insta::assert_snapshot!(ended.everything(&sandbox));
}

#[test]
fn a_kernel_that_does_not_fit_its_image_is_refused_with_the_layer() {
    let sandbox = sandbox(&SWEEP.replace("{ pool = 2 }, ", "{ pool = 2 }, { conv = 4 }, "));
    let ended = sandbox.swath(&["check", "sweep.toml"]);
    assert_eq!(ended.code, 2);
    insta::assert_snapshot!(ended.everything(&sandbox));
}

#[test]
fn convolutions_are_refused_where_the_lanes_are_asked_for() {
    let sandbox = sandbox(SWEEP);
    let ended = sandbox.swath(&["run", "sweep.toml", "--engine", "lanes"]);
    assert_eq!(ended.code, 2);
    insta::assert_snapshot!(ended.everything(&sandbox));
}
