//! The answer as one JSON document, for programs. `docs/report.md` describes every key.
//!
//! A subject is a function; whoever adds a figure adds a line to its subject and a row to the page. Numbers stay numbers,
//! and what was not measured is null: `serde_json` writes NaN and infinity so, too.

use serde_json::{Map, Value, json};

use crate::answer::{Answer, AxisAnswer, Best, Candidate, Edge, End, Gap, LevelAnswer, Limit};
use crate::confirmation::{Confirmation, Confirmed, PairedDifference, Shift};
use crate::contrast::Comparison;
use crate::detail::Detail;
use crate::effects::{Effect, Effects};
use crate::ensembles::Claim;
use crate::fit::Fit;
use crate::predictions::KeptPredictions;
use crate::results::{Counts, Results};
use crate::sentences::{limit as sentence, verdict};
use crate::statistics::{Direction, Interval, Summary, Verdict};

/// Version of the document; it changes when a key goes or gets another meaning, not when one is added.
pub const FORMAT: u32 = 1;

/// The document of an answer; `answer` is what was found in the same results.
pub fn document(results: &Results<'_>, answer: &Answer) -> Map<String, Value> {
    let best = answer.best.as_ref();
    let document = json!({
        "format": FORMAT,
        "name": answer.name,
        "partial": answer.counts.missing > 0,
        "points": answer.points,
        "replicates": answer.replicates,
        "metric": answer.metric,
        "best_by": results.column(answer.objective.validation()),
        "higher_is_better": answer.objective.direction() == Direction::HigherIsBetter,
        "compared_by": results.column(answer.compared_by),
        "trials": counts(answer.counts),
        "best": best.map(|best| candidate(results, &best.leader)),
        "cheapest_not_told_apart": best.map(|best| candidate(results, &best.cheapest)),
        "choice": best.map(choice),
        "passed_over": best.and_then(|best| best.passed_over.as_ref()).map(|point| candidate(results, point)),
        "confirmation": answer.confirmation.as_ref().map(|known| confirmation(results, known)),
        "no_predictions_because": match &answer.predictions {
            KeptPredictions::Lacking(lack) => Some(lack.sentence()),
            KeptPredictions::NotWanted | KeptPredictions::Whole(_) => None,
        },
        "detail": answer.detail.as_ref().map(detail),
        "ensembles": answer.ensembles.as_ref().map(|known| known.claims().iter().map(claim).collect::<Vec<_>>()),
        "axes": answer.axes.iter().map(axis).collect::<Vec<_>>(),
        "effects": answer.effects.as_ref().ok().map(|known| effects(results, known)),
        "no_effects_because": answer.effects.as_ref().err().map(ToString::to_string),
        "training": training(&answer.fits),
        "edges": answer.edges.iter().map(edge).collect::<Vec<_>>(),
        "limits": answer.limits.iter().map(limit).collect::<Vec<_>>(),
        "sentences": answer.headline(),
    });
    match document {
        Value::Object(document) => document,
        _ => Map::new(),
    }
}

/// The best point in every metric.
fn detail(detail: &Detail) -> Value {
    let metrics =
        detail.metrics.iter().map(|metric| json!({ "name": metric.name, "figure": summary(metric.summary.as_ref()) }));
    json!({
        "point": detail.point,
        "part": if detail.is_tested { "test" } else { "validation" },
        "rows": detail.rows,
        "replicates": detail.replicates,
        "metrics": metrics.collect::<Vec<_>>(),
    })
}

/// Whether an ensemble is at least two percent better.
fn claim(claim: &Claim) -> Value {
    json!({
        "ensemble": claim.ensemble,
        "metric": claim.quality.name(),
        "gain": claim.gain,
        "low": claim.interval.map(|interval| interval.low),
        "high": claim.interval.map(|interval| interval.high),
        "over": claim.units,
        "at_least_two_percent": claim.holds.word(),
    })
}

/// How trials ended.
pub(crate) fn counts(counts: Counts) -> Value {
    json!({
        "finished": counts.finished,
        "diverged": counts.diverged,
        "failed": counts.failed,
        "missing": counts.missing,
    })
}

/// What is known of how the best point was chosen.
fn choice(best: &Best) -> Value {
    json!({
        "eligible_points": best.eligible,
        "not_told_apart": best.not_told_apart,
        "price_of_choosing": best.price_of_choosing,
        "stays_best": best.stability.map(|stability| json!({"share": stability.share, "points": stability.points})),
        "validation_minus_test": best.validation_minus_test.as_ref().map(gap),
    })
}

fn candidate(results: &Results<'_>, candidate: &Candidate) -> Value {
    json!({
        "point": candidate.point,
        "levels": levels(results, candidate.point),
        "parameters": candidate.parameters,
        "steps": candidate.steps,
        "ranked_by": summary(Some(&candidate.validation)),
        "validation_loss": summary(Some(&candidate.validation_loss)),
        "test_loss": summary(candidate.test_loss.as_ref()),
        "metric": summary(candidate.metric.as_ref()),
    })
}

