//! A heat map of two axes: the mean at each pair of levels, as a number on a colour.

use maud::{Markup, html};

use super::heat_scale::heat_scale;
use super::palette::{heat, heat_ink, heat_step};
use super::picture::{Drawing, Picture, slug};
use super::scale::Shades;
use super::svg::{attributes, mark, number, rectangle, short_text, shorten, text};
use crate::number::{count, figure};
use crate::page::{Subject, Table};
use crate::plot::PairPlot;
use crate::plot::pair::Cell;
use crate::sentences::mean;

const ROW: f64 = 28.0;
const NARROWEST_CELL: f64 = 56.0;
const WIDEST_CELL: f64 = 96.0;

/// The width that a map has where its cells allow it: two pictures of this width stand side by side.
const WIDTH: f64 = 460.0;

/// Characters of a row's name.
const NAME: usize = 18;

/// The picture of a pair's means.
pub fn picture(plot: &PairPlot) -> Picture {
    Picture {
        id: format!(
            "heat-{}-{}-{}-{}",
            plot.rows.axis,
            slug(&plot.rows.name),
            plot.columns.axis,
            slug(&plot.columns.name)
        ),
        title: format!("Mean {} by {} and {}", plot.figure, plot.rows.name, plot.columns.name),
        description: description(plot),
        caption: caption(plot),
        drawing: draw(plot),
        table: table(plot),
        is_timed: false,
    }
}

fn draw(plot: &PairPlot) -> Drawing {
    let names =
        plot.rows.short_labels.iter().chain([&plot.rows.short_name]).map(|label| shorten(label, NAME).chars().count());
    let left = names.max().unwrap_or(0) as f64 * 6.8 + 14.0;
    let columns = plot.columns.labels.len().max(1) as f64;
    let cell = ((WIDTH - left - 8.0) / columns).clamp(NARROWEST_CELL, WIDEST_CELL);
    let top = 44.0;
    let shades = Shades::new(plot.cells().filter_map(|(_, _, cell)| cell.mean()));
    let letters = (cell / 6.6) as usize;
    let bottom = top + ROW * plot.rows.labels.len() as f64;
    let best = plot.best().map(|(row, column, _)| (row, column));
    let width = (left + cell * columns + 8.0).max(WIDTH);
    let body = html! {
        (text(left, 14.0, "soft small", &shorten(&plot.columns.short_name, 50)))
        (short_text(left - 8.0, top - 10.0, "soft small end", &plot.rows.short_name, NAME))
        @for (place, label) in plot.columns.short_labels.iter().enumerate() {
            (short_text(left + cell * (place as f64 + 0.5), top - 10.0, "small middle", label, letters))
        }
        @for (place, label) in plot.rows.short_labels.iter().enumerate() {
            (short_text(left - 8.0, top + ROW * (place as f64 + 0.5) + 4.0, "end", label, NAME))
        }
        @for (row, column, content) in plot.cells() {
            (cell_of(plot, content, (row, column), &shades, (left + cell * column as f64, top + ROW * row as f64, cell)))
        }
        @if let Some((row, column)) = best {
            (rectangle("best", left + cell * column as f64 + 1.0, top + ROW * row as f64 + 1.0, cell - 3.0, ROW - 3.0))
        }
        (legend(plot, &shades, left, bottom + 14.0))
    };
    Drawing::new(width, bottom + 48.0, body)
}

fn cell_of(
    plot: &PairPlot,
    cell: &Cell,
    (row, column): (usize, usize),
    shades: &Shades,
    (x, y, width): (f64, f64, f64),
) -> Markup {
    let subject = |axis: usize, level: usize| Subject::Level { axis, level };
    let (_, level) = attributes(subject(plot.columns.axis, column));
    let lost = cell.counts.total() - cell.counts.finished;
    let words = words(plot, cell, row, column);
    // A cell tells of two levels: it goes where either does.
    html! {
        g data-level=[level] {
            (mark(subject(plot.rows.axis, row), &words, &html! {
                @if let Some(mean) = cell.mean() {
                    @let share = shades.share(mean);
                    @let step = heat_step(plot.objective.either(share, 1.0 - share));
                    (rectangle(&format!("cell {}", heat(step)), x, y, width - 1.0, ROW - 1.0))
                    (text(x + width / 2.0, y + ROW / 2.0 + 4.0, &format!("small middle {}", heat_ink(step)), &figure(mean)))
                    @if lost > 0 { path class={ "flag " (heat_ink(step)) } d={ "M" (number(x + width - 10.0)) " " (number(y)) "h9v9Z" } {} }
                } @else {
                    (rectangle("empty", x + 1.0, y + 1.0, width - 3.0, ROW - 3.0))
                    (text(x + width / 2.0, y + ROW / 2.0 + 4.0, if lost > 0 { "small middle bad" } else { "small middle soft" }, cell.absence().unwrap_or_default()))
                }
            }))
        }
    }
}

