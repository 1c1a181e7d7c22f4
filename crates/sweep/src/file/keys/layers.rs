//! The entries of `layers`.

use swath_core::spec::{Padding, PoolKind};

use super::{Choice, Key, Kind, MOST_UNITS};
use crate::file::words::words;

const MOST_PIXELS: u64 = 1024;

const fn pixels(name: &'static str, example: &'static str, about: &'static str) -> Key {
    Key::new(name, Kind::Integer { least: 1, most: MOST_PIXELS }, example, about)
}

/// What stands in `layers`: each entry is a table with the key of this name.
pub(crate) const LAYERS: &[Choice] = &[
    Choice {
        name: "conv",
        keys: &[
            Key::new("conv", Kind::Integer { least: 1, most: MOST_UNITS }, "8", "Filters of a convolution.").required(),
            pixels("kernel", "5", "Height and width of what a filter sees.").integer(3, "ours"),
            pixels("stride", "2", "Pixels from one place of a filter to the next.").integer(1, "Keras, PyTorch"),
            Key::new(
                "padding",
                Kind::Word(words::<Padding>),
                "\"same\"",
                "Beyond the edge: nothing (\"valid\"), or zeros, so that a stride of 1 keeps the size (\"same\").",
            )
            .word("valid", "Keras, PyTorch"),
        ],
        example: "{ conv = 8, kernel = 3 }",
        about: "A convolution, with normalization, activation and dropout as after a dense layer.",
    },
    Choice {
        name: "pool",
        keys: &[
            pixels("pool", "2", "Height and width of the squares that become one pixel.").required(),
            Key::new(
                "kind",
                Kind::Word(words::<PoolKind>),
                "\"average\"",
                "Whether the largest number stands for a square, or the mean.",
            )
            .word("max", "ours"),
        ],
        example: "{ pool = 2 }",
        about: "Pooling. Pixels at the end that fill no square are left out.",
    },
    Choice {
        name: "dense",
        keys: &[
            Key::new("dense", Kind::Integer { least: 1, most: MOST_UNITS }, "32", "Units of a dense layer.").required()
        ],
        example: "{ dense = 32 }",
        about: "A dense layer. After it there are only dense layers.",
    },
];
