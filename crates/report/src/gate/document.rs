//! The answer as one JSON document, for programs. `docs/gate.md` describes every key.

use serde_json::{Value, json};

use super::inspection::{Gate, GatedPoint, State};
use super::judgement::Judged;
use super::words::{headline, reason};
use crate::json::{FORMAT, counts};

/// The document; `folders` are the results and the baseline as they were given.
pub fn document(gate: &Gate, folders: [&str; 2]) -> Value {
    let [folder, baseline] = folders;
    let changes: Vec<Value> =
        gate.changes.iter().map(|change| json!({"name": change.name, "baseline": change.a, "now": change.b})).collect();
    json!({
        "format": FORMAT,
        "name": gate.name,
        "folder": folder,
        "baseline": baseline,
        "answer": gate.finding.word(),
        "same_bits": gate.is_same_bits(),
        "trials": counts(gate.counts),
        "compared_by": gate.figures.iter().map(|(_, name)| name).collect::<Vec<_>>(),
        "margin": gate.terms.margin,
        "alpha": gate.terms.alpha.get(),
        "changes": changes,
        "not_comparable_because": gate.obstacles,
        "contradictions": gate.contradictions,
        "overall": gate.overall.iter().map(|known| judged(gate, known)).collect::<Vec<_>>(),
        "points": gate.points.iter().map(|known| point(gate, known)).collect::<Vec<_>>(),
        "sentences": headline(gate),
    })
}

fn point(gate: &Gate, point: &GatedPoint) -> Value {
    let difference = if let State::Judged(known) = &point.state { Some(judged(gate, known)) } else { None };
    json!({
        "point": point.place,
        "levels": point.name,
        "answer": point.state.finding().word(),
        "reason": reason(&point.state),
        "difference": difference,
    })
}

fn judged(gate: &Gate, judged: &Judged) -> Value {
    let figure = gate.figures.iter().find(|(known, _)| *known == judged.figure).map(|(_, name)| name);
    json!({
        "figure": figure,
        "n": judged.n,
        "mean_baseline": judged.baseline,
        "mean_now": judged.new,
        "worse_by": judged.worse_by,
        "margin_in_units": judged.margin,
        "low": judged.low,
        "high": judged.high,
        "p": judged.p,
        "p_holm": judged.p_holm,
        "finding": judged.finding.word(),
        "replicates_needed": judged.needed,
    })
}
