//! Losses: as tensor expressions that are trained on, and in f64 over plain numbers for evaluation.
//!
//! Every loss is a mean over rows. Targets are always valid for the loss where a sweep file was parsed; where they are
//! not (numbers under cross-entropy, a class that has no output), the loss is NaN.

use burn::tensor::{Tensor, activation};

use crate::data::Targets;
use crate::spec::Loss;

/// Mean loss of a batch, one number, as a differentiable expression of `outputs` `[rows, outputs]`.
///
/// `targets` are as [`batch_targets`] gives them, of the same shape. The gradient of the absolute error at 0 is 0; that
/// of binary cross-entropy is sigmoid(z) - y everywhere.
pub fn of_batch(loss: Loss, outputs: Tensor<2>, targets: Tensor<2>) -> Tensor<1> {
    match loss {
        Loss::Mse => (outputs - targets).square().mean(),
        Loss::Mae => (outputs - targets).abs().mean(),
        Loss::Huber { delta } => {
            // With c the residual cut to +-delta, c * (r - c / 2) is the loss on both sides, and c its gradient.
            let residual = outputs - targets;
            let cut = residual.clone().detach().clamp(-delta, delta);
            (cut.clone() * (residual - cut.div_scalar(2.0))).mean()
        }
        Loss::LogCosh => {
            // |r| + ln(1 + e^-2|r|) - ln(2), whose own derivative would lose what is small: tanh(r) takes its place.
            let residual = outputs - targets;
            let fixed = residual.clone().detach();
            let size = fixed.clone().abs();
            let value =
                size.clone() + activation::softplus(size.mul_scalar(-2.0), 1.0).sub_scalar(std::f64::consts::LN_2);
            (value + fixed.clone().tanh() * (residual - fixed)).mean()
        }
        Loss::CrossEntropy => {
            let rows = outputs.dims()[0];
            (activation::log_softmax(outputs, 1) * targets).sum().div_scalar(-(rows as f64))
        }
        // max(z, 0) + ln(1 + e^-|z|) is softplus(z), which burn differentiates rightly at 0 too.
        Loss::BinaryCrossEntropy => (activation::softplus(outputs.clone(), 1.0) - outputs * targets).mean(),
    }
}

/// Targets of these rows, row-major `[rows, outputs]`, as [`of_batch`] takes them: numbers, 0 or 1, or one-hot.
pub fn batch_targets(loss: Loss, targets: &Targets, rows: &[u32], outputs: usize) -> Vec<f32> {
    let mut encoded = Vec::with_capacity(rows.len() * outputs);
    match (loss, targets) {
        (Loss::Mse | Loss::Mae | Loss::Huber { .. } | Loss::LogCosh, Targets::Numbers { scaled, .. }) => {
            encoded.extend(rows.iter().map(|&row| scaled.get(row as usize).copied().unwrap_or(f32::NAN)));
        }
        (Loss::CrossEntropy, Targets::Classes(classes)) => {
            for &row in rows {
                let class = classes.get(row as usize).map_or(outputs, |&class| class as usize);
                let absent = if class < outputs { 0.0 } else { f32::NAN };
                encoded.extend((0..outputs).map(|output| if output == class { 1.0 } else { absent }));
            }
        }
        (Loss::BinaryCrossEntropy, Targets::Classes(classes)) => {
            encoded.extend(rows.iter().map(|&row| match classes.get(row as usize) {
                Some(0) => 0.0,
                Some(1) => 1.0,
                _ => f32::NAN,
            }));
        }
        _ => encoded.resize(rows.len() * outputs, f32::NAN),
    }
    encoded
}

/// Mean loss over rows, summed in f64 in the order of the rows; `outputs` is row-major, `width` values a row.
/// NaN where there are no rows.
pub fn of_rows(loss: Loss, outputs: &[f32], width: usize, targets: &Targets) -> f64 {
    let total: f64 = match (loss, targets) {
        (Loss::Mse | Loss::Mae | Loss::Huber { .. } | Loss::LogCosh, Targets::Numbers { scaled, .. }) => outputs
            .iter()
            .zip(scaled)
            .map(|(&output, &target)| of_residual(loss, f64::from(output) - f64::from(target)))
            .sum(),
        (Loss::CrossEntropy, Targets::Classes(classes)) => outputs
            .chunks_exact(width.max(1))
            .zip(classes)
            .map(|(logits, &class)| cross_entropy(logits, class as usize))
            .sum(),
        (Loss::BinaryCrossEntropy, Targets::Classes(classes)) => {
            outputs.iter().zip(classes).map(|(&logit, &class)| binary_cross_entropy(f64::from(logit), class)).sum()
        }
        _ => f64::NAN,
    };
    total / targets.len() as f64
}

