//! The words that take settings: activations, normalizations, initializers, optimizers, losses, schedules.

use swath_core::spec::{AdamForm, BatchNormForm, RmsPropForm, SgdForm, TimeUnit};

use super::{Bounds, Choice, Key, Kind, WARM_UP};
use crate::file::words::words;

const COUNT: Kind = Kind::Integer { least: 1, most: u32::MAX as u64 };
const COUNT_FROM_0: Kind = Kind::Integer { least: 0, most: u32::MAX as u64 };

const fn plain(name: &'static str, example: &'static str, about: &'static str) -> Choice {
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
    plain("gelu", "\"gelu\"", "x times the normal distribution at x, exact."),
    plain("silu", "\"silu\"", "x * sigmoid(x)."),
    plain("elu", "\"elu\"", "x above 0, else e^x - 1."),
    plain("softplus", "\"softplus\"", "ln(1 + e^x)."),
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
    plain("cross_entropy", "\"cross_entropy\"", "For classification, one output per class."),
    plain("binary_cross_entropy", "\"binary_cross_entropy\"", "For classification of two classes, one output."),
];

const ABOUT_RATE: &str = "The learning rate that the schedule starts from.";
const ADAM_RATE: Key =
    Key::new("learning_rate", Kind::Number(Bounds::Above0), "0.01", ABOUT_RATE).number(0.001, "Keras, PyTorch");
const BETA_1: Key = Key::new("beta_1", Kind::Number(Bounds::From0Below1), "0.9", "Decay of the mean gradient.")
    .number(0.9, "the paper");
const BETA_2: Key =
    Key::new("beta_2", Kind::Number(Bounds::From0Below1), "0.999", "Decay of the mean squared gradient.")
        .number(0.999, "the paper");
const ADAM_EPSILON: Key =
    Key::new("epsilon", Kind::Number(Bounds::Above0), "1e-8", "Keeps the division from dividing by 0.")
        .without("1e-8 in the paper's form (the paper, PyTorch), 1e-7 in the Keras form (Keras)");
const AMSGRAD: Key =
    Key::new("amsgrad", Kind::Boolean, "true", "Whether the running maximum of the second moment takes its place.")
        .boolean(false, "Keras, PyTorch");
const ADAM_FORM: Key = Key::new(
    "form",
    Kind::Word(words::<AdamForm>),
    "\"keras\"",
    "Where epsilon stands: \"paper\", as PyTorch, or \"keras\".",
)
.word("paper", "ours");

/// `optimizer`.
pub(crate) const OPTIMIZERS: &[Choice] = &[
    Choice {
        name: "sgd",
        keys: &[
            Key::new("learning_rate", Kind::Number(Bounds::Above0), "0.01", ABOUT_RATE).number(0.01, "Keras"),
            Key::new("momentum", Kind::Number(Bounds::From0Below1), "0.9", "0: none.").number(0.0, "Keras, PyTorch"),
            Key::new(
                "dampening",
                Kind::Number(Bounds::From0To1),
                "0.1",
                "PyTorch's: the gradient enters the momentum times 1 - dampening.",
            )
            .number(0.0, "PyTorch"),
            Key::new("nesterov", Kind::Boolean, "true", "Nesterov's momentum; needs momentum above 0.")
                .boolean(false, "Keras, PyTorch"),
            Key::new(
                "form",
                Kind::Word(words::<SgdForm>),
                "\"keras\"",
                "Whether the momentum holds gradients (\"torch\") or steps (\"keras\").",
            )
            .word("torch", "ours"),
        ],
        example: "{ name = \"sgd\", learning_rate = 0.01, momentum = 0.9 }",
        about: "Stochastic gradient descent.",
    },
    Choice {
        name: "adam",
        keys: &[ADAM_RATE, BETA_1, BETA_2, ADAM_EPSILON, AMSGRAD, ADAM_FORM],
        example: "{ name = \"adam\", learning_rate = 0.01 }",
        about: "Adam (Kingma and Ba 2015).",
    },
    Choice {
        name: "adamw",
        keys: &[
            ADAM_RATE,
            BETA_1,
            BETA_2,
            ADAM_EPSILON,
            AMSGRAD,
            ADAM_FORM,
            Key::new(
                "weight_decay",
                Kind::Number(Bounds::From0),
                "0.01",
                "Every weight shrinks by rate * weight_decay of itself before a step; biases too.",
            )
            .number(0.01, "PyTorch; Keras: 0.004"),
        ],
        example: "{ name = \"adamw\", learning_rate = 0.01, weight_decay = 0.01 }",
        about: "Adam with decoupled weight decay (Loshchilov and Hutter 2019).",
    },
    Choice {
        name: "rmsprop",
        keys: &[
            Key::new("learning_rate", Kind::Number(Bounds::Above0), "0.01", ABOUT_RATE)
                .without("0.01 in the torch form (PyTorch), 0.001 in the Keras form (Keras)"),
            Key::new("rho", Kind::Number(Bounds::From0Below1), "0.99", "Decay of the squared gradients.")
                .without("0.99 in the torch form (PyTorch), 0.9 in the Keras form (Keras)"),
            Key::new("epsilon", Kind::Number(Bounds::Above0), "1e-8", "Keeps the division from dividing by 0.")
                .without("1e-8 in the torch form (PyTorch), 1e-7 in the Keras form (Keras)"),
            Key::new("momentum", Kind::Number(Bounds::From0Below1), "0.9", "0: none.").number(0.0, "Keras, PyTorch"),
            Key::new("centered", Kind::Boolean, "true", "Whether the mean gradient's square is taken off.")
                .boolean(false, "Keras, PyTorch"),
            Key::new(
                "form",
                Kind::Word(words::<RmsPropForm>),
                "\"keras\"",
                "Where epsilon stands, and whether the momentum holds the rate.",
            )
            .word("torch", "ours"),
        ],
        example: "{ name = \"rmsprop\", learning_rate = 0.01 }",
        about: "RMSprop (Tieleman and Hinton 2012).",
    },
];

