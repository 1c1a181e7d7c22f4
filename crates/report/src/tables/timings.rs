//! `timings.csv`: seconds and worker of each trial that has an outcome. The one table that differs between two runs.

use std::collections::HashSet;

use polars::prelude::{DataFrame, PolarsResult};
use swath_results::TrialKey;
use swath_results::row::Effort;

use super::columns::Columns;
use crate::confirmation::Confirmation;
use crate::results::Results;

/// The table of timings: a row a key, in the manifest's order, then fresh trials; those of
/// equal keys were trained once.
///
/// # Errors
/// None that input can reach: the names of the columns are fixed.
pub fn table(results: &Results<'_>, confirmation: Option<&Confirmation>) -> PolarsResult<DataFrame> {
    let mut seen = HashSet::new();
    let fresh = confirmation.into_iter().flat_map(Confirmation::points).flat_map(|point| &point.trials);
    let efforts: Vec<(TrialKey, Effort)> = results
        .trials()
        .filter_map(|trial| trial.outcome.map(|outcome| (trial.key, outcome.effort)))
        .chain(fresh.filter_map(|trial| Some((trial.key, trial.effort?))))
        .filter(|(key, _)| seen.insert(*key))
        .collect();
    let mut columns = Columns::new(efforts.len());
    columns.add_keys(efforts.iter().map(|(key, _)| *key));
    columns.add("seconds", efforts.iter().map(|(_, effort)| effort.seconds).collect::<Vec<_>>());
    columns.add("worker", efforts.iter().map(|(_, effort)| effort.worker).collect::<Vec<_>>());
    columns.add("steps_trained", efforts.iter().map(|(_, effort)| effort.steps_trained as f32).collect::<Vec<_>>());
    columns.finish()
}
