//! Files and specifications that the tests share.

use std::num::NonZeroU32;
use std::path::{Path, PathBuf};

use polars::prelude::{Column, DataFrame, ParquetWriter};
use tempfile::TempDir;

use crate::data::{DataError, Dataset, Problem, Split, Table};
use crate::spec::{DataSpec, Missing, Scale, Task, Validation};

/// A folder with one file in it.
pub(super) struct Fixture {
    _folder: TempDir,
    pub(super) path: PathBuf,
}

impl Fixture {
    pub(super) fn new(name: &str, bytes: &[u8]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(name);
        fs_err::write(&path, bytes).unwrap();
        Self { _folder: folder, path }
    }

    pub(super) fn csv(text: &str) -> Self {
        Self::new("data.csv", text.as_bytes())
    }

    pub(super) fn parquet(columns: Vec<Column>) -> Self {
        Self::new("data.parquet", &parquet_bytes(columns))
    }

    pub(super) fn table(&self) -> Table {
        Table::read(&self.path).unwrap()
    }

    pub(super) fn dataset(&self, spec: &DataSpec) -> Result<Dataset, DataError> {
        Dataset::new(&self.table(), spec, 7)
    }
}

impl Dataset {
    /// The rows of one replicate alone.
    pub(super) fn split(&self, seed: u64, replicate: u32) -> Result<Split, DataError> {
        Ok(self.replicate(seed, replicate)?.split)
    }

    /// Names of the columns that enter; one-hot: `cut=Ideal`.
    pub(super) fn input_names(&self) -> impl Iterator<Item = &str> {
        self.inputs.iter().map(|input| input.name.as_str())
    }
}

pub(super) fn parquet_bytes(columns: Vec<Column>) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut frame = DataFrame::new_infer_height(columns).unwrap();
    ParquetWriter::new(&mut bytes).finish(&mut frame).unwrap();
    bytes
}

/// Regression of `y` on all other columns, 20 % validation, no test.
pub(super) fn regression() -> DataSpec {
    DataSpec {
        path: PathBuf::from("data.csv"),
        target: "y".to_owned(),
        inputs: None,
        task: Task::Regression,
        missing: Missing::Error,
        rows: None,
        training_rows: None,
        validation: Validation::Share(0.2),
        test: 0.0,
        resplit: true,
        bootstrap: false,
        scale: Scale::Standard,
        image: None,
        transform: Vec::new(),
        ordinal: Vec::new(),
    }
}

pub(super) fn classification() -> DataSpec {
    DataSpec { task: Task::Classification, ..regression() }
}

pub(super) fn folds(count: u32) -> Validation {
    Validation::Folds(NonZeroU32::new(count).unwrap())
}

pub(super) fn words(words: &[&str]) -> Vec<String> {
    words.iter().map(|&word| word.to_owned()).collect()
}

/// The problem, and where it stands: line (of CSV) or row (of Parquet), character, column.
pub(super) fn refused<T: std::fmt::Debug>(
    result: Result<T, DataError>,
) -> (Problem, Option<u64>, Option<u64>, Option<String>) {
    let error = result.unwrap_err();
    assert!(!error.help().is_empty());
    let place = *error.place;
    (error.problem, place.line.or(place.row), place.character, place.column)
}

/// A file of the repository's `data` folder.
pub(super) fn shipped(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data").join(name)
}
