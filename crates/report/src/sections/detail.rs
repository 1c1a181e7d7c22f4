//! The best point in every metric, and what it confuses.

use crate::answer::Answer;
use crate::detail::{Detail, Shape};
use crate::draw;
use crate::number::count;
use crate::page::{Block, Table};
use crate::predictions::KeptPredictions;
use crate::sentences::{counted, mean};
use crate::text::capital;

/// Classes beyond which the table of counts is folded.
const MOST_CLASSES: usize = 12;

/// Metrics, and a picture of predictions against the truth; where the predictions are lacking, why. Nothing where none
/// are wanted.
pub(super) fn detail(answer: &Answer) -> Vec<Block> {
    let heading = || Block::Heading(2, "The best point in detail".to_owned());
    if let KeptPredictions::Lacking(lack) = &answer.predictions {
        return vec![heading(), Block::Paragraph(lack.sentence())];
    }
    let Some(detail) = &answer.detail else { return Vec::new() };
    let mut table = Table::new().words(["metric"]).numbers(["mean over replicates", "n"]).words(["what it is"]);
    for metric in &detail.metrics {
        let n = metric.summary.as_ref().map_or(0, |summary| summary.n);
        table.row(vec![
            metric.name.to_owned(),
            mean(metric.summary.as_ref()),
            n.to_string(),
            meaning(metric.name).to_owned(),
        ]);
    }
    let mut blocks = vec![heading(), Block::Paragraph(introduction(detail, answer)), Block::Table(table)];
    match &detail.shape {
        Shape::Confusion { classes, counts } => {
            blocks.extend(draw::confusion::picture(detail).map(|picture| Block::Picture(Box::new(picture))));
            let table = confusion_table(classes, counts);
            blocks.push(if classes.len() > MOST_CLASSES {
                Block::Folded("Rows by true and predicted class".to_owned(), table)
            } else {
                Block::Table(table)
            });
        }
        Shape::Scatter { .. } => {
            blocks.extend(draw::scatter::picture(detail).map(|picture| Block::Picture(Box::new(picture))));
        }
    }
    blocks
}

fn introduction(detail: &Detail, answer: &Answer) -> String {
    let rows = if detail.is_tested {
        format!("{} that had no part in training or choosing", counted(detail.rows as u64, "test row"))
    } else {
        format!(
            "{}, which chose the point, so the figures are a little too good (the sweep keeps no test rows)",
            counted(detail.rows as u64, "validation row")
        )
    };
    let replicates = if detail.replicates < answer.replicates as usize {
        format!("the first {} of {} replicates", count(detail.replicates as u64), count(u64::from(answer.replicates)))
    } else {
        counted(detail.replicates as u64, "replicate")
    };
    format!(
        "{}: what its networks say of {rows}, over {replicates}; ± is the 95 % interval. predictions.parquet has every \
         row.",
        capital(&detail.name)
    )
}

/// What a metric is, in a few words.
fn meaning(metric: &str) -> &'static str {
    match metric {
        "accuracy" => "share of rows whose class is predicted; 1 is best",
        "balanced accuracy" => "mean over classes of the share of their rows that is found; 1 is best",
        "macro F1" => "mean over classes of the harmonic mean of precision and recall; 1 is best",
        "log loss" => "mean of -ln of the probability of the true class; 0 is best",
        "Brier score" => "mean squared distance of the probabilities from the truth, summed over classes; 0 is best",
        "MAE" => "mean distance from the target, in its own units; 0 is best",
        "RMSE" => "square root of the mean squared distance, in the target's own units; 0 is best",
        "MSE" => "mean squared distance, in squared units of the target; 0 is best",
        "R²" => "share of the target's variance that is explained; 1 is best, 0 is the mean of the rows",
        _ => "",
    }
}

/// A row a true class, a column a predicted one, and the recall and precision of each.
fn confusion_table(classes: &[String], counts: &[Vec<u64>]) -> Table {
    let columns: Vec<String> = classes.iter().map(|class| format!("said {class}")).collect();
    let mut table = Table::new().words(["true class"]).numbers(columns.iter().map(String::as_str));
    table = table.numbers(["recall", "precision"]);
    for (class, (name, row)) in classes.iter().zip(counts).enumerate() {
        let own = row.get(class).copied().unwrap_or(0);
        let said: u64 = counts.iter().filter_map(|row| row.get(class)).sum();
        let share = |of: u64| {
            if of == 0 { crate::number::MISSING.to_owned() } else { crate::number::percent(own as f64 / of as f64) }
        };
        let mut cells = vec![name.clone()];
        cells.extend(row.iter().map(|rows| count(*rows)));
        cells.extend([share(row.iter().sum()), share(said)]);
        table.row(cells);
    }
    table
}
