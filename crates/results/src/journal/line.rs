//! An outcome as one JSON object, and back, bit for bit.
//!
//! Figures that follow from others are not written: the validation figures of the last and of the best
//! epoch stand in the curves, and the best epoch is the one of the smallest validation loss. Where that is
//! not so, they are written out (`b`, `s`), so that every outcome can be held.

use std::borrow::Cow;

use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize, Serializer};
use thiserror::Error;

use super::seal::{self, LONGEST};
use crate::row::{Curves, Effort, Ending, Outcome, Score, Scores, TrialKey};

/// Why no line can hold an outcome.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Unwritable {
    /// A figure is NaN or infinite, which JSON cannot say: such a trial has diverged.
    #[error("a figure of its {0} is NaN or infinite; such a trial has diverged at that epoch")]
    NotFinite(&'static str),
    /// The curves have different numbers of epochs.
    #[error("its {0} has another number of epochs than its validation loss")]
    Uneven(&'static str),
    /// The line would be longer than a reader accepts.
    #[error("its line would be longer than 64 MiB")]
    Long,
}

/// The members of a line, but for the seal. `docs/journal.md` explains each.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Members<'a> {
    #[serde(borrow)]
    k: Cow<'a, str>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    d: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none", borrow)]
    f: Option<Cow<'a, str>>,
    #[serde(default, skip_serializing_if = "<[f32]>::is_empty")]
    r: Cow<'a, [f32]>,
    #[serde(default, skip_serializing_if = "<[f32]>::is_empty")]
    t: Cow<'a, [f32]>,
    #[serde(default, skip_serializing_if = "<[f32]>::is_empty")]
    v: Cow<'a, [f32]>,
    #[serde(default, skip_serializing_if = "<[f32]>::is_empty")]
    m: Cow<'a, [f32]>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    l: Vec<(f32, u32)>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    y: Vec<Option<f32>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    w: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    b: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    s: Option<[f32; 4]>,
    e: (Short, u32, Short),
    // The seal is checked before the members are read, and written behind them.
    #[serde(default, rename = "x", skip_serializing)]
    _seal: IgnoredAny,
}

/// A number that is written without a fraction where it has none.
#[derive(Debug, Clone, Copy, Default, PartialEq, Deserialize)]
struct Short(f64);

impl Serialize for Short {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        // Below 2^53 every whole number has its own f64.
        if self.0.fract() == 0.0 && (0.0..9e15).contains(&self.0) {
            serializer.serialize_u64(self.0 as u64)
        } else {
            serializer.serialize_f64(self.0)
        }
    }
}

/// Writes an outcome's line, newline included, behind `text`. Returns the line's checksum.
/// On an error `text` may have grown.
pub(super) fn write(outcome: &Outcome, before: u32, text: &mut Vec<u8>) -> Result<u32, Unwritable> {
    let members = members_of(outcome)?;
    let start = text.len();
    // Every number is finite and every name is text, so nothing of it can fail.
    let _ = serde_json::to_writer(&mut *text, &members);
    // The closing brace: the seal follows.
    text.pop();
    let checksum = seal::close(text, start, before);
    if text.len() - start > LONGEST { Err(Unwritable::Long) } else { Ok(checksum) }
}

/// Reads a line whose seal has been checked. The error says what is wrong with it.
pub(super) fn read(line: &[u8]) -> Result<Outcome, String> {
    let members: Members<'_> = serde_json::from_slice(line).map_err(|error| error.to_string())?;
    let key: TrialKey = members.k.parse().map_err(|error: crate::row::NoTrialKey| error.to_string())?;
    let epochs = members.v.len();
    let Short(milliseconds) = members.e.0;
    let effort = Effort { seconds: (milliseconds / 1e3) as f32, worker: members.e.1, steps_trained: members.e.2.0 };
    let Members { d, f, r, t, v, m, l, y, w, b, s, .. } = members;
    let curves = Curves {
        train_loss_running: r.into_owned(),
        train_loss: t.into_owned(),
        validation_loss: v.into_owned(),
        validation_metric: m.into_owned(),
        learning_rate: unfold(&l, epochs)?,
    };
    check_lengths(&curves).map_err(|error| error.to_string())?;
    let ending = match (d, f) {
        (Some(epoch), None) => Ending::Diverged { epoch },
        (None, Some(message)) => Ending::Failed { message: message.into_owned() },
        (None, None) => Ending::Finished(scores(&curves, &y, w, b, s)?),
        (Some(_), Some(_)) => return Err("it has both `d` and `f`".to_owned()),
    };
    Ok(Outcome { key, ending, curves, effort })
}

