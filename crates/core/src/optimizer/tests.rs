//! Golden figures through burn: one parameter, five gradients.

use burn::module::{Module, Param};
use burn::optim::{AdamConfig, AdamWConfig, GradientsParams, ModuleOptimizer};
use burn::tensor::{Tensor, TensorData};

use super::module_optimizer;
use crate::module::{device, numbers};
use crate::spec::{AdagradForm, AdamForm, AdamSettings, Optimizer, RmsPropForm, SgdForm};

#[derive(Module, Debug)]
struct One {
    weight: Param<Tensor<1>>,
}

const GRADIENTS: [f32; 5] = [1.0, -0.5, 0.25, 2.0, 0.0];
const RATE: [f64; 5] = [0.1; 5];

/// The weight after each step, from 1, where the loss is gradient * weight.
fn path(mut optimizer: ModuleOptimizer, rates: &[f64], gradients: &[f32]) -> Vec<f64> {
    let mut module = One { weight: Param::from_data(TensorData::new(vec![1.0f32], [1]), &device()) }.train();
    let mut path = Vec::new();
    for (&rate, &gradient) in rates.iter().zip(gradients) {
        let gradients = module.weight.val().mul_scalar(gradient).sum().backward();
        let gradients = GradientsParams::from_grads(gradients, &module);
        module = optimizer.step(rate, module, gradients);
        path.push(f64::from(numbers(module.weight.val())[0]));
    }
    path
}

fn check(optimizer: Optimizer, rates: [f64; 5], wanted: [f64; 5]) {
    let path = path(module_optimizer(&optimizer), &rates, &GRADIENTS);
    for (value, wanted) in path.iter().zip(wanted) {
        assert!((value - wanted).abs() < 2e-6, "{optimizer:?}: {path:?}");
    }
}

fn sgd(momentum: f64, nesterov: bool, form: SgdForm) -> Optimizer {
    Optimizer::Sgd { momentum, dampening: 0.0, nesterov, form }
}

fn settings(form: AdamForm) -> AdamSettings {
    let epsilon = if form == AdamForm::Paper { 1e-8 } else { 1e-7 };
    AdamSettings { beta_1: 0.9, beta_2: 0.999, epsilon, amsgrad: false, form }
}

fn rms_prop(momentum: f64, centered: bool, form: RmsPropForm) -> Optimizer {
    let (rho, epsilon) = if form == RmsPropForm::Torch { (0.99, 1e-8) } else { (0.9, 1e-7) };
    Optimizer::RmsProp { rho, epsilon, momentum, centered, form }
}

/// Figures by Keras 3.15 and PyTorch 2.15.
#[test]
fn sgd_has_the_golden_path() {
    for form in [SgdForm::Torch, SgdForm::Keras] {
        check(sgd(0.0, false, form), RATE, [0.9, 0.95, 0.925, 0.725, 0.725]);
        check(sgd(0.9, false, form), RATE, [0.9, 0.86, 0.799, 0.5441, 0.314_69]);
        check(sgd(0.9, true, form), RATE, [0.81, 0.824, 0.7441, 0.314_69, 0.108_221]);
    }
}

/// Figures by Keras 3.15 and PyTorch 2.15.
#[test]
fn after_a_cut_of_the_rate_only_keras_keeps_moving_at_the_old_one() {
    let cut = [0.1, 0.1, 0.01, 0.01, 0.01];
    check(sgd(0.9, false, SgdForm::Keras), cut, [0.9, 0.86, 0.8215, 0.766_85, 0.717_665]);
    check(sgd(0.9, false, SgdForm::Torch), cut, [0.9, 0.86, 0.8539, 0.828_41, 0.805_469]);
}

#[test]
fn dampening_weakens_every_gradient_but_the_first() {
    let optimizer = Optimizer::Sgd { momentum: 0.9, dampening: 0.5, nesterov: false, form: SgdForm::Torch };
    let (mut weight, mut buffer) = (1.0, None);
    let wanted = GRADIENTS.map(|gradient| {
        let gradient = f64::from(gradient);
        let moved = buffer.map_or(gradient, |buffer: f64| 0.9 * buffer + 0.5 * gradient);
        buffer = Some(moved);
        weight -= 0.1 * moved;
        weight
    });
    check(optimizer, RATE, wanted);
}

