//! What a model is and how it learns: specifications, data, the burn module, schedules, engines.
//!
//! | module | what it holds |
//! |---|---|
//! | [`spec`] | what a sweep file may say of data, model and training, as types that cannot be wrong |
//! | [`random`] | counter-based random streams by seed, replicate, purpose and layer or epoch |
//! | [`data`] | tables from CSV and Parquet; splits, scaling, encoding |
//! | [`augment`](mod@augment) | training rows changed at random, anew in each epoch |
//! | [`schedule`] | the learning rate of every step, and the rules that look at the validation loss |
//! | [`stopping`] | early stopping |
//! | [`initializer`] | initial weights |
//! | [`module`], `normalization` | the burn module built from a specification |
//! | [`loss`], `objective`, [`class_weights`], [`metric`] | what is minimised, and what is reported beside it |
//! | [`prediction`] | what a network says of rows, in the words of its task |
//! | [`constant`] | the best prediction that ignores the inputs, which a network must beat |
//! | [`optimizer`] | update rules, in the forms of PyTorch and of Keras |
//! | [`engine`] | the trait that trains, and its implementation on burn |
//!
//! This crate must never know of sweeps, trials' keys, journals or reports.

mod activation;
pub mod augment;
pub mod class_weights;
pub mod constant;
pub mod data;
pub mod engine;
mod image_stage;
pub mod initializer;
pub mod loss;
pub mod metric;
pub mod module;
mod normalization;
mod objective;
pub mod optimizer;
pub mod prediction;
pub mod random;
pub mod schedule;
pub mod spec;
pub mod stopping;
