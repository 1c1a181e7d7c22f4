//! Lines through means with their intervals, one line a series.

use maud::{Markup, html};

use super::frame::Frame;
use super::interval::vertical;
use super::palette::{series, symbol};
use super::scale::Scale;
use super::svg::{mark, path};
use crate::page::Subject;
use crate::statistics::Interval;

/// A line.
#[derive(Debug, Clone, PartialEq)]
pub struct Series {
    /// Which colour, symbol and dash.
    pub place: usize,
    /// Its dots, from the left.
    pub dots: Vec<Dot>,
}

/// A mean on a line.
#[derive(Debug, Clone, PartialEq)]
pub struct Dot {
    /// Its number on the horizontal scale.
    pub x: f64,
    /// The mean.
    pub mean: f64,
    /// Its interval, if it has one.
    pub interval: Option<Interval>,
    /// What it says when it is pointed at.
    pub words: String,
    /// What of the sweep it tells of.
    pub subject: Subject,
}

/// The means of some lines with their intervals, as [`Scale::of_intervals`] takes them.
pub fn numbers(all: &[Series]) -> Vec<(f64, Option<Interval>)> {
    all.iter().flat_map(|series| &series.dots).map(|dot| (dot.mean, dot.interval)).collect()
}

/// The lines in a frame; intervals of several lines at one place stand `apart` from each other.
pub fn lines(all: &[Series], x: &Scale, y: &Scale, frame: &Frame, apart: f64) -> Markup {
    let middle = (all.len() as f64 - 1.0) / 2.0;
    html! {
        @for (order, line) in all.iter().enumerate() {
            @let shift = (order as f64 - middle) * apart;
            (path(&format!("line {}", series(line.place)), line.dots.iter().map(|dot| (x.at(dot.x) + shift, y.at(dot.mean)))))
            @for dot in &line.dots {
                (mark(dot.subject, &dot.words, &html! {
                    @if let Some(interval) = dot.interval {
                        (vertical(&format!("interval thin solid {}", series(line.place)), y, interval, x.at(dot.x) + shift, (frame.top, frame.bottom)))
                    }
                    (symbol(line.place, x.at(dot.x) + shift, y.at(dot.mean)))
                }))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_goes_through_its_dots_and_each_says_what_it_is() {
        let dot = |x: f64, mean: f64| Dot {
            x,
            mean,
            interval: Some(Interval { low: mean - 0.1, high: mean + 0.1 }),
            words: format!("mean {mean}"),
            subject: Subject::Point(3),
        };
        let all = [Series { place: 1, dots: vec![dot(0.0, 0.25), dot(1.0, 0.75)] }];
        let frame = Frame { left: 0.0, right: 100.0, top: 0.0, bottom: 100.0 };
        let (x, y) = (Scale::linear([0.0, 1.0], 0.0, 100.0), Scale::linear([0.0, 1.0], 100.0, 0.0));
        let drawn = lines(&all, &x, &y, &frame, 6.0).into_string();
        assert_eq!(drawn.matches("data-point=\"3\"").count(), 2);
        assert_eq!(drawn.matches("<path class=\"line s1\"").count(), 1);
        assert!(drawn.contains("mean 0.25") && drawn.contains("mean 0.75"), "{drawn}");
        assert_eq!(numbers(&all).len(), 2);
    }
}
