//! Colours for light and dark pages, and the symbols and dashes that say the same without colour.
//!
//! The hues of series are Okabe and Ito's (2008), made darker or lighter to stand out from the page; those of heat maps are
//! steps of cividis (Nuñez, Anderton and Renslow 2018), of which the best step is the one that stands out most from the
//! page: dark on a light page, light on a dark one. Both are told apart with any of the common colour blindnesses.

use maud::{Markup, html};

use super::svg::number;

/// Series that have a colour, a symbol and a dash of their own; further ones begin again.
pub const SERIES: usize = 8;

/// Steps of the scale of heat maps, from the best to the worst.
pub const HEAT_STEPS: usize = 9;

/// What colours of which variable are used for.
pub const STYLE: &str = include_str!("plot.css");

const LIGHT: &str = "--paper:#fff;--ink:#1f2328;--soft:#59636e;--rule:#d1d9e0;--band:#eef1f4;--accent:#0b57d0;\
--good:#00694a;--bad:#b3400a;\
--s0:#0068a8;--s1:#c04f00;--s2:#008060;--s3:#a8488a;--s4:#8a6d00;--s5:#2f8fc4;--s6:#7a3b8f;--s7:#555c63;\
--h0:#00224e;--h1:#123570;--h2:#3b496c;--h3:#575d6d;--h4:#707173;--h5:#8a8678;--h6:#a59c74;--h7:#c3b369;--h8:#e1cc55;\
--best-ink:#fff;--worst-ink:#111;";

const DARK: &str = "--paper:#14171a;--ink:#e8eaed;--soft:#a3abb3;--rule:#3a4149;--band:#20252a;--accent:#8ab4f8;\
--good:#4fd0a4;--bad:#ff9a5c;\
--s0:#5cb3f0;--s1:#ff9447;--s2:#3ecfa4;--s3:#e59ccc;--s4:#e3bf4a;--s5:#9ad4f5;--s6:#c99ae0;--s7:#b3b9bf;\
--h0:#fee838;--h1:#e1cc55;--h2:#c3b369;--h3:#a59c74;--h4:#8a8678;--h5:#707173;--h6:#575d6d;--h7:#4a5370;--h8:#3b496c;\
--best-ink:#111;--worst-ink:#fff;";

/// The colours of a file of its own.
pub fn for_file() -> String {
    format!("svg{{{LIGHT}}}@media(prefers-color-scheme:dark){{svg{{{DARK}}}}}svg{{background:var(--paper)}}")
}

/// The colours of a page whose root may say `data-theme="light"` or `"dark"`; else it follows the reader's scheme.
/// Paper is light.
pub fn for_page() -> String {
    format!(
        ":root{{color-scheme:light;{LIGHT}}}\
         @media screen{{:root[data-theme=dark]{{color-scheme:dark;{DARK}}}}}\
         @media screen and (prefers-color-scheme:dark){{:root:not([data-theme=light]){{color-scheme:dark;{DARK}}}}}"
    )
}

/// The classes of a series: its colour and its dash.
pub fn series(place: usize) -> String {
    format!("s{}", place % SERIES)
}

/// The symbol of a series around a place, about 7 wide.
pub fn symbol(place: usize, x: f64, y: f64) -> Markup {
    let class = series(place);
    let polygon = |corners: &[(f64, f64)]| {
        let points: Vec<String> =
            corners.iter().map(|(dx, dy)| format!("{},{}", number(x + dx), number(y + dy))).collect();
        html! { polygon class=(class) points=(points.join(" ")) {} }
    };
    match place % SERIES {
        0 => html! { circle class=(class) cx=(number(x)) cy=(number(y)) r="3.5" {} },
        1 => polygon(&[(-3.2, -3.2), (3.2, -3.2), (3.2, 3.2), (-3.2, 3.2)]),
        2 => polygon(&[(0.0, -4.2), (4.0, 3.0), (-4.0, 3.0)]),
        3 => polygon(&[(0.0, -4.6), (4.6, 0.0), (0.0, 4.6), (-4.6, 0.0)]),
        4 => polygon(&[(0.0, 4.2), (4.0, -3.0), (-4.0, -3.0)]),
        5 => polygon(&[(-4.6, -1.6), (4.6, -1.6), (4.6, 1.6), (-4.6, 1.6)]),
        6 => polygon(&[(-1.6, -4.6), (1.6, -4.6), (1.6, 4.6), (-1.6, 4.6)]),
        _ => polygon(&[(-2.0, -4.2), (2.0, -4.2), (4.2, 0.0), (2.0, 4.2), (-2.0, 4.2), (-4.2, 0.0)]),
    }
}

/// A cross: a trial that diverged.
pub fn cross(x: f64, y: f64) -> Markup {
    let (left, right, top, bottom) = (number(x - 3.5), number(x + 3.5), number(y - 3.5), number(y + 3.5));
    html! { path.cross d=(format!("M{left} {top}L{right} {bottom}M{left} {bottom}L{right} {top}")) {} }
}

/// The step of a heat map's scale: 0 is the best.
pub fn heat_step(share_from_best: f64) -> usize {
    let step = (share_from_best.clamp(0.0, 1.0) * HEAT_STEPS as f64).floor() as usize;
    step.min(HEAT_STEPS - 1)
}

/// The class of a cell, or of a line, on a step.
pub fn heat(step: usize) -> String {
    format!("h{}", step.min(HEAT_STEPS - 1))
}

/// The class of text on a cell of a step.
pub fn heat_ink(step: usize) -> &'static str {
    if step < 5 { "on-best" } else { "on-worst" }
}
