//! How training went: learning curves of the points that a reader asks for first.

use crate::answer::Answer;
use crate::draw;
use crate::page::Block;
use crate::plot::{LearningPlot, Shown};
use crate::results::Results;

/// The learning curves; nothing where no trial completed an epoch or diverged.
pub(super) fn training(results: &Results<'_>, answer: &Answer, shown: &Shown) -> Vec<Block> {
    let Some(plot) = LearningPlot::new(results, answer, shown) else { return Vec::new() };
    vec![Block::Heading(2, "How training went".to_owned()), Block::Picture(Box::new(draw::learning::picture(&plot)))]
}
