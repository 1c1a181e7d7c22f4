//! The file as a tree of values with their places, in the order of the file.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// A value and its place.
#[derive(Debug, Clone)]
pub(super) struct Node {
    pub(super) value: Value,
    pub(super) span: Range<usize>,
}

/// A TOML value.
#[derive(Debug, Clone)]
pub(super) enum Value {
    Text(String),
    /// Saturated at the limits of `i128`, which no key reaches.
    Integer(i128),
    /// Not a number where it is too large for `f64`.
    Float(f64),
    Boolean(bool),
    Datetime,
    List(Vec<Node>),
    Table(Table),
}

/// A table in the order of the file.
#[derive(Debug, Clone, Default)]
pub(super) struct Table {
    pub(super) entries: Vec<Entry>,
}

/// A key and its value.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    pub(super) key: String,
    pub(super) key_span: Range<usize>,
    pub(super) node: Node,
}

impl Table {
    /// The tree of a parsed file. Its depth is bounded by the parser (80).
    pub(super) fn from_toml(table: &DeTable<'_>) -> Self {
        let entry = |(key, value): (&Spanned<std::borrow::Cow<'_, str>>, &Spanned<DeValue<'_>>)| Entry {
            key: key.get_ref().to_string(),
            key_span: key.span(),
            node: Node::from_toml(value),
        };
        Self { entries: table.iter().map(entry).collect() }
    }

    /// The value of a key.
    pub(super) fn get(&self, key: &str) -> Option<&Node> {
        self.entry(key).map(|entry| &entry.node)
    }

    /// The key and its value.
    pub(super) fn entry(&self, key: &str) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.key == key)
    }

    /// Puts a value at a key, in its old place or at the end.
    pub(super) fn set(&mut self, key: &str, node: Node) {
        match self.entries.iter_mut().find(|entry| entry.key == key) {
            Some(entry) => entry.node = node,
            None => {
                self.entries.push(Entry { key: key.to_owned(), key_span: node.span.clone(), node });
            }
        }
    }
}

impl Node {
    fn from_toml(spanned: &Spanned<DeValue<'_>>) -> Self {
        let value = match spanned.get_ref() {
            DeValue::String(text) => Value::Text(text.to_string()),
            DeValue::Integer(integer) => {
                let saturated = if integer.as_str().starts_with('-') { i128::MIN } else { i128::MAX };
                Value::Integer(i128::from_str_radix(integer.as_str(), integer.radix()).unwrap_or(saturated))
            }
            DeValue::Float(float) => Value::Float(float.as_str().parse().unwrap_or(f64::NAN)),
            DeValue::Boolean(boolean) => Value::Boolean(*boolean),
            DeValue::Datetime(_) => Value::Datetime,
            DeValue::Array(list) => Value::List(list.iter().map(Self::from_toml).collect()),
            DeValue::Table(table) => Value::Table(Table::from_toml(table)),
        };
        Self { value, span: spanned.span() }
    }

    /// A word in the place of another value.
    pub(super) fn word(word: &str, span: Range<usize>) -> Self {
        Self { value: Value::Text(word.to_owned()), span }
    }

    /// The text, if it is one.
    pub(super) fn text(&self) -> Option<&str> {
        if let Value::Text(text) = &self.value { Some(text) } else { None }
    }

    /// The list, if it is one.
    pub(super) fn list(&self) -> Option<&[Node]> {
        if let Value::List(list) = &self.value { Some(list) } else { None }
    }

    /// The table, if it is one.
    pub(super) fn table(&self) -> Option<&Table> {
        if let Value::Table(table) = &self.value { Some(table) } else { None }
    }

    /// The number, if it is one: integers stand for floats too.
    pub(super) fn number(&self) -> Option<f64> {
        match self.value {
            Value::Integer(integer) => Some(integer as f64),
            Value::Float(float) => Some(float),
            _ => None,
        }
    }

