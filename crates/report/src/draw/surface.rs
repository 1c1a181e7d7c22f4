//! The loss over weight and bias as contours, with the way of each training, one panel a point.

use maud::{Markup, html};

use super::frame::Frame;
use super::panels::{Panels, WIDTH};
use super::picture::{Drawing, Picture};
use super::scale::Scale;
use super::svg::{line, mark, number, path, short_text};
use crate::number::{count, figure};
use crate::page::{Subject, Table};
use crate::plot::SurfacePlot;
use crate::plot::surface::Path;
use crate::sentences::counted;

const HEIGHT: f64 = 200.0;
const HEAD: f64 = 24.0;

/// The picture of the surface.
pub fn picture(plot: &SurfacePlot) -> Picture {
    Picture {
        id: "loss-surface".to_owned(),
        title: "The loss surface, and the way of each training over it".to_owned(),
        description: description(plot),
        caption: caption(plot),
        drawing: draw(plot),
        table: table(plot),
        is_timed: false,
    }
}

fn columns(plot: &SurfacePlot) -> usize {
    if plot.paths.len() > 2 { 3 } else { 2 }
}

fn draw(plot: &SurfacePlot) -> Drawing {
    let columns = columns(plot);
    let places = Panels::in_rows_of(columns, plot.paths.len(), 0.0, HEAD, HEIGHT);
    let letters = (WIDTH / columns as f64 / 6.6) as usize;
    let body = html! {
        @for (place, way) in plot.paths.iter().enumerate() {
            @let (left, top) = places.corner(place);
            (short_text(left, top + 14.0, "strong small", &way.name, letters))
            (panel(plot, way, &places.frame(place)))
        }
    };
    Drawing::new(WIDTH, places.bottom(), body)
}

fn panel(plot: &SurfacePlot, way: &Path, frame: &Frame) -> Markup {
    let [weights, biases] = plot.ends;
    let x = Scale::linear([weights.0, weights.1], frame.left, frame.right);
    let y = Scale::linear([biases.0, biases.1], frame.bottom, frame.top);
    let is_inside =
        |(x, y): (f64, f64)| (frame.left..=frame.right).contains(&x) && (frame.top..=frame.bottom).contains(&y);
    let at = |(weight, bias): &(f64, f64)| (x.at(*weight), y.at(*bias));
    // A way that leaves the panel is drawn to where it does.
    let shown: Vec<(f64, f64)> = way.places.iter().map(at).take_while(|place| is_inside(*place)).collect();
    let (start, end) = (shown.first().copied(), shown.last().copied());
    let (low_x, low_y) = (x.at(plot.minimum.0), y.at(plot.minimum.1));
    html! {
        @for loss in &plot.contours { (path("contour", plot.contour(*loss).iter().map(at).map(|place| if is_inside(place) { place } else { (f64::NAN, f64::NAN) }))) }
        (frame.vertical(&y, ""))
        (frame.horizontal(&x, "weight"))
        (line("best", (low_x - 4.0, low_y), (low_x + 4.0, low_y)))
        (line("best", (low_x, low_y - 4.0), (low_x, low_y + 4.0)))
        (mark(Subject::Point(way.point), &words(way), &html! {
            (path("line thin solid s0", shown.iter().copied()))
            @for (x, y) in &shown { circle class="s0" cx=(number(*x)) cy=(number(*y)) r="1.3" {} }
            @if let Some((x, y)) = start { circle class="hollow s0" cx=(number(x)) cy=(number(y)) r="4" {} }
            @if let Some((x, y)) = end { circle class="s1" cx=(number(x)) cy=(number(y)) r="3.6" {} }
        }))
    }
}

fn words(way: &Path) -> String {
    let end = if way.diverged {
        "then it diverged".to_owned()
    } else {
        format!("training loss {} at the end", figure(way.loss))
    };
    format!("{}: {}, {end}", way.name, counted(way.places.len().saturating_sub(1) as u64, "epoch"))
}

fn description(plot: &SurfacePlot) -> String {
    let (weight, bias) = plot.minimum;
    let least = figure(plot.surface.loss(weight, bias));
    let each = plot.paths.iter().map(|way| format!("{}.", words(way)));
    format!(
        "The smallest training loss, {least}, is at weight {} and bias {}. {}",
        figure(weight),
        figure(bias),
        each.collect::<Vec<_>>().join(" ")
    )
}

fn caption(plot: &SurfacePlot) -> String {
    let (ratio, limit) = plot.steepness;
    format!(
        "This network is a straight line, prediction = weight x input + bias, so its loss is a valley over two numbers. Each oval is \
         a place of equal training loss, each of the next larger ones 2.5 times as high above the floor; the upright axis is the \
         bias. From the ring at the start, every dot is the network after one epoch (replicate 0), up to the filled dot at the end; \
         the cross is the smallest loss. Gradient descent runs straight across the ovals: the valley is {} times steeper across \
         than along, so large steps go from wall to wall (the zigzag) while they creep along it. A fixed large rate goes on \
         jumping; a rate that falls begins as fast and comes to rest, on the way there where it falls too soon. Steps on all rows diverge above a learning rate of {}.",
        figure(ratio),
        figure(limit)
    )
}

fn table(plot: &SurfacePlot) -> Table {
    let mut table = Table::new().words(["point"]).numbers([
        "epochs",
        "weight at the end",
        "bias at the end",
        "training loss at the end",
        "above the smallest, over the last tenth",
    ]);
    for way in &plot.paths {
        let (weight, bias) = way.places.last().copied().unwrap_or_default();
        table.row_of(
            Subject::Point(way.point),
            vec![
                way.name.clone(),
                count(way.places.len().saturating_sub(1) as u64),
                figure(weight),
                figure(bias),
                if way.diverged { "diverged".to_owned() } else { figure(way.loss) },
                if way.diverged { "diverged".to_owned() } else { figure(way.restlessness) },
            ],
        );
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plot::surface::tests::sweep;

    #[test]
    fn the_surface_of_two_parameters_is_drawn_with_the_ways_over_it() {
        let sweep = sweep();
        let picture = picture(&SurfacePlot::new(&sweep.results()).unwrap());
        insta::assert_snapshot!(picture.drawing.body.replace("><", ">\n<"));
        insta::assert_snapshot!(picture.description);
        assert!(sweep.file("report.md").contains("plots/loss-surface.svg"));
    }
}
