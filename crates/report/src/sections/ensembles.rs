//! What ensembles gain.

use crate::answer::Answer;
use crate::draw;
use crate::ensembles::{Claim, Ensembles, Found, Gain, Holds, OverPoints, OverReplicates, Quality, Way};
use crate::number::{MISSING, count, p_value};
use crate::page::{Block, Subject, Table};
use crate::sentences::{counted, mean, with_interval};
use crate::statistics::Interval;
use crate::text::capital;

/// The section; nothing without predictions on test rows.
pub(super) fn ensembles(answer: &Answer) -> Vec<Block> {
    let Some(ensembles) = &answer.ensembles else { return Vec::new() };
    let mut blocks = vec![
        Block::Heading(2, "What ensembles gain".to_owned()),
        Block::Paragraph(format!(
            "Several networks that decide together, on {} that none of them learnt from. Averaging takes the mean of what \
             they say, a majority vote the class that most of them say, and stacking a last layer that learnt on \
             validation rows how much to trust each. The rows are the same in every replicate, so intervals tell what \
             other trainings would have come to, not what other rows would.",
            counted(ensembles.rows as u64, "test row")
        )),
        Block::Paragraph(how_to_read(ensembles)),
    ];
    let claims = ensembles.claims();
    if !claims.is_empty() {
        blocks.push(Block::List(claims.iter().map(sentence).collect()));
    }
    blocks.extend(over_replicates(ensembles));
    blocks.extend(over_points(ensembles));
    blocks
}

fn how_to_read(ensembles: &Ensembles) -> String {
    let rows = if ensembles.qualities.contains(&Quality::Accuracy) {
        " The last column counts the test rows that the ensemble alone has right, and those that the best single member \
         alone has right; p is McNemar's, and speaks of other rows with these networks."
    } else {
        ""
    };
    format!(
        "One network: the mean of the members, each alone. The best single: the member that is best on validation \
         rows. A gain below 0 is a loss. n is how many ensembles there are that share no network; ± is the 95 % interval \
         over them.{rows} ensembles.csv has every \
         figure."
    )
}

/// What can be said of the two percent, for one ensemble.
fn sentence(claim: &Claim) -> String {
    let is_accuracy = claim.quality == Quality::Accuracy;
    let amount = |share: f64| format!("{:.1}", share.abs() * 100.0);
    let with_sign = |share: f64| {
        let text = format!("{:.1}", share * 100.0);
        if text == "-0.0" { "0.0".to_owned() } else { text }
    };
    let unit = if is_accuracy { "percentage points" } else { "%" };
    let gain = match (is_accuracy, claim.gain < 0.0) {
        (true, false) => format!("{} {unit} more rows right than one network on average", amount(claim.gain)),
        (true, true) => format!("{} {unit} fewer rows right than one network on average", amount(claim.gain)),
        (false, false) => format!("an MAE {} {unit} lower than that of one network on average", amount(claim.gain)),
        (false, true) => format!("an MAE {} {unit} higher than that of one network on average", amount(claim.gain)),
    };
    let interval = match claim.interval {
        Some(interval) => format!(
            "95 % interval of the gain {} to {}, over {}",
            with_sign(interval.low),
            with_sign(interval.high),
            claim.units
        ),
        None => format!("no interval: it is the gain of {}", claim.units),
    };
    let least = if is_accuracy { "at least 2 percentage points" } else { "at least 2 %" };
    let verdict = match claim.holds {
        Holds::Yes => format!("It is {least} better"),
        Holds::No => format!("It is not {least} better"),
        Holds::Unknown => format!("Whether it is {least} better cannot be told"),
    };
    format!("{}: {gain} ({interval}). {verdict}.", capital(&claim.ensemble))
}

fn over_replicates(ensembles: &Ensembles) -> Vec<Block> {
    let Some(best) = ensembles.over_replicates.first() else { return Vec::new() };
    let [quality, other] = ensembles.qualities;
    let mut blocks =
        vec![Block::Heading(3, "Replicates of one point".to_owned()), Block::Paragraph(introduction(best))];
    blocks.extend(draw::ensemble_size::picture(best, quality).map(|picture| Block::Picture(Box::new(picture))));
    let mut table = heading(Table::new().numbers(["networks"]).words(["way"]), ensembles.qualities);
    for size in best.sizes.iter().filter(|size| is_shown(best, size.members)) {
        for way in [Way::Averaging, Way::Vote] {
            let Some(found) = size.of(way, quality) else { continue };
            let mut cells = vec![size.members.to_string(), way.label().to_owned()];
            cells.extend(figures(found, size.of(way, other)));
            table.row(cells);
        }
    }
    blocks.push(Block::Table(table));
    if ensembles.over_replicates.len() > 1 {
        blocks.push(Block::Paragraph("The replicates of each of the best points, all of them together:".to_owned()));
        let mut table = heading(Table::new().words(["point", "members"]), ensembles.qualities);
        for point in &ensembles.over_replicates {
            let Some(all) = point.all() else { continue };
            let Some(found) = all.of(Way::Averaging, quality) else { continue };
            let kind = if point.is_bagged { "bagged networks" } else { "networks" };
            let mut cells = vec![point.name.clone(), format!("{} {kind}", all.members)];
            cells.extend(figures(found, all.of(Way::Averaging, other)));
            table.row_of(Subject::Point(point.point), cells);
        }
        blocks.push(Block::Table(table));
    }
    blocks
}

