//! An error about data: what is wrong, and where.

use std::fmt;
use std::path::{Path, PathBuf};

use thiserror::Error;

use super::problem::Problem;

/// How many names or words a message lists before it says "and so on".
const LISTED: usize = 8;
/// How many characters of the offending text a message shows.
const SHOWN: usize = 40;

/// Data that cannot be learnt from. Displayed as `path:line:character: column "name": problem`, without the parts
/// that are not known.
#[derive(Debug, Clone, PartialEq, Error)]
#[error("{place}: {problem}")]
pub struct DataError {
    /// Where.
    pub place: Box<Place>,
    /// What.
    pub problem: Problem,
}

impl DataError {
    /// An error about the whole file.
    pub(super) fn of_file(path: &Path, problem: Problem) -> Self {
        Self { place: Box::new(Place::of_file(path)), problem }
    }

    /// An error about a whole column.
    pub(super) fn of_column(path: &Path, column: &str, problem: Problem) -> Self {
        Self { place: Box::new(Place { column: Some(shown(column)), ..Place::of_file(path) }), problem }
    }

    /// What to do instead: a full sentence.
    pub fn help(&self) -> String {
        self.problem.help()
    }
}

/// Where a problem stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The data file.
    pub path: PathBuf,
    /// Line of a CSV file, counted from 1; the header is line 1.
    pub line: Option<u64>,
    /// Character in that line, counted from 1.
    pub character: Option<u64>,
    /// Row of a Parquet file, counted from 1.
    pub row: Option<u64>,
    /// Name of the column, shortened and escaped as in messages.
    pub column: Option<String>,
}

impl Place {
    /// The file as a whole.
    pub(super) fn of_file(path: &Path) -> Self {
        Self { path: path.to_path_buf(), line: None, character: None, row: None, column: None }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}", self.path.display())?;
        if let Some(line) = self.line {
            write!(formatter, ":{line}")?;
            if let Some(character) = self.character {
                write!(formatter, ":{character}")?;
            }
        }
        if let Some(row) = self.row {
            write!(formatter, ": row {row}")?;
        }
        if let Some(column) = &self.column {
            write!(formatter, ": column \"{column}\"")?;
        }
        Ok(())
    }
}

/// A text as messages show it: at most 40 characters, control characters escaped.
pub(super) fn shown(text: &str) -> String {
    shown_up_to(text, SHOWN)
}

/// As [`shown`], with another limit.
pub(super) fn shown_up_to(text: &str, limit: usize) -> String {
    let mut shown: String = text
        .chars()
        .take(limit)
        .flat_map(|character| {
            let escaped = character.is_control() || is_invisible(character);
            escaped.then(|| character.escape_default()).into_iter().flatten().chain((!escaped).then_some(character))
        })
        .collect();
    if text.chars().nth(limit).is_some() {
        shown.push('…');
    }
    shown
}

/// Marks that change the direction of the text around them, or that nobody sees.
fn is_invisible(character: char) -> bool {
    matches!(character, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

/// The first few names, quoted and safe to print, and how many more there are.
pub fn listed(names: &[String]) -> String {
    let mut list = names.iter().take(LISTED).map(|name| format!("\"{}\"", shown(name))).collect::<Vec<_>>().join(", ");
    if names.len() > LISTED {
        list.push_str(" and ");
        list.push_str(&(names.len() - LISTED).to_string());
        list.push_str(" more");
    }
    list
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_text_is_shortened_and_its_control_characters_are_escaped() {
        assert_eq!(shown("plain é"), "plain é");
        assert_eq!(shown("a\u{1b}[31m\n"), "a\\u{1b}[31m\\n");
        assert_eq!(shown(&"x".repeat(41)), format!("{}…", "x".repeat(40)));
        assert_eq!(shown("\u{202e}gnp.exe"), "\\u{202e}gnp.exe");
    }

    #[test]
    fn a_list_of_names_ends_after_eight() {
        let names: Vec<String> = (0..11).map(|index| index.to_string()).collect();
        assert_eq!(listed(&names[..2]), "\"0\", \"1\"");
        assert!(listed(&names).ends_with("\"7\" and 3 more"));
    }

    #[test]
    fn an_error_says_file_line_character_and_column() {
        let mut error = DataError::of_column(Path::new("a.csv"), "x", Problem::NotFinite("NaN".to_owned()));
        error.place.line = Some(3);
        error.place.character = Some(5);
        assert_eq!(error.to_string(), "a.csv:3:5: column \"x\": NaN is not a finite number");
        error.place.line = None;
        error.place.row = Some(2);
        assert_eq!(error.to_string(), "a.csv: row 2: column \"x\": NaN is not a finite number");
    }
}
