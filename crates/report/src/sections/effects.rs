//! How much each axis and each pair of axes matters.

use crate::answer::Answer;
use crate::effects::{Contrast, Effect, Effects};
use crate::factors::NoFullGrid;
use crate::number::{MISSING, count, figure_or_dash, p_value, percent};
use crate::page::{Block, Table};
use crate::results::Results;
use crate::sentences::{counted, left_out, with_interval};
use crate::tables::effects::{labels_of, name};

/// Effects that the table shows: the main ones, and the largest interactions.
const MOST_EFFECTS: usize = 30;

/// Contrasts that are listed one by one.
const MOST_CONTRASTS: usize = 30;

/// Shares of variance, and the contrasts of the largest interactions; nothing for fewer than two axes that vary.
pub(super) fn effects(results: &Results<'_>, answer: &Answer) -> Vec<Block> {
    let varying = answer.axes.iter().filter(|axis| axis.levels.len() > 1).count();
    if varying < 2 {
        return Vec::new();
    }
    let heading = Block::Heading(2, "What matters most".to_owned());
    let found = match &answer.effects {
        Ok(found) => found,
        Err(crate::effects::NoEffects::NoFullGrid(NoFullGrid::NothingVaries)) => return Vec::new(),
        Err(error) => {
            return vec![heading, Block::Paragraph(format!("How much each axis matters cannot be said: {error}."))];
        }
    };
    let mut blocks = vec![heading];
    blocks.push(Block::Paragraph(format!(
        "Shares of the variance of {} between points, over {} that have each of {}: of an axis alone, and of two axes \
         beyond what each does alone. A share describes this grid; p says whether the effect is there at all, from \
         contrasts within replicates (the smallest after Holm). {}",
        answer.compared_by_name,
        counted(found.replicates as u64, "replicate"),
        counted(found.grid.cells.len() as u64, "point"),
        left_out(answer, found).unwrap_or_default()
    )));
    blocks.extend(shares(results, found));
    blocks.extend(contrasts(results, found));
    blocks
}

fn shares(results: &Results<'_>, found: &Effects) -> Vec<Block> {
    let mut table = Table::new().words(["effect"]).numbers(["share", "with noise", "df", "F", "p (Holm)"]);
    let mut interactions: Vec<&Effect> = found.interactions().collect();
    interactions.sort_by(|one, other| other.best_share().unwrap_or(0.0).total_cmp(&one.best_share().unwrap_or(0.0)));
    let total = found.effects.len();
    let listed = found.main().chain(interactions).take(MOST_EFFECTS);
    for effect in listed.chain(&found.higher) {
        let share = |share: Option<f64>| share.map_or_else(|| MISSING.to_owned(), percent);
        table.row(vec![
            name(results, found, effect),
            share(effect.share),
            share(effect.raw_share),
            count(effect.degrees as u64),
            figure_or_dash(effect.f.map(|(f, _)| f)),
            effect.p_holm().map_or_else(|| MISSING.to_owned(), p_value),
        ]);
    }
    let mut blocks = vec![Block::Table(table)];
    if total > MOST_EFFECTS {
        blocks.push(Block::Paragraph(format!(
            "These are {MOST_EFFECTS} of {} effects; effects.csv has all of them.",
            count(total as u64)
        )));
    }
    blocks
}

/// Every contrast of the interactions, where there are few; those of axes alone stand with the axes.
fn contrasts(results: &Results<'_>, found: &Effects) -> Vec<Block> {
    let rows: Vec<(&Effect, &Contrast)> = found
        .interactions()
        .flat_map(|effect| effect.contrasts.iter().map(move |contrast| (effect, contrast)))
        .collect();
    if rows.is_empty() {
        return Vec::new();
    }
    if rows.len() > MOST_CONTRASTS {
        let words = format!("effects.csv has the {} contrasts of the interactions.", count(rows.len() as u64));
        return vec![Block::Paragraph(words)];
    }
    let mut table = Table::new().words(["interaction", "levels", "against"]).numbers([
        "n",
        "difference of differences",
        "p",
        "p (Holm)",
    ]);
    for (effect, contrast) in rows {
        let p = |p: Option<f64>| p.map_or_else(|| MISSING.to_owned(), p_value);
        table.row(vec![
            name(results, found, effect),
            labels_of(results, found, effect, &contrast.levels),
            labels_of(results, found, effect, &vec![0; contrast.levels.len()]),
            contrast.n.to_string(),
            with_interval(contrast.mean, contrast.interval),
            p(contrast.p),
            p(contrast.p_holm),
        ]);
    }
    vec![Block::Folded("Contrasts of the interactions".to_owned(), table)]
}
