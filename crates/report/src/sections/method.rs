//! How the figures came about, so that a reader can judge them.

use crate::answer::Answer;
use crate::contrast::{FEWEST_REPLICATES, MOST_LEVELS_IN_PAIRS};
use crate::number::{count, figure};
use crate::page::Block;
use crate::results::Results;
use crate::sentences::{counted, margin};
use crate::statistics::smallest_exact_p;

/// Rows, unit of analysis, tests and intervals, remarks on the data.
pub(super) fn method(results: &Results<'_>, answer: &Answer) -> Vec<Block> {
    let manifest = results.manifest();
    let data = &manifest.data;
    let mut items = vec![format!(
        "Rows of each replicate: {} to train on, {} to validate on, {}.",
        count(data.training_rows),
        count(data.validation_rows),
        match data.test_rows {
            0 => "none to test on".to_owned(),
            rows => format!("{} to test on, never used to choose", count(rows)),
        }
    )];
    items.push(
        "Losses are means over rows in the units that were trained on (scaled targets), of the weights that training \
         ended with; summary.csv has those of the best epoch as well."
            .to_owned(),
    );
    items.push(format!(
        "The unit of analysis is the replicate (n is at most {}), not the trial: replicate r has the same split, data \
         order and seed at every point, so every comparison is made within replicates. An average over settings is \
         taken inside each replicate first.",
        count(u64::from(answer.replicates))
    ));
    items.push(
        "Means have 95 % t intervals over replicates. Differences have paired t tests; p is adjusted by Holm's method \
         over all pairs of an axis. The intervals beside it are Bonferroni's over the same pairs: wider, so that one may \
         include 0 although Holm's finer method tells the difference from 0."
            .to_owned(),
    );
    if answer.axes.iter().any(|axis| axis.levels.len() > MOST_LEVELS_IN_PAIRS) {
        items.push(format!(
            "An axis of more than {MOST_LEVELS_IN_PAIRS} levels has each level compared with the first alone; these \
             comparisons are then what Holm's and Bonferroni's methods count."
        ));
    }
    items.push(format!(
        "Better and worse: the difference is told from 0 (Holm, error 0.05 an axis). Same: its interval lies within \
         {} of the mean. Otherwise, and with fewer than {FEWEST_REPLICATES}, there are not enough replicates to say, \
         which is not the same as no difference.",
        margin()
    ));
    let objective = &answer.objective;
    let chosen_by = objective.validation_words();
    items.push(format!(
        "The best point has the {} mean {chosen_by} of the points whose replicates all finished. All others \
         are compared with it by paired t tests on {chosen_by}, with Holm's method over all points. Cheapest: \
         fewest steps as they ran, then fewest parameters, of those whose mean lies within the best one's interval.",
        objective.best_word()
    ));
    if !objective.is_loss() {
        items.push(format!(
            "The metric {} decides what is best, levels are compared by it, and {} is better. Whether a point was trained \
             too long or too short, early stopping and schedules that follow a plateau go by the validation loss.",
            objective.metric(),
            objective.better_side()
        ));
    }
    if manifest.confirm > 0 {
        items.push(
            "Confirmed: after the grid, the best point and the baseline (its other settings at the first architecture, \
             or else the first point) are trained on replicates that chose nothing. Their difference has a paired t test \
             of its own; how far the choosing was off has Welch's interval, as grid and fresh replicates are no pairs."
                .to_owned(),
        );
    }
    if let Some(floor) = smallest_exact_p(answer.replicates as usize).filter(|_| answer.replicates > 1) {
        items.push(format!(
            "The t tests take the differences to be about normal. With {} a test that does not cannot give a p under {}.",
            counted(u64::from(answer.replicates), "replicate"),
            figure(floor)
        ));
    }
    items.push(
        "Where replicates draw their own training rows, these overlap, and intervals are somewhat too narrow for a \
         claim about other data."
            .to_owned(),
    );
    items.extend(data.remarks.iter().map(|remark| format!("Data: {remark}")));
    vec![Block::Heading(2, "How this was computed".to_owned()), Block::List(items)]
}
