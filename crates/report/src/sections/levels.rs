//! The levels of each axis side by side, averaged over all else.

use swath_results::Manifest;

use crate::answer::{ARCHITECTURE, Answer, AxisAnswer, LevelAnswer, changes_the_loss};
use crate::contrast::{self, Comparison};
use crate::draw;
use crate::number::{MISSING, count, p_value, percent};
use crate::page::{Block, Subject, Table};
use crate::plot::{AxisCurves, AxisPlot, NetworksPlot};
use crate::results::Results;
use crate::sentences::{layers, long_verdict, mean, pairs_line, with_interval};

/// Pairs of an axis that are listed one by one.
const FEW_PAIRS: usize = 10;

/// Levels of an axis that its table shows.
const MOST_LEVELS: usize = 100;

/// The architectures side by side; nothing where the sweep has no such axis.
pub(super) fn architectures(results: &Results<'_>, answer: &Answer) -> Vec<Block> {
    let Some(axis) = answer.architectures() else { return Vec::new() };
    let mut blocks = vec![Block::Heading(2, "The architectures side by side".to_owned())];
    let objective = &answer.objective;
    blocks.push(Block::Paragraph(format!(
        "Each architecture is averaged over all other settings within each replicate, so n counts replicates. After ± \
         stands half of the 95 % interval. Differences are to the first architecture, in the same replicates, with \
         Bonferroni's interval; {} 0 the {} is {}, which is better.",
        objective.either("below", "above"),
        objective.quantity_words(),
        objective.better_word()
    )));
    let networks = NetworksPlot::new(results, answer).map(|plot| draw::networks::picture(&plot));
    blocks.extend(networks.map(|picture| Block::Picture(Box::new(picture))));
    blocks.extend(picture(results, answer, axis));
    blocks.extend(level_table(results, answer, axis));
    blocks.extend(curves(results, axis));
    blocks.extend(pairs(answer, axis));
    blocks
}

/// The levels of every other axis.
pub(super) fn settings(results: &Results<'_>, answer: &Answer) -> Vec<Block> {
    let axes: Vec<&AxisAnswer> = answer.axes.iter().filter(|axis| axis.name != ARCHITECTURE).collect();
    if axes.is_empty() {
        return Vec::new();
    }
    let mut blocks = vec![Block::Heading(2, "What each setting does".to_owned())];
    blocks.push(Block::Paragraph("Averaged over all else in the same way.".to_owned()));
    for axis in axes {
        blocks.push(Block::Heading(3, axis.name.clone()));
        blocks.extend(picture(results, answer, axis));
        blocks.extend(level_table(results, answer, axis));
        if axis.levels.len() > 1 {
            blocks.push(Block::Paragraph(pairs_line(axis)));
        }
        blocks.extend(curves(results, axis));
    }
    blocks
}

fn picture(results: &Results<'_>, answer: &Answer, axis: &AxisAnswer) -> Option<Block> {
    let place = results.manifest().axis(&axis.name)?;
    let plot = AxisPlot::new(results, answer, place)?;
    Some(Block::Picture(Box::new(draw::axis::picture(&plot))))
}

/// The levels over the course of the training, unless their losses are in units of their own.
fn curves(results: &Results<'_>, axis: &AxisAnswer) -> Option<Block> {
    if changes_the_loss(&axis.name, results.manifest().objective.task) {
        return None;
    }
    let plot = AxisCurves::new(results, results.manifest().axis(&axis.name)?)?;
    Some(Block::Picture(Box::new(draw::axis_curves::picture(&plot))))
}

