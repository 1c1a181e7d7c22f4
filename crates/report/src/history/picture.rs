//! A series over the nights: a dot a run, a line at each level, and where it changes.

use maud::html;

use super::series::Series;
use crate::draw::Picture;
use crate::draw::frame::Frame;
use crate::draw::picture::{Drawing, slug};
use crate::draw::scale::Scale;
use crate::draw::svg::{line, mark, number, path, rectangle};
use crate::number::{figure, percent};
use crate::page::{Subject, Table};
use crate::sentences::counted;

const WIDTH: f64 = 720.0;

/// The picture of a series.
pub(super) fn picture(series: &Series) -> Picture {
    let mut table = Table::new().words(["started", "revision"]).numbers([series.figure.as_str()]);
    for ((started, revision), value) in series.started.iter().zip(&series.revisions).zip(&series.values) {
        table.row(vec![started.clone(), revision.clone(), figure(*value)]);
    }
    Picture {
        id: slug(&series.title()),
        title: series.title(),
        description: description(series),
        caption: "A dot is a run, the oldest at the left; dashed lines are the means between changes of level, dotted ones the \
                  changes. They are found by E-divisive with a t test, and are advice: nothing fails by them."
            .to_owned(),
        drawing: draw(series),
        table,
        is_timed: true,
    }
}

fn draw(series: &Series) -> Drawing {
    let frame = Frame { left: 84.0, right: WIDTH - 14.0, top: 34.0, bottom: 200.0 };
    let runs = series.values.len();
    let across = Scale::whole((1..=runs).map(|run| run as f64), frame.left + 8.0, frame.right - 8.0);
    let up = Scale::linear(series.values.iter().copied(), frame.bottom - 4.0, frame.top + 4.0);
    let x = |place: usize| across.at(place as f64 + 1.0);
    let levels = levels(series);
    let body = html! {
        (frame.vertical(&up, &series.figure.replace('_', " ")))
        (frame.horizontal(&across, "run"))
        (path("line s0", series.values.iter().enumerate().map(|(place, value)| (x(place), up.at(*value)))))
        @for (start, end, mean) in &levels {
            (line("line s1", (x(*start), up.at(*mean)), (x(end - 1), up.at(*mean))))
        }
        @for change in &series.changes {
            @let middle = f64::midpoint(x(change.index - 1), x(change.index));
            (line("line s2", (middle, frame.top), (middle, frame.bottom)))
        }
        @for (place, value) in series.values.iter().enumerate() {
            @let words = format!(
                "{}, {}: {}",
                series.started.get(place).map_or("", String::as_str),
                series.revisions.get(place).map_or("", String::as_str),
                figure(*value)
            );
            (mark(Subject::Sweep, &words, &html! {
                (rectangle("hit", x(place) - 5.0, up.at(*value) - 9.0, 10.0, 18.0))
                circle.s0 cx=(number(x(place))) cy=(number(up.at(*value))) r="2.5" {}
            }))
        }
    };
    Drawing::new(WIDTH, frame.bottom + 42.0, body)
}

/// Stretches without a change: first run, the one behind the last, mean. None where nothing changes.
fn levels(series: &Series) -> Vec<(usize, usize, f64)> {
    let mut levels = Vec::new();
    for (place, change) in series.changes.iter().enumerate() {
        let end = series.changes.get(place + 1).map_or(series.values.len(), |next| next.index);
        if place == 0 {
            levels.push((0, change.index, change.before));
        }
        levels.push((change.index, end, change.after));
    }
    levels
}

/// What is to be seen, in words.
pub(super) fn description(series: &Series) -> String {
    let runs = counted(series.values.len() as u64, "run");
    let latest = series.values.last().map_or(String::new(), |value| format!("; the latest is {}", figure(*value)));
    if series.changes.is_empty() {
        return format!("{runs} without a change of level{latest}.");
    }
    let changes: Vec<String> = series
        .changes
        .iter()
        .map(|change| {
            let way = if series.is_worse(change) { "worse" } else { "better" };
            let share = change.relative().map(|share| format!(" ({})", percent(share))).unwrap_or_default();
            let revision = series.revisions.get(change.index).map_or("", String::as_str);
            let started = series.started.get(change.index).map_or("", String::as_str);
            let of = if revision.is_empty() { String::new() } else { format!(" of revision {revision}") };
            format!(
                "from {} to {}{share}, {way}, with the run of {started}{of}",
                figure(change.before),
                figure(change.after)
            )
        })
        .collect();
    format!("{runs}{latest}. It changed {}.", changes.join("; "))
}
