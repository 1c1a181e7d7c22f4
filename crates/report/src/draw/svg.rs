//! What every drawing is made of: its frame, marks that say what they are, coordinates.

use maud::{Markup, PreEscaped, html};

use super::picture::Picture;
use crate::page::Subject;
use crate::text::plain;

/// A coordinate with two decimals at most, so that no platform writes another.
pub fn number(value: f64) -> String {
    let text = format!("{value:.2}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" { "0".to_owned() } else { text.to_owned() }
}

/// The picture's element, with the title and description that screen readers say; `style` where it stands alone.
pub(super) fn root(picture: &Picture, style: Option<&str>) -> Markup {
    let Picture { id, title, description, drawing, .. } = picture;
    let view_box = format!("0 0 {} {}", number(drawing.width), number(drawing.height));
    html! {
        svg.plot xmlns="http://www.w3.org/2000/svg" viewBox=(view_box) role="img" aria-labelledby={ (id) "-title " (id) "-description" } {
            title id={ (id) "-title" } { (plain(title)) }
            desc id={ (id) "-description" } { (plain(description)) }
            @if let Some(style) = style { style { (PreEscaped(style)) } }
            (PreEscaped(drawing.body.as_str()))
        }
    }
}

/// A mark that says `words` when it is pointed at, and that a page can hide with its subject.
pub fn mark(subject: Subject, words: &str, body: &Markup) -> Markup {
    let (point, level) = attributes(subject);
    html! { g.mark data-point=[point] data-level=[level] { title { (plain(words)) } (body) } }
}

/// The attributes `data-point` and `data-level` of what tells of a subject.
pub fn attributes(subject: Subject) -> (Option<String>, Option<String>) {
    match subject {
        Subject::Sweep => (None, None),
        Subject::Point(point) => (Some(point.to_string()), None),
        Subject::Level { axis, level } => (None, Some(format!("{axis}:{level}"))),
    }
}

/// Text at a place; `class` says size, colour and to which side it is set.
pub fn text(x: f64, y: f64, class: &str, words: &str) -> Markup {
    html! { text class=(class) x=(number(x)) y=(number(y)) { (plain(words)) } }
}

/// `words`, cut to `most` characters with an ellipsis; where it is cut, the whole stands in a title.
pub fn short_text(x: f64, y: f64, class: &str, words: &str, most: usize) -> Markup {
    let shown = shorten(words, most);
    if shown == plain(words) {
        return text(x, y, class, words);
    }
    html! { text class=(class) x=(number(x)) y=(number(y)) { title { (plain(words)) } (shown) } }
}

/// `words` without hidden characters, cut to `most` characters with an ellipsis.
pub fn shorten(words: &str, most: usize) -> String {
    let words = plain(words);
    if words.chars().count() <= most {
        return words;
    }
    let kept: String = words.chars().take(most.saturating_sub(1)).collect();
    format!("{}…", kept.trim_end())
}

/// `words` in lines of at most `most` characters, broken at blanks, at most `lines` of them; the last is cut with an
/// ellipsis.
pub fn lines_of(words: &str, most: usize, lines: usize) -> Vec<String> {
    let mut broken: Vec<String> = Vec::new();
    let words = plain(words);
    for word in words.split_whitespace() {
        let fits = |line: &String| line.chars().count() + 1 + word.chars().count() <= most;
        let is_full = broken.len() >= lines;
        match broken.last_mut().filter(|line| is_full || fits(line)) {
            Some(line) => {
                line.push(' ');
                line.push_str(word);
            }
            None => broken.push(word.to_owned()),
        }
    }
    broken.iter().map(|line| shorten(line, most)).collect()
}

/// A straight line.
pub fn line(class: &str, (x1, y1): (f64, f64), (x2, y2): (f64, f64)) -> Markup {
    html! { line class=(class) x1=(number(x1)) y1=(number(y1)) x2=(number(x2)) y2=(number(y2)) {} }
}

/// A line through places; those that are not finite interrupt it.
pub fn path(class: &str, places: impl IntoIterator<Item = (f64, f64)>) -> Markup {
    let mut data = String::new();
    let mut drawing = false;
    for (x, y) in places {
        if !(x.is_finite() && y.is_finite()) {
            drawing = false;
            continue;
        }
        data.push(if drawing { 'L' } else { 'M' });
        data.push_str(&format!("{} {}", number(x), number(y)));
        drawing = true;
    }
    html! { path class=(class) d=(data) {} }
}

/// The area between an upper and a lower line over the same horizontal places.
pub fn area(class: &str, places: &[(f64, f64, f64)]) -> Markup {
    let finite = places.iter().filter(|(x, low, high)| x.is_finite() && low.is_finite() && high.is_finite());
    let there = finite.clone().map(|(x, low, _)| format!("{} {}", number(*x), number(*low)));
    let back = finite.rev().map(|(x, _, high)| format!("{} {}", number(*x), number(*high)));
    let corners: Vec<String> = there.chain(back).collect();
    if corners.is_empty() {
        return html! {};
    }
    html! { path class=(class) d={ "M" (corners.join("L")) "Z" } {} }
}

/// A rectangle.
pub fn rectangle(class: &str, x: f64, y: f64, width: f64, height: f64) -> Markup {
    html! { rect class=(class) x=(number(x)) y=(number(y)) width=(number(width.max(0.0))) height=(number(height.max(0.0))) {} }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn coordinates_have_two_decimals_at_most() {
        assert_eq!([1.0, 0.126, -0.001, 10.5, 100.0].map(number), ["1", "0.13", "0", "10.5", "100"]);
    }

    #[test]
    fn names_from_outside_stay_text() {
        let drawn = mark(Subject::Point(3), "<script>\u{202e}", &text(0.0, 0.0, "soft", "a & b")).into_string();
        assert_eq!(
            drawn,
            "<g class=\"mark\" data-point=\"3\"><title>&lt;script&gt;</title><text class=\"soft\" x=\"0\" y=\"0\">a &amp; b</text></g>"
        );
    }

    #[test]
    fn a_gap_in_the_numbers_is_a_gap_in_the_line() {
        let drawn = path("line", [(0.0, 1.0), (1.0, f64::NAN), (2.0, 3.0), (3.0, 4.0)]).into_string();
        assert!(drawn.contains("d=\"M0 1M2 3L3 4\""), "{drawn}");
    }

    #[test]
    fn a_long_name_is_cut_and_whole_in_its_title() {
        assert_eq!(shorten("abcdef", 6), "abcdef");
        assert_eq!(shorten("abcdefg", 6), "abcde…");
        let drawn = short_text(0.0, 0.0, "soft", "abcdefg", 6).into_string();
        assert!(drawn.contains("<title>abcdefg</title>abcde…"), "{drawn}");
    }

    #[test]
    fn long_words_are_broken_at_blanks_and_cut_after_the_last_line() {
        assert_eq!(lines_of("a bc, def gh", 6, 2), ["a bc,", "def gh"]);
        assert_eq!(lines_of("a bc, def gh ijk", 6, 2), ["a bc,", "def g…"]);
        assert_eq!(lines_of("abcdefghij\u{202e}", 6, 2), ["abcde…"]);
        assert_eq!(lines_of("", 6, 2), [""; 0]);
    }
}
