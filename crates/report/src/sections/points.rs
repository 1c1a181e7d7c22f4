//! The points: the ten best, and all of them.

use std::cmp::Ordering;

use crate::answer::{Answer, Best, Candidate};
use crate::contrast::FEWEST_REPLICATES;
use crate::draw;
use crate::number::{MISSING, count};
use crate::objective::Objective;
use crate::page::{Block, Subject, Table};
use crate::plot::{ParallelPlot, PointsPlot, Shown};
use crate::results::Results;
use crate::sentences::{counted, mean};

/// Points that the first table shows.
const SHOWN: usize = 10;

/// The best points, and all that the report shows, ranked by what the best is chosen by; those that lack a replicate come
/// last and have no rank.
pub(super) fn points(results: &Results<'_>, answer: &Answer, shown: &Shown) -> Vec<Block> {
    let manifest = results.manifest();
    let Some(best) = answer.best.as_ref().filter(|_| manifest.points.len() > 1) else {
        let drawn = pictures(results, answer, shown);
        let heading = (!drawn.is_empty()).then(|| Block::Heading(2, "The points".to_owned()));
        return heading.into_iter().chain(drawn).collect();
    };
    let mut ranked: Vec<Ranked> = shown.points.iter().filter_map(|point| Ranked::new(results, *point)).collect();
    ranked.sort_by(|one, other| one.order(other, &answer.objective));
    let count_ranked = ranked.iter().filter(|point| point.is_complete).count();
    let title = match count_ranked {
        SHOWN.. => "The ten best points".to_owned(),
        fewer => format!("The best points ({} of {})", fewer, counted(manifest.points.len() as u64, "point")),
    };
    let mut blocks = vec![Block::Heading(2, title)];
    blocks.push(Block::Paragraph(format!(
        "Ranked by mean {}; points that lack a replicate are left out. A place says little among points that cannot be \
         told from the best.",
        answer.objective.validation_words()
    )));
    let tops = ranked.get(..count_ranked.min(SHOWN)).unwrap_or_default();
    blocks.push(Block::Table(table(results, answer, best, tops)));
    let can_tell = answer.replicates as usize >= FEWEST_REPLICATES;
    if can_tell && best.has_cheaper() && !tops.iter().any(|top| top.candidate.point == best.cheapest.point) {
        blocks.push(Block::Paragraph(format!(
            "The cheapest point that cannot be told from the best ranks lower: {}; {} steps, {} parameters, {} {}.",
            best.cheapest.name,
            count(best.cheapest.steps),
            count(best.cheapest.parameters),
            answer.objective.validation_words(),
            mean(Some(&best.cheapest.validation))
        )));
    }
    blocks.extend(pictures(results, answer, shown));
    if ranked.len() > tops.len() {
        let title = match shown.remark() {
            Some(remark) => format!("All points, the best first. {remark} summary.csv has every one."),
            None => "All points, the best first".to_owned(),
        };
        blocks.push(Block::Folded(title, table(results, answer, best, &ranked)));
    }
    blocks
}

/// The points drawn, where at least two have a mean.
fn pictures(results: &Results<'_>, answer: &Answer, shown: &Shown) -> Vec<Block> {
    let points = PointsPlot::new(results, answer, shown).map(|plot| draw::points::picture(&plot));
    let lines = ParallelPlot::new(results, answer, shown).map(|plot| draw::parallel::picture(&plot));
    points.into_iter().chain(lines).map(|picture| Block::Picture(Box::new(picture))).collect()
}

/// A point on its place in the ranking.
struct Ranked {
    candidate: Candidate,
    is_complete: bool,
}

impl Ranked {
    fn new(results: &Results<'_>, point: usize) -> Option<Self> {
        let candidate = Candidate::new(results, point)?;
        Some(Self { candidate, is_complete: results.counts_of(point).is_complete() })
    }

    fn order(&self, other: &Self, objective: &Objective) -> Ordering {
        other
            .is_complete
            .cmp(&self.is_complete)
            .then(objective.order(self.candidate.validation.mean, other.candidate.validation.mean))
            .then(self.candidate.point.cmp(&other.candidate.point))
    }
}

fn table(results: &Results<'_>, answer: &Answer, best: &Best, ranked: &[Ranked]) -> Table {
    let manifest = results.manifest();
    let is_tested = answer.compared_by.is_test();
    let objective = &answer.objective;
    let [validation, test, beside] =
        [objective.validation(), objective.test(), objective.beside(is_tested)].map(|figure| objective.words(figure));
    let mut table = Table::new().numbers(["rank"]).words(manifest.axes.iter().map(|axis| axis.name.as_str()));
    table = table.numbers(["parameters", "steps", validation.as_str()]);
    if is_tested {
        table = table.numbers([test.as_str()]);
    }
    table = table.numbers([beside.as_str()]).words(["remark"]);
    for (place, Ranked { candidate, is_complete }) in ranked.iter().enumerate() {
        let mut cells = vec![if *is_complete { (place + 1).to_string() } else { MISSING.to_owned() }];
        cells.extend((0..manifest.axes.len()).map(|axis| manifest.label(candidate.point, axis).to_owned()));
        cells.extend([count(candidate.parameters), count(candidate.steps), mean(Some(&candidate.validation))]);
        if is_tested {
            cells.push(mean(candidate.test.as_ref()));
        }
        cells.push(mean(candidate.beside.as_ref()));
        cells.push(if *is_complete { remark(answer, best, candidate.point) } else { "lacks a replicate".to_owned() });
        table.row_of(Subject::Point(candidate.point), cells);
    }
    table
}

fn remark(answer: &Answer, best: &Best, point: usize) -> String {
    let mut remarks = Vec::new();
    if point == best.leader.point {
        remarks.push("best");
    } else if best.holds(point) {
        remarks.push("cannot be told from the best");
    } else {
        remarks.push("worse than the best");
    }
    let can_tell = answer.replicates as usize >= FEWEST_REPLICATES;
    if can_tell && point == best.cheapest.point && best.not_told_apart.len() > 1 {
        remarks.push("cheapest of these");
    }
    remarks.join("; ")
}
