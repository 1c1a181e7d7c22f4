//! The names of axes: dotted paths of settings, and the short names of four of them.

use super::keys::{DATA, Fallback, Key, Kind, MODEL, TOP, TRAIN};
use super::nearest::nearest;
use super::tree::{Entry, Node, Table, Value, number_text};

/// The axis of architectures, which is no setting.
pub(crate) const ARCHITECTURE: &str = "architecture";

/// Axes that have a short name.
const SHORT: &[(&str, &str)] =
    &[("epochs", "train.epochs"), ("batch_size", "train.batch_size"), ("schedule", "train.schedule")];

/// The sections whose settings can be axes.
pub(super) const SECTIONS: &[(&str, &[Key])] = &[("data", DATA), ("model", MODEL), ("train", TRAIN)];

/// The full path of an axis as written; itself where it has no other.
pub(crate) fn full(name: &str) -> &str {
    SHORT.iter().find(|(short, _)| *short == name).map_or(name, |(_, full)| full)
}

/// Whether a full path leads to a setting of what stands at another.
pub(super) fn is_below(path: &str, other: &str) -> bool {
    path.strip_prefix(other).is_some_and(|rest| rest.starts_with('.'))
}

/// The keys that stand at a full path: several where a choice has settings of one name.
pub(crate) fn keys_at(path: &str) -> Vec<&'static Key> {
    let mut steps = path.split('.');
    let section = steps.next().and_then(|section| SECTIONS.iter().find(|(name, _)| *name == section));
    let Some((_, keys)) = section else { return Vec::new() };
    let mut below: Vec<&'static Key> = keys.iter().collect();
    let mut current = Vec::new();
    for step in steps {
        current = below.iter().copied().filter(|key| key.name == step).collect();
        below = current.iter().flat_map(|key| children(key)).collect();
    }
    current
}

/// Whether a full path is an axis that can be: a setting, or the word of a choice.
pub(super) fn is_axis(path: &str) -> bool {
    path == ARCHITECTURE
        || keys_at(path).iter().any(|key| key.axis)
        || path
            .strip_suffix(".name")
            .is_some_and(|choice| keys_at(choice).iter().any(|key| key.axis && matches!(key.kind, Kind::Choice(_))))
}

fn children(key: &'static Key) -> Vec<&'static Key> {
    match key.kind {
        Kind::Choice(choices) => choices.iter().flat_map(|choice| choice.keys).collect(),
        Kind::Table(keys) | Kind::TableOrFalse(keys) | Kind::TableOrNone(keys) => keys.iter().collect(),
        _ => Vec::new(),
    }
}

/// Every name that an axis can have.
pub(crate) fn all() -> Vec<String> {
    fn collect(path: &str, key: &'static Key, names: &mut Vec<String>) {
        if !key.axis || names.iter().any(|name| name == path) {
            return;
        }
        names.push(path.to_owned());
        for child in children(key) {
            collect(&format!("{path}.{}", child.name), child, names);
        }
        if matches!(key.kind, Kind::Choice(_)) {
            names.push(format!("{path}.name"));
        }
    }
    let mut names = vec![ARCHITECTURE.to_owned()];
    names.extend(SHORT.iter().map(|(short, _)| (*short).to_owned()));
    for (section, keys) in SECTIONS {
        for key in *keys {
            collect(&format!("{section}.{}", key.name), key, &mut names);
        }
    }
    names
}

/// What to write instead of a name that is no axis.
pub(super) fn help(name: &str) -> String {
    if !keys_at(name).is_empty() {
        return "it is the same for every point of a sweep; write another sweep file for another value".to_owned();
    }
    if TOP.iter().any(|key| key.name == name && !matches!(key.kind, Kind::Table(_) | Kind::Named(_) | Kind::Grid)) {
        return "it stands at the top of the file, before the first `[...]`, and is no axis".to_owned();
    }
    let names = all();
    let last = |path: &str| path.rsplit('.').next().unwrap_or_default().to_owned();
    let by_last = names.iter().find(|path| last(path) == last(name) && last(name) != "name");
    let found = by_last.map(String::as_str).or_else(|| nearest(name, names.iter().map(String::as_str)));
    let found = found.or_else(|| {
        let lasts: Vec<String> = names.iter().map(|path| last(path)).collect();
        let meant = nearest(&last(name), lasts.iter().map(String::as_str))?;
        names.iter().find(|path| last(path) == meant).map(String::as_str)
    });
    match found {
        Some(found) if found.contains('.') => format!("did you mean `\"{found}\"`?"),
        Some(found) => format!("did you mean `{found}`?"),
        None => format!(
            "an axis is `{ARCHITECTURE}`, `epochs`, `batch_size`, `schedule`, or a dotted name such as \
             `\"model.dropout\"` or `\"train.optimizer.learning_rate\"`"
        ),
    }
}

/// Puts a value at a path below a section; a word on the way becomes a table with that name.
pub(super) fn put(table: &mut Table, keys: &'static [Key], steps: &[&str], value: &Node) {
    let [step, rest @ ..] = steps else { return };
    if rest.is_empty() {
        return table.set(step, value.clone());
    }
    let key = keys.iter().find(|key| key.name == *step);
    let is_choice = key.is_some_and(|key| matches!(key.kind, Kind::Choice(_)));
    let mut below = match table.get(step).map(|node| &node.value) {
        Some(Value::Table(below)) => below.clone(),
        _ if !is_choice => Table::default(),
        Some(Value::Text(word)) => named(word, value),
        _ => match key.map(|key| key.fallback) {
            Some(Fallback::Word(word, _)) => named(word, value),
            _ => Table::default(),
        },
    };
    let below_keys = match key.map(|key| &key.kind) {
        Some(Kind::Table(keys) | Kind::TableOrFalse(keys) | Kind::TableOrNone(keys)) => keys,
        // Below a choice stands one level of settings, or the warm-up, which is a plain table.
        _ => &[][..],
    };
    put(&mut below, below_keys, rest, value);
    let span = table.get(step).map_or_else(|| value.span.clone(), |node| node.span.clone());
    table.set(step, Node { value: Value::Table(below), span });
}

fn named(word: &str, value: &Node) -> Table {
    let entry =
        Entry { key: "name".to_owned(), key_span: value.span.clone(), node: Node::word(word, value.span.clone()) };
    Table { entries: vec![entry] }
}

/// The value at a path below a section, as written; a word that stands for a table is its `name`.
pub(super) fn node<'a>(table: &'a Table, steps: &[&str]) -> Option<&'a Node> {
    let [step, rest @ ..] = steps else { return None };
    let node = table.get(step)?;
    match (&node.value, rest) {
        (_, []) | (Value::Text(_), ["name"]) => Some(node),
        (Value::Table(below), rest) => self::node(below, rest),
        _ => None,
    }
}

