//! A frame in the making: columns are added one by one, each under one name.

use polars::prelude::{
    Column, DataFrame, IdxCa, IdxSize, IntoSeries, NamedFrom, NewChunkedArray, PolarsResult, Series, StringChunked,
};
use swath_results::TrialKey;

use crate::results::Results;
use crate::text::{csv_cell, plain};

/// Columns of one height.
pub(crate) struct Columns {
    height: usize,
    columns: Vec<Column>,
}

impl Columns {
    pub(crate) fn new(height: usize) -> Self {
        Self { height, columns: Vec::new() }
    }

    /// Adds a column; a second one of the same name is an error of [`Columns::finish`].
    pub(crate) fn add<T, Phantom: ?Sized>(&mut self, name: &str, values: T)
    where
        Series: NamedFrom<T, Phantom>,
    {
        self.columns.push(Column::new(plain(name).into(), values));
    }

    /// Adds a column as it is.
    pub(crate) fn push(&mut self, column: Column) {
        self.columns.push(column);
    }

    /// Adds the column `key`.
    pub(crate) fn add_keys(&mut self, keys: impl Iterator<Item = TrialKey>) {
        let texts = StringChunked::from_iter_values("key".into(), keys.map(|key| key.to_string()));
        self.columns.push(texts.into_series().into());
    }

    /// Adds one column an axis: the label of the level at each of `points`.
    ///
    /// # Errors
    /// None that input can reach: every level has a label.
    pub(crate) fn add_axes(
        &mut self,
        results: &Results<'_>,
        points: &(impl Iterator<Item = usize> + Clone),
    ) -> PolarsResult<()> {
        let manifest = results.manifest();
        for (axis, described) in manifest.axes.iter().enumerate() {
            // The empty label stands for a level that there is not.
            let labels: Vec<String> =
                described.levels.iter().map(|level| csv_cell(&level.label)).chain([String::new()]).collect();
            let labels = Column::new(csv_cell(&described.name).into(), labels);
            let none = described.levels.len();
            let place = |point: usize| {
                let level = manifest.points.get(point).and_then(|point| point.levels.get(axis));
                level.map_or(none, |level| (*level as usize).min(none)) as IdxSize
            };
            self.add_repeated(&labels, points.clone().map(place))?;
        }
        Ok(())
    }

    /// Adds a column whose row n has the value at place n of `places` in `values`.
    ///
    /// # Errors
    /// A place outside `values`.
    pub(crate) fn add_repeated(&mut self, values: &Column, places: impl Iterator<Item = IdxSize>) -> PolarsResult<()> {
        let places = IdxCa::from_vec("place".into(), places.collect());
        self.columns.push(values.take(&places)?);
        Ok(())
    }

    /// The frame; an error where names are doubled or heights differ.
    pub(crate) fn finish(self) -> PolarsResult<DataFrame> {
        DataFrame::new(self.height, self.columns)
    }
}
