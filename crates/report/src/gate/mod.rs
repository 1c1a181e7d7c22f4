//! Results held against a baseline: passed, regressed, or cannot tell, and why.
//!
//! | module | what it holds |
//! |---|---|
//! | `baseline` | what is kept of a run to be held against: its trials, its record and their checksums |
//! | `trials_table` | its `trials.csv` read back |
//! | `judgement` | the question, and the answer for one point or over all: numbers alone |
//! | `inspection` | every point against the baseline, and the answer of the whole |
//! | `words`, `document`, `junit` | the same for people, for programs, and for what shows tests |

mod baseline;
mod document;
mod inspection;
mod judgement;
mod junit;
mod trials_table;
mod words;

pub use baseline::{Baseline, BaselineError, RECORD, SUMS, TRIALS, checked, files};
pub use document::document;
pub use inspection::{Gate, GatedPoint, State, Unusable, inspect};
pub use judgement::{Finding, Judged, Terms};
pub use junit::junit;
pub use words::{headline, page};
