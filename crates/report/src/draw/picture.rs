//! A picture and what stands beside it on a page.

use maud::Markup;
use swath_results::Folder;

use super::palette;
use super::svg;
use crate::page::Table;

/// A picture of the report.
#[derive(Debug, Clone, PartialEq)]
pub struct Picture {
    /// Its name among all pictures: lower-case letters, digits and `-`. Ids inside the drawing begin with it.
    pub id: String,
    /// What it shows.
    pub title: String,
    /// What is to be seen in it, in one or two sentences with figures: for who cannot see it.
    pub description: String,
    /// How to read it.
    pub caption: String,
    /// How it is drawn.
    pub drawing: Drawing,
    /// The numbers behind it.
    pub table: Table,
    /// Whether it shows times, which differ between two runs: then it is no file of its own.
    pub is_timed: bool,
}

/// What an SVG file holds, but for its title and description.
#[derive(Debug, Clone, PartialEq)]
pub struct Drawing {
    /// Width of the view box. Text is 12 high, so a picture of a page's width is about 720 wide.
    pub width: f64,
    /// Height of the view box.
    pub height: f64,
    /// The elements.
    pub body: String,
}

impl Drawing {
    /// A drawing of `body`.
    pub fn new(width: f64, height: f64, body: Markup) -> Self {
        Self { width, height, body: body.into_string() }
    }
}

impl Picture {
    /// The folder of pictures in a folder of results.
    pub const FOLDER: &str = Folder::PLOTS;

    /// Its file in a folder of results: `plots/axis-epochs.svg`.
    pub fn file_name(&self) -> String {
        format!("{}/{}.svg", Self::FOLDER, self.id)
    }

    /// As a file of its own, which follows the reader's light or dark scheme.
    pub fn to_file(&self) -> String {
        let style = [palette::for_file().as_str(), palette::STYLE].concat();
        format!("{}\n", svg::root(self, Some(&style)).into_string())
    }

    /// As a part of an HTML page, which brings the colours.
    pub fn to_markup(&self) -> Markup {
        svg::root(self, None)
    }
}

/// `text` as part of an [`Picture::id`]: what is no letter or digit becomes `-`.
pub fn slug(text: &str) -> String {
    let mut slug = String::new();
    for c in text.chars() {
        if c.is_ascii_alphanumeric() {
            slug.push(c.to_ascii_lowercase());
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    slug.trim_end_matches('-').to_owned()
}

#[cfg(test)]
mod tests {
    use super::slug;

    #[test]
    fn an_id_is_made_of_letters_digits_and_dashes() {
        assert_eq!(slug("train.optimizer.learning_rate"), "train-optimizer-learning-rate");
        assert_eq!(slug("<script>alert(1)</script>"), "script-alert-1-script");
        assert_eq!(slug("è/.."), "");
    }
}
