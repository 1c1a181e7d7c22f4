//! The report's page, section by section: the answer first, what it cost last.

mod activations;
mod augmentation;
mod batches;
mod budget;
mod comparisons;
mod complexity;
mod confirmation;
mod cost;
mod detail;
mod dropout;
mod effects;
mod ensembles;
mod fit;
mod key_figures;
mod levels;
mod method;
mod more_data;
mod optimizers;
mod outcomes;
mod points;
mod price;
mod together;
mod training;

use swath_results::manifest::Task;
use swath_results::run::RunRecord;

use crate::answer::Answer;
use crate::number::count;
use crate::page::Block;
use crate::plot::{Shown, TabledPlots};
use crate::results::Results;
use crate::sentences::counted;

/// The whole page. Only the last section, which stands where a `run` is known, may differ between two runs.
/// Pictures and long tables show the points of `shown`; `tabled` is of the same results.
pub fn page(
    results: &Results<'_>,
    answer: &Answer,
    shown: &Shown,
    tabled: &TabledPlots,
    run: Option<&RunRecord>,
) -> Vec<Block> {
    let mut page = vec![Block::Heading(1, answer.name.clone()), Block::Paragraph(subject(results))];
    page.push(Block::Heading(2, "The answer".to_owned()));
    page.push(Block::Figures(key_figures::key_figures(answer)));
    page.push(Block::List(answer.headline()));
    page.extend(confirmation::confirmation(answer));
    page.extend(levels::architectures(results, answer));
    page.extend(batches::batches(results));
    page.extend(levels::settings(results, answer));
    page.extend(augmentation::augmentation(results, answer));
    page.extend(activations::activations(results, answer));
    page.extend(dropout::dropout(results));
    page.extend(tabled.optimizers.as_ref().map(optimizers::optimizers).unwrap_or_default());
    page.extend(comparisons::comparisons(results, answer));
    page.extend(effects::effects(results, answer));
    page.extend(together::together(results, answer));
    page.extend(points::points(results, answer, shown));
    page.extend(detail::detail(answer));
    page.extend(ensembles::ensembles(answer));
    page.extend(price::price(results, answer, shown));
    page.extend(training::training(results, answer, shown));
    page.extend(fit::fit(results, answer));
    page.extend(complexity::complexity(results, answer));
    page.extend(complexity::early_stopping(results));
    page.extend(more_data::more_data(&tabled.more_data));
    page.extend(budget::budget(answer));
    page.extend(outcomes::left_out(results, answer));
    page.extend(method::method(results, answer));
    let mut page = with_long_tables_last(page);
    if let Some(run) = run {
        page.extend(cost::cost(results, run));
        page.extend(activations::speed(results));
        page.extend(price::of_time(results, answer, shown));
    }
    page
}

/// Rows of a folded table beyond which it stands at the end.
const MOST_ROWS_BETWEEN: usize = 40;

/// The page with its long folded tables in a section of their own at the end: Markdown cannot fold them.
fn with_long_tables_last(page: Vec<Block>) -> Vec<Block> {
    let is_long = |block: &Block| matches!(block, Block::Folded(_, table) if table.rows.len() > MOST_ROWS_BETWEEN);
    let (tables, mut page): (Vec<Block>, Vec<Block>) = page.into_iter().partition(is_long);
    if !tables.is_empty() {
        page.push(Block::Heading(2, "The numbers".to_owned()));
        page.extend(tables);
    }
    page
}

/// What is predicted, and how large the sweep is.
fn subject(results: &Results<'_>) -> String {
    let manifest = results.manifest();
    let objective = &manifest.objective;
    let task = match objective.task {
        Task::Regression => "Regression",
        Task::Classification => "Classification",
    };
    format!(
        "{task}: {} from {}; loss {}, metric {}{}. {} x {} = {}.",
        objective.target,
        counted(u64::from(manifest.data.inputs), "input"),
        objective.loss,
        objective.metric,
        if results.objective().is_loss() { "" } else { ", which decides what is best" },
        counted(manifest.points.len() as u64, "point"),
        counted(u64::from(manifest.replicates), "replicate"),
        match results.counts() {
            counts if counts.missing > 0 => format!(
                "{}; partial: {} of {} are there",
                counted(counts.total(), "trial"),
                count(counts.total() - counts.missing),
                count(counts.total())
            ),
            counts => counted(counts.total(), "trial"),
        }
    )
}
