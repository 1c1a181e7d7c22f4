//! The keys of `[train]` as meant, besides optimizer, schedule and clip.

use std::ops::Range;

use swath_core::spec::{EarlyStopping, Loss, Task};

use super::fields::Fields;
use super::keys::{EARLY_STOPPING, LOSSES, TRAIN};
use super::problem::{Found, Problem};
use super::tree::{Table, Value};

/// The task, and where the file says so.
#[derive(Debug, Clone)]
pub(super) struct TaskPlace {
    pub(super) task: Task,
    pub(super) span: Option<Range<usize>>,
}

/// The key `loss`, which must fit the task.
pub(super) fn loss(train: Option<&Table>, task: &TaskPlace, found: &mut Found) -> Option<Loss> {
    let Some(node) = train.and_then(|train| train.get("loss")) else {
        return Some(match task.task {
            Task::Regression => Loss::Mse,
            Task::Classification => Loss::CrossEntropy,
        });
    };
    let (word, settings) = Fields::new(train, TRAIN).choice("loss", LOSSES)?;
    let loss = match word {
        "mse" => Loss::Mse,
        "mae" => Loss::Mae,
        "huber" => Loss::Huber { delta: settings.number("delta")? },
        "log_cosh" => Loss::LogCosh,
        "cross_entropy" => Loss::CrossEntropy,
        "binary_cross_entropy" => Loss::BinaryCrossEntropy,
        _ => return None,
    };
    if loss.task() == task.task {
        return Some(loss);
    }
    let (ours, help) = match task.task {
        Task::Regression => {
            ("regression", "use `mse`, `mae`, `huber` or `log_cosh`, or write `task = \"classification\"` in `[data]`")
        }
        Task::Classification => ("classification", "use `cross_entropy` or `binary_cross_entropy`"),
    };
    let also = task.span.iter().map(|span| (span.clone(), "the task".to_owned())).collect();
    found.add(Problem {
        message: format!("the loss `{word}` does not fit {ours}"),
        span: node.span.clone(),
        label: format!("not a loss for {ours}"),
        help: Some(help.to_owned()),
        also,
    });
    None
}

/// The key `early_stopping`; the outer `None`: it is wrong.
#[expect(clippy::option_option, reason = "wrong, absent and present are three things")]
pub(super) fn early_stopping(train: Option<&Table>) -> Option<Option<EarlyStopping>> {
    let Some(node) = train.and_then(|train| train.get("early_stopping")) else {
        return Some(None);
    };
    if matches!(node.value, Value::Boolean(false)) {
        return Some(None);
    }
    let table = Fields::new(train, TRAIN).written("early_stopping")?.table()?;
    let fields = Fields::new(Some(table), EARLY_STOPPING);
    let baseline = match table.get("baseline") {
        Some(_) => Some(fields.number("baseline")?),
        None => None,
    };
    Some(Some(EarlyStopping {
        patience: fields.integer("patience")?,
        min_delta: fields.number("min_delta")?,
        start_from_epoch: fields.integer("start_from_epoch")?,
        baseline,
        restore_best_weights: fields.boolean("restore_best_weights")?,
    }))
}
