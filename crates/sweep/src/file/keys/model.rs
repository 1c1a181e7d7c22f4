//! The keys of `[model]` and of an architecture.

use super::{ACTIVATIONS, Bounds, INITIALIZERS, Key, Kind, LAYERS, MOST_LAYERS, MOST_UNITS, NORMALIZATIONS};

const HIDDEN: Kind = Kind::Integers { least: 1, most: MOST_UNITS, shortest: 0, longest: MOST_LAYERS };
const ABOUT_HIDDEN: &str = "Units of every hidden layer. []: a linear model.";
const ABOUT_LAYERS: &str = "Instead of `hidden`, for images: convolutions and pooling, and then dense layers.";
const LAYERS_EXAMPLE: &str = "[{ conv = 8 }, { pool = 2 }, { dense = 32 }]";
const ABOUT_NORMALIZATION: &str =
    "What leaves a hidden layer is normalised, before the activation, with a trained factor and summand a unit.";
const ABOUT_ACTIVATION: &str = "After every hidden layer.";
const ABOUT_DROPOUT: &str = "Share of a hidden layer's outputs that are dropped in training, after the activation.";
const ABOUT_DROP_CONNECT: &str = "Share of the weights into hidden layers that are dropped in each step of training, the same ones for all its rows.";
const ABOUT_INITIALIZER: &str = "Where the weights start.";

/// `[model]`.
pub(crate) const MODEL: &[Key] = &[
    Key::new("hidden", HIDDEN, "[8, 4]", ABOUT_HIDDEN)
        .without("required, unless `layers` or every architecture sets it"),
    Key::new("layers", Kind::Layers(LAYERS), LAYERS_EXAMPLE, ABOUT_LAYERS).without("none"),
    Key::new("normalization", Kind::Choice(NORMALIZATIONS), "\"batch_norm\"", ABOUT_NORMALIZATION).word("none", "ours"),
    Key::new("activation", Kind::Choice(ACTIVATIONS), "\"relu\"", ABOUT_ACTIVATION).word("relu", "ours"),
    Key::new("dropout", Kind::Number(Bounds::From0Below1), "0.2", ABOUT_DROPOUT).number(0.0, "ours"),
    Key::new("drop_connect", Kind::Number(Bounds::From0Below1), "0.2", ABOUT_DROP_CONNECT).number(0.0, "ours"),
    Key::new("initializer", Kind::Choice(INITIALIZERS), "\"he_normal\"", ABOUT_INITIALIZER)
        .word("glorot_uniform", "Keras"),
];

/// An entry of `[architectures]`.
pub(crate) const ARCHITECTURE: &[Key] = &[
    Key::new("from", Kind::Text, "\"deep\"", "Another architecture that this one starts from.")
        .without("the plain [model]"),
    Key::new("hidden", HIDDEN, "[4, 8, 8, 4]", ABOUT_HIDDEN).without("as what it starts from"),
    Key::new("layers", Kind::Layers(LAYERS), LAYERS_EXAMPLE, ABOUT_LAYERS).without("as what it starts from"),
    Key::new(
        "width",
        Kind::Number(Bounds::Above0),
        "2",
        "Multiplies the units of every hidden layer and the filters of every convolution; the products must be whole numbers.",
    )
    .without("1"),
    Key::new("normalization", Kind::Choice(NORMALIZATIONS), "\"layer_norm\"", ABOUT_NORMALIZATION)
        .without("as what it starts from"),
    Key::new("activation", Kind::Choice(ACTIVATIONS), "\"tanh\"", ABOUT_ACTIVATION).without("as what it starts from"),
    Key::new("dropout", Kind::Number(Bounds::From0Below1), "0.2", ABOUT_DROPOUT).without("as what it starts from"),
    Key::new("drop_connect", Kind::Number(Bounds::From0Below1), "0.2", ABOUT_DROP_CONNECT)
        .without("as what it starts from"),
    Key::new("initializer", Kind::Choice(INITIALIZERS), "\"he_normal\"", ABOUT_INITIALIZER)
        .without("as what it starts from"),
];
