//! Whether a value is what its key may hold; every mistake with its place and what to write instead.

use std::collections::HashSet;
use std::ops::Range;

use super::keys::{Choice, DATA, Key, Kind, MODEL, MOST_LAYERS, TOP, TRAIN, choice_names};
use super::nearest;
use super::problem::Found;
use super::tree::{Node, Table, Value, shown};

/// Checks a value with everything below it; says whether it is sound.
pub(super) fn check(node: &Node, key: &Key, path: &str, found: &mut Found) -> bool {
    let before = found.len();
    check_value(node, key, path, found);
    found.len() == before
}

/// Checks the keys of a table and their values. The key `name` of a choice is the caller's.
pub(super) fn check_table(table: &Table, at: &Range<usize>, keys: &[Key], path: &str, found: &mut Found) {
    for entry in &table.entries {
        if found.is_full() {
            return;
        }
        if let Some(key) = keys.iter().find(|key| key.name == entry.key) {
            check_value(&entry.node, key, &joined(path, key.name), found);
        } else {
            let names: Vec<&str> = keys.iter().map(|key| key.name).collect();
            let place = if path.is_empty() { "a sweep file".to_owned() } else { format!("`{path}`") };
            let help = belongs_elsewhere(&entry.key, path).unwrap_or_else(|| nearest::help(&entry.key, &names));
            found.report(
                &entry.key_span,
                format!("{place} has no key `{}`", shown(&entry.key)),
                "not known here",
                help,
            );
        }
    }
    if let (Some(hidden), Some(layers)) = (table.get("hidden"), table.get("layers")) {
        let message = format!("`{path}` says `hidden` and `layers`");
        let help = "take one of them out: `layers` names all layers, `{ dense = 32 }` for a dense one".to_owned();
        let span = if layers.span.start > hidden.span.start { &layers.span } else { &hidden.span };
        found.report(span, message, "the layers stand twice", help);
    }
    for key in keys.iter().filter(|key| key.is_required() && table.get(key.name).is_none()) {
        let (message, help) = match key.kind {
            Kind::Table(below) if path.is_empty() => {
                let needed = below.iter().filter(|key| key.is_required());
                let lines: Vec<String> = needed.map(|key| format!("`{} = {}`", key.name, key.example)).collect();
                (
                    format!("the section `[{}]` is missing", key.name),
                    format!("write `[{}]` and below it {}", key.name, lines.join(" and ")),
                )
            }
            _ => {
                (format!("`{}` is missing", joined(path, key.name)), format!("write `{} = {}`", key.name, key.example))
            }
        };
        found.report_absence(at, message, format!("needs `{}`", key.name), help);
    }
}

/// A dotted path and one more key.
pub(super) fn joined(path: &str, key: &str) -> String {
    if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") }
}

/// Where a key stands that was written in another section.
fn belongs_elsewhere(key: &str, path: &str) -> Option<String> {
    if key == "learning_rate" && path == "train" {
        return Some("it stands in the optimizer: `optimizer = { name = \"adam\", learning_rate = 0.01 }`".to_owned());
    }
    // Settings of a choice have names of their own; a section's key there is a coincidence.
    if !["", "data", "model", "train"].contains(&path) {
        return None;
    }
    let sections = [("data", DATA), ("model", MODEL), ("train", TRAIN)];
    let home = sections.iter().find(|(name, keys)| *name != path && keys.iter().any(|other| other.name == key));
    match home {
        Some((section, _)) => Some(format!("it stands in `[{section}]`")),
        None if !path.is_empty() && TOP.iter().any(|other| other.name == key) => {
            Some("it stands at the top of the file, before the first `[...]`".to_owned())
        }
        None => None,
    }
}

