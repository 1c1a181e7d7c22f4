//! The timeline of workers: a row a worker, what it trained in colours.

use maud::{Markup, html};
use swath_results::run::WorkerSpan;

use super::frame::Frame;
use super::legend::{Entry, Sample, legend};
use super::palette::series;
use super::picture::{Drawing, Picture};
use super::scale::Scale;
use super::svg::{mark, rectangle, text};
use crate::number::{count, figure, percent};
use crate::page::{Subject, Table};
use crate::plot::TimelinePlot;
use crate::plot::timeline::{MOST_GROUPS, WorkerRow};
use crate::sentences::counted;

const WIDTH: f64 = 720.0;
/// Room for the workers at the left.
const LABELS: f64 = 110.0;
/// Height of all rows together, if there are many.
const HEIGHT: f64 = 480.0;
const TALLEST_ROW: f64 = 30.0;
/// Width from which on a span bears its group's letter.
const ROOM_FOR_LETTER: f64 = 14.0;
/// Rows that are lower than this have no text.
const ROOM_FOR_TEXT: f64 = 13.0;

/// The picture.
pub fn picture(plot: &TimelinePlot) -> Picture {
    Picture {
        id: "timeline".to_owned(),
        title: "What each worker did".to_owned(),
        description: description(plot),
        caption: caption(plot),
        drawing: draw(plot),
        table: table(plot),
        is_timed: true,
    }
}

fn draw(plot: &TimelinePlot) -> Drawing {
    let mut entries: Vec<Entry> = plot
        .groups
        .iter()
        .take(MOST_GROUPS)
        .enumerate()
        .map(|(place, group)| Entry::new(Sample::Area(series(place)), format!("{} {}", letter(place), group.name)))
        .collect();
    if plot.groups.len() > MOST_GROUPS {
        let more = (plot.groups.len() - MOST_GROUPS) as u64;
        entries.push(Entry::new(Sample::Area(series(MOST_GROUPS)), format!("{} more", counted(more, "group"))));
    }
    let (above, top) = legend(&entries, 0.0, 0.0, WIDTH);
    let top = top + 8.0;
    let row = (HEIGHT / plot.workers.len().max(1) as f64).min(TALLEST_ROW);
    let frame = Frame { left: LABELS, right: WIDTH - 10.0, top, bottom: top + row * plot.workers.len() as f64 };
    let scale = Scale::linear([plot.range.0, plot.range.1], frame.left, frame.right);
    let body = html! {
        (above)
        (frame.horizontal(&scale, "seconds since the run began"))
        @for (place, worker) in plot.workers.iter().enumerate() {
            (spans(plot, worker, top + row * place as f64, row, &scale))
        }
    };
    Drawing::new(WIDTH, frame.bottom + 42.0, body)
}

fn spans(plot: &TimelinePlot, worker: &WorkerRow, top: f64, row: f64, scale: &Scale) -> Markup {
    let height = row * 0.76;
    html! {
        @if row >= ROOM_FOR_TEXT {
            (text(LABELS - 8.0, top + row / 2.0 + 2.0, "end small", &format!("worker {}, {}", worker.worker, whole_percent(worker.busy))))
        }
        @for (group, span) in &worker.spans {
            @let (left, right) = (scale.at(span.start), scale.at(span.end));
            @let width = (right - left).max(0.5);
            @let busy = height * share(span);
            @let class = series((*group).min(MOST_GROUPS));
            (mark(Subject::Sweep, &words(plot, worker, *group, span), &html! {
                @if busy < height { (rectangle(&format!("area {class}"), left, top, width, height)) }
                (rectangle(&format!("span {class}"), left, top + height - busy, width, busy))
                @if width >= ROOM_FOR_LETTER && row >= ROOM_FOR_TEXT && *group < MOST_GROUPS {
                    (text(left + width / 2.0, top + height - 4.0, "middle small letter", letter(*group)))
                }
            }))
        }
    }
}

/// The share of a span that was training, from 0 to 1.
fn share(span: &WorkerSpan) -> f64 {
    let share = span.busy / (span.end - span.start);
    if share.is_finite() { share.clamp(0.0, 1.0) } else { 1.0 }
}

fn letter(group: usize) -> &'static str {
    ["A", "B", "C", "D", "E", "F", "G"].get(group).copied().unwrap_or("")
}

fn whole_percent(share: f64) -> String {
    format!("{:.0} %", share * 100.0)
}

fn words(plot: &TimelinePlot, worker: &WorkerRow, group: usize, span: &WorkerSpan) -> String {
    format!(
        "worker {}, {} to {} s: {}; {} training, {} lanes filled",
        worker.worker,
        figure(span.start),
        figure(span.end),
        plot.groups.get(group).map_or("", |group| group.name.as_str()),
        whole_percent(share(span)),
        (span.lanes * 10.0).round() / 10.0
    )
}

fn description(plot: &TimelinePlot) -> String {
    let busy: Vec<String> = plot
        .workers
        .iter()
        .take(8)
        .map(|worker| format!("worker {} trained {} of the time", worker.worker, percent(worker.busy)))
        .collect();
    let longest = plot.groups.first().map_or_else(String::new, |group| {
        format!(" Longest: {}, {} seconds of all workers.", group.name, figure(group.seconds))
    });
    format!("From {} to {} seconds: {}.{longest}", figure(plot.range.0), figure(plot.range.1), busy.join(", "))
}

fn caption(plot: &TimelinePlot) -> String {
    let mut words = "A row is a worker of the latest run, with the share of the time that it trained; a colour and a letter \
                     are the networks that it trained side by side, by layers and batch size. The solid part of a span is \
                     as high as the share of it that was training; the rest was waiting. Short spans are merged with their \
                     neighbours and bear the group that took longer."
        .to_owned();
    if plot.workers_left_out > 0 {
        words.push_str(&format!(
            " The first {} of {} workers are drawn.",
            plot.workers.len(),
            count((plot.workers.len() + plot.workers_left_out) as u64)
        ));
    }
    words
}

fn table(plot: &TimelinePlot) -> Table {
    let mut table = Table::new().words(["group"]).numbers(["seconds of all workers", "share"]);
    let all: f64 = plot.groups.iter().map(|group| group.seconds).sum();
    for group in &plot.groups {
        table.row(vec![group.name.clone(), figure(group.seconds), percent(group.seconds / all)]);
    }
    table
}
