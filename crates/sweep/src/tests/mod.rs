//! Tests of strands, runner and recorder, which share an engine that trains nothing.

pub(crate) mod fake_engine;
mod recorder;
mod runner;
mod strand;
