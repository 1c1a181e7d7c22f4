//! Clipping and update rules against the slow twin.

use fearless_simd::{Simd, SimdBase};
use proptest::prelude::*;

use super::matrices::{check_vectors, in_panels, lists, vectors};
use super::on_each_instruction_set;
use crate::kernel::clip::clip;
use crate::kernel::panel::{most_columns, position};
use crate::lane::{Each, MOST_LANES, lanes};
use crate::layout::Layout;
use crate::naive::optimizer::{self, Parameter};
use crate::optimizer::{Corrections, Step};
use crate::training::{Activation, Adagrad, Adam, Clip, Loss, Normalization, Optimizer, RmsProp, Sgd, Training};

/// Any way of clipping.
pub(super) fn clips() -> impl Strategy<Value = Clip> {
    let at = || prop_oneof![0.001..3.0f64, 3.0..1e4f64];
    prop_oneof![
        at().prop_map(|at| Clip::Value(at as f32)),
        at().prop_map(Clip::Norm),
        (at(), prop_oneof![Just(0.0), Just(1e-6)]).prop_map(|(at, added)| Clip::GlobalNorm { at, added }),
    ]
}

/// Any update rule, in both forms.
pub(super) fn optimizers() -> impl Strategy<Value = Optimizer> {
    let momentum = || prop_oneof![Just(0.0), 0.1..0.99f64];
    let sgd =
        (momentum(), 0.0..0.9f64, any::<bool>(), any::<bool>()).prop_map(|(momentum, dampening, nesterov, keras)| {
            let dampening = if nesterov || keras { 0.0 } else { dampening };
            Optimizer::Sgd(Sgd { momentum, dampening, nesterov, keras })
        });
    let adam = (0.5..0.99f64, 0.8..0.9999f64, any::<[bool; 2]>(), prop_oneof![Just(0.0), 0.001..0.5f64]);
    let adam = adam.prop_map(|(beta_1, beta_2, [amsgrad, keras], weight_decay)| {
        Optimizer::Adam(Adam { beta_1, beta_2, epsilon: 1e-7, amsgrad, keras, weight_decay })
    });
    let rms_prop = (0.5..0.99f64, momentum(), any::<[bool; 2]>()).prop_map(|(rho, momentum, [centered, keras])| {
        Optimizer::RmsProp(RmsProp { rho, epsilon: 1e-7, momentum, centered, keras })
    });
    let adagrad = (prop_oneof![Just(0.0), 0.01..1.0f64], any::<bool>())
        .prop_map(|(initial, keras)| Optimizer::Adagrad(Adagrad { initial, epsilon: 1e-7, keras }));
    prop_oneof![1 => sgd, 2 => adam, 1 => rms_prop, 1 => adagrad]
}

/// Two layers, the first with normalization.
fn two_layers([inputs, hidden, outputs]: [usize; 3], clip: Clip) -> Training {
    Training {
        layers: vec![inputs, hidden, outputs],
        activation: Activation::Relu,
        normalization: Some(Normalization::Layer { epsilon: 1e-5 }),
        dropout: 0.0,
        drop_connect: 0.0,
        loss: Loss::Mse,
        label_smoothing: 0.0,
        optimizer: Optimizer::Sgd(Sgd { momentum: 0.0, dampening: 0.0, nesterov: false, keras: false }),
        l2: 0.0,
        clip: Some(clip),
        batch_size: 1,
        drop_last: false,
    }
}

