//! What of the settings enters a key.

use swath_core::spec::{
    Activation, AdagradForm, AdamForm, AdamSettings, Augmentation, BatchNormForm, ClassWeights, Clip, ClipForm,
    Convolution, DataSpec, Distribution, EarlyStopping, EvaluateTraining, ImageLayer, ImageShape, Initializer, Loss,
    Missing, ModelSpec, Normalization, Optimizer, Padding, Pool, PoolKind, RmsPropForm, Scale, SgdForm, Task,
    TrainSpec, Transform, Validation, VarianceScaling,
};

use super::hasher::{KeyHasher, Keyed};

impl Keyed for DataSpec {
    fn feed(&self, hasher: &mut KeyHasher) {
        let Self {
            path: _,
            target: _,
            inputs: _,
            task,
            missing,
            rows,
            training_rows,
            validation,
            test,
            resplit,
            bootstrap,
            scale,
            image,
            transform,
            ordinal,
        } = self;
        hasher.text(
            "task",
            match task {
                Task::Regression => "regression",
                Task::Classification => "classification",
            },
        );
        hasher.text(
            "missing",
            match missing {
                Missing::Error => "error",
                Missing::Drop => "drop",
                Missing::Mean => "mean",
            },
        );
        hasher.optional("rows", rows.map(|rows| u64::from(rows.get())));
        // It came later, and enters only where it is used, so that earlier keys stay what they were.
        if let Some(rows) = training_rows {
            hasher.number("training_rows", u64::from(rows.get()));
        }
        match validation {
            Validation::Share(share) => hasher.real("validation", *share),
            Validation::Folds(folds) => hasher.number("folds", u64::from(folds.get())),
        }
        hasher.real("test", *test);
        hasher.flag("resplit", *resplit);
        // It came later, and enters only where it is used, so that earlier keys stay what they were.
        if *bootstrap {
            hasher.flag("bootstrap", true);
        }
        hasher.text(
            "scale",
            match scale {
                Scale::Standard => "standard",
                Scale::MinMax => "minmax",
                Scale::None => "none",
            },
        );
        if let Some(ImageShape { height, width, channels }) = image {
            for (tag, size) in [("height", height), ("width", width), ("channels", channels)] {
                hasher.number(tag, u64::from(*size));
            }
        }
        // The order in which columns are named has no effect, so it must have none on the key.
        let mut transforms: Vec<_> = transform.iter().collect();
        transforms.sort_by(|left, right| left.0.cmp(&right.0));
        hasher.number("transform", transforms.len() as u64);
        for (column, function) in transforms {
            hasher.text(
                column,
                match function {
                    Transform::Log => "log",
                    Transform::Log1p => "log1p",
                    Transform::Sqrt => "sqrt",
                },
            );
        }
        let mut ordinals: Vec<_> = ordinal.iter().collect();
        ordinals.sort_by(|left, right| left.0.cmp(&right.0));
        hasher.number("ordinal", ordinals.len() as u64);
        for (column, words) in ordinals {
            hasher.number(column, words.len() as u64);
            for word in words {
                hasher.text("word", word);
            }
        }
    }
}

impl Keyed for ModelSpec {
    fn feed(&self, hasher: &mut KeyHasher) {
        let Self { image_layers, hidden, normalization, activation, dropout, drop_connect, initializer } = self;
        // They came later, and enter only where there are any, so that earlier keys stay what they were.
        for layer in image_layers {
            layer.feed(hasher);
        }
        hasher.number("hidden", hidden.len() as u64);
        for units in hidden {
            hasher.number("units", u64::from(*units));
        }
        hasher.flag("normalization", normalization.is_some());
        if let Some(normalization) = normalization {
            normalization.feed(hasher);
        }
        activation.feed(hasher);
        hasher.real("dropout", *dropout);
        // It came later, and enters only where it is used, so that earlier keys stay what they were.
        if *drop_connect > 0.0 {
            hasher.real("drop_connect", *drop_connect);
        }
        initializer.feed(hasher);
    }
}

