//! `confirmation.csv`: a row a fresh trial of the winner, then of the baseline.

use polars::prelude::{DataFrame, PolarsResult};

use super::columns::Columns;
use crate::confirmation::{Confirmation, Confirmed, FreshTrial};
use crate::figure::Figure;
use crate::results::Results;
use crate::text::csv_cell;

/// The table of fresh trials; without rows where nothing is confirmed yet.
///
/// # Errors
/// Where an axis bears the name of another column.
pub fn table(results: &Results<'_>, confirmation: Option<&Confirmation>) -> PolarsResult<DataFrame> {
    let trials: Vec<(&Confirmed, &FreshTrial)> = confirmation
        .into_iter()
        .flat_map(Confirmation::points)
        .flat_map(|point| point.trials.iter().map(move |trial| (point, trial)))
        .collect();
    let mut columns = Columns::new(trials.len());
    columns.add_keys(trials.iter().map(|(_, trial)| trial.key));
    columns.add("role", trials.iter().map(|(point, _)| point.role.word()).collect::<Vec<_>>());
    columns.add("replicate", trials.iter().map(|(_, trial)| trial.replicate).collect::<Vec<_>>());
    columns.add_axes(results, &trials.iter().map(|(point, _)| point.point))?;
    columns.add("status", trials.iter().map(|(_, trial)| trial.status.word()).collect::<Vec<_>>());
    let of_scores = |figure: Figure| {
        trials
            .iter()
            .map(|(_, trial)| trial.scores.as_ref().and_then(|scores| figure.of(scores)))
            .collect::<Vec<Option<f32>>>()
    };
    for figure in results.figures().iter().filter(|figure| !figure.is_at_best_epoch()) {
        columns.add(&results.column(*figure), of_scores(*figure));
    }
    columns.add("diverged_epoch", trials.iter().map(|(_, trial)| trial.diverged_epoch).collect::<Vec<_>>());
    let messages = trials.iter().map(|(_, trial)| trial.message.as_deref().map(csv_cell));
    columns.add("message", messages.collect::<Vec<_>>());
    columns.finish()
}
