//! The colours of a heat map in a row, with words at its ends.

use maud::{Markup, html};

use super::palette::{HEAT_STEPS, heat};
use super::svg::{rectangle, text};

/// The width of a colour.
const STEP: f64 = 16.0;

/// The width of the row.
pub const WIDTH: f64 = STEP * HEAT_STEPS as f64;

/// The row of colours from this place on, the best one at its left or at its right end, with words below both ends and
/// after it.
pub fn heat_scale((left, top): (f64, f64), is_best_left: bool, ends: [&str; 2], after: Option<&str>) -> Markup {
    let [low, high] = ends;
    let step = |place: usize| if is_best_left { place } else { HEAT_STEPS - 1 - place };
    html! {
        @for place in 0..HEAT_STEPS {
            (rectangle(&format!("cell {}", heat(step(place))), left + STEP * place as f64, top, STEP, 9.0))
        }
        (text(left, top + 22.0, "small soft", low))
        (text(left + WIDTH, top + 22.0, "small soft end", high))
        @if let Some(words) = after { (text(left + WIDTH + 8.0, top + 9.0, "small soft", words)) }
    }
}
