//! From cells to numbers and words: what a column is, and what its cells must then be.
//!
//! A column that [`Role::Ordinal`] names holds words. Any other column of text holds numbers if its first cell that
//! is not missing is a number, or more than half of those cells are; then a cell that is not a number is an error.
//! A number is what Rust's `f64::from_str` takes: decimal digits, one point, an exponent. `1,5`, `1_000` and `0x1F`
//! are words.

use std::collections::{BTreeSet, HashMap};

use super::error::{DataError, shown};
use super::problem::Problem;
use super::table::{Cells, Table};

/// Code of a missing word.
pub(super) const NO_WORD: u32 = u32::MAX;

/// What a column is used as.
#[derive(Debug, Clone, Copy)]
pub(super) enum Role<'a> {
    /// Numbers or, by the rule above, one-hot words.
    Input,
    /// Words in this order.
    Ordinal(&'a [String]),
    /// Numbers and nothing else.
    RegressionTarget,
    /// Words, or numbers if every cell is one.
    ClassTarget,
}

/// A used column of the whole file.
#[derive(Debug)]
pub(super) struct Column {
    pub(super) name: String,
    pub(super) values: Values,
    /// Whether the words have an order.
    pub(super) is_ordinal: bool,
}

/// What it holds.
#[derive(Debug)]
pub(super) enum Values {
    /// Finite; NaN is missing.
    Numbers(Vec<f64>),
    /// Words by their index.
    Words {
        /// Sorted, or in the stated order.
        list: Vec<String>,
        /// [`NO_WORD`] is missing.
        codes: Vec<u32>,
    },
}

impl Column {
    /// Reads a column as its role says.
    pub(super) fn read(table: &Table, name: &str, role: Role<'_>) -> Result<Self, DataError> {
        let cells = table.cells(name)?;
        let at = |row, problem| table.cell_error(name, row, problem);
        let values = match (role, cells) {
            (Role::Ordinal(words), Cells::Text(cells)) => {
                ordered(words, &cells).map_err(|(row, problem)| at(row, problem))
            }
            (Role::Ordinal(words), Cells::Numbers(cells)) => {
                let texts: Vec<Option<String>> =
                    cells.iter().map(|cell| cell.map(|number| number.to_string())).collect();
                let cells: Vec<Option<&str>> = texts.iter().map(Option::as_deref).collect();
                ordered(words, &cells).map_err(|(row, problem)| at(row, problem))
            }
            (_, Cells::Numbers(cells)) => finite(&cells).map_err(|(row, problem)| at(row, problem)),
            (Role::Input, Cells::Text(cells)) if !is_numeric(&cells) => Ok(sorted(&cells)),
            (Role::ClassTarget, Cells::Text(cells)) if cells.iter().flatten().any(|cell| parse(cell).is_none()) => {
                Ok(sorted(&cells))
            }
            (Role::RegressionTarget, Cells::Text(cells)) if !is_numeric(&cells) => {
                let first = cells.iter().position(|cell| cell.is_some_and(|cell| parse(cell).is_none())).unwrap_or(0);
                let word = cells.get(first).copied().flatten().unwrap_or_default();
                Err(at(first, Problem::TargetNotNumeric(quoted(word))))
            }
            (_, Cells::Text(cells)) => numbers(&cells).map_err(|(row, problem)| at(row, problem)),
        }?;
        let column = Self { name: name.to_owned(), values, is_ordinal: matches!(role, Role::Ordinal(_)) };
        if column.missing().count == column.len() {
            return Err(DataError::of_column(table.path(), name, Problem::EmptyColumn));
        }
        Ok(column)
    }

    /// How many cells there are.
    pub(super) fn len(&self) -> usize {
        match &self.values {
            Values::Numbers(numbers) => numbers.len(),
            Values::Words { codes, .. } => codes.len(),
        }
    }

    /// Whether it holds words, ordered or not.
    pub(super) fn holds_words(&self) -> bool {
        matches!(self.values, Values::Words { .. })
    }

    /// Whether a cell is missing; so is one past the end.
    pub(super) fn is_missing(&self, row: usize) -> bool {
        match &self.values {
            Values::Numbers(numbers) => numbers.get(row).is_none_or(|number| number.is_nan()),
            Values::Words { codes, .. } => codes.get(row).is_none_or(|&code| code == NO_WORD),
        }
    }

    /// The missing cells.
    pub(super) fn missing(&self) -> MissingCells {
        let mut missing = MissingCells { first: None, count: 0 };
        for row in (0..self.len()).filter(|&row| self.is_missing(row)) {
            missing.first = missing.first.or(Some(row));
            missing.count += 1;
        }
        missing
    }
}

/// The missing cells of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct MissingCells {
    /// Row of the first.
    pub(super) first: Option<usize>,
    pub(super) count: usize,
}

/// A cell as a number, infinite or NaN if it says so or is too large; `None`: it is a word.
fn parse(cell: &str) -> Option<f64> {
    cell.parse().ok()
}

/// See the module's rule.
fn is_numeric(cells: &[Option<&str>]) -> bool {
    let mut present = cells.iter().flatten();
    let Some(first) = present.next() else { return true };
    if parse(first).is_some() {
        return true;
    }
    let (mut numbers, mut words) = (0usize, 1usize);
    for cell in present {
        if parse(cell).is_some() { numbers += 1 } else { words += 1 }
    }
    numbers > words
}