fn check_clip<S: Simd>(simd: S, sizes: [usize; 3], limit: Clip, seed: u64) {
    let layout = Layout::new(&two_layers(sizes, limit));
    let gradients = lists(seed, 0, layout.parameters);
    // The weights of each layer lie in panels.
    let mut lying = vectors(simd, &gradients);
    for place in &layout.layers {
        let weights: Vec<_> = gradients.iter().map(|list| list[place.weights.clone()].to_vec()).collect();
        lying[place.weights.clone()].copy_from_slice(&in_panels(simd, [place.inputs, place.outputs], &weights));
    }
    let is_possible = simd.vectorize(
        #[inline(always)]
        || clip(simd, limit, &layout, &mut lying),
    );
    let mut straight = lying.clone();
    for place in &layout.layers {
        for index in 0..place.weights.len() {
            let (input, output) = (index / place.outputs, index % place.outputs);
            let within = position(most_columns::<S, Each>(), [place.inputs, place.outputs], input, output);
            straight[place.weights.start + index] = lying[place.weights.start + within];
        }
    }
    let mut wanted = gradients;
    for lane in 0..lanes::<S>() {
        let was_possible = optimizer::clip(limit, &layout, &mut wanted[lane]);
        assert_eq!(is_possible[lane], was_possible, "lane {lane}");
    }
    check_vectors::<S>("clipped", &straight, |lane| wanted[lane].clone());
}

fn check_update<S: Simd>(simd: S, rule: Optimizer, count: usize, first_step: u64, seed: u64) {
    let weights = lists(seed, 0, count);
    let rates: Vec<f32> = (0..MOST_LANES).map(|lane| 0.01 * (lane + 1) as f32).collect();
    let mut parameters: Vec<Vec<Parameter>> = weights
        .iter()
        .map(|list| list.iter().map(|weight| Parameter { weight: *weight, slots: [0.0; 3] }).collect())
        .collect();
    let mut vectors_of_weights = vectors(simd, &weights);
    let zeros = vec![vec![0.0; count]; MOST_LANES];
    let mut slots: [_; 3] = std::array::from_fn(|_| vectors(simd, &zeros));
    let mut corrections = Corrections::default();
    for step in 0..3 {
        // Some so small that what is remembered of them is negligible.
        let scale = if step == 1 { 1e-20 } else { 1.0 };
        let gradients: Vec<Vec<f32>> = lists(seed, 1 + step, count)
            .into_iter()
            .map(|list| list.into_iter().enumerate().map(|(at, x)| if at % 2 == 0 { x } else { x * scale }).collect())
            .collect();
        // Lanes are at different steps.
        let steps: Vec<u64> = (0..MOST_LANES as u64).map(|lane| first_step + lane / 3 + u64::from(step)).collect();
        let of_gradients = vectors(simd, &gradients);
        simd.vectorize(
            #[inline(always)]
            || {
                let [first, second, third] = &mut slots;
                Step::new(simd, rule, &rates, &steps, &mut corrections).update(
                    &mut vectors_of_weights,
                    [first, second, third],
                    &of_gradients,
                );
            },
        );
        for lane in 0..MOST_LANES {
            for (parameter, gradient) in parameters[lane].iter_mut().zip(&gradients[lane]) {
                optimizer::update(rule, rates[lane], steps[lane], parameter, *gradient);
            }
        }
        check_vectors::<S>(&format!("weights by {rule:?}"), &vectors_of_weights, |lane| {
            parameters[lane].iter().map(|parameter| parameter.weight).collect()
        });
        for slot in 0..rule.slots() {
            check_vectors::<S>(&format!("slot {slot} of {rule:?}"), &slots[slot], |lane| {
                parameters[lane].iter().map(|parameter| parameter.slots[slot]).collect()
            });
        }
    }
    assert!(vectors_of_weights.iter().all(|vector| vector.as_slice().len() == lanes::<S>()));
}

proptest! {
    #[test]
    fn clipping_is_that_of_the_twin(sizes in [1..9usize, 1..9, 1..9], limit in clips(), seed: u64) {
        on_each_instruction_set!(check_clip(sizes, limit, seed));
    }

    #[test]
    fn updates_are_those_of_the_twin(
        rule in optimizers(),
        count in 1..30usize,
        first_step in prop_oneof![Just(1u64), 1..2000u64, 65_530..65_540u64],
        seed: u64,
    ) {
        on_each_instruction_set!(check_update(rule, count, first_step, seed));
    }
}
