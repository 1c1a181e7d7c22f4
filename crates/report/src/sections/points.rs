//! The ten best points.

use crate::answer::{Answer, Best, Candidate};
use crate::contrast::FEWEST_REPLICATES;
use crate::figure::Figure;
use crate::number::count;
use crate::page::{Block, Table};
use crate::results::Results;
use crate::sentences::{counted, mean};
use crate::tables::summary::of_point;

/// Points that the table shows.
const SHOWN: usize = 10;

/// The points of the smallest mean validation loss, those that lack a replicate left out.
pub(super) fn best_points(results: &Results<'_>, answer: &Answer) -> Vec<Block> {
    let manifest = results.manifest();
    let Some(best) = answer.best.as_ref().filter(|_| manifest.points.len() > 1) else { return Vec::new() };
    let mut ranked: Vec<(f64, usize)> = (0..manifest.points.len())
        .filter(|point| results.counts_of(*point).is_complete())
        .filter_map(|point| Some((of_point(results, point, Figure::VALIDATION_LOSS)?.mean, point)))
        .collect();
    ranked.sort_by(|one, other| one.0.total_cmp(&other.0).then(one.1.cmp(&other.1)));
    ranked.truncate(SHOWN);

    let is_tested = answer.compared_by.is_test();
    let metric = format!("{} {}", if is_tested { "test" } else { "validation" }, answer.metric);
    let mut table = Table::new().numbers(["rank"]).words(manifest.axes.iter().map(|axis| axis.name.as_str()));
    table = table.numbers(["parameters", "steps", "validation loss"]);
    if is_tested {
        table = table.numbers(["test loss"]);
    }
    table = table.numbers([metric.as_str()]).words(["remark"]);
    for (place, (_, point)) in ranked.iter().enumerate() {
        let Some(candidate) = Candidate::new(results, *point) else { continue };
        let mut cells = vec![(place + 1).to_string()];
        cells.extend((0..manifest.axes.len()).map(|axis| manifest.label(*point, axis).to_owned()));
        cells.extend([count(candidate.parameters), count(candidate.steps), mean(Some(&candidate.validation_loss))]);
        if is_tested {
            cells.push(mean(candidate.test_loss.as_ref()));
        }
        cells.push(mean(candidate.metric.as_ref()));
        cells.push(remark(answer, best, *point));
        table.row(cells);
    }
    let title = match ranked.len() {
        SHOWN => "The ten best points".to_owned(),
        fewer => format!("The best points ({} of {})", fewer, counted(manifest.points.len() as u64, "point")),
    };
    let mut blocks = vec![Block::Heading(2, title)];
    blocks.push(Block::Paragraph(
        "Ranked by mean validation loss; points that lack a replicate are left out. A place says little among points \
         that cannot be told from the best."
            .to_owned(),
    ));
    blocks.push(Block::Table(table));
    let can_tell = answer.replicates as usize >= FEWEST_REPLICATES;
    if can_tell && best.has_cheaper() && !ranked.iter().any(|(_, point)| *point == best.cheapest.point) {
        blocks.push(Block::Paragraph(format!(
            "The cheapest point that cannot be told from the best ranks lower: {}; {} steps, {} parameters, validation loss {}.",
            best.cheapest.name,
            count(best.cheapest.steps),
            count(best.cheapest.parameters),
            mean(Some(&best.cheapest.validation_loss))
        )));
    }
    blocks
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
