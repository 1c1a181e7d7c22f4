//! `epochs.parquet`: a row an epoch of each trial, in the manifest's order.

use polars::prelude::{DataFrame, PolarsResult};
use swath_results::row::{Outcome, PackedCurves};

use super::columns::Columns;
use crate::figure::Figure;
use crate::results::{Results, Trial};

/// The table of epochs in frames of about `rows` rows each, so that a million trials need not stand in memory twice;
/// at least one frame, which may be empty, and always whole trials.
///
/// # Errors
/// Each frame: where an axis bears the name of another column.
pub fn frames<'a>(results: &'a Results<'a>, rows: usize) -> impl Iterator<Item = PolarsResult<DataFrame>> + 'a {
    let mut trials = results.trials().filter_map(|trial| Some((trial, trial.outcome?))).peekable();
    let mut first = true;
    std::iter::from_fn(move || {
        if !first && trials.peek().is_none() {
            return None;
        }
        first = false;
        let mut gathered = Vec::new();
        let mut height = 0;
        while height < rows
            && let Some((trial, outcome)) = trials.next()
        {
            height += outcome.curves.epochs();
            gathered.push((trial, outcome));
        }
        Some(frame(results, &gathered))
    })
}

fn frame(results: &Results<'_>, trials: &[(Trial<'_>, &Outcome)]) -> PolarsResult<DataFrame> {
    let of_trials = {
        let mut columns = Columns::new(trials.len());
        columns.add_keys(trials.iter().map(|(trial, _)| trial.key));
        columns.add("point", trials.iter().map(|(trial, _)| trial.point as u64).collect::<Vec<_>>());
        columns.add("replicate", trials.iter().map(|(trial, _)| trial.replicate).collect::<Vec<_>>());
        columns.add_axes(results, &trials.iter().map(|(trial, _)| trial.point))?;
        columns.finish()?
    };
    let epochs = || trials.iter().map(|(_, outcome)| outcome.curves.epochs());
    let height = epochs().sum();
    let mut columns = Columns::new(height);
    for column in of_trials.columns() {
        let places = epochs().zip(0..).flat_map(|(epochs, place)| std::iter::repeat_n(place, epochs));
        columns.add_repeated(column, places)?;
    }
    let per_row = || trials.iter().flat_map(|row| (0..row.1.curves.epochs()).map(move |epoch| (row, epoch)));
    let curve = |read: fn(&PackedCurves) -> &[f32]| -> Vec<Option<f32>> {
        let mut values = Vec::with_capacity(height);
        for (_, outcome) in trials {
            let curve = read(&outcome.curves);
            values.extend((0..outcome.curves.epochs()).map(|epoch| finite(curve, epoch)));
        }
        values
    };
    columns.add("epoch", per_row().map(|(_, epoch)| epoch as u32 + 1).collect::<Vec<_>>());
    columns.add("train_loss_running", curve(PackedCurves::train_loss_running));
    columns.add(
        &results.column(Figure::TrainLoss),
        per_row().map(|((trial, outcome), epoch)| train_loss(*trial, outcome, epoch)).collect::<Vec<_>>(),
    );
    columns.add(&results.column(Figure::VALIDATION_LOSS), curve(PackedCurves::validation_loss));
    columns.add(&results.column(Figure::VALIDATION_METRIC), curve(PackedCurves::validation_metric));
    columns.add("learning_rate", curve(PackedCurves::learning_rate));
    columns.finish()
}

/// The loss of the whole training set after an epoch (counted from 0): of every epoch where the curve has it, else of
/// the epoch whose weights training ended with.
fn train_loss(trial: Trial<'_>, outcome: &Outcome, epoch: usize) -> Option<f32> {
    if !outcome.curves.train_loss().is_empty() {
        return finite(outcome.curves.train_loss(), epoch);
    }
    let scores = trial.scores()?;
    let end = scores.restored_epoch.map_or(outcome.curves.epochs(), |restored| restored as usize);
    if epoch + 1 == end { Figure::TrainLoss.of(scores) } else { None }
}

fn finite(curve: &[f32], epoch: usize) -> Option<f32> {
    curve.get(epoch).copied().filter(|value| value.is_finite())
}
