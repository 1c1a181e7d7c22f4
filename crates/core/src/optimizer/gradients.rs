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
