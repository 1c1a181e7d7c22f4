//! What is wrong with a sweep file: plain data, which the command line draws with lines and carets.

use std::collections::HashSet;
use std::fmt;
use std::ops::Range;
use std::path::{Path, PathBuf};

/// One mistake in a sweep file.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Problem {
    /// What is wrong: a lower-case fragment.
    pub message: String,
    /// Where, in bytes of the file; empty at the place where something is missing from the whole file.
    pub span: Range<usize>,
    /// A few words to stand at that place.
    pub label: String,
    /// What to write instead.
    pub help: Option<String>,
    /// Other places that the mistake has to do with, each with a few words.
    pub also: Vec<(Range<usize>, String)>,
}

/// All that is wrong with one sweep file, by position and without doubles.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problems {
    /// The file, as given.
    pub path: PathBuf,
    /// Its text, which the spans are places in.
    pub text: String,
    /// At least one mistake.
    pub list: Vec<Problem>,
}

impl fmt::Display for Problems {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} in `{}`", count(self.list.len() as u64, "mistake"), self.path.display())?;
        self.list.first().map_or(Ok(()), |first| write!(formatter, "; the first: {}", first.message))
    }
}

impl std::error::Error for Problems {}

/// A number with its noun: `1 mistake`, `1,000,000 points`.
pub(super) fn count(number: impl Into<u128>, noun: &str) -> String {
    let number = number.into();
    let digits = number.to_string();
    let mut grouped = String::new();
    for (position, digit) in digits.chars().enumerate() {
        if position > 0 && (digits.len() - position).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    let plural = if number == 1 { "" } else { "s" };
    format!("{grouped} {noun}{plural}")
}

/// Collects mistakes while the file is read.
#[derive(Debug, Default)]
pub(super) struct Found {
    list: Vec<Problem>,
    seen: HashSet<(usize, usize, String)>,
    ignores_absences: bool,
}

/// A file of nothing but mistakes is not listed to its end.
const MOST_PROBLEMS: usize = 200;

impl Found {
    /// Adds a mistake, unless the same stands at the same place already.
    pub(super) fn add(&mut self, problem: Problem) {
        if !self.is_full() && self.seen.insert((problem.span.start, problem.span.end, problem.message.clone())) {
            self.list.push(problem);
        }
    }

    /// For a file that could be read in part only: what seems to be missing may stand in the other part.
    pub(super) fn ignoring_absences() -> Self {
        Self { ignores_absences: true, ..Self::default() }
    }

    /// Adds the mistake that something is missing.
    pub(super) fn report_absence(&mut self, span: &Range<usize>, message: String, label: String, help: String) {
        if !self.ignores_absences {
            self.report(span, message, label, help);
        }
    }

    /// Adds a mistake with its place, label and help.
    pub(super) fn report(
        &mut self,
        span: &Range<usize>,
        message: impl Into<String>,
        label: impl Into<String>,
        help: impl Into<Option<String>>,
    ) {
        self.add(Problem {
            message: message.into(),
            span: span.clone(),
            label: label.into(),
            help: help.into(),
            also: Vec::new(),
        });
    }

    /// Whether nothing was wrong so far.
    pub(super) fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// Whether further mistakes would not be kept.
    pub(super) fn is_full(&self) -> bool {
        self.list.len() >= MOST_PROBLEMS
    }

    /// How many mistakes so far.
    pub(super) fn len(&self) -> usize {
        self.list.len()
    }

    /// Takes over those of another list that begin before a place.
    pub(super) fn take_before(&mut self, place: usize, other: Self) {
        for problem in other.list.into_iter().filter(|problem| problem.span.start < place) {
            self.add(problem);
        }
    }

    /// All of them, by position.
    pub(super) fn into_problems(mut self, path: &Path, text: &str) -> Problems {
        self.list.sort_by(|a, b| (a.span.start, a.span.end, &a.message).cmp(&(b.span.start, b.span.end, &b.message)));
        Problems { path: path.to_owned(), text: text.to_owned(), list: self.list }
    }
}
