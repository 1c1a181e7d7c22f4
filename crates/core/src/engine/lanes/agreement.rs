//! A hundred steps on lanes against a hundred steps on burn: the same start, the same order of rows, the same masks.

use std::num::NonZeroU32;
use std::sync::Arc;

use super::program::Program;
use super::tests::{ADAM, part, training};
use super::{LanesEngine, LanesWeights};
use crate::data::Split;
use crate::engine::{BurnEngine, Engine, EpochReport, EpochRun, Rates, Training};
use crate::initializer::LayerWeights;
use crate::schedule::Progress;
use crate::spec::{
    Activation, AdagradForm, AdamForm, AdamSettings, Augmentation, BatchNormForm, Clip, ClipForm, CosineRestarts,
    Decay, Linear, Loss, Milestones, Normalization, OneCycle, Optimizer, Piecewise, Plateau, RmsPropForm, Schedule,
    SgdForm, TimeUnit, WarmUp,
};

/// Three steps each.
const EPOCHS: NonZeroU32 = NonZeroU32::MIN.saturating_add(33);

/// What a training comes to on an engine.
struct Outcome {
    layers: Vec<LayerWeights>,
    /// Running and validation loss of each epoch.
    losses: Vec<[f32; 2]>,
    rates: Vec<Rates>,
}

fn train<E: Engine>(
    engine: &E,
    training: &Training,
    schedule: &Schedule,
    rate: f64,
    layers: impl Fn(&E::Weights) -> Vec<LayerWeights>,
) -> Outcome {
    let mut progress = Progress::new(schedule, rate, EPOCHS, training.steps_per_epoch());
    let mut state = engine.start(training);
    let (mut losses, mut all_rates) = (Vec::new(), Vec::new());
    for epoch in 0..EPOCHS.get() {
        let rates = progress.rates(epoch);
        let run = EpochRun { training, state: &mut state, epoch, rates: &rates };
        let EpochReport::Trained { train_loss_running, validation, .. } = engine.train_epoch(&mut [run])[0] else {
            panic!("{} diverged in epoch {epoch}", engine.name());
        };
        progress.observe(f64::from(validation.loss));
        losses.push([train_loss_running, validation.loss]);
        all_rates.push(rates);
    }
    Outcome { layers: layers(&engine.weights(&state)), losses, rates: all_rates }
}

/// The largest distance of numbers, as a share of the largest of them.
fn distance(ones: &[f32], others: &[f32]) -> f64 {
    assert_eq!(ones.len(), others.len());
    let largest = ones.iter().fold(0.0, |largest: f32, number| largest.max(number.abs()));
    let distances = ones.iter().zip(others).map(|(one, other)| f64::from((one - other).abs()));
    distances.fold(0.0, f64::max) / f64::from(largest.max(f32::MIN_POSITIVE))
}

/// Weights tensor by tensor, and losses one by one, are within 1e-4.
fn check(what: &str, training: &Training, schedule: &Schedule, rate: f64) {
    let burn = train(&BurnEngine, training, schedule, rate, |weights| weights.to_vec());
    let lanes = train(&LanesEngine::new(), training, schedule, rate, LanesWeights::layers);
    assert!(burn.rates.iter().zip(&lanes.rates).all(|(one, other)| one.same_bits(other)), "{what}: other rates");
    for (layer, (one, other)) in burn.layers.iter().zip(&lanes.layers).enumerate() {
        let normalization = |layer: &LayerWeights| {
            let values = layer.normalization.iter().map(|normal| {
                [&normal.gamma, &normal.beta, &normal.moving_mean, &normal.moving_variance].map(Clone::clone)
            });
            values.flatten().collect::<Vec<_>>()
        };
        let mut tensors =
            vec![(one.weights.clone(), other.weights.clone()), (one.biases.clone(), other.biases.clone())];
        tensors.extend(normalization(one).into_iter().zip(normalization(other)));
        for (tensor, (one, other)) in tensors.iter().enumerate() {
            let distance = distance(one, other);
            assert!(distance < 1e-4, "{what}: tensor {tensor} of layer {layer} is {distance:e} apart");
        }
    }
    for (epoch, (one, other)) in burn.losses.iter().zip(&lanes.losses).enumerate() {
        for (one, other) in one.iter().zip(other) {
            let distance = distance(&[*one], &[*other]);
            assert!(distance < 1e-4, "{what}: losses {one} and {other} of epoch {epoch}");
        }
    }
}

