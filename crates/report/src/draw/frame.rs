//! The two axes that most pictures stand in.

use maud::{Markup, html};

use super::scale::{Scale, Tick};
use super::svg::{line, number, short_text, text};

/// Where a picture's marks stand.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Frame {
    /// The left edge of the marks.
    pub left: f64,
    /// Their right edge.
    pub right: f64,
    /// Their upper edge.
    pub top: f64,
    /// Their lower edge.
    pub bottom: f64,
}

impl Frame {
    /// The vertical axis at the left: ticks with lines across, and its title above, if it has one.
    pub fn vertical(&self, scale: &Scale, title: &str) -> Markup {
        html! {
            @if !title.is_empty() { (text(self.left - 44.0, self.top - 10.0, "soft", title)) }
            @for Tick { at, label } in scale.ticks() {
                (line("rule", (self.left, at), (self.right, at)))
                (text(self.left - 6.0, at + 4.0, "soft end small", &label))
            }
        }
    }

    /// The horizontal axis below: ticks with lines upwards, and its title below.
    pub fn horizontal(&self, scale: &Scale, title: &str) -> Markup {
        html! {
            @for Tick { at, label } in scale.ticks() {
                (line("rule", (at, self.top), (at, self.bottom)))
                (text(at, self.bottom + 16.0, "soft middle small", &label))
            }
            (text(f64::midpoint(self.left, self.right), self.bottom + 34.0, "soft middle", title))
        }
    }

    /// Names below at the middles of bands that are `room` wide; names that would touch are set aslant.
    pub fn names_below(&self, middles: &[f64], room: f64, names: &[&str]) -> Markup {
        let longest = names.iter().map(|name| name.chars().count()).max().unwrap_or(0);
        let is_aslant = is_aslant(longest, room);
        html! {
            @for (middle, name) in middles.iter().zip(names) {
                @if is_aslant {
                    g transform={ "translate(" (number(*middle)) " " (number(self.bottom + 14.0)) ") rotate(-30)" } {
                        (short_text(0.0, 0.0, "end small", name, LONGEST_NAME))
                    }
                } @else {
                    (short_text(*middle, self.bottom + 18.0, "middle", name, LONGEST_NAME))
                }
            }
        }
    }
}

/// Characters of a name that are drawn; the whole stands in the table.
pub const LONGEST_NAME: usize = 34;

/// The height that names below a frame take, in bands that are `room` wide.
pub fn room_below(names: &[&str], room: f64) -> f64 {
    let longest = names.iter().map(|name| name.chars().count()).max().unwrap_or(0).min(LONGEST_NAME);
    if is_aslant(longest, room) { 22.0 + 3.2 * longest as f64 } else { 26.0 }
}

fn is_aslant(longest: usize, room: f64) -> bool {
    longest.min(LONGEST_NAME) as f64 * 6.8 > room
}
