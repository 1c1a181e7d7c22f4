//! Every key that a sweep file may hold: its kind, default, meaning and an example, each once.
//!
//! The check of a file, the paths of axes, the defaults and the JSON schema all read these tables.

use super::metric;

mod augmentation;
mod choices;
mod data;
mod ensemble;
mod gate;
mod kind;
mod layers;
mod model;
mod optimizers;
mod schedules;
mod train;

pub(crate) use augmentation::AUGMENTATION;
pub(crate) use choices::{ACTIVATIONS, INITIALIZERS, LOSSES, NORMALIZATIONS};
pub(crate) use data::DATA;
pub(crate) use ensemble::ENSEMBLE;
pub(crate) use gate::GATE;
pub(crate) use kind::{Bounds, Choice, Fallback, Key, Kind, choice_names};
pub(crate) use layers::LAYERS;
pub(crate) use model::{ARCHITECTURE, MODEL};
pub(crate) use optimizers::OPTIMIZERS;
pub(crate) use schedules::SCHEDULES;
pub(crate) use train::{CLIP, EARLY_STOPPING, TRAIN, WARM_UP};

/// Units that a layer may have at most: the engines are made for small networks.
pub(crate) const MOST_UNITS: u64 = 65_536;
/// Hidden layers that a network may have at most.
pub(crate) const MOST_LAYERS: usize = 64;
/// Trials that a sweep may have unless it says otherwise.
pub(crate) const MAX_TRIALS: u32 = 1_000_000;
/// Trials that a sweep can ask for at most.
pub(crate) const MOST_TRIALS: u64 = 100_000_000;

/// A whole number above 0.
const COUNT: Kind = Kind::Integer { least: 1, most: u32::MAX as u64 };
/// A whole number of at least 0.
const COUNT_FROM_0: Kind = Kind::Integer { least: 0, most: u32::MAX as u64 };

/// The keys at the top of the file.
pub(crate) const TOP: &[Key] = &[
    Key::new("name", Kind::Text, "\"width_vs_depth\"", "Name of the sweep and of its results folder.")
        .without("the file's name without its ending"),
    Key::new("seed", Kind::Integer { least: 0, most: i64::MAX as u64 }, "7", "Every random stream starts from it.")
        .integer(0, "ours"),
    Key::new(
        "replicates",
        Kind::Integer { least: 1, most: 1_000_000 },
        "8",
        "Trials per grid point, each with its own seed.",
    )
    .integer(5, "ours"),
    Key::new(
        "confirm",
        Kind::Integer { least: 1, most: 1_000_000 },
        "5",
        "After the grid, train the winner and the baseline again on this many fresh replicates: only their figures owe \
         nothing to the choosing.",
    )
    .without("no confirmation"),
    Key::new(
        "ensemble",
        Kind::Table(ENSEMBLE),
        "{ points = 4 }",
        "Which points are combined into ensembles once the grid is done.",
    )
    .without("the replicates of the best point alone"),
    Key::new(
        "metric",
        Kind::WordOfTask(metric::words),
        "\"macro_f1\"",
        "What decides which point is best: the validation loss, or a metric of the task on the validation rows.",
    )
    .word("loss", "ours"),
    Key::new(
        "max_trials",
        Kind::Integer { least: 1, most: MOST_TRIALS },
        "2_000_000",
        "A sweep of more trials than this is refused: a fuse against slips in the grid.",
    )
    .integer(MAX_TRIALS, "ours"),
    Key::new(
        "data",
        Kind::Table(DATA),
        "{ path = \"data.csv\", target = \"price\" }",
        "The rows that are learnt from.",
    )
    .required(),
    Key::new("model", Kind::Table(MODEL), "{ hidden = [8, 4] }", "The network.").without("every default"),
    Key::new(
        "architectures",
        Kind::Named(ARCHITECTURE),
        "{ wide = { width = 2 } }",
        "Variants of the model by name, for the axis `architecture`.",
    )
    .without("none"),
    Key::new("train", Kind::Table(TRAIN), "{ epochs = 30 }", "How the network learns.").without("every default"),
    Key::new(
        "grid",
        Kind::Grid,
        "{ epochs = [10, 30] }",
        "The axes and their values: every combination is a point. Written as [[grid]] several times: the union.",
    )
    .without("one point"),
    Key::new(
        "gate",
        Kind::Table(GATE),
        "{ margin = 0.02 }",
        "How results are held against a baseline by `swath gate`.",
    )
    .without("every default"),
];
