//! Frames and pages as bytes. Nothing here touches the disk.

mod csv;
mod markdown;
mod parquet;

pub use csv::csv;
pub use markdown::{escape, markdown};
pub use parquet::{ROWS_PER_GROUP, parquet};
