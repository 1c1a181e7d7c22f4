//! The keys of a point's trials.

use swath_core::spec::{DataSpec, ModelSpec, TrainSpec};
use swath_metrics::Metric;
use swath_results::TrialKey;

use super::hasher::{KeyHasher, Keyed};
use super::settings::{feed_what_forks_strands, feed_what_strands_share};
use crate::facts::DataFacts;

/// Version of the scheme: part of every key.
const SCHEME: u64 = 1;

/// The hash of what a training state depends on from its first epoch: trials of one strand key may share a state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct StrandKey(pub u128);

/// The keys of one point, from which those of its replicates follow.
#[derive(Debug, Clone, Copy)]
pub struct PointKeys {
    trial: [u8; 32],
    strand: [u8; 32],
}

impl PointKeys {
    /// Hashes what all replicates of a point have in common.
    pub fn new(
        arithmetic: &str,
        seed: u64,
        data: &DataSpec,
        facts: &DataFacts,
        model: &ModelSpec,
        train: &TrainSpec,
        metric: Metric,
    ) -> Self {
        let mut shared = KeyHasher::new();
        shared.number("scheme", SCHEME);
        shared.text("arithmetic", arithmetic);
        shared.number("seed", seed);
        shared.bytes("digest", &facts.digest);
        data.feed(&mut shared);
        model.feed(&mut shared);
        feed_what_strands_share(train, &mut shared);
        // It came later, and enters only where it is not the default, so that earlier keys stay what they were.
        if metric != Metric::default_of(data.task) {
            shared.text("metric", metric.name());
        }
        let mut trial = shared.clone();
        feed_what_forks_strands(train, &mut trial);
        Self { trial: trial.finish(), strand: shared.finish() }
    }

    /// The key of one replicate's trial.
    pub fn trial(&self, replicate: u32) -> TrialKey {
        TrialKey(of_replicate(&self.trial, "trial", replicate))
    }

    /// The key of what that trial may share.
    pub fn strand(&self, replicate: u32) -> StrandKey {
        StrandKey(of_replicate(&self.strand, "strand", replicate))
    }
}

fn of_replicate(digest: &[u8; 32], tag: &str, replicate: u32) -> u128 {
    let mut hasher = KeyHasher::new();
    hasher.bytes(tag, digest);
    hasher.number("replicate", u64::from(replicate));
    let [b0, b1, b2, b3, b4, b5, b6, b7, b8, b9, b10, b11, b12, b13, b14, b15, ..] = hasher.finish();
    u128::from_be_bytes([b0, b1, b2, b3, b4, b5, b6, b7, b8, b9, b10, b11, b12, b13, b14, b15])
}
