//! The HTML page: nothing from outside becomes part of it but as text, it says what Markdown says, and it can be read.

use std::collections::BTreeSet;

use swath_results::manifest::Task;

use super::fixture::{Sweep, run_record};
use super::hostile;
use super::markup::{Part, html_tables, markdown_tables, parts};
use crate::answer::Answer;
use crate::draw::palette;
use crate::page::Block;
use crate::plot::{Shown, TabledPlots};
use crate::predictions::{KeptPredictions, predicted_points};
use crate::results::Results;
use crate::sections::page;
use crate::text::{csv_cell, plain};
use crate::write::{Data, html, markdown};

/// Every element of the template and of its drawings.
const ELEMENTS: &str = "html head meta title style script body header main nav section div h1 h2 h3 h4 p a ol ul li dl dt dd \
    small strong figure figcaption details summary table thead tbody tr th td \
    svg desc g text circle rect line path polygon";

/// Every attribute of the template and of its drawings; none runs a script, fetches or carries a style.
const ATTRIBUTES: &str = "lang charset name content http-equiv id class href type hidden role tabindex scope aria-label \
    aria-labelledby data-point data-level data-brush xmlns viewBox x y x1 y1 x2 y2 cx cy r width height d points transform";

struct Hostile {
    payloads: Vec<String>,
    html: String,
    markdown: String,
}

fn hostile_pages() -> Hostile {
    let payloads = hostile::payloads().unwrap();
    let (manifest, outcomes) = hostile::sweep(&payloads);
    let results = Results::new(&manifest, |key| outcomes.get(key));
    let mut answer = Answer::new(&results);
    let said = hostile::predictions(&payloads, &manifest, &predicted_points(&results, &answer));
    answer.predict(&results, KeptPredictions::new(&results, &answer, Some(Ok(said))));
    assert!(answer.detail.is_some() && answer.ensembles.is_some());
    let shown = Shown::new(&results, &answer);
    let page = page(&results, &answer, &shown, &TabledPlots::new(&results), None);
    Hostile { payloads, html: html(&page, &Data::new(&results, &answer, &shown)), markdown: markdown(&page) }
}

#[test]
fn hostile_names_are_text_and_nothing_else() {
    let Hostile { payloads, html, .. } = hostile_pages();
    assert!(payloads.len() >= 200);
    let (mut texts, mut json) = (BTreeSet::new(), String::new());
    let mut is_data = false;
    for part in parts(&html) {
        match part {
            Part::Open { name, attributes } => {
                assert!(ELEMENTS.split_whitespace().any(|known| known == name), "{name}");
                for (attribute, value) in &attributes {
                    assert!(ATTRIBUTES.split_whitespace().any(|known| known == attribute), "{name} {attribute}");
                    assert!(attribute != "href" || value.starts_with('#'), "{name} {attribute} {value}");
                }
                is_data = attributes.contains(&("id".to_owned(), "sweep".to_owned()));
            }
            Part::Text(text) if is_data => json = text,
            Part::Text(text) => drop(texts.insert(text)),
            Part::Close(_) => is_data = false,
        }
    }
    let data: serde_json::Value = serde_json::from_str(&json).unwrap();
    for (place, payload) in payloads.iter().enumerate() {
        let shown = plain(payload);
        assert!(shown.is_empty() || texts.contains(&shown), "{payload:?} is not shown");
        assert_eq!(data["axes"][place + 1]["name"], shown);
    }
}

#[test]
fn no_page_bears_a_hidden_character() {
    let Hostile { html, markdown, .. } = hostile_pages();
    for page in [html, markdown] {
        for line in page.lines() {
            assert_eq!(plain(line), line);
        }
    }
}

#[test]
fn no_payload_is_a_formula_in_a_spreadsheet() {
    for payload in hostile::payloads().unwrap() {
        let cell = csv_cell(&payload);
        let is_number = cell.parse::<f64>().is_ok_and(f64::is_finite);
        let begins = cell.trim_start().starts_with(['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠']);
        assert!(!begins || is_number, "{payload:?} became {cell:?}");
    }
}

#[test]
fn html_and_markdown_have_the_same_tables() {
    let mut partial = Sweep::architectures();
    partial.remove(3, 2);
    for sweep in [Sweep::architectures(), partial] {
        let results = sweep.results();
        let answer = Answer::new(&results);
        let shown = Shown::new(&results, &answer);
        let page = page(&results, &answer, &shown, &TabledPlots::new(&results), Some(&run_record()));
        let html = html_tables(&html(&page, &Data::new(&results, &answer, &shown)));
        let markdown = markdown_tables(&markdown(&page));
        let without_figures: Vec<_> =
            html.iter().filter(|(in_figure, _)| !in_figure).map(|(_, table)| table.clone()).collect();
        assert!(without_figures.len() >= 4);
        // Behind a picture of times, of which Markdown has no file, stand its numbers.
        let in_markdown_alone: Vec<_> = markdown.iter().filter(|table| !without_figures.contains(table)).collect();
        assert!(
            in_markdown_alone.iter().all(|table| html.contains(&(true, (*table).clone()))),
            "{in_markdown_alone:?}"
        );
        let shared: Vec<_> = markdown.iter().filter(|table| without_figures.contains(table)).cloned().collect();
        assert_eq!(shared, without_figures);
    }
}

