//! `summary.csv`: a row a point, with centre, spread and interval of every figure over its replicates.

use polars::prelude::{DataFrame, PolarsResult};

use super::columns::Columns;
use crate::figure::Figure;
use crate::results::{Counts, Results};
use crate::statistics::{Alpha, Summary, describe};

/// The ending of a column's name, and where its value stands.
type Statistic = (&'static str, fn(&Summary) -> Option<f64>);

/// The statistics of a figure, in the order of the columns.
const STATISTICS: [Statistic; 7] = [
    ("mean", |summary| Some(summary.mean)),
    ("sd", |summary| summary.sd),
    ("low", |summary| summary.interval.map(|interval| interval.low)),
    ("high", |summary| summary.interval.map(|interval| interval.high)),
    ("median", |summary| Some(summary.median)),
    ("min", |summary| Some(summary.min)),
    ("max", |summary| Some(summary.max)),
];

/// The table of points, in the manifest's order. For each figure: `n`, the statistics, null where there are too few
/// values; then how many trials diverged, failed and are missing.
///
/// # Errors
/// Where an axis bears the name of another column.
pub fn table(results: &Results<'_>) -> PolarsResult<DataFrame> {
    let points = &results.manifest().points;
    let mut columns = Columns::new(points.len());
    columns.add_axes(results, &(0..points.len()))?;
    columns.add("parameters", points.iter().map(|point| point.parameters).collect::<Vec<_>>());
    columns.add("steps", points.iter().map(|point| point.steps).collect::<Vec<_>>());
    for figure in results.figures() {
        let summaries: Vec<Option<Summary>> =
            (0..points.len()).map(|point| of_point(results, point, *figure)).collect();
        let name = results.column(*figure);
        let n = summaries.iter().map(|summary| summary.map_or(0, |summary| summary.n as u64));
        columns.add(&format!("{name}_n"), n.collect::<Vec<_>>());
        for (ending, read) in STATISTICS {
            let values: Vec<Option<f64>> = summaries.iter().map(|summary| summary.as_ref().and_then(read)).collect();
            columns.add(&format!("{name}_{ending}"), values);
        }
    }
    let counts: Vec<Counts> = (0..points.len()).map(|point| results.counts_of(point)).collect();
    columns.add("diverged", counts.iter().map(|counts| counts.diverged).collect::<Vec<_>>());
    columns.add("failed", counts.iter().map(|counts| counts.failed).collect::<Vec<_>>());
    columns.add("missing", counts.iter().map(|counts| counts.missing).collect::<Vec<_>>());
    columns.finish()
}

/// One figure of one point over the replicates that have it; `None` where none has.
pub fn of_point(results: &Results<'_>, point: usize, figure: Figure) -> Option<Summary> {
    of_values(&results.values(point, figure))
}

/// The values that are there, with a 95 % t interval; `None` where there are none.
pub fn of_values(values: &[Option<f64>]) -> Option<Summary> {
    describe(&values.iter().copied().flatten().collect::<Vec<_>>(), Alpha::FIVE_PERCENT)
}
