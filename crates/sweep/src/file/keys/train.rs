//! The keys of `[train]`.

use swath_core::spec::{ClipForm, EvaluateTraining};

use super::{AUGMENTATION, Bounds, COUNT, COUNT_FROM_0, Key, Kind, LOSSES, OPTIMIZERS, SCHEDULES};
use crate::file::words::{ClipBy, words};

/// `[train]`.
pub(crate) const TRAIN: &[Key] = &[
    Key::new(
        "optimizer",
        Kind::Choice(OPTIMIZERS),
        "{ name = \"adam\", learning_rate = 0.01 }",
        "The update rule, with its learning rate.",
    )
    .word("adam", "ours"),
    Key::new("loss", Kind::Choice(LOSSES), "\"mse\"", "What is minimised.")
        .without("\"mse\" for regression, \"cross_entropy\" for classification (ours)"),
    Key::new(
        "label_smoothing",
        Kind::Number(Bounds::From0Below1),
        "0.1",
        "For classes: share of a class's certainty that is spread evenly over all classes. Reported losses are without it.",
    )
    .number(0.0, "Keras, PyTorch"),
    Key::new(
        "class_weights",
        Kind::WordOrClasses(&["none", "balanced"], Bounds::Above0),
        "\"balanced\"",
        "How much the rows of each class count in what is minimised. Reported losses are without it.",
    )
    .word("none", "Keras, PyTorch"),
    Key::new(
        "augmentation",
        Kind::TableOrNone(AUGMENTATION),
        "{ noise = 0.05 }",
        "How training rows are changed at random, anew in each epoch. Evaluation sees them unchanged.",
    )
    .word("none", "ours"),
    Key::new("epochs", COUNT, "30", "Passes over the training rows.").integer(10, "ours; Keras: 1"),
    Key::new("batch_size", COUNT, "32", "Rows of a step. The last batch of an epoch may be smaller.")
        .integer(32, "Keras"),
    Key::new("drop_last", Kind::Boolean, "false", "Whether that smaller last batch is left out.")
        .boolean(false, "Keras, PyTorch"),
    Key::new("schedule", Kind::Choice(SCHEDULES), "\"cosine\"", "How the learning rate changes.")
        .word("constant", "Keras, PyTorch"),
    Key::new(
        "l2",
        Kind::Number(Bounds::From0),
        "0.001",
        "The loss that is minimised contains l2 * w^2 for every weight, biases excepted. Reported losses do not.",
    )
    .number(0.0, "Keras, PyTorch"),
    Key::new(
        "clip",
        Kind::TableOrFalse(CLIP),
        "{ by = \"norm\", at = 1.0 }",
        "Cuts gradients that are too large, that of l2 included, before each step. false: never.",
    )
    .boolean(false, "Keras, PyTorch"),
    Key::new(
        "early_stopping",
        Kind::TableOrFalse(EARLY_STOPPING),
        "{ patience = 5 }",
        "Ends a training whose validation loss no longer falls, as Keras' EarlyStopping. false: never.",
    )
    .boolean(false, "ours"),
    Key::new(
        "evaluate_training",
        Kind::Word(words::<EvaluateTraining>),
        "\"every\"",
        "How often the loss of the whole training set is computed: after the last epoch, or after every one.",
    )
    .word("last", "ours"),
];

/// `clip`.
pub(crate) const CLIP: &[Key] = &[
    Key::new(
        "by",
        Kind::Word(words::<ClipBy>),
        "\"norm\"",
        "What is limited: each element (\"value\"), the norm of each tensor, or the norm of all gradients.",
    ),
    Key::new("at", Kind::Number(Bounds::Above0), "1.0", "The limit."),
    Key::new(
        "form",
        Kind::Word(words::<ClipForm>),
        "\"keras\"",
        "Of \"global_norm\": whether 1e-6 is added to the norm (\"torch\") or not (\"keras\").",
    )
    .word("torch", "ours"),
];

/// `early_stopping`.
pub(crate) const EARLY_STOPPING: &[Key] = &[
    Key::new("patience", COUNT_FROM_0, "5", "Epochs without improvement after which training ends.")
        .integer(0, "Keras"),
    Key::new("min_delta", Kind::Number(Bounds::From0), "0.001", "An improvement is a fall by more than this.")
        .number(0.0, "Keras"),
    Key::new("start_from_epoch", COUNT_FROM_0, "3", "Epochs before this one, counted from 0, are not looked at.")
        .integer(0, "Keras"),
    Key::new(
        "baseline",
        Kind::Number(Bounds::Finite),
        "0.5",
        "A validation loss that must be beaten before patience is renewed.",
    )
    .without("none (Keras)"),
    Key::new(
        "restore_best_weights",
        Kind::Boolean,
        "true",
        "Whether the best epoch's weights are taken at the end, stopped early or not.",
    )
    .boolean(false, "Keras"),
];

/// `warm_up` of the cosine schedule.
pub(crate) const WARM_UP: &[Key] = &[
    Key::new("over", COUNT, "5", "Length of the rise, in the schedule's unit."),
    Key::new(
        "target",
        Kind::Number(Bounds::Above0),
        "0.1",
        "The rate that is reached, from which the cosine then falls. The rise starts at the learning rate.",
    ),
];