fn numbers(cells: &[Option<&str>]) -> Result<Values, (usize, Problem)> {
    let number = |(row, cell): (usize, Option<&str>)| match cell.map(|cell| (cell, parse(cell))) {
        None => Ok(f64::NAN),
        Some((_, Some(number))) if number.is_finite() => Ok(number),
        Some((cell, Some(_))) => Err((row, Problem::NotFinite(quoted(cell)))),
        Some((cell, None)) => Err((row, Problem::NotANumber(quoted(cell)))),
    };
    Ok(Values::Numbers(cells.iter().copied().enumerate().map(number).collect::<Result<_, _>>()?))
}

fn finite(cells: &[Option<f64>]) -> Result<Values, (usize, Problem)> {
    let number = |(row, cell): (usize, &Option<f64>)| match *cell {
        None => Ok(f64::NAN),
        Some(number) if number.is_finite() => Ok(number),
        Some(number) => Err((row, Problem::NotFinite(number.to_string()))),
    };
    Ok(Values::Numbers(cells.iter().enumerate().map(number).collect::<Result<_, _>>()?))
}

fn ordered(words: &[String], cells: &[Option<&str>]) -> Result<Values, (usize, Problem)> {
    let codes: HashMap<&str, u32> = words.iter().map(|word| word.trim()).zip(0..).collect();
    let code = |(row, cell): (usize, Option<&str>)| match cell {
        None => Ok(NO_WORD),
        Some(word) => codes
            .get(word)
            .copied()
            .ok_or_else(|| (row, Problem::UnknownWord { word: shown(word), known: words.to_vec() })),
    };
    let codes = cells.iter().copied().enumerate().map(code).collect::<Result<_, _>>()?;
    Ok(Values::Words { list: words.to_vec(), codes })
}

/// Words in the order of their bytes.
fn sorted(cells: &[Option<&str>]) -> Values {
    let list: BTreeSet<&str> = cells.iter().flatten().copied().collect();
    let codes: HashMap<&str, u32> = list.iter().copied().zip(0..).collect();
    let code = |cell: Option<&str>| cell.and_then(|word| codes.get(word).copied()).unwrap_or(NO_WORD);
    Values::Words {
        codes: cells.iter().copied().map(code).collect(),
        list: list.into_iter().map(str::to_owned).collect(),
    }
}

fn quoted(cell: &str) -> String {
    format!("\"{}\"", shown(cell))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers_of(cells: &[&str]) -> Result<Vec<f64>, (usize, Problem)> {
        let cells: Vec<Option<&str>> = cells.iter().map(|&cell| Some(cell).filter(|cell| !cell.is_empty())).collect();
        assert!(is_numeric(&cells));
        match numbers(&cells)? {
            Values::Numbers(numbers) => Ok(numbers),
            Values::Words { .. } => panic!("words"),
        }
    }

    fn are_words(cells: &[&str]) -> bool {
        !is_numeric(&cells.iter().map(|&cell| Some(cell)).collect::<Vec<_>>())
    }

    #[test]
    fn decimal_numbers_are_read_with_sign_point_and_exponent() {
        let read = numbers_of(&["1", "-2.5", "+3", ".5", "4.", "1e3", "2E-3", "-0", "5e-324", "007"]).unwrap();
        assert_eq!(read, [1.0, -2.5, 3.0, 0.5, 4.0, 1000.0, 0.002, -0.0, 5e-324, 7.0]);
        assert!(read[7].is_sign_negative());
        assert!(numbers_of(&["1", ""]).unwrap()[1].is_nan());
    }

    #[test]
    fn other_ways_to_write_numbers_are_words() {
        for cell in ["1,5", "1_000", "0x1F", "1 000", "1e", "--1", "1.2.3", "12%", "$5", "１"] {
            assert!(are_words(&[cell, cell]), "{cell}");
        }
    }

    #[test]
    fn a_word_in_a_column_of_numbers_is_an_error_at_its_row() {
        assert_eq!(numbers_of(&["1", "2", "x"]).unwrap_err(), (2, Problem::NotANumber("\"x\"".to_owned())));
        assert_eq!(numbers_of(&["NA", "2", "3"]).unwrap_err(), (0, Problem::NotANumber("\"NA\"".to_owned())));
        assert!(are_words(&["small", "2", "3", "large"]));
    }

    #[test]
    fn a_number_that_is_not_finite_is_an_error_at_its_row() {
        for cell in ["NaN", "nan", "inf", "-Infinity", "1e400"] {
            let expected = (1, Problem::NotFinite(format!("\"{cell}\"")));
            assert_eq!(numbers_of(&["1", cell]).unwrap_err(), expected);
            assert_eq!(numbers_of(&[cell]).unwrap_err().0, 0);
        }
    }

    #[test]
    fn words_are_coded_in_the_order_of_their_bytes() {
        let Values::Words { list, codes } = sorted(&[Some("b"), None, Some("a"), Some("B")]) else { panic!("numbers") };
        assert_eq!(list, ["B", "a", "b"]);
        assert_eq!(codes, [2, NO_WORD, 1, 0]);
    }

    #[test]
    fn ordered_words_are_coded_in_their_order_and_others_refused() {
        let words = ["low".to_owned(), "high".to_owned()];
        let Ok(Values::Words { codes, .. }) = ordered(&words, &[Some("high"), Some("low"), None]) else {
            panic!("refused")
        };
        assert_eq!(codes, [1, 0, NO_WORD]);
        let problem = Problem::UnknownWord { word: "hgih".to_owned(), known: words.to_vec() };
        assert_eq!(ordered(&words, &[Some("low"), Some("hgih")]).unwrap_err(), (1, problem));
    }
}
