//! The minimum of a smooth convex function: limited-memory BFGS (Nocedal 1980; Nocedal and Wright 2006, algorithm 7.5).

use std::collections::VecDeque;

/// Steps that the curvature is taken from.
const MEMORY: usize = 12;

/// Steps after which it ends in any case.
const MOST_STEPS: usize = 5_000;

/// The share of the fall that the slope promises which a step must bring (Armijo).
const FALL: f64 = 1e-4;

/// The place of the minimum, from `start` on. `value` gives the function's value and writes its gradient. It ends where no
/// component of the gradient is above `tolerance`, or where rounding hides every further fall. The same bits everywhere, if
/// those of `value` are.
pub(super) fn minimize(start: Vec<f64>, tolerance: f64, mut value: impl FnMut(&[f64], &mut [f64]) -> f64) -> Vec<f64> {
    let mut place = start;
    let mut gradient = vec![0.0; place.len()];
    let mut height = value(&place, &mut gradient);
    let mut steps: VecDeque<Step> = VecDeque::with_capacity(MEMORY);
    let mut next_gradient = vec![0.0; place.len()];
    for _ in 0..MOST_STEPS {
        let steepest = gradient.iter().fold(0.0_f64, |most, slope| most.max(slope.abs()));
        if steepest <= tolerance || !steepest.is_finite() {
            break;
        }
        let direction = direction(&gradient, &steps);
        let slope = dot(&direction, &gradient);
        let mut length = if steps.is_empty() { 1.0 / steepest.max(1.0) } else { 1.0 };
        let found = loop {
            let next: Vec<f64> = place.iter().zip(&direction).map(|(at, way)| at + length * way).collect();
            let next_height = value(&next, &mut next_gradient);
            if next_height <= height + FALL * length * slope {
                break Some((next, next_height));
            }
            length /= 2.0;
            if length < 1e-12 {
                break None;
            }
        };
        let Some((next, next_height)) = found else { break };
        let moved: Vec<f64> = next.iter().zip(&place).map(|(next, at)| next - at).collect();
        let turned: Vec<f64> = next_gradient.iter().zip(&gradient).map(|(next, before)| next - before).collect();
        let curvature = dot(&moved, &turned);
        if curvature > 1e-14 * dot(&turned, &turned) {
            if steps.len() == MEMORY {
                steps.pop_front();
            }
            steps.push_back(Step { moved, turned, curvature });
        }
        let is_level = next_height >= height;
        (place, height) = (next, next_height);
        std::mem::swap(&mut gradient, &mut next_gradient);
        if is_level {
            break;
        }
    }
    place
}

/// A step that was taken, and how it turned the gradient.
struct Step {
    moved: Vec<f64>,
    turned: Vec<f64>,
    curvature: f64,
}

/// Downhill, as the curvature of the last steps bends it (the two loops).
fn direction(gradient: &[f64], steps: &VecDeque<Step>) -> Vec<f64> {
    let mut direction: Vec<f64> = gradient.iter().map(|slope| -slope).collect();
    let mut shares = Vec::with_capacity(steps.len());
    for step in steps.iter().rev() {
        let share = dot(&step.moved, &direction) / step.curvature;
        add(&mut direction, -share, &step.turned);
        shares.push(share);
    }
    if let Some(last) = steps.back() {
        let scale = last.curvature / dot(&last.turned, &last.turned);
        for way in &mut direction {
            *way *= scale;
        }
    }
    for (step, share) in steps.iter().zip(shares.iter().rev()) {
        let back = dot(&step.turned, &direction) / step.curvature;
        add(&mut direction, share - back, &step.moved);
    }
    direction
}

fn dot(one: &[f64], other: &[f64]) -> f64 {
    one.iter().zip(other).map(|(one, other)| one * other).sum()
}

fn add(to: &mut [f64], factor: f64, what: &[f64]) {
    for (to, what) in to.iter_mut().zip(what) {
        *to += factor * what;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_minimum_of_a_long_valley_is_found() {
        // Sum of k^2 (x_k - k)^2 / 2 over 20 k, whose curvatures differ by 400, and a quartic.
        let found = minimize(vec![0.0; 20], 1e-10, |place, gradient| {
            let mut height = 0.0;
            for (index, (at, slope)) in place.iter().zip(gradient).enumerate() {
                let (curvature, off) = (((index + 1) * (index + 1)) as f64, at - (index + 1) as f64);
                height += curvature * off * off / 2.0 + off.powi(4);
                *slope = curvature * off + 4.0 * off.powi(3);
            }
            height
        });
        for (index, at) in found.iter().enumerate() {
            assert!((at - (index + 1) as f64).abs() < 1e-8, "{index}: {at}");
        }
    }

    #[test]
    fn a_start_at_the_minimum_stays_there() {
        let found = minimize(vec![3.0], 1e-10, |place, gradient| {
            gradient[0] = 2.0 * (place[0] - 3.0);
            (place[0] - 3.0).powi(2)
        });
        assert_eq!(found, [3.0]);
    }
}
