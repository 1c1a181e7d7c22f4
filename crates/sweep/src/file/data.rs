//! `[data]` as meant.

use std::collections::HashMap;
use std::num::NonZeroU32;
use std::path::Path;

use swath_core::spec::{DataSpec, ImageShape, Task, Transform, Validation};

use super::check::check_table;
use super::fields::Fields;
use super::keys::DATA;
use super::problem::{Found, Problem};
use super::tree::{Entry, Node, Table, Value, shown};
use super::words::Word;
use crate::sweep::DataSpans;

/// Checks and reads `[data]`; `None` where something is wrong.
pub(super) fn read(section: &Node, folder: &Path, found: &mut Found) -> Option<DataSpec> {
    let table = section.table()?;
    check_table(table, &section.span, DATA, "data", found);
    check_columns(table, found);
    let fields = Fields::new(Some(table), DATA);
    let validation = read_validation(table, fields, found);
    Some(DataSpec {
        path: folder.join(fields.text("path")?),
        target: fields.text("target")?.to_owned(),
        inputs: match table.get("inputs") {
            Some(_) => Some(texts(fields.written("inputs")?)),
            None => None,
        },
        task: fields.word("task")?,
        missing: fields.word("missing")?,
        rows: count_or_all(table, fields, "rows")?,
        training_rows: count_or_all(table, fields, "training_rows")?,
        validation: validation?,
        test: fields.number("test")?,
        resplit: fields.boolean("resplit")?,
        bootstrap: fields.boolean("bootstrap")?,
        scale: fields.word("scale")?,
        image: image(table, fields)?,
        transform: match table.get("transform") {
            Some(_) => columns(fields.written("transform")?)
                .map(|(column, node)| Some((column.to_owned(), Transform::from_word(node.text()?)?)))
                .collect::<Option<_>>()?,
            None => Vec::new(),
        },
        ordinal: match table.get("ordinal") {
            Some(_) => {
                columns(fields.written("ordinal")?).map(|(column, node)| (column.to_owned(), texts(node))).collect()
            }
            None => Vec::new(),
        },
    })
}

/// The places of what can only be checked against the data.
pub(super) fn spans(table: &Table) -> DataSpans {
    let span = |key: &str| table.get(key).map(|node| node.span.clone());
    let keys = |key: &str| {
        let columns = table.get(key).and_then(Node::table).map_or(&[][..], |table| &table.entries);
        columns.iter().map(|entry| (entry.key.clone(), entry.key_span.clone())).collect()
    };
    let inputs = table.get("inputs").and_then(Node::list).unwrap_or_default();
    DataSpans {
        path: span("path"),
        target: span("target"),
        inputs: inputs.iter().filter_map(|node| Some((node.text()?.to_owned(), node.span.clone()))).collect(),
        ordinal: keys("ordinal"),
        transform: keys("transform"),
        rows: span("rows"),
        metric: None,
        training_rows: span("training_rows"),
        image: span("image"),
        loss: None,
        batch_size: None,
        class_weights: None,
        layers: None,
    }
}

/// The task, also where other keys are wrong; regression where it is unreadable.
pub(super) fn task(table: Option<&Table>) -> Task {
    Fields::new(table, DATA).word("task").unwrap_or(Task::Regression)
}

/// A count, or "all", which is also the default: `None` inside; the outer `None`: it is wrong.
#[expect(clippy::option_option, reason = "wrong, all and some are three things")]
fn count_or_all(table: &Table, fields: Fields<'_>, key: &str) -> Option<Option<NonZeroU32>> {
    match table.get(key).map(|node| &node.value) {
        None | Some(Value::Text(_)) if fields.is_sound(key) => Some(None),
        _ => fields.count(key).map(Some),
    }
}

/// The shape of the image; the outer `None`: it is wrong.
#[expect(clippy::option_option, reason = "wrong, absent and present are three things")]
fn image(table: &Table, fields: Fields<'_>) -> Option<Option<ImageShape>> {
    if table.get("image").is_none() {
        return Some(None);
    }
    match *fields.integers("image")? {
        [height, width] => Some(Some(ImageShape { height, width, channels: 1 })),
        [height, width, channels] => Some(Some(ImageShape { height, width, channels })),
        _ => None,
    }
}

fn texts(node: &Node) -> Vec<String> {
    node.list().unwrap_or_default().iter().filter_map(Node::text).map(str::to_owned).collect()
}

fn columns(node: &Node) -> impl Iterator<Item = (&str, &Node)> {
    node.table().map_or(&[][..], |table| &table.entries).iter().map(|entry| (entry.key.as_str(), &entry.node))
}

fn read_validation(table: &Table, fields: Fields<'_>, found: &mut Found) -> Option<Validation> {
    if let (Some(folds), Some(share)) = (table.entry("folds"), table.entry("validation")) {
        found.add(Problem {
            message: "`data.folds` and `data.validation` stand both".to_owned(),
            span: folds.key_span.clone(),
            label: "folds say which rows validate".to_owned(),
            help: Some("take one of them out".to_owned()),
            also: vec![(share.key_span.clone(), "and so does this".to_owned())],
        });
        return None;
    }
    if table.get("folds").is_some() {
        return fields.count("folds").map(Validation::Folds);
    }
    let (share, test) = (fields.number("validation")?, fields.number("test")?);
    if share + test >= 1.0 {
        let place = table.entry("validation").or_else(|| table.entry("test"))?;
        let other = table.entry("test").filter(|other| other.key_span != place.key_span);
        found.add(Problem {
            message: "`data.validation` and `data.test` leave no rows to train on".to_owned(),
            span: place.node.span.clone(),
            label: format!("{share} for validation and {test} for the test"),
            help: Some("their sum must be below 1".to_owned()),
            also: other.map(|entry| (entry.node.span.clone(), "together with this".to_owned())).into_iter().collect(),
        });
        return None;
    }
    Some(Validation::Share(share))
}

/// What the names of columns can contradict without the data.
fn check_columns(table: &Table, found: &mut Found) {
    let target = table.get("target").and_then(Node::text);
    let inputs = table.get("inputs").and_then(Node::list).unwrap_or_default();
    for input in inputs.iter().filter(|input| target.is_some() && input.text() == target) {
        let message = format!("the target `{}` is among the inputs", shown(target.unwrap_or_default()));
        found.report(
            &input.span,
            message,
            "a model must not see what it predicts",
            "take it out of `inputs`".to_owned(),
        );
    }
    let transform = table.get("transform").and_then(Node::table);
    let ordinal = table.get("ordinal").and_then(Node::table);
    let ordinal: HashMap<&str, &Entry> =
        ordinal.map_or(&[][..], |table| &table.entries).iter().map(|entry| (entry.key.as_str(), entry)).collect();
    for entry in transform.map_or(&[][..], |table| &table.entries) {
        if task(Some(table)) == Task::Classification && Some(entry.key.as_str()) == target {
            let message = format!("`{}` is a class, which cannot be transformed", shown(&entry.key));
            found.report(&entry.key_span, message, "the target", "take it out of `transform`".to_owned());
        }
        if let Some(other) = ordinal.get(entry.key.as_str()) {
            found.add(Problem {
                message: format!(
                    "`{}` is a column of words in `ordinal` and one of numbers in `transform`",
                    shown(&entry.key)
                ),
                span: entry.key_span.clone(),
                label: "numbers can be transformed".to_owned(),
                help: Some("take it out of one of them".to_owned()),
                also: vec![(other.key_span.clone(), "words in their order".to_owned())],
            });
        }
    }
}
