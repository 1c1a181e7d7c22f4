//! A rate that goes in a straight line from one share of the initial rate to another, as PyTorch's `LinearLR` defines it.

/// r0 * (start + (end - start) * min(u, over) / over): constant from u = over on. `over` is at least 1.
pub(super) fn linear(r0: f64, u: u64, over: u64, start: f64, end: f64) -> f64 {
    let done = u.min(over) as f64 / over as f64;
    r0 * (start + (end - start) * done)
}

#[cfg(test)]
mod tests {
    use std::num::NonZeroU32;

    use crate::schedule::golden::check;
    use crate::spec::{Linear, Schedule, TimeUnit};

    // Figures of PyTorch 2.15.

    #[test]
    fn a_linear_rise_is_pytorch() {
        let over = NonZeroU32::new(5).unwrap();
        let warm_up = Linear { start: 1.0 / 3.0, end: 1.0, over, by: TimeUnit::Epoch };
        let golden = [0.033_333_3, 0.046_666_7, 0.06, 0.073_333_3, 0.086_666_7, 0.1, 0.1];
        check(&Schedule::Linear(warm_up), 0.1, 0..7, &golden);
        let over = NonZeroU32::new(4).unwrap();
        let fall = Linear { start: 1.0, end: 0.2, over, by: TimeUnit::Epoch };
        check(&Schedule::Linear(fall), 0.1, 0..6, &[0.1, 0.08, 0.06, 0.04, 0.02, 0.02]);
    }
}
