//! What the value of a key may be.

use crate::file::tree::number_text;

/// One key.
#[derive(Debug)]
pub(crate) struct Key {
    /// As written.
    pub(crate) name: &'static str,
    /// What its value may be.
    pub(crate) kind: Kind,
    /// What holds where it is not written.
    pub(crate) fallback: Fallback,
    /// Whether it can be an axis of the grid.
    pub(crate) axis: bool,
    /// A value, as TOML.
    pub(crate) example: &'static str,
    /// Its meaning, for editors.
    pub(crate) about: &'static str,
}

/// What holds where a key is not written, and whose default it is.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Fallback {
    /// It must be written.
    Required,
    /// The reader decides; described.
    Described(&'static str),
    /// A number.
    Number(f64, &'static str),
    /// An integer.
    Integer(u32, &'static str),
    /// Yes or no.
    Boolean(bool, &'static str),
    /// A word.
    Word(&'static str, &'static str),
}

/// What a value may be.
#[derive(Debug)]
pub(crate) enum Kind {
    /// Any text but the empty one.
    Text,
    /// A list of different texts, at least one.
    Texts,
    /// Yes or no.
    Boolean,
    /// A whole number within limits.
    Integer { least: u64, most: u64 },
    /// A whole number above 0, or `"all"`.
    IntegerOrAll,
    /// A list of whole numbers within limits, of a least and a most length.
    Integers { least: u64, most: u64, shortest: usize, longest: usize },
    /// A list of numbers within limits, of a least and a most length.
    Numbers { bounds: Bounds, shortest: usize, longest: usize },
    /// A number within limits.
    Number(Bounds),
    /// One of some words.
    Word(fn() -> Vec<&'static str>),
    /// One of some words, of which the task decides which may stand.
    WordOfTask(fn() -> Vec<&'static str>),
    /// One of some words, or a table of classes with a number within limits each.
    WordOrClasses(&'static [&'static str], Bounds),
    /// A word, or a table with that word as its `name` and settings beside it.
    Choice(&'static [Choice]),
    /// A list of layers, at least one: tables, each with the key of one of some choices and settings beside it.
    Layers(&'static [Choice]),
    /// A table of known keys.
    Table(&'static [Key]),
    /// A table of known keys, or `false` for none.
    TableOrFalse(&'static [Key]),
    /// A table of known keys, or `"none"`.
    TableOrNone(&'static [Key]),
    /// A table of columns, each with one of some words.
    ColumnWords(fn() -> Vec<&'static str>),
    /// A table of columns, each with a list of different texts.
    ColumnTexts,
    /// A table of names, each with a table of known keys.
    Named(&'static [Key]),
    /// The grid, or several.
    Grid,
}

/// One word of a choice, with the settings that it takes.
#[derive(Debug)]
pub(crate) struct Choice {
    /// The word.
    pub(crate) name: &'static str,
    /// Its settings.
    pub(crate) keys: &'static [Key],
    /// An example of the table, as TOML.
    pub(crate) example: &'static str,
    /// Its meaning.
    pub(crate) about: &'static str,
}

/// Limits of a number, which must be finite.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Bounds {
    /// Above 0.
    Above0,
    /// 0 or above.
    From0,
    /// 1 or above.
    From1,
    /// From 0 up to, but not including, 1.
    From0Below1,
    /// From 0 to 1.
    From0To1,
    /// From 0 to 180.
    From0To180,
    /// Above 0 and below 1.
    Within0And1,
    /// Any.
    Finite,
}

impl Bounds {
    /// Whether a number is within, also after rounding to `f32`, in which the engines compute.
    pub(crate) fn hold(self, number: f64) -> bool {
        self.within(number) && self.within(f64::from(number as f32))
    }

    /// Whether a number is within as it is.
    pub(crate) fn within(self, number: f64) -> bool {
        number.is_finite()
            && match self {
                Self::Above0 => number > 0.0,
                Self::From0 => number >= 0.0,
                Self::From1 => number >= 1.0,
                Self::From0Below1 => (0.0..1.0).contains(&number),
                Self::From0To1 => (0.0..=1.0).contains(&number),
                Self::From0To180 => (0.0..=180.0).contains(&number),
                Self::Within0And1 => number > 0.0 && number < 1.0,
                Self::Finite => true,
            }
    }

    /// In words.
    pub(crate) fn describe(self) -> &'static str {
        match self {
            Self::Above0 => "a number above 0",
            Self::From0 => "a number of at least 0",
            Self::From1 => "a number of at least 1",
            Self::From0Below1 => "a number of at least 0 and below 1",
            Self::From0To1 => "a number from 0 to 1",
            Self::From0To180 => "a number from 0 to 180",
            Self::Within0And1 => "a number above 0 and below 1",
            Self::Finite => "a number",
        }
    }
}

impl Kind {
    /// In words, for messages: `an integer of at least 1`.
    pub(crate) fn describe(&self) -> String {
        match self {
            Self::Text => "a string that is not empty".to_owned(),
            Self::Texts => "a list of strings".to_owned(),
            Self::Boolean => "`true` or `false`".to_owned(),
            Self::Integer { least, most } => integer_text(*least, *most),
            Self::IntegerOrAll => "an integer of at least 1, or \"all\"".to_owned(),
            Self::Integers { least, most, .. } => {
                format!("a list whose entries are each {}", integer_text(*least, *most))
            }
            Self::Numbers { bounds, .. } => format!("a list whose entries are each {}", bounds.describe()),
            Self::Number(bounds) => bounds.describe().to_owned(),
            Self::Word(words) | Self::WordOfTask(words) => alternatives(&words()),
            Self::WordOrClasses(words, bounds) => {
                let listed: Vec<String> = words.iter().map(|word| format!("\"{word}\"")).collect();
                format!("{} or a table of classes with {} each", listed.join(", "), bounds.describe())
            }
            Self::Choice(choices) => {
                format!("{}, or a table with such a `name`", alternatives(&choice_names(choices)))
            }
            Self::Layers(_) => "a list of layers".to_owned(),
            Self::Table(_) | Self::ColumnWords(_) | Self::ColumnTexts | Self::Named(_) => "a table".to_owned(),
            Self::TableOrFalse(_) => "a table, or `false`".to_owned(),
            Self::TableOrNone(_) => "\"none\" or a table".to_owned(),
            Self::Grid => "a table of axes".to_owned(),
        }
    }
}

/// The words of some choices.
pub(crate) fn choice_names(choices: &'static [Choice]) -> Vec<&'static str> {
    choices.iter().map(|choice| choice.name).collect()
}

fn alternatives(words: &[&str]) -> String {
    let quoted: Vec<String> = words.iter().map(|word| format!("\"{word}\"")).collect();
    match quoted.as_slice() {
        [] => String::new(),
        [only] => only.clone(),
        [first @ .., last] => format!("{} or {last}", first.join(", ")),
    }
}

fn integer_text(least: u64, most: u64) -> String {
    if most >= u64::from(u32::MAX) {
        format!("an integer of at least {least}")
    } else {
        format!("an integer from {least} to {most}")
    }
}

impl Key {
    /// A key whose default is to be said; it can be an axis.
    pub(crate) const fn new(name: &'static str, kind: Kind, example: &'static str, about: &'static str) -> Self {
        Self { name, kind, fallback: Fallback::Required, axis: true, example, about }
    }

    pub(crate) const fn required(mut self) -> Self {
        self.fallback = Fallback::Required;
        self
    }

    pub(crate) const fn without(mut self, described: &'static str) -> Self {
        self.fallback = Fallback::Described(described);
        self
    }

    pub(crate) const fn number(mut self, number: f64, whose: &'static str) -> Self {
        self.fallback = Fallback::Number(number, whose);
        self
    }

    pub(crate) const fn integer(mut self, integer: u32, whose: &'static str) -> Self {
        self.fallback = Fallback::Integer(integer, whose);
        self
    }

    pub(crate) const fn boolean(mut self, boolean: bool, whose: &'static str) -> Self {
        self.fallback = Fallback::Boolean(boolean, whose);
        self
    }

    pub(crate) const fn word(mut self, word: &'static str, whose: &'static str) -> Self {
        self.fallback = Fallback::Word(word, whose);
        self
    }

    pub(crate) const fn no_axis(mut self) -> Self {
        self.axis = false;
        self
    }

    /// Whether it must be written.
    pub(crate) fn is_required(&self) -> bool {
        matches!(self.fallback, Fallback::Required)
    }

    /// The default in words, with whose it is.
    pub(crate) fn default_text(&self) -> String {
        match self.fallback {
            Fallback::Required => "required".to_owned(),
            Fallback::Described(text) => text.to_owned(),
            Fallback::Number(number, whose) => format!("{} ({whose})", number_text(number)),
            Fallback::Integer(integer, whose) => format!("{integer} ({whose})"),
            Fallback::Boolean(boolean, whose) => format!("{boolean} ({whose})"),
            Fallback::Word(word, whose) => format!("\"{word}\" ({whose})"),
        }
    }
}
