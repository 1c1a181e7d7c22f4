//! Pictures as SVG, from the numbers of [`crate::plot`]: one file a picture.
//!
//! | module | what it holds |
//! |---|---|
//! | [`picture`] | a picture with all that a page needs beside it: title, description, caption, table |
//! | [`scale`] | numbers to places: linear, logarithmic, ordinal; round ticks |
//! | [`svg`] | the drawing's frame, marks with their words, coordinates |
//! | [`frame`] | the two axes that most pictures stand in |
//! | [`columns`] | labels at the left of rows |
//! | [`interval`] | intervals, with an arrow where they leave the scale |
//! | [`legend`](mod@legend) | what lines and symbols mean, above a picture |
//! | [`heat_scale`](mod@heat_scale) | the colours of a heat map in a row |
//! | [`panels`] | small multiples |
//! | [`lines`](mod@lines) | lines through means with their intervals |
//! | [`palette`] | colours for light and dark, symbols and dashes beside them |
//!
//! Every colour is a class of `plot.css`, so that a page can be light or dark; what differs by colour differs by symbol
//! or dash as well. Coordinates have two decimals, so that files are the same bytes everywhere.

pub mod activations;
pub mod augmented;
pub mod axis;
pub mod axis_curves;
pub mod budget;
pub mod columns;
pub mod comparisons;
pub mod complexity;
pub mod confusion;
pub mod cost;
pub mod ensemble_members;
pub mod ensemble_size;
pub mod frame;
pub mod gap;
pub mod heat;
pub mod heat_scale;
pub mod interaction;
pub mod interval;
pub mod learning;
pub mod legend;
pub mod lines;
pub mod more_data;
pub mod networks;
pub mod optimizers;
pub mod palette;
pub mod panels;
pub mod parallel;
pub mod picture;
pub mod points;
pub mod rates;
pub mod saved_steps;
pub mod scale;
pub mod scatter;
pub mod surface;
pub mod svg;
pub mod timeline;
pub mod verdict_map;

pub use picture::Picture;