/// Every optimiser in both forms, with a learning rate for each.
fn optimizers() -> Vec<(Optimizer, f64)> {
    let sgd = |momentum, dampening, nesterov, form| Optimizer::Sgd { momentum, dampening, nesterov, form };
    let rms = |momentum, centered, form| Optimizer::RmsProp { rho: 0.9, epsilon: 1e-7, momentum, centered, form };
    let mut optimizers =
        vec![(sgd(0.0, 0.0, false, SgdForm::Torch), 0.1), (sgd(0.8, 0.3, false, SgdForm::Torch), 0.05)];
    for form in [SgdForm::Torch, SgdForm::Keras] {
        optimizers.extend([false, true].map(|nesterov| (sgd(0.8, 0.0, nesterov, form), 0.05)));
    }
    for (form, amsgrad) in [AdamForm::Paper, AdamForm::Keras].into_iter().flat_map(|form| [(form, false), (form, true)])
    {
        let adam = AdamSettings { amsgrad, form, ..ADAM };
        optimizers.extend([(Optimizer::Adam(adam), 0.01), (Optimizer::AdamW { adam, weight_decay: 0.1 }, 0.01)]);
    }
    for form in [RmsPropForm::Torch, RmsPropForm::Keras] {
        for (momentum, centered) in [(0.0, false), (0.5, false), (0.0, true), (0.5, true)] {
            optimizers.push((rms(momentum, centered, form), 0.002));
        }
    }
    optimizers.push((Optimizer::Adagrad { initial_accumulator: 0.0, epsilon: 1e-10, form: AdagradForm::Torch }, 0.02));
    optimizers.push((Optimizer::Adagrad { initial_accumulator: 0.1, epsilon: 1e-7, form: AdagradForm::Keras }, 0.02));
    optimizers
}

#[test]
fn every_optimiser_in_both_forms_takes_both_engines_to_the_same_place() {
    for (optimizer, rate) in optimizers() {
        let training = Training { optimizer, ..training(0, Loss::Mse) };
        check(&format!("{optimizer:?}"), &training, &Schedule::Constant, rate);
    }
}

#[test]
fn an_optimiser_remembers_as_many_numbers_as_it_says() {
    for (optimizer, _) in optimizers() {
        let program = Program::new(&Training { optimizer, ..training(0, Loss::Mse) });
        assert_eq!(program.layout.slots as u64, optimizer.moments(), "{optimizer:?}");
    }
}

#[test]
fn every_schedule_takes_both_engines_to_the_same_place() {
    let over = NonZeroU32::new(20);
    let every = NonZeroU32::MIN.saturating_add(9);
    for by in [TimeUnit::Epoch, TimeUnit::Step] {
        let decay = Decay { over, rate: 0.5, staircase: false, by };
        let warm_up = WarmUp { over: every, target: 0.03 };
        let plateau = Plateau { factor: 0.5, patience: 1, min_delta: 1e-2, cooldown: 1, min_learning_rate: 1e-3 };
        let one_cycle =
            OneCycle { max_learning_rate: Some(0.02), rise: 0.3, start_divisor: 25.0, end_divisor: 1e4, by };
        for schedule in [
            Schedule::Constant,
            Schedule::Step { factor: 0.5, every, by },
            Schedule::MultiStep(Milestones { at: vec![5, 9, 40], factor: 0.3, by }),
            Schedule::Exponential(decay),
            Schedule::InverseTime(Decay { staircase: true, ..decay }),
            Schedule::Polynomial { over, end: 1e-3, power: 2.0, cycle: true, by },
            Schedule::Cosine { over: None, alpha: 0.1, warm_up: Some(warm_up), by },
            Schedule::CosineRestarts(CosineRestarts { over: every, t_mul: 1.5, m_mul: 0.7, alpha: 0.1, by }),
            Schedule::CosineAnnealing { over, min_learning_rate: 1e-3, by },
            Schedule::Piecewise(Piecewise { boundaries: vec![5, 40], values: vec![0.01, 0.003, 0.001], by }),
            Schedule::Linear(Linear { start: 0.1, end: 1.0, over: every, by }),
            Schedule::OneCycle(one_cycle),
            Schedule::ReduceOnPlateau(plateau),
        ] {
            check(&format!("{schedule:?}"), &training(1, Loss::Mse), &schedule, 0.01);
        }
    }
}

#[test]
fn every_activation_takes_both_engines_to_the_same_place() {
    for activation in [
        Activation::Relu,
        Activation::LeakyRelu { slope: 0.1 },
        Activation::Tanh,
        Activation::Sigmoid,
        Activation::Gelu,
        Activation::Silu,
        Activation::Elu,
        Activation::Softplus,
        Activation::GeluTanh,
        Activation::Selu,
        Activation::Identity,
    ] {
        let mut training = training(2, Loss::Mse);
        training.network.model.activation = activation;
        check(&format!("{activation:?}"), &training, &Schedule::Constant, 0.01);
    }
}

#[test]
fn every_loss_takes_both_engines_to_the_same_place() {
    for loss in
        [Loss::Mse, Loss::Mae, Loss::Huber { delta: 0.3 }, Loss::LogCosh, Loss::CrossEntropy, Loss::BinaryCrossEntropy]
    {
        check(&format!("{loss:?}"), &training(3, loss), &Schedule::Constant, 0.01);
    }
}

