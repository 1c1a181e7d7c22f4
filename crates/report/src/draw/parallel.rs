//! Parallel coordinates: a vertical line an axis, and through them a line a point, coloured by its mean. The page's
//! script lets a reader keep the lines through a stretch of an axis; for that each axis says its numbers in `data-brush`.

use maud::{Markup, html};
use serde_json::json;

use super::palette::{HEAT_STEPS, cross, heat};
use super::picture::{Drawing, Picture};
use super::scale::{Scale, bands};
use super::svg::{line, mark, number, path, rectangle, short_text, text};
use crate::number::{count, figure_or_dash};
use crate::page::{Subject, Table};
use crate::plot::ParallelPlot;
use crate::plot::point::{PointFigures, Standing};
use crate::sentences::mean;
use crate::text::plain;

const NARROWEST: f64 = 720.0;

/// The least room between two axes.
const BETWEEN: f64 = 92.0;

const TOP: f64 = 54.0;
const BOTTOM: f64 = 340.0;

/// Levels whose names are all written.
const MOST_NAMES: usize = 16;

/// Numbers that differ by this factor stand on a logarithmic scale.
const LOGARITHMIC_FROM: f64 = 3.0;

/// The picture of all shown points as lines.
pub fn picture(plot: &ParallelPlot) -> Picture {
    Picture {
        id: "parallel".to_owned(),
        title: "Every point as a line over its settings".to_owned(),
        description: description(plot),
        caption: caption(plot),
        drawing: draw(plot),
        table: table(plot),
        is_timed: false,
    }
}

/// One vertical line: where every point crosses it, and what stands beside it.
struct Upright {
    title: String,
    name: String,
    /// One a point; not finite where it has no number.
    heights: Vec<f64>,
    labels: Vec<(f64, String)>,
    /// What the page's script reads: the levels with their stretches, or the numbers at both ends.
    brush: serde_json::Value,
}

fn draw(plot: &ParallelPlot) -> Drawing {
    let means: Vec<f64> = plot.lines.iter().filter_map(PointFigures::mean).collect();
    let mut uprights: Vec<Upright> = plot.axes.iter().map(|axis| of_levels(plot, axis)).collect();
    if plot.has_parameters {
        uprights.push(of_numbers("parameters", plot.lines.iter().map(|line| Some(line.parameters as f64)).collect()));
    }
    if plot.has_steps {
        uprights.push(of_numbers("steps", plot.lines.iter().map(|line| Some(line.steps as f64)).collect()));
    }
    let quantity = plot.objective.quantity_words();
    uprights.push(of_numbers(quantity, plot.lines.iter().map(PointFigures::mean).collect()));
    let first_names = uprights
        .first()
        .map_or(0, |upright| upright.labels.iter().map(|(_, label)| label.chars().count().min(14)).max().unwrap_or(0));
    let left = (20.0 + 6.4 * first_names as f64).max(44.0);
    let width = (left + 70.0 + BETWEEN * (uprights.len() - 1) as f64).max(NARROWEST);
    let step = (width - left - 70.0) / (uprights.len() - 1).max(1) as f64;
    let places: Vec<f64> = (0..uprights.len()).map(|place| left + step * place as f64).collect();
    let last = places.last().copied().unwrap_or(left);
    let scale = scale_of(&means);
    let has_lost = means.len() < plot.lines.len();
    let body = html! {
        // The best are drawn last, above the others.
        @for (place, point) in plot.lines.iter().enumerate().rev() {
            @let through = places.iter().zip(&uprights).map(|(x, upright)| (*x, upright.heights.get(place).copied().unwrap_or(f64::NAN)));
            (line_of(plot, point, step_of(place, means.len()), through.collect(), last))
        }
        @for (place, (x, upright)) in places.iter().zip(&uprights).enumerate() {
            (upright_of(upright, *x, place == 0, place + 1 == uprights.len(), (step / 6.8) as usize))
        }
        @for place in 0..HEAT_STEPS {
            @let ends = [place, place + 1].map(|step| scale.at(bound(&means, step)));
            (rectangle(&format!("cell {}", heat(place)), last + 3.0, ends[0].min(ends[1]), 5.0, (ends[0] - ends[1]).abs()))
        }
        @if has_lost { (text(last + 10.0, LOST + 4.0, "small bad", &format!("no {quantity}"))) }
    };
    Drawing::new(width, BOTTOM + 28.0, body)
}