/// The table of an axis' levels, and what it leaves out.
fn level_table(results: &Results<'_>, answer: &Answer, axis: &AxisAnswer) -> Vec<Block> {
    let axis_place = answer.axes.iter().position(|known| known.name == axis.name).unwrap_or(0);
    let is_architecture = axis.name == ARCHITECTURE;
    let is_tested = answer.compared_by.is_test();
    let objective = &answer.objective;
    let [validation, test, beside] =
        [objective.validation(), objective.test(), objective.beside(is_tested)].map(|figure| objective.words(figure));
    let mut table = Table::new().words([axis.name.as_str()]);
    if is_architecture {
        table = table.words(["layers"]).numbers(["parameters"]);
    }
    table = table.numbers(["n", validation.as_str()]);
    if is_tested {
        table = table.numbers([test.as_str()]);
    }
    table = table.numbers([beside.as_str(), "difference to the first", "p (Holm)"]).words(["verdict"]);
    for (place, level) in axis.levels.iter().enumerate().take(MOST_LEVELS) {
        let mut cells = vec![level.label.clone()];
        if is_architecture {
            cells.push(layers(&level.image_layers, &level.layers));
            cells.push(level.parameters.map_or_else(|| MISSING.to_owned(), count));
        }
        cells.push(replicates(level));
        cells.push(mean(level.validation.as_ref()));
        if is_tested {
            cells.push(mean(level.test.as_ref()));
        }
        cells.push(mean(level.beside.as_ref()));
        cells.extend(evidence(axis.against_first(place), place));
        table.row_of(Subject::Level { axis: axis_place, level: place }, cells);
    }
    let mut blocks = vec![Block::Table(table)];
    if has_unlike_settings(results.manifest(), axis_place) {
        blocks.push(Block::Paragraph(
            "The levels were not all trained at the same other settings. A mean is over all that a level was trained at; a \
             difference is over the settings that both levels have, so it need not be the difference of the means."
                .to_owned(),
        ));
    }
    if axis.levels.len() > MOST_LEVELS {
        blocks.push(Block::Paragraph(format!(
            "These are the first {MOST_LEVELS} of {} levels. comparisons.csv has every level against the first, \
             summary.csv every point.",
            count(axis.levels.len() as u64)
        )));
    }
    blocks
}

/// Whether some setting of the other axes lacks a level of this one, as where grids are joined or points excluded.
fn has_unlike_settings(manifest: &Manifest, axis: usize) -> bool {
    let levels = manifest.axes.get(axis).map_or(0, |axis| axis.levels.len());
    contrast::settings(manifest, axis, |_| true).any(|points| points.len() < levels)
}

fn replicates(level: &LevelAnswer) -> String {
    level.validation.map_or(0, |summary| summary.n).to_string()
}

/// Difference, p and verdict; of the first level, which has none, that it is the first.
fn evidence(comparison: Option<&Comparison>, place: usize) -> [String; 3] {
    let Some(comparison) = comparison else {
        let verdict = if place == 0 { "the first" } else { MISSING };
        return [MISSING.to_owned(), MISSING.to_owned(), verdict.to_owned()];
    };
    [
        comparison.difference.map_or_else(|| MISSING.to_owned(), |mean| with_interval(mean, comparison.interval)),
        comparison.p_holm.map_or_else(|| MISSING.to_owned(), p_value),
        long_verdict(comparison),
    ]
}

/// Every pair in one line, where there are few enough to read.
fn pairs(answer: &Answer, axis: &AxisAnswer) -> Vec<Block> {
    if axis.comparisons.is_empty() {
        return Vec::new();
    }
    if axis.comparisons.len() > FEW_PAIRS {
        return vec![Block::Paragraph(format!("{} comparisons.csv has each of them.", pairs_line(axis)))];
    }
    let mut table = Table::new().words(["a", "b"]).numbers(["n", "a - b", "of b", "p (Holm)"]).words(["a is"]);
    for comparison in &axis.comparisons {
        let [difference, p, verdict] = evidence(Some(comparison), comparison.a);
        table.row(vec![
            axis.label(comparison.a).to_owned(),
            axis.label(comparison.b).to_owned(),
            comparison.n.to_string(),
            difference,
            comparison.relative().map_or_else(|| MISSING.to_owned(), percent),
            p,
            verdict,
        ]);
    }
    vec![Block::Paragraph(format!("Every pair, by {}:", answer.compared_by_name)), Block::Table(table)]
}
