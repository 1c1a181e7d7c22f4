//! Two results folders held against each other: what changed in what was asked for, and in what came of it.
//!
//! | module | what it holds |
//! |---|---|
//! | `side` | a folder's sweep as it is compared |
//! | `settings` | what changed in the sweep file, data, program and machine |
//! | `matching` | which point of one folder is which of the other |
//! | `pairing` | whether replicates of the two can be paired, and if not, why |
//! | `comparison` | the numbers: per matched point and overall |
//! | `words`, `document` | the same for people and for programs |

mod comparison;
mod document;
mod matching;
mod pairing;
mod settings;
mod side;
mod words;

pub use comparison::{Compared, Comparison, Difference, compare};
pub(crate) use comparison::{contradictions, has_unlike_losses};
pub use document::document;
pub use matching::{Matched, Matching};
pub use pairing::{Obstacle, Pairing};
pub use settings::{Change, changes};
pub use side::{Incomparable, Side};
pub(crate) use side::{check, setting};
pub use words::text;
