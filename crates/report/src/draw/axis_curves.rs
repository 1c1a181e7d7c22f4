//! The levels of an axis over the course of the training: over epochs, and over steps where these differ.

use maud::{Markup, html};

use super::legend::{Entry, Sample, legend};
use super::palette::{series, symbol};
use super::panels::{Panels, WIDTH};
use super::picture::{Drawing, Picture, slug};
use super::scale::Scale;
use super::svg::{mark, number, path, short_text, text};
use crate::number::{MISSING, count, figure};
use crate::page::{Subject, Table};
use crate::plot::AxisCurves;
use crate::plot::axis_curves::{Lengths, LevelLine, MOST_LEVELS};
use crate::sentences::counted;

const HEIGHT: f64 = 190.0;
/// Room of a panel's title.
const HEAD: f64 = 26.0;
/// A loss that falls to less than this share of what it was has a logarithmic scale.
const FACTOR: f64 = 8.0;

/// What a panel's horizontal axis counts.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Over {
    Epochs,
    Steps,
    Rows,
}

impl Over {
    fn of(self, line: &LevelLine, epoch: usize) -> f64 {
        match self {
            Self::Epochs => epoch as f64,
            Self::Steps => epoch as f64 * line.steps_per_epoch,
            Self::Rows => epoch as f64 * line.rows_per_epoch,
        }
    }

    fn title(self) -> &'static str {
        match self {
            Self::Epochs => "epoch",
            Self::Steps => "optimiser steps (iterations)",
            Self::Rows => "training rows seen",
        }
    }
}

/// The picture of an axis.
pub fn picture(plot: &AxisCurves) -> Picture {
    Picture {
        id: format!("curves-{}-{}", plot.axis, slug(&plot.name)),
        title: format!("Validation loss over the training, by {}", plot.name),
        description: description(plot),
        caption: caption(plot),
        drawing: draw(plot),
        table: table(plot),
        is_timed: false,
    }
}

/// Levels beyond which colours and dashes begin again: each then has a panel of its own.
const MOST_TOGETHER: usize = 8;

/// A panel for each level of the longest training, the others behind it.
fn draw_apart(plot: &AxisCurves, panel: &Lengths) -> Drawing {
    let places = Panels::in_rows_of(4, panel.lines.len(), 0.0, HEAD, 96.0);
    let ends = panel.lines.iter().filter_map(|line| line.last().map(|(epoch, _)| epoch as f64));
    let ends: Vec<f64> = ends.chain([1.0]).collect();
    let losses: Vec<f64> = panel.lines.iter().flat_map(|line| &line.means).copied().collect();
    let body = html! {
        @for (place, line) in panel.lines.iter().enumerate() {
            @let ((left, top), frame) = (places.corner(place), places.frame(place));
            @let x = Scale::whole(ends.iter().copied(), frame.left, frame.right);
            @let y = Scale::fitting(losses.clone(), FACTOR, frame.bottom, frame.top);
            @let at = |line: &LevelLine| -> Vec<(f64, f64)> {
                line.epochs.iter().zip(&line.means).map(|(epoch, loss)| (x.at(*epoch as f64), y.at(*loss))).collect()
            };
            (short_text(left, top + 14.0, "strong small", &line.label, 22))
            (frame.vertical(&y, ""))
            (frame.horizontal(&x, if place + 4 >= panel.lines.len() { "epoch" } else { "" }))
            @for other in panel.lines.iter().filter(|other| other.level != line.level) { (path("others", at(other))) }
            (mark(Subject::Level { axis: plot.axis, level: line.level }, &words(plot, panel, line), &html! {
                (path("reach", at(line)))
                (path("line solid s0", at(line)))
            }))
        }
    };
    Drawing::new(WIDTH, places.bottom(), body)
}

/// The panel of the longest training, where there are too many levels to tell them apart in one.
fn apart(plot: &AxisCurves) -> Option<&Lengths> {
    plot.panels.last().filter(|panel| panel.lines.len() > MOST_TOGETHER)
}

