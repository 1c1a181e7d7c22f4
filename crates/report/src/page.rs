//! A page as data: headings, paragraphs, lists, tables and pictures, which each writer turns into its own syntax.
//!
//! All text is plain; the writer escapes it. So no name of a sweep file can become markup.

use crate::draw::Picture;

/// A part of a page.
#[derive(Debug, Clone, PartialEq)]
pub enum Block {
    /// A heading; level 1 is the page's own.
    Heading(u8, String),
    /// A paragraph.
    Paragraph(String),
    /// A list of points.
    List(Vec<String>),
    /// Figures to be seen at a glance, all of which stand elsewhere on the page as well: a writer may leave them out.
    Figures(Vec<KeyFigure>),
    /// A table.
    Table(Table),
    /// A table that few readers need: a page that can fold it shows its title alone.
    Folded(String, Table),
    /// A picture.
    Picture(Box<Picture>),
    /// Pictures that are read together: side by side where there is room.
    Row(Vec<Picture>),
    /// Parts that few readers need: a page that can fold them shows the title alone.
    Fold(String, Vec<Block>),
}

impl Block {
    /// The pictures in it, in order.
    pub fn pictures(&self) -> Vec<&Picture> {
        match self {
            Self::Picture(picture) => vec![picture],
            Self::Row(pictures) => pictures.iter().collect(),
            Self::Fold(_, blocks) => blocks.iter().flat_map(Self::pictures).collect(),
            _ => Vec::new(),
        }
    }
}

/// A figure to be seen at a glance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyFigure {
    /// What it is.
    pub title: String,
    /// The figure, or a few words.
    pub value: String,
    /// What stands small below it; may be empty.
    pub note: String,
}

/// A table of text, for people.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Table {
    /// The columns, in order.
    pub columns: Vec<Heading>,
    /// The rows; each has as many cells as there are `columns`.
    pub rows: Vec<Row>,
}

/// A row of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Its text, column by column.
    pub cells: Vec<String>,
    /// What of the sweep it tells of, so that a page can show a part of the sweep alone.
    pub subject: Subject,
}

/// What of a sweep a row or a mark tells of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Subject {
    /// All of it, or none of it.
    #[default]
    Sweep,
    /// A point of the grid, by its place in the manifest.
    Point(usize),
    /// A level of an axis, by their places in the manifest.
    Level {
        /// The axis.
        axis: usize,
        /// The level.
        level: usize,
    },
}

/// The head of a column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heading {
    /// What stands over it.
    pub title: String,
    /// To which side its cells are set.
    pub align: Align,
}

/// To which side cells are set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Align {
    /// Words.
    Left,
    /// Numbers.
    Right,
}

impl Table {
    /// A table without rows: titles of columns of words, then titles of columns of numbers are set by
    /// [`Table::words`] and [`Table::numbers`].
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds columns of words.
    #[must_use]
    pub fn words<'a>(self, titles: impl IntoIterator<Item = &'a str>) -> Self {
        self.with(titles, Align::Left)
    }

    /// Adds columns of numbers.
    #[must_use]
    pub fn numbers<'a>(self, titles: impl IntoIterator<Item = &'a str>) -> Self {
        self.with(titles, Align::Right)
    }

    /// Adds a row; it is cut or filled to the number of columns.
    pub fn row(&mut self, cells: Vec<String>) {
        self.row_of(Subject::Sweep, cells);
    }

    /// As [`Table::row`], of a row that tells of a part of the sweep.
    pub fn row_of(&mut self, subject: Subject, mut cells: Vec<String>) {
        cells.resize(self.columns.len(), String::new());
        self.rows.push(Row { cells, subject });
    }

    fn with<'a>(mut self, titles: impl IntoIterator<Item = &'a str>, align: Align) -> Self {
        self.columns.extend(titles.into_iter().map(|title| Heading { title: title.to_owned(), align }));
        self
    }
}
