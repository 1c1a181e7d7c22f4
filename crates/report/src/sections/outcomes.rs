//! What diverged, failed, is missing or was left out: never hidden by leaving it out of a mean.

use swath_results::row::Ending;

use crate::answer::Answer;
use crate::answer::name_of;
use crate::contrast::ALPHA;
use crate::number::{count, percent};
use crate::page::Block;
use crate::results::{Results, Status};
use crate::sentences::counted;
use crate::statistics::rate;

/// Points or messages that are named one by one.
const NAMED: usize = 10;

/// How the trials ended, and which did not finish.
pub(super) fn left_out(results: &Results<'_>, answer: &Answer) -> Vec<Block> {
    let counts = answer.counts;
    let manifest = results.manifest();
    let mut items = vec![if counts.is_complete() {
        format!("All {} finished.", counted(counts.total(), "trial"))
    } else {
        format!(
            "Of {}: {} finished, {} diverged, {} failed, {} not yet trained.",
            counted(counts.total(), "trial"),
            count(counts.finished),
            count(counts.diverged),
            count(counts.failed),
            count(counts.missing)
        )
    }];
    let trained = counts.total() - counts.missing;
    if counts.diverged > 0
        && let Some(rate) = rate(counts.diverged as usize, trained as usize, ALPHA)
    {
        items.push(format!(
            "Diverged (a loss or a weight became NaN or infinite): {} of the trials trained (95 % interval {} to {}).",
            percent(rate.share),
            percent(rate.interval.low),
            percent(rate.interval.high)
        ));
    }
    items.extend(unfinished_points(results, Status::Diverged));
    items.extend(unfinished_points(results, Status::Failed));
    items.extend(messages(results));
    if manifest.excluded_points > 0 {
        items.push(format!("The sweep file excludes {}.", counted(manifest.excluded_points, "point")));
    }
    let levels_short = answer.axes.iter().flat_map(|axis| &axis.levels).any(|level| level.points_left_out > 0);
    if levels_short {
        items.push(
            "Averages over settings leave out points of which less than half as many replicates finished as of the \
             fullest point, and then every replicate that lacks one of the points kept; n says how many remain."
                .to_owned(),
        );
    }
    vec![Block::Heading(2, "What did not finish or was left out".to_owned()), Block::List(items)]
}

/// The points at which trials ended as `status`, the worst first.
fn unfinished_points(results: &Results<'_>, status: Status) -> Option<String> {
    let points = 0..results.manifest().points.len();
    let ended = |point: usize| results.counts_of(point).of(status);
    let mut found: Vec<(u64, usize)> =
        points.map(|point| (ended(point), point)).filter(|(ended, _)| *ended > 0).collect();
    if found.is_empty() {
        return None;
    }
    found.sort_by_key(|(ended, point)| (std::cmp::Reverse(*ended), *point));
    let total = found.len();
    let named: Vec<String> = found
        .into_iter()
        .take(NAMED)
        .map(|(ended, point)| format!("{} ({ended} of {})", name_of(results, point), results.manifest().replicates))
        .collect();
    let more = if total > NAMED { format!("; and {} more", count((total - NAMED) as u64)) } else { String::new() };
    let verb = status.word();
    Some(format!("Trials {verb} at {}: {}{more}.", counted(total as u64, "point"), named.join("; ")))
}

/// The messages of failed trials, each once, in the order in which they first appear.
fn messages(results: &Results<'_>) -> Vec<String> {
    let mut found: Vec<(&str, u64)> = Vec::new();
    if results.counts().failed == 0 {
        return Vec::new();
    }
    for trial in results.trials() {
        let Some(Ending::Failed { message }) = trial.outcome.map(|outcome| &outcome.ending) else { continue };
        if let Some((_, times)) = found.iter_mut().find(|(known, _)| *known == message.as_str()) {
            *times += 1;
        } else if found.len() < NAMED {
            found.push((message, 1));
        }
    }
    found.into_iter().map(|(message, times)| format!("Failed {}: {message}", counted(times, "time"))).collect()
}
