//! `label_smoothing` and `class_weights` as meant: what changes the loss of classes in training.

use swath_core::spec::{ClassWeights, Task};

use super::fields::Fields;
use super::keys::TRAIN;
use super::problem::{Found, Problem};
use super::train::TaskPlace;
use super::tree::{Node, Table, Value};

/// Reads the checked key `label_smoothing` of `[train]`; `None` where it is wrong.
pub(super) fn label_smoothing(train: Option<&Table>, task: &TaskPlace, found: &mut Found) -> Option<f64> {
    let smoothing = Fields::new(train, TRAIN).number("label_smoothing")?;
    match train.and_then(|train| train.get("label_smoothing")) {
        Some(node) if smoothing > 0.0 && task.task == Task::Regression => {
            refuse("label_smoothing", node, task, found);
            None
        }
        _ => Some(smoothing),
    }
}

/// Reads the checked key `class_weights` of `[train]`; the outer `None`: it is wrong.
#[expect(clippy::option_option, reason = "wrong, absent and present are three things")]
pub(super) fn class_weights(
    train: Option<&Table>,
    task: &TaskPlace,
    found: &mut Found,
) -> Option<Option<ClassWeights>> {
    if train.is_none_or(|train| train.get("class_weights").is_none()) {
        return Some(None);
    }
    let node = Fields::new(train, TRAIN).written("class_weights")?;
    let weights = match &node.value {
        Value::Text(word) if word == "none" => return Some(None),
        Value::Table(table) => {
            let weight = |entry: &super::tree::Entry| Some((entry.key.clone(), entry.node.number()?));
            ClassWeights::Listed(table.entries.iter().map(weight).collect::<Option<_>>()?)
        }
        _ => ClassWeights::Balanced,
    };
    if task.task == Task::Regression {
        refuse("class_weights", node, task, found);
        return None;
    }
    Some(Some(weights))
}

fn refuse(key: &str, node: &Node, task: &TaskPlace, found: &mut Found) {
    let also = task.span.iter().map(|span| (span.clone(), "the task".to_owned())).collect();
    found.add(Problem {
        message: format!("`train.{key}` is for classification"),
        span: node.span.clone(),
        label: "a regression has no classes".to_owned(),
        help: Some(format!("leave `{key}` out, or write `task = \"classification\"` in `[data]`")),
        also,
    });
}
