//! What more networks bring: the quality of an ensemble over its size.

use maud::html;

use super::frame::Frame;
use super::interval::vertical;
use super::legend::{Entry, Sample, legend};
use super::palette::symbol;
use super::picture::{Drawing, Picture};
use super::scale::Scale;
use super::svg::{line, mark, path, rectangle};
use crate::ensembles::{FEWEST_GROUPS, OverReplicates, Quality, Size, Way};
use crate::number::{figure, figure_or_dash};
use crate::page::{Subject, Table};

const WIDTH: f64 = 720.0;

/// The ways that are drawn, each as a series.
const WAYS: [Way; 2] = [Way::Averaging, Way::Vote];

/// The picture of the best point's ensembles over their size.
pub fn picture(over: &OverReplicates, quality: Quality) -> Option<Picture> {
    let single = curve(over.sizes.first()?, Way::Averaging, quality)?;
    let all = curve(over.sizes.last()?, Way::Averaging, quality)?;
    let ways: Vec<Way> =
        WAYS.into_iter().filter(|way| over.sizes.iter().any(|size| curve(size, *way, quality).is_some())).collect();
    let mut table = Table::new().numbers(["networks", "disjoint groups"]).numbers(ways.iter().map(|way| way.label()));
    for size in &over.sizes {
        let mut cells = vec![size.members.to_string(), size.groups.to_string()];
        cells.extend(ways.iter().map(|way| figure_or_dash(curve(size, *way, quality))));
        table.row(cells);
    }
    let label = quality.label();
    let description = format!(
        "One network: {label} {} on average; the average of all {}: {}.",
        figure(single),
        over.members,
        figure(all)
    );
    let better = if quality.is_error() { "Lower" } else { "Higher" };
    Some(Picture {
        id: "ensemble-size".to_owned(),
        title: format!("What more networks bring: {label} on test rows"),
        caption: format!(
            "The best point's replicates as members of one ensemble. {better} is better. A line is the mean over groups of \
             so many consecutive replicates, one group from each replicate on; where it is flat, more networks bring \
             nothing. A bar is the 95 % interval over groups that share no replicate, where there are at least \
             {FEWEST_GROUPS}; it stands around their own mean, which is not quite the line's. The dashed line is one \
             network. {description}"
        ),
        description,
        drawing: draw(over, quality, &ways, single),
        table,
        is_timed: false,
    })
}

fn curve(size: &Size, way: Way, quality: Quality) -> Option<f64> {
    size.curve.iter().find(|(known, figure, _)| *known == way && *figure == quality).map(|(_, _, value)| *value)
}

fn draw(over: &OverReplicates, quality: Quality, ways: &[Way], single: f64) -> Drawing {
    let entries: Vec<Entry> = ways
        .iter()
        .enumerate()
        .map(|(place, way)| Entry::new(Sample::Line(format!("line s{place}")), way.label()))
        .chain([Entry::new(Sample::Line("zero".to_owned()), "one network, on average")])
        .collect();
    let (legend, height) = legend(&entries, 20.0, 0.0, WIDTH - 40.0);
    let frame = Frame { left: 64.0, right: WIDTH - 14.0, top: height + 34.0, bottom: height + 270.0 };
    let across = Scale::whole(over.sizes.iter().map(|size| size.members as f64), frame.left + 10.0, frame.right - 10.0);
    let averaged = |size: &Size| {
        size.of(Way::Averaging, quality).filter(|_| size.groups >= FEWEST_GROUPS).map(|found| found.value)
    };
    let marks: Vec<_> = over
        .sizes
        .iter()
        .flat_map(|size| {
            let interval = averaged(size).map(|value| (value.mean, value.interval));
            let lines = ways.iter().filter_map(|way| Some((curve(size, *way, quality)?, None)));
            interval.into_iter().chain(lines).collect::<Vec<_>>()
        })
        .collect();
    let up = Scale::of_intervals(&marks, 30.0, frame.bottom - 4.0, frame.top + 4.0);
    let places = |way: Way| {
        over.sizes
            .iter()
            .filter_map(|size| Some((size.members, curve(size, way, quality)?)))
            .map(|(members, value)| (members, value, across.at(members as f64), up.at(value)))
            .collect::<Vec<_>>()
    };
    let body = html! {
        (legend)
        (frame.vertical(&up, quality.label()))
        (frame.horizontal(&across, "networks in the ensemble"))
        (line("zero", (frame.left, up.at(single)), (frame.right, up.at(single))))
        @for size in &over.sizes {
            @if let Some(interval) = averaged(size).and_then(|value| value.interval) {
                (vertical("interval thin s0", &up, interval, across.at(size.members as f64), (frame.top, frame.bottom)))
            }
        }
        @for (series, way) in ways.iter().enumerate() {
            @let places = places(*way);
            (path(&format!("line s{series}"), places.iter().map(|(_, _, x, y)| (*x, *y))))
            @for (members, value, x, y) in &places {
                (mark(Subject::Sweep, &format!("{members} networks, {}: {} {}", way.label(), quality.label(), figure(*value)), &html! {
                    (rectangle("hit", x - 5.0, y - 7.0, 10.0, 14.0))
                    (symbol(series, *x, *y))
                }))
            }
        }
    };
    Drawing::new(WIDTH, frame.bottom + 42.0, body)
}
