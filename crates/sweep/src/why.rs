//! Why a trial must be trained: a value per reason, so that a plan can say it.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fmt;
use std::path::PathBuf;

use swath_core::spec::DataSpec;
use swath_results::TrialKey;

use crate::facts::DataFacts;
use crate::sweep::Sweep;
use crate::trial::{Trial, Trials};

/// Why a trial must be trained.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    /// Nothing stands in the results folder.
    NothingRecorded,
    /// An earlier run of the sweep ended before it.
    Interrupted,
    /// It failed before, and is to be tried again.
    FailedBefore,
    /// The earlier run had fewer replicates.
    NewReplicate,
    /// The earlier run had no such point.
    NewPoint,
    /// The earlier run had this point, with other settings.
    Changed(Vec<Change>),
}

/// What a point's settings differ in from those of an earlier run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Change {
    /// `seed`.
    Seed,
    /// The content of the used columns.
    DataContent,
    /// `[data]`.
    Data,
    /// `[model]` or `[architectures]`.
    Model,
    /// `[train]`.
    Train,
    /// The metric beside the loss.
    Metric,
    /// The engine or its arithmetic.
    Engine,
}

impl fmt::Display for Change {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Seed => "seed",
            Self::DataContent => "content of the data",
            Self::Data => "[data]",
            Self::Model => "[model]",
            Self::Train => "[train]",
            Self::Metric => "metric",
            Self::Engine => "engine",
        })
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NothingRecorded => formatter.write_str("nothing is recorded yet"),
            Self::Interrupted => formatter.write_str("the earlier run ended before it"),
            Self::FailedBefore => formatter.write_str("it failed before, and is tried again"),
            Self::NewReplicate => formatter.write_str("the earlier run had fewer replicates"),
            Self::NewPoint => formatter.write_str("the earlier run had no such point"),
            Self::Changed(changes) => {
                let names: Vec<String> = changes.iter().map(Change::to_string).collect();
                write!(formatter, "changed: {}", names.join(", "))
            }
        }
    }
}

/// An earlier run in the same folder, as its `run.toml` tells it.
#[derive(Debug)]
pub struct Earlier {
    /// Its sweep.
    pub sweep: Sweep,
    /// What its data were.
    pub facts: Vec<DataFacts>,
    /// Its trials.
    pub trials: Trials,
}

/// Why each of `to_train` must be trained, counted.
pub fn reasons(
    sweep: &Sweep,
    facts: &[DataFacts],
    to_train: &[Trial],
    recorded_failed: &HashSet<TrialKey>,
    earlier: Option<&Earlier>,
) -> BTreeMap<Reason, usize> {
    let comparison = earlier.map(Comparison::new);
    let mut counts = BTreeMap::new();
    // The trials of a point stand together, and all but keys and replicates is the same for all of them.
    let mut of_point: Option<(u32, PointReason)> = None;
    for trial in to_train {
        let reason = match &comparison {
            _ if recorded_failed.contains(&trial.key) => Reason::FailedBefore,
            None => Reason::NothingRecorded,
            Some(comparison) if comparison.keys.contains(&trial.key) => Reason::Interrupted,
            Some(comparison) => {
                let known = of_point.take().filter(|(point, _)| *point == trial.point);
                let learn = || (trial.point, comparison.of_point(sweep, facts, trial.point as usize));
                let (_, point) = of_point.insert(known.unwrap_or_else(learn));
                point.reason(trial.replicate >= comparison.earlier.sweep.replicates.get())
            }
        };
        match counts.get_mut(&reason) {
            Some(count) => *count += 1,
            None => drop(counts.insert(reason, 1)),
        }
    }
    counts
}

/// What a point's trials were in an earlier run.
enum PointReason {
    NewPoint,
    Known(Vec<Change>),
}

impl PointReason {
    fn reason(&self, is_new_replicate: bool) -> Reason {
        match self {
            Self::NewPoint => Reason::NewPoint,
            Self::Known(changes) if !changes.is_empty() => Reason::Changed(changes.clone()),
            Self::Known(_) if is_new_replicate => Reason::NewReplicate,
            Self::Known(_) => Reason::Changed(vec![Change::Engine]),
        }
    }
}

struct Comparison<'a> {
    earlier: &'a Earlier,
    keys: HashSet<TrialKey>,
    point_by_labels: HashMap<Vec<(String, String)>, usize>,
}

impl<'a> Comparison<'a> {
    fn new(earlier: &'a Earlier) -> Self {
        let keys = earlier.trials.manifest.keys.iter().copied().collect();
        let points = 0..earlier.sweep.points.len();
        let point_by_labels = points.map(|point| (labels(&earlier.sweep, point), point)).collect();
        Self { earlier, keys, point_by_labels }
    }

    fn of_point(&self, sweep: &Sweep, facts: &[DataFacts], index: usize) -> PointReason {
        let same_labels = self.point_by_labels.get(&labels(sweep, index));
        let pair =
            same_labels.and_then(|known| Some((self.earlier.sweep.points.get(*known)?, sweep.points.get(index)?)));
        let Some((before, now)) = pair else { return PointReason::NewPoint };
        let data = |sweep: &Sweep, data: usize| {
            sweep.data.get(data).map(|spec| DataSpec { path: PathBuf::new(), ..spec.clone() })
        };
        let digest = |facts: &[DataFacts], data: usize| facts.get(data).map(|facts| facts.digest);
        let mut changes = Vec::new();
        let mut note = |changed: bool, change: Change| {
            if changed {
                changes.push(change);
            }
        };
        note(sweep.seed != self.earlier.sweep.seed, Change::Seed);
        note(digest(facts, now.data) != digest(&self.earlier.facts, before.data), Change::DataContent);
        note(data(sweep, now.data) != data(&self.earlier.sweep, before.data), Change::Data);
        note(now.model != before.model, Change::Model);
        note(now.train != before.train, Change::Train);
        note(sweep.reported_metric() != self.earlier.sweep.reported_metric(), Change::Metric);
        PointReason::Known(changes)
    }
}

fn labels(sweep: &Sweep, point: usize) -> Vec<(String, String)> {
    let levels = sweep.points.get(point).map_or(&[][..], |point| &point.levels);
    let mut labels: Vec<(String, String)> = sweep
        .axes
        .iter()
        .zip(levels)
        .filter_map(|(axis, level)| Some((axis.name.clone(), axis.levels.get(*level as usize)?.label.clone())))
        .collect();
    labels.sort();
    labels
}
