//! From recorded outcomes to tables, statistics and pages.
//!
//! | module | what it holds |
//! |---|---|
//! | [`results`] | the input: what was asked for, and what came of it, in the manifest's order |
//! | [`figure`] | the figures of a finished trial, and how their columns are called |
//! | [`statistics`] | pure functions over numbers: intervals, tests, corrections, verdicts |
//! | [`tables`] | polars frames: trials, epochs, points, comparisons, effects, verdicts, budgets, timings |
//! | [`augmentation`] | what augmented training rows gain, and the gap that they leave |
//! | [`axes`] | which axis is which setting |
//! | [`averaging`] | a figure averaged over settings within each replicate |
//! | [`contrast`] | levels of an axis, compared within replicates |
//! | [`activation`] | activation functions and their derivatives |
//! | [`level_losses`] | training, validation and test loss of levels at the same settings |
//! | [`factors`], [`effects`] | the full grid among the points, and what each axis contributes on it |
//! | [`objective`] | what decides which point is best, the loss or a metric, and which way it improves |
//! | [`fit`] | whether each point was trained too long, too short, or cannot fit |
//! | [`budget`] | what a smaller sweep would have found |
//! | [`answer`] | the question answered, as data |
//! | [`confirmation`] | the winner and the baseline on fresh replicates |
//! | [`predictions`] | the predictions of the best points: their file, written and read |
//! | [`detail`] | every metric of the best point, and what it confuses |
//! | [`ensembles`] | trials that vote, are averaged and stacked, and what they gain |
//! | [`compare`](mod@compare) | two results folders held against each other |
//! | [`gate`] | results held against a baseline |
//! | [`history`] | what successive nights found, and where it changed |
//! | [`json`] | the answer as a document for programs |
//! | [`sentences`], [`number`], [`text`] | the one place each that words, rounds and cleans |
//! | [`plot`] | what a picture shows, as numbers |
//! | [`draw`] | a picture of these numbers, as SVG |
//! | `cells` | CSV that is written and read again |
//! | [`sections`], [`page`] | the report as headings, paragraphs, lists, tables and pictures |
//! | [`write`](mod@write) | frames and pages as CSV, Parquet, Markdown and HTML |
//! | [`render`](mod@render) | all of it: every derived file as bytes |
//!
//! This crate must never know how an outcome came about: neither burn nor the sweep file. It makes bytes; the
//! folder of swath-results alone knows the disk.

pub mod activation;
pub mod answer;
pub mod augmentation;
pub mod averaging;
pub mod axes;
pub mod budget;
mod cells;
pub mod compare;
pub mod confirmation;
pub mod contrast;
pub mod detail;
pub mod draw;
pub mod effects;
pub mod ensembles;
pub mod factors;
pub mod figure;
pub mod fit;
pub mod gate;
pub mod history;
pub mod json;
pub mod level_losses;
pub mod number;
pub mod objective;
pub mod page;
pub mod plot;
pub mod predictions;
pub mod render;
pub mod results;
pub mod sections;
pub mod sentences;
pub mod statistics;
pub mod tables;
pub mod text;
pub mod write;

#[cfg(test)]
mod tests;

pub use answer::Answer;
pub use render::{File, RenderError, render, write_all};
pub use results::Results;
