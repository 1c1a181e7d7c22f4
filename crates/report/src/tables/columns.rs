//! A frame in the making: columns are added one by one, each under one name.

use polars::prelude::{Column, DataFrame, NamedFrom, PolarsResult, Series};

use crate::results::Results;
use crate::text::{csv_cell, plain};

/// Columns of one height.
pub(super) struct Columns {
    height: usize,
    columns: Vec<Column>,
}

impl Columns {
    pub(super) fn new(height: usize) -> Self {
        Self { height, columns: Vec::new() }
    }

    /// Adds a column; a second one of the same name is an error of [`Columns::finish`].
    pub(super) fn add<T, Phantom: ?Sized>(&mut self, name: &str, values: T)
    where
        Series: NamedFrom<T, Phantom>,
    {
        self.columns.push(Column::new(plain(name).into(), values));
    }

    /// Adds one column an axis: the label of the level at each of `points`.
    pub(super) fn add_axes(&mut self, results: &Results<'_>, points: &(impl Iterator<Item = usize> + Clone)) {
        let manifest = results.manifest();
        for (axis, described) in manifest.axes.iter().enumerate() {
            let labels: Vec<String> = points.clone().map(|point| csv_cell(manifest.label(point, axis))).collect();
            self.add(&csv_cell(&described.name), labels);
        }
    }

    /// The frame; an error where names are doubled or heights differ.
    pub(super) fn finish(self) -> PolarsResult<DataFrame> {
        DataFrame::new(self.height, self.columns)
    }
}
