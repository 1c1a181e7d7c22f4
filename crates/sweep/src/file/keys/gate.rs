//! The keys of `[gate]`.

use super::{Bounds, Key, Kind};
use crate::file::words::words;
use crate::gate::GateFigure;

/// `[gate]`.
pub(crate) const GATE: &[Key] = &[
    Key::new(
        "margin",
        Kind::Number(Bounds::From0Below1),
        "0.02",
        "Differences from the baseline below this share of its mean do not matter.",
    )
    .number(0.01, "ours")
    .no_axis(),
    Key::new(
        "alpha",
        Kind::Number(Bounds::Within0And1),
        "0.01",
        "False alarms allowed: of so many nights on which nothing but luck changed, this share.",
    )
    .number(0.002, "ours")
    .no_axis(),
    Key::new(
        "metric",
        Kind::Word(words::<GateFigure>),
        "\"validation_metric\"",
        "What is compared, at the end of training; `metric` is the one that the sweep records beside the loss.",
    )
    .without("what decides which point is best, on test and validation rows (ours)")
    .no_axis(),
];
