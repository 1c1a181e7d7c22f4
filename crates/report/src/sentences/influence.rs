//! Which axes mattered most.

use super::counted;
use crate::answer::{Answer, Limit};
use crate::contrast::{ALPHA, FEWEST_REPLICATES};
use crate::effects::{Effect, Effects, NoEffects};
use crate::factors::NoFullGrid;
use crate::number::{count, percent};

/// Axes that are named.
const MOST_NAMED: usize = 3;

/// Share of the variance from which on an interaction is named.
const NOTABLE: f64 = 0.05;

/// What mattered most, in one sentence; nothing for fewer than two axes, where losses are not comparable, or where
/// nothing finished.
pub(super) fn influence(answer: &Answer) -> Option<String> {
    let says_nothing = |limit: &Limit| matches!(limit, Limit::UnlikeLosses { .. } | Limit::NothingFinished);
    if answer.limits.iter().any(says_nothing) {
        return None;
    }
    match &answer.effects {
        Ok(effects) if effects.grid.factors.len() > 1 => shares(answer, effects),
        Ok(_) | Err(NoEffects::NoFullGrid(NoFullGrid::NothingVaries)) => None,
        Err(error) if answer.axes.iter().filter(|axis| axis.levels.len() > 1).count() > 1 => {
            Some(format!("How much each axis matters cannot be said: {error}."))
        }
        Err(_) => None,
    }
}

fn shares(answer: &Answer, effects: &Effects) -> Option<String> {
    let can_tell = effects.replicates >= FEWEST_REPLICATES;
    // Of an effect with too many contrasts to list, only F is known.
    let p = |effect: &Effect| effect.p_holm().or(effect.f.map(|(_, p)| p));
    let is_told = |effect: &Effect| can_tell && p(effect).is_some_and(|p| p < ALPHA.get());
    let named = |effect: &Effect| name(answer, effects, effect);
    let mut main: Vec<(f64, &Effect)> =
        effects.main().filter_map(|effect| Some((effect.best_share()?, effect))).collect();
    main.sort_by(|one, other| other.0.total_cmp(&one.0));
    if main.is_empty() {
        return None;
    }
    if can_tell && !effects.effects.iter().any(is_told) {
        return Some("No axis matters more than the seed, as far as these replicates can tell.".to_owned());
    }
    let words = |(share, effect): &(f64, &Effect)| {
        let doubt = if can_tell && !is_told(effect) { ", not told from the seed" } else { "" };
        format!("{} ({}{doubt})", named(effect), percent(*share))
    };
    let more = main.len().saturating_sub(MOST_NAMED);
    let mut list: Vec<String> = main.iter().take(MOST_NAMED).map(words).collect();
    if more > 0 {
        list.push(if more == 1 {
            "and 1 other axis".to_owned()
        } else {
            format!("and {} other axes", count(more as u64))
        });
    }
    let interaction = effects
        .interactions()
        .filter_map(|effect| Some((effect.best_share()?, effect)))
        .max_by(|one, other| one.0.total_cmp(&other.0))
        .filter(|(share, effect)| *share >= NOTABLE && (!can_tell || is_told(effect)))
        .map(|(share, effect)| format!("; the largest interaction is {} ({})", named(effect), percent(share)))
        .unwrap_or_default();
    let noise = if can_tell { "freed of noise" } else { "noise included" };
    let part = if effects.grid.cells.len() < answer.points {
        format!(
            " on the {} of {} points that make a full grid",
            count(effects.grid.cells.len() as u64),
            count(answer.points as u64)
        )
    } else {
        String::new()
    };
    Some(format!(
        "What mattered most, as shares of the variance of {} between points, {noise}{part}: {}{interaction}.",
        answer.compared_by_name,
        list.join(", ")
    ))
}

/// The factors of an effect by the names of their axes.
fn name(answer: &Answer, effects: &Effects, effect: &Effect) -> String {
    let axis = |axis: &usize| answer.axes.get(*axis).map(|axis| axis.name.as_str());
    let factors = effects.factors_of(effect);
    let names = factors.iter().map(|factor| factor.axes.iter().filter_map(axis).collect::<Vec<_>>().join(" + "));
    names.collect::<Vec<_>>().join(" x ")
}

/// What the effects leave out: levels, points and replicates; `None` where that is nothing.
pub fn left_out(answer: &Answer, effects: &Effects) -> Option<String> {
    let mut words = Vec::new();
    let points = answer.points - effects.grid.cells.len();
    if points > 0 {
        let labels: Vec<String> = answer
            .axes
            .iter()
            .enumerate()
            .filter_map(|(place, axis)| {
                let levels = effects.grid.dropped.iter().filter(|(dropped, _)| *dropped == place);
                let labels: Vec<&str> = levels.map(|(_, level)| axis.label(*level as usize)).collect();
                (!labels.is_empty()).then(|| format!("{} {}", axis.name, labels.join(", ")))
            })
            .collect();
        words.push(format!(
            "{} outside the full grid (dropped: {})",
            counted(points as u64, "point"),
            labels.join("; ")
        ));
    }
    if effects.replicates_left_out > 0 {
        words.push(format!("{} that lack a point of it", counted(effects.replicates_left_out as u64, "replicate")));
    }
    (!words.is_empty()).then(|| format!("Left out: {}.", words.join(", and ")))
}