fn check_value(node: &Node, key: &Key, path: &str, found: &mut Found) {
    match (&key.kind, &node.value) {
        (Kind::Choice(choices), Value::Text(word)) => check_word(node, word, choices, key, path, found),
        (Kind::Choice(choices), Value::Table(table)) => check_choice(node, table, choices, key, path, found),
        (Kind::Table(keys) | Kind::TableOrFalse(keys) | Kind::TableOrNone(keys), Value::Table(table)) => {
            check_table(table, &node.span, keys, path, found);
        }
        (Kind::Word(words), Value::Text(word)) if !words().contains(&word.as_str()) => {
            unknown_word(node, word, &words(), path, found);
        }
        (Kind::ColumnWords(words), Value::Table(columns)) => {
            for column in &columns.entries {
                let path = joined(path, &shown(&column.key));
                match &column.node.value {
                    Value::Text(word) if words().contains(&word.as_str()) => {}
                    Value::Text(word) => unknown_word(&column.node, word, &words(), &path, found),
                    _ => wrong(&column.node, &Kind::Word(*words).describe(), key, &path, found),
                }
            }
        }
        (Kind::WordOrClasses(words, _), Value::Text(word)) if !words.contains(&word.as_str()) => {
            unknown_word(node, word, words, path, found);
        }
        (Kind::WordOrClasses(_, bounds), Value::Table(classes)) => {
            if classes.entries.is_empty() {
                found.report(&node.span, format!("`{path}` names no class"), "needs every class", example(key));
            }
            let kind = Kind::Number(*bounds);
            for class in classes.entries.iter().filter(|class| !accepts(&kind, &class.node)) {
                wrong(&class.node, &expected(&kind, &class.node), key, &joined(path, &shown(&class.key)), found);
            }
        }
        (Kind::Layers(choices), Value::List(list)) => {
            check_length(node, list, [1, MOST_LAYERS], key, path, found);
            check_layers(list, choices, key, path, found);
        }
        (Kind::ColumnTexts, Value::Table(columns)) => {
            for column in &columns.entries {
                check_texts(&column.node, key, &joined(path, &shown(&column.key)), found);
            }
        }
        (Kind::Texts, Value::List(_)) => check_texts(node, key, path, found),
        (Kind::Integers { least, most, shortest, longest }, Value::List(list)) => {
            for entry in list.iter().filter(|entry| !is_integer(entry, *least, *most)) {
                let expected = expected(&Kind::Integer { least: *least, most: *most }, entry);
                wrong(entry, &expected, key, &format!("an entry of `{path}`"), found);
            }
            check_length(node, list, [*shortest, *longest], key, path, found);
        }
        (Kind::Numbers { bounds, shortest, longest }, Value::List(list)) => {
            let kind = Kind::Number(*bounds);
            for entry in list.iter().filter(|entry| !accepts(&kind, entry)) {
                wrong(entry, &expected(&kind, entry), key, &format!("an entry of `{path}`"), found);
            }
            check_length(node, list, [*shortest, *longest], key, path, found);
        }
        (kind, _) if !accepts(kind, node) => wrong(node, &expected(kind, node), key, path, found),
        _ => {}
    }
}

fn check_length(node: &Node, list: &[Node], [shortest, longest]: [usize; 2], key: &Key, path: &str, found: &mut Found) {
    if list.len() < shortest || list.len() > longest {
        let message = format!("`{path}` must have {shortest} to {longest} entries, not {}", list.len());
        found.report(&node.span, message, "this length cannot be", example(key));
    }
}

/// Whether a value without inner structure is what a kind allows.
fn accepts(kind: &Kind, node: &Node) -> bool {
    match (kind, &node.value) {
        (Kind::Text, Value::Text(text)) => !text.is_empty(),
        (Kind::Integer { least, most }, _) => is_integer(node, *least, *most),
        (Kind::IntegerOrAll, Value::Text(text)) => text == "all",
        (Kind::IntegerOrAll, _) => is_integer(node, 1, u64::from(u32::MAX)),
        (Kind::Number(bounds), _) => node.number().is_some_and(|number| bounds.hold(number)),
        (Kind::TableOrNone(_), Value::Text(word)) => word == "none",
        (Kind::Word(words), Value::Text(word)) => words().contains(&word.as_str()),
        (Kind::WordOrClasses(words, _), Value::Text(word)) => words.contains(&word.as_str()),
        // Names, the grid and words of a task are read elsewhere, with more than their keys in view.
        (Kind::WordOfTask(_), Value::Text(_))
        | (Kind::Boolean, Value::Boolean(_))
        | (Kind::TableOrFalse(_), Value::Boolean(false))
        | (Kind::Named(_), Value::Table(_))
        | (Kind::Grid, _) => true,
        _ => false,
    }
}

fn is_integer(node: &Node, least: u64, most: u64) -> bool {
    matches!(node.value, Value::Integer(integer) if (i128::from(least)..=i128::from(most)).contains(&integer))
}

/// What a kind expects, with the limit that a value breaks.
fn expected(kind: &Kind, node: &Node) -> String {
    match (kind, &node.value) {
        (Kind::Integer { most, .. }, Value::Integer(integer)) if *integer > i128::from(*most) => {
            format!("an integer of at most {most}")
        }
        (Kind::IntegerOrAll, Value::Integer(integer)) if *integer > 0 => {
            format!("an integer of at most {}, or \"all\"", u32::MAX)
        }
        (Kind::Number(bounds), _) if node.number().is_some_and(|number| bounds.within(number)) => {
            format!("{} in single precision", bounds.describe())
        }
        _ => kind.describe(),
    }
}

fn example(key: &Key) -> String {
    format!("for example `{} = {}`", key.name, key.example)
}

