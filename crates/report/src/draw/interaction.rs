//! Lines of one axis over the levels of another: parallel lines act apart, lines that cross act together.

use maud::{Markup, html};

use super::frame::{Frame, room_below};
use super::interval::vertical;
use super::palette::{SERIES, series, symbol};
use super::picture::{Drawing, Picture, slug};
use super::scale::{Scale, bands};
use super::svg::{attributes, mark, path, rectangle, shorten, text};
use crate::number::figure;
use crate::page::{Subject, Table};
use crate::plot::PairPlot;
use crate::plot::pair::Cell;
use crate::sentences::mean;
use crate::statistics::Interval;

const WIDTH: f64 = 460.0;

/// Losses that differ by this factor stand on a logarithmic scale.
const LOGARITHMIC_FROM: f64 = 3.0;

/// Characters of a line's name.
const NAME: usize = 16;

/// The picture of a pair's lines.
pub fn picture(plot: &PairPlot) -> Picture {
    Picture {
        id: format!(
            "lines-{}-{}-{}-{}",
            plot.rows.axis,
            slug(&plot.rows.name),
            plot.columns.axis,
            slug(&plot.columns.name)
        ),
        title: format!("The same as lines: {} over {}", plot.columns.name, plot.rows.name),
        description: description(plot),
        caption: caption(plot),
        drawing: draw(plot),
        // The heat map beside it has the same numbers.
        table: Table::new(),
        is_timed: false,
    }
}

fn draw(plot: &PairPlot) -> Drawing {
    let lines = plot.columns.labels.len().min(SERIES);
    let names: Vec<String> = plot.rows.short_labels.iter().map(|label| shorten(label, NAME)).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let longest = plot
        .columns
        .short_labels
        .iter()
        .take(lines)
        .map(|label| shorten(label, NAME).chars().count())
        .max()
        .unwrap_or(0);
    let wide = (62.0 * names.len() as f64).clamp(WIDTH, 920.0);
    let frame = Frame { left: 56.0, right: wide - 22.0 - 6.6 * longest.max(4) as f64, top: 34.0, bottom: 230.0 };
    let (middles, room) = bands(names.len(), frame.left, frame.right);
    let shown = plot.cells().filter(|(_, column, _)| *column < lines).filter_map(|(_, _, cell)| cell.summary);
    let marks: Vec<(f64, Option<Interval>)> = shown.map(|summary| (summary.mean, summary.interval)).collect();
    let scale = Scale::of_intervals(&marks, LOGARITHMIC_FROM, frame.bottom - 4.0, frame.top + 4.0);
    // Lines stand a little beside each other, so that intervals do not cover each other.
    let beside = (room * 0.5 / lines.max(1) as f64).min(9.0);
    let place = |row: usize, line: usize| {
        middles.get(row).copied().unwrap_or(0.0) + beside * (line as f64 - (lines as f64 - 1.0) / 2.0)
    };
    let ends: Vec<f64> = (0..lines).map(|line| scale.at(last(plot, line).unwrap_or(f64::NAN))).collect();
    let label_places = apart(&ends, frame.top, frame.bottom);
    let body = html! {
        (frame.vertical(&scale, &plot.figure))
        (text(wide - 4.0, frame.top - 10.0, "soft small end", &shorten(&plot.columns.short_name, 30)))
        @for line in 0..lines {
            @let (_, level) = attributes(Subject::Level { axis: plot.columns.axis, level: line });
            g data-level=[level] {
                (path(&format!("line {}", series(line)), plot.cells().filter(|(_, column, _)| *column == line).map(|(row, _, cell)| (place(row, line), cell.mean().map_or(f64::NAN, |mean| scale.at(mean))))))
                @for (row, column, cell) in plot.cells().filter(|(_, column, _)| *column == line) {
                    (mark_of(plot, cell, (row, column), &scale, place(row, line), &frame))
                }
                @if let Some(y) = label_places.get(line).filter(|y| y.is_finite()) {
                    (symbol(line, frame.right + 8.0, *y))
                    (text(frame.right + 16.0, y + 4.0, "small", &shorten(plot.columns.short_label(line), NAME)))
                }
            }
        }
        (frame.names_below(&middles, room, &names))
    };
    Drawing::new(wide, frame.bottom + room_below(&names, room) + 6.0, body)
}

/// The mean where a line ends.
fn last(plot: &PairPlot, line: usize) -> Option<f64> {
    plot.cells.iter().rev().find_map(|row| row.get(line).and_then(Cell::mean))
}

