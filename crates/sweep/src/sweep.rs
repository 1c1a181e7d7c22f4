//! The sweep as meant: axes, points and their settings, valid by construction.

use std::num::NonZeroU32;
use std::ops::Range;
use std::path::PathBuf;

use swath_core::spec::{DataSpec, ModelSpec, TrainSpec};
use swath_metrics::Metric;
use swath_results::SweepName;
use swath_results::manifest::Axis;

use crate::gate::GateSettings;

/// A sweep, valid as far as can be known without its data.
#[derive(Debug, Clone, PartialEq)]
pub struct Sweep {
    /// Where it was read, as given.
    pub path: PathBuf,
    /// Its text, as read.
    pub text: String,
    /// Its results stand in the folder of this name.
    pub name: SweepName,
    /// Every random stream starts from it.
    pub seed: u64,
    /// Trials per point, each with its own streams.
    pub replicates: NonZeroU32,
    /// Fresh replicates on which the winner and the baseline are trained again, if that is asked for.
    pub confirm: Option<NonZeroU32>,
    /// How its results are held against a baseline.
    pub gate: GateSettings,
    /// How many of the best points are combined into ensembles, at least 2, if that is asked for.
    pub ensemble: Option<NonZeroU32>,
    /// The metric that decides which point is best; `None`: the loss does.
    pub metric: Option<Metric>,
    /// The axes in the order of the file; of several `[[grid]]`, the union in order of first appearance.
    pub axes: Vec<Axis>,
    /// The distinct `[data]` settings that points use; the first is the one without any axis applied, if a point uses it.
    pub data: Vec<DataSpec>,
    /// The points in the order of the file (of each grid, the last axis varies fastest); without doubles.
    pub points: Vec<Point>,
    /// How many points `exclude` took away.
    pub excluded_points: u64,
    /// The architectures by name with the model that each gives from the plain `[model]`; empty without `[architectures]`.
    pub architectures: Vec<(String, ModelSpec)>,
    /// The settings without any axis applied, for `run.toml` and for the names of loss and metric.
    pub base: Settings,
    /// Where the file says what can only be checked against the data.
    pub spans: DataSpans,
}

impl Sweep {
    /// The metric that is computed beside the loss: the one that decides, or the default of the task.
    pub fn reported_metric(&self) -> Metric {
        self.metric.unwrap_or_else(|| Metric::default_of(self.base.data.task))
    }

    /// The numbers of all replicates that may be trained: those of the grid, and the fresh ones after them.
    pub fn all_replicates(&self) -> u32 {
        self.replicates.get().saturating_add(self.confirm.map_or(0, NonZeroU32::get))
    }

    /// How many of the best points have their predictions kept.
    pub fn predicted_points(&self) -> u32 {
        self.ensemble.map_or(1, NonZeroU32::get)
    }
}

/// One point of the grid.
#[derive(Debug, Clone, PartialEq)]
pub struct Point {
    /// For every axis of [`Sweep::axes`], which of its levels.
    pub levels: Vec<u32>,
    /// Which of [`Sweep::data`].
    pub data: usize,
    /// The network, its architecture applied.
    pub model: ModelSpec,
    /// How it learns.
    pub train: TrainSpec,
}

/// Settings without a grid.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    /// `[data]`.
    pub data: DataSpec,
    /// `[model]`.
    pub model: ModelSpec,
    /// `[train]`.
    pub train: TrainSpec,
}

/// Byte ranges in the sweep file of what can only be checked against the data; `None` where the file is silent.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DataSpans {
    /// Value of `path`.
    pub path: Option<Range<usize>>,
    /// Value of `target`.
    pub target: Option<Range<usize>>,
    /// Each entry of `inputs`.
    pub inputs: Vec<(String, Range<usize>)>,
    /// Each key of `ordinal`.
    pub ordinal: Vec<(String, Range<usize>)>,
    /// Each key of `transform`.
    pub transform: Vec<(String, Range<usize>)>,
    /// Value of `rows`, or of its axis.
    pub rows: Option<Range<usize>>,
    /// Value of `metric`.
    pub metric: Option<Range<usize>>,
    /// Value of `training_rows`, or of its axis.
    pub training_rows: Option<Range<usize>>,
    /// Value of `image`.
    pub image: Option<Range<usize>>,
    /// Value of `loss`.
    pub loss: Option<Range<usize>>,
    /// Value of `batch_size`, or of its axis.
    pub batch_size: Option<Range<usize>>,
    /// Value of `class_weights`, or of its axis.
    pub class_weights: Option<Range<usize>>,
    /// Value of `layers` in the model, or of its axis, or of the first architecture that has some.
    pub layers: Option<Range<usize>>,
}
