//! What a smaller sweep would have found.

use crate::answer::Answer;
use crate::budget::Budget;
use crate::number::{count, figure};
use crate::page::{Block, Table};

/// Budgets that the table shows, in about equal ratios.
const MOST_ROWS: usize = 12;

/// The expected best of 1, 2, 4, ... points; nothing for fewer than three.
pub(super) fn budget(answer: &Answer) -> Vec<Block> {
    let budgets = &answer.budgets;
    if budgets.len() < 3 {
        return Vec::new();
    }
    let objective = &answer.objective;
    let expected = format!("expected best {}", objective.validation_words());
    let mut table = Table::new().numbers(["points tried", "steps", expected.as_str(), "with replacement"]);
    for budget in chosen(budgets) {
        table.row(vec![
            count(budget.points as u64),
            count(budget.steps.round() as u64),
            figure(budget.expected_best),
            figure(budget.with_replacement),
        ]);
    }
    vec![
        Block::Heading(2, "What fewer points would have found".to_owned()),
        Block::Paragraph(format!(
            "The {} mean {} to be expected of so many points of this grid, drawn at random (Tang et al. \
             2020; with replacement Dodge et al. 2019). Steps are those of one replicate of each. Where the numbers \
             hardly {} any more, fewer points would have done. expected_best.csv has more of them.",
            objective.best_word(),
            objective.validation_words(),
            objective.either("fall", "rise")
        )),
        Block::Table(table),
    ]
}

/// Budgets at powers of two, and the last; each second, fourth, ... of them where these are too many.
fn chosen(budgets: &[Budget]) -> Vec<&Budget> {
    let mut chosen: Vec<&Budget> = Vec::new();
    for budget in budgets {
        let doubled = chosen.last().is_none_or(|last| budget.points >= 2 * last.points);
        if doubled {
            chosen.push(budget);
        }
    }
    let every = chosen.len().div_ceil(MOST_ROWS);
    let mut chosen: Vec<&Budget> = chosen.into_iter().step_by(every.max(1)).collect();
    if let Some(last) = budgets.last()
        && chosen.last().is_none_or(|shown| shown.points < last.points)
    {
        chosen.push(last);
    }
    chosen
}
