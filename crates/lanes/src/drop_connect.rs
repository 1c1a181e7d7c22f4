//! Weights that are dropped in a step (Wan et al., "Regularization of neural networks using `DropConnect`", 2013):
//! those into hidden layers, each with probability `drop_connect`; the others are multiplied by 1 / (1 - `drop_connect`).
//!
//! All rows of a step share its masks. They come from one stream an epoch: step by step, within a step layer by layer
//! from the inputs on, within a layer row by row of the weights, in the order of the layout. Only a pack trains so.

use std::ops::Range;

use fearless_simd::Simd;

use crate::buffers::grow;
use crate::kernel::dropout::Dropout;
use crate::lane::{Vector, splat};
use crate::layout::{LayerPlace, Layout};

/// Masks and weights of a step, where the weights stand in a pack; only those into hidden layers are ever written.
pub(crate) struct Connections<S: Simd> {
    masks: Vec<Vector<S>>,
    weights: Vec<Vector<S>>,
}

impl<S: Simd> Default for Connections<S> {
    fn default() -> Self {
        Self { masks: Vec::new(), weights: Vec::new() }
    }
}

impl<S: Simd> Connections<S> {
    /// Draws the masks of a step of the epoch. `numbers` are those of the states, and `places` says where each stands.
    #[inline(always)]
    pub(crate) fn draw(
        &mut self,
        simd: S,
        dropout: &Dropout,
        layout: &Layout,
        step: usize,
        numbers: &[Vector<S>],
        places: &[u32],
    ) {
        grow(&mut self.masks, layout.parameters, splat(simd, 0.0));
        grow(&mut self.weights, layout.parameters, splat(simd, 0.0));
        let Self { masks, weights } = self;
        let mut start = step as u64 * hidden(layout).map(|place| place.weights.len() as u64).sum::<u64>();
        for place in hidden(layout) {
            let places = &places[place.weights.clone()];
            dropout.masks(
                simd,
                start,
                places.len(),
                #[inline(always)]
                |index, mask| {
                    let at = places[index] as usize;
                    masks[at] = mask;
                    weights[at] = numbers[at] * mask;
                },
            );
            start += places.len() as u64;
        }
    }

    /// The weights of a hidden layer that the step goes by.
    pub(crate) fn weights(&self, weights: &Range<usize>) -> &[Vector<S>] {
        &self.weights[weights.clone()]
    }

    /// Turns the gradients of the weights that the step went by into those of the weights behind them.
    #[inline(always)]
    pub(crate) fn mask(&self, layout: &Layout, gradients: &mut [Vector<S>]) {
        for index in hidden(layout).flat_map(|place| place.weights.clone()) {
            gradients[index] *= self.masks[index];
        }
    }
}

/// The layers that lead into hidden units.
fn hidden(layout: &Layout) -> impl Iterator<Item = &LayerPlace> {
    layout.layers.iter().take(layout.layers.len().saturating_sub(1))
}
