//! The levels of one axis side by side: every replicate a dot, the mean with its interval beside them, diverged trials as
//! crosses.

use maud::{Markup, html};

use super::frame::{Frame, room_below};
use super::palette::{cross, series, symbol};
use super::picture::{Drawing, Picture, slug};
use super::scale::{Scale, bands};
use super::svg::{line, mark, number, rectangle};
use crate::number::{MISSING, count, figure};
use crate::page::{Subject, Table};
use crate::plot::AxisPlot;
use crate::plot::axis::LevelDots;
use crate::sentences;
use crate::text::capital;

const WIDTH: f64 = 720.0;
const HEIGHT: f64 = 260.0;

/// Levels beyond which their names would not be readable.
const MOST_LEVELS: usize = 40;

/// Dots of one picture: of more, every level shows its first replicates alone.
const MOST_DOTS: usize = 600;

/// Replicates that every level shows, however many levels there are.
const FEWEST_DOTS: usize = 5;

/// The picture of an axis.
pub fn picture(plot: &AxisPlot) -> Picture {
    Picture {
        id: format!("axis-{}-{}", plot.axis, slug(&plot.name)),
        title: format!("{} by {}", capital(&plot.figure), plot.name),
        description: description(plot),
        caption: caption(plot),
        drawing: draw(plot),
        table: table(plot),
        is_timed: false,
    }
}

fn drawn_levels(plot: &AxisPlot) -> &[LevelDots] {
    plot.levels.get(..MOST_LEVELS).unwrap_or(&plot.levels)
}

/// The replicates of a level that are drawn. Replicates differ by chance alone, so the first are as good as any, and they
/// are the same at every level.
fn drawn_replicates<'a>(plot: &AxisPlot, level: &'a LevelDots) -> &'a [Option<f64>] {
    let most = (MOST_DOTS / drawn_levels(plot).len().max(1)).max(FEWEST_DOTS);
    level.replicates.get(..most).unwrap_or(&level.replicates)
}

fn draw(plot: &AxisPlot) -> Drawing {
    let levels = drawn_levels(plot);
    let names: Vec<&str> = levels.iter().map(|level| level.label.as_str()).collect();
    let (left, right) = (64.0, WIDTH - 12.0);
    let (middles, room) = bands(levels.len(), left, right);
    let frame = Frame { left, right, top: 34.0, bottom: HEIGHT };
    let values = levels.iter().flat_map(|level| {
        let interval = level.summary.and_then(|summary| summary.interval);
        let ends = interval.map(|interval| [interval.low, interval.high]).into_iter().flatten();
        drawn_replicates(plot, level).iter().copied().flatten().chain(ends)
    });
    let has_diverged = levels.iter().any(|level| level.counts.diverged > 0);
    // Crosses have no value, so they stand above all.
    let scale = Scale::fitting(
        values.collect::<Vec<_>>(),
        30.0,
        frame.bottom,
        frame.top + if has_diverged { 18.0 } else { 0.0 },
    );
    let body = html! {
        (frame.vertical(&scale, &plot.figure))
        @for (place, (level, middle)) in levels.iter().zip(&middles).enumerate() {
            (mark_of(plot, level, place, *middle, room, &scale, frame.top))
        }
        (frame.names_below(&middles, room, &names))
    };
    Drawing::new(WIDTH, frame.bottom + room_below(&names, room), body)
}

fn mark_of(
    plot: &AxisPlot,
    level: &LevelDots,
    place: usize,
    middle: f64,
    room: f64,
    scale: &Scale,
    top: f64,
) -> Markup {
    let subject = Subject::Level { axis: plot.axis, level: place };
    let spread = (room * 0.36).min(60.0);
    let drawn = drawn_replicates(plot, level);
    let dots: Vec<(usize, f64)> =
        drawn.iter().enumerate().filter_map(|(replicate, value)| Some((replicate, (*value)?))).collect();
    let step = 2.0 * spread / drawn.len().max(2) as f64;
    html! {
        @for (replicate, value) in dots {
            @let x = middle - spread + step * (replicate as f64 + 0.5);
            (mark(subject, &format!("{}, replicate {replicate}: {}", level.label, figure(value)), &html! {
                circle class={ "dot " (series(0)) } cx=(number(x)) cy=(number(scale.at(value))) r="3" {}
            }))
        }
        @if let Some(summary) = &level.summary {
            (mark(subject, &format!("{}: mean {}", level.label, sentences::mean(Some(summary))), &html! {
                @if let Some(interval) = summary.interval {
                    (line("interval s1 solid", (middle, scale.at(interval.low)), (middle, scale.at(interval.high))))
                }
                (rectangle("hit", middle - 6.0, scale.at(summary.mean) - 6.0, 12.0, 12.0))
                (symbol(1, middle, scale.at(summary.mean)))
            }))
        }
        @if level.counts.diverged > 0 {
            (mark(subject, &format!("{}: {} of {} trials diverged", level.label, level.counts.diverged, level.counts.total()), &html! {
                (cross(middle, top + 4.0))
                text.small.bad x=(number(middle + 8.0)) y=(number(top + 8.0)) { (count(level.counts.diverged)) }
            }))
        }
    }
}

fn description(plot: &AxisPlot) -> String {
    let means = plot.levels.iter().take(10).map(|level| {
        let mean = level.summary.map_or_else(|| MISSING.to_owned(), |summary| figure(summary.mean));
        format!("{} {mean}", level.label)
    });
    let more = if plot.levels.len() > 10 { ", and more" } else { "" };
    format!("Mean {} at each level: {}{more}.", plot.figure, means.collect::<Vec<_>>().join(", "))
}

fn caption(plot: &AxisPlot) -> String {
    let mut shown = if plot.levels.len() > MOST_LEVELS {
        format!(" The first {MOST_LEVELS} of {} levels are drawn.", count(plot.levels.len() as u64))
    } else {
        String::new()
    };
    let replicates = plot.levels.iter().map(|level| level.replicates.len()).max().unwrap_or(0);
    let drawn = plot.levels.iter().map(|level| drawn_replicates(plot, level).len()).max().unwrap_or(0);
    if drawn < replicates {
        shown.push_str(&format!(
            " The first {drawn} of {} replicates are drawn; means and intervals are over all.",
            count(replicates as u64)
        ));
    }
    let diverged = if plot.levels.iter().any(|level| level.counts.diverged > 0) {
        format!(" A cross counts trials that diverged, which have no {}.", plot.quantity)
    } else {
        String::new()
    };
    format!(
        "A dot is a replicate, averaged over all other settings; the square is the mean with its 95 % interval. Dots of one \
         replicate stand at the same place in every column: compare those.{diverged}{shown}"
    )
}

fn table(plot: &AxisPlot) -> Table {
    let mut table = Table::new().words([plot.name.as_str()]).numbers(["replicate", plot.figure.as_str()]);
    for (place, level) in drawn_levels(plot).iter().enumerate() {
        for (replicate, value) in drawn_replicates(plot, level).iter().enumerate() {
            let value = value.map_or_else(|| MISSING.to_owned(), figure);
            let subject = Subject::Level { axis: plot.axis, level: place };
            table.row_of(subject, vec![level.label.clone(), replicate.to_string(), value]);
        }
    }
    table
}
