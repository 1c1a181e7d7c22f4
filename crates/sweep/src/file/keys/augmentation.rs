//! The keys of `augmentation`.

use super::{Bounds, Key, Kind};

/// A number of pixels.
const PIXELS: Kind = Kind::Integer { least: 0, most: 65_536 };

/// `augmentation`, in the order in which things are done.
pub(crate) const AUGMENTATION: &[Key] = &[
    Key::new(
        "flip",
        Kind::Boolean,
        "true",
        "Of pictures: left and right are exchanged in half of the rows. For pictures that stay what they are.",
    )
    .boolean(false, "ours"),
    Key::new(
        "rotate",
        Kind::Number(Bounds::From0To180),
        "15",
        "Of pictures: they turn about the centre by an angle that is uniform between minus and plus this, in degrees.",
    )
    .number(0.0, "ours"),
    Key::new(
        "scale",
        Kind::Number(Bounds::From0Below1),
        "0.1",
        "Of pictures: they grow about the centre by a factor that is uniform between 1 minus and 1 plus this.",
    )
    .number(0.0, "ours"),
    Key::new(
        "shift",
        PIXELS,
        "1",
        "Of pictures: they move by whole pixels, in height and in width each uniform between minus and plus this.",
    )
    .integer(0, "ours"),
    Key::new(
        "cutout",
        PIXELS,
        "3",
        "Of pictures: a square of this side, its centre on any pixel, becomes background (DeVries and Taylor 2017).",
    )
    .integer(0, "ours"),
    Key::new(
        "noise",
        Kind::Number(Bounds::From0),
        "0.05",
        "Gaussian noise of this standard deviation is added to every input, in the units that enter the network.",
    )
    .number(0.0, "ours"),
    Key::new(
        "mixup",
        Kind::Number(Bounds::From0),
        "0.2",
        "Rows and their targets are mixed with other training rows, in shares from the Beta distribution with this \
         alpha (Zhang et al. 2018).",
    )
    .number(0.0, "ours"),
];
