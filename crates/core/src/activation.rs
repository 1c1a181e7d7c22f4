//! Activation functions in burn, with the derivatives that the definitions state.

use burn::tensor::{Tensor, activation};

use crate::spec::Activation;

/// The numbers of selu (Klambauer et al. 2017).
const SELU_SCALE: f64 = 1.050_700_987_355_480_5;
const SELU_ALPHA: f64 = 1.673_263_242_354_377_2;

/// The function, elementwise, with gradients as the definitions say also where burn's own differ.
pub(crate) fn activate(activation: Activation, values: Tensor<2>) -> Tensor<2> {
    match activation {
        Activation::Relu => activation::relu(values),
        Activation::LeakyRelu { slope } => {
            // burn's own takes the slope 1 at 0, PyTorch the lower one.
            let lower = values.clone().lower_equal_scalar(0.0);
            let scaled = values.clone().mul_scalar(slope);
            values.mask_where(lower, scaled)
        }
        Activation::Tanh => activation::tanh(values),
        Activation::Sigmoid => activation::sigmoid(values),
        // burn's own gelu takes its gradient from the tanh approximation.
        Activation::Gelu => {
            let probability = values.clone().mul_scalar(std::f64::consts::FRAC_1_SQRT_2).erf().add_scalar(1.0);
            values.mul_scalar(0.5) * probability
        }
        Activation::Silu => activation::silu(values),
        Activation::Elu => {
            // burn's own gives NaN gradients above 88, where the branch that is not taken overflows.
            let upper = values.clone().greater_scalar(0.0);
            let lower = values.clone().mask_fill(upper.clone(), 0.0).exp().sub_scalar(1.0);
            lower.mask_where(upper, values)
        }
        Activation::Softplus => activation::softplus(values, 1.0),
        Activation::GeluTanh => {
            // (1 + tanh(u)) / 2 is sigmoid(2u). Beyond 10 it is 0 or 1, and u^3 would overflow.
            let inside = values.clone().clamp(-10.0, 10.0);
            let cubic = inside.clone().square().mul_scalar(0.044_715).add_scalar(1.0);
            values * activation::sigmoid((inside * cubic).mul_scalar(2.0 * (2.0 / std::f64::consts::PI).sqrt()))
        }
        Activation::Selu => {
            let upper = values.clone().greater_scalar(0.0);
            let lower = values.clone().mask_fill(upper.clone(), 0.0).exp().sub_scalar(1.0);
            lower.mul_scalar(SELU_SCALE * SELU_ALPHA).mask_where(upper, values.mul_scalar(SELU_SCALE))
        }
        Activation::Identity => values,
    }
}

#[cfg(test)]
mod tests {
    use burn::tensor::TensorData;

    use super::*;
    use crate::module::{device, numbers};

    const ALL: [Activation; 11] = [
        Activation::Relu,
        Activation::LeakyRelu { slope: 0.01 },
        Activation::Tanh,
        Activation::Sigmoid,
        Activation::Gelu,
        Activation::Silu,
        Activation::Elu,
        Activation::Softplus,
        Activation::GeluTanh,
        Activation::Selu,
        Activation::Identity,
    ];

    fn row(values: &[f32]) -> Tensor<2> {
        Tensor::from_data(TensorData::new(values.to_vec(), [1, values.len()]), &device())
    }

    fn activated(activation: Activation, values: &[f32]) -> Vec<f32> {
        numbers(activate(activation, row(values)))
    }

    fn slope_at(activation: Activation, values: &[f32]) -> Vec<f32> {
        let inputs = Tensor::<2>::from_inner(row(values)).require_grad();
        let gradients = activate(activation, inputs.clone()).sum().backward();
        numbers(inputs.grad(&gradients).expect("the inputs are tracked"))
    }

