//! What dropping units or weights does to the gap between training and validation.

use crate::axes;
use crate::draw;
use crate::number::{MISSING, figure, p_value, percent};
use crate::page::Block;
use crate::plot::GapPlot;
use crate::plot::gap::LevelGap;
use crate::results::Results;
use crate::sentences::mean;

/// The axes that drop something, and what.
const AXES: [(&str, &str); 2] = [("model.dropout", "units"), ("model.drop_connect", "weights")];

/// The gap between training and validation loss at every level; nothing where nothing that is dropped is an axis.
pub(super) fn dropout(results: &Results<'_>) -> Vec<Block> {
    let found: Vec<(GapPlot, &str)> = AXES
        .into_iter()
        .filter_map(|(path, what)| Some((GapPlot::new(results, axes::of_setting(results.manifest(), path)?)?, what)))
        .collect();
    if found.is_empty() {
        return Vec::new();
    }
    let mut blocks = vec![
        Block::Heading(2, "Dropout".to_owned()),
        Block::Paragraph(
            "In training, each step drops a share of the hidden units (dropout) or of the weights (DropConnect) at random, and \
             scales up what stays; in evaluation all take part. So no unit can rely on one other, and the network cannot learn \
             single rows by heart so well: the training loss rises, and the gap to the validation loss closes."
                .to_owned(),
        ),
    ];
    for (plot, what) in &found {
        blocks.extend(sentence(plot, what).map(Block::Paragraph));
        blocks.push(Block::Picture(Box::new(draw::gap::picture(plot))));
        blocks.push(Block::Table(draw::gap::table(plot)));
    }
    blocks
}

/// What the best level does to the gap and to the validation loss, against the first.
fn sentence(plot: &GapPlot, what: &str) -> Option<String> {
    let (first, best) = (plot.levels.first()?, plot.best()?);
    let gap = |level: &LevelGap| mean(level.gap.as_ref());
    let last = plot.levels.last()?;
    if best.level == first.level {
        return Some(format!(
            "The validation loss is smallest with a share of {} of the {what} dropped ({}): here dropping more does not help. The \
             gap goes from {} to {} at {}.",
            first.label,
            plot.name,
            gap(first),
            gap(last),
            last.label
        ));
    }
    let gain = best.gain?;
    let share = gain.mean() / first.validation?.mean.abs();
    let p = best.gain_p_holm.map_or_else(|| MISSING.to_owned(), p_value);
    Some(format!(
        "The smallest validation loss, {}, is with a share of {} of the {what} dropped ({}): {} below that with {} (p {p}, after \
         Holm; the best of several reads a little too low). The gap goes from {} to {}.",
        best.validation.map_or_else(|| MISSING.to_owned(), |summary| figure(summary.mean)),
        best.label,
        plot.name,
        percent(share.abs()),
        first.label,
        gap(first),
        gap(best),
    ))
}

#[cfg(test)]
mod tests {
    use swath_results::manifest::Task;
    use swath_results::row::Ending;

    use super::*;
    use crate::tests::fixture::Sweep;

    #[test]
    fn the_section_stands_where_something_is_dropped_and_says_what_that_does() {
        let mut sweep = Sweep::new(Task::Regression, &[("model.dropout", &["0", "0.25", "0.5"])], 3);
        for point in 0..3 {
            for replicate in 0..3 {
                let key = sweep.manifest.key(point, replicate as u32).unwrap();
                let Ending::Finished(scores) = &mut sweep.outcomes.get_mut(&key).unwrap().ending else { panic!() };
                let noise = [0.0, 0.0625, -0.0625][replicate] * (point as f32 + 1.0);
                scores.train_loss = [0.25, 0.5, 1.5][point];
                scores.last.validation_loss = [2.0, 1.0, 1.75][point] + noise;
            }
        }
        let blocks = dropout(&sweep.results());
        insta::assert_snapshot!(crate::write::markdown(&blocks));
        assert_eq!(dropout(&Sweep::architectures().results()), []);
    }
}
