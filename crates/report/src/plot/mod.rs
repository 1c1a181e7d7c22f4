//! What the pictures show, as numbers that tests check: one file a picture. [`crate::draw`] turns each into SVG.

pub mod axis;
pub mod axis_curves;
pub mod learning;
pub mod mean_curve;
pub mod point_curves;
pub mod shown;

pub use axis::AxisPlot;
pub use axis_curves::AxisCurves;
pub use learning::LearningPlot;
pub use mean_curve::MeanCurve;
pub use point_curves::PointCurves;
pub use shown::Shown;