fn draw(plot: &AxisCurves) -> Drawing {
    if let Some(panel) = apart(plot) {
        return draw_apart(plot, panel);
    }
    let names = plot.panels.first().map_or(&[][..], |panel| panel.lines.as_slice());
    let entries: Vec<Entry> = names
        .iter()
        .enumerate()
        .map(|(place, line)| Entry::new(Sample::Line(format!("line {}", series(place))), line.label.as_str()))
        .collect();
    let (above, top) = legend(&entries, 0.0, 0.0, WIDTH);
    let mut panels: Vec<(&Lengths, Over)> = Vec::new();
    for panel in &plot.panels {
        panels.push((panel, Over::Epochs));
        if plot.changes_steps {
            panels.push((panel, Over::Steps));
            panels.push((panel, Over::Rows));
        }
    }
    let places = if plot.changes_steps {
        Panels::in_rows_of(3, panels.len(), top + 8.0, HEAD, HEIGHT)
    } else {
        Panels::new(panels.len(), top + 8.0, HEAD, HEIGHT)
    };
    let lines = || plot.panels.iter().flat_map(|panel| &panel.lines);
    let drawn = panels.iter().enumerate().map(|(place, (panel, over))| {
        let ((left, top), frame) = (places.corner(place), places.frame(place));
        let x = horizontal(panel, *over, (frame.left, frame.right));
        let y = Scale::fitting(
            lines().flat_map(|line| &line.means).copied().collect::<Vec<_>>(),
            FACTOR,
            frame.bottom,
            frame.top,
        );
        html! {
            (text(left, top + 14.0, "soft small", &title(panel, *over, plot.changes_steps)))
            (frame.vertical(&y, ""))
            (frame.horizontal(&x, over.title()))
            @for (place, line) in panel.lines.iter().enumerate() {
                (level(plot, panel, line, place, |epoch, loss| (x.at(over.of(line, epoch)), y.at(loss))))
            }
        }
    });
    let body = html! { (above) @for panel in drawn { (panel) } };
    Drawing::new(WIDTH, places.bottom(), body)
}

/// Steps of which one level takes many times more than another stand on a logarithmic scale.
fn horizontal(panel: &Lengths, over: Over, (left, right): (f64, f64)) -> Scale {
    let ends = || panel.lines.iter().filter_map(|line| line.last().map(|(epoch, _)| over.of(line, epoch)));
    let (least, most) = ends().fold((f64::INFINITY, 0.0_f64), |(least, most), end| (least.min(end), most.max(end)));
    if over == Over::Steps && most >= FACTOR * least {
        let begins = panel.lines.iter().map(|line| over.of(line, 1));
        return Scale::logarithmic(begins.chain([most]), left, right);
    }
    Scale::whole(ends().chain([1.0]), left, right)
}

fn title(panel: &Lengths, over: Over, is_narrow: bool) -> String {
    let over = match over {
        Over::Epochs => "over epochs",
        Over::Steps => "over steps",
        Over::Rows => "over rows seen",
    };
    match panel.epochs {
        Some(epochs) if is_narrow => format!("{over}, {} asked for", counted(u64::from(epochs), "epoch")),
        None if is_narrow => over.to_owned(),
        Some(epochs) => format!("mean validation loss {over}, {} asked for", counted(u64::from(epochs), "epoch")),
        None => format!("mean validation loss {over}"),
    }
}

fn level(
    plot: &AxisCurves,
    panel: &Lengths,
    level: &LevelLine,
    place: usize,
    at: impl Fn(usize, f64) -> (f64, f64),
) -> Markup {
    let subject = Subject::Level { axis: plot.axis, level: level.level };
    let places: Vec<(f64, f64)> =
        level.epochs.iter().zip(&level.means).map(|(epoch, loss)| at(*epoch, *loss)).collect();
    let stop = level.first_stop.and_then(|stop| {
        let index = level.epochs.iter().position(|epoch| *epoch >= stop)?;
        places.get(index).copied()
    });
    let end = places.last().copied();
    html! {
        (mark(subject, &words(plot, panel, level), &html! {
            (path("reach", places.iter().copied()))
            (path(&format!("line {}", series(place)), places.iter().copied()))
            @if let Some((x, y)) = stop {
                circle class={ "hollow " (series(place)) } cx=(number(x)) cy=(number(y)) r="3" {}
            }
            @if let Some((x, y)) = end { (symbol(place, x, y)) }
        }))
    }
}

fn words(plot: &AxisCurves, panel: &Lengths, level: &LevelLine) -> String {
    let lowest = level
        .lowest()
        .map_or_else(String::new, |(epoch, loss)| format!("; smallest in epoch {epoch}: {}", figure(loss)));
    let last = level.last().map_or_else(String::new, |(epoch, loss)| {
        let steps = if plot.changes_steps {
            format!(" ({} steps)", count(Over::Steps.of(level, epoch).round() as u64))
        } else {
            String::new()
        };
        format!("{} in epoch {epoch}{steps}", figure(loss))
    });
    format!(
        "{}: mean of {} and {}: {last}{lowest}",
        level.label,
        counted(panel.settings as u64, "setting"),
        counted(panel.n as u64, "replicate")
    )
}

