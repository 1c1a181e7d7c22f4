//! What the page's script needs to know of the sweep, as JSON inside the page.

use serde_json::{Value, json};

use super::curves::curves;
use crate::answer::Answer;
use crate::plot::Shown;
use crate::results::Results;
use crate::text::plain;

/// Levels of an axis that are named: a page of a larger one stays small without them.
const MOST_LEVELS: usize = 1_000;

/// The axes, at which of their levels the points of the page stand, and how these points learned. Of an axis with more than
/// [`MOST_LEVELS`] levels no level is named.
#[derive(Debug, Clone, PartialEq)]
pub struct Data {
    axes: Vec<Value>,
    points: Vec<Value>,
    curves: Value,
}

impl Data {
    /// What is to be known of the points that the page shows.
    pub fn new(results: &Results<'_>, answer: &Answer, shown: &Shown) -> Self {
        let manifest = results.manifest();
        let axes = manifest.axes.iter().map(|axis| {
            let labels = axis.levels.iter().filter(|_| axis.levels.len() <= MOST_LEVELS);
            let levels: Vec<String> = labels.map(|level| plain(&level.label)).collect();
            json!({ "name": plain(&axis.name), "levels": levels })
        });
        let points = shown.points.iter().filter_map(|place| {
            let point = manifest.points.get(*place)?;
            Some(json!({ "point": place, "levels": point.levels }))
        });
        Self { axes: axes.collect(), points: points.collect(), curves: curves(results, answer, shown) }
    }

    /// As JSON in which no text can end the element that it stands in.
    pub fn to_json(&self) -> String {
        let text = json!({ "axes": self.axes, "points": self.points, "curves": self.curves }).to_string();
        text.replace('<', "\\u003c").replace('>', "\\u003e").replace('&', "\\u0026")
    }
}
