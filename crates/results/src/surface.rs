//! The loss surface of a network of two parameters, and the ways that trainings took over it.

use serde::{Deserialize, Serialize};

/// A network of one input, one weight, one bias and one output, trained under the mean squared error: its loss over the training
/// rows is known at every weight and bias from five means.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct LossSurface {
    /// Means over the training rows of replicate 0.
    pub means: Means,
    /// What replicate 0 of some points went through.
    pub paths: Vec<WeightPath>,
}

/// Means over rows of input x and target y, in the units that are trained on.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct Means {
    /// Of x.
    pub x: f64,
    /// Of y.
    pub y: f64,
    /// Of x^2.
    pub x_x: f64,
    /// Of x y.
    pub x_y: f64,
    /// Of y^2.
    pub y_y: f64,
}

/// The way of one training.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct WeightPath {
    /// The point, by its place in the manifest.
    pub point: u64,
    /// Weight and bias before the first epoch and after each.
    pub places: Vec<(f32, f32)>,
    /// Whether it diverged in the epoch after the last.
    pub diverged: bool,
}

impl LossSurface {
    /// The mean squared error at a weight and a bias.
    pub fn loss(&self, weight: f64, bias: f64) -> f64 {
        let Means { x, y, x_x, x_y, y_y } = self.means;
        weight * weight * x_x + 2.0 * weight * bias * x + bias * bias - 2.0 * weight * x_y - 2.0 * bias * y + y_y
    }

    /// Weight and bias of the smallest loss, by least squares; `None` where the input is the same in every row.
    pub fn minimum(&self) -> Option<(f64, f64)> {
        let Means { x, y, x_x, x_y, .. } = self.means;
        let variance = x_x - x * x;
        let weight = (x_y - x * y) / variance;
        (variance > 0.0 && weight.is_finite()).then_some((weight, y - weight * x))
    }

    /// How much steeper the loss rises across the valley than along it: the ratio of the eigenvalues of its second
    /// derivatives, at least 1; and the learning rate beyond which gradient descent on all rows diverges, 2 over the
    /// larger one. `None` where the valley is level.
    pub fn steepness(&self) -> Option<(f64, f64)> {
        let Means { x, x_x, .. } = self.means;
        // Second derivatives: 2 [[x_x, x], [x, 1]].
        let (middle, reach) = (x_x + 1.0, ((x_x - 1.0) * (x_x - 1.0) + 4.0 * x * x).sqrt());
        let (large, small) = (middle + reach, middle - reach);
        (small > 0.0 && large.is_finite()).then_some((large / small, 2.0 / large))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Rows (0, 1), (1, 3), (2, 5), (3, 8).
    fn surface() -> LossSurface {
        let means = Means { x: 1.5, y: 4.25, x_x: 3.5, x_y: 9.25, y_y: 24.75 };
        LossSurface { means, paths: Vec::new() }
    }

    #[test]
    fn the_smallest_loss_is_that_of_least_squares() {
        // NumPy 2.4: polyfit([0, 1, 2, 3], [1, 3, 5, 8], 1) = [2.3, 0.8]; mean squared error 0.075.
        let (weight, bias) = surface().minimum().unwrap();
        assert!((weight - 2.3).abs() < 1e-12 && (bias - 0.8).abs() < 1e-12);
        assert!((surface().loss(weight, bias) - 0.075).abs() < 1e-12);
        // By hand at weight 1, bias 1: errors 0, -1, -2, -4.
        assert!((surface().loss(1.0, 1.0) - 21.0 / 4.0).abs() < 1e-12);
    }

    #[test]
    fn the_steepness_is_the_ratio_of_the_eigenvalues() {
        // NumPy 2.4: linalg.eigvalsh([[7, 3], [3, 2]]) = [0.59487516, 8.40512484].
        let (ratio, limit) = surface().steepness().unwrap();
        assert!((ratio - 8.405_124_84 / 0.594_875_16).abs() < 1e-6 && (limit - 2.0 / 8.405_124_84).abs() < 1e-8);
        let flat = LossSurface { means: Means { x: 1.0, x_x: 1.0, ..Means::default() }, paths: Vec::new() };
        assert_eq!((flat.minimum(), flat.steepness()), (None, None));
    }
}
