//! Values of a table by key, with the defaults of the key's table.

use std::num::NonZeroU32;

use swath_core::spec::WarmUp;

use super::check::check;
use super::keys::{Choice, Fallback, Key, WARM_UP};
use super::problem::Found;
use super::tree::{Node, Table, Value};
use super::words::Word;

/// A table and the keys that it may hold.
///
/// Every getter gives the value as written, else the key's default; `None` where it is wrong or lacking, which the
/// check reports.
#[derive(Debug, Clone, Copy)]
pub(super) struct Fields<'a> {
    table: Option<&'a Table>,
    keys: &'static [Key],
}

impl<'a> Fields<'a> {
    pub(super) fn new(table: Option<&'a Table>, keys: &'static [Key]) -> Self {
        Self { table, keys }
    }

    /// The value as written, if it is sound.
    pub(super) fn written(&self, name: &str) -> Option<&'a Node> {
        let node = self.table?.get(name)?;
        self.is_sound(name).then_some(node)
    }

    /// Whether a key is absent or holds what it may.
    pub(super) fn is_sound(&self, name: &str) -> bool {
        match (self.table.and_then(|table| table.get(name)), self.key(name)) {
            (Some(node), Some(key)) => check(node, key, name, &mut Found::default()),
            (None, _) => true,
            (Some(_), None) => false,
        }
    }

    fn key(&self, name: &str) -> Option<&'static Key> {
        self.keys.iter().find(|key| key.name == name)
    }

    fn is_absent(&self, name: &str) -> bool {
        self.table.is_none_or(|table| table.get(name).is_none())
    }

    pub(super) fn number(&self, name: &str) -> Option<f64> {
        if self.is_absent(name) {
            return match self.key(name)?.fallback {
                Fallback::Number(number, _) => Some(number),
                _ => None,
            };
        }
        self.written(name)?.number()
    }

    /// A number whose default depends on other keys.
    pub(super) fn number_or(&self, name: &str, default: f64) -> Option<f64> {
        if self.is_absent(name) { Some(default) } else { self.number(name) }
    }

    pub(super) fn integer(&self, name: &str) -> Option<u32> {
        if self.is_absent(name) {
            return match self.key(name)?.fallback {
                Fallback::Integer(integer, _) => Some(integer),
                _ => None,
            };
        }
        match self.written(name)?.value {
            Value::Integer(integer) => u32::try_from(integer).ok(),
            _ => None,
        }
    }

    /// An integer above 0.
    pub(super) fn count(&self, name: &str) -> Option<NonZeroU32> {
        NonZeroU32::new(self.integer(name)?)
    }

    /// An integer above 0 that may be absent; the outer `None`: it is wrong.
    #[expect(clippy::option_option, reason = "wrong, absent and present are three things")]
    pub(super) fn optional_count(&self, name: &str) -> Option<Option<NonZeroU32>> {
        if self.is_absent(name) { Some(None) } else { self.count(name).map(Some) }
    }

    pub(super) fn boolean(&self, name: &str) -> Option<bool> {
        if self.is_absent(name) {
            return match self.key(name)?.fallback {
                Fallback::Boolean(boolean, _) => Some(boolean),
                _ => None,
            };
        }
        match self.written(name)?.value {
            Value::Boolean(boolean) => Some(boolean),
            _ => None,
        }
    }

    pub(super) fn text(&self, name: &str) -> Option<&'a str> {
        self.written(name)?.text()
    }

    pub(super) fn word<T: Word>(&self, name: &str) -> Option<T> {
        if self.is_absent(name) {
            return match self.key(name)?.fallback {
                Fallback::Word(word, _) => T::from_word(word),
                _ => None,
            };
        }
        T::from_word(self.written(name)?.text()?)
    }

    /// Whole numbers of a list, as written.
    pub(super) fn integers(&self, name: &str) -> Option<Vec<u32>> {
        let list = self.written(name)?.list()?;
        list.iter()
            .map(|node| match node.value {
                Value::Integer(integer) => u32::try_from(integer).ok(),
                _ => None,
            })
            .collect()
    }

    /// Numbers of a list, as written.
    pub(super) fn numbers(&self, name: &str) -> Option<Vec<f64>> {
        self.written(name)?.list()?.iter().map(Node::number).collect()
    }

    /// A number that may be absent; the outer `None`: it is wrong.
    #[expect(clippy::option_option, reason = "wrong, absent and present are three things")]
    pub(super) fn optional_number(&self, name: &str) -> Option<Option<f64>> {
        if self.is_absent(name) { Some(None) } else { self.number(name).map(Some) }
    }

    /// The warm-up of a cosine; the outer `None`: it is wrong.
    #[expect(clippy::option_option, reason = "wrong, absent and present are three things")]
    pub(super) fn warm_up(&self) -> Option<Option<WarmUp>> {
        if self.is_absent("warm_up") {
            return Some(None);
        }
        let fields = Fields::new(self.written("warm_up")?.table(), WARM_UP);
        Some(Some(WarmUp { over: fields.count("over")?, target: fields.number("target")? }))
    }

    /// A word or a table with settings: which choice, and the fields of its settings.
    pub(super) fn choice(&self, name: &str, choices: &'static [Choice]) -> Option<(&'static str, Fields<'a>)> {
        let (word, table) = if self.is_absent(name) {
            match self.key(name)?.fallback {
                Fallback::Word(word, _) => (word, None),
                _ => return None,
            }
        } else {
            let node = self.written(name)?;
            (node.text().or_else(|| node.table()?.get("name")?.text())?, node.table())
        };
        let choice = choices.iter().find(|choice| choice.name == word)?;
        Some((choice.name, Fields::new(table, choice.keys)))
    }
}
