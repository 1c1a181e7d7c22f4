//! What of a schedule enters a key: all of it.

use swath_core::spec::{
    CosineRestarts, Decay, Linear, Milestones, OneCycle, Piecewise, Plateau, Schedule, TimeUnit, WarmUp,
};

use super::hasher::{KeyHasher, Keyed};

impl Keyed for Schedule {
    fn feed(&self, hasher: &mut KeyHasher) {
        match self {
            Self::Constant => hasher.text("schedule", "constant"),
            Self::Step { factor, every, by } => {
                hasher.text("schedule", "step");
                hasher.real("factor", *factor);
                hasher.number("every", u64::from(every.get()));
                by.feed(hasher);
            }
            Self::MultiStep(Milestones { at, factor, by }) => {
                hasher.text("schedule", "multi_step");
                hasher.number("milestones", at.len() as u64);
                for milestone in at {
                    hasher.number("at", u64::from(*milestone));
                }
                hasher.real("factor", *factor);
                by.feed(hasher);
            }
            Self::Exponential(decay) => {
                hasher.text("schedule", "exponential");
                decay.feed(hasher);
            }
            Self::InverseTime(decay) => {
                hasher.text("schedule", "inverse_time");
                decay.feed(hasher);
            }
            Self::Polynomial { over, end, power, cycle, by } => {
                hasher.text("schedule", "polynomial");
                hasher.optional("over", over.map(|over| u64::from(over.get())));
                hasher.real("end", *end);
                hasher.real("power", *power);
                hasher.flag("cycle", *cycle);
                by.feed(hasher);
            }
            Self::Cosine { over, alpha, warm_up, by } => {
                hasher.text("schedule", "cosine");
                hasher.optional("over", over.map(|over| u64::from(over.get())));
                hasher.real("alpha", *alpha);
                hasher.flag("warm_up", warm_up.is_some());
                if let Some(WarmUp { over, target }) = warm_up {
                    hasher.number("over", u64::from(over.get()));
                    hasher.real("target", *target);
                }
                by.feed(hasher);
            }
            Self::CosineRestarts(CosineRestarts { over, t_mul, m_mul, alpha, by }) => {
                hasher.text("schedule", "cosine_restarts");
                hasher.number("over", u64::from(over.get()));
                hasher.real("t_mul", *t_mul);
                hasher.real("m_mul", *m_mul);
                hasher.real("alpha", *alpha);
                by.feed(hasher);
            }
            Self::CosineAnnealing { over, min_learning_rate, by } => {
                hasher.text("schedule", "cosine_annealing");
                hasher.optional("over", over.map(|over| u64::from(over.get())));
                hasher.real("min_learning_rate", *min_learning_rate);
                by.feed(hasher);
            }
            Self::Piecewise(Piecewise { boundaries, values, by }) => {
                hasher.text("schedule", "piecewise");
                hasher.number("boundaries", boundaries.len() as u64);
                for boundary in boundaries {
                    hasher.number("boundary", u64::from(*boundary));
                }
                for value in values {
                    hasher.real("value", *value);
                }
                by.feed(hasher);
            }
            Self::Linear(Linear { start, end, over, by }) => {
                hasher.text("schedule", "linear");
                hasher.real("start", *start);
                hasher.real("end", *end);
                hasher.number("over", u64::from(over.get()));
                by.feed(hasher);
            }
            Self::OneCycle(OneCycle { max_learning_rate, rise, start_divisor, end_divisor, by }) => {
                hasher.text("schedule", "one_cycle");
                hasher.flag("max_learning_rate", max_learning_rate.is_some());
                if let Some(max) = max_learning_rate {
                    hasher.real("max_learning_rate", *max);
                }
                hasher.real("rise", *rise);
                hasher.real("start_divisor", *start_divisor);
                hasher.real("end_divisor", *end_divisor);
                by.feed(hasher);
            }
            Self::ReduceOnPlateau(Plateau { factor, patience, min_delta, cooldown, min_learning_rate }) => {
                hasher.text("schedule", "reduce_on_plateau");
                hasher.real("factor", *factor);
                hasher.number("patience", u64::from(*patience));
                hasher.real("min_delta", *min_delta);
                hasher.number("cooldown", u64::from(*cooldown));
                hasher.real("min_learning_rate", *min_learning_rate);
            }
        }
    }
}

impl Keyed for Decay {
    fn feed(&self, hasher: &mut KeyHasher) {
        let Self { over, rate, staircase, by } = self;
        hasher.optional("over", over.map(|over| u64::from(over.get())));
        hasher.real("rate", *rate);
        hasher.flag("staircase", *staircase);
        by.feed(hasher);
    }
}

impl Keyed for TimeUnit {
    fn feed(&self, hasher: &mut KeyHasher) {
        hasher.text(
            "by",
            match self {
                Self::Epoch => "epoch",
                Self::Step => "step",
            },
        );
    }
}