    /// The activation in f64.
    fn plain(activation: Activation, x: f64) -> f64 {
        match activation {
            Activation::Relu => x.max(0.0),
            Activation::LeakyRelu { slope } => x.max(slope * x),
            Activation::Tanh => x.tanh(),
            Activation::Sigmoid => 1.0 / (1.0 + (-x).exp()),
            Activation::Gelu => 0.5 * x * (1.0 + libm::erf(x / 2f64.sqrt())),
            Activation::Silu => x / (1.0 + (-x).exp()),
            Activation::Elu => x.min(0.0).exp_m1() + x.max(0.0),
            Activation::Softplus => x.max(0.0) + (-x.abs()).exp().ln_1p(),
            Activation::GeluTanh => {
                0.5 * x * (1.0 + ((2.0 / std::f64::consts::PI).sqrt() * (x + 0.044_715 * x.powi(3))).tanh())
            }
            Activation::Selu => SELU_SCALE * (SELU_ALPHA * x.min(0.0).exp_m1() + x.max(0.0)),
            Activation::Identity => x,
        }
    }

    /// Figures by Keras 3.15 and PyTorch 2.15, which agree on them.
    #[test]
    fn activations_have_the_golden_values() {
        let at = [-3.0, -1.0, -0.2, 0.0, 0.5, 2.0];
        for (activation, wanted) in [
            (Activation::Gelu, [-0.004_050_2, -0.158_655_3, -0.084_148_1, 0.0, 0.345_731_2, 1.954_499_7]),
            (Activation::Silu, [-0.142_277_6, -0.268_941_4, -0.090_033_2, 0.0, 0.311_229_7, 1.761_594]),
            (Activation::Elu, [-0.950_213, -0.632_120_5, -0.181_269_2, 0.0, 0.5, 2.0]),
            (
                Activation::Softplus,
                [0.048_587_4, 0.313_261_7, 0.598_138_9, std::f32::consts::LN_2, 0.974_077, 2.126_928],
            ),
            (Activation::GeluTanh, [-0.003_637_4, -0.158_808, -0.084_148_6, 0.0, 0.345_714, 1.954_597_7]),
            (Activation::Selu, [-1.670_568_7, -1.111_330_7, -0.318_689_3, 0.0, 0.525_350_5, 2.101_402]),
            (Activation::Identity, at),
            (Activation::LeakyRelu { slope: 0.3 }, [-0.9, -0.3, -0.06, 0.0, 0.5, 2.0]),
            (Activation::Relu, [0.0, 0.0, 0.0, 0.0, 0.5, 2.0]),
        ] {
            for (value, wanted) in activated(activation, &at).into_iter().zip(wanted) {
                assert!((value - wanted).abs() < 2e-6, "{activation:?}: {value} for {wanted}");
            }
        }
    }

    #[test]
    fn values_and_gradients_are_those_of_the_formula() {
        let at = [-20.0f32, -3.0, -1.1, -0.2, 0.3, 0.9, 2.5, 19.0];
        for activation in ALL {
            let (values, slopes) = (activated(activation, &at), slope_at(activation, &at));
            for ((&x, value), slope) in at.iter().zip(values).zip(slopes) {
                let x = f64::from(x);
                let (above, below) = (plain(activation, x + 1e-5), plain(activation, x - 1e-5));
                assert!((f64::from(value) - plain(activation, x)).abs() < 2e-6, "{activation:?}({x}) = {value}");
                assert!((f64::from(slope) - (above - below) / 2e-5).abs() < 4e-6, "{activation:?}'({x}) = {slope}");
            }
        }
    }

    #[test]
    fn at_0_relu_has_slope_0_and_leaky_relu_the_lower_one() {
        assert_eq!(slope_at(Activation::Relu, &[0.0, -0.0]), [0.0, 0.0]);
        assert_eq!(slope_at(Activation::LeakyRelu { slope: 0.25 }, &[0.0, -0.0]), [0.25, 0.25]);
    }

    #[test]
    fn values_and_gradients_stay_finite_far_out() {
        let at = [-1e4f32, -200.0, 200.0, 1e4];
        for activation in ALL {
            assert!(activated(activation, &at).iter().all(|value| value.is_finite()), "{activation:?}");
            assert!(slope_at(activation, &at).iter().all(|slope| slope.is_finite()), "{activation:?}'");
        }
    }

    #[test]
    fn a_nan_goes_through_every_activation() {
        for activation in ALL {
            assert!(activated(activation, &[f32::NAN])[0].is_nan(), "{activation:?}");
        }
    }
}
