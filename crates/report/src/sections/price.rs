//! What quality costs: loss over parameters and steps, and the expected best of fewer points.

use crate::answer::Answer;
use crate::draw;
use crate::page::Block;
use crate::plot::cost::Measure;
use crate::plot::{BudgetPlot, CostPlot, Shown};
use crate::results::Results;

/// The pictures of cost that are the same in every run; nothing where all points cost the same and are few.
pub(super) fn price(results: &Results<'_>, answer: &Answer, shown: &Shown) -> Vec<Block> {
    let costs = [Measure::Steps, Measure::Parameters]
        .into_iter()
        .filter_map(|measure| CostPlot::new(results, answer, shown, measure))
        .map(|plot| draw::cost::picture(&plot));
    let budget = BudgetPlot::new(results, answer).map(|plot| draw::budget::picture(&plot));
    let mut pictures = costs.chain(budget).map(|picture| Block::Picture(Box::new(picture))).peekable();
    let heading = pictures.peek().map(|_| Block::Heading(2, "What quality costs".to_owned()));
    heading.into_iter().chain(pictures).collect()
}

/// Loss over seconds, for the one section that may differ between two runs.
pub(super) fn of_time(results: &Results<'_>, answer: &Answer, shown: &Shown) -> Option<Block> {
    let plot = CostPlot::new(results, answer, shown, Measure::Seconds)?;
    Some(Block::Picture(Box::new(draw::cost::picture(&plot))))
}
