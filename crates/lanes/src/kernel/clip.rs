//! Gradients cut to a limit.

use std::ops::Range;

use fearless_simd::{Select, Simd, SimdBase};

use super::panel::{most_columns, panels};
use crate::lane::{Each, MOST_LANES, Vector, lanes, splat};
use crate::layout::{LayerPlace, Layout};
use crate::training::Clip;

/// Cuts the gradients of all layers. Says of each lane whether that could be done: by a norm that is NaN or infinite
/// nothing can be cut. A NaN that is cut by value stays one.
///
/// Squares are summed in f64, layer by layer: weights row-major, biases, gamma, beta; factors are rounded to f32 once.
#[inline(always)]
pub(crate) fn clip<S: Simd>(simd: S, clip: Clip, layout: &Layout, gradients: &mut [Vector<S>]) -> [bool; MOST_LANES] {
    match clip {
        Clip::Value(at) => {
            let (at, low) = (splat(simd, at), splat(simd, -at));
            for gradient in gradients {
                let cut = gradient.simd_gt(at).select(at, *gradient);
                *gradient = cut.simd_lt(low).select(low, cut);
            }
            [true; MOST_LANES]
        }
        Clip::Norm(at) => {
            let mut is_possible = [true; MOST_LANES];
            for place in &layout.layers {
                let mut of_weights = [0.0; MOST_LANES];
                add_squares_of_weights::<S>(place, gradients, &mut of_weights);
                scale(simd, &mut gradients[place.weights.clone()], of_weights, at, 0.0, &mut is_possible);
                for range in [&place.biases, &place.gamma, &place.beta] {
                    let mut squares = [0.0; MOST_LANES];
                    add_squares::<S>(range, gradients, &mut squares);
                    scale(simd, &mut gradients[range.clone()], squares, at, 0.0, &mut is_possible);
                }
            }
            is_possible
        }
        Clip::GlobalNorm { at, added } => {
            let mut is_possible = [true; MOST_LANES];
            let mut squares = [0.0; MOST_LANES];
            for place in &layout.layers {
                add_squares_of_weights::<S>(place, gradients, &mut squares);
                add_squares::<S>(&(place.biases.start..place.beta.end), gradients, &mut squares);
            }
            scale(simd, gradients, squares, at, added, &mut is_possible);
            is_possible
        }
    }
}

#[inline(always)]
fn add_squares_of_weights<S: Simd>(place: &LayerPlace, gradients: &[Vector<S>], squares: &mut [f64; MOST_LANES]) {
    let weights = &gradients[place.weights.clone()];
    let counts = panels(most_columns::<S, Each>(), place.outputs);
    for input in 0..place.inputs {
        // Row-major, so through every panel for each input.
        let mut panel = 0;
        for (count, columns) in counts.into_iter().zip([4, 3, 2, 1]) {
            for _ in 0..count {
                let start = panel + input * columns;
                add_squares::<S>(&(start..start + columns), weights, squares);
                panel += place.inputs * columns;
            }
        }
    }
}

#[inline(always)]
fn add_squares<S: Simd>(range: &Range<usize>, gradients: &[Vector<S>], squares: &mut [f64; MOST_LANES]) {
    for gradient in &gradients[range.clone()] {
        add_square::<S>(*gradient, squares);
    }
}

#[inline(always)]
fn add_square<S: Simd>(gradient: Vector<S>, squares: &mut [f64; MOST_LANES]) {
    for (square, number) in squares.iter_mut().zip(gradient.as_slice()) {
        *square += f64::from(*number) * f64::from(*number);
    }
}

#[inline(always)]
fn scale<S: Simd>(
    simd: S,
    gradients: &mut [Vector<S>],
    squares: [f64; MOST_LANES],
    at: f64,
    added: f64,
    is_possible: &mut [bool; MOST_LANES],
) {
    let mut factors = splat(simd, 1.0);
    for lane in 0..lanes::<S>() {
        let norm = squares[lane].sqrt();
        is_possible[lane] &= norm.is_finite();
        let factor = at / (norm + added);
        if factor < 1.0 {
            factors.as_mut_slice()[lane] = factor as f32;
        }
    }
    for gradient in gradients {
        *gradient *= factors;
    }
}
