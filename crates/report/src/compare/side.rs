//! A folder's sweep as it is compared, and what makes two of them impossible to compare.

use swath_results::RunRecord;
use swath_results::manifest::Task;
use thiserror::Error;

use crate::results::Results;

/// One of the two folders.
#[derive(Debug, Clone, Copy)]
pub struct Side<'a> {
    /// What was asked for, and what came of it.
    pub results: &'a Results<'a>,
    /// What `run.toml` says.
    pub record: &'a RunRecord,
}

/// Why two folders cannot be compared at all.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Incomparable {
    /// A number is predicted in one, a class in the other.
    #[error("A is a {a} and B is a {b}, so no figure means the same in both; compare folders of one task")]
    Task {
        /// The task of A.
        a: &'static str,
        /// The task of B.
        b: &'static str,
    },
    /// They predict different columns.
    #[error(
        "A predicts `{a}` and B predicts `{b}`, so no figure means the same in both; compare folders of one target"
    )]
    Target {
        /// The target of A.
        a: String,
        /// The target of B.
        b: String,
    },
    /// Their losses are in other units, and they record different metrics.
    #[error(
        "losses are in other units in A and in B, and A records the metric `{a}` and B `{b}`, so no figure means the same \
         in both; run one of the two sweeps with the other's `metric`"
    )]
    Metric {
        /// The metric of A.
        a: String,
        /// The metric of B.
        b: String,
    },
}

impl Side<'_> {
    /// A setting without any axis, by its dotted name.
    pub(super) fn setting(&self, name: &str) -> Option<&toml::Value> {
        setting(self.record, name)
    }

    fn task(&self) -> &'static str {
        match self.results.manifest().objective.task {
            Task::Regression => "regression",
            Task::Classification => "classification",
        }
    }
}

/// A setting of a record without any axis, by its dotted name.
pub(crate) fn setting<'a>(record: &'a RunRecord, name: &str) -> Option<&'a toml::Value> {
    let mut parts = name.split('.');
    let first = record.resolved.get(parts.next()?)?;
    parts.try_fold(first, |value, part| value.get(part))
}

/// Refuses what has no figure in common.
pub(crate) fn check(a: Side<'_>, b: Side<'_>) -> Result<(), Incomparable> {
    if a.task() != b.task() {
        return Err(Incomparable::Task { a: a.task(), b: b.task() });
    }
    let [target_a, target_b] = [a, b].map(|side| side.results.manifest().objective.target.clone());
    if target_a == target_b { Ok(()) } else { Err(Incomparable::Target { a: target_a, b: target_b }) }
}