/// The label and number of the default at a path where nothing is written.
pub(super) fn fallback(table: &Table, keys: &'static [Key], steps: &[&str]) -> (String, Option<f64>) {
    let unknown = || ("default".to_owned(), None);
    let [step, rest @ ..] = steps else { return unknown() };
    let Some(key) = keys.iter().find(|key| key.name == *step) else { return unknown() };
    let node = table.get(step);
    if rest.is_empty() {
        return match key.fallback {
            Fallback::Number(number, _) => (number_text(number), Some(number)),
            Fallback::Integer(integer, _) => (integer.to_string(), Some(integer.into())),
            Fallback::Boolean(boolean, _) => (boolean.to_string(), None),
            Fallback::Word(word, _) => (word.to_owned(), None),
            Fallback::Required | Fallback::Described(_) => unknown(),
        };
    }
    let below = node.and_then(Node::table);
    let word = match (node, key.fallback) {
        (Some(node), _) => node.text().or_else(|| below?.get("name")?.text()),
        (None, Fallback::Word(word, _)) => Some(word),
        _ => None,
    };
    let nothing = Table::default();
    match &key.kind {
        Kind::Choice(_) if rest == ["name"] => (word.unwrap_or("default").to_owned(), None),
        Kind::Choice(choices) => match choices.iter().find(|choice| Some(choice.name) == word) {
            Some(choice) => fallback(below.unwrap_or(&nothing), choice.keys, rest),
            None => unknown(),
        },
        Kind::TableOrNone(keys) => fallback(below.unwrap_or(&nothing), keys, rest),
        Kind::Table(keys) | Kind::TableOrFalse(keys) => below.map_or_else(unknown, |below| fallback(below, keys, rest)),
        _ => unknown(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_listed_name_is_an_axis_and_data_path_is_none() {
        for name in all() {
            assert!(is_axis(full(&name)), "{name}");
        }
        for name in ["data.path", "data", "train", "seed", "model.depth", "train.optimizer.learning_rate.x"] {
            assert!(!is_axis(full(name)), "{name}");
        }
    }

    #[test]
    fn a_name_that_is_no_axis_finds_the_right_path() {
        assert_eq!(help("dropout"), "did you mean `\"model.dropout\"`?");
        assert_eq!(help("train.learning_rate"), "did you mean `\"train.optimizer.learning_rate\"`?");
        assert_eq!(help("learning_rat"), "did you mean `\"train.optimizer.learning_rate\"`?");
        assert_eq!(help("batchsize"), "did you mean `batch_size`?");
    }
}
