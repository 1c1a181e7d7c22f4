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
                [
                    (-0.964_027_580_076, 0.070_650_824_853),
                    (0.462_117_157_260, 0.786_447_732_966),
                    (0.995_054_753_687, 0.009_866_037_165),
                ],
            ),
            (
                Activation::Sigmoid,
                [
                    (0.119_202_922_022, 0.104_993_585_404),
                    (0.622_459_331_202, 0.235_003_712_202),
                    (0.952_574_126_822, 0.045_176_659_731),
                ],
            ),
            (
                Activation::Gelu,
                [
                    (-0.045_500_263_896, -0.085_231_801_078),
                    (0.345_731_230_637, 0.867_495_124_656),
                    (2.995_950_305_905, 1.011_945_647_204),
                ],
            ),
            (
                Activation::GeluTanh,
                [
                    (-0.045_402_305_912, -0.086_099_256_624),
                    (0.345_714_009_825, 0.867_369_903_535),
                    (2.996_362_607_918, 1.011_584_166_631),
                ],
            ),
            (
                Activation::Silu,
                [
                    (-0.238_405_844_044, -0.090_784_248_785),
                    (0.311_229_665_601, 0.739_961_187_303),
                    (2.857_722_380_467, 1.088_104_106_015),
                ],
            ),
            (Activation::Elu, [(-0.864_664_716_763, 0.135_335_283_237), (0.5, 1.0), (3.0, 1.0)]),
            (
                Activation::Selu,
                [
                    (-1.520_166_468_596, 0.237_932_872_252),
                    (0.525_350_493_678, 1.050_700_987_355),
                    (3.152_102_962_066, 1.050_700_987_355),
                ],
            ),
            (
                Activation::Softplus,
                [
                    (0.126_928_011_043, 0.119_202_922_022),
                    (0.974_076_984_180, 0.622_459_331_202),
                    (3.048_587_351_574, 0.952_574_126_822),
                ],
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
