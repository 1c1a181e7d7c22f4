//! The report's page, section by section: the answer first, what it cost last.

mod budget;
mod comparisons;
mod confirmation;
mod cost;
mod effects;
mod fit;
mod levels;
mod method;
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
use crate::plot::Shown;
use crate::results::Results;
use crate::sentences::counted;

/// The whole page. Only the last section, which stands where a `run` is known, may differ between two runs.
/// Pictures and long tables show the points of `shown`.
pub fn page(results: &Results<'_>, answer: &Answer, shown: &Shown, run: Option<&RunRecord>) -> Vec<Block> {
    let mut page = vec![Block::Heading(1, answer.name.clone()), Block::Paragraph(subject(results))];
    page.push(Block::Heading(2, "The answer".to_owned()));
    page.push(Block::List(answer.headline()));
    page.extend(confirmation::confirmation(answer));
    page.extend(levels::architectures(results, answer));
    page.extend(levels::settings(results, answer));
    page.extend(comparisons::comparisons(results, answer));
    page.extend(effects::effects(results, answer));
    page.extend(together::together(results, answer));
    page.extend(points::points(results, answer, shown));
    page.extend(price::price(results, answer, shown));
    page.extend(training::training(results, answer, shown));
    page.extend(fit::fit(results, answer));
    page.extend(budget::budget(answer));
    page.extend(outcomes::left_out(results, answer));
    page.extend(method::method(results, answer));
    if let Some(run) = run {
        page.extend(cost::cost(run));
        page.extend(price::of_time(results, answer, shown));
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
        "{task}: {} from {}; loss {}, metric {}. {} x {} = {}.",
        objective.target,
        counted(u64::from(manifest.data.inputs), "input"),
        objective.loss,
        objective.metric,
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