fn description(plot: &AxisCurves) -> String {
    let of_panel = |panel: &Lengths| {
        let ends = panel.lines.iter().filter_map(|line| {
            let (epoch, loss) = line.last()?;
            Some(format!("{} {} in epoch {epoch}", line.label, figure(loss)))
        });
        let asked =
            panel.epochs.map_or_else(String::new, |epochs| format!("Of {}: ", counted(u64::from(epochs), "epoch")));
        format!("{asked}{}.", ends.collect::<Vec<_>>().join(", "))
    };
    format!("Mean validation loss at the end. {}", plot.panels.iter().map(of_panel).collect::<Vec<_>>().join(" "))
}

fn caption(plot: &AxisCurves) -> String {
    let mut words =
        "A line is the mean over the same settings of all else, and the same replicates, at every level; the \
                     table of levels has the intervals of their differences."
            .to_owned();
    if let Some(panel) = apart(plot) {
        words.push_str(" Each level has a panel, with all others in grey behind it; all have one scale.");
        if let Some(epochs) = panel.epochs.filter(|_| plot.panels.len() > 1) {
            words.push_str(&format!(" Trainings of {} are drawn.", counted(u64::from(epochs), "epoch")));
        }
    } else if plot.changes_steps {
        words.push_str(
            " An epoch has more steps (iterations) at one level than at another, so the same training is drawn over three \
             counts: epochs (passes over the training rows), steps (how often the weights moved), and rows seen. A level \
             that is lower at the same number of steps learns more from each step; one that is lower at the same number \
             of rows learns more from each row. Steps of which one level takes many times more than another stand on a \
             logarithmic scale. All panels have one loss scale.",
        );
    }
    if apart(plot).is_none() && plot.panels.iter().any(|panel| panel.epochs.is_some()) && plot.panels.len() > 1 {
        words.push_str(
            " Settings that ask for other numbers of epochs stand in panels of their own: a mean over both would jump.",
        );
    }
    let lines = || plot.panels.iter().flat_map(|panel| &panel.lines);
    if lines().any(|line| line.first_stop.is_some()) {
        words.push_str(" From the hollow circle on, trials that have ended count with the loss of their last epoch.");
    }
    if let Some(panel) = plot.panels.iter().find(|panel| panel.settings < panel.settings_in_all) {
        words.push_str(&format!(
            " {} of {} settings count: too few trials of the others finished, or there are too many to average.",
            count(panel.settings as u64),
            count(panel.settings_in_all as u64)
        ));
    }
    if !plot.apart.is_empty() {
        words.push_str(&format!(" Without a setting in common, so not drawn: {}.", plot.apart.join(", ")));
    }
    if plot.levels_left_out > 0 {
        words.push_str(&format!(
            " {MOST_LEVELS} of {} levels are drawn.",
            count((plot.levels_left_out + MOST_LEVELS) as u64)
        ));
    }
    if plot.panels_left_out > 0 {
        let more = count(plot.panels_left_out as u64);
        words.push_str(&format!(" Settings of {more} other numbers of epochs are not drawn."));
    }
    words
}

fn table(plot: &AxisCurves) -> Table {
    let mut table = Table::new().words([plot.name.as_str()]).numbers([
        "epochs",
        "steps",
        "settings",
        "n",
        "mean validation loss at the end",
        "smallest mean",
        "in epoch",
    ]);
    for panel in &plot.panels {
        for line in &panel.lines {
            let (epochs, last) = line.last().unzip();
            let (epoch, lowest) = line.lowest().unzip();
            let or_dash = |text: Option<String>| text.unwrap_or_else(|| MISSING.to_owned());
            table.row_of(
                Subject::Level { axis: plot.axis, level: line.level },
                vec![
                    line.label.clone(),
                    or_dash(epochs.map(|epochs| count(epochs as u64))),
                    or_dash(epochs.map(|epochs| count(Over::Steps.of(line, epochs).round() as u64))),
                    count(panel.settings as u64),
                    count(panel.n as u64),
                    or_dash(last.map(figure)),
                    or_dash(lowest.map(figure)),
                    or_dash(epoch.map(|epoch| count(epoch as u64))),
                ],
            );
        }
    }
    table
}
