//! All series, for people: as text for a terminal or a forge, and as one HTML file with its pictures.

use maud::{DOCTYPE, PreEscaped, html as markup};

use super::picture::{description, picture};
use super::series::Series;
use crate::page::Block;
use crate::text::plain;
use crate::write::markdown;

/// The page's own style; the pictures bring theirs.
const STYLE: &str = "body{font:16px/1.5 system-ui,sans-serif;max-width:52rem;margin:2rem auto;padding:0 1rem;\
                     color-scheme:light dark}svg{width:100%;height:auto}";

/// The series in words.
pub fn text(series: &[Series]) -> String {
    if series.is_empty() {
        return "No run is in the history yet.\n".to_owned();
    }
    let lines = series.iter().map(|series| format!("{}: {}", series.title(), description(series))).collect();
    markdown(&[Block::Heading(2, "History".to_owned()), Block::List(lines)])
}

/// The page with the pictures; it asks no network.
pub fn html(series: &[Series]) -> String {
    let page = markup! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'";
                title { "History" }
                style { (PreEscaped(STYLE)) }
            }
            body {
                h1 { "History" }
                @if series.is_empty() { p { "No run is in the history yet." } }
                @for series in series {
                    @let picture = picture(series);
                    h2 { (plain(&picture.title)) }
                    p { (plain(&picture.description)) }
                    (PreEscaped(picture.to_file()))
                    p { small { (plain(&picture.caption)) } }
                }
            }
        }
    };
    format!("{}\n", page.into_string())
}

#[cfg(test)]
mod tests {
    use super::super::night::{Night, tests::night};
    use super::super::series::series;
    use super::*;

    fn nights() -> Vec<Night> {
        let level = |day: usize| if day > 6 { 12.0 } else { 10.0 };
        let wobble = |day: usize| [0.0, 0.2, -0.1, 0.1][day % 4];
        (1..=12).map(|day| night(day, level(day) + wobble(day), 1_000.0 + wobble(day), "linux <b>")).collect()
    }

    #[test]
    fn a_change_is_told_with_its_run_and_revision() {
        insta::assert_snapshot!(text(&series(&nights())));
        assert_eq!(text(&[]), "No run is in the history yet.\n");
    }

    #[test]
    fn the_page_draws_every_series_and_lets_no_name_become_markup() {
        let page = html(&series(&nights()));
        assert_eq!(page.matches("<svg").count(), 2);
        assert_eq!(page.matches("<circle").count(), 24);
        assert!(!page.contains("<b>") && page.contains("linux &lt;b&gt;"));
        insta::assert_snapshot!(
            picture(&series(&nights())[0]).drawing.body.replace("<g class=\"mark\"", "\n<g class=\"mark\"")
        );
    }
}
