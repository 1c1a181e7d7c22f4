//! Winner and baseline on fresh replicates.

use crate::answer::Answer;
use crate::confirmation::{Confirmed, Role, long_verdict};
use crate::number::{MISSING, p_value, percent};
use crate::page::{Block, Table};
use crate::sentences::{counted, mean, with_interval};

/// The two points side by side, and their difference; nothing where the sweep confirms nothing, or not yet.
pub(super) fn confirmation(answer: &Answer) -> Vec<Block> {
    let Some(confirmation) = &answer.confirmation else { return Vec::new() };
    let is_tested = confirmation.compared_by.is_test();
    let objective = &answer.objective;
    let [validation, test, beside] =
        [objective.validation(), objective.test(), objective.beside(is_tested)].map(|figure| objective.words(figure));
    let mut table = Table::new().words(["role", "point"]).numbers(["n", validation.as_str()]);
    if is_tested {
        table = table.numbers([test.as_str()]);
    }
    table = table.numbers([beside.as_str()]);
    let grid = answer.best.as_ref().map(|best| &best.leader);
    let cells = |confirmed: &Confirmed| {
        let n = confirmed.validation.as_ref().map_or(0, |summary| summary.n);
        let mut cells = vec![confirmed.role.word().to_owned(), confirmed.name.clone(), n.to_string()];
        cells.push(mean(confirmed.validation.as_ref()));
        if is_tested {
            cells.push(mean(confirmed.test.as_ref()));
        }
        cells.push(mean(confirmed.beside.as_ref()));
        cells
    };
    for confirmed in confirmation.points() {
        table.row(cells(confirmed));
        if let Some(grid) = grid.filter(|_| confirmed.role == Role::Winner) {
            let mut cells = vec!["(the same, as chosen)".to_owned(), grid.name.clone()];
            cells.push(grid.validation.n.to_string());
            cells.push(mean(Some(&grid.validation)));
            if is_tested {
                cells.push(mean(grid.test.as_ref()));
            }
            cells.push(mean(grid.beside.as_ref()));
            table.row(cells);
        }
    }
    let last = u64::from(confirmation.first_replicate) + u64::from(confirmation.replicates) - 1;
    let mut blocks = vec![
        Block::Heading(2, "The winner on fresh replicates".to_owned()),
        Block::Paragraph(format!(
            "{}, numbered {} to {last}: splits, orders and first weights of their own, which no point was chosen by. \
             confirmation.csv has each trial.",
            counted(u64::from(confirmation.replicates), "replicate"),
            confirmation.first_replicate
        )),
        Block::Table(table),
    ];
    if let Some(difference) = &confirmation.difference {
        let mut table = Table::new()
            .words(["difference"])
            .numbers(["n", "winner - baseline", "of the baseline", "p"])
            .words(["winner is"]);
        table.row(vec![
            answer.compared_by_name.clone(),
            difference.n.to_string(),
            difference.mean.map_or_else(|| MISSING.to_owned(), |mean| with_interval(mean, difference.interval)),
            difference.relative().map_or_else(|| MISSING.to_owned(), percent),
            difference.p.map_or_else(|| MISSING.to_owned(), p_value),
            long_verdict(difference),
        ]);
        blocks.push(Block::Table(table));
    }
    blocks
}
