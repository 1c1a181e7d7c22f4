//! Batch, iteration, epoch: the arithmetic of the trainings of a sweep.

use std::collections::BTreeSet;

use crate::axes;
use crate::number::count;
use crate::page::{Block, Table};
use crate::results::Results;

/// Trainings that the table shows.
const MOST_ROWS: usize = 60;

/// How many steps and rows each training comes to, one row for each that differs; nothing where neither the batch size nor
/// the number of epochs is an axis.
pub(super) fn batches(results: &Results<'_>) -> Vec<Block> {
    let manifest = results.manifest();
    if ["train.batch_size", "train.epochs"].iter().all(|path| axes::of_setting(manifest, path).is_none()) {
        return Vec::new();
    }
    let trainings: BTreeSet<Training> = manifest
        .points
        .iter()
        .map(|point| Training {
            rows: point.settings.training_rows,
            batch_size: point.settings.batch_size,
            epochs: u64::from(point.epochs),
            steps: point.steps_per_epoch,
            rows_per_epoch: point.settings.rows_per_epoch,
        })
        .collect();
    let mut words = "The training rows are cut into batches of the batch size; the last batch of an epoch may be smaller. One \
                     iteration is one optimiser step, on one batch. One epoch passes all batches once. So the iterations \
                     of an epoch are the training rows divided by the batch size, rounded up. A smaller batch means more \
                     steps for the same rows, each on a noisier gradient."
        .to_owned();
    if trainings.iter().any(|training| training.rows_per_epoch < training.rows) {
        words.push_str(" Where a smaller last batch is left out (drop_last), the division is rounded down.");
    }
    if manifest.points.iter().any(|point| point.settings.stops_early) {
        words.push_str(" Trainings that may stop early count to their last epoch.");
    }
    let mut table = Table::new().numbers([
        "training rows",
        "batch size",
        "iterations an epoch",
        "epochs",
        "iterations in all",
        "rows seen",
    ]);
    for training in trainings.iter().take(MOST_ROWS) {
        table.row(
            [
                training.rows,
                training.batch_size,
                training.steps,
                training.epochs,
                training.steps * training.epochs,
                training.rows_per_epoch * training.epochs,
            ]
            .map(count)
            .to_vec(),
        );
    }
    let mut blocks =
        vec![Block::Heading(2, "Batch, iteration, epoch".to_owned()), Block::Paragraph(words), Block::Table(table)];
    if trainings.len() > MOST_ROWS {
        blocks.push(Block::Paragraph(format!(
            "These are the first {MOST_ROWS} of {} different trainings.",
            count(trainings.len() as u64)
        )));
    }
    blocks
}

/// The counts of a training.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Training {
    rows: u64,
    batch_size: u64,
    epochs: u64,
    /// Of an epoch.
    steps: u64,
    rows_per_epoch: u64,
}

#[cfg(test)]
mod tests {
    use swath_results::manifest::Task;

    use super::batches;
    use crate::page::Block;
    use crate::tests::fixture::Sweep;

    /// The cells of the table of a section.
    fn cells(blocks: &[Block]) -> Vec<Vec<String>> {
        let table = blocks.iter().find_map(|block| match block {
            Block::Table(table) => Some(table),
            _ => None,
        });
        table.unwrap().rows.iter().map(|row| row.cells.clone()).collect()
    }

    #[test]
    fn iterations_are_rows_over_batch_size_rounded_up_and_each_training_stands_once() {
        let axes: [(&str, &[&str]); 3] =
            [("batch_size", &["500", "1000"]), ("epochs", &["2", "3"]), ("schedule", &["constant", "cosine"])];
        let mut sweep = Sweep::new(Task::Regression, &axes, 1);
        for (place, point) in sweep.manifest.points.iter_mut().enumerate() {
            point.settings.batch_size = [500, 1_000][place / 4];
            point.steps_per_epoch = [3, 2][place / 4];
        }
        let blocks = batches(&sweep.results());
        assert_eq!(
            cells(&blocks),
            [
                ["1,200", "500", "3", "2", "6", "2,400"],
                ["1,200", "500", "3", "3", "9", "3,600"],
                ["1,200", "1,000", "2", "2", "4", "2,400"],
                ["1,200", "1,000", "2", "3", "6", "3,600"],
            ]
        );
        // A last batch that is left out: its rows are never seen.
        for point in &mut sweep.manifest.points {
            point.settings.rows_per_epoch = 1_000;
        }
        let blocks = batches(&sweep.results());
        assert_eq!(cells(&blocks)[0][5], "2,000");
        assert!(matches!(&blocks[1], Block::Paragraph(words) if words.contains("drop_last")));
    }

    #[test]
    fn a_sweep_without_either_axis_has_no_such_section() {
        let sweep = Sweep::new(Task::Regression, &[("schedule", &["constant", "cosine"]), ("epochs", &["2"])], 1);
        assert_eq!(batches(&sweep.results()), []);
    }
}
