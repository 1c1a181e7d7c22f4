//! The winner held to its promise: winner and baseline on fresh replicates, which had no part in choosing.
//!
//! | module | what it holds |
//! |---|---|
//! | `choice` | which points are to be confirmed |
//! | `evidence` | what their fresh trials came to |
//! | `words` | the sentences of it |

mod choice;
mod evidence;
mod words;

pub use choice::Choice;
pub use evidence::{Confirmation, Confirmed, FreshTrial, PairedDifference, Role, Shift};
pub(crate) use words::long_verdict;
pub use words::sentences;
