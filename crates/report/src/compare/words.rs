//! A comparison for people: a page of the same blocks as the report, as Markdown that reads well in a terminal.

use super::comparison::{Compared, Comparison, Difference};
use super::pairing::{Obstacle, Pairing};
use crate::number::{MISSING, count, figure, p_value, percent};
use crate::page::{Block, Table};
use crate::results::Counts;
use crate::sentences::{counted, margin, verdict, with_interval};
use crate::statistics::Verdict;
use crate::write::markdown;

/// Points that the table shows.
const MOST_POINTS: usize = 30;

/// Changes that are listed, and points of one side that are named.
const MOST_NAMED: usize = 40;

/// The page; `folders` are A and B as they were given, `name_of` names a point of a side.
pub fn text(comparison: &Comparison, folders: [&str; 2], name_of: &dyn Fn(usize, usize) -> String) -> String {
    let mut page = vec![Block::List(sides(comparison, folders))];
    page.push(Block::Heading(2, "What changed".to_owned()));
    page.extend(changed(comparison));
    page.push(Block::Heading(2, "What came of it".to_owned()));
    page.push(Block::List(sentences(comparison)));
    page.extend(table(comparison));
    for (side, (points, letter)) in
        [&comparison.matching.only_a, &comparison.matching.only_b].into_iter().zip(["A", "B"]).enumerate()
    {
        if points.is_empty() {
            continue;
        }
        page.push(Block::Heading(2, format!("Only in {letter}")));
        let mut names: Vec<String> = points.iter().take(MOST_NAMED).map(|point| name_of(side, *point)).collect();
        if points.len() > MOST_NAMED {
            names.push(format!("and {} more", count((points.len() - MOST_NAMED) as u64)));
        }
        page.push(Block::List(names));
    }
    markdown(&page)
}

fn sides(comparison: &Comparison, folders: [&str; 2]) -> Vec<String> {
    let sides = ["A", "B"].iter().zip(folders).zip(&comparison.names).zip(comparison.counts);
    sides.map(|(((letter, folder), name), counts)| format!("{letter}: {folder} ({name}), {}", trials(counts))).collect()
}

fn trials(counts: Counts) -> String {
    let mut words = vec![counted(counts.total(), "trial")];
    for (number, word) in
        [(counts.diverged, "diverged"), (counts.failed, "failed"), (counts.missing, "without an outcome")]
    {
        if number > 0 {
            words.push(format!("{} {word}", count(number)));
        }
    }
    words.join(", ")
}

fn changed(comparison: &Comparison) -> Vec<Block> {
    let changes = &comparison.changes;
    if changes.is_empty() {
        return vec![Block::Paragraph("Nothing: the same settings, data, program and machine.".to_owned())];
    }
    let mut table = Table::new().words(["name", "A", "B"]);
    let absent = || MISSING.to_owned();
    for change in changes.iter().take(MOST_NAMED) {
        let [a, b] = [&change.a, &change.b].map(|value| value.clone().unwrap_or_else(absent));
        table.row(vec![change.name.clone(), a, b]);
    }
    let mut blocks = vec![Block::Table(table)];
    if changes.len() > MOST_NAMED {
        blocks.push(Block::Paragraph(format!("And {} more.", count((changes.len() - MOST_NAMED) as u64))));
    }
    blocks
}

/// What was matched, how it was compared, and what came of it overall.
pub(super) fn sentences(comparison: &Comparison) -> Vec<String> {
    let matching = &comparison.matching;
    let mut lines = vec![format!(
        "{} in both, {} only in A, {} only in B.",
        counted(matching.matched.len() as u64, "point"),
        count(matching.only_a.len() as u64),
        count(matching.only_b.len() as u64)
    )];
    for (axes, one, other) in [(&matching.axes_only_a, "A", "B"), (&matching.axes_only_b, "B", "A")] {
        if !axes.is_empty() {
            lines.push(format!(
                "Only {one} has the {} {}: points are matched on the other axes, at {other}'s setting.",
                if axes.len() == 1 { "axis" } else { "axes" },
                axes.join(", ")
            ));
        }
    }
    if matching.ambiguous > 0 {
        lines.push(format!(
            "{} could be several of the other folder and so are matched with none.",
            counted(matching.ambiguous as u64, "point")
        ));
    }
    if comparison.contradictions > 0 {
        lines.push(format!(
            "Warning: {} of equal keys have other results. Equal keys promise equal bits: one of the folders was damaged, \
             or was made by a program that is not what it says.",
            counted(comparison.contradictions as u64, "trial")
        ));
    }
    if matching.matched.is_empty() {
        lines.push("No point is in both, so there is nothing to compare.".to_owned());
        return lines;
    }
    let same = comparison.points.iter().filter(|point| point.same_bits).count();
    if same == comparison.points.len() {
        lines.push(
            "Every point in both bears the same keys in both: the same bits, so nothing is to be tested.".to_owned(),
        );
        return lines;
    }
    if same > 0 {
        lines.push(format!("{} bear the same keys in both: the same bits.", counted(same as u64, "point")));
    }
    if comparison.unlike_losses {
        lines.push(format!("Losses are in other units in A and in B, so the {} is compared.", comparison.figure_words));
    }
    lines.push(pairing(&comparison.pairing));
    lines.push(overall(comparison));
    lines.push(told_apart(comparison));
    lines
}

