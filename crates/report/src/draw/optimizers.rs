//! Validation loss over the learning rate, a line an update rule, with the good range of each below.

use maud::{Markup, html};

use super::frame::Frame;
use super::lines::{Dot, Series, lines, numbers};
use super::palette::{cross, series, symbol};
use super::panels::WIDTH;
use super::picture::{Drawing, Picture};
use super::scale::Scale;
use super::svg::{line, mark, number, short_text, text};
use crate::number::{MISSING, count, figure, p_value};
use crate::page::{Subject, Table};
use crate::plot::OptimizersPlot;
use crate::plot::optimizers::{MOST_RULES, Rate, Rule, TOLERANCE};
use crate::sentences::{counted, mean, with_interval};

const HEIGHT: f64 = 260.0;
/// Height of the row of a rule's good range.
const ROW: f64 = 17.0;
const LEFT: f64 = 196.0;

/// The picture of the rules.
pub fn picture(plot: &OptimizersPlot) -> Picture {
    Picture {
        id: "optimizers".to_owned(),
        title: "Validation loss over the learning rate, by update rule".to_owned(),
        description: description(plot),
        caption: caption(plot),
        drawing: draw(plot),
        table: table(plot),
        is_timed: false,
    }
}

fn drawn(plot: &OptimizersPlot) -> &[Rule] {
    plot.rules.get(..MOST_RULES).unwrap_or(&plot.rules)
}

/// What a rate tells of, so that a page can hide it: its one point, or the whole sweep.
fn subject(rate: &Rate) -> Subject {
    match rate.points.as_slice() {
        [point] => Subject::Point(*point),
        _ => Subject::Sweep,
    }
}

fn draw(plot: &OptimizersPlot) -> Drawing {
    let rules = drawn(plot);
    let all: Vec<Series> = rules
        .iter()
        .enumerate()
        .map(|(place, rule)| Series {
            place,
            dots: rule
                .rates
                .iter()
                .filter_map(|rate| {
                    let summary = rate.validation?;
                    Some(Dot {
                        x: rate.rate,
                        mean: summary.mean,
                        interval: summary.interval,
                        words: words(rule, rate),
                        subject: subject(rate),
                    })
                })
                .collect(),
        })
        .collect();
    let frame = Frame { left: LEFT, right: WIDTH - 12.0, top: 26.0, bottom: 26.0 + HEIGHT };
    let rates = rules.iter().flat_map(|rule| &rule.rates).map(|rate| rate.rate);
    let x = Scale::logarithmic(rates, frame.left + 6.0, frame.right - 6.0);
    let has_lost = rules.iter().flat_map(|rule| &rule.rates).any(|rate| rate.counts.diverged > 0);
    let y = Scale::of_intervals(&numbers(&all), 4.0, frame.bottom, frame.top + if has_lost { 20.0 } else { 0.0 });
    let below = frame.bottom + 58.0;
    let body = html! {
        (frame.vertical(&y, "mean validation loss"))
        (frame.horizontal(&x, "learning rate"))
        (lines(&all, &x, &y, &frame, 0.0))
        @for (place, rule) in rules.iter().enumerate() {
            @for rate in rule.rates.iter().filter(|rate| rate.counts.diverged > 0) {
                (mark(subject(rate), &words(rule, rate), &cross(x.at(rate.rate) + (place as f64 - 3.5) * 3.0, frame.top + 6.0)))
            }
        }
        (text(0.0, below - 4.0, "soft small", &format!("good rates: loss up to {:.0} % above the rule's best", TOLERANCE * 100.0)))
        @for (place, rule) in rules.iter().enumerate() { (range(rule, place, below + ROW * (place as f64 + 0.9), &x)) }
    };
    Drawing::new(WIDTH, below + ROW * (rules.len() as f64 + 0.6), body)
}

fn range(rule: &Rule, place: usize, y: f64, x: &Scale) -> Markup {
    html! {
        (line(&format!("line {}", series(place)), (0.0, y), (22.0, y)))
        (symbol(place, 11.0, y))
        (short_text(28.0, y + 4.0, "small", &rule.name, 30))
        @if let Some(range) = rule.range {
            (line(&format!("leader solid {}", series(place)), (x.at(range.low), y), (x.at(range.high), y)))
            @if range.is_open_below { (text(x.at(range.low) - 4.0, y + 4.0, "soft small end", "‹")) }
            @if range.is_open_above { (text(x.at(range.high) + 4.0, y + 4.0, "soft small", "›")) }
        }
        @if let Some(rate) = rule.best_rate() {
            circle class={ "hollow " (series(place)) } cx=(number(x.at(rate.rate))) cy=(number(y)) r="4" {}
        }
    }
}

