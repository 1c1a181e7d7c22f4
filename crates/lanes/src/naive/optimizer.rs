//! Clipping and update rules, a parameter at a time.

use super::fused;
use crate::layout::Layout;
use crate::training::{Adagrad, Adam, Clip, Optimizer, RmsProp, Sgd};

/// Cuts the gradients; whether that could be done.
pub(crate) fn clip(clip: Clip, layout: &Layout, gradients: &mut [f32]) -> bool {
    let squares = |so_far: f64, numbers: &[f32]| {
        numbers.iter().fold(so_far, |sum, number| sum + f64::from(*number) * f64::from(*number))
    };
    let scale = |numbers: &mut [f32], squares: f64, at: f64, added: f64| {
        let factor = at / (squares.sqrt() + added);
        if factor < 1.0 {
            for number in numbers {
                *number *= factor as f32;
            }
        }
        squares.sqrt().is_finite()
    };
    match clip {
        Clip::Value(at) => {
            // Neither comparison holds for a NaN.
            let cut = |number: f32| {
                if number > at {
                    at
                } else if number < -at {
                    -at
                } else {
                    number
                }
            };
            for gradient in gradients {
                *gradient = cut(*gradient);
            }
            true
        }
        Clip::Norm(at) => {
            let mut is_possible = true;
            for place in &layout.layers {
                for range in [&place.weights, &place.biases, &place.gamma, &place.beta] {
                    let tensor = &mut gradients[range.clone()];
                    is_possible &= scale(tensor, squares(0.0, tensor), at, 0.0);
                }
            }
            is_possible
        }
        Clip::GlobalNorm { at, added } => {
            let squares = squares(0.0, gradients);
            scale(gradients, squares, at, added)
        }
    }
}

/// One parameter and what the optimiser remembers of it.
pub(crate) struct Parameter {
    pub(crate) weight: f32,
    pub(crate) slots: [f32; 3],
}

/// Moves a parameter at the step that is its `step`th, counted from 1.
pub(crate) fn update(optimizer: Optimizer, rate: f32, step: u64, parameter: &mut Parameter, gradient: f32) {
    match optimizer {
        Optimizer::Sgd(rule) => sgd(rule, rate, step, parameter, gradient),
        Optimizer::Adam(rule) => adam(rule, rate, step, parameter, gradient),
        Optimizer::RmsProp(rule) => rms_prop(rule, rate, parameter, gradient),
        Optimizer::Adagrad(rule) => adagrad(rule, rate, parameter, gradient),
    }
}

/// What is negligible is remembered as 0.
fn remembered(number: f32) -> f32 {
    if number.abs() < 1e-30 { 0.0 } else { number }
}

fn sgd(rule: Sgd, rate: f32, step: u64, parameter: &mut Parameter, gradient: f32) {
    let Parameter { weight, slots: [buffer, ..] } = parameter;
    let momentum = rule.momentum as f32;
    if rule.momentum <= 0.0 {
        *weight = fused(-rate, gradient, *weight);
    } else if rule.keras {
        *buffer = remembered(fused(momentum, *buffer, -rate * gradient));
        *weight += if rule.nesterov { fused(momentum, *buffer, -rate * gradient) } else { *buffer };
    } else {
        let add = if step <= 1 { 1.0 } else { (1.0 - rule.dampening) as f32 };
        *buffer = remembered(fused(momentum, *buffer, add * gradient));
        let moved = if rule.nesterov { fused(momentum, *buffer, gradient) } else { *buffer };
        *weight = fused(-rate, moved, *weight);
    }
}

/// By repeated squaring, from the lowest bit of the exponent.
fn power(base: f64, exponent: u64) -> f64 {
    let squares = std::iter::successors(Some(base), |square| Some(square * square));
    squares
        .take(64)
        .enumerate()
        .filter(|(bit, _)| exponent >> bit & 1 == 1)
        .fold(1.0, |product, (_, square)| product * square)
}

fn adam(rule: Adam, rate: f32, step: u64, parameter: &mut Parameter, gradient: f32) {
    let Parameter { weight, slots: [mean, square, largest] } = parameter;
    let root = (1.0 - power(rule.beta_2, step)).sqrt();
    let ratio = root / (1.0 - power(rule.beta_1, step));
    let epsilon = if rule.keras { rule.epsilon } else { rule.epsilon * root };
    *mean = remembered(fused(rule.beta_1 as f32, *mean, (1.0 - rule.beta_1) as f32 * gradient));
    *square = remembered(fused(rule.beta_2 as f32, *square, (1.0 - rule.beta_2) as f32 * (gradient * gradient)));
    if *square > *largest {
        *largest = *square;
    }
    let scale = if rule.amsgrad { *largest } else { *square };
    if rule.weight_decay > 0.0 {
        *weight *= (1.0 - f64::from(rate) * rule.weight_decay) as f32;
    }
    *weight = fused(-(f64::from(rate) * ratio) as f32, *mean / (scale.sqrt() + epsilon as f32), *weight);
}

fn adagrad(rule: Adagrad, rate: f32, parameter: &mut Parameter, gradient: f32) {
    let Parameter { weight, slots: [square, ..] } = parameter;
    *square = remembered(fused(gradient, gradient, *square));
    let (sum, epsilon) = (*square + rule.initial as f32, rule.epsilon as f32);
    let scale = if rule.keras { (sum + epsilon).sqrt() } else { sum.sqrt() + epsilon };
    *weight = fused(-rate, gradient / scale, *weight);
}

fn rms_prop(rule: RmsProp, rate: f32, parameter: &mut Parameter, gradient: f32) {
    let (keep, add) = (rule.rho as f32, (1.0 - rule.rho) as f32);
    let epsilon = rule.epsilon as f32;
    let Parameter { weight, slots: [square, second, third] } = parameter;
    let (mean, buffer) = if rule.centered { (second, third) } else { (third, second) };
    *square = remembered(fused(keep, *square, add * (gradient * gradient)));
    let mut scale = *square;
    if rule.centered {
        *mean = remembered(fused(keep, *mean, add * gradient));
        scale = fused(-*mean, *mean, scale);
    }
    let mut step =
        if rule.keras { rate * gradient / (scale + epsilon).sqrt() } else { gradient / (scale.sqrt() + epsilon) };
    if rule.momentum > 0.0 {
        *buffer = remembered(fused(rule.momentum as f32, *buffer, step));
        step = *buffer;
    }
    *weight = if rule.keras { *weight - step } else { fused(-rate, step, *weight) };
}
