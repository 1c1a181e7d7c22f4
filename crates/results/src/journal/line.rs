//! An outcome as one JSON object, and back, bit for bit.
//!
//! Figures that follow from others are not written: the validation figures of the last and of the best
//! epoch stand in the curves, and the best epoch is the one of the smallest validation loss. Where that is
//! not so, they are written out (`b`, `s`), so that every outcome can be held.

use std::borrow::Cow;

use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::packed::{read_effort, read_key, write_effort, write_key};
use super::seal::{self, LONGEST};
use crate::row::{Curves, Ending, Outcome, PackedCurves, Score, Scores};

/// Why no line can hold an outcome.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Unwritable {
    /// A figure is NaN or infinite, which JSON cannot say: such a trial has diverged.
    #[error("a figure of its {0} is NaN or infinite; such a trial has diverged at that epoch")]
    NotFinite(&'static str),
    /// The line would be longer than a reader accepts.
    #[error("its line would be longer than 64 MiB")]
    Long,
}

/// The members of a line, as they are read. `docs/journal.md` explains each.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Members<'a> {
    k: &'a str,
    #[serde(default)]
    d: Option<u32>,
    #[serde(default, borrow)]
    f: Option<Cow<'a, str>>,
    #[serde(default)]
    r: Vec<f32>,
    #[serde(default)]
    t: Vec<f32>,
    #[serde(default)]
    v: Vec<f32>,
    #[serde(default)]
    m: Vec<f32>,
    #[serde(default)]
    l: Vec<(f32, u32)>,
    #[serde(default)]
    w: Option<u32>,
    #[serde(default)]
    b: Option<u32>,
    #[serde(default)]
    s: Option<[f32; 4]>,
    e: &'a str,
    // The seal is checked before the members are read.
    #[serde(default, rename = "x")]
    _seal: IgnoredAny,
}