impl Keyed for ImageLayer {
    fn feed(&self, hasher: &mut KeyHasher) {
        match self {
            Self::Convolution(Convolution { filters, kernel, stride, padding }) => {
                hasher.number("conv", u64::from(*filters));
                hasher.number("kernel", u64::from(*kernel));
                hasher.number("stride", u64::from(*stride));
                let padding = match padding {
                    Padding::Valid => "valid",
                    Padding::Same => "same",
                };
                hasher.text("padding", padding);
            }
            Self::Pool(Pool { size, kind }) => {
                hasher.number("pool", u64::from(*size));
                let kind = match kind {
                    PoolKind::Max => "max",
                    PoolKind::Average => "average",
                };
                hasher.text("kind", kind);
            }
        }
    }
}

impl Keyed for Normalization {
    fn feed(&self, hasher: &mut KeyHasher) {
        match self {
            Self::Batch { form, epsilon, momentum } => {
                hasher.text("normalization", "batch_norm");
                hasher.text(
                    "form",
                    match form {
                        BatchNormForm::Torch => "torch",
                        BatchNormForm::Keras => "keras",
                    },
                );
                hasher.real("epsilon", *epsilon);
                hasher.real("momentum", *momentum);
            }
            Self::Layer { epsilon } => {
                hasher.text("normalization", "layer_norm");
                hasher.real("epsilon", *epsilon);
            }
        }
    }
}

impl Keyed for Activation {
    fn feed(&self, hasher: &mut KeyHasher) {
        let name = match self {
            Self::Relu => "relu",
            Self::LeakyRelu { slope } => {
                hasher.real("slope", *slope);
                "leaky_relu"
            }
            Self::Tanh => "tanh",
            Self::Sigmoid => "sigmoid",
            Self::Gelu => "gelu",
            Self::Silu => "silu",
            Self::Elu => "elu",
            Self::Softplus => "softplus",
            Self::GeluTanh => "gelu_tanh",
            Self::Selu => "selu",
            Self::Identity => "identity",
        };
        hasher.text("activation", name);
    }
}

impl Keyed for Initializer {
    fn feed(&self, hasher: &mut KeyHasher) {
        let name = match self {
            Self::Torch => "torch",
            Self::VarianceScaling(scaling, distribution) => {
                hasher.text(
                    "distribution",
                    match distribution {
                        Distribution::Uniform => "uniform",
                        Distribution::TruncatedNormal => "truncated_normal",
                        Distribution::Normal => "normal",
                    },
                );
                match scaling {
                    VarianceScaling::Glorot => "glorot",
                    VarianceScaling::He => "he",
                    VarianceScaling::Lecun => "lecun",
                }
            }
        };
        hasher.text("initializer", name);
    }
}

pub(super) fn feed_what_strands_share(train: &TrainSpec, hasher: &mut KeyHasher) {
    let TrainSpec {
        optimizer,
        learning_rate: _,
        loss,
        label_smoothing,
        class_weights,
        augmentation,
        epochs: _,
        batch_size,
        drop_last,
        schedule: _,
        l2,
        clip,
        early_stopping: _,
        evaluate_training,
    } = train;
    optimizer.feed(hasher);
    hasher.text("loss", loss.name());
    if let Loss::Huber { delta } = loss {
        hasher.real("delta", *delta);
    }
    // What came later enters only where it is used, so that earlier keys stay what they were.
    if *label_smoothing > 0.0 {
        hasher.real("label_smoothing", *label_smoothing);
    }
    match class_weights {
        None => {}
        Some(ClassWeights::Balanced) => hasher.text("class_weights", "balanced"),
        Some(ClassWeights::Listed(list)) => {
            // The order in which classes are named has no effect, so it must have none on the key.
            let mut weights: Vec<_> = list.iter().collect();
            weights.sort_by(|left, right| left.0.cmp(&right.0));
            hasher.number("class_weights", weights.len() as u64);
            for (class, weight) in weights {
                hasher.real(class, *weight);
            }
        }
    }
    if let Some(augmentation) = augmentation {
        augmentation.feed(hasher);
    }
    hasher.number("batch_size", u64::from(batch_size.get()));
    hasher.flag("drop_last", *drop_last);
    hasher.real("l2", *l2);
    hasher.flag("clip", clip.is_some());
    if let Some(clip) = clip {
        clip.feed(hasher);
    }
    hasher.text(
        "evaluate_training",
        match evaluate_training {
            EvaluateTraining::Last => "last",
            EvaluateTraining::Every => "every",
        },
    );
}

