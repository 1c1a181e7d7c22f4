//! Whether trainings were too long or too short.

use crate::answer::{Answer, name_of};
use crate::fit::{Evidence, Fit, FitVerdict, OVERFITTING_PERCENT, Tested};
use crate::number::{MISSING, count, figure_or_dash, p_value, percent};
use crate::page::{Block, Subject, Table};
use crate::results::Results;
use crate::sentences::{counted, margin, with_interval};
use crate::tables::summary::of_point;

/// Points that the table shows.
const MOST_POINTS: usize = 30;

/// The verdict on every point with its evidence, the best points first where there are many; nothing where no point has
/// enough replicates.
pub(super) fn fit(results: &Results<'_>, answer: &Answer) -> Vec<Block> {
    if answer.fits.iter().all(|fit| fit.is(FitVerdict::NoVerdict)) {
        return Vec::new();
    }
    let mut blocks = vec![Block::Heading(2, "Trained too long, or too short?".to_owned())];
    blocks.push(Block::Paragraph(format!(
        "Overfits: the validation loss rises from the best stretch of epochs to the last tenth (rise; interval and p \
         hold for whichever stretch is best), by more than {OVERFITTING_PERCENT} % from the best epoch on, while the \
         training loss fell on. \
         Underfits: no better than the best constant prediction, or another point has lower training and validation \
         loss. Still improving: the validation loss fell by more than {} over the last tenth of the epochs. Restored: \
         the network that was kept is that of its best epoch. p is one-sided, after Holm over all points.",
        margin()
    )));
    let shown: Vec<&Fit> = if answer.fits.len() > MOST_POINTS {
        let mut ranked: Vec<(f64, &Fit)> =
            answer.fits.iter().filter_map(|fit| Some((chosen_by(results, fit)?, fit))).collect();
        ranked.sort_by(|one, other| answer.objective.order(one.0, other.0).then(one.1.point.cmp(&other.1.point)));
        ranked.into_iter().take(MOST_POINTS).map(|(_, fit)| fit).collect()
    } else {
        answer.fits.iter().collect()
    };
    let mut table = Table::new()
        .words(results.manifest().axes.iter().map(|axis| axis.name.as_str()))
        .words(["verdict"])
        .numbers(["n", "best epoch", "of", "rise", "p", "fall at the end", "p", "validation - training", "constant"])
        .words(["better in both"]);
    for fit in &shown {
        table.row_of(Subject::Point(fit.point), row(results, fit));
    }
    let title = "The verdict on each point and its evidence".to_owned();
    blocks.push(if shown.len() > 12 { Block::Folded(title, table) } else { Block::Table(table) });
    if answer.fits.len() > shown.len() {
        blocks.push(Block::Paragraph(format!(
            "These are the {} of {} mean {}; verdicts.csv has all {}.",
            counted(shown.len() as u64, "point"),
            answer.objective.best_word(),
            answer.objective.validation_words(),
            count(answer.fits.len() as u64)
        )));
    }
    blocks
}

/// The mean that its point is ranked by.
fn chosen_by(results: &Results<'_>, fit: &Fit) -> Option<f64> {
    of_point(results, fit.point, results.objective().validation()).map(|summary| summary.mean)
}

fn row(results: &Results<'_>, fit: &Fit) -> Vec<String> {
    let manifest = results.manifest();
    let mut cells: Vec<String> =
        (0..manifest.axes.len()).map(|axis| manifest.label(fit.point, axis).to_owned()).collect();
    cells.push(fit.words());
    cells.push(fit.n.to_string());
    let evidence = fit.evidence.as_deref();
    let text =
        |read: &dyn Fn(&Evidence) -> Option<String>| evidence.and_then(read).unwrap_or_else(|| MISSING.to_owned());
    cells.push(text(&|evidence| Some(evidence.best_epoch.to_string())));
    cells.push(text(&|evidence| Some(evidence.epochs.to_string())));
    let p = |test: Tested| p_value(test.p_holm);
    cells.push(text(&|evidence| evidence.rise.map(growth)));
    cells.push(text(&|evidence| evidence.rise.map(p)));
    cells.push(text(&|evidence| evidence.fall.map(|fall| with_interval(fall.mean, Some(fall.interval)))));
    cells.push(text(&|evidence| evidence.fall.map(p)));
    cells.push(text(&|evidence| evidence.gap.map(|gap| with_interval(gap.mean, gap.interval))));
    cells
        .push(figure_or_dash(evidence.and_then(|evidence| evidence.constant_loss).map(|constant| constant.validation)));
    let beaten = evidence.and_then(|evidence| evidence.beaten).filter(|beaten| beaten.holds);
    cells.push(beaten.map_or_else(|| MISSING.to_owned(), |beaten| name_of(results, beaten.by)));
    cells
}

/// A rise in per cent with the ends of its interval, which does not lie evenly around it.
fn growth(rise: Tested) -> String {
    let [mean, low, high] = [rise.mean, rise.interval.low, rise.interval.high].map(|growth| percent(growth / 100.0));
    format!("{mean} ({low} to {high})")
}