#[test]
fn pages_of_large_sweeps_stay_small_and_say_what_they_show() {
    let levels: Vec<String> = (0..1_000).map(|level| level.to_string()).collect();
    let levels: Vec<&str> = levels.iter().map(String::as_str).collect();
    let many_levels = Sweep::new(Task::Regression, &[("seed", levels.as_slice())], 3);
    let many_points = Sweep::new(Task::Regression, &[("x", &levels[..50]), ("y", &levels[..50])], 2);
    let many_replicates = Sweep::new(Task::Regression, &[("epochs", &["1", "2"])], 1_000);
    let many_epochs = Sweep::new(Task::Regression, &[("epochs", &["1000", "2000"])], 3);
    let said = [
        (many_levels, "The first 40 of 1,000 levels are drawn."),
        (many_points, " of 2,500 points are shown"),
        (many_replicates, "The first 300 of 1,000 replicates are drawn"),
        (many_epochs, ""),
    ];
    for (sweep, words) in said {
        let results = sweep.results();
        let answer = Answer::new(&results);
        let shown = Shown::new(&results, &answer);
        let page = page(&results, &answer, &shown, &TabledPlots::new(&results), None);
        let html = html(&page, &Data::new(&results, &answer, &shown));
        assert!(html.len() < 1_000_000, "{words}: {} bytes", html.len());
        assert!(html.contains(words), "{words}");
        let markdown = markdown(&page);
        assert!(markdown.len() < 200_000, "{words}: {} bytes", markdown.len());
    }
}

#[test]
fn key_figures_say_nothing_that_the_page_does_not() {
    let sweep = Sweep::architectures();
    let results = sweep.results();
    let answer = Answer::new(&results);
    let shown = Shown::new(&results, &answer);
    let page = page(&results, &answer, &shown, &TabledPlots::new(&results), None);
    let figures: Vec<_> = page
        .iter()
        .filter_map(|block| if let Block::Figures(figures) = block { Some(figures) } else { None })
        .flatten()
        .collect();
    assert_eq!(figures.len(), 6);
    let words = markdown(&page).split_whitespace().collect::<Vec<_>>().join(" ");
    for figure in figures {
        let number = figure.value.trim_end_matches(" steps");
        assert!(words.contains(number), "{figure:?}");
    }
}

/// Colours of a rule by their names.
fn colours(rule: &str) -> Vec<(&str, [f64; 3])> {
    let channel =
        |hex: &str| f64::from(u8::from_str_radix(&hex.repeat(if hex.len() == 1 { 2 } else { 1 }), 16).unwrap());
    let colours = rule.split(';').filter_map(|part| part.trim().strip_prefix("--")?.split_once(":#"));
    colours
        .map(|(name, hex)| {
            let digits = hex.len() / 3;
            (name, [0, 1, 2].map(|place| channel(&hex[place * digits..(place + 1) * digits])))
        })
        .collect()
}

/// WCAG 2.2's contrast ratio of two colours.
fn contrast(one: [f64; 3], other: [f64; 3]) -> f64 {
    let luminance = |colour: [f64; 3]| {
        let linear = colour.map(|channel| {
            let share = channel / 255.0;
            if share <= 0.04045 { share / 12.92 } else { libm::pow((share + 0.055) / 1.055, 2.4) }
        });
        0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    };
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

#[test]
fn text_and_marks_stand_out_from_light_and_dark_pages() {
    let rules = palette::for_page();
    let themes: Vec<&str> = rules.split('{').filter(|rule| rule.contains("--paper:")).collect();
    assert!(themes.len() >= 2);
    for theme in themes {
        let colours = colours(theme.split('}').next().unwrap());
        let colour = |name: &str| colours.iter().find(|(known, _)| *known == name).unwrap().1;
        for ground in ["paper", "band"] {
            for text in ["ink", "soft", "accent", "good", "bad"] {
                let ratio = contrast(colour(text), colour(ground));
                assert!(ratio >= 4.5, "{text} on {ground}: {ratio:.2}");
            }
        }
        for series in 0..palette::SERIES {
            // A dot lets a quarter of the page through.
            let mixed = |ink: [f64; 3], paper: [f64; 3]| [0, 1, 2].map(|place| 0.75 * ink[place] + 0.25 * paper[place]);
            let (mark, paper) = (colour(&format!("s{series}")), colour("paper"));
            let (whole, dot) = (contrast(mark, paper), contrast(mixed(mark, paper), paper));
            assert!(whole >= 3.0, "series {series}: {whole:.2}");
            assert!(series > 0 || dot >= 3.0, "dots of series {series}: {dot:.2}");
        }
    }
}
