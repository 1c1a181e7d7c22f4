//! The expected best over the number of points tried.

use maud::html;

use super::frame::Frame;
use super::picture::{Drawing, Picture};
use super::scale::Scale;
use super::svg::{mark, number, path, rectangle};
use crate::number::{count, figure};
use crate::page::{Subject, Table};
use crate::plot::BudgetPlot;
use crate::sentences::{counted, margin};

const WIDTH: f64 = 720.0;

/// Means that differ by this factor stand on a logarithmic scale.
const LOGARITHMIC_FROM: f64 = 3.0;

/// The share of the best mean within which another is as good.
const NEAR: f64 = crate::contrast::MARGIN;

/// The picture of the expected best.
pub fn picture(plot: &BudgetPlot) -> Picture {
    let expected = format!("expected best {}", plot.objective.validation_words());
    let mut table = Table::new().numbers(["points tried", expected.as_str()]);
    for (drawn, mean) in &plot.expected {
        table.row(vec![count(*drawn as u64), figure(*mean)]);
    }
    Picture {
        id: "budget".to_owned(),
        title: "Expected best over the number of points tried".to_owned(),
        description: description(plot),
        caption: caption(plot),
        drawing: draw(plot),
        table,
        is_timed: false,
    }
}

fn draw(plot: &BudgetPlot) -> Drawing {
    let frame = Frame { left: 64.0, right: WIDTH - 14.0, top: 34.0, bottom: 230.0 };
    let across =
        Scale::logarithmic(plot.expected.iter().map(|(drawn, _)| *drawn as f64), frame.left + 8.0, frame.right - 8.0);
    let losses: Vec<f64> = plot.expected.iter().map(|(_, loss)| *loss).collect();
    let up = Scale::fitting(losses, LOGARITHMIC_FROM, frame.bottom - 4.0, frame.top + 4.0);
    let places: Vec<(usize, f64, f64, f64)> =
        plot.expected.iter().map(|(drawn, loss)| (*drawn, *loss, across.at(*drawn as f64), up.at(*loss))).collect();
    let body = html! {
        (frame.vertical(&up, &plot.objective.validation_words()))
        (frame.horizontal(&across, "points tried"))
        (path("line s0", places.iter().map(|(_, _, x, y)| (*x, *y))))
        @for (drawn, loss, x, y) in &places {
            (mark(Subject::Sweep, &format!("best of {}: {} expected", counted(*drawn as u64, "point"), figure(*loss)), &html! {
                (rectangle("hit", x - 5.0, y - 9.0, 10.0, 18.0))
                circle.s0 cx=(number(*x)) cy=(number(*y)) r="2.5" {}
            }))
        }
    };
    Drawing::new(WIDTH, frame.bottom + 42.0, body)
}

fn description(plot: &BudgetPlot) -> String {
    let (Some((_, first)), Some((_, last))) = (plot.expected.first(), plot.expected.last()) else {
        return String::new();
    };
    let enough = plot.enough(NEAR).filter(|enough| *enough < plot.points);
    let enough =
        enough.map(|enough| format!(" The best of {enough} points is expected to come within {} of that.", margin()));
    format!(
        "Expected best {}: {} of one point, {} of all {}.{}",
        plot.objective.validation_words(),
        figure(*first),
        figure(*last),
        count(plot.points as u64),
        enough.unwrap_or_default()
    )
}

fn caption(plot: &BudgetPlot) -> String {
    let mut parts = vec![format!(
        "What the best mean {} would have been, on average, had only so many points been drawn at random \
         from this grid (without replacement; Tang et al. 2020). Where the line is flat, more points of this grid find \
         little. It says nothing of points outside the grid, nor of a search that learns from what it saw, and it reads \
         {} like every best.",
        plot.objective.validation_words(),
        plot.objective.flattered_word()
    )];
    if plot.incomplete > 0 {
        let verb = if plot.incomplete == 1 { "lacks" } else { "lack" };
        parts.push(format!("{} {verb} a replicate and could not be drawn.", counted(plot.incomplete as u64, "point")));
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
    fn the_expected_best_of_a_small_sweep_is_drawn() {
        let sweep = Sweep::architectures();
        let results = sweep.results();
        let picture = picture(&BudgetPlot::new(&results, &Answer::new(&results)).unwrap());
        insta::assert_snapshot!(picture.drawing.body.replace("<g class=\"mark\"", "\n<g class=\"mark\""));
        insta::assert_snapshot!(picture.description);
    }
}