/// Loss of one number by its distance from the target.
pub(crate) fn of_residual(loss: Loss, residual: f64) -> f64 {
    let distance = residual.abs();
    match loss {
        Loss::Mse => residual * residual,
        Loss::Mae => distance,
        Loss::Huber { delta } if distance <= delta => residual * residual / 2.0,
        Loss::Huber { delta } => delta * distance - delta * delta / 2.0,
        Loss::LogCosh => distance + (libm::log1p(libm::exp(-2.0 * distance)) - std::f64::consts::LN_2),
        Loss::CrossEntropy | Loss::BinaryCrossEntropy => f64::NAN,
    }
}

/// -log-softmax of the class's logit, with the largest logit taken off first.
fn cross_entropy(logits: &[f32], class: usize) -> f64 {
    let Some(&chosen) = logits.get(class) else { return f64::NAN };
    let largest = logits.iter().fold(f64::NEG_INFINITY, |largest, &logit| largest.max(f64::from(logit)));
    let sum: f64 = logits.iter().map(|&logit| libm::exp(f64::from(logit) - largest)).sum();
    libm::log(sum) - (f64::from(chosen) - largest)
}

/// max(z, 0) - z * y + ln(1 + e^-|z|).
fn binary_cross_entropy(logit: f64, class: u32) -> f64 {
    // `f64::max` would lose a NaN.
    let positive = if logit < 0.0 { 0.0 } else { logit };
    let softplus = positive + libm::log1p(libm::exp(-logit.abs()));
    match class {
        0 => softplus,
        1 => softplus - logit,
        _ => f64::NAN,
    }
}

#[cfg(test)]
mod tests {
    use burn::tensor::TensorData;

    use super::*;
    use crate::module::{device, numbers};

    fn tensor(values: &[f32], width: usize) -> Tensor<2> {
        Tensor::from_data(TensorData::new(values.to_vec(), [values.len() / width, width]), &device())
    }

    /// The loss by both ways, and the gradient of the outputs.
    fn both(loss: Loss, outputs: &[f32], width: usize, targets: &Targets) -> (f64, f64, Vec<f32>) {
        let rows: Vec<u32> = (0..targets.len() as u32).collect();
        let encoded = tensor(&batch_targets(loss, targets, &rows, width), width);
        let tracked = Tensor::<2>::from_inner(tensor(outputs, width)).require_grad();
        let value = of_batch(loss, tracked.clone(), encoded);
        let gradients = value.backward();
        let gradient = numbers(tracked.grad(&gradients).expect("the outputs are tracked"));
        (f64::from(value.into_scalar::<f32>()), of_rows(loss, outputs, width, targets), gradient)
    }

    fn numbers_of(scaled: &[f32]) -> Targets {
        Targets::Numbers { scaled: scaled.to_vec(), own: scaled.iter().map(|&value| f64::from(value)).collect() }
    }

    const SIX: [f32; 6] = [-3.0, -1.0, -0.2, 0.0, 0.5, 2.0];

    /// Figures by Keras 3.15.
    #[test]
    fn regression_losses_have_the_golden_values() {
        for (loss, wanted) in [
            (Loss::Mse, 2.381_666_7),
            (Loss::Mae, 1.116_666_7),
            (Loss::Huber { delta: 1.0 }, 0.774_166_7),
            (Loss::Huber { delta: 0.5 }, 0.461_666_7),
            (Loss::LogCosh, 0.701_349_1),
        ] {
            let (trained, evaluated, _) = both(loss, &SIX, 1, &numbers_of(&[0.0; 6]));
            assert!((trained - wanted).abs() < 2e-6, "{loss:?}: {trained}");
            assert!((evaluated - wanted).abs() < 2e-7, "{loss:?}: {evaluated}");
        }
    }

    /// Figures by Keras 3.15 and PyTorch 2.15.
    #[test]
    fn classification_losses_have_the_golden_values() {
        let (trained, evaluated, _) = both(Loss::BinaryCrossEntropy, &[2.0, -1.0], 1, &Targets::Classes(vec![1, 1]));
        assert!((trained - 0.720_094_9).abs() < 2e-6 && (evaluated - 0.720_094_9).abs() < 2e-7);
        let logits = [2.0, -1.0, 0.5, 0.0, 0.0, 0.0];
        let (trained, evaluated, _) = both(Loss::CrossEntropy, &logits, 3, &Targets::Classes(vec![0, 2]));
        assert!((trained - 0.669_961_8).abs() < 2e-6 && (evaluated - 0.669_961_8).abs() < 2e-7);
        for (row, wanted) in [(0, 0.241_311_3), (1, 1.098_612_3)] {
            let class = Targets::Classes(vec![[0, 2][row]]);
            let (_, evaluated, _) = both(Loss::CrossEntropy, &logits[3 * row..3 * row + 3], 3, &class);
            assert!((evaluated - wanted).abs() < 2e-7);
        }
    }

