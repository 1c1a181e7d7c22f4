//! `[gate]`: how results are held against a baseline.

use super::fields::Fields;
use super::keys::GATE;
use super::tree::Table;
use super::words::Word;
use crate::gate::{GateFigure, GateSettings};

/// Reads the section; `None` where something in it is wrong, which the check reports.
pub(super) fn read(root: &Table) -> Option<GateSettings> {
    let fields = Fields::new(root.get("gate").and_then(|node| node.table()), GATE);
    let figure = match root.get("gate").and_then(|node| node.table()?.get("metric")) {
        Some(_) => Some(GateFigure::from_word(fields.text("metric")?)?),
        None => None,
    };
    Some(GateSettings { margin: fields.number("margin")?, alpha: fields.number("alpha")?, figure })
}
