//! Activation functions as small multiples, each with its derivative.

use maud::{Markup, html};

use super::legend::{Entry, Sample, legend};
use super::panels::{Panels, WIDTH};
use super::picture::{Drawing, Picture};
use super::scale::Scale;
use super::svg::{line, mark, path, short_text};
use crate::number::count;
use crate::page::{Subject, Table};
use crate::plot::ActivationsPlot;
use crate::plot::activations::{Function, INPUTS, MOST_FUNCTIONS};
use crate::sentences::mean;

const COLUMNS: usize = 4;
const HEIGHT: f64 = 104.0;
const HEAD: f64 = 22.0;

/// The ends of the values that are drawn.
const VALUES: (f64, f64) = (-2.0, 4.0);

/// The picture of an axis of activations.
pub fn picture(plot: &ActivationsPlot) -> Picture {
    Picture {
        id: "activations".to_owned(),
        title: "The activation functions".to_owned(),
        description: description(plot),
        caption: caption(plot),
        drawing: draw(plot),
        table: table(plot),
        is_timed: false,
    }
}

fn draw(plot: &ActivationsPlot) -> Drawing {
    let entries = [
        Entry::new(Sample::Line("line solid s0".to_owned()), "the function"),
        Entry::new(Sample::Line("line s1".to_owned()), "its derivative"),
    ];
    let (above, top) = legend(&entries, 0.0, 0.0, WIDTH);
    let places = Panels::in_rows_of(COLUMNS, plot.functions.len(), top + 8.0, HEAD, HEIGHT);
    let body = html! {
        (above)
        @for (place, function) in plot.functions.iter().enumerate() {
            (panel(plot, function, &places, place))
        }
    };
    Drawing::new(WIDTH, places.bottom(), body)
}

fn panel(plot: &ActivationsPlot, function: &Function, places: &Panels, place: usize) -> Markup {
    let ((left, top), frame) = (places.corner(place), places.frame(place));
    let x = Scale::linear([INPUTS.0, INPUTS.1], frame.left, frame.right);
    let y = Scale::linear([VALUES.0, VALUES.1], frame.bottom, frame.top);
    // What leaves the panel interrupts the line.
    let inside = |value: f64| if (VALUES.0..=VALUES.1).contains(&value) { y.at(value) } else { f64::NAN };
    let subject = Subject::Level { axis: plot.axis, level: function.level };
    let words = format!("{}: {} {}", function.label, plot.figure, mean(function.loss.as_ref()));
    html! {
        (short_text(left, top + 13.0, "strong small", &function.label, 26))
        (frame.vertical(&y, ""))
        (frame.horizontal(&x, ""))
        (line("axis", (frame.left, y.at(0.0)), (frame.right, y.at(0.0))))
        (line("axis", (x.at(0.0), frame.top), (x.at(0.0), frame.bottom)))
        (mark(subject, &words, &html! {
            (path("reach", function.values.iter().map(|(input, value, _)| (x.at(*input), inside(*value)))))
            (path("line s1", function.values.iter().map(|(input, _, slope)| (x.at(*input), inside(*slope)))))
            (path("line solid s0", function.values.iter().map(|(input, value, _)| (x.at(*input), inside(*value)))))
        }))
    }
}

fn description(plot: &ActivationsPlot) -> String {
    let names: Vec<&str> = plot.functions.iter().map(|function| function.label.as_str()).collect();
    format!("Drawn from -4 to 4: {}.", names.join(", "))
}

fn caption(plot: &ActivationsPlot) -> String {
    let mut words = "What leaves a unit (solid) over the sum that enters it, and the derivative (dashed) that the error is \
                     multiplied by on its way back. Where the derivative is near 0 a unit hardly learns: that of sigmoid is \
                     0.25 at most, so errors shrink from layer to layer; that of relu is 1 for every sum above 0. All panels \
                     have one scale."
        .to_owned();
    if plot.left_out > 0 {
        words.push_str(&format!(" {MOST_FUNCTIONS} of {} are drawn.", count((plot.left_out + MOST_FUNCTIONS) as u64)));
    }
    words
}

fn table(plot: &ActivationsPlot) -> Table {
    let mut table =
        Table::new().words(["activation"]).numbers([plot.figure.as_str(), "f(-2)", "f'(-2)", "f(0)", "f(2)", "f'(2)"]);
    for function in &plot.functions {
        let at = |input: f64| function.values.iter().find(|(x, _, _)| (x - input).abs() < 1e-9);
        let value = |input: f64| at(input).map_or_else(String::new, |(_, value, _)| format!("{value:.3}"));
        let slope = |input: f64| at(input).map_or_else(String::new, |(_, _, slope)| format!("{slope:.3}"));
        table.row_of(
            Subject::Level { axis: plot.axis, level: function.level },
            vec![
                function.label.clone(),
                mean(function.loss.as_ref()),
                value(-2.0),
                slope(-2.0),
                value(0.0),
                value(2.0),
                slope(2.0),
            ],
        );
    }
    table
}
