//! Architectures as networks: a circle a unit, a column a layer, a line a weight.

use maud::{Markup, html};

use super::panels::WIDTH;
use super::picture::{Drawing, Picture};
use super::svg::{mark, number, rectangle, short_text, text};
use crate::number::{MISSING, count, percent};
use crate::page::{Subject, Table};
use crate::plot::NetworksPlot;
use crate::plot::networks::{MOST_NETWORKS, Network, abbreviated};
use crate::sentences::{counted, layers, mean, verdict};

/// Networks side by side.
const COLUMNS: usize = 4;
/// Room between two networks.
const GAP: f64 = 14.0;
/// Height of the column of a layer with as many units as are drawn.
const HEIGHT: f64 = 132.0;
/// Room above the units for the name.
const HEAD: f64 = 26.0;
/// Room below the units for their numbers and the result.
const FOOT: f64 = 112.0;
/// Units of a layer that are all drawn.
const MOST_UNITS: usize = 12;
/// Layers of a network that are all drawn.
const MOST_LAYERS: usize = 9;
/// Image layers of a network that are all drawn, the image included.
const MOST_IMAGE_LAYERS: usize = 5;
/// Side of the square that stands for an image.
const IMAGE: f64 = 26.0;
/// Width of a digit of small text.
const DIGIT: f64 = 6.4;

/// The picture of the architectures.
pub fn picture(plot: &NetworksPlot) -> Picture {
    Picture {
        id: "networks".to_owned(),
        title: "The networks".to_owned(),
        description: description(plot),
        caption: caption(plot),
        drawing: draw(plot),
        table: table(plot),
        is_timed: false,
    }
}

fn draw(plot: &NetworksPlot) -> Drawing {
    let columns = plot.networks.len().clamp(1, COLUMNS);
    // Two networks need no more room than each of four.
    let width = (WIDTH - GAP * (COLUMNS - 1) as f64) / COLUMNS as f64;
    let row = HEAD + HEIGHT + FOOT;
    let body = html! {
        @for (place, network) in plot.networks.iter().enumerate() {
            @let left = (width + GAP) * (place % columns) as f64;
            @let top = row * (place / columns) as f64;
            (mark(Subject::Level { axis: plot.axis, level: network.level }, &words(plot, network), &network_at(plot, network, left, top, width)))
        }
    };
    Drawing::new(WIDTH, row * plot.networks.len().div_ceil(columns) as f64, body)
}

/// The units of a layer that are drawn: the places of their middles, and where dots stand for the others.
struct Column {
    x: f64,
    units: Vec<f64>,
    dots: Option<f64>,
    count: u32,
}

fn network_at(plot: &NetworksPlot, network: &Network, left: f64, top: f64, width: f64) -> Markup {
    let (shown, is_cut) = abbreviated(network.layers.len(), MOST_LAYERS);
    let images = image_words(network);
    let slots = images.len() + shown.len() + usize::from(is_cut);
    let step = width / slots.max(1) as f64;
    let middle = top + HEAD + HEIGHT / 2.0;
    let gap_after = shown.len().div_ceil(2);
    let columns: Vec<Column> = shown
        .iter()
        .enumerate()
        .map(|(place, layer)| {
            let slot = if is_cut && place >= gap_after { place + 1 } else { place };
            column(
                network.layers.get(*layer).copied().unwrap_or(0),
                left + step * ((images.len() + slot) as f64 + 0.5),
                middle,
            )
        })
        .collect();
    let last = columns.len().saturating_sub(1);
    let is_staggered =
        !images.is_empty() || network.layers.iter().any(|units| units.to_string().len() as f64 * DIGIT > step);
    let below = top + HEAD + HEIGHT;
    html! {
        (short_text(left, top + 14.0, "strong", &network.name, (width / 7.0) as usize))
        @for (place, pair) in columns.windows(2).enumerate() {
            @if let [from, to] = pair {
                @if is_cut && place + 1 == gap_after {
                    (text(f64::midpoint(from.x, to.x), middle + 4.0, "soft middle", "···"))
                } @else {
                    path class="weights" d=(weights(from, to)) {}
                }
            }
        }
        @for (place, words) in images.iter().enumerate() {
            @let x = left + step * (place as f64 + 0.5);
            (image_layer(x, middle, place, step))
            (text(x, below + 16.0 + if place % 2 == 1 { 12.0 } else { 0.0 }, "soft small middle", words))
        }
        @for (place, column) in columns.iter().enumerate() {
            @let class = if place == 0 { "unit s7" } else if place == last { "unit s1" } else { "unit s0" };
            @for y in &column.units { circle class=(class) cx=(number(column.x)) cy=(number(*y)) r="3.4" {} }
            @if let Some(y) = column.dots { (text(column.x, y + 4.0, "soft middle", "⋮")) }
            (text(column.x, below + 16.0 + if is_staggered && (images.len() + place) % 2 == 1 { 12.0 } else { 0.0 }, "soft small middle", &column.count.to_string()))
        }
        (text(left, below + 46.0, "small", &counted(network.parameters, "parameter")))
        (text(left, below + 61.0, "small", &format!("{} {}", plot.figure, mean(network.loss.as_ref()))))
        (text(left, below + 76.0, "soft small", &difference(network)))
        @if let Some((_, found)) = network.against_first { (text(left, below + 91.0, "soft small", verdict(found))) }
    }
}

