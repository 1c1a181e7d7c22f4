//! Pictures of training rows, and of what each augmentation makes of them.

use std::collections::BTreeMap;

use maud::{Markup, html};
use swath_results::pictures::{AugmentedPictures, Pictures, Pixels};

use super::picture::{Drawing, Picture};
use super::svg::{number, short_text, text};
use crate::number::figure;
use crate::page::Table;

const WIDTH: f64 = 720.0;
/// Room at the left for the names of augmentations.
const NAMES: f64 = 150.0;
/// Characters of a name.
const LONGEST_NAME: usize = 22;
/// The longer side of a picture, at most.
const SIDE: f64 = 46.0;
/// Room between two pictures.
const GAP: f64 = 4.0;
/// Room between the copies of one row and those of the next.
const BETWEEN: f64 = 14.0;
/// Brightnesses that are told apart: pixels of one are drawn together.
const SHADES: u16 = 16;

/// The picture of all augmentations.
pub fn picture(pictures: &Pictures) -> Picture {
    Picture {
        id: "augmented-rows".to_owned(),
        title: "Training rows and their augmented copies".to_owned(),
        description: description(pictures),
        caption:
            "Above: training rows as they are. Below, for each augmentation: the same rows as the network saw them in \
                  the first epochs of the first replicate. In each epoch they are drawn anew."
                .to_owned(),
        drawing: draw(pictures),
        table: table(pictures),
        is_timed: false,
    }
}

fn draw(pictures: &Pictures) -> Drawing {
    let copies = pictures.augmentations.iter().flat_map(|level| &level.copies).map(Vec::len).max().unwrap_or(0).max(1);
    let groups = pictures.originals.len().max(1);
    let room = (WIDTH - NAMES - BETWEEN * (groups - 1) as f64) / groups as f64;
    let side = ((room - GAP * (copies - 1) as f64) / copies as f64).min(SIDE);
    let longer = pictures.height.max(pictures.width).max(1);
    let scale = side / f64::from(longer);
    let height = scale * f64::from(pictures.height);
    let left = |group: usize, copy: usize| {
        let of_group = copies as f64 * (side + GAP) - GAP + BETWEEN;
        NAMES + of_group * group as f64 + (side + GAP) * copy as f64
    };
    let top = |line: usize| 6.0 + (height + 10.0) * line as f64;
    let body = html! {
        (text(4.0, top(0) + height / 2.0 + 4.0, "strong", "the row itself"))
        @for (group, original) in pictures.originals.iter().enumerate() {
            (pixels(pictures, original, (left(group, 0), top(0)), scale))
        }
        @for (line, AugmentedPictures { label, copies }) in pictures.augmentations.iter().enumerate() {
            (short_text(4.0, top(line + 1) + height / 2.0 + 4.0, "", label, LONGEST_NAME))
            @for (group, copies) in copies.iter().enumerate() {
                @for (copy, picture) in copies.iter().enumerate() {
                    (pixels(pictures, picture, (left(group, copy), top(line + 1)), scale))
                }
            }
        }
    };
    Drawing::new(WIDTH, top(pictures.augmentations.len() + 1), body)
}

/// One picture: a path for each of its colours, in units of pixels.
fn pixels(pictures: &Pictures, picture: &Pixels, (x, y): (f64, f64), scale: f64) -> Markup {
    let (width, channels) = (pictures.width.max(1) as usize, pictures.channels.max(1) as usize);
    let mut colours: BTreeMap<[u16; 3], String> = BTreeMap::new();
    for (row, line) in picture.0.chunks(width * channels).enumerate() {
        let mut column = 0;
        let mut line = line.chunks(channels).map(colour).peekable();
        while let Some(colour) = line.next() {
            let mut run = 1;
            while line.next_if(|next| *next == colour).is_some() {
                run += 1;
            }
            colours.entry(colour).or_default().push_str(&format!("M{column} {row}h{run}v1h-{run}z"));
            column += run;
        }
    }
    let place = format!("translate({} {}) scale({})", number(x), number(y), number(scale));
    html! {
        g transform=(place) shape-rendering="crispEdges" stroke="none" {
            @for ([red, green, blue], path) in colours {
                path fill=(format!("#{red:02x}{green:02x}{blue:02x}")) d=(path) {}
            }
        }
    }
}