/// The labels of a point by axis.
pub(crate) fn levels(results: &Results<'_>, point: usize) -> Value {
    let manifest = results.manifest();
    let label = |place| manifest.label(point, place).to_owned();
    manifest.axes.iter().enumerate().map(|(place, axis)| (axis.name.clone(), json!(label(place)))).collect()
}

fn confirmation(results: &Results<'_>, confirmation: &Confirmation) -> Value {
    json!({
        "replicates": confirmation.replicates,
        "first_replicate": confirmation.first_replicate,
        "winner": confirmed(results, &confirmation.winner),
        "baseline": confirmation.baseline.as_ref().map(|baseline| confirmed(results, baseline)),
        "winner_minus_baseline": confirmation.difference.as_ref().map(paired),
        "shift": confirmation.shift.as_ref().map(shift),
    })
}

fn confirmed(results: &Results<'_>, confirmed: &Confirmed) -> Value {
    json!({
        "point": confirmed.point,
        "levels": levels(results, confirmed.point),
        "trials": counts(confirmed.counts),
        "ranked_by": summary(confirmed.validation.as_ref()),
        "validation_loss": summary(confirmed.validation_loss.as_ref()),
        "test_loss": summary(confirmed.test_loss.as_ref()),
        "metric": summary(confirmed.metric.as_ref()),
    })
}

fn paired(difference: &PairedDifference) -> Value {
    json!({
        "n": difference.n,
        "reference": difference.reference,
        "difference": difference.mean,
        "low": difference.interval.map(low),
        "high": difference.interval.map(high),
        "p": difference.p,
        "effect": difference.effect,
        "verdict": verdict(difference.verdict),
        "replicates_needed": needed(difference.verdict),
    })
}

fn shift(shift: &Shift) -> Value {
    json!({
        "chosen_by": shift.chosen_by,
        "fresh": shift.fresh,
        "difference": shift.mean,
        "low": shift.interval.map(low),
        "high": shift.interval.map(high),
    })
}

fn axis(axis: &AxisAnswer) -> Value {
    let comparison = |comparison: &Comparison| {
        json!({
            "a": axis.label(comparison.a),
            "b": axis.label(comparison.b),
            "n": comparison.n,
            "settings": comparison.settings,
            "settings_left_out": comparison.settings_left_out,
            "reference": comparison.reference,
            "difference": comparison.difference,
            "low": comparison.interval.map(low),
            "high": comparison.interval.map(high),
            "p": comparison.p,
            "p_holm": comparison.p_holm,
            "effect": comparison.effect,
            "verdict": verdict(comparison.verdict),
            "replicates_needed": needed(comparison.verdict),
        })
    };
    json!({
        "name": axis.name,
        "levels": axis.levels.iter().map(level).collect::<Vec<_>>(),
        "comparisons": axis.comparisons.iter().map(comparison).collect::<Vec<_>>(),
    })
}

/// What each axis, and each pair, contributes to the loss.
fn effects(results: &Results<'_>, effects: &Effects) -> Value {
    let manifest = results.manifest();
    let effect = |effect: &Effect| {
        let axes: Vec<String> = effects.factors_of(effect).iter().map(|factor| factor.name(manifest)).collect();
        json!({
            "axes": axes,
            "share": effect.share,
            "share_with_noise": effect.raw_share,
            "p_holm": effect.p_holm(),
        })
    };
    json!({
        "replicates": effects.replicates,
        "main": effects.main().map(effect).collect::<Vec<_>>(),
        "interactions": effects.interactions().map(effect).collect::<Vec<_>>(),
        "higher": effects.higher.as_ref().map(effect),
    })
}

/// How many points learnt in which way; a point may be counted under several words.
fn training(fits: &[Fit]) -> Value {
    let mut counts = Map::new();
    for verdict in fits.iter().flat_map(|fit| &fit.verdicts) {
        let count = counts.get(verdict.word()).and_then(Value::as_u64).unwrap_or(0);
        counts.insert(verdict.word().to_owned(), json!(count + 1));
    }
    let verdicts: Vec<Value> =
        counts.into_iter().map(|(word, points)| json!({"verdict": word, "points": points})).collect();
    json!(verdicts)
}

/// An end of an axis of numbers at which the best point stands.
fn edge(edge: &Edge) -> Value {
    let end = match edge.end {
        End::Smallest => "smallest",
        End::Largest => "largest",
    };
    json!({"axis": edge.axis, "label": edge.label, "end": end})
}

fn level(level: &LevelAnswer) -> Value {
    json!({
        "label": level.label,
        "image_layers": if level.image_layers.is_empty() { Value::Null } else { json!(level.image_layers) },
        "layers": if level.layers.is_empty() { Value::Null } else { json!(level.layers) },
        "parameters": level.parameters,
        "points_left_out": level.points_left_out,
        "ranked_by": summary(level.validation.as_ref()),
        "validation_loss": summary(level.validation_loss.as_ref()),
        "test_loss": summary(level.test_loss.as_ref()),
        "metric": summary(level.metric.as_ref()),
    })
}