/// What stands below the image and each layer that sees it: of many the first, and dots.
fn image_words(network: &Network) -> Vec<&str> {
    // Kernels and the like stand in the table, as there is room for a word or two.
    let all = network.image_layers.iter().map(|layer| layer.split(" (").next().unwrap_or(layer));
    if network.image_layers.len() <= MOST_IMAGE_LAYERS {
        return all.collect();
    }
    all.take(MOST_IMAGE_LAYERS - 1).chain(["···"]).collect()
}

/// The image as a square; what leaves a layer that sees it as some squares, smaller from layer to layer.
fn image_layer(x: f64, middle: f64, place: usize, room: f64) -> Markup {
    let side = IMAGE.min(room - 6.0).max(4.0) * 0.82f64.powi(i32::try_from(place).unwrap_or(i32::MAX));
    let squares: &[f64] = if place == 0 { &[0.0] } else { &[-3.0, 0.0, 3.0] };
    html! {
        @for shift in squares {
            (rectangle(if place == 0 { "unit s7" } else { "unit s0" }, x - side / 2.0 + shift, middle - side / 2.0 + shift, side, side))
        }
    }
}

fn column(units: u32, x: f64, middle: f64) -> Column {
    let (shown, is_cut) = abbreviated(units as usize, MOST_UNITS);
    let slots = shown.len() + usize::from(is_cut);
    let step = HEIGHT / MOST_UNITS as f64;
    let first = middle - step * (slots as f64 - 1.0) / 2.0;
    let gap_after = shown.len().div_ceil(2);
    let at = |slot: usize| first + step * slot as f64;
    Column {
        x,
        units: (0..shown.len()).map(|place| at(if is_cut && place >= gap_after { place + 1 } else { place })).collect(),
        dots: is_cut.then(|| at(gap_after)),
        count: units,
    }
}

/// A line from every unit to every unit of the next layer.
fn weights(from: &Column, to: &Column) -> String {
    let mut data = String::new();
    for y in &from.units {
        for end in &to.units {
            data.push_str(&format!("M{} {}L{} {}", number(from.x), number(*y), number(to.x), number(*end)));
        }
    }
    data
}

/// How much lower or higher the loss is than that of the first network.
fn difference(network: &Network) -> String {
    let Some((share, _)) = network.against_first else {
        return if network.level == 0 { "the first".to_owned() } else { MISSING.to_owned() };
    };
    let way = if share < 0.0 { "below" } else { "above" };
    format!("{} {way} the first", percent(share.abs()))
}

/// The same with the verdict.
fn standing(network: &Network) -> String {
    let found = network.against_first.map(|(_, found)| format!(": {}", verdict(found)));
    format!("{}{}", difference(network), found.unwrap_or_default())
}

