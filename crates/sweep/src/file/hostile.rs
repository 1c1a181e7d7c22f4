//! Files that are large, odd, or meant to do harm.

use std::path::Path;

use proptest::prelude::*;

use super::parse;

const DATA: &str = "[data]\npath = \"houses.csv\"\ntarget = \"price\"\n";

#[test]
fn two_hundred_thousand_points_are_read_in_a_moment() {
    let axis = |least: u32, most: u32| (least..=most).map(|value| value.to_string()).collect::<Vec<_>>().join(", ");
    let text = format!(
        "replicates = 1\n{DATA}[model]\nhidden = [8]\n[grid]\nepochs = [{}]\nbatch_size = [{}]\n\"train.optimizer.learning_rate\" = [{}]\n",
        axis(1, 100),
        axis(1, 100),
        axis(1, 20)
    );
    let start = std::time::Instant::now();
    let points = parse(Path::new("test.toml"), &text).map(|sweep| sweep.points.len());
    assert_eq!(points.ok(), Some(200_000));
    assert!(start.elapsed().as_secs() < 20, "took {:?}", start.elapsed());
}

proptest! {
    #[test]
    fn no_text_of_toml_makes_the_reader_panic_or_end_without_a_reason(lines in proptest::collection::vec(line(), 0..12)) {
        let text = lines.join("\n");
        if let Err(problems) = parse(Path::new("test.toml"), &text) {
            prop_assert!(!problems.list.is_empty());
            for problem in &problems.list {
                prop_assert!(text.get(problem.span.clone()).is_some(), "{problem:?}");
                prop_assert!(problem.message != "the file is no sweep", "{text}");
            }
        }
    }
}

/// A line as it may stand in a sweep file, sound or not.
fn line() -> impl Strategy<Value = String> {
    let keys = prop_oneof![
        proptest::sample::select(super::path::all()).prop_map(|name| format!("\"{name}\"")),
        proptest::sample::select(vec![
            "name",
            "seed",
            "replicates",
            "path",
            "target",
            "inputs",
            "task",
            "rows",
            "validation",
            "folds",
            "test",
            "transform",
            "ordinal",
            "hidden",
            "activation",
            "dropout",
            "normalization",
            "initializer",
            "optimizer",
            "loss",
            "schedule",
            "early_stopping",
            "l2",
            "clip",
            "zip",
            "exclude",
            "wide",
            "deep",
            "epochs",
            "batch_size",
            "architecture",
        ])
        .prop_map(str::to_owned),
    ];
    let values = proptest::sample::select(vec![
        "1",
        "0",
        "-1",
        "0.5",
        "nan",
        "99999999999999999999",
        "true",
        "false",
        "\"relu\"",
        "\"wide\"",
        "\"step\"",
        "[8, 4]",
        "[]",
        "[[8], [4]]",
        "{}",
        "{ name = \"cosine\" }",
        "{ width = 2 }",
        "{ from = \"wide\" }",
        "[\"wide\", \"deep\"]",
        "{ name = \"piecewise\", boundaries = [2, 1], values = [0.1] }",
        "[0.1, 0.2]",
        "{ by = \"norm\", at = 1, form = \"keras\" }",
        "[\"none\", { name = \"batch_norm\", momentum = 0 }]",
        "[{ epochs = 8 }]",
        "[[\"epochs\", \"batch_size\"]]",
        "1979-05-27",
        "\"",
        "[\"adam\", { name = \"sgd\", momentum = 0.9 }]",
        "{ warm_up = { over = 1 }, name = \"cosine\" }",
    ]);
    prop_oneof![
        1 => proptest::sample::select(vec![
            "[data]", "[model]", "[train]", "[grid]", "[[grid]]", "[architectures]", "[data.ordinal]",
            "[data]\npath = \"a.csv\"\ntarget = \"y\"\n[model]\nhidden = [4]",
        ])
        .prop_map(str::to_owned),
        3 => (keys, values).prop_map(|(key, value)| format!("{key} = {value}")),
    ]
}

#[test]
fn hostile_files_are_answered_in_bounded_time() {
    let lines = |count: usize, line: &dyn Fn(usize) -> String| (0..count).map(line).collect::<Vec<_>>().join("\n");
    let files = [
        format!("{DATA}inputs = [{}]\n", lines(40_000, &|index| format!("\"c{index}\","))),
        format!("{DATA}[model]\nhidden = [4]\n[architectures]\n{}", {
            lines(5_000, &|index| format!("a{index} = {{ from = \"a{}\" }}", index + 1))
        }),
        format!("{DATA}[model]\nhidden = [4]\n[grid]\n{}", lines(15_000, &|index| format!("axis{index} = [1]"))),
        format!("{DATA}[model]\nhidden = [4]\n{}", lines(40_000, &|_| "[[grid]]".to_owned())),
        format!(
            "{DATA}[model]\nhidden = [4]\n[grid]\nepochs = [{}]\nexclude = [{}]",
            lines(1000, &|index| format!("{},", index + 1)),
            lines(20_000, &|index| format!("{{ epochs = {} }},", index + 1))
        ),
        lines(15_000, &|index| format!("key{index} = 1")),
        format!("{DATA}[model]\nhidden = {}{}", "[".repeat(100_000), "]".repeat(100_000)),
    ];
    for text in files {
        assert!(text.len() < 1 << 20);
        let start = std::time::Instant::now();
        let problems = parse(Path::new("test.toml"), &text).err();
        assert!(start.elapsed().as_secs() < 5, "{:?} for {}", start.elapsed(), &text[..200]);
        assert!(problems.is_none_or(|problems| problems.list.len() <= 200));
    }
}