/// Of one pixel, in the brightnesses that are told apart.
fn colour(pixel: &[u8]) -> [u16; 3] {
    let of = |channel: usize| {
        let brightness = u16::from(pixel.get(channel).or(pixel.first()).copied().unwrap_or(0));
        let step = 255 / (SHADES - 1);
        (brightness + step / 2) / step * step
    };
    [of(0), of(1), of(2)]
}

/// How far the copies are from their rows.
fn table(pictures: &Pictures) -> Table {
    let mut table = Table::new().words(["augmentation"]).numbers(["mean change of a pixel, of 255"]);
    for level in &pictures.augmentations {
        table.row(vec![level.label.clone(), figure(change(pictures, level))]);
    }
    table
}

fn change(pictures: &Pictures, level: &AugmentedPictures) -> f64 {
    let (mut sum, mut count) = (0_u64, 0_u64);
    for (original, copies) in pictures.originals.iter().zip(&level.copies) {
        for (one, other) in copies.iter().flat_map(|copy| copy.0.iter().zip(&original.0)) {
            sum += u64::from(one.abs_diff(*other));
            count += 1;
        }
    }
    sum as f64 / count.max(1) as f64
}

fn description(pictures: &Pictures) -> String {
    let Pictures { height, width, originals, augmentations, .. } = pictures;
    let names: Vec<&str> = augmentations.iter().map(|level| level.label.as_str()).collect();
    let copies = augmentations.iter().flat_map(|level| &level.copies).map(Vec::len).max().unwrap_or(0);
    format!(
        "{} of {height} x {width} pixels, and {copies} copies of each under: {}.",
        crate::sentences::counted(originals.len() as u64, "picture"),
        names.join("; ")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pictures() -> Pictures {
        let pixels = |pixels: &[u8]| Pixels(pixels.to_vec());
        let level = |label: &str, copies: [&[u8]; 2]| AugmentedPictures {
            label: label.to_owned(),
            copies: vec![copies.map(pixels).to_vec()],
        };
        Pictures {
            height: 2,
            width: 3,
            channels: 1,
            originals: vec![pixels(&[0, 0, 255, 0, 128, 255])],
            augmentations: vec![
                level("flip", [&[0, 0, 255, 0, 128, 255], &[255, 0, 0, 255, 128, 0]]),
                level("<noise>", [&[9, 0, 250, 3, 128, 255], &[0, 0, 255, 0, 128, 255]]),
            ],
        }
    }

    #[test]
    fn pixels_of_one_brightness_are_one_path_and_runs_one_piece_of_it() {
        let drawn = picture(&pictures()).drawing.body;
        assert!(drawn.contains("<path fill=\"#000000\" d=\"M0 0h2v1h-2zM0 1h1v1h-1z\">"), "{drawn}");
        assert!(drawn.contains("<path fill=\"#ffffff\" d=\"M2 0h1v1h-1zM2 1h1v1h-1z\">"), "{drawn}");
        assert!(drawn.contains("&lt;noise&gt;") && !drawn.contains("<noise>"), "{drawn}");
        assert_eq!(drawn.matches("<g transform").count(), 5);
    }

    #[test]
    fn colours_are_red_green_and_blue() {
        let colours =
            Pictures { height: 1, width: 1, channels: 3, originals: vec![Pixels(vec![255, 0, 119])], ..pictures() };
        assert!(picture(&colours).drawing.body.contains("fill=\"#ff0077\""));
    }

    #[test]
    fn the_table_says_how_far_copies_are_from_their_rows() {
        let table = picture(&pictures()).table;
        // Half of the copies are whole; the others change by 4 * 255 of 6 pixels, and by 9, 5 and 3.
        let cells: Vec<&str> = table.rows.iter().map(|row| row.cells[1].as_str()).collect();
        assert_eq!(cells, [figure(85.0), figure(17.0 / 12.0)]);
    }
}
