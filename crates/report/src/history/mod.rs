//! What successive nights found: a line a night and sweep, series of them, and where they change.
//!
//! | module | what it holds |
//! |---|---|
//! | `night` | one line of `history.csv`, and back |
//! | `series` | quality and speed over the nights, with their changes of level |
//! | `picture` | a series, drawn |
//! | `page` | all series, for people |

mod night;
mod page;
mod picture;
mod series;

pub use night::{HistoryError, Night, nights, to_csv};
pub use page::{html, text};
pub use series::{Kind, Series, series};
