//! Adam as soon as a gradient is known, while it stands in registers: no gradient is stored, and some of the roots and
//! divisions run beside the multiply-adds of the next.

use fearless_simd::Simd;

use super::{Step, adam};
use crate::kernel::dense::{Sink, begin_from};
use crate::lane::{Vector, fused};
use crate::training::{Optimizer, Training};

/// Whether parameters can be moved one by one: by Adam without `AMSGrad`, whose gradients need no other look first.
pub(crate) fn is_possible(training: &Training) -> bool {
    let is_plain_adam = matches!(&training.optimizer, Optimizer::Adam(adam) if !adam.amsgrad);
    is_plain_adam && training.clip.is_none() && training.normalization.is_none() && training.drop_connect <= 0.0
}

/// The parameters of a layer, moved as soon as their gradients are known. All slices hold its weights and then its
/// biases.
pub(crate) struct AtOnce<'a, S: Simd> {
    step: &'a adam::Step<S>,
    /// Of the rows before, where the sums go on from them.
    gradients: &'a [Vector<S>],
    goes_on: bool,
    parameters: &'a mut [Vector<S>],
    means: &'a mut [Vector<S>],
    squares: &'a mut [Vector<S>],
    /// Twice the factor of the penalty, and how many of the parameters are weights.
    penalty: Option<Vector<S>>,
    weights: usize,
}

impl<'a, S: Simd> AtOnce<'a, S> {
    /// The parameters of a layer of so many weights; `None` for another rule than Adam.
    pub(crate) fn new(
        step: &'a Step<S>,
        gradients: &'a [Vector<S>],
        goes_on: bool,
        [parameters, means, squares]: [&'a mut [Vector<S>]; 3],
        penalty: Option<Vector<S>>,
        weights: usize,
    ) -> Option<Self> {
        let Step::Adam(step) = step else { return None };
        Some(Self { step, gradients, goes_on, parameters, means, squares, penalty, weights })
    }
}

impl<S: Simd> Sink<S> for AtOnce<'_, S> {
    #[inline(always)]
    fn begin(&self, simd: S, start: usize, sums: &mut [Vector<S>]) {
        begin_from(simd, self.gradients, self.goes_on, start, sums);
    }

    #[inline(always)]
    fn end(&mut self, start: usize, sums: &mut [Vector<S>]) {
        let range = start..start + sums.len();
        let parameters = &mut self.parameters[range.clone()];
        if let Some(double) = self.penalty
            && start < self.weights
        {
            for (sum, weight) in sums.iter_mut().zip(&*parameters) {
                *sum = fused::<S>(double, *weight, *sum);
            }
        }
        self.step.update_plain(parameters, &mut self.means[range.clone()], &mut self.squares[range], sums);
    }
}
