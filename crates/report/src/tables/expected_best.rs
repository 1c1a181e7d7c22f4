//! `expected_best.csv`: the expected best of k points, against k and the steps that they take.

use polars::prelude::{DataFrame, PolarsResult};

use super::columns::Columns;
use crate::answer::Answer;
use crate::results::Results;

/// The table of budgets, the smallest first.
///
/// # Errors
/// None that input can reach: the names of the columns are fixed.
pub fn table(results: &Results<'_>, answer: &Answer) -> PolarsResult<DataFrame> {
    let budgets = &answer.budgets;
    let mut columns = Columns::new(budgets.len());
    columns.add("points", budgets.iter().map(|budget| budget.points as u64).collect::<Vec<_>>());
    columns.add("steps", budgets.iter().map(|budget| budget.steps).collect::<Vec<_>>());
    let expected = format!("expected_best_{}", results.column(results.objective().validation()));
    columns.add(&expected, budgets.iter().map(|budget| budget.expected_best).collect::<Vec<_>>());
    columns.add("with_replacement", budgets.iter().map(|budget| budget.with_replacement).collect::<Vec<_>>());
    columns.finish()
}
