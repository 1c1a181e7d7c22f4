//! What a sweep asked for: its axes, its points, and the trials of every point.
//!
//! The report is made from a [`Manifest`] and the outcomes of its keys; it never sees the sweep file.

use crate::pictures::Pictures;
use crate::row::TrialKey;
use crate::settings::PointSettings;
use crate::surface::LossSurface;

/// What one sweep asked for.
#[derive(Debug, Clone, PartialEq)]
pub struct Manifest {
    /// The sweep's name; its results stand in the folder of this name.
    pub name: String,
    /// What is predicted, and how its quality is called.
    pub objective: Objective,
    /// The axes in the order of the sweep file.
    pub axes: Vec<Axis>,
    /// The points of the grid in the order of the sweep file (the last axis varies fastest).
    pub points: Vec<Point>,
    /// The architectures by name, in the order of the sweep file; empty where there is no such axis.
    pub architectures: Vec<Architecture>,
    /// Replicates of every point.
    pub replicates: u32,
    /// Fresh replicates, numbered from `replicates` on, on which the winner and the baseline are trained again once the
    /// grid has all its outcomes; 0 where that is not asked for.
    pub confirm: u32,
    /// How many of the best points have their predictions kept, at least 1; where more, they are combined into ensembles.
    pub predicted_points: u32,
    /// Of how many replicates the predictions are kept: all, unless that would be too many numbers.
    pub predicted_replicates: u32,
    /// Keys by point, then by replicate: `keys[point * replicates + replicate]`.
    pub keys: Vec<TrialKey>,
    /// What the training and evaluation rows were.
    pub data: DataSummary,
    /// What augmentation makes of training rows that are pictures.
    pub pictures: Option<Pictures>,
    /// Names of points or axes that the sweep file asked to leave out (`exclude`): how many points.
    pub excluded_points: u64,
    /// The loss over the parameters and the ways over it, where every point trains two parameters and a run wrote it down.
    pub surface: Option<LossSurface>,
}

/// What is predicted and how its quality is called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Objective {
    /// Regression or classification.
    pub task: Task,
    /// The predicted column.
    pub target: String,
    /// Name of the loss as the sweep file writes it (`mse`, `cross_entropy`); of the base settings
    /// where the loss is an axis.
    pub loss: String,
    /// Name of the metric that is recorded beside the loss: `accuracy`, or `mae` in the target's own units, where the sweep
    /// file says no other.
    pub metric: String,
    /// Which of the two decides which point is best.
    pub best_by: BestBy,
}

/// What decides which point is best, on the validation rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum BestBy {
    /// The smallest loss.
    Loss,
    /// The best value of [`Objective::metric`].
    Metric,
}

/// Regression or classification.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Task {
    /// A number is predicted.
    Regression,
    /// A class is predicted.
    Classification,
}

/// One axis of the grid.
#[derive(Debug, Clone, PartialEq)]
pub struct Axis {
    /// As written in `[grid]`: `architecture`, `epochs`, `batch_size`, `schedule`, or a dotted name.
    pub name: String,
    /// Its levels in the order of the sweep file.
    pub levels: Vec<Level>,
}

/// One level of an axis.
#[derive(Debug, Clone, PartialEq)]
pub struct Level {
    /// How tables and pages name it: `wide`, `16`, `step(factor=0.5, every=10)`.
    pub label: String,
    /// Its value where it is a number.
    pub number: Option<f64>,
}

/// One point of the grid.
#[derive(Debug, Clone, PartialEq)]
pub struct Point {
    /// For every axis, which of its levels.
    pub levels: Vec<u32>,
    /// Trainable parameters of the network.
    pub parameters: u64,
    /// Optimiser steps of one trial that is trained to its end without an early stop.
    pub steps: u64,
    /// Steps of one epoch.
    pub steps_per_epoch: u64,
    /// Epochs asked for.
    pub epochs: u32,
    /// The engine that trains it.
    pub engine: String,
    /// Whether each replicate learns from rows that are drawn with replacement from its training rows.
    pub is_bootstrap: bool,
    /// What the best prediction costs that ignores the inputs; `None` where that is not known.
    pub constant_loss: Option<ConstantLoss>,
    /// What it trains.
    pub settings: PointSettings,
}

/// Losses of the best constant prediction (the mean of the target, or the shares of the classes): means over replicates.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ConstantLoss {
    /// On the training rows.
    pub training: f64,
    /// On the validation rows.
    pub validation: f64,
}

/// One architecture of the sweep file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Architecture {
    /// Its name in `[architectures]`.
    pub name: String,
    /// The image and the layers that see it, in words, which stand before the dense layers: `8 x 8`, `conv 8`, `pool 2`;
    /// empty where there are none.
    pub image_layers: Vec<String>,
    /// Units of every dense layer, what enters the first and the outputs included: `[4, 8, 4, 1]`.
    pub layers: Vec<u32>,
    /// Trainable parameters.
    pub parameters: u64,
}

/// What the rows were.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DataSummary {
    /// Columns that enter the network, after one-hot encoding.
    pub inputs: u32,
    /// Rows of the training part of one replicate.
    pub training_rows: u64,
    /// Rows of the validation part of one replicate.
    pub validation_rows: u64,
    /// Rows of the test part; 0 where the sweep keeps none.
    pub test_rows: u64,
    /// Remarks that a reader must know: dropped rows, filled cells, constant columns.
    pub remarks: Vec<String>,
}

impl Manifest {
    /// The key of one trial, or `None` outside the grid.
    pub fn key(&self, point: usize, replicate: u32) -> Option<TrialKey> {
        if replicate >= self.replicates {
            return None;
        }
        self.keys.get(point * self.replicates as usize + replicate as usize).copied()
    }

    /// The label of a point's level on an axis; empty outside the grid.
    pub fn label(&self, point: usize, axis: usize) -> &str {
        self.level(point, axis).map_or("", |level| level.label.as_str())
    }

    /// The level of a point on an axis, or `None` outside the grid.
    pub fn level(&self, point: usize, axis: usize) -> Option<&Level> {
        let level = *self.points.get(point)?.levels.get(axis)? as usize;
        self.axes.get(axis)?.levels.get(level)
    }

    /// The position of an axis by name.
    pub fn axis(&self, name: &str) -> Option<usize> {
        self.axes.iter().position(|axis| axis.name == name)
    }

    /// Trials in all: points times replicates.
    pub fn trials(&self) -> usize {
        self.keys.len()
    }
}
