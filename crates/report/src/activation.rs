//! Activation functions with their derivatives, to be drawn.

use std::f64::consts::{FRAC_1_SQRT_2, FRAC_2_SQRT_PI};

use swath_results::settings::Activation;

/// Selu's scale and alpha (Klambauer et al. 2017).
const SELU_SCALE: f64 = 1.050_700_987_355_480_5;
const SELU_ALPHA: f64 = 1.673_263_242_354_377_2;

/// The factor of x^3 in the approximation of gelu by tanh (Hendrycks and Gimpel 2016).
const GELU_CUBIC: f64 = 0.044_715;

/// Value and derivative at `x`; at the kink of relu and leaky relu the derivative from the left, as in training.
pub fn value_and_slope(activation: Activation, x: f64) -> (f64, f64) {
    let is_above = x > 0.0;
    match activation {
        Activation::Relu => (x.max(0.0), f64::from(u8::from(is_above))),
        Activation::LeakyRelu { slope } => {
            if is_above {
                (x, 1.0)
            } else {
                (slope * x, slope)
            }
        }
        Activation::Tanh => {
            let value = libm::tanh(x);
            (value, 1.0 - value * value)
        }
        Activation::Sigmoid => {
            let value = sigmoid(x);
            (value, value * (1.0 - value))
        }
        Activation::Gelu => {
            let share = 0.5 * (1.0 + libm::erf(x * FRAC_1_SQRT_2));
            let density = 0.5 * FRAC_2_SQRT_PI * FRAC_1_SQRT_2 * libm::exp(-0.5 * x * x);
            (x * share, share + x * density)
        }
        Activation::GeluTanh => {
            let factor = FRAC_2_SQRT_PI * FRAC_1_SQRT_2;
            let bent = libm::tanh(factor * (x + GELU_CUBIC * x * x * x));
            let slope = factor * (1.0 + 3.0 * GELU_CUBIC * x * x) * (1.0 - bent * bent);
            (0.5 * x * (1.0 + bent), 0.5 * (1.0 + bent) + 0.5 * x * slope)
        }
        Activation::Silu => {
            let share = sigmoid(x);
            (x * share, share * (1.0 + x * (1.0 - share)))
        }
        Activation::Elu => {
            if is_above {
                (x, 1.0)
            } else {
                (libm::expm1(x), libm::exp(x))
            }
        }
        Activation::Selu => {
            let product = SELU_SCALE * SELU_ALPHA;
            if is_above { (SELU_SCALE * x, SELU_SCALE) } else { (product * libm::expm1(x), product * libm::exp(x)) }
        }
        Activation::Softplus => (x.max(0.0) + libm::log1p(libm::exp(-x.abs())), sigmoid(x)),
        Activation::Identity => (x, 1.0),
    }
}

fn sigmoid(x: f64) -> f64 {
    1.0 / (1.0 + libm::exp(-x))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_and_derivatives_agree_with_pytorch() {
        // PyTorch 2.15: torch.nn.functional in float64, at -2, 0.5 and 3, with autograd's derivative.
        let golden = [
            (Activation::Relu, [(0.0, 0.0), (0.5, 1.0), (3.0, 1.0)]),
            (Activation::LeakyRelu { slope: 0.1 }, [(-0.2, 0.1), (0.5, 1.0), (3.0, 1.0)]),
            (
                Activation::Tanh,
                [(-0.964027580076, 0.070650824853), (0.462117157260, 0.786447732966), (0.995054753687, 0.009866037165)],
            ),
            (
                Activation::Sigmoid,
                [(0.119202922022, 0.104993585404), (0.622459331202, 0.235003712202), (0.952574126822, 0.045176659731)],
            ),
            (
                Activation::Gelu,
                [
                    (-0.045500263896, -0.085231801078),
                    (0.345731230637, 0.867495124656),
                    (2.995950305905, 1.011945647204),
                ],
            ),
            (
                Activation::GeluTanh,
                [
                    (-0.045402305912, -0.086099256624),
                    (0.345714009825, 0.867369903535),
                    (2.996362607918, 1.011584166631),
                ],
            ),
            (
                Activation::Silu,
                [
                    (-0.238405844044, -0.090784248785),
                    (0.311229665601, 0.739961187303),
                    (2.857722380467, 1.088104106015),
                ],
            ),
            (Activation::Elu, [(-0.864664716763, 0.135335283237), (0.5, 1.0), (3.0, 1.0)]),
            (
                Activation::Selu,
                [(-1.520166468596, 0.237932872252), (0.525350493678, 1.050700987355), (3.152102962066, 1.050700987355)],
            ),
            (
                Activation::Softplus,
                [(0.126928011043, 0.119202922022), (0.974076984180, 0.622459331202), (3.048587351574, 0.952574126822)],
            ),
            (Activation::Identity, [(-2.0, 1.0), (0.5, 1.0), (3.0, 1.0)]),
        ];
        for (activation, expected) in golden {
            for (x, (value, slope)) in [-2.0, 0.5, 3.0].into_iter().zip(expected) {
                let found = value_and_slope(activation, x);
                assert!(
                    (found.0 - value).abs() < 1e-9 && (found.1 - slope).abs() < 1e-9,
                    "{activation:?} at {x}: {found:?}"
                );
            }
        }
    }
}
