//! A sweep with every default written out, for people and other tools to read in `run.toml`.

use swath_core::spec::{
    Activation, AdamSettings, ClassWeights, Clip, Convolution, DataSpec, Decay, Distribution, EarlyStopping,
    ImageLayer, ImageShape, Initializer, Loss, ModelSpec, Normalization, Optimizer, Pool, Schedule, TrainSpec,
    Validation, VarianceScaling,
};
use toml::{Table, Value};

use super::augmentation;
use super::words::{ClipBy, Word};
use crate::gate::GateSettings;
use crate::sweep::Sweep;

impl Sweep {
    /// The settings without any axis, in the words of a sweep file and with every default written out, and the labels
    /// of every axis under `axes`.
    ///
    /// `data.path` is the path as it was resolved, and every architecture stands with the model that it gives.
    pub fn resolved(&self) -> Table {
        let mut resolved = Table::new();
        put(&mut resolved, "name", self.name.to_string());
        put(&mut resolved, "seed", i64::try_from(self.seed).unwrap_or(i64::MAX));
        put(&mut resolved, "replicates", i64::from(self.replicates.get()));
        if let Some(confirm) = self.confirm {
            put(&mut resolved, "confirm", i64::from(confirm.get()));
        }
        if let Some(points) = self.ensemble {
            let mut ensemble = Table::new();
            put(&mut ensemble, "points", i64::from(points.get()));
            put(&mut resolved, "ensemble", ensemble);
        }
        // It came later, and stands only where it is chosen, so that folders from before differ in nothing.
        if let Some(metric) = self.metric {
            put(&mut resolved, "metric", metric.name());
        }
        put(&mut resolved, "data", data(&self.base.data));
        put(&mut resolved, "model", model(&self.base.model));
        let architectures: Table =
            self.architectures.iter().map(|(name, spec)| (name.clone(), Value::Table(model(spec)))).collect();
        if !architectures.is_empty() {
            put(&mut resolved, "architectures", architectures);
        }
        put(&mut resolved, "train", train(&self.base.train));
        let labels = |axis: &swath_results::manifest::Axis| {
            let labels = axis.levels.iter().map(|level| Value::String(level.label.clone())).collect();
            (axis.name.clone(), Value::Array(labels))
        };
        put(&mut resolved, "gate", gate(&self.gate));
        put(&mut resolved, "axes", self.axes.iter().map(labels).collect::<Table>());
        resolved
    }
}

fn gate(settings: &GateSettings) -> Table {
    let mut table = Table::new();
    put(&mut table, "margin", settings.margin);
    put(&mut table, "alpha", settings.alpha);
    if let Some(figure) = settings.figure {
        put(&mut table, "metric", figure.word());
    }
    table
}

fn put(table: &mut Table, key: &str, value: impl Into<Value>) {
    table.insert(key.to_owned(), value.into());
}

fn strings<'a>(texts: impl IntoIterator<Item = &'a String>) -> Value {
    Value::Array(texts.into_iter().cloned().map(Value::String).collect())
}

fn integers(numbers: &[u32]) -> Value {
    Value::Array(numbers.iter().map(|&number| Value::Integer(number.into())).collect())
}

fn data(spec: &DataSpec) -> Table {
    let mut table = Table::new();
    put(&mut table, "path", spec.path.display().to_string());
    put(&mut table, "target", spec.target.clone());
    if let Some(inputs) = &spec.inputs {
        put(&mut table, "inputs", strings(inputs));
    }
    put(&mut table, "task", spec.task.word());
    put(&mut table, "missing", spec.missing.word());
    match spec.rows {
        Some(rows) => put(&mut table, "rows", i64::from(rows.get())),
        None => put(&mut table, "rows", "all"),
    }
    match spec.training_rows {
        Some(rows) => put(&mut table, "training_rows", i64::from(rows.get())),
        None => put(&mut table, "training_rows", "all"),
    }
    match spec.validation {
        Validation::Share(share) => put(&mut table, "validation", share),
        Validation::Folds(folds) => put(&mut table, "folds", i64::from(folds.get())),
    }
    put(&mut table, "test", spec.test);
    put(&mut table, "resplit", spec.resplit);
    put(&mut table, "bootstrap", spec.bootstrap);
    put(&mut table, "scale", spec.scale.word());
    if let Some(ImageShape { height, width, channels }) = spec.image {
        put(&mut table, "image", integers(&[height, width, channels]));
    }
    let transform = spec.transform.iter().map(|(column, transform)| (column.clone(), transform.word().into()));
    put(&mut table, "transform", transform.collect::<Table>());
    let ordinal = spec.ordinal.iter().map(|(column, words)| (column.clone(), strings(words)));
    put(&mut table, "ordinal", ordinal.collect::<Table>());
    table
}

