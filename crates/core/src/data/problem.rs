//! What can be wrong with data, and what to do instead.

use thiserror::Error;

use super::error::listed;
use crate::spec::{ImageShape, Transform};

/// What is wrong. Texts out of the file are shortened to 40 characters, and control characters in them are escaped;
/// names that suggestions are made from (`existing`, `known`) are whole.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum Problem {
    /// The operating system refused.
    #[error("cannot be read: {0}")]
    Unreadable(String),
    /// Neither CSV nor Parquet, by the name's ending.
    #[error("the file's name ends in neither .csv nor .parquet")]
    UnknownFormat,
    /// More than the program takes in.
    #[error("too large: {found} {what}, where at most {limit} are read")]
    TooLarge {
        /// "bytes", "columns" or "cells".
        what: &'static str,
        /// How many there are.
        found: u64,
        /// How many there may be.
        limit: u64,
    },
    /// No bytes, or blank lines alone.
    #[error("the file is empty")]
    Empty,
    /// A header, and nothing below it.
    #[error("the file has a header and no rows")]
    NoRows,
    /// A byte order mark of UTF-16 or UTF-32.
    #[error("the text is UTF-16 or UTF-32")]
    Utf16,
    /// Bytes that are no UTF-8.
    #[error("the text is not UTF-8: byte 0x{0:02x}")]
    NotUtf8(u8),
    /// A NUL byte.
    #[error("there is a NUL byte, which no text has")]
    Nul,
    /// A quote that is opened and never closed.
    #[error("a quote is opened here and never closed: {0}")]
    OpenQuote(String),
    /// A quote inside a cell that does not begin with one.
    #[error("a quote stands inside a cell that does not begin with one: {0}")]
    StrayQuote(String),
    /// Text between a closing quote and the next comma.
    #[error("text follows the closing quote of a cell: {0}")]
    TextAfterQuote(String),
    /// A carriage return without a line feed.
    #[error("a carriage return stands alone, without a line feed")]
    LoneCarriageReturn,
    /// A line of nothing, with lines after it.
    #[error("the line is empty, and lines with cells follow")]
    BlankLine,
    /// A row with more or fewer cells than the header.
    #[error("row {row} has {found} cells, where the header has {expected}")]
    CellCount {
        /// Counted from 1, without the header.
        row: u64,
        /// Cells in the row.
        found: u64,
        /// Cells in the header.
        expected: u64,
    },
    /// A column without a name.
    #[error("column {0} has no name")]
    BlankName(u64),
    /// Two columns of one name.
    #[error("columns {first} and {second} have the same name, \"{name}\"")]
    DoubledName {
        /// The name.
        name: String,
        /// Counted from 1.
        first: u64,
        /// Counted from 1.
        second: u64,
    },
    /// The file breaks the rules of its format.
    #[error("not a valid {format} file: {reason}")]
    Malformed {
        /// "CSV" or "Parquet".
        format: &'static str,
        /// As the reader says it.
        reason: String,
    },
    /// A column of dates, lists and the like.
    #[error("its cells are of type {0}, not numbers, text or booleans")]
    UnusableType(String),
    /// A column that the file does not have.
    #[error("`{key}` names the column \"{name}\", which the file does not have; it has {}", listed(.existing))]
    UnknownColumn {
        /// The key of `[data]` that names it.
        key: &'static str,
        /// As it stands there.
        name: String,
        /// The file's columns, in its order.
        existing: Vec<String>,
    },
    /// A column named twice.
    #[error("`inputs` names the column twice")]
    DoubledInput,
    /// A column that is predicted from itself.
    #[error("the column is the target, and `inputs` names it too")]
    TargetAmongInputs,
    /// Nothing to predict from.
    #[error("no column is left to predict from")]
    NoInputs,
    /// A transform of a column that does not enter.
    #[error("`transform` names the column, which is neither an input nor the target")]
    UnusedTransform,
    /// A transform of words.
    #[error("`transform` names the column, which holds words or classes")]
    TransformOfWords,
    /// An order for the target's words.
    #[error("`ordinal` names the column, which is the target")]
    OrdinalTarget,
    /// A word that stands twice in a column's order.
    #[error("`ordinal` lists the word \"{0}\" twice for the column")]
    DoubledOrdinalWord(String),
    /// Text among numbers.
    #[error("{0} is not a number, in a column of numbers")]
    NotANumber(String),
    /// NaN, an infinity, or too large for 64 bits.
    #[error("{0} is not a finite number")]
    NotFinite(String),
    /// A word that the column's order does not list.
    #[error("\"{word}\" is not among the words that `ordinal` lists for the column: {}", listed(.known))]
    UnknownWord {
        /// The word.
        word: String,
        /// The listed ones, in their order.
        known: Vec<String>,
    },
    /// A number outside a transform's domain.
    #[error("{value} has no {transform}", transform = transform_name(*.transform))]
    OutsideDomain {
        /// The number.
        value: f64,
        /// The transform.
        transform: Transform,
    },
    /// Empty cells that may not be.
    #[error("the cell is empty, as {count} of the column's {rows} are")]
    MissingCells {
        /// Empty cells of the column.
        count: u64,
        /// Cells of the column.
        rows: u64,
    },
    /// A column without one cell that says something.
    #[error("all cells are empty")]
    EmptyColumn,
    /// Every row has an empty cell.
    #[error("every row has an empty cell, and none is left")]
    NoRowsLeft,
    /// A one-hot column of too many words.
    #[error("the column has {words} different words, where at most {limit} become one-hot inputs")]
    TooManyWords {
        /// How many it has.
        words: u64,
        /// How many it may have.
        limit: u64,
    },
    /// A sample larger than what it is drawn from.
    #[error("`rows` asks for {wanted} rows, and the file has {available} usable ones")]
    SampleTooLarge {
        /// As the sweep file says.
        wanted: u64,
        /// Rows, less those that were left out.
        available: u64,
    },
    /// A target of words where a number is predicted.
    #[error("the target holds words, the first being {0}, and regression predicts numbers")]
    TargetNotNumeric(String),
    /// A regression target of one value.
    #[error("the target is {0} in every {1}")]
    ConstantTarget(f64, &'static str),
    /// Fewer than two classes.
    #[error("the target has one class, \"{0}\", and there is nothing to tell apart")]
    OneClass(String),
    /// A class that cannot be in every part that needs it.
    #[error("class \"{class}\" has {rows} {}, and at least {needed} are needed: one to learn from and one to judge by", if *.rows == 1 { "row" } else { "rows" })]
    ClassTooSmall {
        /// Its name.
        class: String,
        /// Its (sampled) rows.
        rows: u64,
        /// How many it needs.
        needed: u64,
    },
    /// Too few rows to cut.
    #[error("{rows} rows are too few: {test} for the test, {validation} for validation, at least {train} for training")]
    TooFewRows {
        /// There are so many, after the sample.
        rows: u64,
        /// The test takes so many.
        test: u64,
        /// Validation takes so many.
        validation: u64,
        /// Training needs so many.
        train: u64,
    },
    /// More folds than rows.
    #[error("{rows} rows besides the test cannot be cut into {folds} folds")]
    TooFewForFolds {
        /// Rows besides the test.
        rows: u64,
        /// As the sweep file says.
        folds: u32,
    },
    /// Inputs that make no image of a shape.
    #[error("{inputs} inputs are no {shape} image{}", .fits.map(|fits| format!("; {fits} would fit")).unwrap_or_default())]
    NoSuchImage {
        /// How many there are.
        inputs: u32,
        /// As the sweep file says.
        shape: ImageShape,
        /// What they would make.
        fits: Option<ImageShape>,
    },
    /// Words where pixels are expected.
    #[error("the column holds words, and `image` takes every input for a pixel")]
    PixelsOfWords,
    /// A transform of a pixel.
    #[error("`transform` names the column, which is a pixel of `image`")]
    TransformedPixels,
    /// More training rows asked for than a replicate has.
    #[error("`training_rows` asks for {wanted} rows, and a replicate has {available} to learn from")]
    TooFewToLearnFrom {
        /// As the sweep file says.
        wanted: u64,
        /// Rows that neither validate nor test.
        available: u64,
    },
    /// So few training rows that a class is not among them.
    #[error(
        "the first {wanted} training rows of a replicate hold none of class \"{class}\"; the first {needed} hold every class"
    )]
    ClassNotReached {
        /// Its name.
        class: String,
        /// As the sweep file says.
        wanted: u64,
        /// How many rows of that replicate would do.
        needed: u64,
    },
    /// Numbers that do not fit into 32-bit floating point.
    #[error("the numbers are too large or too far apart for 32-bit floating point, scaled as they are")]
    ScaleOverflow,
}

