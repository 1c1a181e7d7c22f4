//! The settings of every point of a grid.

use std::collections::HashMap;
use std::num::NonZeroU32;
use std::ops::Range;
use std::path::Path;

use swath_core::spec::{
    Augmentation, ClassWeights, Clip, DataSpec, EarlyStopping, EvaluateTraining, Loss, ModelSpec, Optimizer, Schedule,
    TrainSpec,
};

use super::architecture::Architectures;
use super::axes::Grid;
use super::check::check_table;
use super::fields::Fields;
use super::keys::{MODEL, TRAIN};
use super::model::{self, Draft};
use super::path;
use super::problem::Found;
use super::slot::{Slot, with_levels};
use super::train::{self, TaskPlace};
use super::tree::{Node, Table};
use super::{augmentation, class_weights, clip, data, optimizer, schedule};

/// The sections of the file, without any axis.
#[derive(Debug)]
pub(super) struct Base<'a> {
    pub(super) folder: &'a Path,
    pub(super) data: &'a Node,
    pub(super) model: Option<&'a Table>,
    /// Where `[model]` stands, or the start of the file.
    pub(super) model_span: Range<usize>,
    pub(super) train: Option<&'a Table>,
    pub(super) task: TaskPlace,
    pub(super) architectures: &'a Architectures,
}

/// Distinct `[data]` settings, in the order in which points came to use them.
#[derive(Debug, Default)]
pub(super) struct DataList {
    pub(super) list: Vec<DataSpec>,
    /// By their text, which tells all of their content.
    known: HashMap<String, usize>,
}

impl DataList {
    fn index(&mut self, spec: DataSpec) -> usize {
        let next = self.list.len();
        let index = *self.known.entry(format!("{spec:?}")).or_insert(next);
        if index == next {
            self.list.push(spec);
        }
        index
    }
}

/// Reads the settings of one grid's points.
#[derive(Debug)]
pub(super) struct Reader<'a> {
    base: &'a Base<'a>,
    grid: &'a Grid,
    data: Slot<Option<usize>>,
    model: Slot<Option<ModelSpec>>,
    optimizer: Slot<Option<(Optimizer, f64)>>,
    loss: Slot<Option<Loss>>,
    label_smoothing: Slot<Option<f64>>,
    #[expect(clippy::option_option, reason = "wrong, absent and present are three things")]
    class_weights: Slot<Option<Option<ClassWeights>>>,
    #[expect(clippy::option_option, reason = "wrong, absent and present are three things")]
    augmentation: Slot<Option<Option<Augmentation>>>,
    epochs: Slot<Option<NonZeroU32>>,
    batch_size: Slot<Option<NonZeroU32>>,
    drop_last: Slot<Option<bool>>,
    schedule: Slot<Option<Schedule>>,
    l2: Slot<Option<f64>>,
    #[expect(clippy::option_option, reason = "wrong, absent and present are three things")]
    clip: Slot<Option<Option<Clip>>>,
    #[expect(clippy::option_option, reason = "wrong, absent and present are three things")]
    early_stopping: Slot<Option<Option<EarlyStopping>>>,
    evaluate_training: Slot<Option<EvaluateTraining>>,
}

impl<'a> Reader<'a> {
    /// A reader of the points of one grid.
    pub(super) fn new(base: &'a Base<'a>, grid: &'a Grid) -> Self {
        Self {
            base,
            grid,
            data: Slot::new(grid, |path| path.starts_with("data.")),
            model: Slot::new(grid, |path| path.starts_with("model.") || path == path::ARCHITECTURE),
            optimizer: train_slot(grid, "train.optimizer"),
            loss: train_slot(grid, "train.loss"),
            label_smoothing: train_slot(grid, "train.label_smoothing"),
            class_weights: train_slot(grid, "train.class_weights"),
            augmentation: train_slot(grid, "train.augmentation"),
            epochs: train_slot(grid, "train.epochs"),
            batch_size: train_slot(grid, "train.batch_size"),
            drop_last: train_slot(grid, "train.drop_last"),
            schedule: train_slot(grid, "train.schedule"),
            l2: train_slot(grid, "train.l2"),
            clip: train_slot(grid, "train.clip"),
            early_stopping: train_slot(grid, "train.early_stopping"),
            evaluate_training: train_slot(grid, "train.evaluate_training"),
        }
    }

    /// Which of the distinct data settings a point uses; `None` where something is wrong.
    pub(super) fn data(&mut self, levels: &[u32], list: &mut DataList, found: &mut Found) -> Option<usize> {
        let (base, grid) = (self.base, self.grid);
        let read = |axes: &[usize]| {
            let mut table = with_levels(base.data.table(), "data", None, grid, axes, levels);
            let varies =
                |path: &str| axes.iter().any(|&axis| grid.axes.get(axis).is_some_and(|axis| axis.path == path));
            // An axis wins over what the base says, also by the other name.
            for (axis, other) in [("folds", "validation"), ("validation", "folds")] {
                if varies(&format!("data.{axis}")) && !varies(&format!("data.{other}")) {
                    table.entries.retain(|entry| entry.key != other);
                }
            }
            let section = Node { value: super::tree::Value::Table(table), span: base.data.span.clone() };
            data::read(&section, base.folder, found).map(|spec| list.index(spec))
        };
        *self.data.at(levels, read)?
    }

