//! Augmented training: refusals with the right word, the same bits whoever trains beside it, and what the report shows.

use crate::sandbox::Sandbox;

/// Pictures of 3 x 4 pixels of two classes: a bright upper or lower part, more or less.
fn pictures() -> String {
    let names: Vec<String> = (0..12).map(|pixel| format!("p{pixel}")).collect();
    let mut text = format!("{},class\n", names.join(","));
    for row in 0..90_u32 {
        let is_upper = row % 2 == 0;
        for pixel in 0..12_u32 {
            let is_bright = (pixel < 6) == is_upper;
            let brightness = (row * 7 + pixel * 5) % 9 + if is_bright { 7 } else { 0 };
            text.push_str(&format!("{},", if pixel == 0 { 0 } else { brightness }));
        }
        text.push_str(if is_upper { "upper\n" } else { "lower\n" });
    }
    text
}

const SWEEP: &str = r#"
name = "pictures"
seed = 3
replicates = 3

[data]
path = "pictures.csv"
target = "class"
task = "classification"
image = [3, 4]

[model]
hidden = [4]

[train]
loss = "cross_entropy"
epochs = 4
batch_size = 16

[grid]
"data.training_rows" = [20, "all"]
"train.augmentation" = ["none", { shift = 1 }, { rotate = 20, noise = 0.1 }, { mixup = 0.3 }]
"#;

fn sandbox(sweep: &str) -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.write("pictures.csv", pictures());
    sandbox.write("sweep.toml", sweep);
    sandbox
}

#[track_caller]
fn run(sandbox: &Sandbox, arguments: &[&str]) {
    let ended = sandbox.swath(&[&["run", "sweep.toml"], arguments].concat());
    assert_eq!(ended.code, 0, "{}", ended.stderr);
}

#[test]
fn an_image_of_another_size_is_refused_with_one_that_fits() {
    let sandbox = sandbox(&SWEEP.replace("[3, 4]", "[3, 5]"));
    let ended = sandbox.swath(&["check", "sweep.toml"]);
    assert_eq!(ended.code, 2);
    insta::assert_snapshot!(ended.everything(&sandbox));
}

#[test]
fn pixels_of_words_or_under_a_transform_are_refused() {
    let with_words = sandbox(SWEEP);
    with_words.write("pictures.csv", pictures().replace("p3,", "p3,word,").replace("\n0,", "\n0,dark,"));
    for (sandbox, expected) in [
        (with_words, "holds words"),
        (sandbox(&SWEEP.replace("image", "transform = { p3 = \"log1p\" }\nimage")), "a pixel of `image`"),
    ] {
        let ended = sandbox.swath(&["check", "sweep.toml"]);
        assert_eq!(ended.code, 2, "{}", ended.stdout);
        assert!(ended.stderr.contains(expected), "{}", ended.stderr);
    }
}

#[test]
fn a_table_cannot_be_turned_and_the_message_says_what_to_write() {
    let sandbox = sandbox(&SWEEP.replace("image = [3, 4]\n", ""));
    let ended = sandbox.swath(&["check", "sweep.toml"]);
    assert_eq!(ended.code, 2);
    insta::assert_snapshot!(ended.everything(&sandbox));
}

#[test]
fn augmented_trials_are_the_same_on_any_threads_and_alone_or_among_others() {
    let together = sandbox(SWEEP);
    run(&together, &["--threads", "1"]);
    let trials = together.read("results/pictures/trials.csv");
    let threaded = sandbox(SWEEP);
    run(&threaded, &["--threads", "3"]);
    assert_eq!(threaded.read("results/pictures/trials.csv"), trials);
    for name in ["comparisons.csv", "plots/augmented-rows.svg"] {
        let name = format!("results/pictures/{name}");
        assert_eq!(threaded.read(&name), together.read(&name));
    }
    let few = sandbox(&SWEEP.replace("\"none\", { shift = 1 }, ", ""));
    run(&few, &[]);
    let of_few = few.read("results/pictures/trials.csv");
    assert_eq!(of_few.lines().count(), 1 + 12);
    assert!(of_few.lines().all(|line| trials.contains(line)), "{of_few}\n{trials}");
}

#[test]
fn the_report_shows_the_pictures_and_each_augmentation_against_none_and_is_made_again_from_the_folder() {
    let sandbox = sandbox(SWEEP);
    run(&sandbox, &[]);
    let report = sandbox.read("results/pictures/report.md");
    for expected in ["## Augmentation", "On 20 training rows", "On all training rows", "rotate=20, noise=0.1"] {
        assert!(report.contains(expected), "{expected}:\n{report}");
    }
    let drawn = sandbox.read("results/pictures/plots/augmented-rows.svg");
    // Two rows, of either class, and four copies of each under three augmentations.
    assert_eq!(drawn.matches("shape-rendering").count(), 2 + 3 * 2 * 4);
    let before = [report, drawn];
    let ended = sandbox.swath(&["report", "results/pictures"]);
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    let after = ["report.md", "plots/augmented-rows.svg"].map(|name| sandbox.read(&format!("results/pictures/{name}")));
    assert_eq!(after, before);
}

#[test]
fn a_table_takes_noise_and_mixtures_of_numbers() {
    let sandbox = Sandbox::new();
    let sweep = crate::sandbox::SMALL_SWEEP
        .replace("[grid]", "[grid]\n\"train.augmentation\" = [\"none\", { noise = 0.2 }, { mixup = 0.5 }]");
    sandbox.write("sweep.toml", sweep);
    run(&sandbox, &[]);
    let report = sandbox.read("results/small/report.md");
    assert!(report.contains("## Augmentation") && report.contains("noise=0.2"), "{report}");
    assert!(!sandbox.holds("results/small/plots/augmented-rows.svg"));
}

/// Of the shipped sweep the few rows, with none, noise and flip.
#[test]
fn on_few_digits_noise_helps_and_mirrored_digits_hurt() {
    let shipped = concat!(env!("CARGO_MANIFEST_DIR"), "/../../sweeps/augmentation.toml");
    let data = concat!(env!("CARGO_MANIFEST_DIR"), "/../../data");
    let text = fs_err::read_to_string(shipped).unwrap().replace("../data", data).replace("[200, \"all\"]", "[200]");
    let others = ["{ shift", "{ rotate", "{ scale", "{ cutout", "{ mixup"];
    let kept: Vec<&str> = text.lines().filter(|line| !others.iter().any(|other| line.contains(other))).collect();
    let sandbox = Sandbox::of(kept.join("\n"));
    run(&sandbox, &[]);
    let comparisons = sandbox.read("results/augmentation/comparisons.csv");
    let reads = |start: &str| comparisons.lines().find(|line| line.starts_with(start)).unwrap_or_default().to_owned();
    let noise = reads("test_loss,train.augmentation,noise=0.2,none,");
    let flip = reads("test_loss,train.augmentation,flip,none,");
    assert!(noise.contains(",better,"), "{comparisons}");
    assert!(flip.contains(",worse,"), "{comparisons}");
}
