//! The kernels of a step, each over all layers of a network.

use fearless_simd::Simd;

use crate::kernel::activation::{Relu, ReluSlope};
use crate::kernel::dense::{Kept, forward, gradient, transpose};
use crate::kernel::panel::{ROWS, blocks};
use crate::lane::{Each, MOST_LANES, Vector, lanes, splat};
use crate::optimizer::{Corrections, Step};
use crate::training::{Adam, Optimizer};
use crate::{BATCHES, fastest, name};

/// The vectors of one layer.
struct Layer<S: Simd> {
    sizes: [usize; 2],
    inputs: Vec<[Vector<S>; ROWS]>,
    outputs: Vec<[Vector<S>; ROWS]>,
    weights: Vec<Vector<S>>,
    biases: Vec<Vector<S>>,
    gradients: Vec<Vector<S>>,
}

impl<S: Simd> Layer<S> {
    fn new(simd: S, sizes: [usize; 2], batch: usize) -> Self {
        let matrix = |units: usize, number: f32| vec![[splat(simd, number); ROWS]; blocks(batch) * units];
        let numbers = |count: usize| vec![splat(simd, 0.01); count];
        let [depth, units] = sizes;
        Self {
            sizes,
            inputs: matrix(depth, 0.5),
            outputs: matrix(units, 0.25),
            weights: numbers(depth * units),
            biases: numbers(units),
            gradients: numbers((depth + 1) * units),
        }
    }
}

/// A line for each network and batch.
pub(crate) fn print<S: Simd>(simd: S, networks: &[&[usize]], peak: f64) {
    println!("| network | batch | forward | backward | gradient | Adam |");
    println!("|---|---:|---:|---:|---:|---:|");
    for layers in networks {
        for batch in BATCHES {
            let [forward, backward, gradient, adam] = measure(simd, layers, batch);
            let products: usize = layers.windows(2).map(|pair| pair[0] * pair[1]).sum();
            let to_inputs = layers[0] * layers[1];
            let figure = |seconds: f64, products: usize| {
                let share = (products * batch * lanes::<S>()) as f64 / seconds / peak;
                format!("{:.3}, {:2.0} %", seconds * 1e6 / lanes::<S>() as f64, share * 100.0)
            };
            println!(
                "| {} | {batch} | {} | {} | {} | {:.3} |",
                name(layers),
                figure(forward, products),
                figure(backward, products - to_inputs),
                figure(gradient, products),
                adam * 1e6 / lanes::<S>() as f64,
            );
        }
    }
}

/// Seconds of each kernel for a full vector of trials.
fn measure<S: Simd>(simd: S, sizes: &[usize], batch: usize) -> [f64; 4] {
    let mut layers: Vec<Layer<S>> = sizes.windows(2).map(|pair| Layer::new(simd, [pair[0], pair[1]], batch)).collect();
    let of_forward = fastest(|| {
        for Layer { sizes, inputs, outputs, weights, biases, .. } in &mut layers {
            simd.vectorize(
                #[inline(always)]
                || forward::<S, Each, Each>(simd, *sizes, inputs, weights, biases, Relu, outputs),
            );
        }
    });
    let mut out = layers.iter().map(|layer| layer.inputs.clone()).collect::<Vec<_>>();
    let zeros = vec![splat(simd, 0.0); sizes.iter().copied().max().unwrap_or(0)];
    let mut transposed: Vec<_> = layers.iter().map(|layer| layer.weights.clone()).collect();
    let of_backward = fastest(|| {
        let of_layers = layers.iter().zip(&mut out).zip(&mut transposed);
        for ((Layer { sizes: [depth, units], inputs, outputs, weights, .. }, out), transposed) in of_layers.skip(1) {
            simd.vectorize(
                #[inline(always)]
                || transpose(simd, [*depth, *units], weights, transposed),
            );
            let (sizes, zeros, finish) = ([*units, *depth], &zeros[..*depth], ReluSlope(inputs));
            simd.vectorize(
                #[inline(always)]
                || forward::<S, Each, Each>(simd, sizes, outputs, transposed, zeros, finish, out),
            );
        }
    });
    let of_gradient = fastest(|| {
        for Layer { sizes, inputs, outputs, gradients, .. } in &mut layers {
            simd.vectorize(
                #[inline(always)]
                || gradient::<S, Each>(simd, *sizes, inputs, outputs, &mut Kept { gradients, goes_on: false }),
            );
        }
    });
    [of_forward, of_backward, of_gradient, adam(simd, sizes)]
}

fn adam<S: Simd>(simd: S, sizes: &[usize]) -> f64 {
    let parameters = sizes.windows(2).map(|pair| (pair[0] + 1) * pair[1]).sum();
    let numbers = |number: f32| vec![splat(simd, number); parameters];
    let (mut weights, gradients) = (numbers(0.5), numbers(0.01));
    let [mut means, mut squares] = [numbers(0.0), numbers(0.0)];
    let (beta_1, beta_2) = (0.9, 0.999);
    let rule = Adam { beta_1, beta_2, epsilon: 1e-8, amsgrad: false, keras: false, weight_decay: 0.0 };
    let mut corrections = Corrections::default();
    let mut step = 0;
    fastest(|| {
        step += 1;
        simd.vectorize(
            #[inline(always)]
            || {
                let (rates, steps) = ([0.01; MOST_LANES], [step; MOST_LANES]);
                let slots: [&mut [_]; 3] = [&mut means, &mut squares, &mut []];
                let step = Step::new(simd, Optimizer::Adam(rule), &rates, &steps, &mut corrections);
                step.update(&mut weights, slots, &gradients);
            },
        );
    })
}
