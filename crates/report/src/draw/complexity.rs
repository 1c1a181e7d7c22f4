//! Loss over the number of parameters: training, validation and test side by side.

use maud::html;

use super::legend::{Entry, Sample, legend};
use super::lines::{Dot, Series, lines, numbers};
use super::panels::{Panels, WIDTH};
use super::picture::{Drawing, Picture, slug};
use super::scale::Scale;
use super::svg::short_text;
use crate::number::{count, figure_or_dash};
use crate::page::{Subject, Table};
use crate::plot::ComplexityPlot;
use crate::plot::complexity::{MOST_PANELS, Size, SizePanel};
use crate::sentences::{counted, mean};
use crate::statistics::Summary;

const HEIGHT: f64 = 190.0;
const HEAD: f64 = 26.0;
/// Losses that span this factor have a logarithmic scale.
const FACTOR: f64 = 8.0;

/// A loss of a size, with its name.
type Loss = (&'static str, fn(&Size) -> Option<Summary>);

const LOSSES: [Loss; 3] = [
    ("training loss", |size| size.training),
    ("validation loss", |size| size.validation),
    ("test loss", |size| size.test),
];

/// The picture of an axis that changes the number of parameters.
pub fn picture(plot: &ComplexityPlot) -> Picture {
    Picture {
        id: format!("complexity-{}-{}", plot.axis, slug(&plot.name)),
        title: format!("Loss over parameters, by {}", plot.name),
        description: description(plot),
        caption: caption(plot),
        drawing: draw(plot),
        table: table(plot),
        is_timed: false,
    }
}

fn is_tested(plot: &ComplexityPlot) -> bool {
    plot.panels.iter().flat_map(|panel| &panel.sizes).any(|size| size.test.is_some())
}

fn series_of(plot: &ComplexityPlot, panel: &SizePanel) -> Vec<Series> {
    let shown = if is_tested(plot) { 3 } else { 2 };
    LOSSES
        .iter()
        .take(shown)
        .enumerate()
        .map(|(place, (name, read))| Series {
            place,
            dots: panel
                .sizes
                .iter()
                .filter_map(|size| {
                    let summary = read(size)?;
                    Some(Dot {
                        x: size.parameters,
                        mean: summary.mean,
                        interval: summary.interval,
                        words: format!(
                            "{}, {}: {name} {}",
                            size.label,
                            counted(size.parameters.round() as u64, "parameter"),
                            mean(Some(&summary))
                        ),
                        subject: Subject::Level { axis: plot.axis, level: size.level },
                    })
                })
                .collect(),
        })
        .collect()
}

fn draw(plot: &ComplexityPlot) -> Drawing {
    let shown = if is_tested(plot) { 3 } else { 2 };
    let entries: Vec<Entry> = LOSSES
        .iter()
        .take(shown)
        .enumerate()
        .map(|(place, (name, _))| Entry::new(Sample::Line(format!("line s{place}")), *name))
        .collect();
    let (above, top) = legend(&entries, 0.0, 0.0, WIDTH);
    let places = Panels::new(plot.panels.len(), top + 8.0, HEAD, HEIGHT);
    let drawn: Vec<Vec<Series>> = plot.panels.iter().map(|panel| series_of(plot, panel)).collect();
    let all: Vec<_> = drawn.iter().flat_map(|series| numbers(series)).collect();
    let factor = factor(plot);
    let letters = (Panels::width(plot.panels.len()) / 6.2) as usize;
    let body = html! {
        (above)
        @for (place, (panel, series)) in plot.panels.iter().zip(&drawn).enumerate() {
            @let (left, top) = places.corner(place);
            @let frame = places.frame(place);
            @let x = Scale::logarithmic(panel.sizes.iter().map(|size| size.parameters), frame.left + 8.0, frame.right - 8.0);
            @let y = Scale::of_intervals(&all, factor, frame.bottom, frame.top);
            (short_text(left, top + 14.0, "soft small", if panel.title.is_empty() { "mean loss" } else { &panel.title }, letters.min(62)))
            (frame.vertical(&y, ""))
            (frame.horizontal(&x, "trainable parameters"))
            (lines(series, &x, &y, &frame, 4.0))
        }
    };
    Drawing::new(WIDTH, places.bottom(), body)
}

/// From which factor on between the losses the scale is logarithmic. A training loss near 0 would make it so, and press the
/// validation losses, of which the curve tells, into one line: so these decide.
fn factor(plot: &ComplexityPlot) -> f64 {
    let held = plot.panels.iter().flat_map(|panel| &panel.sizes).filter_map(|size| size.validation);
    let (least, most) =
        held.fold((f64::INFINITY, 0.0_f64), |(least, most), found| (least.min(found.mean), most.max(found.mean)));
    if most >= FACTOR * least { FACTOR } else { f64::INFINITY }
}

fn description(plot: &ComplexityPlot) -> String {
    let each = plot.panels.iter().map(|panel| {
        let title = if panel.title.is_empty() { String::new() } else { format!("{}: ", panel.title) };
        let best = panel.best().map_or_else(String::new, |best| {
            format!(
                "smallest mean validation loss {} at {} ({})",
                figure_or_dash(best.validation.map(|summary| summary.mean)),
                best.label,
                counted(best.parameters.round() as u64, "parameter")
            )
        });
        format!("{title}{best}.")
    });
    each.collect::<Vec<_>>().join(" ")
}

fn caption(plot: &ComplexityPlot) -> String {
    let mut words = "Means with 95 % intervals over replicates, averaged over the same settings of all else. Read it from the \
                     left: where both losses are high, the model is too small for the problem (it underfits). Where training \
                     loss goes on falling while validation loss rises, it is too large for these rows (it overfits). The best \
                     size is where validation loss is smallest. Epochs and rows move that place: fewer epochs, or more rows, \
                     let a larger model do. Losses are those of the weights that training ended with."
        .to_owned();
    if plot.left_out > 0 {
        words.push_str(&format!(" {MOST_PANELS} of {} panels are drawn.", count((plot.left_out + MOST_PANELS) as u64)));
    }
    words
}

fn table(plot: &ComplexityPlot) -> Table {
    let mut table =
        Table::new().words(["at", plot.name.as_str()]).numbers(["parameters", "training loss", "validation loss"]);
    if is_tested(plot) {
        table = table.numbers(["test loss"]);
    }
    for panel in &plot.panels {
        for size in &panel.sizes {
            let mut cells = vec![panel.title.clone(), size.label.clone(), count(size.parameters.round() as u64)];
            cells.extend(
                LOSSES.iter().take(if is_tested(plot) { 3 } else { 2 }).map(|(_, read)| mean(read(size).as_ref())),
            );
            table.row_of(Subject::Level { axis: plot.axis, level: size.level }, cells);
        }
    }
    table
}