const BY: Key =
    Key::new("by", Kind::Word(words::<TimeUnit>), "\"step\"", "Whether the schedule counts epochs or steps.")
        .word("epoch", "ours");
const OVER: Key =
    Key::new("over", COUNT, "20", "Length of the decay, in epochs or steps.").without("the whole training (ours)");
const FACTOR: Key =
    Key::new("factor", Kind::Number(Bounds::Above0), "0.5", "What the rate is multiplied by.").number(0.1, "PyTorch");
const RATE: Key = Key::new("rate", Kind::Number(Bounds::Above0), "0.5", "The decay over the length `over`.");
const STAIRCASE: Key =
    Key::new("staircase", Kind::Boolean, "true", "Whether the rate falls in steps.").boolean(false, "Keras");

/// `schedule`.
pub(crate) const SCHEDULES: &[Choice] = &[
    plain("constant", "\"constant\"", "The rate stays."),
    Choice {
        name: "step",
        keys: &[FACTOR, Key::new("every", COUNT, "10", "The rate drops each time this many have passed."), BY],
        example: "{ name = \"step\", every = 10, factor = 0.5 }",
        about: "Drops at regular times, as PyTorch's StepLR.",
    },
    Choice {
        name: "multi_step",
        keys: &[
            Key::new(
                "milestones",
                Kind::Integers { least: 0, most: u32::MAX as u64, shortest: 1, longest: 10_000 },
                "[10, 20]",
                "When the rate drops, in ascending order; one that is listed twice counts twice.",
            ),
            FACTOR,
            BY,
        ],
        example: "{ name = \"multi_step\", milestones = [10, 20] }",
        about: "Drops at listed times, as PyTorch's MultiStepLR.",
    },
    Choice {
        name: "exponential",
        keys: &[RATE, OVER, STAIRCASE, BY],
        example: "{ name = \"exponential\", rate = 0.5, over = 10 }",
        about: "rate^(u / over), as Keras' ExponentialDecay.",
    },
    Choice {
        name: "inverse_time",
        keys: &[RATE, OVER, STAIRCASE, BY],
        example: "{ name = \"inverse_time\", rate = 0.5, over = 10 }",
        about: "1 / (1 + rate * u / over), as Keras' InverseTimeDecay.",
    },
    Choice {
        name: "polynomial",
        keys: &[
            OVER,
            Key::new("end", Kind::Number(Bounds::From0), "0.0001", "The rate at the end.")
                .number(1e-4, "Keras; PyTorch: 0"),
            Key::new("power", Kind::Number(Bounds::Above0), "2", "1: a straight line.").number(1.0, "Keras, PyTorch"),
            Key::new("cycle", Kind::Boolean, "true", "Whether it starts again at longer periods.")
                .boolean(false, "Keras"),
            BY,
        ],
        example: "{ name = \"polynomial\", end = 0.0001, power = 2 }",
        about: "Falls to `end` by a power, as Keras' PolynomialDecay.",
    },
    Choice {
        name: "cosine",
        keys: &[
            OVER,
            Key::new(
                "alpha",
                Kind::Number(Bounds::From0To1),
                "0.1",
                "The rate at the end, as a share of the rate at the start.",
            )
            .number(0.0, "Keras"),
            Key::new("warm_up", Kind::Table(WARM_UP), "{ over = 5, target = 0.1 }", "A linear rise before the fall.")
                .without("none (Keras)"),
            BY,
        ],
        example: "{ name = \"cosine\", alpha = 0.1 }",
        about: "Half a cosine, as Keras' CosineDecay.",
    },
    Choice {
        name: "reduce_on_plateau",
        keys: &[
            Key::new("factor", Kind::Number(Bounds::Within0And1), "0.5", "What the rate is multiplied by.")
                .number(0.1, "Keras, PyTorch"),
            Key::new("patience", COUNT_FROM_0, "3", "Epochs without improvement after which the rate falls.")
                .integer(10, "Keras, PyTorch"),
            Key::new("min_delta", Kind::Number(Bounds::From0), "0.0001", "An improvement is a fall by more than this.")
                .number(1e-4, "Keras"),
            Key::new("cooldown", COUNT_FROM_0, "2", "Epochs after a cut that are not counted.").integer(0, "Keras"),
            Key::new("min_learning_rate", Kind::Number(Bounds::From0), "0.00001", "The rate never falls below this.")
                .number(0.0, "Keras"),
        ],
        example: "{ name = \"reduce_on_plateau\", factor = 0.5, patience = 3 }",
        about: "Falls when the validation loss no longer does, as Keras' ReduceLROnPlateau.",
    },
];
