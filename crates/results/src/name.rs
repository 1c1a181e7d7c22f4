//! How a sweep may be called: names that are safe as a folder on every system.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

/// Bytes of the longest name.
const LONGEST: usize = 64;

/// The name of a sweep, and of its results folder: `[A-Za-z0-9][A-Za-z0-9._-]{0,63}`, without `..`, no
/// full stop at the end, and none of the names that Windows keeps for devices.
///
/// What is allowed is listed, rather than what is forbidden, so no name can lead out of its folder.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SweepName(String);

/// Why a text is no [`SweepName`].
#[derive(Debug, Error, PartialEq, Eq)]
pub enum NameError {
    /// Nothing is written.
    #[error("the name is empty: give it 1 to 64 letters, digits, `.`, `_` or `-`")]
    Empty,
    /// More than 64 bytes.
    #[error("the name has {0} bytes: at most 64 are allowed")]
    Long(usize),
    /// It begins with something else than a letter or a digit.
    #[error("`{0}` begins with {1:?}: a name begins with a letter or a digit of ASCII")]
    Start(String, char),
    /// A character that is not allowed.
    #[error("`{0}` has {1:?} in it: letters and digits of ASCII, `.`, `_` and `-` are allowed")]
    Character(String, char),
    /// Two full stops in a row, or one at the end, which Windows drops.
    #[error("`{0}` has `..` in it or ends with a full stop: write `_` instead")]
    Dots(String),
    /// A device on Windows, with or without an ending.
    #[error("`{0}` is the name of a device on Windows: choose another one")]
    Reserved(String),
}

impl SweepName {
    /// The name as it is written.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for SweepName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl FromStr for SweepName {
    type Err = NameError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        check(text)?;
        Ok(Self(text.to_owned()))
    }
}

/// The rule of [`SweepName`], which the files of a results folder follow as well.
pub(crate) fn check(text: &str) -> Result<(), NameError> {
    if text.len() > LONGEST {
        return Err(NameError::Long(text.len()));
    }
    let first = text.chars().next().ok_or(NameError::Empty)?;
    if !first.is_ascii_alphanumeric() {
        return Err(NameError::Start(text.to_owned(), first));
    }
    let allowed = |character: &char| character.is_ascii_alphanumeric() || matches!(character, '.' | '_' | '-');
    if let Some(other) = text.chars().find(|character| !allowed(character)) {
        return Err(NameError::Character(text.to_owned(), other));
    }
    if text.contains("..") || text.ends_with('.') {
        return Err(NameError::Dots(text.to_owned()));
    }
    if is_reserved(text) {
        return Err(NameError::Reserved(text.to_owned()));
    }
    Ok(())
}

fn is_reserved(text: &str) -> bool {
    let stem = text.split('.').next().unwrap_or_default().to_ascii_lowercase();
    let numbered =
        |prefix: &str| stem.strip_prefix(prefix).is_some_and(|rest| matches!(rest.as_bytes(), [b'0'..=b'9']));
    matches!(stem.as_str(), "con" | "nul" | "aux" | "prn") || numbered("com") || numbered("lpt")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn parse(text: &str) -> Result<SweepName, NameError> {
        text.parse()
    }

    #[test]
    fn ordinary_names_are_names() {
        for text in ["width_vs_depth", "a", "7", "A-1.b_2", &"x".repeat(64), "console", "com10", "lpt", "nul1"] {
            assert_eq!(parse(text).map(|name| name.to_string()), Ok(text.to_owned()));
        }
    }

    #[test]
    fn every_other_name_is_refused_with_its_reason() {
        assert_eq!(parse(""), Err(NameError::Empty));
        assert_eq!(parse(&"x".repeat(65)), Err(NameError::Long(65)));
        for (text, first) in [("../x", '.'), (".x", '.'), ("-rf", '-'), ("/etc", '/'), ("é", 'é'), ("=1", '=')] {
            assert_eq!(parse(text), Err(NameError::Start(text.to_owned(), first)));
        }
        for (text, other) in [("a/b", '/'), ("a\\b", '\\'), ("a b", ' '), ("aé", 'é'), ("a\0", '\0'), ("a:b", ':')] {
            assert_eq!(parse(text), Err(NameError::Character(text.to_owned(), other)));
        }
        for text in ["a..b", "a..", "a."] {
            assert_eq!(parse(text), Err(NameError::Dots(text.to_owned())));
        }
        for text in ["con", "NUL", "Aux.txt", "prn", "com1", "LPT9.csv", "com0"] {
            assert_eq!(parse(text), Err(NameError::Reserved(text.to_owned())));
        }
    }

    proptest! {
        #[test]
        fn a_name_is_always_one_plain_part_of_a_path(text in "[a-zA-Z0-9./\\\\ _-]{0,10}") {
            if let Ok(name) = parse(&text) {
                let parts: Vec<_> = std::path::Path::new(name.as_str()).components().collect();
                prop_assert!(matches!(parts.as_slice(), [std::path::Component::Normal(part)] if *part == text.as_str()));
            }
        }
    }
}
