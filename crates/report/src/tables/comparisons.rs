//! `comparisons.csv`: every level of an axis against every earlier one, paired by replicate.

use std::borrow::Cow;

use polars::prelude::{DataFrame, PolarsResult};

use super::columns::Columns;
use crate::answer::Answer;
use crate::contrast::{Comparison, comparisons};
use crate::figure::Figure;
use crate::results::Results;
use crate::sentences;
use crate::text::csv_cell;

/// The table of comparisons: axis by axis, first on the test rows (where there are any), then on the validation rows.
/// `answer` is what was found in the same results, and has one of the two already.
///
/// # Errors
/// None that input can reach: the names of the columns are fixed.
pub fn table(results: &Results<'_>, answer: &Answer) -> PolarsResult<DataFrame> {
    let manifest = results.manifest();
    let mut found: Vec<Cow<'_, Comparison>> = Vec::new();
    for (axis, known) in answer.axes.iter().enumerate() {
        for figure in compared(results) {
            if figure == answer.compared_by {
                found.extend(known.comparisons.iter().map(Cow::Borrowed));
            } else {
                found.extend(comparisons(results, axis, figure).into_iter().map(Cow::Owned));
            }
        }
    }
    let label = |comparison: &Comparison, level: usize| {
        let axis = manifest.axes.get(comparison.axis);
        axis.and_then(|axis| axis.levels.get(level)).map(|level| csv_cell(&level.label))
    };
    let mut columns = Columns::new(found.len());
    columns.add("metric", found.iter().map(|row| results.column(row.figure)).collect::<Vec<_>>());
    let axes = found.iter().map(|row| manifest.axes.get(row.axis).map(|axis| csv_cell(&axis.name)));
    columns.add("axis", axes.collect::<Vec<_>>());
    columns.add("a", found.iter().map(|row| label(row, row.a)).collect::<Vec<_>>());
    columns.add("b", found.iter().map(|row| label(row, row.b)).collect::<Vec<_>>());
    columns.add("at", vec!["all"; found.len()]);
    columns.add("n", found.iter().map(|row| row.n as u64).collect::<Vec<_>>());
    columns.add("difference", found.iter().map(|row| row.difference).collect::<Vec<_>>());
    columns.add("low", found.iter().map(|row| row.interval.map(|interval| interval.low)).collect::<Vec<_>>());
    columns.add("high", found.iter().map(|row| row.interval.map(|interval| interval.high)).collect::<Vec<_>>());
    columns.add("p", found.iter().map(|row| row.p).collect::<Vec<_>>());
    columns.add("p_holm", found.iter().map(|row| row.p_holm).collect::<Vec<_>>());
    columns.add("effect", found.iter().map(|row| row.effect).collect::<Vec<_>>());
    columns.add("verdict", found.iter().map(|row| sentences::verdict(row.verdict)).collect::<Vec<_>>());
    let readings = found.iter().map(|row| csv_cell(&sentences::reading(manifest, row)));
    columns.add("reading", readings.collect::<Vec<_>>());
    columns.finish()
}

/// The figures that are compared, of what decides which point is best: on test rows, where there are any, and on validation
/// rows.
pub fn compared(results: &Results<'_>) -> Vec<Figure> {
    let figures = [results.objective().test(), results.objective().validation()];
    figures.into_iter().filter(|figure| results.figures().contains(figure)).collect()
}
