//! What the pictures show, as numbers that tests check: one file a picture. [`crate::draw`] turns each into SVG.

pub mod axis;
pub mod comparisons;
pub mod pair;
pub mod point;
pub mod points;
pub mod shown;

pub use axis::AxisPlot;
pub use comparisons::ComparisonsPlot;
pub use pair::PairPlot;
pub use points::PointsPlot;
pub use shown::Shown;
