//! What a run leaves: rows, the journal, the folder and their versions.
//!
//! | module | what it holds |
//! |---|---|
//! | [`row`] | one trial's outcome: status, learning curves, scores, and its key |
//! | [`outcomes`] | outcomes by key |
//! | [`predictions`] | what finished trials say of rows |
//! | [`manifest`] | what a sweep asked for: axes, points, trials |
//! | [`storage`] | the one door to the disk, so that a failing one can be put in its place |
//! | [`journal`] | the durable record: one line an outcome, chained by checksums |
//! | [`folder`] | the results folder: names of its files, atomic writing |
//! | [`name`] | how a sweep and its files may be called |
//! | [`lock`] | one process at a time in a folder |
//! | [`run`] | `run.toml`: versions, machine, the resolved sweep, what was trained and reused |
//!
//! This crate must never know burn, rayon or polars, nor how an outcome came about.

mod disk;
#[cfg(test)]
mod faulty_disk;
pub mod folder;
pub mod journal;
pub mod lock;
pub mod manifest;
pub mod name;
pub mod outcomes;
pub mod pictures;
pub mod predictions;
pub mod row;
pub mod run;
pub mod settings;
pub mod storage;
pub mod surface;

pub use folder::Folder;
pub use journal::Journal;
pub use lock::Lock;
pub use manifest::Manifest;
pub use name::SweepName;
pub use outcomes::Outcomes;
pub use row::{Outcome, TrialKey};
pub use run::RunRecord;
pub use storage::{Disk, Storage};
