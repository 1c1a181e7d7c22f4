//! Tables from CSV and Parquet; encoding, splits, scaling.
//!
//! A [`Table`] is a file's columns. A [`Dataset`] is a table after its used columns were checked cell by cell and
//! encoded, and the sample of rows was taken. [`Dataset::replicate`] cuts it for one replicate into the rows that an
//! engine sees.

mod csv;
mod cut;
mod dataset;
mod digest;
mod encode;
mod error;
mod image;
mod input;
mod parquet;
mod problem;
mod replicate;
mod rows;
mod scale;
mod split;
mod table;
mod target;
#[cfg(test)]
mod tests;
mod training_rows;
mod used;

pub use dataset::Dataset;
pub use error::{DataError, Place, listed};
pub use problem::Problem;
pub use replicate::{Places, Replicate};
pub use split::{Image, Part, Split, TargetScale, Targets};
pub use table::Table;
