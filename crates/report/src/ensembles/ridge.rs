//! Linear regression with an L2 penalty on standardised numbers: scikit-learn's `Ridge(alpha=1)` of members' predictions
//! and targets from which the targets' mean was taken, divided by their standard deviation. So the penalty does not depend
//! on the target's units.

/// What the sum of the squared weights counts.
const ALPHA: f64 = 1.0;

/// A fitted last layer.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Ridge {
    shift: f64,
    factor: f64,
    weights: Vec<f64>,
    intercept: f64,
}

impl Ridge {
    /// Fits rows of `features` numbers each, row-major. `None` without rows, or where numbers are not finite.
    pub(super) fn fit(rows: &[f64], features: usize, targets: &[f64]) -> Option<Self> {
        let count = targets.len() as f64;
        let shift = targets.iter().sum::<f64>() / count;
        let variance = targets.iter().map(|target| (target - shift) * (target - shift)).sum::<f64>() / count;
        let factor = if variance > 0.0 { libm::sqrt(variance) } else { 1.0 };
        let scaled = |value: f64| (value - shift) / factor;
        let mut means = vec![0.0; features];
        for row in rows.chunks_exact(features.max(1)) {
            for (mean, value) in means.iter_mut().zip(row) {
                *mean += scaled(*value) / count;
            }
        }
        let target_mean = targets.iter().map(|target| scaled(*target)).sum::<f64>() / count;
        // Normal equations of what is left after the means: (X'X + alpha I) w = X'y.
        let mut matrix = vec![0.0; features * features];
        let mut right = vec![0.0; features];
        for (row, target) in rows.chunks_exact(features.max(1)).zip(targets) {
            let centred: Vec<f64> = row.iter().zip(&means).map(|(value, mean)| scaled(*value) - mean).collect();
            let target = scaled(*target) - target_mean;
            for ((sums, sum), value) in matrix.chunks_exact_mut(features).zip(&mut right).zip(&centred) {
                *sum += value * target;
                for (sum, other) in sums.iter_mut().zip(&centred) {
                    *sum += value * other;
                }
            }
        }
        for index in 0..features {
            *matrix.get_mut(index * features + index)? += ALPHA;
        }
        let weights = solve(matrix, right)?;
        let intercept = target_mean - weights.iter().zip(&means).map(|(weight, mean)| weight * mean).sum::<f64>();
        let fitted = Self { shift, factor, weights, intercept };
        (fitted.intercept.is_finite() && fitted.weights.iter().all(|weight| weight.is_finite())).then_some(fitted)
    }

    /// What it says of rows, in the target's own units.
    pub(super) fn numbers(&self, rows: &[f64]) -> Vec<f64> {
        let of_row = |row: &[f64]| {
            let scaled = row.iter().map(|value| (value - self.shift) / self.factor);
            let sum: f64 = scaled.zip(&self.weights).map(|(value, weight)| value * weight).sum();
            (sum + self.intercept) * self.factor + self.shift
        };
        rows.chunks_exact(self.weights.len().max(1)).map(of_row).collect()
    }
}

/// The solution of a symmetric, positive definite system, by Cholesky's decomposition; `None` where it is not positive.
fn solve(mut matrix: Vec<f64>, mut right: Vec<f64>) -> Option<Vec<f64>> {
    let size = right.len();
    for column in 0..size {
        for row in column..size {
            let done: f64 = (0..column)
                .map(|k| Some(matrix.get(row * size + k)? * matrix.get(column * size + k)?))
                .sum::<Option<f64>>()?;
            let left = matrix.get(row * size + column)? - done;
            let value = if row == column {
                if left <= 0.0 || left.is_nan() {
                    return None;
                }
                libm::sqrt(left)
            } else {
                left / matrix.get(column * size + column)?
            };
            *matrix.get_mut(row * size + column)? = value;
        }
    }
    for row in 0..size {
        let done: f64 = (0..row).map(|k| Some(matrix.get(row * size + k)? * right.get(k)?)).sum::<Option<f64>>()?;
        *right.get_mut(row)? = (right.get(row)? - done) / matrix.get(row * size + row)?;
    }
    for row in (0..size).rev() {
        let done: f64 =
            (row + 1..size).map(|k| Some(matrix.get(k * size + row)? * right.get(k)?)).sum::<Option<f64>>()?;
        *right.get_mut(row)? = (right.get(row)? - done) / matrix.get(row * size + row)?;
    }
    Some(right)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// By hand: (4 2; 2 3) x = (8, 7) has x = (1.25, 1.5).
    #[test]
    fn a_small_system_is_solved() {
        let solution = solve(vec![4.0, 2.0, 2.0, 3.0], vec![8.0, 7.0]).unwrap();
        assert!((solution[0] - 1.25).abs() < 1e-12 && (solution[1] - 1.5).abs() < 1e-12, "{solution:?}");
        assert_eq!(solve(vec![1.0, 2.0, 2.0, 1.0], vec![1.0, 1.0]), None);
    }

    #[test]
    fn units_of_the_target_change_nothing_but_the_units() {
        let rows = [1.0, 1.2, 2.1, 1.9, 3.3, 2.7, 3.8, 4.4];
        let targets = [1.1, 2.0, 2.9, 4.2];
        let fitted = Ridge::fit(&rows, 2, &targets).unwrap().numbers(&rows);
        let in_thousands = |values: &[f64]| values.iter().map(|value| value * 1000.0 + 5.0).collect::<Vec<_>>();
        let rows = in_thousands(&rows);
        let scaled = Ridge::fit(&rows, 2, &in_thousands(&targets)).unwrap().numbers(&rows);
        for (one, other) in in_thousands(&fitted).iter().zip(&scaled) {
            assert!((one - other).abs() < 1e-8 * other.abs(), "{one} and {other}");
        }
        assert_eq!(Ridge::fit(&[], 2, &[]), None);
    }

    #[test]
    fn targets_that_do_not_vary_are_said_again() {
        let fitted = Ridge::fit(&[1.0, 2.0, 3.0], 1, &[7.0; 3]).unwrap();
        assert!(fitted.numbers(&[5.0]).iter().all(|value| (value - 7.0).abs() < 1e-12));
    }
}
