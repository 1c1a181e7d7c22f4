//! Frames and pages as bytes. Nothing here touches the disk.

mod csv;
mod html;
mod markdown;
mod parquet;

pub use csv::csv;
pub use html::{Data, html};
pub use markdown::{escape, markdown};
pub use parquet::{ROWS_PER_GROUP, parquet};