pub(super) fn feed_what_forks_strands(train: &TrainSpec, hasher: &mut KeyHasher) {
    hasher.real("learning_rate", train.learning_rate);
    hasher.number("epochs", u64::from(train.epochs.get()));
    train.schedule.feed(hasher);
    hasher.flag("early_stopping", train.early_stopping.is_some());
    if let Some(stopping) = &train.early_stopping {
        let EarlyStopping { patience, min_delta, start_from_epoch, baseline, restore_best_weights } = stopping;
        hasher.number("patience", u64::from(*patience));
        hasher.real("min_delta", *min_delta);
        hasher.number("start_from_epoch", u64::from(*start_from_epoch));
        hasher.flag("baseline", baseline.is_some());
        if let Some(baseline) = baseline {
            hasher.real("baseline", *baseline);
        }
        hasher.flag("restore_best_weights", *restore_best_weights);
    }
}

impl Keyed for Augmentation {
    fn feed(&self, hasher: &mut KeyHasher) {
        let Self { flip, rotate, scale, shift, cutout, noise, mixup } = self;
        hasher.flag("flip", *flip);
        hasher.real("rotate", *rotate);
        hasher.real("scale", *scale);
        hasher.number("shift", u64::from(*shift));
        hasher.number("cutout", u64::from(*cutout));
        hasher.real("noise", *noise);
        hasher.real("mixup", *mixup);
    }
}

impl Keyed for Clip {
    fn feed(&self, hasher: &mut KeyHasher) {
        match self {
            Self::Value(at) => hasher.real("value", *at),
            Self::Norm(at) => hasher.real("norm", *at),
            Self::GlobalNorm { at, form } => {
                hasher.real("global_norm", *at);
                hasher.text(
                    "form",
                    match form {
                        ClipForm::Torch => "torch",
                        ClipForm::Keras => "keras",
                    },
                );
            }
        }
    }
}

impl Keyed for Optimizer {
    fn feed(&self, hasher: &mut KeyHasher) {
        match self {
            Self::Sgd { momentum, dampening, nesterov, form } => {
                hasher.text("optimizer", "sgd");
                hasher.real("momentum", *momentum);
                hasher.real("dampening", *dampening);
                hasher.flag("nesterov", *nesterov);
                hasher.text(
                    "form",
                    match form {
                        SgdForm::Torch => "torch",
                        SgdForm::Keras => "keras",
                    },
                );
            }
            Self::Adam(settings) => {
                hasher.text("optimizer", "adam");
                settings.feed(hasher);
            }
            Self::AdamW { adam, weight_decay } => {
                hasher.text("optimizer", "adamw");
                adam.feed(hasher);
                hasher.real("weight_decay", *weight_decay);
            }
            Self::Adagrad { initial_accumulator, epsilon, form } => {
                hasher.text("optimizer", "adagrad");
                hasher.real("initial_accumulator", *initial_accumulator);
                hasher.real("epsilon", *epsilon);
                hasher.text(
                    "form",
                    match form {
                        AdagradForm::Torch => "torch",
                        AdagradForm::Keras => "keras",
                    },
                );
            }
            Self::RmsProp { rho, epsilon, momentum, centered, form } => {
                hasher.text("optimizer", "rmsprop");
                hasher.real("rho", *rho);
                hasher.real("epsilon", *epsilon);
                hasher.real("momentum", *momentum);
                hasher.flag("centered", *centered);
                hasher.text(
                    "form",
                    match form {
                        RmsPropForm::Torch => "torch",
                        RmsPropForm::Keras => "keras",
                    },
                );
            }
        }
    }
}

impl Keyed for AdamSettings {
    fn feed(&self, hasher: &mut KeyHasher) {
        let Self { beta_1, beta_2, epsilon, amsgrad, form } = self;
        hasher.real("beta_1", *beta_1);
        hasher.real("beta_2", *beta_2);
        hasher.real("epsilon", *epsilon);
        hasher.flag("amsgrad", *amsgrad);
        hasher.text(
            "form",
            match form {
                AdamForm::Paper => "paper",
                AdamForm::Keras => "keras",
            },
        );
    }
}
