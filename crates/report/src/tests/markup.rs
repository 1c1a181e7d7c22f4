//! The written pages taken apart again, by readers stricter than a browser: what they accept has one meaning.

/// A part of an HTML file.
#[derive(Debug, PartialEq)]
pub(super) enum Part {
    Open { name: String, attributes: Vec<(String, String)> },
    Close(String),
    Text(String),
}

/// Elements that have no end.
const EMPTY: [&str; 1] = ["meta"];

/// Elements whose text is raw.
const RAW: [&str; 2] = ["script", "style"];

/// The parts of a page; panics at the first thing that is not written as the template writes it, which is a tag of letters
/// and digits with quoted attributes, or text without any `<` or `>`. Every element must end in its turn.
pub(super) fn parts(page: &str) -> Vec<Part> {
    let mut rest = page.strip_prefix("<!DOCTYPE html>").expect("the page begins with its type");
    let mut parts = Vec::new();
    let mut open: Vec<String> = Vec::new();
    while !rest.is_empty() {
        if let Some(raw) = open.last().filter(|name| RAW.contains(&name.as_str()) && !is_drawing(&open)) {
            let (text, _) = rest.split_once(&format!("</{raw}>")).expect("a raw element ends");
            if !text.is_empty() {
                parts.push(Part::Text(text.to_owned()));
            }
            rest = &rest[text.len()..];
        }
        let Some(tag) = rest.strip_prefix('<') else {
            let (text, _) = rest.split_at(rest.find('<').unwrap_or(rest.len()));
            assert!(!text.contains('>'), "a bare > in {text:?}");
            parts.push(Part::Text(unescape(text)));
            rest = &rest[text.len()..];
            continue;
        };
        let (tag, after) = tag.split_once('>').expect("a tag ends");
        assert!(!tag.contains('<'), "a tag in a tag: {tag:?}");
        rest = after;
        if let Some(name) = tag.strip_prefix('/') {
            assert_eq!(open.pop().as_deref(), Some(name), "elements end in turn");
            parts.push(Part::Close(name.to_owned()));
            continue;
        }
        let (name, words) = tag.split_at(tag.find(' ').unwrap_or(tag.len()));
        assert!(name.chars().all(|c| c.is_ascii_alphanumeric()), "{tag:?}");
        if !EMPTY.contains(&name) {
            open.push(name.to_owned());
        }
        parts.push(Part::Open { name: name.to_owned(), attributes: attributes(words) });
    }
    assert_eq!(open, Vec::<String>::new(), "every element ends");
    parts
}

fn is_drawing(open: &[String]) -> bool {
    open.iter().any(|name| name == "svg")
}

fn attributes(mut words: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    while !words.is_empty() {
        words = words.strip_prefix(' ').expect("one blank before an attribute");
        let end = words.find([' ', '=']).unwrap_or(words.len());
        let (name, after) = words.split_at(end);
        let Some(quoted) = after.strip_prefix("=\"") else {
            assert!(!after.starts_with('='), "a value without quotes: {words:?}");
            found.push((name.to_owned(), String::new()));
            words = after;
            continue;
        };
        let (value, after) = quoted.split_once('"').expect("a value ends");
        found.push((name.to_owned(), unescape(value)));
        words = after;
    }
    found
}

fn unescape(text: &str) -> String {
    for reference in text.match_indices('&').map(|(place, _)| &text[place..]) {
        let known = ["&amp;", "&lt;", "&gt;", "&quot;"].iter().any(|known| reference.starts_with(known));
        assert!(known, "an unknown reference in {text:?}");
    }
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&")
}

/// The text of every cell of every table of an HTML page; whether the table stands in a figure.
pub(super) fn html_tables(page: &str) -> Vec<(bool, Vec<Vec<String>>)> {
    let mut tables: Vec<(bool, Vec<Vec<String>>)> = Vec::new();
    let (mut in_figure, mut in_cell) = (false, false);
    for part in parts(page) {
        match part {
            Part::Open { name, .. } => match name.as_str() {
                "figure" => in_figure = true,
                "table" => tables.push((in_figure, Vec::new())),
                "tr" => tables.last_mut().unwrap().1.push(Vec::new()),
                "th" | "td" => {
                    in_cell = true;
                    tables.last_mut().unwrap().1.last_mut().unwrap().push(String::new());
                }
                _ => {}
            },
            Part::Close(name) => match name.as_str() {
                "figure" => in_figure = false,
                "th" | "td" => in_cell = false,
                _ => {}
            },
            Part::Text(text) if in_cell => {
                tables.last_mut().unwrap().1.last_mut().unwrap().last_mut().unwrap().push_str(&text);
            }
            Part::Text(_) => {}
        }
    }
    tables
}

/// The text of every cell of every table of a Markdown page, without the line of dashes.
pub(super) fn markdown_tables(page: &str) -> Vec<Vec<Vec<String>>> {
    let mut tables: Vec<Vec<Vec<String>>> = Vec::new();
    let mut is_table = false;
    for line in page.lines() {
        let Some(row) = line.strip_prefix('|') else {
            is_table = false;
            continue;
        };
        if !is_table {
            tables.push(Vec::new());
        }
        is_table = true;
        if row.starts_with("---") {
            continue;
        }
        tables.last_mut().unwrap().push(markdown_cells(row));
    }
    tables
}

fn markdown_cells(row: &str) -> Vec<String> {
    let mut cells = vec![String::new()];
    let mut characters = row.chars();
    while let Some(c) = characters.next() {
        match c {
            '\\' => cells.last_mut().unwrap().extend(characters.next()),
            '|' => cells.push(String::new()),
            c => cells.last_mut().unwrap().push(c),
        }
    }
    cells.pop();
    cells.iter().map(|cell| cell.trim().to_owned()).collect()
}