    /// What stands here, for messages: `the string "abc"`, `a list`.
    pub(super) fn describe(&self) -> String {
        match &self.value {
            Value::Text(text) => format!("the string \"{}\"", shown(text)),
            Value::Integer(i128::MIN | i128::MAX) => "an integer beyond all limits".to_owned(),
            Value::Integer(integer) => format!("the integer {integer}"),
            Value::Float(float) => format!("the number {float:?}"),
            Value::Boolean(boolean) => format!("`{boolean}`"),
            Value::Datetime => "a date or time".to_owned(),
            Value::List(_) => "a list".to_owned(),
            Value::Table(_) => "a table".to_owned(),
        }
    }

    /// How the value is named in tables and on pages: `16`, `0.01`, `[8, 4]`, `step(factor=0.5, every=10)`.
    pub(super) fn label(&self) -> String {
        match &self.value {
            Value::Text(text) => text.clone(),
            Value::Integer(integer) => integer.to_string(),
            Value::Float(float) => number_text(*float),
            Value::Boolean(boolean) => boolean.to_string(),
            Value::Datetime => "date".to_owned(),
            Value::List(list) => format!("[{}]", list.iter().map(Self::label).collect::<Vec<_>>().join(", ")),
            Value::Table(table) => {
                let name = table.get("name").and_then(Self::text);
                let settings: Vec<String> = table
                    .entries
                    .iter()
                    .filter(|entry| name.is_none() || entry.key != "name")
                    .map(|entry| format!("{}={}", entry.key, entry.node.label()))
                    .collect();
                match name {
                    Some(name) if settings.is_empty() => name.to_owned(),
                    Some(name) => format!("{name}({})", settings.join(", ")),
                    None => format!("{{{}}}", settings.join(", ")),
                }
            }
        }
    }

    /// Whether two values mean the same: `1` and `1.0` do, and tables in any order of their keys.
    pub(super) fn same(&self, other: &Self) -> bool {
        match (&self.value, &other.value) {
            (Value::Text(a), Value::Text(b)) => a == b,
            (Value::Integer(a), Value::Integer(b)) => a == b,
            (Value::Integer(_) | Value::Float(_), Value::Integer(_) | Value::Float(_)) => {
                self.number() == other.number()
            }
            (Value::Boolean(a), Value::Boolean(b)) => a == b,
            (Value::List(a), Value::List(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.same(b)),
            (Value::Table(_), Value::Table(_)) => self.identity() == other.identity(),
            _ => false,
        }
    }

    /// A text that is equal for values that are the [`same`](Self::same), and differs for others of one axis.
    pub(super) fn identity(&self) -> String {
        match &self.value {
            Value::Text(text) => format!("{text:?}"),
            Value::List(list) => format!("[{}]", list.iter().map(Self::identity).collect::<Vec<_>>().join(",")),
            Value::Table(table) => {
                let mut parts: Vec<String> =
                    table.entries.iter().map(|entry| format!("{:?}={}", entry.key, entry.node.identity())).collect();
                parts.sort_unstable();
                format!("{{{}}}", parts.join(","))
            }
            _ => self.number().map_or_else(|| self.label(), number_text),
        }
    }
}

/// A number in short form, as it would be written: `16`, `0.01`, `1e-7`.
pub(super) fn number_text(number: f64) -> String {
    let size = number.abs();
    if size != 0.0 && size.is_finite() && !(1e-4..1e15).contains(&size) {
        format!("{number:e}")
    } else if number == 0.0 {
        "0".to_owned()
    } else {
        number.to_string()
    }
}

/// Text of the file for a message: control characters escaped, long text cut.
pub(super) fn shown(text: &str) -> String {
    let mut characters = text.chars();
    let mut shown: String = characters.by_ref().take(40).collect::<String>().escape_debug().collect();
    if characters.next().is_some() {
        shown.push('…');
    }
    shown
}
