//! Parquet as we accept it: columns of numbers, text and booleans.

use std::io::Cursor;

use polars::datatypes::ArrowDataType;
use polars::prelude::{DataFrame, ParquetReader, SerReader};
use swath_parquet::check_pages;

use super::problem::Problem;
use super::table::{MAX_CELLS, MAX_COLUMNS, check_names, guarded};

/// What a Parquet file holds.
#[derive(Debug)]
pub(super) struct ParquetTable {
    /// All columns, in the file's order.
    pub(super) names: Vec<String>,
    /// Those columns that can be used.
    pub(super) frame: DataFrame,
    /// Name and type of the others.
    pub(super) unusable: Vec<(String, String)>,
    pub(super) rows: usize,
}

impl ParquetTable {
    /// Reads the file's bytes.
    pub(super) fn read(bytes: Vec<u8>) -> Result<Self, Problem> {
        let malformed = |reason| Problem::Malformed { format: "Parquet", reason };
        if bytes.is_empty() {
            return Err(Problem::Empty);
        }
        let (schema, rows, columns) = guarded(|| {
            let mut reader = ParquetReader::new(Cursor::new(bytes.as_slice()));
            let mut columns = Vec::new();
            for group in &reader.get_metadata()?.row_groups {
                columns.extend(group.byte_ranges_iter());
            }
            Ok((reader.schema()?, reader.num_rows()?, columns))
        })
        .map_err(malformed)?;

        let names: Vec<String> = schema.iter_names().map(ToString::to_string).collect();
        if names.is_empty() {
            return Err(Problem::Empty);
        }
        if names.len() > MAX_COLUMNS {
            let (found, limit) = (names.len() as u64, MAX_COLUMNS as u64);
            return Err(Problem::TooLarge { what: "columns", found, limit });
        }
        check_names(&names).map_err(|(_, problem)| problem)?;
        let found = (rows as u64).saturating_mul(names.len() as u64);
        if found > MAX_CELLS {
            return Err(Problem::TooLarge { what: "cells", found, limit: MAX_CELLS });
        }
        if rows == 0 {
            return Err(Problem::NoRows);
        }

        let (mut usable, mut unusable) = (Vec::new(), Vec::new());
        for (name, field) in schema.iter() {
            if is_usable(field.dtype()) {
                usable.push(name.to_string());
            } else {
                unusable.push((name.to_string(), type_name(field.dtype())));
            }
        }
        let frame = if usable.is_empty() {
            DataFrame::empty()
        } else {
            check_pages(&bytes, columns, MAX_CELLS).map_err(|reason| malformed(reason.to_owned()))?;
            guarded(|| ParquetReader::new(Cursor::new(bytes)).with_columns(Some(usable)).finish()).map_err(malformed)?
        };
        if frame.width() > 0 && frame.height() != rows {
            return Err(malformed(format!("{rows} rows were promised and {} read", frame.height())));
        }
        Ok(Self { names, frame, unusable, rows })
    }
}

/// The types that this build of polars reads as numbers, text and booleans.
fn is_usable(data_type: &ArrowDataType) -> bool {
    matches!(
        data_type,
        ArrowDataType::Int32
            | ArrowDataType::Int64
            | ArrowDataType::UInt32
            | ArrowDataType::UInt64
            | ArrowDataType::Float32
            | ArrowDataType::Float64
            | ArrowDataType::Boolean
            | ArrowDataType::Utf8
            | ArrowDataType::LargeUtf8
            | ArrowDataType::Utf8View
    )
}

/// The outermost type, in the words of Arrow.
fn type_name(data_type: &ArrowDataType) -> String {
    format!("{data_type:?}").split(['(', ' ', '{']).next().unwrap_or_default().to_lowercase()
}
