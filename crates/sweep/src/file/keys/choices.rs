//! The words that take settings: activations, normalizations, initializers, losses.

use swath_core::spec::BatchNormForm;

use super::{Bounds, Choice, Key, Kind};
use crate::file::words::words;

pub(super) const fn plain(name: &'static str, example: &'static str, about: &'static str) -> Choice {
    Choice { name, keys: &[], example, about }
}

/// `activation`.
pub(crate) const ACTIVATIONS: &[Choice] = &[
    plain("relu", "\"relu\"", "max(x, 0)."),
    Choice {
        name: "leaky_relu",
        keys: &[Key::new("slope", Kind::Number(Bounds::Within0And1), "0.01", "The slope below 0.")
            .number(0.01, "PyTorch; Keras: 0.3")],
        example: "{ name = \"leaky_relu\", slope = 0.01 }",
        about: "x above 0, else slope * x.",
    },
    plain("tanh", "\"tanh\"", "Hyperbolic tangent."),
    plain("sigmoid", "\"sigmoid\"", "1 / (1 + e^-x)."),
    Choice {
        name: "gelu",
        keys: &[Key::new("approximate", Kind::Boolean, "true", "Whether tanh stands for the normal distribution.")
            .boolean(false, "Keras, PyTorch")],
        example: "{ name = \"gelu\", approximate = true }",
        about: "x times the normal distribution at x, exact.",
    },
    plain("silu", "\"silu\"", "x * sigmoid(x)."),
    plain("elu", "\"elu\"", "x above 0, else e^x - 1."),
    plain("softplus", "\"softplus\"", "ln(1 + e^x)."),
    plain("selu", "\"selu\"", "1.0507 * x above 0, else 1.7581 * (e^x - 1)."),
    plain("identity", "\"identity\"", "x itself: a linear network."),
];

/// `normalization`.
pub(crate) const NORMALIZATIONS: &[Choice] = &[
    plain("none", "\"none\"", "Not at all."),
    Choice {
        name: "batch_norm",
        keys: &[
            Key::new(
                "form",
                Kind::Word(words::<BatchNormForm>),
                "\"keras\"",
                "Whether the moving variance is of unbiased variances (\"torch\") or of biased ones (\"keras\").",
            )
            .word("torch", "ours"),
            Key::new("epsilon", Kind::Number(Bounds::Above0), "1e-5", "Is added to the variance of the rows.")
                .without("1e-5 in the torch form (PyTorch), 1e-3 in the Keras form (Keras)"),
            Key::new(
                "momentum",
                Kind::Number(Bounds::From0Below1),
                "0.9",
                "What the moving mean and variance keep of themselves at each step.",
            )
            .without("0.9 in the torch form (PyTorch, which writes it as 0.1), 0.99 in the Keras form (Keras)"),
        ],
        example: "{ name = \"batch_norm\", momentum = 0.99 }",
        about: "Of each unit over the rows of the batch; in evaluation, by moving mean and variance.",
    },
    Choice {
        name: "layer_norm",
        keys: &[Key::new("epsilon", Kind::Number(Bounds::Above0), "1e-6", "Is added to the variance of the units.")
            .number(1e-5, "PyTorch; Keras: 0.001")],
        example: "{ name = \"layer_norm\", epsilon = 1e-6 }",
        about: "Of each row over the units of the layer.",
    },
];

const TRUNCATE: &[Key] = &[Key::new(
    "truncate",
    Kind::Boolean,
    "false",
    "Whether the normal distribution is cut at two standard deviations, as in Keras; PyTorch does not cut it.",
)
.boolean(true, "Keras")];

/// `initializer`.
pub(crate) const INITIALIZERS: &[Choice] = &[
    plain("glorot_uniform", "\"glorot_uniform\"", "Uniform, variance 2 / (inputs + outputs)."),
    Choice {
        name: "glorot_normal",
        keys: TRUNCATE,
        example: "{ name = \"glorot_normal\", truncate = false }",
        about: "Normal, variance 2 / (inputs + outputs).",
    },
    plain("he_uniform", "\"he_uniform\"", "Uniform, variance 2 / inputs."),
    Choice {
        name: "he_normal",
        keys: TRUNCATE,
        example: "{ name = \"he_normal\", truncate = false }",
        about: "Normal, variance 2 / inputs.",
    },
    plain("lecun_uniform", "\"lecun_uniform\"", "Uniform, variance 1 / inputs."),
    Choice {
        name: "lecun_normal",
        keys: TRUNCATE,
        example: "{ name = \"lecun_normal\", truncate = false }",
        about: "Normal, variance 1 / inputs.",
    },
    plain("torch_default", "\"torch_default\"", "Weights and biases uniform in +-1/sqrt(inputs), as PyTorch's Linear."),
];

/// `loss`.
pub(crate) const LOSSES: &[Choice] = &[
    plain("mse", "\"mse\"", "Mean squared error."),
    plain("mae", "\"mae\"", "Mean absolute error."),
    Choice {
        name: "huber",
        keys: &[Key::new("delta", Kind::Number(Bounds::Above0), "1.0", "Where the square ends and the line begins.")
            .number(1.0, "Keras, PyTorch")],
        example: "{ name = \"huber\", delta = 1.0 }",
        about: "Squared near 0, linear beyond delta.",
    },
    plain("log_cosh", "\"log_cosh\"", "ln(cosh(error)): squared near 0, linear far out."),
    plain("cross_entropy", "\"cross_entropy\"", "For classification, one output per class."),
    plain("binary_cross_entropy", "\"binary_cross_entropy\"", "For classification of two classes, one output."),
];
