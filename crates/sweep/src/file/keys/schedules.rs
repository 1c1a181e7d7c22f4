//! The schedules.

use swath_core::spec::TimeUnit;

use super::choices::plain;
use super::{Bounds, COUNT, COUNT_FROM_0, Choice, Key, Kind, WARM_UP};
use crate::file::words::words;

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
        name: "cosine_restarts",
        keys: &[
            Key::new("over", COUNT, "10", "Length of the first period, in epochs or steps."),
            Key::new(
                "t_mul",
                Kind::Number(Bounds::From1),
                "1.5",
                "How many times as long each period is as the one before.",
            )
            .number(2.0, "Keras"),
            Key::new(
                "m_mul",
                Kind::Number(Bounds::From0To1),
                "0.5",
                "How many times as high each period starts as the one before.",
            )
            .number(1.0, "Keras"),
            Key::new(
                "alpha",
                Kind::Number(Bounds::From0To1),
                "0.1",
                "The lowest rate, as a share of the rate at the start.",
            )
            .number(0.0, "Keras"),
            BY,
        ],
        example: "{ name = \"cosine_restarts\", over = 10 }",
        about: "Cosines one after the other, as Keras' CosineDecayRestarts.",
    },
    Choice {
        name: "cosine_annealing",
        keys: &[
            Key::new("over", COUNT, "20", "When the lowest rate is reached, in epochs or steps; then it rises again.")
                .without("the whole training (ours)"),
            Key::new("min_learning_rate", Kind::Number(Bounds::From0), "0.001", "The lowest rate itself.")
                .number(0.0, "PyTorch"),
            BY,
        ],
        example: "{ name = \"cosine_annealing\", min_learning_rate = 0.001 }",
        about: "Half a cosine to a rate of its own, as PyTorch's CosineAnnealingLR.",
    },
    Choice {
        name: "piecewise",
        keys: &[
            Key::new(
                "boundaries",
                Kind::Integers { least: 0, most: u32::MAX as u64, shortest: 1, longest: 10_000 },
                "[10, 20]",
                "The last times of all stretches but the last, in ascending order.",
            ),
            Key::new(
                "values",
                Kind::Numbers { bounds: Bounds::From0, shortest: 2, longest: 10_001 },
                "[0.1, 0.05, 0.01]",
                "The rate of every stretch: one more than boundaries.",
            ),
            BY,
        ],
        example: "{ name = \"piecewise\", boundaries = [10, 20], values = [0.1, 0.05, 0.01] }",
        about: "The listed rates, as Keras' PiecewiseConstantDecay.",
    },
    Choice {
        name: "linear",
        keys: &[
            Key::new("start", Kind::Number(Bounds::From0To1), "0.1", "Share of the rate at the start.")
                .without("1/3 (PyTorch)"),
            Key::new("end", Kind::Number(Bounds::From0To1), "0.5", "Share of the rate at the end, where it stays.")
                .number(1.0, "PyTorch"),
            Key::new("over", COUNT, "10", "Length of the line, in epochs or steps.").integer(5, "PyTorch"),
            BY,
        ],
        example: "{ name = \"linear\", start = 0.1, over = 10 }",
        about: "A straight line to the rate and on at it, as PyTorch's LinearLR: a warm-up.",
    },
    Choice {
        name: "one_cycle",
        keys: &[
            Key::new("max_learning_rate", Kind::Number(Bounds::Above0), "0.1", "The rate at the top.")
                .without("the learning rate (ours)"),
            Key::new(
                "rise",
                Kind::Number(Bounds::Within0And1),
                "0.5",
                "Share of the training in which the rate rises; PyTorch's pct_start.",
            )
            .number(0.3, "PyTorch"),
            Key::new(
                "start_divisor",
                Kind::Number(Bounds::From1),
                "10",
                "The first rate is that at the top divided by this; PyTorch's div_factor.",
            )
            .number(25.0, "PyTorch"),
            Key::new(
                "end_divisor",
                Kind::Number(Bounds::From1),
                "100",
                "The last rate is the first divided by this; PyTorch's final_div_factor.",
            )
            .number(1e4, "PyTorch"),
            BY,
        ],
        example: "{ name = \"one_cycle\", max_learning_rate = 0.1 }",
        about: "Up and down again over the whole training, as PyTorch's OneCycleLR; momentum stays as it is.",
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
