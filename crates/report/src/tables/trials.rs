//! `trials.csv`: a row a trial, in the manifest's order.

use polars::prelude::{DataFrame, PolarsResult};
use swath_results::row::Ending;

use super::columns::Columns;
use crate::figure::Figure;
use crate::results::{Results, Trial};
use crate::text::csv_cell;

/// The table of trials. What was not measured is null, never 0 or NaN.
///
/// # Errors
/// Where an axis bears the name of another column.
pub fn table(results: &Results<'_>) -> PolarsResult<DataFrame> {
    let trials: Vec<Trial<'_>> = results.trials().collect();
    let points = &results.manifest().points;
    let mut columns = Columns::new(trials.len());
    columns.add_keys(trials.iter().map(|trial| trial.key));
    columns.add("replicate", trials.iter().map(|trial| trial.replicate).collect::<Vec<_>>());
    columns.add_axes(results, &trials.iter().map(|trial| trial.point))?;
    columns.add("status", trials.iter().map(|trial| trial.status().word()).collect::<Vec<_>>());
    columns.add(
        "parameters",
        trials.iter().map(|trial| points.get(trial.point).map(|p| p.parameters)).collect::<Vec<_>>(),
    );
    columns.add("steps", trials.iter().map(|trial| steps(results, trial)).collect::<Vec<_>>());

    let (at_best, at_end): (Vec<Figure>, Vec<Figure>) =
        results.figures().iter().copied().partition(|figure| figure.is_at_best_epoch());
    let scores = |read: fn(&swath_results::row::Scores) -> Option<u32>| {
        trials.iter().map(|trial| trial.scores().and_then(read)).collect::<Vec<_>>()
    };
    for figure in at_end {
        columns.add(&results.column(figure), figures(&trials, figure));
    }
    columns.add("best_epoch", scores(|scores| Some(scores.best_epoch)));
    for figure in at_best {
        columns.add(&results.column(figure), figures(&trials, figure));
    }

    columns.add("epochs_run", trials.iter().map(Trial::epochs_run).collect::<Vec<_>>());
    columns.add("restored_epoch", scores(|scores| scores.restored_epoch));
    columns.add("diverged_epoch", trials.iter().map(diverged_epoch).collect::<Vec<_>>());
    columns.add("message", trials.iter().map(message).collect::<Vec<_>>());
    columns.finish()
}

fn figures(trials: &[Trial<'_>], figure: Figure) -> Vec<Option<f32>> {
    trials.iter().map(|trial| trial.figure(figure)).collect()
}

/// Optimiser steps of the epochs that were completed; `None` without an outcome.
fn steps(results: &Results<'_>, trial: &Trial<'_>) -> Option<u64> {
    let point = results.manifest().points.get(trial.point)?;
    Some(point.steps_per_epoch.saturating_mul(u64::from(trial.epochs_run()?)))
}

fn diverged_epoch(trial: &Trial<'_>) -> Option<u32> {
    match &trial.outcome?.ending {
        Ending::Diverged { epoch } => Some(*epoch),
        _ => None,
    }
}

fn message(trial: &Trial<'_>) -> Option<String> {
    match &trial.outcome?.ending {
        Ending::Failed { message } => Some(csv_cell(message)),
        _ => None,
    }
}
