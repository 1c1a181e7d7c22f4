//! Every comparison of two levels at a glance.

use crate::answer::Answer;
use crate::draw;
use crate::page::Block;
use crate::plot::ComparisonsPlot;

/// The comparisons of all axes in one picture; nothing where there is nothing to compare.
pub(super) fn comparisons(answer: &Answer) -> Vec<Block> {
    let Some(plot) = ComparisonsPlot::new(answer) else { return Vec::new() };
    vec![
        Block::Heading(2, "Every comparison at a glance".to_owned()),
        Block::Picture(Box::new(draw::comparisons::picture(&plot))),
    ]
}