fn introduction(best: &OverReplicates) -> String {
    let apart = if best.is_bagged {
        "each learnt from rows that were drawn with replacement from its training rows (`data.bootstrap`), so together they \
         are a bagged ensemble (Breiman 1996)"
    } else {
        "each was trained apart: in another order, from other first weights and, where the sweep resplits, on other rows"
    };
    format!(
        "The {} replicates of the best point ({}) as members: {apart}. An ensemble of m networks is judged on disjoint \
         groups of m replicates, which share no network; with one group there is no interval.",
        count(best.members as u64),
        best.name
    )
}

/// Sizes that the table shows: powers of two, the one that is judged, and all.
fn is_shown(best: &OverReplicates, members: usize) -> bool {
    let is_judged = best.judged().is_some_and(|judged| judged.members == members);
    members > 1 && (members.is_power_of_two() || is_judged || members == best.members)
}

fn over_points(ensembles: &Ensembles) -> Vec<Block> {
    let mut blocks = vec![Block::Heading(3, "The best points together".to_owned())];
    let points = match &ensembles.over_points {
        None => return Vec::new(),
        Some(Err(why)) => {
            blocks.push(Block::Paragraph(format!("They are not combined: {why}.")));
            return blocks;
        }
        Some(Ok(points)) => points,
    };
    blocks.push(Block::Paragraph(points_introduction(points)));
    let [quality, other] = ensembles.qualities;
    blocks.extend(draw::ensemble_members::picture(points, quality).map(|picture| Block::Picture(Box::new(picture))));
    let mut table = heading(Table::new().words(["way"]), ensembles.qualities);
    for way in [Way::Vote, Way::Averaging, Way::Stacking] {
        let Some(found) = points.of(way, quality) else { continue };
        let mut cells = vec![way.label().to_owned()];
        cells.extend(figures(found, points.of(way, other)));
        table.row(cells);
    }
    blocks.push(Block::Table(table));
    blocks
}

fn points_introduction(points: &OverPoints) -> String {
    let stacking = if points.validate_apart {
        " They are not stacked: their validation rows differ, and a last layer needs rows that no member learnt from."
    } else {
        " The last layer of a stack is fitted on the validation rows of the replicate, which also chose the points; it never \
         sees a test row."
    };
    format!(
        "The {} best points as members, replicate by replicate: in each they had the same rows, so the {} are the units, and \
         gains are paired.{stacking}",
        points.members.len(),
        counted(points.replicates as u64, "replicate")
    )
}

fn heading(table: Table, [quality, other]: [Quality; 2]) -> Table {
    let columns = if quality.is_error() {
        ["lower by, against one network", "lower by, against the best single"]
    } else {
        ["gain over one network, points", "gain over the best single, points"]
    };
    let table = table.numbers(["n", quality.label()]).numbers(columns);
    let table = table.numbers([other.label(), "lower by, against one network"]);
    if quality.is_error() { table } else { table.words(["rows that one alone has right"]) }
}

/// The cells under [`heading`].
fn figures(found: &Found, other: Option<&Found>) -> Vec<String> {
    let mut cells = vec![
        found.value.n.to_string(),
        mean(Some(&found.value)),
        gain(found.quality, &found.over_mean),
        gain(found.quality, &found.over_best),
        other.map_or_else(|| MISSING.to_owned(), |other| mean(Some(&other.value))),
        other.map_or_else(|| MISSING.to_owned(), |other| gain(other.quality, &other.over_mean)),
    ];
    if let Some(discordant) = found.discordant {
        let counts = format!("{} and {}", count(discordant.only_ensemble), count(discordant.only_single));
        cells.push(match discordant.p() {
            Some(p) => format!("{counts}, p {}", p_value(p)),
            None => format!("{counts}, p below 0.05 in {} of {}", discordant.different, discordant.units),
        });
    }
    cells
}

/// Percentage points of accuracy; of an error the share by which it is lower.
fn gain(quality: Quality, gain: &Gain) -> String {
    let hundredfold = |interval: Interval| Interval { low: interval.low * 100.0, high: interval.high * 100.0 };
    match gain.share.filter(|_| quality.is_error()) {
        Some(share) => format!("{} %", with_interval(share * 100.0, gain.share_interval.map(hundredfold))),
        None => with_interval(gain.mean * 100.0, gain.interval.map(hundredfold)),
    }
}
