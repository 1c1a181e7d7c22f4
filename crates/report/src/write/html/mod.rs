//! A page as one HTML file that asks no network, and that a strict content security policy holds.
//!
//! All text goes through maud, which escapes it. Colours, layout and script stand in the file; the policy names style and
//! script by their hashes, so that nothing else that found its way into the page could run. Without script the page is
//! complete; with it, values show where one points, tables sort, and a part of the sweep can be shown alone.

mod curves;
mod data;

use data_encoding::BASE64;
use maud::{DOCTYPE, Markup, PreEscaped, html};
use sha2::{Digest, Sha256};

pub use data::Data;

use crate::draw::picture::slug;
use crate::draw::svg::attributes;
use crate::draw::{Picture, palette};
use crate::page::{Align, Block, KeyFigure, Table};
use crate::text::plain;

const LAYOUT: &str = include_str!("page.css");
const SCRIPT: &str = concat!(include_str!("page.js"), include_str!("parallel.js"), include_str!("curves.js"));

/// A picture that is wider than this keeps more of its width on a small screen, where it scrolls.
const WIDE: f64 = 760.0;

/// The page as HTML; `data` is what its script needs to know of the sweep.
pub fn html(page: &[Block], data: &Data) -> String {
    let style = [palette::for_page().as_str(), palette::STYLE, LAYOUT].concat();
    let (title, subject, rest) = match page {
        [Block::Heading(1, title), Block::Paragraph(subject), rest @ ..] => (title.as_str(), subject.as_str(), rest),
        rest => ("swath", "", rest),
    };
    let sections: Vec<&[Block]> = sections(rest);
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta http-equiv="Content-Security-Policy" content=(policy(&style));
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="referrer" content="no-referrer";
                title { (plain(title)) " - swath" }
                style { (PreEscaped(&style)) }
            }
            body {
                a.skip href="#main" { "Skip to the answer" }
                header {
                    div {
                        h1 { (plain(title)) }
                        p { (plain(subject)) }
                    }
                }
                div.layout {
                    div.side {
                        nav aria-label="Contents" {
                            ol { @for section in &sections { (link_to(section)) } }
                        }
                    }
                    main id="main" {
                        @for section in &sections { (section_markup(section)) }
                    }
                }
                div id="tip" role="status" hidden {}
                script type="application/json" id="sweep" { (PreEscaped(data.to_json())) }
                script { (PreEscaped(SCRIPT)) }
            }
        }
    };
    let mut text = page.into_string();
    text.push('\n');
    text
}

/// Nothing may be fetched, framed, sent or run, but the page's own style and script.
fn policy(style: &str) -> String {
    let hash = |text: &str| format!("'sha256-{}'", BASE64.encode(&Sha256::digest(text.as_bytes())));
    format!(
        "default-src 'none'; style-src {}; script-src {}; base-uri 'none'; form-action 'none'",
        hash(style),
        hash(SCRIPT)
    )
}

/// The page cut before every heading of level 2.
fn sections(page: &[Block]) -> Vec<&[Block]> {
    let starts_at = |place: &usize| matches!(page.get(*place), Some(Block::Heading(2, _)));
    let mut cuts: Vec<usize> = (0..page.len()).filter(|place| *place == 0 || starts_at(place)).collect();
    cuts.push(page.len());
    cuts.windows(2).filter_map(|pair| page.get(*pair.first()?..*pair.get(1)?)).collect()
}

fn title_of(section: &[Block]) -> &str {
    match section.first() {
        Some(Block::Heading(_, title)) => title,
        _ => "",
    }
}

fn link_to(section: &[Block]) -> Markup {
    let title = title_of(section);
    html! { @if !title.is_empty() { li { a href={ "#" (slug(title)) } { (plain(title)) } } } }
}

fn section_markup(section: &[Block]) -> Markup {
    html! {
        section id=(slug(title_of(section))) {
            @for block in section { (block_markup(block)) }
        }
    }
}

