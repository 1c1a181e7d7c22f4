//! What becomes of a module's gradients before the update rule sees them.

use burn::module::{Module, ModuleVisitor, Param};
use burn::optim::GradientsParams;
use burn::tensor::{Tensor, TensorData};

use super::clip::clip;
use crate::module::{device, numbers};
use crate::spec::Clip;

/// Adds 2 * `l2` * w to the gradient of every weight of a matrix (what has one dimension is a bias, gamma or beta), then
/// clips. `None` where a norm to be clipped by is NaN or infinite.
///
/// `module` is the one that the gradients are of; its parameters are taken in the order of its fields.
pub fn penalize_and_clip(
    module: &impl Module,
    mut gradients: GradientsParams,
    l2: f64,
    limit: Option<Clip>,
) -> Option<GradientsParams> {
    if l2 == 0.0 && limit.is_none() {
        return Some(gradients);
    }
    let mut taken = Take { gradients: &mut gradients, double: (2.0 * l2) as f32, plain: Vec::new() };
    module.visit(&mut taken);
    let mut plain = taken.plain;
    if limit.is_some_and(|limit| !clip(limit, &mut plain)) {
        return None;
    }
    module.visit(&mut PutBack { gradients: &mut gradients, plain: plain.into_iter() });
    Some(gradients)
}

/// Takes gradients out as plain numbers, the penalty's added.
struct Take<'a> {
    gradients: &'a mut GradientsParams,
    double: f32,
    plain: Vec<Vec<f32>>,
}

impl ModuleVisitor for Take<'_> {
    fn visit_float<const D: usize>(&mut self, parameter: &Param<Tensor<D>>) {
        let mut plain = self.gradients.remove::<D>(parameter.id).map(numbers).unwrap_or_default();
        if D == 2 && self.double > 0.0 {
            for (gradient, weight) in plain.iter_mut().zip(numbers(parameter.val())) {
                *gradient += self.double * weight;
            }
        }
        self.plain.push(plain);
    }
}

/// Puts them back, in the same order.
struct PutBack<'a> {
    gradients: &'a mut GradientsParams,
    plain: std::vec::IntoIter<Vec<f32>>,
}

impl ModuleVisitor for PutBack<'_> {
    fn visit_float<const D: usize>(&mut self, parameter: &Param<Tensor<D>>) {
        let plain = self.plain.next().filter(|plain| !plain.is_empty());
        if let Some(plain) = plain {
            let gradient = TensorData::new(plain, parameter.shape());
            self.gradients.register(parameter.id, Tensor::<D>::from_data(gradient, &device()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::ClipForm;

    #[derive(Module, Debug)]
    struct Two {
        weights: Param<Tensor<2>>,
        biases: Param<Tensor<1>>,
    }

    /// The gradients of the weights 1, -2 and of the bias 8 after all that is asked for, from 1, 2 and the bias's.
    fn check(of_bias: f32, l2: f64, limit: Option<Clip>, wanted: Option<[f32; 3]>) {
        let tensor = |values: &[f32]| TensorData::new(values.to_vec(), [values.len()]);
        let module = Two {
            weights: Param::from_data(TensorData::new(vec![1.0f32, -2.0], [2, 1]), &device()),
            biases: Param::from_data(tensor(&[8.0]), &device()),
        };
        let mut gradients = GradientsParams::new();
        let of_weights = TensorData::new(vec![1.0f32, 2.0], [2, 1]);
        gradients.register(module.weights.id, Tensor::<2>::from_data(of_weights, &device()));
        gradients.register(module.biases.id, Tensor::<1>::from_data(tensor(&[of_bias]), &device()));
        let found = penalize_and_clip(&module, gradients, l2, limit).map(|found| {
            let weights = numbers(found.get::<2>(module.weights.id).expect("registered"));
            let biases = numbers(found.get::<1>(module.biases.id).expect("registered"));
            [weights[0], weights[1], biases[0]]
        });
        assert_eq!(found, wanted, "l2 {l2}, {limit:?}");
    }

    #[test]
    fn the_penalty_is_added_to_weights_alone_and_is_clipped_with_them() {
        check(3.0, 0.0, None, Some([1.0, 2.0, 3.0]));
        check(3.0, 0.25, None, Some([1.5, 1.0, 3.0]));
        check(3.0, 0.25, Some(Clip::Value(1.25)), Some([1.25, 1.0, 1.25]));
        // (1, 2) + 4 * (1, -2) = (5, -6) and 2 together have the norm sqrt(65).
        let global = Clip::GlobalNorm { at: 65f64.sqrt() / 2.0, form: ClipForm::Keras };
        check(2.0, 2.0, Some(global), Some([2.5, -3.0, 1.0]));
    }

    #[test]
    fn a_gradient_that_is_infinite_or_no_number_cannot_be_clipped_by_norm() {
        for broken in [f32::INFINITY, f32::NAN] {
            check(broken, 0.0, Some(Clip::Norm(1.0)), None);
            check(broken, 0.1, Some(Clip::GlobalNorm { at: 1.0, form: ClipForm::Keras }), None);
        }
    }
}