fn words(rule: &Rule, rate: &Rate) -> String {
    let lost = rate.counts.total() - rate.counts.finished;
    let lost = if lost > 0 {
        format!("; {} of {} trials did not finish", count(lost), count(rate.counts.total()))
    } else {
        String::new()
    };
    format!("{}, learning rate {}: {}{lost}", rule.name, rate.rate, mean(rate.validation.as_ref()))
}

fn description(plot: &OptimizersPlot) -> String {
    let each = drawn(plot).iter().map(|rule| {
        let best = rule.best_rate().map_or_else(
            || "no rate at which all trials finished".to_owned(),
            |rate| {
                let loss = rate.validation.map_or_else(|| MISSING.to_owned(), |summary| figure(summary.mean));
                format!("{loss} at a learning rate of {}", rate.rate)
            },
        );
        format!("{}: {best}.", rule.name)
    });
    format!("Smallest mean validation loss. {}", each.collect::<Vec<_>>().join(" "))
}

fn caption(plot: &OptimizersPlot) -> String {
    let mut words = format!(
        "Means with 95 % intervals over replicates, averaged over {} of all else. An update rule is only as good as its learning \
         rate: compare rules at their lowest points, never at one common rate. Below stands how far each may be tuned amiss: the \
         rates whose loss is at most {:.0} % above the best of the rule (ring), read off the line between the rates that were \
         tried; ‹ and › where that goes on beyond them.",
        counted(plot.settings as u64, "setting"),
        TOLERANCE * 100.0
    );
    if plot.rules.iter().flat_map(|rule| &rule.rates).any(|rate| rate.counts.diverged > 0) {
        words.push_str(" A cross at the top is a rate at which trials diverged; its mean is over the others, and it is never good.");
    }
    if plot.rules.len() > MOST_RULES {
        words.push_str(&format!(" The first {MOST_RULES} of {} rules are drawn.", count(plot.rules.len() as u64)));
    }
    words
}

fn table(plot: &OptimizersPlot) -> Table {
    let mut table = Table::new().words(["update rule"]).numbers(["learning rate", "n", "validation loss", "diverged"]);
    for rule in &plot.rules {
        for rate in &rule.rates {
            table.row_of(
                subject(rate),
                vec![
                    rule.name.clone(),
                    rate.rate.to_string(),
                    count(rate.validation.map_or(0, |summary| summary.n as u64)),
                    mean(rate.validation.as_ref()),
                    count(rate.counts.diverged),
                ],
            );
        }
    }
    table
}

/// The table of the rules at their best rates.
pub fn best_rates(plot: &OptimizersPlot) -> Table {
    let difference = format!("{}, less that of the best rule", plot.figure);
    let mut table = Table::new().words(["update rule"]).numbers(["best rate", "validation loss"]);
    if plot.figure != "validation loss" {
        table = table.numbers([plot.figure.as_str()]);
    }
    table = table.numbers([difference.as_str(), "p (Holm)", "good from", "to", "decades"]);
    for (place, rule) in plot.rules.iter().enumerate() {
        let best = rule.best_rate();
        let or_dash = |text: Option<String>| text.unwrap_or_else(|| MISSING.to_owned());
        let mut cells = vec![
            rule.name.clone(),
            or_dash(best.map(|rate| rate.rate.to_string())),
            mean(best.and_then(|rate| rate.validation.as_ref())),
        ];
        if plot.figure != "validation loss" {
            cells.push(mean(best.and_then(|rate| rate.compared.as_ref())));
        }
        cells.push(if place == plot.best {
            "the best".to_owned()
        } else {
            or_dash(rule.difference().map(|(mean, interval)| with_interval(mean, Some(interval))))
        });
        cells.push(or_dash(rule.p_holm.map(p_value)));
        let range = rule.range;
        let or_beyond =
            |is_open: bool, rate: f64| format!("{}{}", figure(rate), if is_open { " or beyond" } else { "" });
        cells.push(or_dash(range.map(|range| or_beyond(range.is_open_below, range.low))));
        cells.push(or_dash(range.map(|range| or_beyond(range.is_open_above, range.high))));
        cells.push(or_dash(range.map(|range| {
            let at_least = if range.is_open_below || range.is_open_above { "at least " } else { "" };
            format!("{at_least}{:.2}", range.decades())
        })));
        table.row(cells);
    }
    table
}
