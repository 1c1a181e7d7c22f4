//! Steps asked for and computed, as bars.

use maud::{Markup, html};

use super::frame::Frame;
use super::legend::{Entry, Sample, legend};
use super::picture::{Drawing, Picture};
use super::scale::Scale;
use super::svg::{mark, rectangle, short_text, text};
use crate::number::{MISSING, count, percent};
use crate::page::Table;
use crate::plot::SavedSteps;
use crate::plot::saved_steps::{MOST_LEVELS, StepsBar};

const WIDTH: f64 = 720.0;
const ROW: f64 = 24.0;
/// Room for the labels at the left, and for the shares at the right.
const LABELS: f64 = 210.0;
const SHARES: f64 = 90.0;
/// Characters of a label that are drawn.
const LONGEST_LABEL: usize = 32;

/// The picture.
pub fn picture(plot: &SavedSteps) -> Picture {
    Picture {
        id: "saved-steps".to_owned(),
        title: "Steps saved by training shared epochs once".to_owned(),
        description: description(plot),
        caption: caption(plot),
        drawing: draw(plot),
        table: table(plot),
        is_timed: true,
    }
}

fn draw(plot: &SavedSteps) -> Drawing {
    let entries = [
        Entry::new(Sample::Area("s0".to_owned()), "computed"),
        Entry::new(Sample::Area("area s0".to_owned()), "asked for by trials that shared them"),
    ];
    let (above, top) = legend(&entries, 0.0, 0.0, WIDTH);
    let top = top + 6.0;
    let bottom = top + ROW * plot.bars.len() as f64;
    let frame = Frame { left: LABELS, right: WIDTH - SHARES, top, bottom };
    let ends = plot.bars.iter().map(|bar| bar.asked.max(bar.computed));
    let scale = Scale::whole(ends.chain([0.0]), frame.left, frame.right);
    let body = html! {
        (above)
        (frame.horizontal(&scale, "optimiser steps"))
        @for (place, bar) in plot.bars.iter().enumerate() {
            (row(bar, top + ROW * place as f64, &scale))
        }
    };
    Drawing::new(WIDTH, bottom + 42.0, body)
}

fn row(bar: &StepsBar, top: f64, scale: &Scale) -> Markup {
    let (zero, asked, computed) = (scale.at(0.0), scale.at(bar.asked), scale.at(bar.computed));
    mark(
        bar.subject,
        &words(bar),
        &html! {
            (short_text(LABELS - 8.0, top + 16.0, "end small", &bar.label, LONGEST_LABEL))
            (rectangle("area s0", zero, top + 5.0, asked - zero, ROW - 10.0))
            (rectangle("s0", zero, top + 5.0, computed - zero, ROW - 10.0))
            @if let Some(saved) = bar.saved() {
                (text(asked.max(computed) + 6.0, top + 16.0, "soft small halo", &format!("{} saved", percent(saved))))
            }
        },
    )
}

fn words(bar: &StepsBar) -> String {
    format!(
        "{}: {} steps asked for, {} computed",
        bar.label,
        count(bar.asked.round() as u64),
        count(bar.computed.round() as u64)
    )
}

fn description(plot: &SavedSteps) -> String {
    let bars = plot.bars.iter().map(|bar| {
        let saved = bar.saved().map_or_else(String::new, |saved| format!(", {} saved", percent(saved)));
        format!("{}{saved}.", words(bar))
    });
    bars.collect::<Vec<_>>().join(" ")
}

fn caption(plot: &SavedSteps) -> String {
    let mut words = "Steps that the trials asked for, each by itself, against those that were computed: trials that are the \
                     same up to an epoch train up to there together, and a step that several share is divided among them."
        .to_owned();
    if plot.levels_left_out > 0 {
        words.push_str(&format!(" The first {MOST_LEVELS} levels of an axis have a bar."));
    }
    words
}

fn table(plot: &SavedSteps) -> Table {
    let mut table = Table::new().words(["trials"]).numbers(["steps asked for", "steps computed", "saved"]);
    for bar in &plot.bars {
        table.row_of(
            bar.subject,
            vec![
                bar.label.clone(),
                count(bar.asked.round() as u64),
                count(bar.computed.round() as u64),
                bar.saved().map_or_else(|| MISSING.to_owned(), percent),
            ],
        );
    }
    table
}