    #[test]
    fn gradients_are_those_of_the_formulas() {
        let targets = numbers_of(&[0.0; 6]);
        let (.., mse) = both(Loss::Mse, &SIX, 1, &targets);
        let (.., mae) = both(Loss::Mae, &SIX, 1, &targets);
        let (.., huber) = both(Loss::Huber { delta: 1.0 }, &SIX, 1, &targets);
        let (.., log_cosh) = both(Loss::LogCosh, &SIX, 1, &targets);
        for (index, &x) in SIX.iter().enumerate() {
            let sign = if x == 0.0 { 0.0 } else { x.signum() };
            assert!((mse[index] - 2.0 * x / 6.0).abs() < 1e-6);
            assert!((mae[index] - sign / 6.0).abs() < 1e-6, "{x}: {}", mae[index]);
            assert!((huber[index] - x.clamp(-1.0, 1.0) / 6.0).abs() < 1e-6);
            assert!((log_cosh[index] - x.tanh() / 6.0).abs() < 1e-6);
        }
        let (.., binary) = both(Loss::BinaryCrossEntropy, &SIX, 1, &Targets::Classes(vec![1, 0, 1, 0, 1, 0]));
        for (index, &x) in SIX.iter().enumerate() {
            let target = if index % 2 == 0 { 1.0 } else { 0.0 };
            assert!((binary[index] - (1.0 / (1.0 + (-x).exp()) - target) / 6.0).abs() < 1e-6);
        }
        let (.., many) = both(Loss::CrossEntropy, &[2.0, -1.0, 0.5], 3, &Targets::Classes(vec![0]));
        let sum = 2f32.exp() + (-1f32).exp() + 0.5f32.exp();
        let wanted = [2f32.exp() / sum - 1.0, (-1f32).exp() / sum, 0.5f32.exp() / sum];
        assert!(many.iter().zip(wanted).all(|(value, wanted)| (value - wanted).abs() < 1e-6), "{many:?}");
    }

    #[test]
    fn the_gradient_of_the_absolute_error_is_exactly_0_at_0() {
        let (.., gradient) = both(Loss::Mae, &[0.5, -0.0], 1, &numbers_of(&[0.5, 0.0]));
        assert_eq!(gradient, [0.0, 0.0]);
    }

    #[test]
    fn large_logits_do_not_overflow() {
        let (trained, evaluated, gradient) = both(Loss::CrossEntropy, &[1e4, -1e4, 0.0], 3, &Targets::Classes(vec![1]));
        assert!((trained - 2e4).abs() < 1.0 && (evaluated - 2e4).abs() < 1e-9);
        assert!(gradient.iter().all(|value| value.is_finite()));
        for (logit, class, wanted) in [(1e4, 0, 1e4), (-1e4, 1, 1e4), (1e4, 1, 0.0), (-1e4, 0, 0.0)] {
            let (trained, evaluated, gradient) =
                both(Loss::BinaryCrossEntropy, &[logit], 1, &Targets::Classes(vec![class]));
            assert!((trained - wanted).abs() < 1e-3 && (evaluated - wanted).abs() < 1e-9);
            assert!(gradient[0].is_finite());
        }
    }

    #[test]
    fn a_nan_output_makes_the_loss_nan() {
        let classes = Targets::Classes(vec![0]);
        for loss in [Loss::Mse, Loss::Mae, Loss::Huber { delta: 1.0 }, Loss::LogCosh] {
            let (trained, evaluated, _) = both(loss, &[f32::NAN], 1, &numbers_of(&[0.0]));
            assert!(trained.is_nan() && evaluated.is_nan(), "{loss:?}");
        }
        assert!(of_rows(Loss::CrossEntropy, &[f32::NAN, 0.0], 2, &classes).is_nan());
        assert!(of_rows(Loss::BinaryCrossEntropy, &[f32::NAN], 1, &classes).is_nan());
    }

    #[test]
    fn targets_that_do_not_fit_the_loss_make_it_nan() {
        for (loss, outputs, width, targets) in [
            (Loss::CrossEntropy, vec![0.0, 0.0], 2, numbers_of(&[0.0])),
            (Loss::CrossEntropy, vec![0.0, 0.0], 2, Targets::Classes(vec![2])),
            (Loss::BinaryCrossEntropy, vec![0.0], 1, Targets::Classes(vec![2])),
            (Loss::Mse, vec![0.0], 1, Targets::Classes(vec![0])),
        ] {
            let (trained, evaluated, _) = both(loss, &outputs, width, &targets);
            assert!(trained.is_nan() && evaluated.is_nan(), "{loss:?}");
        }
    }
}
