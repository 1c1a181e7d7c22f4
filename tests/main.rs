//! End-to-end tests on the built binary: a module for each promise.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test that panics has failed, as it should")]

mod augmentation;
mod bits;
mod commands;
mod compare;
mod confirm;
mod convolution;
mod data;
mod endings;
mod ensembles;
mod folder;
mod gate;
mod history;
mod ideas;
mod kill;
mod messages;
mod metric;
mod resume;
mod running;
mod sandbox;
mod shipped;
mod speed_gate;
