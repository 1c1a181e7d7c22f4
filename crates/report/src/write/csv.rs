//! A frame as CSV: a header, commas, one line feed a row, empty cells for nulls, shortest exact numbers.

use polars::prelude::{DataFrame, PolarsResult, SerWriter};
use polars_io::csv::write::CsvWriter;

/// The bytes of a CSV file; the same for equal frames.
///
/// # Errors
/// Where polars cannot write a column, which it can for all of ours.
pub fn csv(frame: &mut DataFrame) -> PolarsResult<Vec<u8>> {
    let mut bytes = Vec::new();
    CsvWriter::new(&mut bytes).include_header(true).finish(frame)?;
    Ok(bytes)
}
