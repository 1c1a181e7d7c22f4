//! `schedule` as meant.

use swath_core::spec::{Decay, Milestones, Plateau, Schedule};

use super::fields::Fields;
use super::keys::{SCHEDULES, TRAIN};
use super::problem::Found;
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

fn decay(settings: Fields<'_>) -> Option<Decay> {
    Some(Decay {
        over: settings.optional_count("over")?,
        rate: settings.number("rate")?,
        staircase: settings.boolean("staircase")?,
        by: settings.word("by")?,
    })
}
