//! All points under each other: means on validation and test rows with their intervals, the best first.

use maud::{Markup, html};

use super::columns::Columns;
use super::frame::Frame;
use super::interval::horizontal;
use super::palette::{cross, symbol};
use super::picture::{Drawing, Picture};
use super::scale::Scale;
use super::svg::{mark, rectangle, text};
use crate::number::{count, figure};
use crate::page::{Subject, Table};
use crate::plot::PointsPlot;
use crate::plot::point::{PointFigures, Standing};
use crate::sentences::{counted, mean};
use crate::statistics::Interval;
use crate::text::capital;

const WIDTH: f64 = 720.0;

/// The height of a row.
const ROW: f64 = 14.0;

/// Losses that differ by this factor stand on a logarithmic scale.
const LOGARITHMIC_FROM: f64 = 3.0;

/// The picture of all points.
pub fn picture(plot: &PointsPlot) -> Picture {
    let quantity = capital(plot.objective.quantity_words());
    Picture {
        id: "points".to_owned(),
        title: if plot.rows.len() < plot.all {
            format!("{quantity} of {} of {} points", plot.rows.len(), count(plot.all as u64))
        } else {
            format!("{quantity} of every point")
        },
        description: description(plot),
        caption: caption(plot),
        drawing: draw(plot),
        table: table(plot),
        is_timed: false,
    }
}

fn draw(plot: &PointsPlot) -> Drawing {
    let titles: Vec<&str> = plot.axes.iter().map(|axis| axis.short_name.as_str()).collect();
    let columns = Columns::new(&titles, plot.rows.iter().map(|row| labels(plot, row)), 330.0);
    let frame = Frame {
        left: columns.width().max(40.0) + 18.0,
        right: WIDTH - 102.0,
        top: 48.0,
        bottom: 48.0 + ROW * plot.rows.len() as f64,
    };
    let marks: Vec<(f64, Option<Interval>)> = plot
        .rows
        .iter()
        .flat_map(|row| [row.validation, row.test])
        .flatten()
        .map(|summary| (summary.mean, summary.interval))
        .collect();
    let scale = Scale::of_intervals(&marks, LOGARITHMIC_FROM, frame.left + 6.0, frame.right - 6.0);
    let chosen_by = plot.objective.validation_words();
    let body = html! {
        (legend(plot, 4.0))
        (columns.row(4.0, frame.top - 6.0, "small soft", &titles))
        (frame.horizontal(&scale, if plot.is_tested { plot.objective.quantity_words() } else { &chosen_by }))
        @for (place, row) in plot.rows.iter().enumerate() {
            (row_of(plot, row, &columns, &scale, &frame, frame.top + ROW * (place as f64 + 0.5)))
        }
    };
    Drawing::new(WIDTH, frame.bottom + 42.0, body)
}

fn labels<'a>(plot: &'a PointsPlot, row: &PointFigures) -> Vec<&'a str> {
    plot.axes.iter().map(|axis| axis.short_label(row.level(axis.axis))).collect()
}

fn legend(plot: &PointsPlot, left: f64) -> Markup {
    html! {
        (symbol(0, left + 6.0, 12.0))
        (text(left + 16.0, 16.0, "small", "validation"))
        @if plot.is_tested {
            (symbol(3, left + 86.0, 12.0))
            (text(left + 96.0, 16.0, "small", "test"))
        }
        @if plot.can_tell {
            (rectangle("set", left + 132.0, 6.0, 3.0, 12.0))
            (text(left + 141.0, 16.0, "small", "not told apart from the best; the cheapest of these is marked"))
        }
    }
}

fn row_of(plot: &PointsPlot, row: &PointFigures, columns: &Columns, scale: &Scale, frame: &Frame, y: f64) -> Markup {
    let ends = (frame.left, frame.right);
    let is_in_set = plot.can_tell && matches!(row.standing, Standing::Best | Standing::NotToldApart);
    let remark = match (row.standing, row.is_cheapest) {
        (Standing::Best, true) => "best, cheapest",
        (Standing::Best, false) => "best",
        (_, true) => "cheapest",
        _ => "",
    };
    let is_marked = !remark.is_empty();
    let cells = labels(plot, row);
    let lost = row.counts.diverged + row.counts.failed + row.counts.missing;
    mark(
        Subject::Point(row.point),
        &row.words(&plot.objective),
        &html! {
            (rectangle(if is_marked { "stripe" } else { "hit" }, 0.0, y - ROW / 2.0, WIDTH, ROW))
            (columns.row(4.0, y + 4.0, "small", &cells))
            @if is_in_set { (rectangle("set", frame.left - 8.0, y - ROW / 2.0 + 1.0, 3.0, ROW - 2.0)) }
            @if let Some(test) = &row.test {
                @if let Some(interval) = test.interval { (horizontal("interval thin s3", scale, interval, y + 3.0, ends)) }
                (symbol(3, scale.at(test.mean), y + 3.0))
            }
            @if let Some(validation) = &row.validation {
                @if let Some(interval) = validation.interval { (horizontal("interval s0", scale, interval, y - 2.0, ends)) }
                (symbol(0, scale.at(validation.mean), y - 2.0))
            }
            @if is_marked { (text(frame.right + 6.0, y + 4.0, "small strong", remark)) }
            @if lost > 0 && !is_marked {
                (cross(frame.right + 10.0, y))
                (text(frame.right + 18.0, y + 4.0, "small bad", &lost_words(row)))
            }
        },
    )
}

