//! What a few axes of a grid decide: read once for each combination of their levels.

use super::axes::Grid;
use super::path;
use super::tree::Table;

/// A value for every combination of the levels of some axes, read when it is first needed.
///
/// So a setting is read as often as it has values, however many points the grid has.
#[derive(Debug)]
pub(super) struct Slot<T> {
    /// The axes that decide, those of the shorter paths first: what they put may be refined by the longer.
    axes: Vec<usize>,
    /// One axis of each dimension that they stand in, with its stride among the cells.
    strides: Vec<(usize, usize)>,
    cells: Vec<Option<T>>,
}

impl<T> Slot<T> {
    /// A slot that the axes with some paths decide.
    pub(super) fn new(grid: &Grid, decides: impl Fn(&str) -> bool) -> Self {
        let mut axes: Vec<usize> =
            (0..grid.axes.len()).filter(|&axis| grid.axes.get(axis).is_some_and(|axis| decides(&axis.path))).collect();
        let mut strides = Vec::new();
        let mut size = 1;
        for dimension in grid.shape.dimensions() {
            if let Some(&axis) = dimension.axes.iter().find(|axis| axes.contains(axis)) {
                strides.push((axis, size));
                size *= dimension.length as usize;
            }
        }
        axes.sort_by_key(|&axis| grid.axes.get(axis).map(|axis| axis.path.split('.').count()));
        Self { axes, strides, cells: std::iter::repeat_with(|| None).take(size).collect() }
    }

    /// The value at a point's levels, which `read` gives from the axes that decide.
    pub(super) fn at(&mut self, levels: &[u32], read: impl FnOnce(&[usize]) -> T) -> Option<&T> {
        let level = |axis: usize| levels.get(axis).map_or(0, |&level| level as usize);
        let index: usize = self.strides.iter().map(|&(axis, stride)| level(axis) * stride).sum();
        let axes = &self.axes;
        self.cells.get_mut(index).map(|cell| &*cell.get_or_insert_with(|| read(axes)))
    }
}

/// A section of the file with the values of a point's axes put in.
pub(super) fn with_levels(
    base: Option<&Table>,
    section: &str,
    only: Option<&str>,
    grid: &Grid,
    axes: &[usize],
    levels: &[u32],
) -> Table {
    let entries = base.map_or(&[][..], |table| &table.entries);
    let wanted = entries.iter().filter(|entry| only.is_none_or(|key| entry.key == key));
    let mut table = Table { entries: wanted.cloned().collect() };
    let keys = path::SECTIONS.iter().find(|(name, _)| *name == section).map_or(&[][..], |(_, keys)| keys);
    for (axis, level) in axes.iter().filter_map(|&axis| Some((grid.axes.get(axis)?, *levels.get(axis)?))) {
        let steps: Vec<&str> = axis.path.split('.').skip(1).collect();
        if let (true, Some(value)) = (axis.path.split('.').next() == Some(section), axis.values.get(level as usize)) {
            path::put(&mut table, keys, &steps, value);
        }
    }
    table
}
