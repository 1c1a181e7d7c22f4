//! What changed between two folders in the sweep file, the data, the program and the machine.

use std::collections::BTreeMap;

use swath_results::RunRecord;
use toml::{Table, Value};

use super::side::Side;

/// One thing that is not the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Its dotted name: `train.optimizer.learning_rate`, `axes.epochs`, `data content`, `swath`, `machine`.
    pub name: String,
    /// What it is in A, as TOML writes it; `None` where A has no such setting.
    pub a: Option<String>,
    /// What it is in B.
    pub b: Option<String>,
}

/// Everything that differs, the settings first, in the order of A's file and then of B's.
pub fn changes(a: Side<'_>, b: Side<'_>) -> Vec<Change> {
    let mut names = Vec::new();
    let mut values = [BTreeMap::new(), BTreeMap::new()];
    for (side, values) in [a, b].iter().zip(&mut values) {
        flatten("", &side.record.resolved, &mut names, values);
        for (name, value) in circumstances(side.record) {
            note(name.to_owned(), value, &mut names, values);
        }
    }
    let [a, b] = values;
    let change = |name: String| {
        let (a, b) = (a.get(&name).cloned(), b.get(&name).cloned());
        (a != b).then_some(Change { name, a, b })
    };
    names.into_iter().filter_map(change).collect()
}

/// The data, the program and the machine.
fn circumstances(record: &RunRecord) -> Vec<(&'static str, String)> {
    let digests: Vec<&str> =
        record.data.variants.iter().map(|variant| variant.digest.get(..16).unwrap_or("")).collect();
    let machine = &record.machine;
    vec![
        ("data content", digests.join(" ")),
        ("engine", record.run.engine.clone()),
        ("swath", record.swath.clone()),
        ("machine", [machine.system.as_str(), &machine.processor].join(" ").trim().to_owned()),
    ]
}

fn flatten(path: &str, table: &Table, names: &mut Vec<String>, values: &mut BTreeMap<String, String>) {
    for (key, value) in table {
        let name = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
        match value {
            Value::Table(below) if !below.is_empty() => flatten(&name, below, names, values),
            value => note(name, value.to_string(), names, values),
        }
    }
}

fn note(name: String, value: String, names: &mut Vec<String>, values: &mut BTreeMap<String, String>) {
    if !names.contains(&name) {
        names.push(name.clone());
    }
    values.insert(name, value);
}
