//! What the lines and symbols of a picture mean, in a row above it.

use maud::{Markup, html};

use super::palette::{cross, symbol};
use super::svg::{line, rectangle, shorten, text};
use crate::text::plain;

/// What stands before the words.
#[derive(Debug, Clone, PartialEq)]
pub enum Sample {
    /// A piece of a line of these classes.
    Line(String),
    /// A piece of a band of these classes.
    Area(String),
    /// The symbol of a series.
    Symbol(usize),
    /// The ring around a place that is pointed out.
    Ring,
    /// The cross of a trial that diverged.
    Cross,
}

/// One entry.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// The sample.
    pub sample: Sample,
    /// What it means.
    pub words: String,
}

impl Entry {
    /// An entry.
    pub fn new(sample: Sample, words: impl Into<String>) -> Self {
        Self { sample, words: words.into() }
    }
}

/// Height of a row of entries.
const ROW: f64 = 18.0;

/// Width of a sample with the room behind it.
const SAMPLE: f64 = 28.0;

/// About how wide a character is.
const CHARACTER: f64 = 6.2;

/// Characters of an entry that are drawn.
const LONGEST: usize = 60;

/// The entries from (`left`, `top`) on, in as many rows as `width` asks for; and the height of these.
pub fn legend(entries: &[Entry], left: f64, top: f64, width: f64) -> (Markup, f64) {
    let (mut x, mut y) = (left, top);
    let mut placed = Vec::with_capacity(entries.len());
    for entry in entries {
        let needed = SAMPLE + CHARACTER * plain(&entry.words).chars().count().min(LONGEST) as f64 + 16.0;
        if x > left && x + needed > left + width {
            (x, y) = (left, y + ROW);
        }
        placed.push((entry, x, y));
        x += needed;
    }
    let markup = html! {
        @for (entry, x, y) in placed {
            (sample(&entry.sample, x, y + ROW / 2.0))
            (text(x + SAMPLE, y + ROW / 2.0 + 4.0, "soft small", &shorten(&entry.words, LONGEST)))
        }
    };
    (markup, if entries.is_empty() { 0.0 } else { y + ROW - top })
}

fn sample(sample: &Sample, x: f64, y: f64) -> Markup {
    let middle = x + 11.0;
    match sample {
        Sample::Line(class) => line(class, (x, y), (x + 22.0, y)),
        Sample::Area(class) => rectangle(class, x, y - 6.0, 22.0, 12.0),
        Sample::Symbol(place) => symbol(*place, middle, y),
        Sample::Ring => ring(middle, y),
        Sample::Cross => cross(middle, y),
    }
}

/// A ring around a place.
pub fn ring(x: f64, y: f64) -> Markup {
    html! { circle.best cx=(super::svg::number(x)) cy=(super::svg::number(y)) r="4.5" {} }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_that_find_no_room_begin_a_new_row() {
        let entries: Vec<Entry> = (0..6).map(|_| Entry::new(Sample::Ring, "twenty characters of")).collect();
        let (_, one_row) = legend(&entries[..2], 0.0, 0.0, 720.0);
        let (drawn, two_rows) = legend(&entries, 0.0, 0.0, 720.0);
        assert!((one_row - ROW).abs() < 1e-9 && (two_rows - 2.0 * ROW).abs() < 1e-9);
        assert_eq!(drawn.into_string().matches("<text").count(), 6);
        assert!(legend(&[], 0.0, 0.0, 720.0).1.abs() < 1e-9);
    }
}
