//! What the pictures show, as numbers that tests check: one file a picture. [`crate::draw`] turns each into SVG.

pub mod axis;
pub mod shown;

pub use axis::AxisPlot;
pub use shown::Shown;
