//! The keys of `[ensemble]`.

use super::{Key, Kind};

/// Points that an ensemble may combine: the last layer of a stacked one has weights for each of them.
const MOST_POINTS: u64 = 32;

/// `[ensemble]`.
pub(crate) const ENSEMBLE: &[Key] = &[Key::new(
    "points",
    Kind::Integer { least: 2, most: MOST_POINTS },
    "4",
    "The best points of the grid, so many, vote, are averaged and stacked, replicate by replicate. Their predictions are \
     kept, besides those of the best point.",
)
.required()
.no_axis()];