/// The height at which lines without a mean end.
const LOST: f64 = TOP - 12.0;

/// The colour of a line by its place among all: each step has as many lines. By the mean itself, a few large ones would
/// make all others alike.
fn step_of(place: usize, lines: usize) -> usize {
    (place * HEAT_STEPS / lines.max(1)).min(HEAT_STEPS - 1)
}

/// The mean at which a step begins; of the one after the last, the worst.
fn bound(means: &[f64], step: usize) -> f64 {
    let first = (step * means.len()).div_ceil(HEAT_STEPS);
    means.get(first).or(means.last()).copied().unwrap_or(0.0)
}

fn scale_of(numbers: &[f64]) -> Scale {
    Scale::fitting(numbers.to_vec(), LOGARITHMIC_FROM, BOTTOM, TOP)
}

fn of_levels(plot: &ParallelPlot, axis: &crate::plot::levels::AxisLevels) -> Upright {
    let (middles, room) = bands(axis.labels.len(), BOTTOM, TOP);
    let half = (room * 0.36).min(30.0);
    let fan = plot.fan(axis.axis);
    let height = |line: &PointFigures, share: f64| {
        middles.get(line.level(axis.axis)).map_or(f64::NAN, |middle| middle + half * (1.0 - 2.0 * share))
    };
    let every = axis.labels.len().div_ceil(MOST_NAMES);
    let named = middles.iter().zip(&axis.short_labels).enumerate().filter(|(level, _)| level % every == 0);
    let stretches = middles.iter().zip(&axis.labels);
    let levels: Vec<serde_json::Value> = stretches
        .map(|(middle, label)| json!([plain(label), tenths(middle - room / 2.0), tenths(middle + room / 2.0)]))
        .collect();
    Upright {
        title: axis.short_name.clone(),
        name: axis.name.clone(),
        heights: plot.lines.iter().zip(fan).map(|(line, share)| height(line, share)).collect(),
        labels: named.map(|(_, (middle, label))| (*middle, label.clone())).collect(),
        brush: json!({ "name": plain(&axis.name), "levels": levels }),
    }
}

fn of_numbers(name: &str, numbers: Vec<Option<f64>>) -> Upright {
    let scale = scale_of(&numbers.iter().copied().flatten().collect::<Vec<_>>());
    let (from, to) = scale.ends();
    Upright {
        title: name.to_owned(),
        name: name.to_owned(),
        heights: numbers.into_iter().map(|number| number.map_or(LOST, |number| scale.at(number))).collect(),
        labels: scale.ticks().into_iter().map(|tick| (tick.at, tick.label)).collect(),
        brush: json!({ "name": name, "from": from, "to": to, "log": scale.is_logarithmic(), "start": BOTTOM, "end": TOP }),
    }
}

/// A place with one decimal.
fn tenths(place: f64) -> f64 {
    (place * 10.0).round() / 10.0
}

fn line_of(plot: &ParallelPlot, point: &PointFigures, step: usize, through: Vec<(f64, f64)>, last: f64) -> Markup {
    let end = through.last().map_or(TOP, |(_, y)| *y);
    let class = match point.mean() {
        Some(_) if point.standing == Standing::Best => format!("line leader {}", heat(step)),
        Some(_) => format!("line thin {}", heat(step)),
        None => "line thin lost".to_owned(),
    };
    mark(
        Subject::Point(point.point),
        &point.words(&plot.objective),
        &html! {
            (path(&class, through))
            @if !point.counts.is_complete() { (cross(last, end)) }
            @if point.standing == Standing::Best { (text(last, plot.objective.either(BOTTOM + 20.0, TOP - 8.0), "small strong middle", "best")) }
        },
    )
}

