//! End-to-end tests on the built binary: a module for each promise.

mod bits;
mod commands;
mod data;
mod endings;
mod folder;
mod kill;
mod messages;
mod resume;
mod sandbox;
mod shipped;
