//! The axes of a sweep with their levels: of several grids, all of them together.

use std::collections::HashMap;

use swath_results::manifest::{Axis, Level};

use super::architecture::PLAIN_MODEL;
use super::augmentation;
use super::axes::Grid;
use super::path;
use super::points::Base;
use super::slot::{Slot, with_levels};
use super::tree::Node;

/// The union of the axes of all grids.
#[derive(Debug, Default)]
pub(super) struct Union {
    axes: Vec<UnionAxis>,
}

#[derive(Debug)]
struct UnionAxis {
    name: String,
    path: String,
    levels: Vec<Level>,
    by_identity: HashMap<String, u32>,
    by_label: HashMap<String, u32>,
}

/// For every axis of the union, how a point of one grid finds its level there.
#[derive(Debug)]
pub(super) struct Places<'a> {
    base: &'a Base<'a>,
    grid: &'a Grid,
    by_axis: Vec<Place>,
}

#[derive(Debug)]
enum Place {
    /// The grid has the axis: which, and for each of its levels the one of the union.
    Own(usize, Vec<u32>),
    /// It has not: the level is what the base says, or what another axis makes of it.
    Base(Slot<u32>),
}

impl Union {
    /// The axes of some grids, in the order of first appearance, with the levels that the grids list.
    pub(super) fn new(grids: &[Grid]) -> Self {
        let mut union = Self::default();
        for axis in grids.iter().flat_map(|grid| &grid.axes) {
            let position = union.axes.iter().position(|known| known.path == axis.path);
            let index = position.unwrap_or(union.axes.len());
            if position.is_none() {
                union.axes.push(UnionAxis::new(axis.name.clone(), axis.path.clone()));
            }
            if let Some(known) = union.axes.get_mut(index) {
                for node in &axis.values {
                    known.level_of(node);
                }
            }
        }
        union
    }

    /// How the points of a grid find their levels.
    pub(super) fn places<'a>(&mut self, base: &'a Base<'a>, grid: &'a Grid) -> Places<'a> {
        let places = self.axes.iter_mut().map(|axis| {
            let own = grid.axes.iter().position(|own| own.path == axis.path);
            match own.and_then(|index| Some((index, grid.axes.get(index)?))) {
                Some((index, own)) => Place::Own(index, own.values.iter().map(|node| axis.level_of(node)).collect()),
                None => Place::Base(Slot::new(grid, |other| {
                    path::is_below(other, &axis.path) || path::is_below(&axis.path, other)
                })),
            }
        });
        Places { base, grid, by_axis: places.collect() }
    }

    /// The axes as the results know them.
    pub(super) fn into_axes(self) -> Vec<Axis> {
        self.axes.into_iter().map(|axis| Axis { name: axis.name, levels: axis.levels }).collect()
    }
}

impl Places<'_> {
    /// The levels of a point on every axis of the union.
    pub(super) fn levels(&mut self, union: &mut Union, own: &[u32]) -> Vec<u32> {
        let (base, grid) = (self.base, self.grid);
        let place = |(place, axis): (&mut Place, &mut UnionAxis)| match place {
            Place::Own(index, levels) => {
                own.get(*index).and_then(|&level| levels.get(level as usize)).copied().unwrap_or(0)
            }
            Place::Base(slot) => slot.at(own, |axes| axis.base_level(base, grid, axes, own)).copied().unwrap_or(0),
        };
        self.by_axis.iter_mut().zip(&mut union.axes).map(place).collect()
    }
}

impl UnionAxis {
    fn new(name: String, path: String) -> Self {
        Self { name, path, levels: Vec::new(), by_identity: HashMap::new(), by_label: HashMap::new() }
    }

    /// The level of a value: the one that means the same, or a new one.
    fn level_of(&mut self, node: &Node) -> u32 {
        let identity = node.identity();
        if let Some(&level) = self.by_identity.get(&identity) {
            return level;
        }
        let label = if self.path == augmentation::PATH { augmentation::label(node) } else { node.label() };
        let level = self.level_labelled(label, node.number());
        self.by_identity.insert(identity, level);
        level
    }

    fn level_labelled(&mut self, label: String, number: Option<f64>) -> u32 {
        let next = u32::try_from(self.levels.len()).unwrap_or(u32::MAX);
        let level = *self.by_label.entry(label.clone()).or_insert(next);
        if level == next {
            self.levels.push(Level { label, number });
        }
        level
    }

    /// The level of points whose grid lacks this axis.
    fn base_level(&mut self, base: &Base<'_>, grid: &Grid, axes: &[usize], own: &[u32]) -> u32 {
        let mut steps = self.path.split('.');
        let section = steps.next().unwrap_or_default();
        let steps: Vec<&str> = steps.collect();
        let Some((_, keys)) = path::SECTIONS.iter().find(|(name, _)| *name == section) else {
            return self.level_labelled(PLAIN_MODEL.to_owned(), None);
        };
        let written = match section {
            "data" => base.data.table(),
            "model" => base.model,
            _ => base.train,
        };
        let table = with_levels(written, section, steps.first().copied(), grid, axes, own);
        if let Some(node) = path::node(&table, &steps) {
            return self.level_of(node);
        }
        let (label, number) = path::fallback(&table, keys, &steps);
        self.level_labelled(label, number)
    }
}
