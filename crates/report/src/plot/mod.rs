//! What the pictures show, as numbers that tests check: one file a picture. [`crate::draw`] turns each into SVG.

pub mod axis;
pub mod budget;
pub mod comparisons;
pub mod cost;
pub mod levels;
pub mod pair;
pub mod parallel;
pub mod point;
pub mod points;
pub mod shown;

pub use axis::AxisPlot;
pub use budget::BudgetPlot;
pub use comparisons::ComparisonsPlot;
pub use cost::CostPlot;
pub use pair::PairPlot;
pub use parallel::ParallelPlot;
pub use points::PointsPlot;
pub use shown::Shown;
