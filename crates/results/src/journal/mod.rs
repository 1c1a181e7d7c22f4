//! The durable record of a run: one line an outcome, each with a checksum that goes on from that of the line before.
//! `docs/journal.md` describes the format for users.
//!
//! | file | what it holds |
//! |---|---|
//! | `line` | an outcome as a JSON object, and back, bit for bit |
//! | `packed` | what there is once a trial, in few characters |
//! | `seal` | the checksum of a line, and what is wrong with a line |
//! | `reader` | the outcomes of a whole journal; torn tails, damage, repeated keys |
//! | `writer` | appending with one sync a group |
//! | `error` | what can be wrong, where, and what to do |

mod error;
mod line;
mod packed;
mod reader;
mod seal;
#[cfg(test)]
mod tests;
mod writer;

pub use error::Error;
pub use line::Unwritable;
pub use reader::{Recovered, Tail};
pub use seal::Damage;
pub use writer::Journal;
