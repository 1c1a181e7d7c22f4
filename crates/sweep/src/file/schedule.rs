//! `schedule` as meant.

use swath_core::spec::{CosineRestarts, Decay, Linear, Milestones, OneCycle, Piecewise, Plateau, Schedule};

use super::fields::Fields;
use super::keys::{SCHEDULES, TRAIN};
use super::problem::{Found, count};
use super::tree::{Node, Table};

/// Reads the checked key `schedule` of `[train]`; `None` where something is wrong.
pub(super) fn read(train: Option<&Table>, found: &mut Found) -> Option<Schedule> {
    let (word, settings) = Fields::new(train, TRAIN).choice("schedule", SCHEDULES)?;
    Some(match word {
        "constant" => Schedule::Constant,
        "step" => Schedule::Step {
            factor: settings.number("factor")?,
            every: settings.count("every")?,
            by: settings.word("by")?,
        },
        "multi_step" => Schedule::MultiStep(milestones(settings, found)?),
        "exponential" => Schedule::Exponential(decay(settings)?),
        "inverse_time" => Schedule::InverseTime(decay(settings)?),
        "polynomial" => Schedule::Polynomial {
            over: settings.optional_count("over")?,
            end: settings.number("end")?,
            power: settings.number("power")?,
            cycle: settings.boolean("cycle")?,
            by: settings.word("by")?,
        },
        "cosine" => Schedule::Cosine {
            over: settings.optional_count("over")?,
            alpha: settings.number("alpha")?,
            warm_up: settings.warm_up()?,
            by: settings.word("by")?,
        },
        "cosine_restarts" => Schedule::CosineRestarts(CosineRestarts {
            over: settings.count("over")?,
            t_mul: settings.number("t_mul")?,
            m_mul: settings.number("m_mul")?,
            alpha: settings.number("alpha")?,
            by: settings.word("by")?,
        }),
        "cosine_annealing" => Schedule::CosineAnnealing {
            over: settings.optional_count("over")?,
            min_learning_rate: settings.number("min_learning_rate")?,
            by: settings.word("by")?,
        },
        "piecewise" => Schedule::Piecewise(piecewise(settings, found)?),
        "linear" => Schedule::Linear(Linear {
            start: settings.number_or("start", 1.0 / 3.0)?,
            end: settings.number("end")?,
            over: settings.count("over")?,
            by: settings.word("by")?,
        }),
        "one_cycle" => Schedule::OneCycle(OneCycle {
            max_learning_rate: settings.optional_number("max_learning_rate")?,
            rise: settings.number("rise")?,
            start_divisor: settings.number("start_divisor")?,
            end_divisor: settings.number("end_divisor")?,
            by: settings.word("by")?,
        }),
        "reduce_on_plateau" => Schedule::ReduceOnPlateau(Plateau {
            factor: settings.number("factor")?,
            patience: settings.integer("patience")?,
            min_delta: settings.number("min_delta")?,
            cooldown: settings.integer("cooldown")?,
            min_learning_rate: settings.number("min_learning_rate")?,
        }),
        _ => return None,
    })
}

fn milestones(settings: Fields<'_>, found: &mut Found) -> Option<Milestones> {
    let at = settings.integers("milestones")?;
    let list = settings.written("milestones").and_then(Node::list).unwrap_or_default();
    let falling = at.iter().zip(at.iter().skip(1)).position(|(earlier, later)| later < earlier);
    if let Some(position) = falling {
        let node = list.get(position + 1)?;
        let mut sorted = at.clone();
        sorted.sort_unstable();
        let help = format!("write `milestones = {sorted:?}`");
        found.report(&node.span, "milestones must stand in ascending order", "less than the one before", help);
        return None;
    }
    Some(Milestones { at, factor: settings.number("factor")?, by: settings.word("by")? })
}

fn piecewise(settings: Fields<'_>, found: &mut Found) -> Option<Piecewise> {
    let (boundaries, values) = (settings.integers("boundaries")?, settings.numbers("values")?);
    let place = |key: &str, entry: usize| {
        let node = settings.written(key)?;
        Some(node.list().and_then(|list| list.get(entry)).unwrap_or(node).span.clone())
    };
    let unordered = boundaries.iter().zip(boundaries.iter().skip(1)).position(|(earlier, later)| later <= earlier);
    if let Some(position) = unordered {
        let mut sorted = boundaries.clone();
        sorted.sort_unstable();
        sorted.dedup();
        let help = format!("write `boundaries = {sorted:?}`, with one value more than that");
        let message = "boundaries must stand in ascending order, each once";
        found.report(&place("boundaries", position + 1)?, message, "not more than the one before", help);
        return None;
    }
    if values.len() != boundaries.len() + 1 {
        let message = "`values` must have one entry more than `boundaries`";
        let boundary = if boundaries.len() == 1 { "boundary" } else { "boundaries" };
        let label = format!("{} for {} {boundary}", count(values.len() as u64, "value"), boundaries.len());
        let help = format!("write {} values: one up to each boundary, and one after the last", boundaries.len() + 1);
        found.report(&place("values", usize::MAX)?, message, label, help);
        return None;
    }
    Some(Piecewise { boundaries, values, by: settings.word("by")? })
}

fn decay(settings: Fields<'_>) -> Option<Decay> {
    Some(Decay {
        over: settings.optional_count("over")?,
        rate: settings.number("rate")?,
        staircase: settings.boolean("staircase")?,
        by: settings.word("by")?,
    })
}