    /// The model of a point, its architecture applied; `None` where something is wrong.
    pub(super) fn model(&mut self, levels: &[u32], found: &mut Found) -> Option<ModelSpec> {
        let (base, grid) = (self.base, self.grid);
        let read = |axes: &[usize]| {
            let table = with_levels(base.model, "model", None, grid, axes, levels);
            check_table(&table, &base.model_span, MODEL, "model", found);
            let draft = model::read(Some(&table), MODEL)?;
            let architecture = axes.iter().find_map(|&index| {
                let axis = grid.axes.get(index)?;
                axis.architectures.get(*levels.get(index)? as usize).copied()
            });
            finish(base, architecture, &draft, found)
        };
        self.model.at(levels, read)?.clone()
    }

    /// How a point learns; `None` where something is wrong.
    pub(super) fn train(&mut self, levels: &[u32], found: &mut Found) -> Option<TrainSpec> {
        let read = &mut TrainReader { base: self.base, grid: self.grid, levels, found };
        // Every key is read before one that is wrong ends it, so that all mistakes are found at once.
        let optimizer = read.key("optimizer", &mut self.optimizer, |table, _, found| optimizer::read(table, found));
        let loss = read.key("loss", &mut self.loss, train::loss);
        let label_smoothing = read.key("label_smoothing", &mut self.label_smoothing, class_weights::label_smoothing);
        let class_weights = read.key("class_weights", &mut self.class_weights, class_weights::class_weights);
        let augmentation =
            read.key("augmentation", &mut self.augmentation, |table, _, found| augmentation::read(table, found));
        let epochs = read.key("epochs", &mut self.epochs, |table, _, _| fields(table).count("epochs"));
        let batch_size = read.key("batch_size", &mut self.batch_size, |table, _, _| fields(table).count("batch_size"));
        let drop_last = read.key("drop_last", &mut self.drop_last, |table, _, _| fields(table).boolean("drop_last"));
        let schedule = read.key("schedule", &mut self.schedule, |table, _, found| schedule::read(table, found));
        let l2 = read.key("l2", &mut self.l2, |table, _, _| fields(table).number("l2"));
        let clip = read.key("clip", &mut self.clip, |table, _, found| clip::read(table, found));
        let early_stopping =
            read.key("early_stopping", &mut self.early_stopping, |table, _, _| train::early_stopping(table));
        let evaluate_training = read.key("evaluate_training", &mut self.evaluate_training, |table, _, _| {
            fields(table).word("evaluate_training")
        });
        let (optimizer, learning_rate) = optimizer?;
        Some(TrainSpec {
            optimizer,
            learning_rate,
            loss: loss?,
            label_smoothing: label_smoothing?,
            class_weights: class_weights?,
            augmentation: augmentation?,
            epochs: epochs?,
            batch_size: batch_size?,
            drop_last: drop_last?,
            schedule: schedule?,
            l2: l2?,
            clip: clip?,
            early_stopping: early_stopping?,
            evaluate_training: evaluate_training?,
        })
    }
}

/// A model with its architecture applied; what lacks its layers is reported.
pub(super) fn finish(
    base: &Base<'_>,
    architecture: Option<usize>,
    draft: &Draft,
    found: &mut Found,
) -> Option<ModelSpec> {
    let applied = match architecture {
        Some(index) => base.architectures.apply(index, draft, found)?,
        None => draft.clone(),
    };
    if applied.hidden.is_none() {
        let label = "needs `hidden`".to_owned();
        if let Some(index) = architecture {
            let name = base.architectures.names().get(index).copied().unwrap_or_default().to_owned();
            let message = format!("the architecture `{name}` has no layers: neither it nor `[model]` says `hidden`");
            let help = "give it `hidden`, for example `hidden = [8, 4]`".to_owned();
            found.report_absence(&base.architectures.span(index), message, label, help);
        } else {
            let help = match base.model {
                Some(_) => "write `hidden = [8, 4]` in `[model]`".to_owned(),
                None => "write `[model]` and below it `hidden = [8, 4]`".to_owned(),
            };
            found.report_absence(&base.model_span, "`model.hidden` is missing".to_owned(), label, help);
        }
    }
    applied.finished()
}

fn train_slot<T>(grid: &Grid, key: &str) -> Slot<T> {
    Slot::new(grid, |axis| axis == key || path::is_below(axis, key))
}

fn fields(table: Option<&Table>) -> Fields<'_> {
    Fields::new(table, TRAIN)
}

/// Reads one key of `[train]` after the other at one point.
struct TrainReader<'a> {
    base: &'a Base<'a>,
    grid: &'a Grid,
    levels: &'a [u32],
    found: &'a mut Found,
}

impl TrainReader<'_> {
    fn key<T: Clone>(
        &mut self,
        key: &str,
        slot: &mut Slot<Option<T>>,
        read: impl FnOnce(Option<&Table>, &TaskPlace, &mut Found) -> Option<T>,
    ) -> Option<T> {
        let (base, grid, levels) = (self.base, self.grid, self.levels);
        let found = &mut *self.found;
        let value = slot.at(levels, |axes| {
            let table = with_levels(base.train, "train", Some(key), grid, axes, levels);
            check_table(&table, &(0..0), TRAIN, "train", found);
            read(Some(&table), &base.task, found)
        });
        value?.clone()
    }
}
