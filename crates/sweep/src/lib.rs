//! From a sweep file to recorded outcomes.
//!
//! | module | what it holds |
//! |---|---|
//! | [`mod@file`] | the sweep file as written: TOML with spans, every mistake with its place and the right word |
//! | [`gate`] | how results are to be held against a baseline |
//! | [`grid`] | axes to points |
//! | [`schema`] | the JSON Schema of the sweep file |
//! | [`sweep`] | the sweep as meant: axes, points, settings, valid by construction |
//! | [`key`] | a trial's content key, and the table of what determines it |
//! | [`facts`] | what must be known of the data to name trials |
//! | [`trial`] | trials by name, and the manifest for the report |
//! | [`preparation`] | data sets read, splits made, everything checked before anything is trained |
//! | `memory` | whether there is room for the networks |
//! | [`plan`] | trials less the journal, with reasons and cost |
//! | [`root`] | where strands begin: trials that may share their first epochs |
//! | [`strand`] | who still shares a training state, and when it forks |
//! | `pack` | who trains together next |
//! | [`runner`] | rayon workers that only compute |
//! | [`recorder`] | the one thread that writes |
//! | `record` | what `run.toml` says of a run |
//! | [`predict`] | what the best points say of rows, kept as they finish or trained again |
//! | [`timeline`] | what each worker did when |
//! | [`event`] | what the recorder tells whoever shows progress |
//! | [`why`] | why a trial must be trained |
//! | `best_by` | what decides which trial is best |
//! | [`calibration`] | how long it will take |
//! | [`run`] | all of it, in order |
//!
//! This crate must never print, decide exit codes, or make tables.

mod best_by;
pub mod calibration;
mod engine_choice;
pub mod event;
pub mod facts;
pub mod file;
pub mod gate;
pub mod grid;
pub mod key;
mod memory;
mod pack;
mod panic;
mod pictures;
pub mod plan;
pub mod predict;
pub mod preparation;
mod record;
pub mod recorder;
mod rehearsal;
pub mod root;
pub mod run;
pub mod runner;
pub mod schema;
mod settings;
pub mod strand;
mod surface;
pub mod sweep;
pub mod timeline;
pub mod trial;
pub mod why;

#[cfg(test)]
mod tests;
