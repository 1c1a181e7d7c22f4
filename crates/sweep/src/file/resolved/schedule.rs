//! A schedule with every default written out.

use swath_core::spec::{Decay, Schedule};
use toml::{Table, Value};

use super::super::words::Word;
use super::{integers, named, put};

pub(super) fn schedule(schedule: &Schedule) -> Value {
    let length = |table: &mut Table, over: Option<std::num::NonZeroU32>| {
        if let Some(over) = over {
            put(table, "over", i64::from(over.get()));
        }
    };
    let mut table;
    match schedule {
        Schedule::Constant => return "constant".into(),
        Schedule::Step { factor, every, by } => {
            table = named("step");
            put(&mut table, "factor", *factor);
            put(&mut table, "every", i64::from(every.get()));
            put(&mut table, "by", by.word());
        }
        Schedule::MultiStep(milestones) => {
            table = named("multi_step");
            put(&mut table, "milestones", integers(&milestones.at));
            put(&mut table, "factor", milestones.factor);
            put(&mut table, "by", milestones.by.word());
        }
        Schedule::Exponential(settings) => table = decay("exponential", settings),
        Schedule::InverseTime(settings) => table = decay("inverse_time", settings),
        Schedule::Polynomial { over, end, power, cycle, by } => {
            table = named("polynomial");
            length(&mut table, *over);
            put(&mut table, "end", *end);
            put(&mut table, "power", *power);
            put(&mut table, "cycle", *cycle);
            put(&mut table, "by", by.word());
        }
        Schedule::Cosine { over, alpha, warm_up, by } => {
            table = named("cosine");
            length(&mut table, *over);
            put(&mut table, "alpha", *alpha);
            if let Some(warm_up) = warm_up {
                let mut rise = Table::new();
                put(&mut rise, "over", i64::from(warm_up.over.get()));
                put(&mut rise, "target", warm_up.target);
                put(&mut table, "warm_up", rise);
            }
            put(&mut table, "by", by.word());
        }
        Schedule::CosineRestarts(restarts) => {
            table = named("cosine_restarts");
            put(&mut table, "over", i64::from(restarts.over.get()));
            put(&mut table, "t_mul", restarts.t_mul);
            put(&mut table, "m_mul", restarts.m_mul);
            put(&mut table, "alpha", restarts.alpha);
            put(&mut table, "by", restarts.by.word());
        }
        Schedule::CosineAnnealing { over, min_learning_rate, by } => {
            table = named("cosine_annealing");
            length(&mut table, *over);
            put(&mut table, "min_learning_rate", *min_learning_rate);
            put(&mut table, "by", by.word());
        }
        Schedule::Piecewise(pieces) => {
            table = named("piecewise");
            put(&mut table, "boundaries", integers(&pieces.boundaries));
            put(&mut table, "values", pieces.values.clone());
            put(&mut table, "by", pieces.by.word());
        }
        Schedule::Linear(line) => {
            table = named("linear");
            put(&mut table, "start", line.start);
            put(&mut table, "end", line.end);
            put(&mut table, "over", i64::from(line.over.get()));
            put(&mut table, "by", line.by.word());
        }
        Schedule::OneCycle(cycle) => {
            table = named("one_cycle");
            if let Some(max) = cycle.max_learning_rate {
                put(&mut table, "max_learning_rate", max);
            }
            put(&mut table, "rise", cycle.rise);
            put(&mut table, "start_divisor", cycle.start_divisor);
            put(&mut table, "end_divisor", cycle.end_divisor);
            put(&mut table, "by", cycle.by.word());
        }
        Schedule::ReduceOnPlateau(plateau) => {
            table = named("reduce_on_plateau");
            put(&mut table, "factor", plateau.factor);
            put(&mut table, "patience", i64::from(plateau.patience));
            put(&mut table, "min_delta", plateau.min_delta);
            put(&mut table, "cooldown", i64::from(plateau.cooldown));
            put(&mut table, "min_learning_rate", plateau.min_learning_rate);
        }
    }
    table.into()
}

fn decay(name: &str, settings: &Decay) -> Table {
    let mut table = named(name);
    put(&mut table, "rate", settings.rate);
    if let Some(over) = settings.over {
        put(&mut table, "over", i64::from(over.get()));
    }
    put(&mut table, "staircase", settings.staircase);
    put(&mut table, "by", settings.by.word());
    table
}