fn model(spec: &ModelSpec) -> Table {
    let mut table = Table::new();
    if spec.image_layers.is_empty() {
        put(&mut table, "hidden", integers(&spec.hidden));
    } else {
        put(&mut table, "layers", layers(spec));
    }
    put(&mut table, "normalization", spec.normalization.map_or_else(|| "none".into(), normalization));
    put(&mut table, "activation", activation(spec.activation));
    put(&mut table, "dropout", spec.dropout);
    put(&mut table, "drop_connect", spec.drop_connect);
    put(&mut table, "initializer", initializer(spec.initializer));
    table
}

fn layers(spec: &ModelSpec) -> Value {
    let of_images = spec.image_layers.iter().map(|layer| {
        let mut table = Table::new();
        match layer {
            ImageLayer::Convolution(Convolution { filters, kernel, stride, padding }) => {
                put(&mut table, "conv", *filters);
                put(&mut table, "kernel", *kernel);
                put(&mut table, "stride", *stride);
                put(&mut table, "padding", padding.word());
            }
            ImageLayer::Pool(Pool { size, kind }) => {
                put(&mut table, "pool", *size);
                put(&mut table, "kind", kind.word());
            }
        }
        Value::Table(table)
    });
    let dense = spec.hidden.iter().map(|units| {
        let mut table = Table::new();
        put(&mut table, "dense", *units);
        Value::Table(table)
    });
    Value::Array(of_images.chain(dense).collect())
}

/// A word with settings, as a table.
fn named(name: &str) -> Table {
    let mut table = Table::new();
    put(&mut table, "name", name);
    table
}

fn normalization(normalization: Normalization) -> Value {
    let mut table;
    match normalization {
        Normalization::Batch { form, epsilon, momentum } => {
            table = named("batch_norm");
            put(&mut table, "form", form.word());
            put(&mut table, "epsilon", epsilon);
            put(&mut table, "momentum", momentum);
        }
        Normalization::Layer { epsilon } => {
            table = named("layer_norm");
            put(&mut table, "epsilon", epsilon);
        }
    }
    table.into()
}

fn activation(activation: Activation) -> Value {
    let word = match activation {
        Activation::Relu => "relu",
        Activation::LeakyRelu { slope } => {
            let mut table = named("leaky_relu");
            put(&mut table, "slope", slope);
            return table.into();
        }
        Activation::Tanh => "tanh",
        Activation::Sigmoid => "sigmoid",
        Activation::Gelu => "gelu",
        Activation::Silu => "silu",
        Activation::Elu => "elu",
        Activation::Softplus => "softplus",
        Activation::GeluTanh => {
            let mut table = named("gelu");
            put(&mut table, "approximate", true);
            return table.into();
        }
        Activation::Selu => "selu",
        Activation::Identity => "identity",
    };
    word.into()
}

fn initializer(initializer: Initializer) -> Value {
    let Initializer::VarianceScaling(scaling, distribution) = initializer else {
        return "torch_default".into();
    };
    let scaling = match scaling {
        VarianceScaling::Glorot => "glorot",
        VarianceScaling::He => "he",
        VarianceScaling::Lecun => "lecun",
    };
    if distribution == Distribution::Uniform {
        return format!("{scaling}_uniform").into();
    }
    let mut table = named(&format!("{scaling}_normal"));
    put(&mut table, "truncate", distribution == Distribution::TruncatedNormal);
    table.into()
}

