//! Weights by their outputs instead of their inputs. With them the way back is the same product as the way forward: of the
//! derivatives by a layer's sums, to those by what entered it.

use fearless_simd::Simd;

use crate::kernel::panel::{most_columns, position};
use crate::lane::{Each, Vector};

/// Where each weight of a layer's transposed panels stands among its weights.
pub(crate) fn transposed_places<S: Simd>([inputs, outputs]: [usize; 2]) -> Vec<u32> {
    let most = most_columns::<S, Each>();
    let mut places = vec![0; inputs * outputs];
    for input in 0..inputs {
        for output in 0..outputs {
            let to = position(most, [outputs, inputs], output, input);
            places[to] = position(most, [inputs, outputs], input, output) as u32;
        }
    }
    places
}

/// Transposes the weights of a layer, which stand where [`transposed_places`] says.
#[inline(always)]
pub(crate) fn transpose<S: Simd>(_: S, weights: &[Vector<S>], places: &[u32], transposed: &mut [Vector<S>]) {
    for (to, from) in transposed.iter_mut().zip(places) {
        *to = weights[*from as usize];
    }
}