#[test]
fn smoothed_labels_and_class_weights_take_both_engines_to_the_same_place() {
    for loss in [Loss::CrossEntropy, Loss::BinaryCrossEntropy] {
        let weights: Arc<[f32]> = if loss == Loss::CrossEntropy { [0.5, 2.0, 1.25].into() } else { [0.4, 3.0].into() };
        for (label_smoothing, class_weights) in [(0.2, None), (0.0, Some(Arc::clone(&weights))), (0.1, Some(weights))] {
            let what = format!("{loss:?}, smoothing {label_smoothing}, weights {class_weights:?}");
            let training = Training { label_smoothing, class_weights, ..training(3, loss) };
            check(&what, &training, &Schedule::Constant, 0.01);
        }
    }
}

#[test]
fn augmented_rows_take_both_engines_to_the_same_place() {
    let noise = Augmentation { noise: 0.1, ..Augmentation::NONE };
    let mixup = Augmentation { mixup: 0.4, ..Augmentation::NONE };
    for loss in [Loss::Mse, Loss::Huber { delta: 0.3 }, Loss::CrossEntropy, Loss::BinaryCrossEntropy] {
        let weights: Arc<[f32]> = [0.5, 2.0, 1.25].into();
        for augmentation in [noise, mixup, Augmentation { noise: 0.05, mixup: 1.5, ..mixup }] {
            let plain = Training { augmentation: Some(augmentation), ..training(3, loss) };
            check(&format!("{loss:?}, {augmentation:?}"), &plain, &Schedule::Constant, 0.01);
            if matches!(loss, Loss::CrossEntropy | Loss::BinaryCrossEntropy) {
                let class_weights = Some(Arc::clone(&weights));
                let shaped = Training { label_smoothing: 0.1, class_weights, ..plain };
                check(&format!("{loss:?}, smoothed, weighted, {augmentation:?}"), &shaped, &Schedule::Constant, 0.01);
            }
        }
    }
}

#[test]
fn every_normalization_takes_both_engines_to_the_same_place() {
    let batch = |form, momentum| Normalization::Batch { form, epsilon: 1e-3, momentum };
    for normalization in
        [batch(BatchNormForm::Torch, 0.9), batch(BatchNormForm::Keras, 0.99), Normalization::Layer { epsilon: 1e-3 }]
    {
        for dropout in [0.0, 0.2] {
            let mut training = training(4, Loss::Mse);
            training.network.model.normalization = Some(normalization);
            training.network.model.dropout = dropout;
            check(&format!("{normalization:?}, dropout {dropout}"), &training, &Schedule::Constant, 0.005);
        }
    }
}

#[test]
fn dropped_weights_take_both_engines_to_the_same_place() {
    for (drop_connect, dropout, normalization) in [
        (0.3, 0.0, None),
        (0.1, 0.2, None),
        (0.2, 0.0, Some(Normalization::Batch { form: BatchNormForm::Torch, epsilon: 1e-3, momentum: 0.9 })),
    ] {
        let mut training = training(7, Loss::Mse);
        let model = &mut training.network.model;
        (model.drop_connect, model.dropout, model.normalization) = (drop_connect, dropout, normalization);
        check(&format!("drop_connect {drop_connect}, {normalization:?}"), &training, &Schedule::Constant, 0.005);
    }
}

#[test]
fn penalties_clipping_and_a_dropped_last_batch_take_both_engines_to_the_same_place() {
    let global = |form| Clip::GlobalNorm { at: 0.2, form };
    for (l2, clip, drop_last) in [
        (0.01, None, false),
        (0.0, Some(Clip::Value(0.05)), false),
        (0.0, Some(Clip::Norm(0.1)), true),
        (0.02, Some(global(ClipForm::Torch)), false),
        (0.0, Some(global(ClipForm::Keras)), true),
    ] {
        let optimizer = Optimizer::Sgd { momentum: 0.8, dampening: 0.0, nesterov: false, form: SgdForm::Torch };
        let training = Training { optimizer, drop_last, l2, clip, ..training(5, Loss::Mse) };
        check(&format!("l2 {l2}, {clip:?}"), &training, &Schedule::Constant, 0.05);
    }
}

#[test]
fn wide_and_deep_networks_take_both_engines_to_the_same_place() {
    for hidden in [vec![], vec![1], vec![64, 32], vec![17, 9, 6, 3]] {
        let mut training = training(6, Loss::Mse);
        training.network.model.hidden.clone_from(&hidden);
        training.network.model.activation = Activation::Silu;
        training.batch_size = 19;
        let data = Split { train: part(0, 57, Loss::Mse), ..(*training.data).clone() };
        training.data = Arc::new(data);
        check(&format!("{hidden:?}"), &training, &Schedule::Constant, 0.01);
    }
}
