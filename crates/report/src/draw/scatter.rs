//! Predicted against actual: a dot a row, and the line on which both are equal.

use maud::html;

use super::frame::Frame;
use super::picture::{Drawing, Picture};
use super::scale::Scale;
use super::svg::{line, mark, number};
use crate::detail::{Detail, Shape};
use crate::number::{count, figure};
use crate::page::{Subject, Table};

const WIDTH: f64 = 720.0;
const BOTTOM: f64 = 380.0;

/// Numbers that differ by this factor stand on logarithmic scales.
const LOGARITHMIC_FROM: f64 = 30.0;

/// The picture of what the best point says of rows; `None` of a classification.
pub fn picture(detail: &Detail) -> Option<Picture> {
    let Shape::Scatter { target, pairs, replicate } = &detail.shape else { return None };
    if pairs.is_empty() {
        return None;
    }
    let mut table = Table::new().numbers([format!("actual {target}").as_str(), "predicted"]);
    for (actual, predicted) in pairs {
        table.row(vec![figure(*actual), figure(*predicted)]);
    }
    let too_low = pairs.iter().filter(|(actual, predicted)| predicted < actual).count();
    let rows = if detail.is_tested { "test" } else { "validation" };
    let shown = if pairs.len() < detail.rows {
        format!("{} of {} {rows} rows", count(pairs.len() as u64), count(detail.rows as u64))
    } else {
        format!("the {} {rows} rows", count(pairs.len() as u64))
    };
    let description = format!(
        "Of {shown} of replicate {replicate}, {} are predicted too low and {} too high.",
        count(too_low as u64),
        count((pairs.len() - too_low) as u64)
    );
    Some(Picture {
        id: "predicted-against-actual".to_owned(),
        title: format!("Predicted against actual {target}"),
        caption: format!(
            "A dot is a row. On the line the prediction is right; above it is too high, below too low. The nearer the \
             dots, the better; a bend away from the line is an error that all networks of this kind share. {description}"
        ),
        description,
        drawing: draw(target, pairs),
        table,
        is_timed: false,
    })
}

fn draw(target: &str, pairs: &[(f64, f64)]) -> Drawing {
    let frame = Frame { left: 74.0, right: WIDTH - 14.0, top: 34.0, bottom: BOTTOM };
    let all: Vec<f64> = pairs.iter().flat_map(|(actual, predicted)| [*actual, *predicted]).collect();
    let across = Scale::fitting(all.iter().copied(), LOGARITHMIC_FROM, frame.left + 6.0, frame.right - 6.0);
    let up = Scale::fitting(all.iter().copied(), LOGARITHMIC_FROM, frame.bottom - 6.0, frame.top + 6.0);
    let (low, high) = across.ends();
    let at = |value: f64| (across.at(value), up.at(value));
    let body = html! {
        (frame.vertical(&up, &format!("predicted {target}")))
        (frame.horizontal(&across, &format!("actual {target}")))
        (line("zero", at(low), at(high)))
        @for (actual, predicted) in pairs {
            (mark(Subject::Sweep, &format!("actual {}, predicted {}", figure(*actual), figure(*predicted)), &html! {
                circle.dot.s0 cx=(number(across.at(*actual))) cy=(number(up.at(*predicted))) r="2" {}
            }))
        }
    };
    Drawing::new(WIDTH, frame.bottom + 42.0, body)
}
