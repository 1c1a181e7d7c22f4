//! How large a sweep may be, and that `exclude` does what it seems to.

use std::num::NonZeroU32;
use std::ops::Range;

use super::axes::Grid;
use super::keys::{MAX_TRIALS, MOST_TRIALS};
use super::problem::{Found, count};
use crate::grid::Expansion;

/// Refuses a grid that is too large before any of its points is made.
pub(super) fn hold_before(grids: &[Grid], replicates: Option<NonZeroU32>, max_trials: u32, found: &mut Found) -> bool {
    let points = grids.iter().fold(0_u128, |sum, grid| sum.saturating_add(grid.shape.points()));
    // Rules and doubles take points away later; until then only what can no longer be counted is refused.
    let is_final = grids.len() <= 1 && grids.iter().all(|grid| grid.shape.excludes.is_empty());
    let trials = points.saturating_mul(u128::from(replicates.map_or(1, NonZeroU32::get)));
    if points > u128::from(max_trials.max(MAX_TRIALS)) || (is_final && trials > u128::from(max_trials)) {
        refuse(points, replicates, max_trials, grids, found);
        return false;
    }
    true
}

/// Refuses a sweep of too many trials.
pub(super) fn hold_after(
    points: usize,
    replicates: Option<NonZeroU32>,
    max_trials: u32,
    grids: &[Grid],
    found: &mut Found,
) {
    let trials = (points as u128).saturating_mul(u128::from(replicates.map_or(1, NonZeroU32::get)));
    if trials > u128::from(max_trials) {
        refuse(points as u128, replicates, max_trials, grids, found);
    }
}

fn refuse(points: u128, replicates: Option<NonZeroU32>, max_trials: u32, grids: &[Grid], found: &mut Found) {
    let replicates = replicates.map_or(1, NonZeroU32::get);
    let trials = points.saturating_mul(replicates.into());
    let counted =
        if trials == u128::MAX { "more trials than can be counted".to_owned() } else { count(trials, "trial") };
    let message = format!(
        "the grid has {} x {} = {counted}, more than the limit of {}",
        count(points, "point"),
        count(replicates, "replicate"),
        count(max_trials, "trial"),
    );
    let help = if trials <= u128::from(MOST_TRIALS) {
        format!("take values out of the grid, or write `max_trials = {trials}` at the top if all of them are meant")
    } else {
        "take values out of the grid".to_owned()
    };
    found.report(&span(grids), message, "too many points", help);
}

/// Reports rules that remove nothing, and grids of which nothing is left.
pub(super) fn check_excludes(grid: &Grid, expansion: &Expansion, found: &mut Found) {
    if expansion.points.is_empty() && !grid.excludes.is_empty() {
        let place = grid.excludes.first().map_or(0, |span| span.start)..grid.excludes.last().map_or(0, |span| span.end);
        found.report(
            &place,
            "`exclude` removes every point of the grid",
            "nothing is left",
            "take a rule out".to_owned(),
        );
        return;
    }
    for (place, removed) in grid.excludes.iter().zip(&expansion.removed) {
        if *removed == 0 && grid.is_whole {
            let help = "take it out, or correct its values".to_owned();
            found.report(place, "this rule of `exclude` removes no point", "nothing is left for it to match", help);
        }
    }
}

fn span(grids: &[Grid]) -> Range<usize> {
    grids.first().map(|grid| grid.span.clone()).unwrap_or_default()
}