fn upright_of(upright: &Upright, x: f64, is_first: bool, is_last: bool, letters: usize) -> Markup {
    let (beside, side) = if is_first { (-8.0, "small halo end") } else { (8.0, "small halo") };
    let beside = if is_last { 12.0 } else { beside };
    html! {
        g data-brush=(upright.brush) {
            title { (plain(&upright.name)) }
            (line("axis", (x, TOP - 4.0), (x, BOTTOM + 4.0)))
            (short_text(x, 20.0, "small strong middle", &upright.title, letters.max(6)))
            @for (at, label) in &upright.labels {
                (line("axis", (x - 3.0, *at), (x + 3.0, *at)))
                (short_text(x + beside, at + 4.0, side, label, 14))
            }
            rect class="hit" x=(number(x - 16.0)) y=(number(TOP - 8.0)) width="32" height=(number(BOTTOM - TOP + 16.0)) {}
        }
    }
}

fn description(plot: &ParallelPlot) -> String {
    let ranked: Vec<&PointFigures> = plot.lines.iter().filter(|line| line.mean().is_some()).collect();
    let objective = &plot.objective;
    let words = |line: &PointFigures| format!("{} ({})", line.name, figure_or_dash(line.mean()));
    match ranked.as_slice() {
        [first, .., last] => format!(
            "{} lines. The {} mean {}: {}. The {}: {}.{}",
            plot.lines.len(),
            objective.best_word(),
            objective.validation_words(),
            words(first),
            objective.worst_word(),
            words(last),
            match plot.lines.len() - ranked.len() {
                0 => String::new(),
                lost => format!(" {lost} without a {}.", objective.quantity_words()),
            }
        ),
        _ => String::new(),
    }
}

fn caption(plot: &ParallelPlot) -> String {
    let quantity = plot.objective.quantity_words();
    let mut parts = vec![format!(
        "A line is a point: it crosses each setting at its level and ends at its mean {}. Each \
         of the nine colours has a ninth of the points; the best point is thicker. At a level lines are fanned out by their \
         {quantity}, the smallest at the bottom.",
        plot.objective.validation_words()
    )];
    if plot.lines.iter().any(|line| !line.counts.is_complete()) {
        parts.push(format!("A cross at the end: the point lacks a replicate; broken lines have no {quantity} at all."));
    }
    if plot.axes_left_out > 0 {
        parts.push(format!(
            "The first {} of {} axes are drawn.",
            plot.axes.len(),
            plot.axes.len() + plot.axes_left_out
        ));
    }
    parts.extend(plot.remark.clone());
    parts.join(" ")
}

fn table(plot: &ParallelPlot) -> Table {
    let mut table = Table::new().words(plot.axes.iter().map(|axis| axis.name.as_str()));
    table = table.numbers(["parameters", "steps", plot.objective.validation_words().as_str()]);
    for point in &plot.lines {
        let mut cells: Vec<String> =
            plot.axes.iter().map(|axis| axis.label(point.level(axis.axis)).to_owned()).collect();
        cells.extend([count(point.parameters), count(point.steps), mean(point.validation.as_ref())]);
        table.row_of(Subject::Point(point.point), cells);
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
    fn every_colour_has_about_as_many_lines_and_begins_where_its_first_line_does() {
        let steps: Vec<usize> = (0..18).map(|place| step_of(place, 18)).collect();
        assert_eq!(steps, [0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8]);
        let losses: Vec<f64> = (0..18).map(f64::from).collect();
        assert_eq!([0, 1, 8, 9].map(|step| bound(&losses, step).to_string()), ["0", "2", "16", "17"]);
        assert_eq!((0..3).map(|place| step_of(place, 3)).collect::<Vec<_>>(), [0, 3, 6]);
        assert_eq!(bound(&[0.5, 0.6, 0.7], 3).to_string(), "0.6");
    }

    #[test]
    fn the_lines_of_a_small_sweep_are_drawn_over_their_axes() {
        let mut sweep = Sweep::architectures();
        for replicate in 0..5 {
            sweep.set_ending(4, replicate, Ending::Diverged { epoch: 1 });
        }
        let results = sweep.results();
        let answer = Answer::new(&results);
        let plot = ParallelPlot::new(&results, &answer, &Shown::new(&results, &answer)).unwrap();
        let picture = picture(&plot);
        assert!(!picture.drawing.body.contains("NaN"));
        insta::assert_snapshot!(picture.drawing.body.replace("<g ", "\n<g "));
        insta::assert_snapshot!(picture.description);
    }
}
