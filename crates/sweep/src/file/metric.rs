//! `metric`: what decides which point is best, the loss or a metric of the task.

use swath_metrics::Metric;

use super::nearest::{listed, nearest};
use super::problem::{Found, Problem};
use super::train::TaskPlace;
use super::tree::{Table, shown};
use super::words::Word;

/// The word for the validation loss.
const LOSS: &str = "loss";

/// Every word that may stand there for some task.
pub(super) fn words() -> Vec<&'static str> {
    std::iter::once(LOSS).chain(Metric::ALL.into_iter().map(Metric::name)).collect()
}

/// Reads the key; the outer `None`: it is wrong, and that is told. The inner `None`: the loss decides.
#[expect(clippy::option_option, reason = "wrong, the loss and a metric are three things")]
pub(super) fn read(root: &Table, task: &TaskPlace, found: &mut Found) -> Option<Option<Metric>> {
    let Some(node) = root.get("metric") else { return Some(None) };
    let word = node.text()?;
    let known = Metric::parse(word);
    if word == LOSS || known.is_some_and(|metric| metric.task() == task.task) {
        return Some(known);
    }
    let ours = task.task.word();
    let fitting: Vec<&str> = std::iter::once(LOSS).chain(Metric::of_task(task.task).map(Metric::name)).collect();
    let all = format!("for {ours} there are {}", listed(&fitting));
    let (message, label, help) = if known.is_some() {
        (format!("the metric `{word}` does not fit {ours}"), format!("not a metric of {ours}"), all)
    } else {
        let meant = nearest(word, fitting.iter().copied()).map(|word| format!("did you mean `{word}`? "));
        let message = format!("`metric` cannot be \"{}\"", shown(word));
        (message, "not a known word".to_owned(), format!("{}{all}", meant.unwrap_or_default()))
    };
    let also = task.span.iter().map(|span| (span.clone(), "the task".to_owned())).collect();
    found.add(Problem { message, span: node.span.clone(), label, help: Some(help), also });
    None
}
