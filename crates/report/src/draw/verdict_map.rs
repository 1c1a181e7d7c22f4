//! The verdicts by parameters and by epochs or rows: a square with a letter a point.

use maud::{Markup, html};

use super::legend::{Entry, Sample, legend};
use super::panels::WIDTH;
use super::picture::{Drawing, Picture};
use super::svg::{line, mark, rectangle, text};
use crate::number::count;
use crate::page::{Subject, Table};
use crate::plot::VerdictMap;
use crate::plot::verdict_map::{Cell, KINDS, Kind, MOST, Rows};
use crate::sentences::counted;

/// Squares of a cell that the caption tells apart.
const MOST_TOLD_APART: usize = 4;
/// The edge of a square.
const SQUARE: f64 = 13.0;
/// From one square to the next.
const STEP: f64 = 15.0;
const LEFT: f64 = 64.0;

/// The picture of the map.
pub fn picture(map: &VerdictMap) -> Picture {
    Picture {
        id: "verdicts".to_owned(),
        title: match map.rows_are {
            Rows::Epochs => "Who overfits, and who underfits: parameters and epochs",
            Rows::TrainingRows => "Who overfits, and who underfits: parameters and training rows",
            Rows::Nothing => "Who overfits, and who underfits: parameters",
        }
        .to_owned(),
        description: description(map),
        caption: caption(map),
        drawing: draw(map),
        table: table(map),
        is_timed: false,
    }
}

fn class(kind: Kind) -> &'static str {
    match kind {
        Kind::Overfits => "cell s1",
        Kind::Underfits => "cell s0",
        Kind::StillImproving => "cell s3",
        Kind::Fits => "cell s2",
        Kind::NoVerdict => "cell s7",
    }
}

fn draw(map: &VerdictMap) -> Drawing {
    let entries: Vec<Entry> = KINDS
        .into_iter()
        .filter(|kind| map.count(*kind) > 0)
        .map(|kind| Entry::new(Sample::Area(class(kind).to_owned()), format!("{}: {}", kind.letter(), kind.word())))
        .collect();
    let (above, top) = legend(&entries, 0.0, 0.0, WIDTH);
    let columns = map.parameters.len().max(1);
    let room = (WIDTH - LEFT - 8.0) / columns as f64;
    let across = (((room - 10.0) / STEP).floor() as usize).max(1);
    let most = (0..map.rows.len())
        .flat_map(|row| (0..columns).map(move |column| (row, column)))
        .filter_map(|(row, column)| Some(map.cell(row, column)?.shown.len()))
        .max()
        .unwrap_or(1);
    let height = most.div_ceil(across).max(1) as f64 * STEP + 26.0;
    let head = top + 34.0;
    let bottom = head + height * map.rows.len() as f64;
    let body = html! {
        (above)
        @if map.rows_are != Rows::Nothing {
            (text(0.0, head - 10.0, "soft small", match map.rows_are { Rows::TrainingRows => "training rows", _ => "epochs" }))
        }
        @for (row, number) in map.rows.iter().enumerate() {
            @let y = head + height * row as f64;
            (line("rule", (LEFT, y), (WIDTH - 8.0, y)))
            @if map.rows_are != Rows::Nothing {
                (text(LEFT - 8.0, y + height / 2.0 + 4.0, "end", &count(*number)))
            }
            @for column in 0..columns {
                @if let Some(found) = map.cell(row, column) {
                    (cell(found, LEFT + room * column as f64 + 6.0, y + 8.0, across))
                }
            }
        }
        (line("axis", (LEFT, bottom), (WIDTH - 8.0, bottom)))
        @for (column, number) in map.parameters.iter().enumerate() {
            (text(LEFT + room * column as f64 + 6.0, bottom + 16.0, "small", &count(*number)))
        }
        (text(f64::midpoint(LEFT, WIDTH), bottom + 34.0, "soft middle", "trainable parameters"))
    };
    Drawing::new(WIDTH, bottom + 44.0, body)
}

