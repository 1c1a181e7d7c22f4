//! `optimizers.csv`: a row an update rule and learning rate.

use polars::prelude::{DataFrame, PolarsResult};

use super::columns::Columns;
use crate::plot::OptimizersPlot;
use crate::plot::optimizers::{GoodRange, Rate, Rule};
use crate::statistics::Summary;
use crate::text::csv_cell;

/// The table of the rules in the manifest's order, the smallest rate first.
///
/// # Errors
/// None that input can reach.
pub fn table(plot: &OptimizersPlot) -> PolarsResult<DataFrame> {
    let rows: Vec<(&Rule, usize, &Rate)> = plot
        .rules
        .iter()
        .flat_map(|rule| rule.rates.iter().enumerate().map(move |(place, rate)| (rule, place, rate)))
        .collect();
    let mut columns = Columns::new(rows.len());
    columns.add("update_rule", rows.iter().map(|(rule, _, _)| csv_cell(&rule.name)).collect::<Vec<_>>());
    columns.add("learning_rate", rows.iter().map(|(_, _, rate)| rate.rate).collect::<Vec<_>>());
    let of = |read: fn(&Summary) -> Option<f64>| -> Vec<Option<f64>> {
        rows.iter().map(|(_, _, rate)| rate.validation.as_ref().and_then(read)).collect()
    };
    let n = rows.iter().map(|(_, _, rate)| rate.validation.map_or(0, |summary| summary.n as u64));
    columns.add("validation_loss_n", n.collect::<Vec<_>>());
    columns.add("validation_loss_mean", of(|summary| Some(summary.mean)));
    columns.add("validation_loss_low", of(|summary| summary.interval.map(|interval| interval.low)));
    columns.add("validation_loss_high", of(|summary| summary.interval.map(|interval| interval.high)));
    columns.add("diverged", rows.iter().map(|(_, _, rate)| rate.counts.diverged).collect::<Vec<_>>());
    columns.add("best_rate", rows.iter().map(|(rule, place, _)| rule.best == Some(*place)).collect::<Vec<_>>());
    let range = |read: fn(&GoodRange) -> f64| -> Vec<Option<f64>> {
        rows.iter().map(|(rule, _, _)| rule.range.as_ref().map(read)).collect()
    };
    columns.add("good_from", range(|range| range.low));
    columns.add("good_to", range(|range| range.high));
    columns.add("decades", range(GoodRange::decades));
    columns.finish()
}