fn words(plot: &PairPlot, cell: &Cell, row: usize, column: usize) -> String {
    let lost = cell.counts.total() - cell.counts.finished;
    let lost = if lost > 0 && cell.points > 0 {
        format!("; {} of {} trials did not finish", count(lost), count(cell.counts.total()))
    } else {
        String::new()
    };
    let found = cell.absence().map_or_else(|| mean(cell.summary.as_ref()), str::to_owned);
    format!("{}: {found}{lost}", plot.name(row, column))
}

/// The steps of the scale, with the numbers at its ends.
fn legend(plot: &PairPlot, shades: &Shades, left: f64, y: f64) -> Markup {
    let ends = [figure(shades.low()), figure(shades.high())];
    let after = shades.is_logarithmic().then_some("steps of equal ratio");
    heat_scale((left, y), plot.objective.either(true, false), ends.each_ref().map(String::as_str), after)
}

fn description(plot: &PairPlot) -> String {
    let objective = &plot.objective;
    let at = |(row, column, cell): (usize, usize, &Cell)| {
        format!("{} ({})", plot.name(row, column), mean(cell.summary.as_ref()))
    };
    let by_mean = |one: &(usize, usize, &Cell), other: &(usize, usize, &Cell)| {
        plot.objective.order(one.2.mean().unwrap_or(f64::NAN), other.2.mean().unwrap_or(f64::NAN))
    };
    let best = plot
        .best()
        .map(|cell| format!("{}: {}. ", objective.either("Smallest", "Largest"), at(cell)))
        .unwrap_or_default();
    let worst = plot
        .cells()
        .filter(|(_, _, cell)| cell.mean().is_some())
        .max_by(by_mean)
        .map(|cell| format!("{}: {}.", objective.either("Largest", "Smallest"), at(cell)));
    format!("{best}{}", worst.unwrap_or_default())
}

fn caption(plot: &PairPlot) -> String {
    let mut parts = vec![format!(
        "A cell is the mean at two levels, averaged over all else within each replicate. The {} is outlined, and \
         its colour stands out most from the page.",
        plot.objective.best_word()
    )];
    if plot.cells().any(|(_, _, cell)| cell.summary.is_some() && !cell.counts.is_complete()) {
        parts.push("A folded corner: some trials did not finish, and the mean is over what is left.".to_owned());
    }
    if !plot.is_even {
        parts.push(
            "Cells average over different numbers of points, so they differ in more than these two settings."
                .to_owned(),
        );
    }
    parts.join(" ")
}

fn table(plot: &PairPlot) -> Table {
    let mut table = Table::new().words([plot.rows.name.as_str(), plot.columns.name.as_str()]);
    table = table.numbers(["points", "n", plot.figure.as_str()]).words(["remark"]);
    for (row, column, cell) in plot.cells() {
        let lost = cell.counts.total() - cell.counts.finished;
        let remark = match cell.absence() {
            Some(why) => why.to_owned(),
            None if lost > 0 => format!("{} of {} trials did not finish", count(lost), count(cell.counts.total())),
            None => String::new(),
        };
        table.row_of(
            Subject::Level { axis: plot.rows.axis, level: row },
            vec![
                plot.rows.label(row).to_owned(),
                plot.columns.label(column).to_owned(),
                cell.points.to_string(),
                cell.summary.map_or(0, |summary| summary.n).to_string(),
                mean(cell.summary.as_ref()),
                remark,
            ],
        );
    }
    table
}

#[cfg(test)]
mod tests {
    use swath_results::row::Ending;

    use super::*;
    use crate::answer::Answer;
    use crate::tests::fixture::Sweep;

    #[test]
    fn the_map_of_two_axes_is_drawn_with_its_best_cell_and_its_gaps() {
        let mut sweep = Sweep::architectures();
        for replicate in 0..5 {
            sweep.set_ending(4, replicate, Ending::Diverged { epoch: 1 });
        }
        sweep.set_ending(6, 0, Ending::Diverged { epoch: 1 });
        let results = sweep.results();
        let picture = picture(&PairPlot::new(&results, &Answer::new(&results), 0, 1).unwrap());
        insta::assert_snapshot!(picture.drawing.body.replace("<g data-level", "\n<g data-level"));
        insta::assert_snapshot!(picture.description);
    }
}