fn train(spec: &TrainSpec) -> Table {
    let mut table = Table::new();
    put(&mut table, "optimizer", optimizer(spec));
    put(&mut table, "loss", loss(spec.loss));
    put(&mut table, "label_smoothing", spec.label_smoothing);
    put(&mut table, "class_weights", spec.class_weights.as_ref().map_or_else(|| "none".into(), class_weights));
    put(&mut table, "augmentation", spec.augmentation.as_ref().map_or_else(|| "none".into(), augmentation::resolved));
    put(&mut table, "epochs", i64::from(spec.epochs.get()));
    put(&mut table, "batch_size", i64::from(spec.batch_size.get()));
    put(&mut table, "drop_last", spec.drop_last);
    put(&mut table, "schedule", schedule(&spec.schedule));
    put(&mut table, "l2", spec.l2);
    put(&mut table, "clip", spec.clip.map_or(Value::Boolean(false), clip));
    put(&mut table, "early_stopping", spec.early_stopping.as_ref().map_or(Value::Boolean(false), early_stopping));
    put(&mut table, "evaluate_training", spec.evaluate_training.word());
    table
}

fn class_weights(weights: &ClassWeights) -> Value {
    match weights {
        ClassWeights::Balanced => "balanced".into(),
        ClassWeights::Listed(list) => {
            list.iter().map(|(class, weight)| (class.clone(), Value::Float(*weight))).collect::<Table>().into()
        }
    }
}

fn clip(clip: Clip) -> Value {
    let (by, at, form) = match clip {
        Clip::Value(at) => (ClipBy::Value, at, None),
        Clip::Norm(at) => (ClipBy::Norm, at, None),
        Clip::GlobalNorm { at, form } => (ClipBy::GlobalNorm, at, Some(form)),
    };
    let mut table = Table::new();
    put(&mut table, "by", by.word());
    put(&mut table, "at", at);
    if let Some(form) = form {
        put(&mut table, "form", form.word());
    }
    table.into()
}

fn loss(loss: Loss) -> Value {
    let Loss::Huber { delta } = loss else {
        return loss.name().into();
    };
    let mut table = named(loss.name());
    put(&mut table, "delta", delta);
    table.into()
}

fn optimizer(spec: &TrainSpec) -> Table {
    let name = match spec.optimizer {
        Optimizer::Sgd { .. } => "sgd",
        Optimizer::Adam(_) => "adam",
        Optimizer::AdamW { .. } => "adamw",
        Optimizer::RmsProp { .. } => "rmsprop",
        Optimizer::Adagrad { .. } => "adagrad",
    };
    let mut table = named(name);
    put(&mut table, "learning_rate", spec.learning_rate);
    match spec.optimizer {
        Optimizer::Sgd { momentum, dampening, nesterov, form } => {
            put(&mut table, "momentum", momentum);
            put(&mut table, "dampening", dampening);
            put(&mut table, "nesterov", nesterov);
            put(&mut table, "form", form.word());
        }
        Optimizer::Adam(settings) => adam(&mut table, settings),
        Optimizer::AdamW { adam: settings, weight_decay } => {
            adam(&mut table, settings);
            put(&mut table, "weight_decay", weight_decay);
        }
        Optimizer::Adagrad { initial_accumulator, epsilon, form } => {
            put(&mut table, "initial_accumulator", initial_accumulator);
            put(&mut table, "epsilon", epsilon);
            put(&mut table, "form", form.word());
        }
        Optimizer::RmsProp { rho, epsilon, momentum, centered, form } => {
            put(&mut table, "rho", rho);
            put(&mut table, "epsilon", epsilon);
            put(&mut table, "momentum", momentum);
            put(&mut table, "centered", centered);
            put(&mut table, "form", form.word());
        }
    }
    table
}

fn adam(table: &mut Table, settings: AdamSettings) {
    put(table, "beta_1", settings.beta_1);
    put(table, "beta_2", settings.beta_2);
    put(table, "epsilon", settings.epsilon);
    put(table, "amsgrad", settings.amsgrad);
    put(table, "form", settings.form.word());
}

