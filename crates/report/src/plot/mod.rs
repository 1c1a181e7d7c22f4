//! What the pictures show, as numbers that tests check: one file a picture. [`crate::draw`] turns each into SVG.

pub mod axis;
pub mod axis_curves;
pub mod budget;
pub mod comparisons;
pub mod cost;
pub mod learning;
pub mod levels;
pub mod mean_curve;
pub mod pair;
pub mod parallel;
pub mod point;
pub mod point_curves;
pub mod points;
pub mod rates;
pub mod saved_steps;
pub mod shown;
pub mod timeline;

pub use axis::AxisPlot;
pub use axis_curves::AxisCurves;
pub use budget::BudgetPlot;
pub use comparisons::ComparisonsPlot;
pub use cost::CostPlot;
pub use learning::LearningPlot;
pub use mean_curve::MeanCurve;
pub use pair::PairPlot;
pub use parallel::ParallelPlot;
pub use point_curves::PointCurves;
pub use points::PointsPlot;
pub use rates::RatesPlot;
pub use saved_steps::SavedSteps;
pub use shown::Shown;
pub use timeline::TimelinePlot;
