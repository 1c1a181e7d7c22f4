//! Members and ensembles side by side, each with its interval over replicates.

use maud::html;

use super::columns::Columns;
use super::frame::Frame;
use super::interval::horizontal;
use super::palette::symbol;
use super::picture::{Drawing, Picture};
use super::scale::Scale;
use super::svg::{line, mark, rectangle};
use crate::ensembles::{OverPoints, Quality, Way};
use crate::number::figure;
use crate::page::{Subject, Table};
use crate::sentences::mean;
use crate::statistics::Summary;

const WIDTH: f64 = 720.0;
const ROW: f64 = 20.0;

/// A row of the picture.
struct Line {
    name: String,
    subject: Subject,
    summary: Summary,
    /// Which series: members, what they come to alone, ensembles.
    series: usize,
}

/// The picture of the best points and what is made of them.
pub fn picture(over: &OverPoints, quality: Quality) -> Option<Picture> {
    let lines = lines(over, quality);
    let best = |series: usize| {
        let of_series = lines.iter().filter(|line| line.series == series);
        of_series.min_by(|one, other| {
            let (one, other) = (one.summary.mean, other.summary.mean);
            if quality.is_error() { one.total_cmp(&other) } else { other.total_cmp(&one) }
        })
    };
    let (member, ensemble) = (best(0)?, best(2)?);
    let label = quality.label();
    let description = format!(
        "Best member: {} ({label} {}). Best ensemble: {} ({label} {}).",
        member.name,
        figure(member.summary.mean),
        ensemble.name,
        figure(ensemble.summary.mean)
    );
    let mut table = Table::new().words(["what"]).numbers([label, "n"]);
    for line in &lines {
        table.row_of(line.subject, vec![line.name.clone(), mean(Some(&line.summary)), line.summary.n.to_string()]);
    }
    let better = if quality.is_error() { "lower" } else { "higher" };
    Some(Picture {
        id: "ensemble-members".to_owned(),
        title: format!("The best points, alone and together: {label} on test rows"),
        caption: format!(
            "A mark is the mean over {} replicates with its 95 % interval; {better} is better. Circles are points alone, \
             squares what single members come to, triangles ensembles. Intervals overlap more than they tell: all stand \
             on the same replicates, so the paired gains in the table decide. {description}",
            over.replicates
        ),
        description,
        drawing: draw(&lines, quality),
        table,
        is_timed: false,
    })
}

fn lines(over: &OverPoints, quality: Quality) -> Vec<Line> {
    let mut lines = Vec::new();
    for member in &over.members {
        let found = member.scores.iter().find(|(figure, _)| *figure == quality).and_then(|(_, summary)| *summary);
        lines.extend(found.map(|summary| Line {
            name: member.name.clone(),
            subject: Subject::Point(member.point),
            summary,
            series: 0,
        }));
    }
    if let Some(found) = over.of(Way::Averaging, quality) {
        for (name, summary) in
            [("mean of the members", found.mean_single), ("the one best on validation rows", found.best_single)]
        {
            lines.push(Line { name: name.to_owned(), subject: Subject::Sweep, summary, series: 1 });
        }
    }
    for way in [Way::Vote, Way::Averaging, Way::Stacking] {
        lines.extend(over.of(way, quality).map(|found| Line {
            name: format!("all together: {}", way.label()),
            subject: Subject::Sweep,
            summary: found.value,
            series: 2,
        }));
    }
    lines
}

fn draw(lines: &[Line], quality: Quality) -> Drawing {
    let columns = Columns::new(&[""], lines.iter().map(|line| vec![line.name.as_str()]), 330.0);
    let frame =
        Frame { left: columns.width() + 22.0, right: WIDTH - 14.0, top: 14.0, bottom: 14.0 + ROW * lines.len() as f64 };
    let marks: Vec<_> = lines.iter().map(|line| (line.summary.mean, line.summary.interval)).collect();
    let scale = Scale::of_intervals(&marks, 30.0, frame.left + 8.0, frame.right - 8.0);
    let parts =
        lines.windows(2).enumerate().filter(|(_, pair)| matches!(pair, [one, other] if one.series != other.series));
    let parts: Vec<usize> = parts.map(|(place, _)| place + 1).collect();
    let body = html! {
        (frame.horizontal(&scale, quality.label()))
        @for place in parts {
            @let y = frame.top + ROW * place as f64;
            (line("rule", (4.0, y), (frame.right, y)))
        }
        @for (place, row) in lines.iter().enumerate() {
            @let y = frame.top + ROW * (place as f64 + 0.5);
            (mark(row.subject, &format!("{}: {} {}", row.name, quality.label(), mean(Some(&row.summary))), &html! {
                (rectangle("hit", 0.0, y - ROW / 2.0, WIDTH, ROW))
                (columns.row(8.0, y + 4.0, if row.series == 2 { "small strong" } else { "small" }, &[row.name.as_str()]))
                @if let Some(interval) = row.summary.interval {
                    (horizontal(&format!("interval s{}", row.series), &scale, interval, y, (frame.left, frame.right)))
                }
                (symbol(row.series, scale.at(row.summary.mean), y))
            }))
        }
    };
    Drawing::new(WIDTH, frame.bottom + 42.0, body)
}
