//! Gradients cut to a limit, over plain numbers.

use crate::spec::{Clip, ClipForm};

/// What PyTorch adds to the common norm before it divides by it.
const TORCH_MARGIN: f64 = 1e-6;

/// Cuts gradients, one vector a parameter tensor. Says whether that could be done: by a norm that is NaN or infinite
/// nothing can be cut. A NaN that is cut by value stays one.
///
/// Squares are summed in f64, in the order of the tensors and of their elements; the factor is rounded to f32 once.
pub(super) fn clip(clip: Clip, tensors: &mut [Vec<f32>]) -> bool {
    match clip {
        Clip::Value(at) => {
            let at = at as f32;
            tensors.iter_mut().flatten().for_each(|gradient| *gradient = gradient.clamp(-at, at));
            true
        }
        Clip::Norm(at) => tensors.iter_mut().all(|tensor| {
            let norm = norm(tensor.iter());
            scale(tensor.iter_mut(), at / norm);
            norm.is_finite()
        }),
        Clip::GlobalNorm { at, form } => {
            let norm = norm(tensors.iter().flatten());
            let factor = match form {
                ClipForm::Torch => at / (norm + TORCH_MARGIN),
                ClipForm::Keras => at / norm,
            };
            scale(tensors.iter_mut().flatten(), factor);
            norm.is_finite()
        }
    }
}

fn norm<'a>(gradients: impl Iterator<Item = &'a f32>) -> f64 {
    gradients.map(|&gradient| f64::from(gradient) * f64::from(gradient)).sum::<f64>().sqrt()
}

/// Multiplies by a factor below 1; any other changes nothing.
fn scale<'a>(gradients: impl Iterator<Item = &'a mut f32>, factor: f64) {
    if factor < 1.0 {
        gradients.for_each(|gradient| *gradient *= factor as f32);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn clipped(by: Clip, tensors: &[&[f32]]) -> Vec<Vec<f32>> {
        let mut tensors: Vec<Vec<f32>> = tensors.iter().map(|tensor| tensor.to_vec()).collect();
        assert!(clip(by, &mut tensors));
        tensors
    }

    fn check(by: Clip, wanted: [[f32; 2]; 2]) {
        for (tensor, wanted) in clipped(by, &[&[3.0, 4.0], &[6.0, 8.0]]).iter().zip(wanted) {
            for (value, wanted) in tensor.iter().zip(wanted) {
                assert!((value - wanted).abs() < 2e-7, "{by:?}: {value} for {wanted}");
            }
        }
    }

    /// Figures by Keras 3.15 and PyTorch 2.15.
    #[test]
    fn each_clipping_has_the_golden_figures() {
        check(Clip::Value(3.5), [[3.0, 3.5], [3.5, 3.5]]);
        check(Clip::Norm(1.0), [[0.6, 0.8], [0.6, 0.8]]);
        let global = [[0.268_328_2, 0.357_770_9], [0.536_656_4, 0.715_541_8]];
        check(Clip::GlobalNorm { at: 1.0, form: ClipForm::Torch }, global);
        check(Clip::GlobalNorm { at: 1.0, form: ClipForm::Keras }, global);
    }

    #[test]
    fn the_forms_of_the_global_norm_differ_by_the_margin() {
        let first = |form| clipped(Clip::GlobalNorm { at: 1e-6, form }, &[&[3e-6], &[4e-6]])[0][0];
        assert!((f64::from(first(ClipForm::Torch)) - 5e-7).abs() < 1e-12);
        assert!((f64::from(first(ClipForm::Keras)) - 6e-7).abs() < 1e-12);
    }

    #[test]
    fn gradients_within_the_limit_keep_their_bits() {
        let tensors: [&[f32]; 2] = [&[0.1, -0.7], &[0.0, 0.3]];
        for by in [
            Clip::Value(0.7),
            Clip::Norm(0.8),
            Clip::GlobalNorm { at: 0.8, form: ClipForm::Torch },
            Clip::GlobalNorm { at: 0.8, form: ClipForm::Keras },
        ] {
            assert_eq!(clipped(by, &tensors), tensors, "{by:?}");
        }
        assert_eq!(clipped(Clip::Norm(1.0), &[&[0.0, 0.0]]), [[0.0, 0.0]]);
    }

    #[test]
    fn a_norm_that_is_no_number_cannot_be_cut_by_and_a_large_one_can() {
        for broken in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
            for by in [Clip::Norm(1.0), Clip::GlobalNorm { at: 1.0, form: ClipForm::Torch }] {
                assert!(!clip(by, &mut [vec![1.0], vec![broken]]), "{by:?} of {broken}");
            }
        }
        assert!((clipped(Clip::Norm(1.0), &[&[f32::MAX]])[0][0] - 1.0).abs() < 1e-6);
    }

    #[test]
    fn a_nan_cut_by_value_stays_one() {
        let cut = clipped(Clip::Value(1.0), &[&[f32::NAN, f32::INFINITY, -3.0]]);
        assert!(cut[0][0].is_nan());
        assert_eq!(cut[0][1..], [1.0, -1.0]);
    }
}
