//! A sweep with every default written out, for people and other tools to read in `run.toml`.

mod model;
mod schedule;

use swath_core::spec::{
    AdamSettings, ClassWeights, Clip, DataSpec, EarlyStopping, ImageShape, Loss, Optimizer, TrainSpec, Validation,
};
use toml::{Table, Value};

use self::model::model;
use self::schedule::schedule;
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

/// A word with settings, as a table.
fn named(name: &str) -> Table {
    let mut table = Table::new();
    put(&mut table, "name", name);
    table
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
