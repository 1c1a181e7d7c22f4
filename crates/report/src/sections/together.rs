//! How two settings act together.

use crate::answer::Answer;
use crate::draw;
use crate::number::count;
use crate::page::Block;
use crate::plot::pair::{MOST_AXES, MOST_LEVELS, PairPlot, PairPlots};
use crate::results::Results;

/// Pairs that stand open; the others are folded.
const OPEN: usize = 2;

/// A heat map and lines for each pair of axes; nothing for fewer than two axes.
pub(super) fn together(results: &Results<'_>, answer: &Answer) -> Vec<Block> {
    let PairPlots { pairs, all } = PairPlots::new(results, answer);
    if pairs.is_empty() {
        return Vec::new();
    }
    let mut words = "Two settings act together where the effect of one depends on the other. The pairs come by their \
                     largest interaction: by how much the difference between two levels of one setting changes from one \
                     level of the other to another. The largest of many reads too large, and the seed alone makes some: \
                     effects.csv tests interactions within replicates."
        .to_owned();
    if pairs.len() < all {
        words.push_str(&format!(
            " {} of {} pairs are shown: those whose levels are crossed with each other, among the {MOST_AXES} axes of up to \
             {MOST_LEVELS} levels whose levels differ most.",
            pairs.len(),
            count(all as u64)
        ));
    }
    let mut blocks = vec![Block::Heading(2, "How settings act together".to_owned()), Block::Paragraph(words)];
    let row = |pair: &PairPlot| Block::Row(vec![draw::heat::picture(pair), draw::interaction::picture(pair)]);
    let (open, folded) = pairs.split_at(pairs.len().min(OPEN));
    blocks.extend(open.iter().map(row));
    if !folded.is_empty() {
        let title = match folded.len() {
            1 => "One pair more".to_owned(),
            more => format!("{more} pairs more"),
        };
        blocks.push(Block::Fold(title, folded.iter().map(row).collect()));
    }
    blocks
}
