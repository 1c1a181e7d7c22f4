//! Tests of strands, packs, runner and recorder, most on an engine that trains nothing.

mod any_trials;
mod bits;
pub(crate) mod fake_engine;
mod outcomes;
mod pack;
mod panics;
mod recorder;
mod runner;
mod strand;
