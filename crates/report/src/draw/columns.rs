//! Columns of labels at the left of rows.

use maud::{Markup, html};

use super::svg::{short_text, shorten};

/// Columns that rows have at most; more would leave no room for the marks.
const MOST: usize = 10;

/// Characters that a column is never cut below.
const FEWEST_LETTERS: usize = 5;

/// The width of a letter of small text, on average.
const LETTER: f64 = 6.1;

/// The room between columns.
const GAP: f64 = 12.0;

/// Columns of labels under their titles, cut so that all fit.
#[derive(Debug, Clone, PartialEq)]
pub struct Columns {
    /// The characters that each column shows at most.
    letters: Vec<usize>,
}

impl Columns {
    /// Columns for these titles and rows of cells, together about `room` wide at most.
    pub fn new<'a>(titles: &[&str], rows: impl IntoIterator<Item = Vec<&'a str>>, room: f64) -> Self {
        let length = |text: &str| shorten(text, usize::MAX).chars().count();
        let mut letters: Vec<usize> = titles.iter().take(MOST).map(|title| length(title)).collect();
        for row in rows {
            for (most, cell) in letters.iter_mut().zip(row) {
                *most = length(cell).max(*most);
            }
        }
        let wanted = |letters: &[usize]| letters.iter().map(|most| *most as f64 * LETTER + GAP).sum::<f64>();
        while wanted(&letters) > room {
            let Some(widest) = letters.iter_mut().max().filter(|most| **most > FEWEST_LETTERS) else { break };
            // A name of a thousand letters is cut in one step.
            *widest = (*widest - 1).min(room as usize);
        }
        Self { letters }
    }

    /// Their width.
    pub fn width(&self) -> f64 {
        self.letters.iter().map(|most| *most as f64 * LETTER + GAP).sum()
    }

    /// A row of them at height `y`, the first at `left`.
    pub fn row(&self, left: f64, y: f64, class: &str, cells: &[&str]) -> Markup {
        let places = self.letters.iter().scan(left, |next, most| {
            let at = *next;
            *next += *most as f64 * LETTER + GAP;
            Some((at, *most))
        });
        html! {
            @for ((at, most), cell) in places.zip(cells) { (short_text(at, y, class, cell, most)) }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_column_is_cut_first_and_all_fit() {
        let long = "x".repeat(5_000);
        let columns = Columns::new(&["a", "schedule"], [vec![long.as_str(), "constant"]], 200.0);
        assert!(columns.width() <= 200.0);
        let row = columns.row(0.0, 10.0, "small", &[&long, "constant"]).into_string();
        assert!(row.contains("…</text>") && row.contains(">constant</text>"), "{row}");
    }

    #[test]
    fn more_columns_than_there_is_room_for_are_left_out() {
        let titles = ["title"; 40];
        assert!(Columns::new(&titles, [], 100.0).width() < 450.0);
    }
}
