//! The tables as polars frames: one file a table, named as the file that it becomes.
//!
//! A frame holds what a program reads; pages for people are made from the same numbers in [`crate::page`].

pub(crate) mod columns;
pub mod comparisons;
pub mod confirmation;
pub mod effects;
pub mod ensembles;
pub mod epochs;
pub mod expected_best;
pub mod learning_curve;
pub mod optimizers;
pub mod summary;
pub mod timings;
pub mod trials;
pub mod verdicts;