fn words(plot: &NetworksPlot, network: &Network) -> String {
    format!(
        "{}: {}, {}, {} {}; {}",
        network.name,
        layers(&network.image_layers, &network.layers),
        counted(network.parameters, "parameter"),
        plot.figure,
        mean(network.loss.as_ref()),
        standing(network)
    )
}

fn description(plot: &NetworksPlot) -> String {
    let each = plot.networks.iter().map(|network| {
        format!(
            "{} is {} with {}",
            network.name,
            layers(&network.image_layers, &network.layers),
            counted(network.parameters, "parameter")
        )
    });
    format!("{}.", each.collect::<Vec<_>>().join("; "))
}

fn caption(plot: &NetworksPlot) -> String {
    let has_images = plot.networks.iter().any(|network| !network.image_layers.is_empty());
    let of_images = if has_images {
        "A square is an image, squares behind each other are what filters or pooling make of it; the pixels that are left \
         become the inputs of the dense layers. "
    } else {
        ""
    };
    let mut words = format!(
        "{}A circle is a unit, a column a layer: inputs at the left, hidden layers, outputs at the right, with their numbers of \
         units below. A line is a weight. Each unit but the inputs has a bias besides, so a layer of m units after one of n \
         has (n + 1) x m parameters, and two more a unit where it is normalised. Of layers of more than {MOST_UNITS} units some are drawn. The {} is averaged over all \
         other settings; what stands below it is the difference to the first network.",
        of_images, plot.figure
    );
    if plot.left_out > 0 {
        words.push_str(&format!(
            " {MOST_NETWORKS} of {} networks are drawn.",
            count((plot.left_out + MOST_NETWORKS) as u64)
        ));
    }
    words
}

fn table(plot: &NetworksPlot) -> Table {
    let mut table = Table::new()
        .words(["architecture", "layers"])
        .numbers(["parameters", plot.figure.as_str()])
        .words(["against the first"]);
    for network in &plot.networks {
        table.row_of(
            Subject::Level { axis: plot.axis, level: network.level },
            vec![
                network.name.clone(),
                layers(&network.image_layers, &network.layers),
                count(network.parameters),
                mean(network.loss.as_ref()),
                standing(network),
            ],
        );
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::answer::Answer;
    use crate::tests::fixture::Sweep;

    #[test]
    fn four_networks_are_drawn_side_by_side() {
        let sweep = Sweep::architectures();
        let results = sweep.results();
        let picture = picture(&NetworksPlot::new(&results, &Answer::new(&results)).unwrap());
        insta::assert_snapshot!(picture.drawing.body.replace("><", ">\n<"));
        assert_eq!(
            picture.description,
            "baseline is 4-8-4-1 with 81 parameters; wide is 4-16-8-1 with 225 parameters; deep is 4-4-8-8-4-1 with 205 \
             parameters; wide_deep is 4-8-16-16-8-1 with 697 parameters."
        );
    }

    #[test]
    fn a_unit_is_joined_with_every_unit_of_the_next_layer() {
        let lines =
            |from: u32, to: u32| weights(&column(from, 0.0, 50.0), &column(to, 10.0, 50.0)).matches('L').count();
        assert_eq!((lines(4, 8), lines(1, 1), lines(64, 12)), (32, 1, 120));
    }

    #[test]
    fn a_very_deep_and_wide_network_stays_in_its_place() {
        let network = Network {
            level: 1,
            name: "x".repeat(200),
            image_layers: vec!["conv 8".to_owned(); 30],
            layers: vec![2_000; 40],
            parameters: u64::MAX,
            loss: None,
            against_first: None,
        };
        let plot = NetworksPlot { axis: 0, figure: "test loss".to_owned(), networks: vec![network; 8], left_out: 3 };
        let picture = picture(&plot);
        assert!(picture.drawing.body.len() < 300_000, "{}", picture.drawing.body.len());
        assert!(picture.caption.ends_with("8 of 11 networks are drawn."));
        for x in picture.drawing.body.split(" cx=\"").skip(1).map(|rest| rest.split('"').next().unwrap()) {
            assert!((0.0..=WIDTH).contains(&x.parse::<f64>().unwrap()), "{x}");
        }
    }
}