fn members_of(outcome: &Outcome) -> Result<Members<'_>, Unwritable> {
    let curves = &outcome.curves;
    check_lengths(curves)?;
    for (name, curve) in [
        ("running training loss", &curves.train_loss_running),
        ("training loss", &curves.train_loss),
        ("validation loss", &curves.validation_loss),
        ("validation metric", &curves.validation_metric),
        ("learning rate", &curves.learning_rate),
    ] {
        if !curve.iter().all(|value| value.is_finite()) {
            return Err(Unwritable::NotFinite(name));
        }
    }
    let effort = outcome.effort.as_recorded();
    let mut members = Members {
        k: Cow::Owned(outcome.key.to_string()),
        r: Cow::Borrowed(&curves.train_loss_running),
        t: Cow::Borrowed(&curves.train_loss),
        v: Cow::Borrowed(&curves.validation_loss),
        m: Cow::Borrowed(&curves.validation_metric),
        l: fold(&curves.learning_rate),
        e: (Short(effort.milliseconds()), effort.worker, Short(effort.steps_trained)),
        ..Members::default()
    };
    match &outcome.ending {
        Ending::Diverged { epoch } => members.d = Some(*epoch),
        Ending::Failed { message } => members.f = Some(Cow::Borrowed(message)),
        Ending::Finished(scores) => write_scores(scores, curves, &mut members)?,
    }
    Ok(members)
}

fn write_scores(scores: &Scores, curves: &Curves, members: &mut Members<'_>) -> Result<(), Unwritable> {
    let Scores { last, best, .. } = scores;
    let validation = [last.validation_loss, last.validation_metric, best.validation_loss, best.validation_metric];
    let test = [last.test_loss, last.test_metric, best.test_loss, best.test_metric];
    let figures = validation.into_iter().chain([scores.train_loss]).chain(test.into_iter().flatten());
    if !figures.into_iter().all(f32::is_finite) {
        return Err(Unwritable::NotFinite("scores"));
    }
    members.y.push(Some(scores.train_loss));
    let bits = |pair: &[Option<f32>]| pair.iter().map(|value| value.map(f32::to_bits)).collect::<Vec<_>>();
    let [of_last, of_best] = [bits(&test[..2]), bits(&test[2..])];
    if of_last != of_best {
        members.y.extend(test);
    } else if of_last.iter().any(Option::is_some) {
        members.y.extend(&test[..2]);
    }
    members.w = scores.restored_epoch;
    members.b = Some(scores.best_epoch).filter(|_| smallest(curves) != Some(scores.best_epoch));
    let from_curves = validation_from_curves(curves, scores.restored_epoch, scores.best_epoch);
    if from_curves.map(|figures| figures.map(f32::to_bits)) != Some(validation.map(f32::to_bits)) {
        members.s = Some(validation);
    }
    Ok(())
}

fn scores(
    curves: &Curves,
    test: &[Option<f32>],
    restored_epoch: Option<u32>,
    best_epoch: Option<u32>,
    validation: Option<[f32; 4]>,
) -> Result<Scores, String> {
    let best_epoch = best_epoch.or_else(|| smallest(curves)).ok_or("it has no epochs, and no best epoch `b`")?;
    let validation = validation
        .or_else(|| validation_from_curves(curves, restored_epoch, best_epoch))
        .ok_or("its last or best epoch is not in its curves, and it has no `s`")?;
    let (train_loss, last, best) = match *test {
        [Some(train_loss)] => (train_loss, [None; 2], [None; 2]),
        [Some(train_loss), loss, metric] => (train_loss, [loss, metric], [loss, metric]),
        [Some(train_loss), loss, metric, best_loss, best_metric] => {
            (train_loss, [loss, metric], [best_loss, best_metric])
        }
        _ => return Err("`y` must have 1, 3 or 5 figures".to_owned()),
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
fn validation_from_curves(curves: &Curves, restored_epoch: Option<u32>, best_epoch: u32) -> Option<[f32; 4]> {
    let at = |epoch: usize| {
        let index = epoch.checked_sub(1)?;
        Some((*curves.validation_loss.get(index)?, *curves.validation_metric.get(index)?))
    };
    let (last_loss, last_metric) = at(restored_epoch.map_or(curves.epochs(), |epoch| epoch as usize))?;
    let (best_loss, best_metric) = at(best_epoch as usize)?;
    Some([last_loss, last_metric, best_loss, best_metric])
}

/// The epoch, counted from 1, of the smallest validation loss; the earliest on ties.
fn smallest(curves: &Curves) -> Option<u32> {
    let smallest = curves
        .validation_loss
        .iter()
        .copied()
        .enumerate()
        .reduce(|best, next| if next.1 < best.1 { next } else { best });
    smallest.and_then(|(index, _)| u32::try_from(index + 1).ok())
}

fn check_lengths(curves: &Curves) -> Result<(), Unwritable> {
    let epochs = curves.epochs();
    for (name, length) in [
        ("running training loss", curves.train_loss_running.len()),
        ("validation metric", curves.validation_metric.len()),
        ("learning rate", curves.learning_rate.len()),
    ] {
        if length != epochs {
            return Err(Unwritable::Uneven(name));
        }
    }
    if !curves.train_loss.is_empty() && curves.train_loss.len() != epochs {
        return Err(Unwritable::Uneven("training loss"));
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
