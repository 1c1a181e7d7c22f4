//! Rates that fall at once and then stay, as PyTorch's `StepLR` and `MultiStepLR` and Keras'
//! `PiecewiseConstantDecay` define them.

/// r0 * factor^floor(u / every): the first drop is at u = every. `every` is at least 1.
pub(super) fn step(r0: f64, u: u64, every: u64, factor: f64) -> f64 {
    r0 * libm::pow(factor, (u / every.max(1)) as f64)
}

/// r0 * factor^(number of milestones at or before u). A milestone that is listed twice counts twice.
pub(super) fn multi_step(r0: f64, u: u64, milestones: &[u32], factor: f64) -> f64 {
    let drops = milestones.iter().filter(|&&milestone| u64::from(milestone) <= u).count();
    r0 * libm::pow(factor, drops as f64)
}

/// The value of the stretch that u lies in: a boundary belongs to the stretch before it, so that the rate changes one
/// later than at a milestone. 0 where there is no such value.
pub(super) fn piecewise(u: u64, boundaries: &[u32], values: &[f64]) -> f64 {
    let passed = boundaries.iter().filter(|&&boundary| u64::from(boundary) < u).count();
    values.get(passed).copied().unwrap_or(0.0)
}

#[cfg(test)]
mod tests {
    use std::num::NonZeroU32;

    use crate::schedule::golden::{TIMES, check};
    use crate::spec::{Milestones, Piecewise, Schedule, TimeUnit};

    // Figures of PyTorch 2.15.

    #[test]
    fn step_drops_first_at_u_equal_to_every() {
        let schedule = Schedule::Step { factor: 0.5, every: NonZeroU32::new(3).unwrap(), by: TimeUnit::Epoch };
        check(&schedule, 0.1, 0..8, &[0.1, 0.1, 0.1, 0.05, 0.05, 0.05, 0.025, 0.025]);
    }

    #[test]
    fn multi_step_drops_at_its_milestones() {
        let schedule = Schedule::MultiStep(Milestones { at: vec![2, 5], factor: 0.1, by: TimeUnit::Epoch });
        check(&schedule, 0.1, 0..8, &[0.1, 0.1, 0.01, 0.01, 0.01, 0.001, 0.001, 0.001]);
    }

    #[test]
    fn a_milestone_listed_twice_counts_twice() {
        let schedule = Schedule::MultiStep(Milestones { at: vec![2, 2], factor: 0.1, by: TimeUnit::Epoch });
        check(&schedule, 0.1, 0..4, &[0.1, 0.1, 0.001, 0.001]);
    }

    /// Figures of Keras 3.15.
    #[test]
    fn piecewise_drops_after_its_boundaries_and_looks_at_no_other_rate() {
        let (boundaries, values) = (vec![10, 20], vec![0.1, 0.05, 0.01]);
        let schedule = Schedule::Piecewise(Piecewise { boundaries, values, by: TimeUnit::Epoch });
        for r0 in [0.1, 7.0] {
            check(&schedule, r0, TIMES, &[0.1, 0.1, 0.1, 0.1, 0.1, 0.05, 0.05, 0.05, 0.01]);
        }
    }
}