fn block_markup(block: &Block) -> Markup {
    match block {
        Block::Heading(level, title) => match level {
            0..=2 => html! { h2 { (plain(title)) } },
            3 => html! { h3 { (plain(title)) } },
            _ => html! { h4 { (plain(title)) } },
        },
        Block::Paragraph(words) => html! { p { (plain(words)) } },
        Block::List(items) => html! { ul { @for item in items { li { (plain(item)) } } } },
        Block::Figures(figures) => html! { dl.figures { @for figure in figures { (key_figure(figure)) } } },
        Block::Table(table) => table_markup(table, ""),
        Block::Folded(title, table) => {
            html! { details.numbers { summary { (plain(title)) } (table_markup(table, title)) } }
        }
        Block::Picture(picture) => picture_markup(picture),
        Block::Row(pictures) => html! { div.row { @for picture in pictures { (picture_markup(picture)) } } },
        Block::Fold(title, blocks) => html! {
            details.fold { summary { (plain(title)) } @for block in blocks { (block_markup(block)) } }
        },
    }
}

fn picture_markup(picture: &Picture) -> Markup {
    let size = if picture.drawing.width > WIDE { "drawing wide" } else { "drawing" };
    html! {
        figure id=(picture.id) {
            figcaption { strong { (plain(&picture.title)) } }
            div class=(size) tabindex="0" role="group" aria-label=(plain(&picture.title)) { (picture.to_markup()) }
            p.caption { (plain(&picture.caption)) }
            @if !picture.table.rows.is_empty() {
                details.numbers { summary { "The numbers" } (table_markup(&picture.table, &picture.title)) }
            }
        }
    }
}

fn key_figure(figure: &KeyFigure) -> Markup {
    html! {
        div {
            dt { (plain(&figure.title)) }
            dd.value { (value_markup(&figure.value)) }
            @if !figure.note.is_empty() { dd.note { (plain(&figure.note)) } }
        }
    }
}

/// A value; half of its interval, where it has one, may stand in the next line.
fn value_markup(value: &str) -> Markup {
    let value = plain(value);
    html! {
        @if let Some((value, margin)) = value.split_once(" ± ") {
            (value) " " small { "± " (margin) }
        } @else {
            (value)
        }
    }
}

/// Characters up to which the cells of a column of words stand in one line.
const SHORT: usize = 30;

/// Characters up to which the title of a column stands in one line.
const SHORT_TITLE: usize = 16;

/// How the cells of a column are set: numbers and short words in one line, longer words in several.
fn class_of(table: &Table, place: usize) -> &'static str {
    if table.columns.get(place).is_some_and(|column| column.align == Align::Right) {
        return "number";
    }
    let mut cells = table.rows.iter().filter_map(|row| row.cells.get(place));
    if cells.all(|cell| cell.chars().count() <= SHORT) { "short" } else { "words" }
}

fn table_markup(table: &Table, title: &str) -> Markup {
    let classes: Vec<&str> = (0..table.columns.len()).map(|place| class_of(table, place)).collect();
    html! {
        div.table tabindex="0" role="group" aria-label=(if title.is_empty() { "Table".to_owned() } else { plain(title) }) {
            table {
                thead {
                    tr {
                        @for (column, class) in table.columns.iter().zip(&classes) {
                            @let length = if column.title.chars().count() > SHORT_TITLE { " long" } else { "" };
                            th class={ (class) (length) } scope="col" { (plain(&column.title)) }
                        }
                    }
                }
                tbody {
                    @for row in &table.rows {
                        @let (point, level) = attributes(row.subject);
                        tr data-point=[point] data-level=[level] {
                            @for (cell, class) in row.cells.iter().zip(&classes) {
                                td class=(class) { (value_markup(cell)) }
                            }
                        }
                    }
                }
            }
        }
    }
}
