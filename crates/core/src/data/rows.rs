//! The rows that a specification uses: those without empty cells, and a sample of them.

use super::encode::Values;
use super::error::{DataError, listed};
use super::problem::Problem;
use super::table::Table;
use super::used::Used;
use crate::random::{Purpose, Stream};
use crate::spec::{DataSpec, Missing};

/// The rows that are not left out for an empty cell, and a remark on those that are.
pub(super) fn kept_rows(table: &Table, spec: &DataSpec, used: &Used) -> Result<(Vec<u32>, Vec<String>), DataError> {
    let all = 0..table.rows() as u32;
    let mut incomplete = Vec::new();
    for column in used.columns() {
        let missing = column.missing();
        let Some(first) = missing.first else { continue };
        let can_be_filled =
            column.name != spec.target && (column.is_ordinal || matches!(column.values, Values::Numbers(_)));
        match spec.missing {
            Missing::Mean if can_be_filled => {}
            Missing::Drop => incomplete.push(column),
            Missing::Mean | Missing::Error => {
                let problem = Problem::MissingCells { count: missing.count as u64, rows: column.len() as u64 };
                return Err(table.cell_error(&column.name, first, problem));
            }
        }
    }
    let kept: Vec<u32> = all.filter(|&row| incomplete.iter().all(|column| !column.is_missing(row as usize))).collect();
    if kept.is_empty() {
        return Err(DataError::of_file(table.path(), Problem::NoRowsLeft));
    }
    let left_out = table.rows() - kept.len();
    let mut remarks = Vec::new();
    if left_out > 0 {
        let names: Vec<String> = incomplete.iter().map(|column| column.name.clone()).collect();
        let names = listed(&names);
        remarks.push(format!("{left_out} of {} rows are left out for an empty cell in {names}", table.rows()));
    }
    Ok((kept, remarks))
}

/// The sampled rows out of these, ascending.
pub(super) fn sample(table: &Table, spec: &DataSpec, seed: u64, kept: &[u32]) -> Result<Vec<u32>, DataError> {
    let Some(wanted) = spec.rows else { return Ok(kept.to_vec()) };
    let (wanted, available) = (u64::from(wanted.get()), kept.len() as u64);
    if wanted > available {
        return Err(DataError::of_file(table.path(), Problem::SampleTooLarge { wanted, available }));
    }
    let order = Stream::new(seed, 0, Purpose::Sample, 0).permutation(kept.len() as u32);
    let mut sample: Vec<u32> =
        order.into_iter().take(wanted as usize).filter_map(|index| kept.get(index as usize).copied()).collect();
    sample.sort_unstable();
    Ok(sample)
}
