//! A trial: one point, one replicate, one key.

use std::collections::HashSet;
use std::num::NonZeroU32;

use swath_core::engine::steps_per_epoch;
use swath_core::spec::ModelSpec;
use swath_results::TrialKey;
use swath_results::manifest::{
    Architecture, BestBy, ConstantLoss, DataSummary, Manifest, Objective, Point as ManifestPoint, Task,
};

use crate::facts::DataFacts;
use crate::key::{PointKeys, StrandKey};
use crate::settings;
use crate::sweep::Sweep;

/// One trial that is to be trained; of several with equal keys, the first stands for all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Trial {
    /// What determines its result.
    pub key: TrialKey,
    /// With whom it may share its first epochs.
    pub strand: StrandKey,
    /// Which of the sweep's points.
    pub point: u32,
    /// Which replicate.
    pub replicate: u32,
}

impl Trial {
    fn new(keys: &PointKeys, point: u32, replicate: u32) -> Self {
        Self { key: keys.trial(replicate), strand: keys.strand(replicate), point, replicate }
    }
}

/// The trials of a point's fresh replicates, which confirm it: those after the replicates of the grid. None outside the
/// grid, or where the sweep asks for no confirmation.
pub fn name_fresh<'a>(
    sweep: &Sweep,
    facts: &[DataFacts],
    engine_of: impl Fn(&ModelSpec) -> EngineLabel<'a>,
    point: usize,
) -> Vec<Trial> {
    let Some(settings) = sweep.points.get(point) else { return Vec::new() };
    let (Some(facts), Some(data)) = (facts.get(settings.data), sweep.data.get(settings.data)) else {
        return Vec::new();
    };
    let (engine, metric) = (engine_of(&settings.model), sweep.reported_metric());
    let keys = PointKeys::new(engine.arithmetic, sweep.seed, data, facts, &settings.model, &settings.train, metric);
    let fresh = sweep.replicates.get()..sweep.all_replicates();
    fresh.map(|replicate| Trial::new(&keys, point as u32, replicate)).collect()
}

/// All trials of a sweep, named.
#[derive(Debug, Clone, PartialEq)]
pub struct Trials {
    /// What was asked for, as the report needs it.
    pub manifest: Manifest,
    /// The distinct trainings, in the order of the manifest.
    pub distinct: Vec<Trial>,
}

/// Names every trial of a sweep. `facts` has one entry for each of [`Sweep::data`]; `engine_of` says which engine trains
/// a model.
pub fn name_trials<'a>(
    sweep: &Sweep,
    facts: &[DataFacts],
    engine_of: impl Fn(&ModelSpec) -> EngineLabel<'a>,
) -> Trials {
    let replicates = sweep.replicates.get();
    let metric = sweep.reported_metric();
    let mut points = Vec::with_capacity(sweep.points.len());
    let mut keys = Vec::with_capacity(sweep.points.len() * replicates as usize);
    let mut known = HashSet::with_capacity(keys.capacity());
    let mut distinct = Vec::with_capacity(keys.capacity());
    let mut names = settings::Names::default();
    for (index, point) in sweep.points.iter().enumerate() {
        let (Some(facts), Some(data)) = (facts.get(point.data), sweep.data.get(point.data)) else { continue };
        let engine = engine_of(&point.model);
        let per_epoch = steps_per_epoch(facts.training_rows, point.train.batch_size.get(), point.train.drop_last);
        let epochs = point.train.epochs.get();
        points.push(ManifestPoint {
            levels: point.levels.clone(),
            parameters: facts.network(data.image, &point.model, point.train.loss).parameters(),
            steps: per_epoch * u64::from(epochs),
            steps_per_epoch: per_epoch,
            epochs,
            engine: engine.name.to_owned(),
            is_bootstrap: data.bootstrap,
            constant_loss: facts
                .constant_loss(point.train.loss)
                .map(|constant| ConstantLoss { training: constant.training, validation: constant.validation }),
            settings: settings::of_point(facts, &point.model, &point.train, &mut names),
        });
        let point_keys = PointKeys::new(engine.arithmetic, sweep.seed, data, facts, &point.model, &point.train, metric);
        for replicate in 0..replicates {
            let trial = Trial::new(&point_keys, index as u32, replicate);
            keys.push(trial.key);
            if known.insert(trial.key) {
                distinct.push(trial);
            }
        }
    }
    let manifest = Manifest {
        name: sweep.name.to_string(),
        objective: objective(sweep),
        axes: sweep.axes.clone(),
        points,
        architectures: architectures(sweep, facts),
        replicates,
        confirm: sweep.confirm.map_or(0, NonZeroU32::get),
        predicted_points: sweep.predicted_points(),
        predicted_replicates: predicted_replicates(sweep, facts),
        keys,
        data: data_summary(facts),
        pictures: None,
        excluded_points: sweep.excluded_points,
        surface: None,
    };
    Trials { manifest, distinct }
}