/// `2 diverged`, or of several kinds their number.
fn lost_words(row: &PointFigures) -> String {
    let counts = row.counts;
    match (counts.diverged, counts.failed, counts.missing) {
        (diverged, 0, 0) => format!("{} diverged", count(diverged)),
        (0, failed, 0) => format!("{} failed", count(failed)),
        (0, 0, missing) => format!("{} missing", count(missing)),
        (diverged, failed, missing) => format!("{} lost", count(diverged + failed + missing)),
    }
}

fn description(plot: &PointsPlot) -> String {
    let of = |row: &PointFigures| format!("{} ({})", row.name, mean(row.validation.as_ref()));
    let mut parts = Vec::new();
    if let Some(best) = plot.best() {
        parts.push(format!("Best by {}: {}.", plot.objective.validation_words(), of(best)));
    }
    if plot.can_tell {
        let rivals = plot.rows.iter().filter(|row| row.standing == Standing::NotToldApart).count();
        parts.push(format!("{} of these {} points not told apart from it.", rivals, plot.rows.len()));
        if let Some(cheapest) = plot.rows.iter().find(|row| row.is_cheapest) {
            parts.push(format!("The cheapest of the set: {}.", of(cheapest)));
        }
    }
    let means: Vec<f64> = plot.rows.iter().filter_map(PointFigures::mean).collect();
    if let [first, .., last] = means.as_slice() {
        let what = if plot.objective.is_loss() {
            "Mean validation losses run".to_owned()
        } else {
            format!("The mean {} runs", plot.objective.validation_words())
        };
        parts.push(format!("{what} from {} to {}.", figure(*first), figure(*last)));
    }
    parts.join(" ")
}

fn caption(plot: &PointsPlot) -> String {
    let mut parts = vec![format!(
        "A row is a point, the {} mean {} at the top. Each mark is the mean over replicates with its \
         95 % interval; an arrow says that the interval goes on.",
        plot.objective.best_word(),
        plot.objective.validation_words()
    )];
    parts.push(if plot.can_tell {
        "Overlapping intervals say little: replicates share their rows and seeds, so the bar at the left is what tells \
         which points cannot be told from the best (paired tests)."
            .to_owned()
    } else {
        "With so few replicates no point can be told from the best.".to_owned()
    });
    if plot.rows.iter().any(|row| !row.counts.is_complete()) {
        parts.push(
            "A cross counts trials that did not finish: the mean is over the others, and such a point cannot be best."
                .to_owned(),
        );
    }
    if plot.without_mean > 0 {
        let verb = if plot.without_mean == 1 { "has" } else { "have" };
        parts.push(format!("{} {verb} no finished trial, so no row.", counted(plot.without_mean as u64, "point")));
    }
    if plot.rows.len() + plot.without_mean < plot.all {
        parts.push(format!(
            "These are the best {} of {} points; summary.csv has every one.",
            plot.rows.len(),
            count(plot.all as u64)
        ));
    }
    parts.join(" ")
}

fn table(plot: &PointsPlot) -> Table {
    let [validation, test] =
        [plot.objective.validation(), plot.objective.test()].map(|figure| plot.objective.words(figure));
    let mut table = Table::new().words(plot.axes.iter().map(|axis| axis.name.as_str())).numbers([validation.as_str()]);
    if plot.is_tested {
        table = table.numbers([test.as_str()]);
    }
    table = table.words(["how it stands"]);
    for row in &plot.rows {
        let mut cells: Vec<String> = plot.axes.iter().map(|axis| axis.label(row.level(axis.axis)).to_owned()).collect();
        cells.push(mean(row.validation.as_ref()));
        if plot.is_tested {
            cells.push(mean(row.test.as_ref()));
        }
        let mut standing = if plot.can_tell { row.standing.word() } else { "" }.to_owned();
        if row.is_cheapest {
            standing.push_str("; the cheapest of these");
        }
        cells.push(standing);
        table.row_of(Subject::Point(row.point), cells);
    }
    table
}

#[cfg(test)]
mod tests {
    use swath_results::row::Ending;

    use super::*;
    use crate::answer::Answer;
    use crate::plot::Shown;
    use crate::tests::fixture::Sweep;

    #[test]
    fn the_points_of_a_small_sweep_are_drawn_with_their_accidents() {
        let mut sweep = Sweep::architectures();
        sweep.set_ending(0, 1, Ending::Diverged { epoch: 1 });
        sweep.set_ending(0, 2, Ending::Diverged { epoch: 1 });
        let results = sweep.results();
        let answer = Answer::new(&results);
        let plot = PointsPlot::new(&results, &answer, &Shown::new(&results, &answer)).unwrap();
        let picture = picture(&plot);
        assert!(picture.drawing.body.contains(">2 diverged</text>"));
        insta::assert_snapshot!(picture.drawing.body.replace("<g class=\"mark\"", "\n<g class=\"mark\""));
        insta::assert_snapshot!(picture.description);
    }
}
