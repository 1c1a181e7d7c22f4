//! A confusion matrix: rows by true and predicted class, as numbers on colours.

use maud::html;

use super::heat_scale::heat_scale;
use super::palette::{heat, heat_ink, heat_step};
use super::picture::{Drawing, Picture};
use super::svg::{mark, rectangle, short_text, shorten, text};
use crate::detail::{Detail, Shape};
use crate::number::{count, percent};
use crate::page::{Subject, Table};

/// The picture's width where the classes leave it free: room for a caption beside few of them.
const WIDTH: f64 = 720.0;

/// Classes that are drawn at most; of more the table has all.
const MOST_CLASSES: usize = 30;

/// Characters of a class' name.
const NAME: usize = 16;

/// The picture of what the best point takes for what; `None` of a regression, or of more classes than can be drawn.
pub fn picture(detail: &Detail) -> Option<Picture> {
    let Shape::Confusion { classes, counts } = &detail.shape else { return None };
    if classes.len() > MOST_CLASSES {
        return None;
    }
    let mut table = Table::new().words(["true class", "predicted class"]).numbers(["rows", "of the true class"]);
    for (name, row) in classes.iter().zip(counts) {
        let all: u64 = row.iter().sum();
        for (said, rows) in classes.iter().zip(row).filter(|(_, rows)| **rows > 0) {
            table.row(vec![name.clone(), said.clone(), count(*rows), percent(*rows as f64 / all as f64)]);
        }
    }
    Some(Picture {
        id: "confusion".to_owned(),
        title: "What the best point takes for what".to_owned(),
        description: description(classes, counts),
        caption: caption(detail, classes, counts),
        drawing: draw(classes, counts),
        table,
        is_timed: false,
    })
}

fn draw(classes: &[String], counts: &[Vec<u64>]) -> Drawing {
    let letters = classes.iter().map(|class| shorten(class, NAME).chars().count()).max().unwrap_or(0);
    let left = (letters as f64 * 6.8 + 22.0).max(78.0);
    let cell = ((WIDTH - left - 12.0) / classes.len().max(1) as f64).clamp(20.0, 56.0);
    let row = cell.min(30.0);
    let top = 48.0;
    let bottom = top + row * classes.len() as f64;
    let right = left + cell * classes.len() as f64;
    let most = (cell / 6.4) as usize;
    let body = html! {
        (text(left, 14.0, "soft small", "predicted class"))
        (text(4.0, top - 8.0, "soft small", "true class"))
        @for (place, class) in classes.iter().enumerate() {
            (short_text(left + cell * (place as f64 + 0.5), top - 8.0, "small middle", class, most.max(2)))
            (short_text(left - 8.0, top + row * (place as f64 + 0.5) + 4.0, "end", class, NAME))
        }
        @for (truth, (name, counts)) in classes.iter().zip(counts).enumerate() {
            @let all: u64 = counts.iter().sum();
            @for (said, (said_name, rows)) in classes.iter().zip(counts).enumerate() {
                @let (x, y) = (left + cell * said as f64, top + row * truth as f64);
                @let share = *rows as f64 / all.max(1) as f64;
                @let step = shade(share);
                @let words = format!("{name} taken for {said_name}: {} of {} rows ({})", count(*rows), count(all), percent(share));
                @let right = format!("{name} taken for itself: {} of {} rows ({})", count(*rows), count(all), percent(share));
                (mark(Subject::Sweep, if truth == said { &right } else { &words }, &html! {
                    @if *rows > 0 {
                        (rectangle(&format!("cell {}", heat(step)), x, y, cell - 1.0, row - 1.0))
                        (text(x + cell / 2.0, y + row / 2.0 + 4.0, &format!("small middle {}", heat_ink(step)), &count(*rows)))
                    } @else {
                        (rectangle("empty", x + 1.0, y + 1.0, cell - 3.0, row - 3.0))
                    }
                }))
            }
        }
        (heat_scale((left, bottom + 14.0), false, ["few", "all"], Some("of the rows of the true class")))
    };
    Drawing::new(right.max(WIDTH * 0.6) + 12.0, bottom + 48.0, body)
}

/// The step of a share of a class: all is the best one. A share is shown by its root, so that few rows are seen.
fn shade(share: f64) -> usize {
    heat_step(1.0 - libm::sqrt(share.clamp(0.0, 1.0)))
}

/// The pairs that are confused most often, the most frequent first.
fn confused<'a>(classes: &'a [String], counts: &[Vec<u64>]) -> Vec<(&'a str, &'a str, u64, u64)> {
    let mut pairs: Vec<(usize, usize, u64, u64)> = Vec::new();
    for (truth, row) in counts.iter().enumerate() {
        let all = row.iter().sum();
        let wrong = row.iter().enumerate().filter(|(said, rows)| *said != truth && **rows > 0);
        pairs.extend(wrong.map(|(said, rows)| (truth, said, *rows, all)));
    }
    pairs.sort_by_key(|(truth, said, rows, _)| (std::cmp::Reverse(*rows), *truth, *said));
    pairs
        .into_iter()
        .filter_map(|(truth, said, rows, all)| {
            Some((classes.get(truth)?.as_str(), classes.get(said)?.as_str(), rows, all))
        })
        .collect()
}

fn description(classes: &[String], counts: &[Vec<u64>]) -> String {
    let all: u64 = counts.iter().flatten().sum();
    let right: u64 = counts.iter().enumerate().filter_map(|(class, row)| row.get(class)).sum();
    let share = percent(right as f64 / all.max(1) as f64);
    let mut text =
        format!("{} of {} rows ({share}) are on the diagonal, where the class is right.", count(right), count(all));
    let confused: Vec<String> = confused(classes, counts)
        .into_iter()
        .take(3)
        .map(|(truth, said, rows, all)| format!("{truth} for {said} ({} of {} rows)", count(rows), count(all)))
        .collect();
    if !confused.is_empty() {
        text.push_str(&format!(" Most often taken wrongly: {}.", confused.join(", ")));
    }
    text
}

fn caption(detail: &Detail, classes: &[String], counts: &[Vec<u64>]) -> String {
    let rows = if detail.is_tested { "test" } else { "validation" };
    format!(
        "A row is a true class, a column what the networks say; numbers are {rows} rows, summed over {} replicates. What \
         stands off the diagonal is wrong. {}",
        count(detail.replicates as u64),
        description(classes, counts)
    )
}
