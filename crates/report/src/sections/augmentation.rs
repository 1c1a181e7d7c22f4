//! What augmentation does to pictures, what it gains, and the gap that it leaves between training and validation.

use crate::answer::Answer;
use crate::augmentation::{AugmentedLevel, Group, axis, groups};
use crate::draw;
use crate::number::{MISSING, figure_or_dash, p_value, percent};
use crate::page::{Block, Subject, Table};
use crate::results::Results;
use crate::sentences::{long_verdict, mean, with_interval};
use crate::statistics::Verdict;

/// The section; nothing where no training rows are augmented, or where there is nothing to show or to compare.
pub(super) fn augmentation(results: &Results<'_>, answer: &Answer) -> Vec<Block> {
    let pictures = results.manifest().pictures.as_ref().map(draw::augmented::picture);
    let groups = groups(results, answer.compared_by);
    if pictures.is_none() && groups.is_empty() {
        return Vec::new();
    }
    let mut blocks = vec![Block::Heading(2, "Augmentation".to_owned())];
    blocks.push(Block::Paragraph(
        "Training rows are changed at random, anew in each epoch; validation and test rows never are.".to_owned(),
    ));
    blocks.extend(pictures.map(|picture| Block::Picture(Box::new(picture))));
    if groups.is_empty() {
        return blocks;
    }
    blocks.push(Block::List(groups.iter().flat_map(|group| sentences(group, answer)).collect()));
    let (objective, compared) = (&answer.objective, &answer.compared_by_name);
    let [side, than, improves] = objective.either(["below", "smaller", "lowers"], ["above", "larger", "raises"]);
    blocks.push(Block::Paragraph(format!(
        "Differences are to no augmentation, in the same replicates, averaged over all other settings, with Bonferroni's \
         interval; {side} 0 the {compared} is {than}, which is better. The gap is validation loss less training loss, both of \
         the rows as they are. It is wide where a network learns its training rows by heart. An augmentation that suits \
         the data narrows it and {improves} the {compared}; one that is too strong narrows it too, but because the network no \
         longer learns its training rows."
    )));
    for group in &groups {
        if let Some(rows) = &group.rows {
            blocks.push(Block::Heading(3, on(rows)));
        }
        blocks.push(Block::Table(table(results, answer, group)));
    }
    blocks
}

/// `On 200 training rows`.
fn on(rows: &str) -> String {
    format!("On {rows} training rows")
}

/// What helps and what hurts, the strongest first.
fn sentences(group: &Group, answer: &Answer) -> Vec<String> {
    let place = group.rows.as_deref().map_or_else(String::new, |rows| format!("{}: ", on(rows)));
    let of = |wanted: fn(Verdict) -> bool| {
        let mut found: Vec<(f64, String)> = group
            .levels
            .iter()
            .filter_map(|level| {
                let comparison = level.against_none.as_ref().filter(|comparison| wanted(comparison.verdict))?;
                let share = comparison.relative()?;
                Some((share, format!("{} by {}", level.label, percent(share.abs()))))
            })
            .collect();
        found.sort_by(|one, other| other.0.abs().total_cmp(&one.0.abs()));
        found.into_iter().map(|(_, words)| words).collect::<Vec<_>>().join("; ")
    };
    let better = of(|verdict| verdict == Verdict::Better);
    let worse = of(|verdict| verdict == Verdict::Worse);
    let open: Vec<&str> =
        group.levels.iter().filter(|level| is_open(level)).map(|level| level.label.as_str()).collect();
    let [improves, worsens] = answer.objective.either(["falls", "rises"], ["rises", "falls"]);
    let mut sentences = Vec::new();
    if !better.is_empty() {
        sentences.push(format!("{place}the {} {improves} with {better}.", answer.compared_by_name));
    }
    if !worse.is_empty() {
        sentences.push(format!("{place}the {} {worsens} with {worse}.", answer.compared_by_name));
    }
    if !open.is_empty() {
        sentences.push(format!("{place}not told apart from none: {}.", open.join("; ")));
    }
    sentences
}

fn is_open(level: &AugmentedLevel) -> bool {
    let verdict = level.against_none.as_ref().map(|comparison| comparison.verdict);
    verdict.is_some_and(|verdict| !matches!(verdict, Verdict::Better | Verdict::Worse))
}

fn table(results: &Results<'_>, answer: &Answer, group: &Group) -> Table {
    let beside = answer.objective.words(answer.objective.beside(answer.compared_by.is_test()));
    let mut table = Table::new()
        .words(["augmentation"])
        .numbers(["n", answer.compared_by_name.as_str(), "difference to none", "p (Holm)"])
        .words(["verdict"])
        .numbers([beside.as_str(), "training loss", "gap"]);
    let place = axis(results).unwrap_or(0);
    for level in &group.levels {
        let comparison = level.against_none.as_ref();
        let dash = || MISSING.to_owned();
        let difference = comparison.and_then(|found| Some(with_interval(found.difference?, found.interval)));
        table.row_of(
            Subject::Level { axis: place, level: level.level },
            vec![
                level.label.clone(),
                level.compared.map_or(0, |summary| summary.n).to_string(),
                mean(level.compared.as_ref()),
                difference.unwrap_or_else(dash),
                comparison.and_then(|found| found.p_holm).map_or_else(dash, p_value),
                comparison.map_or_else(dash, long_verdict),
                mean(level.beside.as_ref()),
                figure_or_dash(level.training_loss),
                level.gap.map_or_else(dash, |gap| with_interval(gap.mean, gap.interval)),
            ],
        );
    }
    table
}
