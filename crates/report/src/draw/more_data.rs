//! Loss over training rows on logarithmic scales, with the power law that fits it, drawn on to twice the rows.

use maud::html;

use super::frame::Frame;
use super::legend::{Entry, Sample, legend};
use super::lines::{Dot, Series, lines, numbers};
use super::panels::WIDTH;
use super::picture::{Drawing, Picture, slug};
use super::scale::Scale;
use super::svg::{line, path};
use crate::number::{MISSING, count, figure, figure_or_dash};
use crate::page::{Subject, Table};
use crate::plot::MoreDataPlot;
use crate::plot::more_data::{Rows, RowsCurve};
use crate::sentences::{counted, mean};
use crate::statistics::Summary;

const HEIGHT: f64 = 280.0;

/// Places of the line of a law.
const PLACES: u32 = 60;

/// The picture of an axis that changes the rows.
pub fn picture(plot: &MoreDataPlot) -> Picture {
    Picture {
        id: format!("rows-{}-{}", plot.axis, slug(&plot.name)),
        title: "Loss over training rows".to_owned(),
        description: description(plot),
        caption: caption(plot),
        drawing: draw(plot),
        table: table(plot),
        is_timed: false,
    }
}

/// One curve alone shows training loss as well; of several the validation losses are compared.
fn series_of(plot: &MoreDataPlot) -> (Vec<Series>, Vec<String>) {
    let series = |place: usize, name: &str, curve: &RowsCurve, read: fn(&Rows) -> Option<Summary>| Series {
        place,
        dots: curve
            .sizes
            .iter()
            .filter_map(|size| {
                let summary = read(size)?;
                Some(Dot {
                    x: size.rows as f64,
                    mean: summary.mean,
                    interval: summary.interval,
                    words: format!("{name}, {}: {}", counted(size.rows, "training row"), mean(Some(&summary))),
                    subject: Subject::Level { axis: plot.axis, level: size.level },
                })
            })
            .collect(),
    };
    match plot.curves.as_slice() {
        [curve] => (
            vec![
                series(0, "training loss", curve, |size| size.training),
                series(1, "validation loss", curve, |size| size.validation),
            ],
            vec!["training loss".to_owned(), "validation loss".to_owned()],
        ),
        curves => (
            curves
                .iter()
                .enumerate()
                .map(|(place, curve)| {
                    series(place, &format!("{}, validation loss", curve.label), curve, |size| size.validation)
                })
                .collect(),
            curves.iter().map(|curve| curve.label.clone()).collect(),
        ),
    }
}

fn draw(plot: &MoreDataPlot) -> Drawing {
    let (series, names) = series_of(plot);
    let mut entries: Vec<Entry> =
        names.iter().enumerate().map(|(place, name)| Entry::new(Sample::Symbol(place), name.as_str())).collect();
    entries.push(Entry::new(Sample::Line("frontier".to_owned()), "floor + scale x rows^-exponent"));
    let (above, top) = legend(&entries, 0.0, 0.0, WIDTH);
    let frame = Frame { left: 64.0, right: WIDTH - 16.0, top: top + 26.0, bottom: top + 26.0 + HEIGHT };
    let fewest = plot.curves.iter().flat_map(|curve| &curve.sizes).map(|size| size.rows).min().unwrap_or(1).max(1);
    let twice = 2.0 * plot.most() as f64;
    let x = Scale::logarithmic([fewest as f64, twice], frame.left, frame.right);
    let y = Scale::of_intervals(&numbers(&series), 2.0, frame.bottom, frame.top);
    let laws = plot.curves.iter().filter_map(|curve| curve.law.as_ref().ok());
    let body = html! {
        (above)
        (frame.vertical(&y, "mean loss"))
        (frame.horizontal(&x, "training rows"))
        (line("zero", (x.at(plot.most() as f64), frame.top), (x.at(plot.most() as f64), frame.bottom)))
        @for fitted in laws {
            (path("frontier", (0..=PLACES).map(|place| {
                let share = f64::from(place) / f64::from(PLACES);
                let rows = fewest as f64 * libm::pow(twice / fewest as f64, share);
                let at = y.at(fitted.law.at(rows));
                (x.at(rows), if (frame.top..=frame.bottom).contains(&at) { at } else { f64::NAN })
            })))
        }
        (lines(&series, &x, &y, &frame, 5.0))
    };
    Drawing::new(WIDTH, frame.bottom + 44.0, body)
}

fn description(plot: &MoreDataPlot) -> String {
    let each = plot.curves.iter().map(|curve| {
        let ends = [curve.sizes.first(), curve.sizes.last()].into_iter().flatten().map(|size| {
            let loss = figure_or_dash(size.validation.map(|summary| summary.mean));
            format!("{loss} with {}", counted(size.rows, "training row"))
        });
        let name = if curve.label.is_empty() { String::new() } else { format!("{}: ", curve.label) };
        format!("{name}validation loss {}.", ends.collect::<Vec<_>>().join(", "))
    });
    each.collect::<Vec<_>>().join(" ")
}

fn caption(plot: &MoreDataPlot) -> String {
    let scale = "Means with 95 % intervals over replicates, averaged over the same settings of all else; equal ratios of rows \
                 have equal lengths. A loss that falls along a straight line falls by the same share with every doubling; where \
                 it bends to the level, more rows bring little. The dashed line is the power law that fits the validation \
                 losses, drawn on beyond the most rows that were tried (dotted upright line) to twice as many.";
    if plot.curves.len() == 1 {
        format!(
            "{scale} The distance from training to validation loss is what the network has learnt by heart: it closes with more rows."
        )
    } else {
        scale.to_owned()
    }
}

fn table(plot: &MoreDataPlot) -> Table {
    let is_tested = plot.curves.iter().flat_map(|curve| &curve.sizes).any(|size| size.test.is_some());
    let mut table = Table::new();
    if plot.curves.len() > 1 {
        table = table.words(["architecture"]);
    }
    table = table.numbers(["training rows", "n", "training loss", "validation loss"]);
    if is_tested {
        table = table.numbers(["test loss"]);
    }
    table = table.numbers(["by the law"]);
    for curve in &plot.curves {
        for size in &curve.sizes {
            let mut cells = if plot.curves.len() > 1 { vec![curve.label.clone()] } else { Vec::new() };
            cells.push(count(size.rows));
            cells.push(count(size.validation.map_or(0, |summary| summary.n as u64)));
            cells.extend([mean(size.training.as_ref()), mean(size.validation.as_ref())]);
            if is_tested {
                cells.push(mean(size.test.as_ref()));
            }
            let law = curve.law.as_ref().ok();
            cells.push(law.map_or_else(|| MISSING.to_owned(), |fitted| figure(fitted.law.at(size.rows as f64))));
            table.row_of(Subject::Level { axis: plot.axis, level: size.level }, cells);
        }
    }
    table
}
