//! A comparison as one JSON document, for programs. `docs/compare.md` describes every key.

use serde_json::{Value, json};

use super::comparison::{Compared, Comparison, Difference};
use super::pairing::{Obstacle, Pairing};
use super::side::Side;
use super::words::sentences;
use crate::json::{FORMAT, counts, high, levels, low, needed};
use crate::sentences::verdict;

/// The document; `folders` are A and B as they were given.
pub fn document(comparison: &Comparison, a: Side<'_>, b: Side<'_>, folders: [&str; 2]) -> Value {
    let matching = &comparison.matching;
    let [of_a, of_b] = [0, 1].map(|side| {
        json!({
            "folder": folders.get(side),
            "name": comparison.names.get(side),
            "trials": comparison.counts.get(side).copied().map(counts),
        })
    });
    let only = |side: Side<'_>, points: &[usize]| -> Vec<Value> {
        points.iter().map(|point| json!({"point": point, "levels": levels(side.results, *point)})).collect()
    };
    let changes: Vec<Value> =
        comparison.changes.iter().map(|change| json!({"name": change.name, "a": change.a, "b": change.b})).collect();
    json!({
        "format": FORMAT,
        "a": of_a,
        "b": of_b,
        "changes": changes,
        "paired": comparison.pairing.is_paired(),
        "not_paired_because": obstacles(&comparison.pairing),
        "compared_by": comparison.figure_name,
        "unlike_losses": comparison.unlike_losses,
        "points_in_both": matching.matched.len(),
        "axes_only_in_a": matching.axes_only_a,
        "axes_only_in_b": matching.axes_only_b,
        "ambiguous_points": matching.ambiguous,
        "contradictions": comparison.contradictions,
        "overall": comparison.overall.as_ref().map(difference),
        "overall_leaves_out": comparison.left_out_overall,
        "points": comparison.points.iter().map(|point| compared(a, point)).collect::<Vec<_>>(),
        "only_in_a": only(a, &matching.only_a),
        "only_in_b": only(b, &matching.only_b),
        "sentences": sentences(comparison),
    })
}

fn obstacles(pairing: &Pairing) -> Vec<String> {
    let Pairing::Unpaired(obstacles) = pairing else { return Vec::new() };
    let name = |obstacle: &Obstacle| match obstacle {
        Obstacle::Seed => "seed".to_owned(),
        Obstacle::Data => "data".to_owned(),
        Obstacle::Split(name) => name.clone(),
    };
    obstacles.iter().map(name).collect()
}

fn compared(a: Side<'_>, point: &Compared) -> Value {
    json!({
        "point_in_a": point.matched.a,
        "point_in_b": point.matched.b,
        "levels": levels(a.results, point.matched.a),
        "same_bits": point.same_bits,
        "difference": point.difference.as_ref().map(difference),
    })
}

fn difference(difference: &Difference) -> Value {
    let [n_a, n_b] = difference.n;
    json!({
        "n_a": n_a,
        "n_b": n_b,
        "mean_a": difference.mean_a,
        "mean_b": difference.mean_b,
        "b_minus_a": difference.mean(),
        "low": difference.interval.map(low),
        "high": difference.interval.map(high),
        "p": difference.p,
        "p_holm": difference.p_holm,
        "verdict": verdict(difference.verdict),
        "replicates_needed": needed(difference.verdict),
    })
}
