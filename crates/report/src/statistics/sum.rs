//! Sums that do not depend on the order of their terms.

/// The exactly rounded sum of `values` (Shewchuk 1997, as in Python's `math.fsum`); 0 for none.
///
/// Whatever the order of the values the bits are the same, so no order of replicates can show in a file. The result is
/// not finite if a value is not, or if the sum overflows: callers must check.
pub(super) fn sum(values: impl IntoIterator<Item = f64>) -> f64 {
    let mut partials: Vec<f64> = Vec::new();
    for value in values {
        let mut carried = value;
        let mut kept = 0;
        for index in 0..partials.len() {
            let (high, low) = two_sum(carried, partials[index]);
            if low != 0.0 {
                partials[kept] = low;
                kept += 1;
            }
            carried = high;
        }
        partials.truncate(kept);
        partials.push(carried);
    }
    round(partials)
}

/// The mean of `values`, never outside them; `None` if there are none, or if the sum is not finite.
pub fn mean(values: &[f64]) -> Option<f64> {
    let mean = sum(values.iter().copied()) / values.len() as f64;
    if !mean.is_finite() {
        return None;
    }
    // Dividing may round past equal values, which would then seem to vary.
    let least = values.iter().copied().min_by(f64::total_cmp)?;
    let most = values.iter().copied().max_by(f64::total_cmp)?;
    Some(if mean < least {
        least
    } else if mean > most {
        most
    } else {
        mean
    })
}

fn two_sum(a: f64, b: f64) -> (f64, f64) {
    let (large, small) = if a.abs() < b.abs() { (b, a) } else { (a, b) };
    let high = large + small;
    (high, small - (high - large))
}

/// Adds partials that do not overlap and grow in size, rounding once and to even.
fn round(mut partials: Vec<f64>) -> f64 {
    let Some(mut total) = partials.pop() else { return 0.0 };
    let mut rest = 0.0;
    while let Some(next) = partials.pop() {
        (total, rest) = two_sum(total, next);
        if rest != 0.0 {
            break;
        }
    }
    // `rest` may be exactly half a unit of `total`: then the next partial decides the direction.
    if let Some(next) = partials.last()
        && rest * next.signum() > 0.0
    {
        let doubled = rest * 2.0;
        let moved = total + doubled;
        if doubled - (moved - total) == 0.0 {
            total = moved;
        }
    }
    total
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{mean, sum};

    #[test]
    fn a_small_term_survives_two_large_ones_that_cancel() {
        assert_eq!(sum([1e16, 1.0, -1e16]).to_bits(), 1.0_f64.to_bits());
    }

    #[test]
    fn a_tie_is_decided_by_the_terms_below_it() {
        let half_a_unit = f64::EPSILON / 2.0;
        assert_eq!(sum([1.0, half_a_unit]).to_bits(), 1.0_f64.to_bits());
        assert_eq!(sum([1.0, half_a_unit, 1e-40]).to_bits(), (1.0 + f64::EPSILON).to_bits());
    }

    #[test]
    fn the_sum_of_nothing_is_zero_and_nan_stays_visible() {
        assert_eq!(sum([]).to_bits(), 0.0_f64.to_bits());
        assert!(sum([1.0, f64::NAN, 2.0]).is_nan());
        assert!(!sum([f64::MAX, f64::MAX]).is_finite());
    }

    proptest! {
        #[test]
        fn the_mean_of_equal_values_is_that_value_to_the_bit(value in -1e3..1e3_f64, n in 1..40_usize) {
            prop_assert_eq!(mean(&vec![value; n]).unwrap().to_bits(), value.to_bits());
        }

        #[test]
        fn no_order_of_the_terms_changes_a_bit_and_negating_them_mirrors(
            values in prop::collection::vec(-1e6..1e6_f64, 0..20), turn in 0..20_usize
        ) {
            let mut turned = values.clone();
            turned.reverse();
            turned.rotate_left(if values.is_empty() { 0 } else { turn % values.len() });
            let total = sum(values.iter().copied());
            prop_assert_eq!(total.to_bits(), sum(turned).to_bits());
            prop_assert!(total + sum(values.iter().map(|value| -value)) == 0.0);
        }
    }
}