/// Why something cannot be said: its kind, what it is about, and the sentence.
fn limit(limit: &Limit) -> Value {
    let about = match limit {
        Limit::Partial { done, asked } => json!({"kind": "partial", "done": done, "asked": asked}),
        Limit::UnlikeLosses { axes, metric } => json!({"kind": "unlike_losses", "axes": axes, "metric": metric}),
        Limit::NothingFinished => json!({"kind": "nothing_finished"}),
        Limit::NoCompletePoint => json!({"kind": "no_complete_point"}),
        Limit::IncompletePoints { points } => json!({"kind": "incomplete_points", "points": points}),
        Limit::FewReplicates { replicates } => json!({"kind": "few_replicates", "replicates": replicates}),
        Limit::NoTest { .. } => json!({"kind": "no_test"}),
        Limit::NotConfirmed { replicates, done, asked } => {
            json!({"kind": "not_confirmed", "replicates": replicates, "done": done, "asked": asked})
        }
        Limit::Entangled { axis } => json!({"kind": "entangled", "axis": axis}),
    };
    let mut about = about;
    if let Some(about) = about.as_object_mut() {
        about.insert("sentence".to_owned(), json!(sentence(limit)));
    }
    about
}

/// A summary over replicates, or null.
pub(crate) fn summary(summary: Option<&Summary>) -> Value {
    summary.map_or(Value::Null, |summary| {
        json!({
            "n": summary.n,
            "mean": summary.mean,
            "sd": summary.sd,
            "low": summary.interval.map(low),
            "high": summary.interval.map(high),
            "median": summary.median,
            "min": summary.min,
            "max": summary.max,
        })
    })
}

fn gap(gap: &Gap) -> Value {
    json!({"mean": gap.mean, "low": gap.interval.map(low), "high": gap.interval.map(high)})
}

/// The replicates that would settle a comparison, or null.
pub(crate) fn needed(verdict: Verdict) -> Option<usize> {
    match verdict {
        Verdict::NotEnoughReplicates { needed } => needed,
        _ => None,
    }
}

pub(crate) fn low(interval: Interval) -> f64 {
    interval.low
}

pub(crate) fn high(interval: Interval) -> f64 {
    interval.high
}

#[cfg(test)]
pub(crate) mod tests {
    use swath_results::manifest::Task;

    use super::*;
    use crate::tests::fixture::Sweep;

    fn document_of(sweep: &Sweep) -> Value {
        let results = sweep.results();
        Value::Object(document(&results, &Answer::new(&results)))
    }

    #[test]
    fn the_document_of_a_small_sweep_reads_so() {
        let axes: [(&str, &[&str]); 1] = [("architecture", &["baseline", "wide"])];
        insta::assert_snapshot!(format!("{:#}", document_of(&Sweep::new(Task::Regression, &axes, 3))));
    }

    #[test]
    fn a_partial_sweep_says_so_and_what_was_not_measured_is_null() {
        let mut sweep = Sweep::architectures().without_test();
        for point in 0..8 {
            sweep.remove(point, 4);
        }
        let document = document_of(&sweep);
        assert_eq!((&document["partial"], &document["trials"]["missing"]), (&true.into(), &8.into()));
        assert!(["best", "choice", "confirmation"].iter().all(|key| document[*key].is_null()), "{document:#}");
        let kinds: Vec<&str> =
            document["limits"].as_array().unwrap().iter().map(|limit| limit["kind"].as_str().unwrap()).collect();
        assert_eq!(kinds, ["partial", "no_complete_point", "no_test"]);
        assert!(document["axes"][0]["levels"][0]["test_loss"].is_null());
    }

    #[test]
    fn the_page_names_every_key() {
        assert_page_names_keys("report.md", &document_of(&Sweep::architectures()));
    }

    /// Asserts that a page for users names every key of a document.
    #[track_caller]
    pub(crate) fn assert_page_names_keys(page: &str, document: &Value) {
        let path = format!("{}/../../docs/{page}", env!("CARGO_MANIFEST_DIR"));
        let text = fs_err::read_to_string(path).unwrap();
        let mut lacking = Vec::new();
        let mut waiting = vec![document];
        while let Some(value) = waiting.pop() {
            match value {
                Value::Object(object) => {
                    // Axes are the sweep's own names.
                    for (key, below) in
                        object.iter().filter(|(key, _)| !["architecture", "epochs"].contains(&key.as_str()))
                    {
                        if !text.contains(&format!("`{key}`")) {
                            lacking.push(key.clone());
                        }
                        waiting.push(below);
                    }
                }
                Value::Array(list) => waiting.extend(list),
                _ => {}
            }
        }
        assert!(lacking.is_empty(), "docs/{page} lacks {lacking:?}");
    }
}
