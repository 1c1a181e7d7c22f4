//! Dense layers, activations and dropout.

use super::{Matrix, erf, exp, fused, ln_1p_unit, sigmoid, tanh};
use crate::philox::{self, Name};
use crate::training::Activation;

/// `bias[o] + sum over i of inputs[r][i] * weights[i][o]`.
pub(crate) fn forward(inputs: &[Vec<f32>], weights: &[f32], biases: &[f32]) -> Matrix {
    let unit = |row: &[f32], output: usize| {
        let mut sum = biases[output];
        for (input, value) in row.iter().enumerate() {
            sum = fused(*value, weights[input * biases.len() + output], sum);
        }
        sum
    };
    inputs.iter().map(|row| (0..biases.len()).map(|output| unit(row, output)).collect()).collect()
}

/// `sum over o of deltas[r][o] * weights[i][o]`.
pub(crate) fn backward(deltas: &[Vec<f32>], weights: &[f32], inputs: usize) -> Matrix {
    let unit = |row: &[f32], input: usize| {
        let mut sum = 0.0;
        for (output, delta) in row.iter().enumerate() {
            sum = fused(*delta, weights[input * row.len() + output], sum);
        }
        sum
    };
    deltas.iter().map(|row| (0..inputs).map(|input| unit(row, input)).collect()).collect()
}

/// `sum over r of inputs[r][i] * deltas[r][o]`, row-major, and the sums of the deltas.
pub(crate) fn gradient(inputs: &[Vec<f32>], deltas: &[Vec<f32>]) -> [Vec<f32>; 2] {
    let (depth, units) = (inputs[0].len(), deltas[0].len());
    let mut weights = vec![0.0; depth * units];
    let mut biases = vec![0.0; units];
    for (inputs, deltas) in inputs.iter().zip(deltas) {
        for (output, delta) in deltas.iter().enumerate() {
            for (input, value) in inputs.iter().enumerate() {
                let sum = &mut weights[input * units + output];
                *sum = fused(*value, *delta, *sum);
            }
            biases[output] += delta;
        }
    }
    [weights, biases]
}

/// max(x, 0), of which a NaN is a NaN.
fn positive(x: f32) -> f32 {
    if x < 0.0 { 0.0 } else { x }
}

/// Value and slope.
pub(crate) fn activate(activation: Activation, x: f32) -> [f32; 2] {
    let is_upper = x > 0.0;
    match activation {
        Activation::Relu => [positive(x), if is_upper { 1.0 } else { 0.0 }],
        Activation::LeakyRelu { slope } => [if is_upper { x } else { slope * x }, if is_upper { 1.0 } else { slope }],
        Activation::Tanh => [tanh(x), fused(-tanh(x), tanh(x), 1.0)],
        Activation::Sigmoid => [sigmoid(x), sigmoid(x) * (1.0 - sigmoid(x))],
        Activation::Gelu => {
            let probability = 0.5 * (1.0 + erf(x * std::f32::consts::FRAC_1_SQRT_2));
            let density = 0.398_942_3 * exp(-0.5 * (x * x));
            [x * probability, fused(x, density, probability)]
        }
        Activation::Silu => [x * sigmoid(x), fused(x * sigmoid(x), 1.0 - sigmoid(x), sigmoid(x))],
        Activation::Elu if is_upper => [x, 1.0],
        Activation::Elu => [exp(x) - 1.0, exp(x)],
        Activation::Softplus => {
            let power = exp(-x.abs());
            let numerator = if x < 0.0 { power } else { 1.0 };
            [positive(x) + ln_1p_unit(power), numerator / (1.0 + power)]
        }
        Activation::GeluTanh => {
            let inside = if x.is_nan() { x } else { x.clamp(-10.0, 10.0) };
            let square = 0.071_354_814 * (inside * inside);
            let gate = sigmoid(inside * (1.595_769_2 + square));
            [x * gate, fused(x * gate * (1.0 - gate), fused(3.0, square, 1.595_769_2), gate)]
        }
        Activation::Selu if is_upper => [1.050_701 * x, 1.050_701],
        Activation::Selu => [1.758_099_3 * (exp(x) - 1.0), 1.758_099_3 * exp(x)],
        Activation::Identity => [x, 1.0],
    }
}

/// The mask of an element, counted from the first of the epoch.
pub(crate) fn mask(rate: f64, name: Name, element: u64) -> f32 {
    let words = philox::block([(element / 4) as u32, name.words[0], name.words[1], name.words[2]], name.key);
    let number = f64::from(words[(element % 4) as usize] >> 8) / f64::from(1 << 24);
    if number < rate { 0.0 } else { (1.0 / (1.0 - rate)) as f32 }
}
