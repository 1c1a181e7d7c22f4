//! Update rules, each over its learning rates.

use crate::draw;
use crate::page::Block;
use crate::plot::OptimizersPlot;

/// The rules over their rates and at their best ones.
pub(super) fn optimizers(plot: &OptimizersPlot) -> Vec<Block> {
    vec![
        Block::Heading(2, "Update rules and their learning rates".to_owned()),
        Block::Picture(Box::new(draw::optimizers::picture(plot))),
        Block::Paragraph(
            "Each rule at its best rate, chosen by validation loss among the rates at which all trials finished. Differences are \
             paired by replicate, with plain 95 % intervals. Good rates span so many decades (powers of ten): the wider, the less \
             the rule must be tuned. optimizers.csv has every rate."
                .to_owned(),
        ),
        Block::Table(draw::optimizers::best_rates(plot)),
    ]
}
