//! The keys of `[data]`.

use swath_core::spec::{Missing, Scale, Task, Transform};

use super::{Bounds, Key, Kind};
use crate::file::words::words;

/// `[data]`.
pub(crate) const DATA: &[Key] = &[
    Key::new(
        "path",
        Kind::Text,
        "\"../data/diamonds.csv\"",
        "CSV or Parquet file. A relative path starts at the sweep file's folder.",
    )
    .no_axis(),
    Key::new("target", Kind::Text, "\"price\"", "The predicted column.").no_axis(),
    Key::new("inputs", Kind::Texts, "[\"carat\", \"cut\"]", "The columns that enter the network, in this order.")
        .without("every column but the target")
        .no_axis(),
    Key::new("task", Kind::Word(words::<Task>), "\"regression\"", "Whether a number or a class is predicted.")
        .word("regression", "ours")
        .no_axis(),
    Key::new(
        "missing",
        Kind::Word(words::<Missing>),
        "\"drop\"",
        "Empty cells: an error, their rows left out, or the mean of the training rows.",
    )
    .word("error", "ours"),
    Key::new("rows", Kind::IntegerOrAll, "2000", "Size of a fixed random sample of the rows.").word("all", "ours"),
    Key::new(
        "training_rows",
        Kind::IntegerOrAll,
        "200",
        "How many of its training rows a replicate learns from: the first ones in an order of its own, in which the \
         classes take turns. The rows that validate and test stay the same.",
    )
    .word("all", "ours"),
    Key::new(
        "validation",
        Kind::Number(Bounds::Within0And1),
        "0.2",
        "Share of all rows that validates. Stands instead of `folds`.",
    )
    .number(0.2, "ours"),
    Key::new(
        "folds",
        Kind::Integer { least: 2, most: u32::MAX as u64 },
        "5",
        "The rows besides the test are cut into this many folds; replicate r validates on fold r modulo folds. \
         Stands instead of `validation`.",
    )
    .without("none: `validation` is used"),
    Key::new(
        "test",
        Kind::Number(Bounds::From0Below1),
        "0.2",
        "Share of all rows kept for the test, the same in every replicate and never used to choose. 0: none.",
    )
    .number(0.2, "ours"),
    Key::new("resplit", Kind::Boolean, "true", "Whether each replicate draws its own training and validation rows.")
        .boolean(true, "ours"),
    Key::new(
        "bootstrap",
        Kind::Boolean,
        "true",
        "Whether each replicate learns from rows drawn with replacement from its training rows, as many as those are \
         (of every class as many as it has): the ensemble of its replicates is then a bagged one.",
    )
    .boolean(false, "ours"),
    Key::new(
        "scale",
        Kind::Word(words::<Scale>),
        "\"standard\"",
        "How inputs and a regression target are scaled, fitted on the training rows alone. \
         \"standard\": mean 0 and standard deviation 1; \"minmax\": 0 to 1.",
    )
    .word("standard", "ours"),
    Key::new(
        "image",
        Kind::Integers { least: 1, most: 65_536, shortest: 2, longest: 3 },
        "[8, 8]",
        "The inputs are the pixels of an image of this height and width, and of so many channels where there is a third \
         number: row by row from the top, the channels of a pixel beside each other. Those of a channel are scaled alike.",
    )
    .without("no image")
    .no_axis(),
    Key::new(
        "transform",
        Kind::ColumnWords(words::<Transform>),
        "{ price = \"log\" }",
        "Functions applied to columns of numbers before scaling.",
    )
    .without("none")
    .no_axis(),
    Key::new(
        "ordinal",
        Kind::ColumnTexts,
        "{ cut = [\"Fair\", \"Good\", \"Ideal\"] }",
        "Columns of words that have an order: the words from lowest to highest. \
         Columns of words that are not named here are one-hot.",
    )
    .without("none")
    .no_axis(),
];
