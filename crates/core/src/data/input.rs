//! From columns to what enters the network.

use super::encode::{Column, Values};
use super::error::DataError;
use super::problem::Problem;
use super::scale::range;
use super::table::Table;
use crate::spec::Transform;

/// More words than this do not become one-hot inputs.
const MAX_ONE_HOT: usize = 100;

/// A column that enters the network.
#[derive(Debug, Clone)]
pub(super) struct Input {
    /// The column's name, for one-hot inputs followed by `=` and the word.
    pub(super) name: String,
    /// Transformed, one a sampled row; NaN is missing and takes the mean of the training rows.
    pub(super) values: Vec<f64>,
    pub(super) is_one_hot: bool,
}

impl Input {
    /// Whether all values that are not missing are the same.
    pub(super) fn is_constant(&self) -> bool {
        let (low, high) = range(&self.values);
        low >= high
    }

    /// The values of these rows, where `fill` stands for what is missing.
    pub(super) fn filled(&self, fill: f64, rows: &[u32]) -> impl Iterator<Item = f64> {
        gather(&self.values, rows).map(move |value| if value.is_nan() { fill } else { value })
    }
}

/// Appends what a column becomes: one input, or one for each of its words.
pub(super) fn encode_input(
    table: &Table,
    column: &Column,
    transform: Option<Transform>,
    sample: &[u32],
    inputs: &mut Vec<Input>,
) -> Result<(), DataError> {
    let name = &column.name;
    match (&column.values, transform) {
        (Values::Words { .. }, Some(_)) => Err(DataError::of_column(table.path(), name, Problem::TransformOfWords)),
        (Values::Numbers(numbers), transform) => {
            let values = transformed(table, name, numbers, transform)?;
            inputs.push(Input { name: name.clone(), values: gather(&values, sample).collect(), is_one_hot: false });
            Ok(())
        }
        (Values::Words { codes, .. }, None) if column.is_ordinal => {
            let values: Vec<f64> = codes
                .iter()
                .enumerate()
                .map(|(row, &code)| if column.is_missing(row) { f64::NAN } else { f64::from(code) })
                .collect();
            inputs.push(Input { name: name.clone(), values: gather(&values, sample).collect(), is_one_hot: false });
            Ok(())
        }
        (Values::Words { list, codes }, None) => {
            if list.len() > MAX_ONE_HOT {
                let problem = Problem::TooManyWords { words: list.len() as u64, limit: MAX_ONE_HOT as u64 };
                return Err(DataError::of_column(table.path(), name, problem));
            }
            for (word, own_code) in list.iter().zip(0u32..) {
                let value = |&row: &u32| f64::from(u8::from(codes.get(row as usize) == Some(&own_code)));
                let values = sample.iter().map(value).collect();
                inputs.push(Input { name: format!("{name}={word}"), values, is_one_hot: true });
            }
            Ok(())
        }
    }
}

/// The column with its transform applied. Missing stays missing.
pub(super) fn transformed(
    table: &Table,
    name: &str,
    numbers: &[f64],
    transform: Option<Transform>,
) -> Result<Vec<f64>, DataError> {
    let Some(transform) = transform else { return Ok(numbers.to_vec()) };
    let apply = |(row, &number): (usize, &f64)| {
        let (is_outside, value) = match transform {
            Transform::Log => (number <= 0.0, libm::log(number)),
            Transform::Log1p => (number <= -1.0, libm::log1p(number)),
            Transform::Sqrt => (number < 0.0, libm::sqrt(number)),
        };
        if is_outside {
            return Err(table.cell_error(name, row, Problem::OutsideDomain { value: number, transform }));
        }
        Ok(value)
    };
    numbers.iter().enumerate().map(apply).collect()
}

/// The values of these rows.
pub(super) fn gather(values: &[f64], rows: &[u32]) -> impl Iterator<Item = f64> {
    rows.iter().filter_map(|&row| values.get(row as usize).copied())
}
