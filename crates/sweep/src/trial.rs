//! A trial: one point, one replicate, one key.

use std::collections::HashSet;

use swath_core::engine::steps_per_epoch;
use swath_results::TrialKey;
use swath_results::manifest::{
    Architecture, ConstantLoss, DataSummary, Manifest, Objective, Point as ManifestPoint, Task,
};

use crate::facts::DataFacts;
use crate::key::{PointKeys, StrandKey};
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

/// All trials of a sweep, named.
#[derive(Debug, Clone, PartialEq)]
pub struct Trials {
    /// What was asked for, as the report needs it.
    pub manifest: Manifest,
    /// The distinct trainings, in the order of the manifest.
    pub distinct: Vec<Trial>,
}

/// Names every trial of a sweep. `facts` has one entry for each of [`Sweep::data`]; `engines` one engine's name and
/// arithmetic for each point.
pub fn name_trials<'a>(sweep: &Sweep, facts: &[DataFacts], engine_of: impl Fn(usize) -> EngineLabel<'a>) -> Trials {
    let replicates = sweep.replicates.get();
    let mut points = Vec::with_capacity(sweep.points.len());
    let mut keys = Vec::with_capacity(sweep.points.len() * replicates as usize);
    let mut known = HashSet::with_capacity(keys.capacity());
    let mut distinct = Vec::with_capacity(keys.capacity());
    for (index, point) in sweep.points.iter().enumerate() {
        let (Some(facts), Some(data)) = (facts.get(point.data), sweep.data.get(point.data)) else { continue };
        let engine = engine_of(index);
        let per_epoch = steps_per_epoch(facts.training_rows, point.train.batch_size.get(), point.train.drop_last);
        let epochs = point.train.epochs.get();
        points.push(ManifestPoint {
            levels: point.levels.clone(),
            parameters: facts.network(&point.model, point.train.loss).parameters(),
            steps: per_epoch * u64::from(epochs),
            steps_per_epoch: per_epoch,
            epochs,
            engine: engine.name.to_owned(),
            constant_loss: facts
                .constant_loss(point.train.loss)
                .map(|constant| ConstantLoss { training: constant.training, validation: constant.validation }),
        });
        let point_keys = PointKeys::new(engine.arithmetic, sweep.seed, data, facts, &point.model, &point.train);
        for replicate in 0..replicates {
            let key = point_keys.trial(replicate);
            keys.push(key);
            if known.insert(key) {
                distinct.push(Trial { key, strand: point_keys.strand(replicate), point: index as u32, replicate });
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
        keys,
        data: data_summary(facts),
        excluded_points: sweep.excluded_points,
    };
    Trials { manifest, distinct }
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
        metric: swath_core::metric::name(task).to_owned(),
    }
}

fn architectures(sweep: &Sweep, facts: &[DataFacts]) -> Vec<Architecture> {
    let Some(facts) = facts.first() else { return Vec::new() };
    sweep
        .architectures
        .iter()
        .map(|(name, model)| {
            let network = facts.network(model, sweep.base.train.loss);
            Architecture { name: name.clone(), layers: network.layers(), parameters: network.parameters() }
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
