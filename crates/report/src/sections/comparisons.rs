//! Every comparison of two levels at a glance.

use crate::answer::Answer;
use crate::draw;
use crate::page::Block;
use crate::plot::ComparisonsPlot;
use crate::results::Results;

/// The comparisons of all axes in one picture; nothing where there is nothing to compare.
pub(super) fn comparisons(results: &Results<'_>, answer: &Answer) -> Vec<Block> {
    let Some(plot) = ComparisonsPlot::new(results, answer) else { return Vec::new() };
    vec![
        Block::Heading(2, "Every comparison at a glance".to_owned()),
        Block::Picture(Box::new(draw::comparisons::picture(&plot))),
    ]
}