/// Numbers that the predictions of a sweep hold at most, some 160 megabytes: of more, the last replicates are left out.
const MOST_PREDICTED_NUMBERS: u64 = 20_000_000;

/// Of how many replicates the predictions are kept: at least one.
fn predicted_replicates(sweep: &Sweep, facts: &[DataFacts]) -> u32 {
    let of_a_trial = |facts: &DataFacts| {
        // Beside the probabilities of a row its target and what is predicted.
        (facts.validation_rows + facts.test_rows) * u64::from(facts.classes + 2)
    };
    let of_a_replicate = facts.iter().map(of_a_trial).max().unwrap_or(0) * u64::from(sweep.predicted_points());
    let room = MOST_PREDICTED_NUMBERS / of_a_replicate.max(1);
    sweep.replicates.get().min(u32::try_from(room).unwrap_or(u32::MAX)).max(1)
}

/// The engine of a point: its name, and what its bits depend on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EngineLabel<'a> {
    /// As the command line and the tables say it.
    pub name: &'a str,
    /// Part of the key.
    pub arithmetic: &'a str,
}

fn objective(sweep: &Sweep) -> Objective {
    let task = sweep.base.data.task;
    Objective {
        task: match task {
            swath_core::spec::Task::Regression => Task::Regression,
            swath_core::spec::Task::Classification => Task::Classification,
        },
        target: sweep.base.data.target.clone(),
        loss: sweep.base.train.loss.name().to_owned(),
        metric: sweep.reported_metric().name().to_owned(),
        best_by: if sweep.metric.is_some() { BestBy::Metric } else { BestBy::Loss },
    }
}

fn architectures(sweep: &Sweep, facts: &[DataFacts]) -> Vec<Architecture> {
    let Some(facts) = facts.first() else { return Vec::new() };
    sweep
        .architectures
        .iter()
        .map(|(name, model)| {
            let network = facts.network(sweep.base.data.image, model, sweep.base.train.loss);
            let image = network.image.filter(|_| !model.image_layers.is_empty());
            let image_layers = image.iter().map(ToString::to_string);
            Architecture {
                name: name.clone(),
                image_layers: image_layers.chain(model.image_layers.iter().map(ToString::to_string)).collect(),
                layers: network.layers(),
                parameters: network.parameters(),
            }
        })
        .collect()
}

fn data_summary(facts: &[DataFacts]) -> DataSummary {
    let mut remarks: Vec<String> = Vec::new();
    for remark in facts.iter().flat_map(|facts| &facts.remarks) {
        if !remarks.contains(remark) {
            remarks.push(remark.clone());
        }
    }
    facts.first().map_or_else(DataSummary::default, |first| DataSummary {
        inputs: first.inputs,
        training_rows: first.training_rows,
        validation_rows: first.validation_rows,
        test_rows: first.test_rows,
        remarks,
    })
}
