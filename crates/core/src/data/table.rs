//! A file's columns, read and checked but not yet interpreted.

use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use polars::prelude::{DataFrame, DataType, PolarsResult};

use super::csv::CsvText;
use super::error::{DataError, Place, shown, shown_up_to};
use super::parquet::ParquetTable;
use super::problem::Problem;

/// Larger files are refused before they are read into memory.
const MAX_BYTES: u64 = 256 << 20;
/// Wider tables are refused.
pub(super) const MAX_COLUMNS: usize = 10_000;
/// Larger tables are refused.
pub(super) const MAX_CELLS: u64 = 20_000_000;

/// A file's columns. Cells are trimmed; a cell of nothing, or of a Parquet null, is missing.
#[derive(Debug)]
pub struct Table {
    path: PathBuf,
    names: Vec<String>,
    rows: usize,
    frame: DataFrame,
    source: Source,
}

/// What the format alone knows.
#[derive(Debug)]
enum Source {
    Csv(CsvText),
    Parquet {
        /// Name and type of the columns that cannot be used.
        unusable: Vec<(String, String)>,
    },
}

/// The cells of one column; `None` is missing.
#[derive(Debug)]
pub(super) enum Cells<'a> {
    /// From CSV, or a Parquet column of text or booleans ("false", "true").
    Text(Vec<Option<&'a str>>),
    /// From a Parquet column of numbers; not necessarily finite.
    Numbers(Vec<Option<f64>>),
}

impl Table {
    /// Reads a CSV or Parquet file, told apart by the name's ending in any case.
    ///
    /// # Errors
    /// A file that cannot be read, is of neither format, is larger than 256 MiB, 10,000 columns or 20 million cells,
    /// or that is malformed; see the descriptions of the formats in [`Problem`].
    pub fn read(path: &Path) -> Result<Self, DataError> {
        let of_file = |problem| DataError::of_file(path, problem);
        let extension = path.extension().map(|extension| extension.to_string_lossy().to_lowercase());
        match extension.as_deref() {
            Some("csv") => {
                let text = CsvText::check(bytes(path)?).map_err(|fault| {
                    let mut error = of_file(fault.problem);
                    (error.place.line, error.place.character) = (fault.line, fault.character);
                    error
                })?;
                let (names, rows, frame) = (text.names.clone(), text.rows(), text.read().map_err(of_file)?);
                Ok(Self { path: path.to_path_buf(), names, rows, frame, source: Source::Csv(text) })
            }
            Some("parquet") => {
                let ParquetTable { names, frame, unusable, rows } =
                    ParquetTable::read(bytes(path)?).map_err(of_file)?;
                Ok(Self { path: path.to_path_buf(), names, rows, frame, source: Source::Parquet { unusable } })
            }
            _ => Err(of_file(Problem::UnknownFormat)),
        }
    }

    /// The file that was read.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Names of all columns, in the file's order.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// How many rows there are, the header not counted.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// The cells of the column of this name, which must be one of [`Self::names`].
    pub(super) fn cells(&self, name: &str) -> Result<Cells<'_>, DataError> {
        let of_column = |problem| DataError::of_column(&self.path, name, problem);
        if let Source::Parquet { unusable } = &self.source
            && let Some((_, data_type)) = unusable.iter().find(|(unusable, _)| unusable == name)
        {
            return Err(of_column(Problem::UnusableType(data_type.clone())));
        }
        let refused = |error: polars::error::PolarsError| {
            of_column(Problem::Malformed { format: self.format(), reason: reason(&error) })
        };
        let column = self.frame.column(name).map_err(refused)?;
        match column.dtype() {
            DataType::String => {
                let cells = column.str().map_err(refused)?.iter();
                Ok(Cells::Text(cells.map(|cell| cell.map(str::trim).filter(|cell| !cell.is_empty())).collect()))
            }
            DataType::Boolean => {
                let cells = column.bool().map_err(refused)?.iter();
                Ok(Cells::Text(cells.map(|cell| cell.map(|cell| if cell { "true" } else { "false" })).collect()))
            }
            _ => {
                let numbers = column.cast(&DataType::Float64).map_err(refused)?;
                Ok(Cells::Numbers(numbers.f64().map_err(refused)?.iter().collect()))
            }
        }
    }

    fn format(&self) -> &'static str {
        match self.source {
            Source::Csv(_) => "CSV",
            Source::Parquet { .. } => "Parquet",
        }
    }

    /// An error about one cell. Rows are counted from 0.
    pub(super) fn cell_error(&self, name: &str, row: usize, problem: Problem) -> DataError {
        let mut place = Place { column: Some(shown(name)), ..Place::of_file(&self.path) };
        match &self.source {
            Source::Csv(text) => {
                let column = self.names.iter().position(|existing| existing == name).unwrap_or(0);
                let (line, character) = text.place(row, column);
                (place.line, place.character) = (Some(line), Some(character));
            }
            Source::Parquet { .. } => place.row = Some(row as u64 + 1),
        }
        DataError { place: Box::new(place), problem }
    }
}

/// The content of a file that is not too large.
fn bytes(path: &Path) -> Result<Vec<u8>, DataError> {
    let unreadable = |error: std::io::Error| {
        let reason = if error.kind() == std::io::ErrorKind::NotFound {
            "there is no such file".to_owned()
        } else {
            error.to_string()
        };
        DataError::of_file(path, Problem::Unreadable(reason))
    };
    let length = fs_err::metadata(path).map_err(unreadable)?.len();
    if length > MAX_BYTES {
        let problem = Problem::TooLarge { what: "bytes", found: length, limit: MAX_BYTES };
        return Err(DataError::of_file(path, problem));
    }
    fs_err::read(path).map_err(unreadable)
}

/// Refuses blank and doubled names; the column, counted from 0, comes with the problem.
pub(super) fn check_names(names: &[String]) -> Result<(), (usize, Problem)> {
    let mut seen = HashMap::new();
    for (index, name) in names.iter().enumerate() {
        if name.trim().is_empty() {
            return Err((index, Problem::BlankName(index as u64 + 1)));
        }
        if let Some(first) = seen.insert(name, index) {
            let (first, second) = (first as u64 + 1, index as u64 + 1);
            return Err((index, Problem::DoubledName { name: shown(name), first, second }));
        }
    }
    Ok(())
}

/// Runs polars. It panics on some malformed files (0.55), which is then a fault of the file like any other.
pub(super) fn guarded<T>(read: impl FnOnce() -> PolarsResult<T>) -> Result<T, String> {
    match catch_unwind(AssertUnwindSafe(read)) {
        Ok(Ok(value)) => Ok(value),
        Ok(Err(error)) => Err(reason(&error)),
        Err(_) => Err("its parts contradict each other".to_owned()),
    }
}

/// What polars says, in one line.
fn reason(error: &polars::error::PolarsError) -> String {
    shown_up_to(error.to_string().lines().next().unwrap_or_default(), 160)
}