/// Figures by PyTorch 2.15, and by Keras 3.15's formula in f64 (Keras forms 1 - beta^t in f32).
#[test]
fn adam_has_the_golden_path() {
    let wanted = [0.9, 0.873_366_4, 0.839_323_5, 0.775_034_2, 0.720_695_2];
    check(Optimizer::Adam(settings(AdamForm::Paper)), RATE, wanted);
    let wanted = [0.900_000_3, 0.873_366_7, 0.839_323_9, 0.775_034_8, 0.720_695_8];
    check(Optimizer::Adam(settings(AdamForm::Keras)), RATE, wanted);
}

/// Figures by PyTorch 2.15 and Keras 3.15.
#[test]
fn the_first_step_for_a_tiny_gradient_tells_the_forms_apart() {
    for (form, wanted) in [(AdamForm::Paper, 0.000_990_10), (AdamForm::Keras, 0.000_240_25)] {
        let path = path(module_optimizer(&Optimizer::Adam(settings(form))), &[0.001], &[1e-6]);
        assert!((1.0 - path[0] - wanted).abs() < 1e-7, "{form:?}: {path:?}");
    }
}

/// Figures by PyTorch 2.15, and by Keras 3.15's formula in f64.
#[test]
fn adamw_has_the_golden_path() {
    let wanted = [0.899, 0.871_467_4, 0.836_553_0, 0.771_427_2, 0.716_316_8];
    check(Optimizer::AdamW { adam: settings(AdamForm::Paper), weight_decay: 0.01 }, RATE, wanted);
    let wanted = [0.899_600_3, 0.872_606_8, 0.838_215_0, 0.773_590_6, 0.718_942_2];
    check(Optimizer::AdamW { adam: settings(AdamForm::Keras), weight_decay: 0.004 }, RATE, wanted);
}

/// Figures by PyTorch 2.15 and Keras 3.15.
#[test]
fn rmsprop_has_the_golden_path() {
    check(rms_prop(0.0, false, RmsPropForm::Torch), RATE, [1e-7, 0.449_013_3, 0.228_909_1, -0.641_71, -0.641_71]);
    let wanted = [0.683_772_4, 0.831_214_3, 0.755_750_7, 0.472_560_9, 0.472_560_9];
    check(rms_prop(0.0, false, RmsPropForm::Keras), RATE, wanted);
    let wanted = [-0.005_037_8, -0.460_123_2, -1.090_266_6, -2.534_218_3, -3.833_774_8];
    check(rms_prop(0.9, true, RmsPropForm::Torch), RATE, wanted);
    let wanted = [0.666_666_9, 0.515_145_4, 0.301_999_8, -0.193_489_2, -0.639_429_3];
    check(rms_prop(0.9, true, RmsPropForm::Keras), RATE, wanted);
}

/// Figures by PyTorch 2.15 and Keras 3.15.
#[test]
fn adagrad_has_the_golden_path() {
    let adagrad = |initial_accumulator, epsilon, form| Optimizer::Adagrad { initial_accumulator, epsilon, form };
    let wanted = [0.9, 0.944_721_3, 0.922_899_5, 0.836_127_3, 0.836_127_3];
    check(adagrad(0.0, 1e-10, AdagradForm::Torch), RATE, wanted);
    let wanted = [0.904_653_7, 0.947_686_9, 0.926_651_7, 0.840_684_9, 0.840_684_9];
    check(adagrad(0.1, 1e-7, AdagradForm::Keras), RATE, wanted);
}