/// Writes an outcome's line, newline included, behind `text`. Returns the line's checksum.
/// On an error `text` may have grown.
pub(super) fn write(outcome: &Outcome, before: u32, text: &mut Vec<u8>) -> Result<u32, Unwritable> {
    let Outcome { key, ending, curves, effort } = outcome;
    check_figures(outcome)?;
    let start = text.len();
    text.extend_from_slice(br#"{"k":""#);
    write_key(*key, text);
    text.push(b'"');
    match ending {
        Ending::Finished(_) => {}
        Ending::Diverged { epoch } => member(text, "d", epoch),
        Ending::Failed { message } => member(text, "f", message),
    }
    for (name, curve) in [
        ("r", curves.train_loss_running()),
        ("t", curves.train_loss()),
        ("v", curves.validation_loss()),
        ("m", curves.validation_metric()),
    ] {
        if !curve.is_empty() {
            member(text, name, curve);
        }
    }
    if curves.epochs() > 0 {
        member(text, "l", &fold(curves.learning_rate()));
    }
    let mut figures = [None; 5];
    let mut used = 0;
    if let Ending::Finished(scores) = ending {
        write_epochs(scores, curves, text);
        (figures, used) = end_figures(scores);
    }
    text.extend_from_slice(br#","e":""#);
    write_effort(*effort, figures.get(..used).unwrap_or_default(), text);
    text.push(b'"');
    let checksum = seal::close(text, start, before);
    if text.len() - start > LONGEST { Err(Unwritable::Long) } else { Ok(checksum) }
}

fn member(text: &mut Vec<u8>, name: &str, value: &(impl Serialize + ?Sized)) {
    text.extend_from_slice(b",\"");
    text.extend_from_slice(name.as_bytes());
    text.extend_from_slice(b"\":");
    // Every number is finite, and writing to memory cannot fail.
    let _ = serde_json::to_writer(text, value);
}

/// Reads a line whose seal has been checked. The error says what is wrong with it.
pub(super) fn read(line: &[u8]) -> Result<Outcome, String> {
    let members: Members<'_> = serde_json::from_slice(line).map_err(|error| error.to_string())?;
    let Members { k, d, f, r, t, v, m, l, w, b, s, e, .. } = members;
    let key = read_key(k).ok_or_else(|| format!("`{k}` is no trial key: 22 characters of base64url are expected"))?;
    let (effort, figures) = read_effort(e).ok_or_else(|| format!("`{e}` is no effort"))?;
    let epochs = v.len();
    let curves = Curves {
        train_loss_running: r,
        train_loss: t,
        validation_loss: v,
        validation_metric: m,
        learning_rate: unfold(&l, epochs)?,
    };
    check_lengths(&curves)?;
    let curves = curves.pack();
    let ending = match (d, f) {
        (None, None) => Ending::Finished(scores(&curves, &figures, w, b, s)?),
        (Some(_), Some(_)) => return Err("it has both `d` and `f`".to_owned()),
        _ if !figures.is_empty() => return Err("it did not finish, and has end scores in `e`".to_owned()),
        (Some(epoch), None) => Ending::Diverged { epoch },
        (None, Some(message)) => Ending::Failed { message: message.into_owned() },
    };
    Ok(Outcome { key, ending, curves, effort })
}

fn check_figures(outcome: &Outcome) -> Result<(), Unwritable> {
    let curves = &outcome.curves;
    for (name, curve) in [
        ("running training loss", curves.train_loss_running()),
        ("training loss", curves.train_loss()),
        ("validation loss", curves.validation_loss()),
        ("validation metric", curves.validation_metric()),
        ("learning rate", curves.learning_rate()),
    ] {
        if !curve.iter().all(|value| value.is_finite()) {
            return Err(Unwritable::NotFinite(name));
        }
    }
    if let Ending::Finished(scores) = &outcome.ending {
        let test = test_figures(scores);
        let mut figures =
            validation_figures(scores).into_iter().chain([scores.train_loss]).chain(test.into_iter().flatten());
        if !figures.all(f32::is_finite) {
            return Err(Unwritable::NotFinite("scores"));
        }
    }
    Ok(())
}

/// Validation loss and metric of the weights that training ended with, then of the best epoch.
fn validation_figures(Scores { last, best, .. }: &Scores) -> [f32; 4] {
    [last.validation_loss, last.validation_metric, best.validation_loss, best.validation_metric]
}

/// Test loss and metric of the weights that training ended with, then of the best epoch.
fn test_figures(Scores { last, best, .. }: &Scores) -> [Option<f32>; 4] {
    [last.test_loss, last.test_metric, best.test_loss, best.test_metric]
}

/// What is measured once, and how many figures of it must be written: the test figures of the best epoch need not where
/// they equal those of the end, and none need where there are none.
fn end_figures(scores: &Scores) -> ([Option<f32>; 5], usize) {
    let test = test_figures(scores);
    let [last_loss, last_metric, best_loss, best_metric] = test;
    let [of_last_loss, of_last_metric, of_best_loss, of_best_metric] = test.map(|figure| figure.map(f32::to_bits));
    let used = if (of_last_loss, of_last_metric) != (of_best_loss, of_best_metric) {
        5
    } else if of_last_loss.or(of_last_metric).is_some() {
        3
    } else {
        1
    };
    ([Some(scores.train_loss), last_loss, last_metric, best_loss, best_metric], used)
}

/// Writes which epoch was restored, and what else of the scores does not follow from the curves.
fn write_epochs(scores: &Scores, curves: &PackedCurves, text: &mut Vec<u8>) {
    if let Some(epoch) = scores.restored_epoch {
        member(text, "w", &epoch);
    }
    if smallest(curves) != Some(scores.best_epoch) {
        member(text, "b", &scores.best_epoch);
    }
    let validation = validation_figures(scores);
    let from_curves = validation_from_curves(curves, scores.restored_epoch, scores.best_epoch);
    if from_curves.map(|figures| figures.map(f32::to_bits)) != Some(validation.map(f32::to_bits)) {
        member(text, "s", &validation);
    }
}

fn scores(
    curves: &PackedCurves,
    end: &[Option<f32>],
    restored_epoch: Option<u32>,
    best_epoch: Option<u32>,
    validation: Option<[f32; 4]>,
) -> Result<Scores, String> {
    let best_epoch = best_epoch.or_else(|| smallest(curves)).ok_or("it has no epochs, and no best epoch `b`")?;
    let validation = validation
        .or_else(|| validation_from_curves(curves, restored_epoch, best_epoch))
        .ok_or("its last or best epoch is not in its curves, and it has no `s`")?;
    let (train_loss, last, best) = match *end {
        [Some(train_loss)] => (train_loss, [None; 2], [None; 2]),
        [Some(train_loss), loss, metric] => (train_loss, [loss, metric], [loss, metric]),
        [Some(train_loss), loss, metric, best_loss, best_metric] => {
            (train_loss, [loss, metric], [best_loss, best_metric])
        }
        _ => return Err("`e` must end with 1, 3 or 5 scores".to_owned()),
    };
    let score = |validation_loss, validation_metric, [test_loss, test_metric]: [Option<f32>; 2]| Score {
        validation_loss,
        validation_metric,
        test_loss,
        test_metric,
    };
    let [last_loss, last_metric, best_loss, best_metric] = validation;
    Ok(Scores {
        last: score(last_loss, last_metric, last),
        train_loss,
        restored_epoch,
        best_epoch,
        best: score(best_loss, best_metric, best),
    })
}

/// Validation loss and metric of the weights that training ended with, then of the best epoch.
fn validation_from_curves(curves: &PackedCurves, restored_epoch: Option<u32>, best_epoch: u32) -> Option<[f32; 4]> {
    let at = |epoch: usize| {
        let index = epoch.checked_sub(1)?;
        Some((*curves.validation_loss().get(index)?, *curves.validation_metric().get(index)?))
    };
    let (last_loss, last_metric) = at(restored_epoch.map_or(curves.epochs(), |epoch| epoch as usize))?;
    let (best_loss, best_metric) = at(best_epoch as usize)?;
    Some([last_loss, last_metric, best_loss, best_metric])
}

/// The epoch, counted from 1, of the smallest validation loss; the earliest on ties.
fn smallest(curves: &PackedCurves) -> Option<u32> {
    let smallest = curves
        .validation_loss()
        .iter()
        .copied()
        .enumerate()
        .reduce(|best, next| if next.1 < best.1 { next } else { best });
    smallest.and_then(|(index, _)| u32::try_from(index + 1).ok())
}

fn check_lengths(curves: &Curves) -> Result<(), String> {
    let epochs = curves.validation_loss.len();
    for (name, length) in [
        ("r", curves.train_loss_running.len()),
        ("m", curves.validation_metric.len()),
        ("t", if curves.train_loss.is_empty() { epochs } else { curves.train_loss.len() }),
    ] {
        if length != epochs {
            return Err(format!("`{name}` has {length} epochs and `v` has {epochs}"));
        }
    }
    Ok(())
}

/// Equal rates in a row as one pair of the rate and how often it comes.
fn fold(rates: &[f32]) -> Vec<(f32, u32)> {
    let mut runs: Vec<(f32, u32)> = Vec::new();
    for &rate in rates {
        match runs.last_mut() {
            Some((same, epochs)) if same.to_bits() == rate.to_bits() && *epochs < u32::MAX => *epochs += 1,
            _ => runs.push((rate, 1)),
        }
    }
    runs
}

/// The reverse of [`fold`]. The curves bound the length, lest a line of a few bytes takes all memory.
fn unfold(runs: &[(f32, u32)], epochs: usize) -> Result<Vec<f32>, String> {
    let length: u64 = runs.iter().map(|(_, epochs)| u64::from(*epochs)).sum();
    if length != epochs as u64 {
        return Err(format!("`l` has {length} epochs and `v` has {epochs}"));
    }
    Ok(runs.iter().flat_map(|&(rate, epochs)| std::iter::repeat_n(rate, epochs as usize)).collect())
}