fn schedule(schedule: &Schedule) -> Value {
    let length = |table: &mut Table, over: Option<std::num::NonZeroU32>| {
        if let Some(over) = over {
            put(table, "over", i64::from(over.get()));
        }
    };
    let mut table;
    match schedule {
        Schedule::Constant => return "constant".into(),
        Schedule::Step { factor, every, by } => {
            table = named("step");
            put(&mut table, "factor", *factor);
            put(&mut table, "every", i64::from(every.get()));
            put(&mut table, "by", by.word());
        }
        Schedule::MultiStep(milestones) => {
            table = named("multi_step");
            put(&mut table, "milestones", integers(&milestones.at));
            put(&mut table, "factor", milestones.factor);
            put(&mut table, "by", milestones.by.word());
        }
        Schedule::Exponential(settings) => table = decay("exponential", settings),
        Schedule::InverseTime(settings) => table = decay("inverse_time", settings),
        Schedule::Polynomial { over, end, power, cycle, by } => {
            table = named("polynomial");
            length(&mut table, *over);
            put(&mut table, "end", *end);
            put(&mut table, "power", *power);
            put(&mut table, "cycle", *cycle);
            put(&mut table, "by", by.word());
        }
        Schedule::Cosine { over, alpha, warm_up, by } => {
            table = named("cosine");
            length(&mut table, *over);
            put(&mut table, "alpha", *alpha);
            if let Some(warm_up) = warm_up {
                let mut rise = Table::new();
                put(&mut rise, "over", i64::from(warm_up.over.get()));
                put(&mut rise, "target", warm_up.target);
                put(&mut table, "warm_up", rise);
            }
            put(&mut table, "by", by.word());
        }
        Schedule::CosineRestarts(restarts) => {
            table = named("cosine_restarts");
            put(&mut table, "over", i64::from(restarts.over.get()));
            put(&mut table, "t_mul", restarts.t_mul);
            put(&mut table, "m_mul", restarts.m_mul);
            put(&mut table, "alpha", restarts.alpha);
            put(&mut table, "by", restarts.by.word());
        }
        Schedule::CosineAnnealing { over, min_learning_rate, by } => {
            table = named("cosine_annealing");
            length(&mut table, *over);
            put(&mut table, "min_learning_rate", *min_learning_rate);
            put(&mut table, "by", by.word());
        }
        Schedule::Piecewise(pieces) => {
            table = named("piecewise");
            put(&mut table, "boundaries", integers(&pieces.boundaries));
            put(&mut table, "values", pieces.values.clone());
            put(&mut table, "by", pieces.by.word());
        }
        Schedule::Linear(line) => {
            table = named("linear");
            put(&mut table, "start", line.start);
            put(&mut table, "end", line.end);
            put(&mut table, "over", i64::from(line.over.get()));
            put(&mut table, "by", line.by.word());
        }
        Schedule::OneCycle(cycle) => {
            table = named("one_cycle");
            if let Some(max) = cycle.max_learning_rate {
                put(&mut table, "max_learning_rate", max);
            }
            put(&mut table, "rise", cycle.rise);
            put(&mut table, "start_divisor", cycle.start_divisor);
            put(&mut table, "end_divisor", cycle.end_divisor);
            put(&mut table, "by", cycle.by.word());
        }
        Schedule::ReduceOnPlateau(plateau) => {
            table = named("reduce_on_plateau");
            put(&mut table, "factor", plateau.factor);
            put(&mut table, "patience", i64::from(plateau.patience));
            put(&mut table, "min_delta", plateau.min_delta);
            put(&mut table, "cooldown", i64::from(plateau.cooldown));
            put(&mut table, "min_learning_rate", plateau.min_learning_rate);
        }
    }
    table.into()
}

fn decay(name: &str, settings: &Decay) -> Table {
    let mut table = named(name);
    put(&mut table, "rate", settings.rate);
    if let Some(over) = settings.over {
        put(&mut table, "over", i64::from(over.get()));
    }
    put(&mut table, "staircase", settings.staircase);
    put(&mut table, "by", settings.by.word());
    table
}

fn early_stopping(settings: &EarlyStopping) -> Value {
    let mut table = Table::new();
    put(&mut table, "patience", i64::from(settings.patience));
    put(&mut table, "min_delta", settings.min_delta);
    put(&mut table, "start_from_epoch", i64::from(settings.start_from_epoch));
    if let Some(baseline) = settings.baseline {
        put(&mut table, "baseline", baseline);
    }
    put(&mut table, "restore_best_weights", settings.restore_best_weights);
    table.into()
}