/// The formula in f64: the running maximum of the uncorrected second moment takes its place.
fn amsgrad(form: AdamForm, rate: f64, gradients: &[f32]) -> Vec<f64> {
    let AdamSettings { beta_1, beta_2, epsilon, .. } = settings(form);
    let (mut weight, mut mean, mut square, mut largest) = (1.0, 0.0, 0.0f64, 0.0f64);
    let mut path = Vec::new();
    for (step, &gradient) in (1i32..).zip(gradients) {
        let gradient = f64::from(gradient);
        mean = beta_1 * mean + (1.0 - beta_1) * gradient;
        square = beta_2 * square + (1.0 - beta_2) * gradient * gradient;
        largest = largest.max(square);
        let (correction_1, correction_2) = (1.0 - beta_1.powi(step), 1.0 - beta_2.powi(step));
        weight -= match form {
            AdamForm::Paper => rate * (mean / correction_1) / ((largest / correction_2).sqrt() + epsilon),
            AdamForm::Keras => rate * correction_2.sqrt() / correction_1 * mean / (largest.sqrt() + epsilon),
        };
        path.push(weight);
    }
    path
}

#[test]
fn amsgrad_follows_its_formula() {
    // With a second moment that forgets fast, the maximum and the moment part.
    let gradients: Vec<f32> = (0..40).map(|step| if step < 5 { 1.0 } else { 0.01 * (step % 7) as f32 }).collect();
    for form in [AdamForm::Paper, AdamForm::Keras] {
        let with = Optimizer::Adam(AdamSettings { amsgrad: true, ..settings(form) });
        let trained = path(module_optimizer(&with), &[0.1; 40], &gradients);
        for (value, wanted) in trained.iter().zip(amsgrad(form, 0.1, &gradients)) {
            assert!((value - wanted).abs() < 2e-6, "{form:?}: {value} for {wanted}");
        }
        let without = path(module_optimizer(&Optimizer::Adam(settings(form))), &[0.1; 40], &gradients);
        assert!((trained[39] - without[39]).abs() > 1e-4);
    }
}

#[test]
fn adam_agrees_with_burns_own() {
    let gradients: Vec<f32> = (0..40).map(|step| ((step * 37 % 11) as f32 - 5.0) / 3.0).collect();
    for is_amsgrad in [false, true] {
        let adam = AdamSettings { amsgrad: is_amsgrad, ..settings(AdamForm::Paper) };
        let own = AdamConfig::new().with_beta_1(0.9).with_beta_2(0.999).with_epsilon(1e-8).with_amsgrad(is_amsgrad);
        let decayed = AdamWConfig::new()
            .with_beta_1(0.9)
            .with_beta_2(0.999)
            .with_epsilon(1e-8)
            .with_amsgrad(is_amsgrad)
            .with_weight_decay(0.3);
        for (ours, burns) in
            [(Optimizer::Adam(adam), own.init()), (Optimizer::AdamW { adam, weight_decay: 0.3 }, decayed.init())]
        {
            let ours = path(module_optimizer(&ours), &[0.01; 40], &gradients);
            let burns = path(burns, &[0.01; 40], &gradients);
            assert!(ours.iter().zip(&burns).all(|(ours, burns)| (ours - burns).abs() < 2e-5), "{ours:?} {burns:?}");
        }
    }
}

#[test]
fn a_recorded_memory_goes_on_as_if_never_recorded() {
    let optimizer = Optimizer::Adam(AdamSettings { amsgrad: true, ..settings(AdamForm::Paper) });
    let module = One { weight: Param::from_data(TensorData::new(vec![1.0f32], [1]), &device()) }.train();
    let step = |optimizer: &mut ModuleOptimizer, module: One| {
        let gradients = module.weight.val().square().sum().backward();
        let gradients = GradientsParams::from_grads(gradients, &module);
        optimizer.step(0.1, module, gradients)
    };
    let mut straight = module_optimizer(&optimizer);
    let module = step(&mut straight, module);
    let mut recorded = module_optimizer(&optimizer).load_record(straight.to_record());
    let straight = numbers(step(&mut straight, module.clone()).weight.val());
    assert_eq!(straight, numbers(step(&mut recorded, module.clone()).weight.val()));
    let fresh = numbers(step(&mut module_optimizer(&optimizer), module).weight.val());
    assert_ne!(straight, fresh);
}
