//! `ensembles.csv`: a row an ensemble in one figure.

use polars::prelude::{DataFrame, PolarsResult};

use super::columns::Columns;
use crate::ensembles::{Ensembles, Found, Gain, Holds};
use crate::results::Results;
use crate::statistics::{Interval, Summary};

/// A row.
struct Line<'a> {
    over: &'static str,
    point: Option<usize>,
    members: usize,
    curve: Option<f64>,
    found: &'a Found,
}

/// The table: for each predicted point, the best first, the ensembles of its replicates by size; then those of the points.
/// Without rows where nothing is combined.
///
/// # Errors
/// Where an axis bears the name of another column.
pub fn table(results: &Results<'_>, ensembles: Option<&Ensembles>) -> PolarsResult<DataFrame> {
    let lines: Vec<Line<'_>> = ensembles.map_or_else(Vec::new, lines);
    let mut columns = Columns::new(lines.len());
    columns.add("over", lines.iter().map(|line| line.over).collect::<Vec<_>>());
    columns.add("point", lines.iter().map(|line| line.point.map(|point| point as u64)).collect::<Vec<_>>());
    columns.add_axes(results, &lines.iter().map(|line| line.point.unwrap_or(usize::MAX)))?;
    columns.add("members", lines.iter().map(|line| line.members as u64).collect::<Vec<_>>());
    columns.add("way", lines.iter().map(|line| line.found.way.name()).collect::<Vec<_>>());
    columns.add("metric", lines.iter().map(|line| line.found.quality.name()).collect::<Vec<_>>());
    columns.add("n", lines.iter().map(|line| line.found.value.n as u64).collect::<Vec<_>>());
    let mut number = |name: &str, read: &dyn Fn(&Line<'_>) -> Option<f64>| {
        columns.add(name, lines.iter().map(read).collect::<Vec<Option<f64>>>());
    };
    number("curve", &|line| line.curve);
    for (name, read) in SUMMARIES {
        number(name, &|line| Some(read(line.found).mean));
        number(&format!("{name}_low"), &|line| Some(read(line.found).interval?.low));
        number(&format!("{name}_high"), &|line| Some(read(line.found).interval?.high));
    }
    for (name, read) in GAINS {
        number(name, &|line| Some(read(line.found).mean));
        number(&format!("{name}_low"), &|line| Some(read(line.found).interval?.low));
        number(&format!("{name}_high"), &|line| Some(read(line.found).interval?.high));
        number(&format!("{name}_share"), &|line| read(line.found).share);
        number(&format!("{name}_share_low"), &|line| low(read(line.found).share_interval));
        number(&format!("{name}_share_high"), &|line| Some(read(line.found).share_interval?.high));
    }
    number("mcnemar_p", &|line| line.found.discordant?.p());
    let discordant = |read: fn(&crate::ensembles::Discordant) -> u64| {
        lines.iter().map(|line| line.found.discordant.as_ref().map(read)).collect::<Vec<Option<u64>>>()
    };
    columns.add("only_ensemble_right", discordant(|found| found.only_ensemble));
    columns.add("only_best_single_right", discordant(|found| found.only_single));
    columns.add("mcnemar_different", discordant(|found| found.different as u64));
    let claim = |line: &Line<'_>| {
        let Found { quality, over_mean, .. } = line.found;
        let is_claimed = ensembles.is_some_and(|ensembles| ensembles.qualities.first() == Some(quality));
        is_claimed.then(|| Holds::of(*quality, over_mean).word())
    };
    columns.add("claim", lines.iter().map(claim).collect::<Vec<_>>());
    columns.finish()
}

/// The beginning of a column's name, and where its value stands.
type Read<T> = (&'static str, fn(&Found) -> &T);

const SUMMARIES: [Read<Summary>; 3] = [
    ("value", |found| &found.value),
    ("mean_single", |found| &found.mean_single),
    ("best_single", |found| &found.best_single),
];

const GAINS: [Read<Gain>; 2] =
    [("gain_over_mean", |found| &found.over_mean), ("gain_over_best", |found| &found.over_best)];

fn low(interval: Option<Interval>) -> Option<f64> {
    interval.map(|interval| interval.low)
}

fn lines(ensembles: &Ensembles) -> Vec<Line<'_>> {
    let mut lines = Vec::new();
    for point in &ensembles.over_replicates {
        for size in point.sizes.iter().filter(|size| size.members > 1) {
            for found in &size.found {
                let is_its = |(way, quality, _): &&(_, _, f64)| *way == found.way && *quality == found.quality;
                let curve = size.curve.iter().find(is_its).map(|(_, _, value)| *value);
                let (over, members) = ("replicates", size.members);
                lines.push(Line { over, point: Some(point.point), members, curve, found });
            }
        }
    }
    if let Some(Ok(points)) = &ensembles.over_points {
        for found in &points.found {
            lines.push(Line { over: "points", point: None, members: points.members.len(), curve: None, found });
        }
    }
    lines
}