fn wrong(node: &Node, expected: &str, key: &Key, path: &str, found: &mut Found) {
    let subject = if path.contains('`') { path.to_owned() } else { format!("`{path}`") };
    let message = format!("{subject} must be {expected}, not {}", node.describe());
    let label = if expected.len() <= 50 { format!("expected {expected}") } else { "cannot stand here".to_owned() };
    found.report(&node.span, message, label, example(key));
}

fn unknown_word(node: &Node, word: &str, words: &[&str], path: &str, found: &mut Found) {
    let message = format!("`{path}` cannot be \"{}\"", shown(word));
    found.report(&node.span, message, "not a known word", nearest::help(word, words));
}

fn check_word(node: &Node, word: &str, choices: &'static [Choice], key: &Key, path: &str, found: &mut Found) {
    let Some(choice) = choices.iter().find(|choice| choice.name == word) else {
        return unknown_word(node, word, &choice_names(choices), path, found);
    };
    let needed: Vec<&str> = choice.keys.iter().filter(|key| key.is_required()).map(|key| key.name).collect();
    if !needed.is_empty() {
        let message = format!("\"{word}\" needs {}", nearest::listed(&needed));
        let help = format!("write `{} = {}`", key.name, choice.example);
        found.report(&node.span, message, "a word alone is not enough here", help);
    }
}

fn check_choice(node: &Node, table: &Table, choices: &'static [Choice], key: &Key, path: &str, found: &mut Found) {
    let Some(name) = table.get("name") else {
        let help =
            format!("for example `{} = {}`", key.name, choices.last().map_or(key.example, |choice| choice.example));
        let message = format!("`{path}` has no `name`");
        return found.report_absence(&node.span, message, "a table needs a `name` here".to_owned(), help);
    };
    let Some(word) = name.text() else {
        return wrong(name, "a string", key, &joined(path, "name"), found);
    };
    let Some(choice) = choices.iter().find(|choice| choice.name == word) else {
        return unknown_word(name, word, &choice_names(choices), &joined(path, "name"), found);
    };
    for entry in table.entries.iter().filter(|entry| entry.key != "name") {
        if let Some(setting) = choice.keys.iter().find(|setting| setting.name == entry.key) {
            check_value(&entry.node, setting, &joined(path, setting.name), found);
        } else {
            let names: Vec<&str> = choice.keys.iter().map(|setting| setting.name).collect();
            let message = format!("\"{word}\" has no setting `{}`", shown(&entry.key));
            let help = if names.is_empty() {
                format!("\"{word}\" takes no settings")
            } else {
                nearest::help(&entry.key, &names)
            };
            found.report(&entry.key_span, message, "not known here", help);
        }
    }
    for setting in choice.keys.iter().filter(|setting| setting.is_required() && table.get(setting.name).is_none()) {
        let message = format!("\"{word}\" needs `{}`", setting.name);
        let help = format!("for example `{} = {}`", key.name, choice.example);
        found.report_absence(&node.span, message, format!("needs `{}`", setting.name), help);
    }
}

/// Each layer is a table with the key of one choice; dense layers come last.
fn check_layers(list: &[Node], choices: &'static [Choice], key: &Key, path: &str, found: &mut Found) {
    let names = choice_names(choices);
    let mut has_dense = false;
    for entry in list {
        let Some(table) = entry.table() else {
            wrong(entry, "a table", key, &format!("an entry of `{path}`"), found);
            continue;
        };
        let Some(choice) = choices.iter().find(|choice| table.get(choice.name).is_some()) else {
            let message = format!("a layer of `{path}` has none of {}", nearest::listed(&names));
            let written = table.entries.first().map_or("", |entry| entry.key.as_str());
            found.report(&entry.span, message, "which layer is it?", nearest::help(written, &names));
            continue;
        };
        check_table(table, &entry.span, choice.keys, &format!("{path}.{}", choice.name), found);
        if has_dense && choice.name != "dense" {
            let message = format!("`{}` stands after a dense layer", choice.name);
            let help = "convolutions and pooling come first, and then dense layers".to_owned();
            found.report(&entry.span, message, "sees no image any more", help);
        }
        has_dense |= choice.name == "dense";
    }
}

fn check_texts(node: &Node, key: &Key, path: &str, found: &mut Found) {
    let Some(list) = node.list() else {
        return wrong(node, "a list of strings", key, path, found);
    };
    if list.is_empty() {
        found.report(&node.span, format!("`{path}` is an empty list"), "needs at least one entry", example(key));
    }
    let mut seen = HashSet::new();
    for entry in list {
        let Some(text) = entry.text() else {
            wrong(entry, "a string", key, &format!("an entry of `{path}`"), found);
            continue;
        };
        if !seen.insert(text) {
            let message = format!("\"{}\" stands twice in `{path}`", shown(text));
            found.report(&entry.span, message, "stands here again", "take one of them out".to_owned());
        }
    }
}
