//! Pictures whose numbers stand in a table of their own as well: made once for both.

use super::{MoreDataPlot, OptimizersPlot};
use crate::results::Results;

/// The numbers that a table and a section of the page both show.
#[derive(Debug, Clone, PartialEq)]
pub struct TabledPlots {
    /// The update rules over their learning rates; `None` where they are not tried at several.
    pub optimizers: Option<OptimizersPlot>,
    /// The curves over training rows; none where the number of rows is no axis.
    pub more_data: Vec<MoreDataPlot>,
}

impl TabledPlots {
    /// Those of the results.
    pub fn new(results: &Results<'_>) -> Self {
        Self { optimizers: OptimizersPlot::new(results), more_data: MoreDataPlot::all(results) }
    }
}