impl Problem {
    /// What to do instead: a full sentence.
    pub(super) fn help(&self) -> String {
        let help = match self {
            Self::Unreadable(_) => "Check `path`, which is relative to the sweep file, and its permissions.",
            Self::UnknownFormat => "Save the table as CSV (.csv) or Parquet (.parquet).",
            Self::TooLarge { .. } => "Leave out the columns and rows that are not needed.",
            Self::Empty | Self::NoRows => "Write a line of column names and a line of cells for every row below it.",
            Self::Utf16 | Self::NotUtf8(_) | Self::Nul => "Save the file again as UTF-8 text.",
            Self::OpenQuote(_) | Self::StrayQuote(_) | Self::TextAfterQuote(_) => {
                "Put the whole cell into quotes and write each quote inside it twice: \"a \"\"b\"\" c\"."
            }
            Self::LoneCarriageReturn => "Save the file with line ends of LF or CRLF.",
            Self::BlankLine => "Delete the line, or write commas for its empty cells.",
            Self::CellCount { .. } => {
                "Give the row as many cells as the header; a cell with a comma in it needs quotes around it."
            }
            Self::BlankName(_) => "Name the column in the header, or take it out of the file.",
            Self::DoubledName { .. } => "Give each column a name of its own.",
            Self::Malformed { .. } => "Write the file again; it may be cut short or damaged.",
            Self::UnusableType(_) => {
                "Store it as 32-bit or 64-bit numbers, as text or as booleans, or leave it out of `inputs`."
            }
            Self::UnknownColumn { existing, .. } => return format!("The file's columns: {}.", listed(existing)),
            Self::DoubledInput => "Name it once.",
            Self::TargetAmongInputs => "Take it out of `inputs`.",
            Self::NoInputs => "Give the file a column besides the target, or name one in `inputs`.",
            Self::UnusedTransform => "Take it out of `transform`, or add it to `inputs`.",
            Self::TransformOfWords => "Take it out of `transform`: only columns of numbers have one.",
            Self::OrdinalTarget => {
                "Take it out of `ordinal`: classes need no order, and a regression target must be numbers in the file."
            }
            Self::DoubledOrdinalWord(_) => "List it once, at its place in the order.",
            Self::NotANumber(_) => {
                "Write a number with a decimal point and nothing else, leave the cell empty if the value is missing, \
                 or list the column's words in [data.ordinal]."
            }
            Self::NotFinite(_) => "Write a finite number, or leave the cell empty if the value is missing.",
            Self::UnknownWord { .. } => "Correct the cell, or add the word to the column's list in [data.ordinal].",
            Self::OutsideDomain { transform, .. } => match transform {
                Transform::Log => "Use \"log1p\", or leave out rows whose value is not above 0.",
                Transform::Log1p => {
                    "Leave out rows whose value is not above -1, or take the column out of `transform`."
                }
                Transform::Sqrt => "Leave out rows whose value is below 0, or take the column out of `transform`.",
            },
            Self::MissingCells { .. } => {
                "Fill the cells, leave out their rows with `missing = \"drop\"`, or, for inputs of numbers or ordered \
                 words, take the mean with `missing = \"mean\"`."
            }
            Self::EmptyColumn => "Leave the column out of `inputs`.",
            Self::NoRowsLeft => "Leave columns with many empty cells out of `inputs`.",
            Self::TooManyWords { .. } => {
                "Leave the column out of `inputs`, or give its words an order in [data.ordinal]."
            }
            Self::SampleTooLarge { .. } => "Lower `rows`, or leave it out to take all.",
            Self::TargetNotNumeric(_) => "Set `task = \"classification\"`, or choose another target.",
            Self::ConstantTarget(..) => "Choose a target that varies, or raise `rows`.",
            Self::OneClass(_) => "Choose a target with two classes or more, or raise `rows`.",
            Self::ClassTooSmall { .. } => "Add rows of that class, raise `rows`, or take the class out of the file.",
            Self::TooFewRows { .. } | Self::TooFewForFolds { .. } => {
                "Raise `rows`, or lower `test`, `validation` or `folds`."
            }
            Self::NoSuchImage { fits: Some(ImageShape { height, width, channels: 1 }), .. } => {
                return format!("Write `image = [{height}, {width}]`.");
            }
            Self::NoSuchImage { fits: Some(ImageShape { height, width, channels }), .. } => {
                return format!("Write `image = [{height}, {width}, {channels}]`.");
            }
            Self::NoSuchImage { fits: None, .. } | Self::PixelsOfWords => {
                "Name the columns of the pixels in `inputs`, in their order, or leave `image` out."
            }
            Self::TransformedPixels => "Take it out of `transform`: only the target can have one beside an image.",
            Self::TooFewToLearnFrom { available, .. } => {
                return format!("Lower `training_rows` to at most {available}, or write \"all\".");
            }
            Self::ClassNotReached { needed, .. } => {
                return format!("Raise `training_rows` to {needed} or more, or take the class out of the file.");
            }
            Self::ScaleOverflow => "Set `scale = \"standard\"`, use a transform, or change the column's unit.",
        };
        help.to_owned()
    }
}

fn transform_name(transform: Transform) -> &'static str {
    match transform {
        Transform::Log => "logarithm (`transform = \"log\"`)",
        Transform::Log1p => "log1p",
        Transform::Sqrt => "square root (`transform = \"sqrt\"`)",
    }
}
