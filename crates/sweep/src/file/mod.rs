//! The sweep file as written: TOML with spans, every mistake with its place and the right word.
//!
//! | module | what it holds |
//! |---|---|
//! | `document` | from text to sweep, in order |
//! | `problem` | what is wrong, as plain data |
//! | `tree` | the file as a tree of values with places |
//! | `keys` | every key: kind, default, meaning, example |
//! | `check` | whether values are what their keys may hold |
//! | `fields` | values by key, with their defaults |
//! | `data`, `model`, `architecture`, `train`, `optimizer`, `schedule`, `clip` | the sections as meant |
//! | `ensemble` | how many points are combined, and whether they can be |
//! | `metric` | what decides which point is best |
//! | `confirm` | whether the winner can be trained again on fresh replicates |
//! | `gate` | how results are held against a baseline |
//! | `path`, `axes`, `zip`, `exclude` | the grid as written |
//! | `slot`, `points`, `levels`, `limits` | the points of the grid, each setting read once |
//! | `resolved` | a sweep with every default written out |
//! | `words`, `nearest` | words with one meaning each, and the word that was meant |

mod architecture;
mod augmentation;
mod axes;
mod check;
mod class_weights;
mod clip;
mod confirm;
mod data;
mod document;
mod ensemble;
#[cfg(test)]
mod examples;
mod exclude;
mod fields;
mod gate;
#[cfg(test)]
mod hostile;
#[cfg(test)]
mod idea_pages;
pub(crate) mod keys;
mod layers;
mod levels;
mod limits;
mod metric;
#[cfg(test)]
mod mistakes;
mod model;
mod nearest;
mod optimizer;
pub(crate) mod path;
mod points;
mod problem;
#[cfg(test)]
mod refusals;
mod resolved;
mod schedule;
mod slot;
#[cfg(test)]
mod tests;
mod train;
mod tree;
mod words;
mod zip;

pub(crate) use augmentation::label_of as augmentation_label;
pub use document::{LARGEST, parse};
pub use problem::{Problem, Problems};
