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

#[cfg(test)]
mod tests {
    use crate::plot::optimizers::tests::sweep;
    use crate::tests::fixture::Sweep;

    #[test]
    fn the_table_says_what_the_page_says() {
        let sweep = sweep([[1.0, 4.0, 2.0, 8.0], [3.0, 2.0, 2.5, 3.0]]);
        let table = sweep.file("optimizers.csv");
        let rows: Vec<Vec<&str>> = table.lines().map(|line| line.split(',').collect()).collect();
        assert_eq!(rows[0][..4], ["update_rule", "learning_rate", "validation_loss_n", "validation_loss_mean"]);
        let firsts: Vec<[&str; 4]> = rows[1..].iter().map(|row| [row[0], row[1], row[3], row[7]]).collect();
        assert_eq!(
            firsts,
            [
                ["sgd", "0.001", "4.0", "false"],
                ["sgd", "0.01", "2.0", "false"],
                ["sgd", "0.1", "1.0", "true"],
                ["sgd", "1.0", "8.0", "false"],
                ["adam", "0.001", "2.0", "true"],
                ["adam", "0.01", "2.5", "false"],
                ["adam", "0.1", "3.0", "false"],
                ["adam", "1.0", "3.0", "false"],
            ]
        );
        let page = sweep.file("report.md");
        let width: f64 = rows[1][10].parse().unwrap();
        assert!(page.contains(&format!("{width:.2} |")), "{page}");
        assert!(Sweep::architectures().render().iter().all(|file| file.name != "optimizers.csv"));
    }
}