fn pairing(pairing: &Pairing) -> String {
    let Pairing::Unpaired(obstacles) = pairing else {
        return "Paired: replicate r has the same rows, order and seed in both.".to_owned();
    };
    let reasons: Vec<String> = obstacles
        .iter()
        .map(|obstacle| match obstacle {
            Obstacle::Seed => "the seed differs".to_owned(),
            Obstacle::Data => "the data differ".to_owned(),
            Obstacle::Split(name) => format!("{name} differs"),
        })
        .collect();
    format!(
        "Not paired, as {}: replicate r of A and of B have other rows or other luck. Only the means are compared (Welch's \
         test), which sees far less.",
        reasons.join(" and ")
    )
}

fn overall(comparison: &Comparison) -> String {
    let name = comparison.figure_words.as_str();
    let Some(overall) = &comparison.overall else {
        return format!("No replicate has a {name} in both at the points matched, so nothing is compared overall.");
    };
    let left_out = match comparison.left_out_overall {
        0 => String::new(),
        points => format!(" ({} left out for want of replicates)", counted(points as u64, "point")),
    };
    format!(
        "Overall{left_out}: mean {name} {} in A, {} in B; B less A {}{}, p {}, {}: B is {}.",
        figure(overall.mean_a),
        figure(overall.mean_b),
        with_interval(overall.mean(), overall.interval),
        share(overall),
        overall.p.map_or_else(|| MISSING.to_owned(), p_value),
        replicates(overall),
        long_verdict(overall)
    )
}

fn told_apart(comparison: &Comparison) -> String {
    let with = |wanted: fn(Verdict) -> bool| {
        let verdicts = comparison.points.iter().filter_map(|point| point.difference.as_ref());
        count(verdicts.filter(|difference| wanted(difference.verdict)).count() as u64)
    };
    let untested = comparison.points.iter().filter(|point| point.difference.is_none() && !point.same_bits).count();
    let untested = if untested > 0 {
        format!(", {} without a replicate to compare", count(untested as u64))
    } else {
        String::new()
    };
    format!(
        "Point by point, with Holm's method over them: B is better at {}, worse at {}, the same within {} at {}, not enough \
         replicates at {}{untested}.",
        with(|verdict| verdict == Verdict::Better),
        with(|verdict| verdict == Verdict::Worse),
        margin(),
        with(|verdict| verdict == Verdict::SameWithinMargin),
        with(|verdict| matches!(verdict, Verdict::NotEnoughReplicates { .. }))
    )
}

/// The points that were tested, those of the smallest p first where there are too many.
fn table(comparison: &Comparison) -> Vec<Block> {
    let mut tested: Vec<(&Compared, &Difference)> =
        comparison.points.iter().filter_map(|point| Some((point, point.difference.as_ref()?))).collect();
    if tested.is_empty() {
        return Vec::new();
    }
    let total = tested.len();
    if total > MOST_POINTS {
        let p = |difference: &Difference| difference.p.unwrap_or(1.0);
        tested.sort_by(|(_, one), (_, other)| p(one).total_cmp(&p(other)));
        tested.truncate(MOST_POINTS);
    }
    let mut table = Table::new().words(["point"]).numbers(["n", "A", "B", "B - A", "of A", "p (Holm)"]).words(["B is"]);
    for (point, difference) in tested {
        table.row(vec![
            point.name.clone(),
            n(difference),
            figure(difference.mean_a),
            figure(difference.mean_b),
            with_interval(difference.mean(), difference.interval),
            difference.relative().map_or_else(|| MISSING.to_owned(), percent),
            difference.p_holm.map_or_else(|| MISSING.to_owned(), p_value),
            long_verdict(difference),
        ]);
    }
    let mut blocks = vec![
        Block::Paragraph(format!(
            "Mean {} of each point; after ± stands half of Bonferroni's 95 % interval over the points.",
            comparison.figure_words
        )),
        Block::Table(table),
    ];
    if total > MOST_POINTS {
        blocks.push(Block::Paragraph(format!(
            "These are the {MOST_POINTS} of {} points with the smallest p; `--format json` has each.",
            count(total as u64)
        )));
    }
    blocks
}

fn share(difference: &Difference) -> String {
    difference.relative().map(|share| format!(" ({})", percent(share))).unwrap_or_default()
}

fn n(difference: &Difference) -> String {
    let [a, b] = difference.n;
    if a == b { a.to_string() } else { format!("{a}, {b}") }
}

fn replicates(difference: &Difference) -> String {
    let [a, b] = difference.n;
    if a == b { counted(a as u64, "replicate") } else { format!("{a} and {b} replicates") }
}

fn long_verdict(difference: &Difference) -> String {
    let found = verdict(difference.verdict);
    match difference.verdict {
        Verdict::SameWithinMargin => format!("{found} within {}", margin()),
        Verdict::NotEnoughReplicates { needed: Some(needed) } => {
            format!("{found} (about {} would do)", count(needed as u64))
        }
        Verdict::Better | Verdict::Worse
            if difference.relative().is_some_and(|share| share.abs() < crate::contrast::MARGIN) =>
        {
            format!("{found}, by less than {}", margin())
        }
        _ => found.to_owned(),
    }
}
