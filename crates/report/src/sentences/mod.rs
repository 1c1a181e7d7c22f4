//! The sentences of an answer: the one place that puts numbers into words, for pages, tables and terminals alike.

mod baseline;
mod headline;
mod influence;
mod limits;
mod training;
mod warnings;

pub use headline::{
    counted, difference, headline, layers, long_verdict, margin, mean, pairs_line, reading, verdict, with_interval,
};
pub use influence::left_out;
pub use limits::limit;
