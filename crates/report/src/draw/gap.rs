//! Training and validation loss level by level, with the gap between them as a bar.

use maud::{Markup, html};

use super::frame::{Frame, room_below};
use super::interval::vertical;
use super::legend::{Entry, Sample, legend};
use super::palette::{series, symbol};
use super::panels::WIDTH;
use super::picture::{Drawing, Picture, slug};
use super::scale::{Scale, bands};
use super::svg::{mark, rectangle};
use crate::contrast::ALPHA;
use crate::number::{MISSING, count, figure, p_value};
use crate::page::{Subject, Table};
use crate::plot::GapPlot;
use crate::plot::gap::LevelGap;
use crate::sentences::{counted, mean, with_interval};
use crate::statistics::{MeanTest, Summary};

const HEIGHT: f64 = 230.0;

/// The losses of a level with their place among the series.
fn losses(level: &LevelGap) -> [(usize, &'static str, Option<Summary>); 3] {
    [(0, "training", level.training), (1, "validation", level.validation), (2, "test", level.test)]
}

/// The picture of the gaps of an axis.
pub fn picture(plot: &GapPlot) -> Picture {
    Picture {
        id: format!("gap-{}-{}", plot.axis, slug(&plot.name)),
        title: format!("Training and validation loss by {}", plot.name),
        description: description(plot),
        caption: caption(plot),
        drawing: draw(plot),
        table: table(plot),
        is_timed: false,
    }
}

fn is_tested(plot: &GapPlot) -> bool {
    plot.levels.iter().any(|level| level.test.is_some())
}

fn draw(plot: &GapPlot) -> Drawing {
    let mut entries = vec![
        Entry::new(Sample::Symbol(0), "training loss, nothing dropped"),
        Entry::new(Sample::Symbol(1), "validation loss"),
    ];
    if is_tested(plot) {
        entries.push(Entry::new(Sample::Symbol(2), "test loss"));
    }
    entries.push(Entry::new(Sample::Area("area s3".to_owned()), "the gap: validation less training"));
    let (above, top) = legend(&entries, 0.0, 0.0, WIDTH);
    let frame = Frame { left: 64.0, right: WIDTH - 12.0, top: top + 24.0, bottom: top + 24.0 + HEIGHT };
    let names: Vec<&str> = plot.levels.iter().map(|level| level.label.as_str()).collect();
    let (middles, room) = bands(names.len(), frame.left, frame.right);
    let marks: Vec<_> = plot
        .levels
        .iter()
        .flat_map(losses)
        .filter_map(|(_, _, summary)| summary.map(|summary| (summary.mean, summary.interval)))
        .collect();
    // Gaps are differences, which a logarithmic scale would not show.
    let scale = Scale::of_intervals(&marks, f64::INFINITY, frame.bottom, frame.top);
    let body = html! {
        (above)
        (frame.vertical(&scale, "mean loss"))
        @for (level, middle) in plot.levels.iter().zip(&middles) {
            (mark(Subject::Level { axis: plot.axis, level: level.level }, &words(plot, level), &level_at(level, *middle, room, &scale, &frame)))
        }
        (frame.names_below(&middles, room, &names))
    };
    Drawing::new(WIDTH, frame.bottom + room_below(&names, room), body)
}

fn level_at(level: &LevelGap, middle: f64, room: f64, scale: &Scale, frame: &Frame) -> Markup {
    let apart = (room * 0.16).min(14.0);
    let bar = level.training.zip(level.validation).map(|(training, validation)| {
        let (one, other) = (scale.at(training.mean), scale.at(validation.mean));
        (one.min(other), (one - other).abs())
    });
    html! {
        @if let Some((top, height)) = bar { (rectangle("area s3", middle - 1.6 * apart, top, 3.2 * apart, height)) }
        @for (place, _, summary) in losses(level) {
            @if let Some(summary) = summary {
                @let x = middle + (place as f64 - 1.0) * apart;
                @if let Some(interval) = summary.interval {
                    (vertical(&format!("interval thin solid {}", series(place)), scale, interval, x, (frame.top, frame.bottom)))
                }
                (symbol(place, x, scale.at(summary.mean)))
            }
        }
    }
}

fn words(plot: &GapPlot, level: &LevelGap) -> String {
    let found = losses(level).into_iter().filter(|(_, _, summary)| summary.is_some());
    let each: Vec<String> = found.map(|(_, name, summary)| format!("{name} loss {}", mean(summary.as_ref()))).collect();
    format!("{} {}: {}, gap {}", plot.name, level.label, each.join(", "), mean(level.gap.as_ref()))
}

fn description(plot: &GapPlot) -> String {
    let gaps = plot.levels.iter().map(|level| {
        format!("{} {}", level.label, level.gap.map_or_else(|| MISSING.to_owned(), |gap| figure(gap.mean)))
    });
    format!("Validation loss less training loss at each level: {}.", gaps.collect::<Vec<_>>().join(", "))
}

fn caption(plot: &GapPlot) -> String {
    let mut words = format!(
        "Means with 95 % intervals over replicates, averaged over {} of all else; all losses of one level are those of the same \
         weights, and nothing is dropped while they are measured. The bar is the gap: what the network does better on rows \
         that it was trained on. A level that helps lowers the validation loss, not the gap alone: so much dropped that \
         both losses rise is underfitting.",
        counted(plot.settings as u64, "setting")
    );
    if plot.left_out > 0 {
        words.push_str(&format!(
            " {} not drawn: too many, or without a setting in common.",
            counted(plot.left_out as u64, "level")
        ));
    }
    words
}

/// A difference with its plain interval.
fn difference(test: Option<MeanTest>) -> String {
    test.map_or_else(|| MISSING.to_owned(), |test| with_interval(test.mean(), Some(test.interval(ALPHA))))
}

/// The table of gaps.
pub fn table(plot: &GapPlot) -> Table {
    let mut table = Table::new().words([plot.name.as_str()]).numbers(["n", "training loss", "validation loss"]);
    if is_tested(plot) {
        table = table.numbers(["test loss"]);
    }
    table = table.numbers(["gap", "gap less that of the first", "p", "validation less that of the first", "p"]);
    let p = |value: Option<f64>| value.map_or_else(|| MISSING.to_owned(), p_value);
    for level in &plot.levels {
        let mut cells = vec![level.label.clone(), count(level.gap.map_or(0, |gap| gap.n as u64))];
        cells.extend([mean(level.training.as_ref()), mean(level.validation.as_ref())]);
        if is_tested(plot) {
            cells.push(mean(level.test.as_ref()));
        }
        cells.extend([mean(level.gap.as_ref()), difference(level.change), p(level.p_holm)]);
        cells.extend([difference(level.gain), p(level.gain_p_holm)]);
        table.row_of(Subject::Level { axis: plot.axis, level: level.level }, cells);
    }
    table
}