fn cell(cell: &Cell, left: f64, top: f64, across: usize) -> Markup {
    let (shown, points) = (&cell.shown, cell.points());
    html! {
        @for (place, marked) in shown.iter().enumerate() {
            @let x = left + STEP * (place % across) as f64;
            @let y = top + STEP * (place / across) as f64;
            (mark(Subject::Point(marked.point), &format!("{}: {}", marked.name, marked.words), &html! {
                (rectangle(class(marked.kind), x, y, SQUARE, SQUARE))
                (text(x + SQUARE / 2.0, y + 10.0, "letter small middle", marked.kind.letter()))
            }))
        }
        @if points > shown.len() {
            (text(left, top + STEP * shown.len().div_ceil(across) as f64 + 10.0, "soft small", &format!("and {} more", count((points - shown.len()) as u64))))
        }
    }
}

fn description(map: &VerdictMap) -> String {
    let each = KINDS
        .into_iter()
        .filter(|kind| map.count(*kind) > 0)
        .map(|kind| format!("{} {}", counted(map.count(kind) as u64, "point"), kind.word()));
    format!("Of the points drawn: {}.", each.collect::<Vec<_>>().join(", "))
}

fn caption(map: &VerdictMap) -> String {
    let mut words = "A square is a point, its letter the verdict; where several hold, overfitting comes first, then \
                     underfitting, then still improving. Overfits: training loss goes on falling while validation loss rises; \
                     more likely to the right (a more complex model), with more epochs and with fewer rows. Underfits: too \
                     simple, or trained too short; more likely to the left. A point whose best weights were restored is \
                     marked as its training went."
        .to_owned();
    words.extend(order(map));
    if map.left_out > 0 {
        words.push_str(&format!(" Of more than {MOST} columns or rows those that are evenly spread are drawn."));
    }
    words
}

/// What tells the squares of a cell apart, where there are a few: ` In a cell, from the left: a, then b.`
fn order(map: &VerdictMap) -> Option<String> {
    let places = (0..map.rows.len()).flat_map(|row| (0..map.parameters.len()).map(move |column| (row, column)));
    let cell = places.filter_map(|(row, column)| map.cell(row, column)).find(|cell| cell.points() > 1)?;
    if cell.points() > MOST_TOLD_APART {
        return None;
    }
    let settings: Vec<Vec<&str>> = cell.shown.iter().map(|marked| marked.name.split(", ").collect()).collect();
    let is_common = |setting: &&str| settings.iter().all(|others| others.contains(setting));
    let own = settings.iter().map(|settings| settings.iter().filter(|setting| !is_common(setting)).copied());
    let own: Vec<String> = own.map(|own| own.collect::<Vec<_>>().join(", ")).collect();
    let differ = own.iter().all(|words| !words.is_empty());
    differ.then(|| format!(" In a cell, from the left: {}.", own.join("; then ")))
}

fn table(map: &VerdictMap) -> Table {
    let first = match map.rows_are {
        Rows::TrainingRows => "training rows",
        Rows::Epochs | Rows::Nothing => "epochs",
    };
    let mut table = Table::new();
    if map.rows_are != Rows::Nothing {
        table = table.numbers([first]);
    }
    table = table.numbers(["parameters"]).numbers(KINDS.map(Kind::word));
    for (row, number) in map.rows.iter().enumerate() {
        for (column, parameters) in map.parameters.iter().enumerate() {
            let Some(cell) = map.cell(row, column).filter(|cell| cell.points() > 0) else { continue };
            let mut cells = if map.rows_are == Rows::Nothing { Vec::new() } else { vec![count(*number)] };
            cells.push(count(*parameters));
            cells.extend(KINDS.map(|kind| count(cell.count(kind) as u64)));
            table.row(cells);
        }
    }
    table
}
