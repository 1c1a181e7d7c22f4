//! Whether replicate r of one folder and replicate r of the other have the same rows, order and luck.

use super::side::Side;

/// Settings of `[data]` that decide which rows a replicate learns from and is judged by.
const SPLIT: [&str; 7] =
    ["data.task", "data.missing", "data.rows", "data.validation", "data.folds", "data.test", "data.resplit"];

/// How replicates of the two folders stand to each other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Pairing {
    /// Replicate r has the same rows and the same luck in both: differences are taken within replicates.
    Paired,
    /// They have nothing in common: only the means can be compared, which takes far more replicates.
    Unpaired(Vec<Obstacle>),
}

/// Why replicates are no pairs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Obstacle {
    /// Other random streams.
    Seed,
    /// Other rows or columns.
    Data,
    /// The same rows, cut in another way: the setting's name.
    Split(String),
}

impl Pairing {
    /// What can be said from the settings.
    pub(crate) fn of(a: Side<'_>, b: Side<'_>) -> Self {
        let mut obstacles = Vec::new();
        if a.setting("seed") != b.setting("seed") {
            obstacles.push(Obstacle::Seed);
        }
        let digests = |side: Side<'_>| {
            let variants = side.record.data.variants.iter();
            let mut digests: Vec<String> = variants.map(|variant| variant.digest.clone()).collect();
            digests.sort();
            digests.dedup();
            digests
        };
        if digests(a) != digests(b) {
            obstacles.push(Obstacle::Data);
        }
        let changed = SPLIT.into_iter().filter(|name| {
            let is_axis = |side: Side<'_>| side.results.manifest().axis(name).is_some();
            // Points of equal levels have equal cuts where the setting is an axis of both.
            a.setting(name) != b.setting(name) && !(is_axis(a) && is_axis(b))
        });
        obstacles.extend(changed.map(|name| Obstacle::Split(name.to_owned())));
        if obstacles.is_empty() { Self::Paired } else { Self::Unpaired(obstacles) }
    }

    /// Whether differences are taken within replicates.
    pub fn is_paired(&self) -> bool {
        *self == Self::Paired
    }
}
