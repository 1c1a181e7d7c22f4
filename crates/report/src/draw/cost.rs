//! Cost against quality: a dot a point, and a line through those that nothing is both cheaper and better than.

use maud::{Markup, html};

use super::frame::Frame;
use super::palette::{cross, symbol};
use super::picture::{Drawing, Picture};
use super::scale::Scale;
use super::svg::{mark, number, path, rectangle, shorten, text};
use crate::number::{count, figure};
use crate::page::{Subject, Table};
use crate::plot::CostPlot;
use crate::plot::cost::{CostDot, Measure};
use crate::sentences::{counted, mean};
use crate::text::capital;

const WIDTH: f64 = 720.0;
const BOTTOM: f64 = 290.0;

/// Means that differ by this factor stand on a logarithmic scale.
const LOGARITHMIC_FROM: f64 = 3.0;

/// Characters of a name in the legend.
const NAME: usize = 16;

/// The picture of quality over a cost.
pub fn picture(plot: &CostPlot) -> Picture {
    Picture {
        id: format!("cost-{}", plot.measure.name()),
        title: format!("{} over {}", capital(&plot.objective.validation_words()), title(plot.measure)),
        description: description(plot),
        caption: caption(plot),
        drawing: draw(plot),
        table: table(plot),
        is_timed: plot.measure == Measure::Seconds,
    }
}

fn title(measure: Measure) -> &'static str {
    match measure {
        Measure::Parameters => "parameters",
        Measure::Steps => "optimiser steps of a trial",
        Measure::Seconds => "seconds of a trial",
    }
}

fn cost(measure: Measure, cost: f64) -> String {
    match measure {
        Measure::Parameters => counted(cost as u64, "parameter"),
        Measure::Steps => counted(cost as u64, "step"),
        Measure::Seconds => format!("{} seconds", figure(cost)),
    }
}

fn draw(plot: &CostPlot) -> Drawing {
    let room_of_crosses = if plot.diverged.is_empty() { 0.0 } else { 20.0 };
    let frame = Frame { left: 64.0, right: WIDTH - 14.0, top: 56.0, bottom: BOTTOM };
    let costs = plot.dots.iter().map(|dot| dot.cost).chain(plot.diverged.iter().map(|(cost, _)| *cost));
    let across = Scale::logarithmic(costs, frame.left + 8.0, frame.right - 8.0);
    let means: Vec<f64> = plot.dots.iter().map(|dot| dot.mean).collect();
    let up = Scale::fitting(means, LOGARITHMIC_FROM, frame.bottom - 4.0, frame.top + 4.0 + room_of_crosses);
    let places = beside(plot.dots.iter().map(|dot| (across.at(dot.cost), up.at(dot.mean))));
    let mut steps: Vec<(f64, f64)> = Vec::new();
    for dot in plot.best() {
        let (x, y) = (across.at(dot.cost), up.at(dot.mean));
        if let Some((_, before)) = steps.last().copied() {
            steps.push((x, before));
        }
        steps.push((x, y));
    }
    if let Some((_, last)) = steps.last().copied() {
        steps.push((frame.right, last));
    }
    let body = html! {
        (legend(plot))
        (frame.vertical(&up, &plot.objective.validation_words()))
        (frame.horizontal(&across, title(plot.measure)))
        (path("frontier", steps))
        // The best stand above the others.
        @for ((place, dot), at) in plot.dots.iter().enumerate().zip(&places).rev() {
            (mark_of(plot, dot, plot.frontier.contains(&place), *at))
        }
        @for (at, trials) in columns(&plot.diverged) {
            (mark(Subject::Sweep, &format!("{}: {} diverged, and no trial of the point finished", cost(plot.measure, at), counted(trials, "trial")), &html! {
                (cross(across.at(at), frame.top + 4.0))
                (text(across.at(at) + 7.0, frame.top + 8.0, "small bad", &count(trials)))
            }))
        }
    };
    Drawing::new(WIDTH, frame.bottom + 42.0, body)
}

/// Places of marks: one that would cover another of the same cost is moved to its side. Those that come first stay, so the
/// best do.
fn beside(places: impl IntoIterator<Item = (f64, f64)>) -> Vec<(f64, f64)> {
    const ROOM: f64 = 7.0;
    let mut taken: Vec<((f64, f64), f64)> = Vec::new();
    for (x, y) in places {
        let is_free = |shift: &f64| {
            taken.iter().filter(|(_, home)| home.total_cmp(&x).is_eq()).all(|(other, _)| {
                let (dx, dy) = (x + shift - other.0, y - other.1);
                dx * dx + dy * dy >= ROOM * ROOM * 0.9
            })
        };
        let shift = [0.0, 1.0, -1.0, 2.0, -2.0, 3.0, -3.0].map(|times| times * ROOM).into_iter().find(is_free);
        taken.push(((x + shift.unwrap_or(0.0), y), x));
    }
    taken.into_iter().map(|(place, _)| place).collect()
}

/// The diverged trials of points that cost the same, together.
fn columns(diverged: &[(f64, u64)]) -> Vec<(f64, u64)> {
    let mut sorted = diverged.to_vec();
    sorted.sort_by(|one, other| one.0.total_cmp(&other.0));
    let mut columns: Vec<(f64, u64)> = Vec::new();
    for (cost, trials) in sorted {
        match columns.last_mut() {
            Some(last) if last.0.total_cmp(&cost).is_eq() => last.1 += trials,
            _ => columns.push((cost, trials)),
        }
    }
    columns
}