/// Heights of labels near `wanted`, so that none covers another.
fn apart(wanted: &[f64], top: f64, bottom: f64) -> Vec<f64> {
    const ROOM: f64 = 14.0;
    let mut order: Vec<usize> =
        (0..wanted.len()).filter(|place| wanted.get(*place).is_some_and(|y| y.is_finite())).collect();
    let at = |place: usize| wanted.get(place).copied().unwrap_or(0.0);
    order.sort_by(|one, other| at(*one).total_cmp(&at(*other)));
    let mut places = vec![f64::NAN; wanted.len()];
    let mut free_from = top;
    for (rank, place) in order.iter().enumerate() {
        // Those below need room as well.
        let latest = bottom - ROOM * (order.len() - 1 - rank) as f64;
        let y = at(*place).max(free_from).min(latest.max(free_from));
        if let Some(slot) = places.get_mut(*place) {
            *slot = y;
        }
        free_from = y + ROOM;
    }
    places
}

fn mark_of(
    plot: &PairPlot,
    cell: &Cell,
    (row, column): (usize, usize),
    scale: &Scale,
    x: f64,
    frame: &Frame,
) -> Markup {
    let Some(summary) = &cell.summary else { return html! {} };
    let words = format!("{}: {}", plot.name(row, column), mean(Some(summary)));
    let y = scale.at(summary.mean);
    mark(
        Subject::Level { axis: plot.rows.axis, level: row },
        &words,
        &html! {
            @if let Some(interval) = summary.interval {
                (vertical(&format!("interval thin {}", series(column)), scale, interval, x, (frame.top, frame.bottom)))
            }
            (rectangle("hit", x - 6.0, y - 6.0, 12.0, 12.0))
            (symbol(column, x, y))
        },
    )
}

fn description(plot: &PairPlot) -> String {
    let Some(contrast) = plot.interaction else {
        return format!("No two levels of {} have two levels of {} in common.", plot.rows.name, plot.columns.name);
    };
    let [r0, r1] = contrast.rows.map(|row| plot.rows.label(row));
    let [c0, c1] = contrast.columns.map(|column| plot.columns.label(column));
    let difference = |column: usize| {
        let at = |row: usize| {
            plot.cells.get(row).and_then(|cells| cells.get(column)).and_then(Cell::mean).unwrap_or(f64::NAN)
        };
        let [first, second] = contrast.rows.map(at);
        figure(second - first)
    };
    let [d0, d1] = contrast.columns.map(difference);
    format!(
        "The largest interaction: {r1} minus {r0} is {d0} at {} {c0} and {d1} at {} {c1}.",
        plot.columns.name, plot.columns.name
    )
}

fn caption(plot: &PairPlot) -> String {
    let mut parts = vec![
        "Parallel lines: the two settings act apart. Lines that come together or cross: one decides what the other does."
            .to_owned(),
    ];
    if plot.cells().any(|(_, _, cell)| cell.summary.is_some_and(|summary| summary.interval.is_some())) {
        parts.push(
            "Bars are 95 % intervals over replicates, which all lines share: lines that overlap may still differ."
                .to_owned(),
        );
    }
    if plot.columns.labels.len() > SERIES {
        parts.push(format!("The first {SERIES} of {} levels are drawn.", plot.columns.labels.len()));
    }
    parts.push(description(plot));
    parts.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::answer::Answer;
    use crate::tests::fixture::Sweep;

    #[test]
    fn the_lines_of_two_axes_are_drawn_with_their_names_at_the_end() {
        let sweep = Sweep::architectures();
        let results = sweep.results();
        let picture = picture(&PairPlot::new(&results, &Answer::new(&results), 0, 1).unwrap());
        insta::assert_snapshot!(picture.drawing.body.replace("<g ", "\n<g "));
        insta::assert_snapshot!(picture.description);
    }

    #[test]
    fn labels_that_would_cover_each_other_are_moved_apart_within_the_frame() {
        assert_eq!(apart(&[50.0, 10.0], 0.0, 100.0), [50.0, 10.0]);
        assert_eq!(apart(&[100.0, 99.0, 98.0], 0.0, 100.0), [100.0, 86.0, 72.0]);
        let places = apart(&[0.0, f64::NAN, 0.0], 0.0, 100.0);
        assert_eq!((places[0], places[1].is_nan(), places[2]), (0.0, true, 14.0));
    }
}
