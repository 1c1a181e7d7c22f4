//! Intervals, cut with an arrow where they leave the scale.

use maud::{Markup, html};

use super::scale::Scale;
use super::svg::{line, number};
use crate::statistics::Interval;

/// An interval along a horizontal scale at height `y`, drawn between `left` and `right`; an arrow stands where it goes on.
pub fn horizontal(class: &str, scale: &Scale, interval: Interval, y: f64, (left, right): (f64, f64)) -> Markup {
    let (low, high) = (scale.at(interval.low), scale.at(interval.high));
    // A logarithm has no place for an end that is not positive: there the interval goes on.
    let (is_cut_low, is_cut_high) = (low.is_nan() || low < left, high.is_nan() || high > right);
    let (from, to) = (if is_cut_low { left } else { low }, if is_cut_high { right } else { high });
    html! {
        (line(class, (from, y), (to, y)))
        @if is_cut_low { (arrow(class, &[(left - 2.0, y), (left + 4.0, y - 3.0), (left + 4.0, y + 3.0)])) }
        @if is_cut_high { (arrow(class, &[(right + 2.0, y), (right - 4.0, y - 3.0), (right - 4.0, y + 3.0)])) }
    }
}

/// An interval along a vertical scale at `x`, drawn between `top` and `bottom`.
pub fn vertical(class: &str, scale: &Scale, interval: Interval, x: f64, (top, bottom): (f64, f64)) -> Markup {
    let (low, high) = (scale.at(interval.low), scale.at(interval.high));
    let (is_cut_low, is_cut_high) = (low.is_nan() || low > bottom, high.is_nan() || high < top);
    let (from, to) = (if is_cut_low { bottom } else { low }, if is_cut_high { top } else { high });
    html! {
        (line(class, (x, from), (x, to)))
        @if is_cut_low { (arrow(class, &[(x, bottom + 2.0), (x - 3.0, bottom - 4.0), (x + 3.0, bottom - 4.0)])) }
        @if is_cut_high { (arrow(class, &[(x, top - 2.0), (x - 3.0, top + 4.0), (x + 3.0, top + 4.0)])) }
    }
}

fn arrow(class: &str, corners: &[(f64, f64)]) -> Markup {
    let series = class.split(' ').find(|part| part.starts_with('s') && part.len() == 2).unwrap_or("");
    let points: Vec<String> = corners.iter().map(|(x, y)| format!("{},{}", number(*x), number(*y))).collect();
    html! { polygon class={ "cut " (series) } points=(points.join(" ")) {} }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_end_beyond_the_scale_is_an_arrow_at_its_edge() {
        let scale = Scale::linear([0.0, 1.0], 0.0, 100.0);
        let inside =
            horizontal("interval s0", &scale, Interval { low: 0.2, high: 0.8 }, 5.0, (0.0, 100.0)).into_string();
        assert!(!inside.contains("polygon"), "{inside}");
        let beyond =
            horizontal("interval s0", &scale, Interval { low: 0.2, high: 8.0 }, 5.0, (0.0, 100.0)).into_string();
        assert!(beyond.contains("x2=\"100\"") && beyond.matches("polygon class=\"cut s0\"").count() == 1, "{beyond}");
        let scale = Scale::logarithmic([1.0, 100.0], 100.0, 0.0);
        let below =
            vertical("interval s1", &scale, Interval { low: -1.0, high: 10.0 }, 5.0, (0.0, 100.0)).into_string();
        assert!(below.contains("y1=\"100\"") && below.matches("<polygon").count() == 1, "{below}");
    }
}