fn legend(plot: &CostPlot) -> Markup {
    let labels: &[String] = plot.series.as_ref().map_or(&[], |axis| &axis.short_labels);
    let mut x = 12.0;
    let places: Vec<f64> = labels
        .iter()
        .map(|label| {
            let at = x;
            x += 24.0 + 6.6 * shorten(label, NAME).chars().count() as f64;
            at
        })
        .collect();
    html! {
        @for (series, (label, at)) in labels.iter().zip(&places).enumerate() {
            (symbol(series, *at, 12.0))
            (text(at + 9.0, 16.0, "small", &shorten(label, NAME)))
        }
        (path("frontier", [(WIDTH - 214.0, 34.0), (WIDTH - 186.0, 34.0)]))
        (text(WIDTH - 180.0, 38.0, "small", "nothing is cheaper and better"))
    }
}

fn mark_of(plot: &CostPlot, dot: &CostDot, is_best: bool, (x, y): (f64, f64)) -> Markup {
    let mut words = dot.point.words(&plot.objective);
    if plot.measure == Measure::Seconds {
        words.push_str(&format!(", {}", cost(plot.measure, dot.cost)));
    }
    mark(
        Subject::Point(dot.point.point),
        &words,
        &html! {
            (rectangle("hit", x - 6.0, y - 6.0, 12.0, 12.0))
            @if is_best { circle.best cx=(number(x)) cy=(number(y)) r="7" {} }
            @if dot.point.counts.is_complete() { (symbol(plot.series_of(dot), x, y)) } @else { (cross(x, y)) }
        },
    )
}

fn description(plot: &CostPlot) -> String {
    let best: Vec<&CostDot> = plot.best().collect();
    let quantity = plot.objective.quantity_words();
    let words = |dot: &CostDot| {
        format!("{} ({}, {quantity} {})", dot.point.name, cost(plot.measure, dot.cost), figure(dot.mean))
    };
    match best.as_slice() {
        [] => "No point has all its trials, so none is held against the others.".to_owned(),
        [only] => format!("One point is both the cheapest and the best: {}.", words(only)),
        [first, .., last] => format!(
            "Nothing is both cheaper and better than {} of {}: from the cheapest, {}, to the best, {}.",
            best.len(),
            counted(plot.dots.len() as u64, "point"),
            words(first),
            words(last)
        ),
    }
}

fn caption(plot: &CostPlot) -> String {
    let mut parts = vec![format!(
        "A mark is a point; {} is better, left is cheaper. Marks of one cost that would cover each other stand \
         side by side. No point is both cheaper and better in the mean than the ringed ones on the stepped line (Pareto's \
         set); some of them may owe that to the seed. {}",
        plot.objective.better_side(),
        match plot.measure {
            Measure::Seconds => "Seconds are those of one worker, and trials that trained together share them evenly.",
            _ => "The scale of cost is logarithmic.",
        }
    )];
    if plot.dots.iter().any(|dot| !dot.point.counts.is_complete()) {
        parts.push("A cross among them lacks a replicate, so it is never on the line.".to_owned());
    }
    if !plot.diverged.is_empty() {
        parts.push(format!(
            "Crosses at the top count diverged trials of points that have no {} at all.",
            plot.objective.quantity_words()
        ));
    }
    parts.extend(plot.remark.clone());
    parts.join(" ")
}

fn table(plot: &CostPlot) -> Table {
    let mut table = Table::new().words(["point on the line"]).numbers([plot.measure.name()]);
    let columns = [plot.objective.validation(), plot.objective.test()].map(|figure| plot.objective.words(figure));
    table = table.numbers(columns.each_ref().map(String::as_str));
    for dot in plot.best() {
        let cost = match plot.measure {
            Measure::Seconds => figure(dot.cost),
            _ => count(dot.cost as u64),
        };
        let point = &dot.point;
        table.row_of(
            Subject::Point(point.point),
            vec![point.name.clone(), cost, mean(point.validation.as_ref()), mean(point.test.as_ref())],
        );
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
    fn the_cost_of_a_small_sweep_is_drawn_with_its_frontier_and_its_accidents() {
        let mut sweep = Sweep::architectures();
        for replicate in 0..5 {
            sweep.set_ending(0, replicate, Ending::Diverged { epoch: 1 });
        }
        sweep.set_ending(1, 0, Ending::Diverged { epoch: 1 });
        let results = sweep.results();
        let answer = Answer::new(&results);
        let plot = |measure| CostPlot::new(&results, &answer, &Shown::new(&results, &answer), measure).unwrap();
        let drawn = picture(&plot(Measure::Parameters));
        insta::assert_snapshot!(drawn.drawing.body.replace("<g class=\"mark\"", "\n<g class=\"mark\""));
        insta::assert_snapshot!(drawn.description);
        assert!(!drawn.is_timed);
        assert_eq!(columns(&[(2.0, 5), (1.0, 1), (2.0, 3)]), [(1.0, 1), (2.0, 8)]);
    }
}
