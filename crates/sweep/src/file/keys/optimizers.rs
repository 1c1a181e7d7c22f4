//! The update rules.

use swath_core::spec::{AdagradForm, AdamForm, RmsPropForm, SgdForm};

use super::{Bounds, Choice, Key, Kind};
use crate::file::words::words;

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
        name: "adagrad",
        keys: &[
            Key::new("learning_rate", Kind::Number(Bounds::Above0), "0.01", ABOUT_RATE)
                .without("0.01 in the torch form (PyTorch), 0.001 in the Keras form (Keras)"),
            Key::new(
                "initial_accumulator",
                Kind::Number(Bounds::From0),
                "0.1",
                "What the sum of squared gradients starts from; initial_accumulator_value in PyTorch and Keras.",
            )
            .without("0 in the torch form (PyTorch), 0.1 in the Keras form (Keras)"),
            Key::new("epsilon", Kind::Number(Bounds::Above0), "1e-8", "Keeps the division from dividing by 0.")
                .without("1e-10 in the torch form (PyTorch), 1e-7 in the Keras form (Keras)"),
            Key::new(
                "form",
                Kind::Word(words::<AdagradForm>),
                "\"keras\"",
                "Whether epsilon stands beside the root (\"torch\") or inside it (\"keras\").",
            )
            .word("torch", "ours"),
        ],
        example: "{ name = \"adagrad\", learning_rate = 0.01 }",
        about: "Adagrad (Duchi, Hazan and Singer 2011).",
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
