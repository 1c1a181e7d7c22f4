//! Whole trainings against figures of PyTorch and NumPy in f64: `tests/golden/train.py` makes `train.json`.

use std::sync::Arc;

use serde_json::Value;
use swath_metrics::Metric;

use crate::data::{Part, Split, TargetScale, Targets};
use crate::engine::{self, BurnEngine, Engine, EpochReport, EpochRun, LanesEngine, LanesWeights, Rates, Training};
use crate::initializer::LayerWeights;
use crate::spec::{
    Activation, AdagradForm, AdamForm, AdamSettings, BatchNormForm, Clip, ClipForm, Distribution, EvaluateTraining,
    Initializer, Loss, ModelSpec, Network, Normalization, Optimizer, RmsPropForm, SgdForm, VarianceScaling,
};

const ROWS: u32 = 72;
const VALIDATION_ROWS: u32 = 24;
const EPOCHS: u32 = 10;

/// The script's inputs: multiples of 1/256.
fn inputs(row: u32) -> [f32; 4] {
    [0, 1, 2, 3].map(|column| {
        let number = (row * row * 31 + row * 7919 + column * 104_729) % 1025;
        (number as f32 - 512.0) / 256.0
    })
}

fn part(rows: std::ops::Range<u32>, loss: Loss) -> Part {
    let classes = |class: fn([f32; 4]) -> u32| Targets::Classes(rows.clone().map(|row| class(inputs(row))).collect());
    let targets = match loss {
        Loss::CrossEntropy => classes(|x| match x[0] + x[1] {
            sum if sum < -0.5 => 0,
            sum if sum < 0.5 => 1,
            _ => 2,
        }),
        Loss::BinaryCrossEntropy => classes(|x| u32::from(x[0] + x[1] > 0.0)),
        _ => {
            let numbers = rows.clone().map(inputs).map(|x| x[0] - x[1] / 2.0 + x[2] * x[3] / 4.0);
            let scaled: Vec<f32> = numbers.collect();
            let own = scaled.iter().map(|&number| f64::from(number)).collect();
            Targets::Numbers { scaled, own }
        }
    };
    Part { inputs: rows.flat_map(inputs).collect(), columns: 4, targets }
}

pub(super) fn optimizer(name: &str) -> Optimizer {
    let adam = AdamSettings { beta_1: 0.9, beta_2: 0.999, epsilon: 1e-8, amsgrad: false, form: AdamForm::Paper };
    let keras = AdamSettings { epsilon: 1e-7, form: AdamForm::Keras, ..adam };
    let sgd = |momentum, dampening, nesterov, form| Optimizer::Sgd { momentum, dampening, nesterov, form };
    let rms = |momentum, centered, form| {
        let (rho, epsilon) = if form == RmsPropForm::Torch { (0.99, 1e-8) } else { (0.9, 1e-7) };
        Optimizer::RmsProp { rho, epsilon, momentum, centered, form }
    };
    match name {
        "sgd" => sgd(0.0, 0.0, false, SgdForm::Torch),
        "momentum" => sgd(0.8, 0.0, false, SgdForm::Torch),
        "momentum_dampening" => sgd(0.8, 0.3, false, SgdForm::Torch),
        "nesterov" => sgd(0.8, 0.0, true, SgdForm::Torch),
        "keras_momentum" => sgd(0.8, 0.0, false, SgdForm::Keras),
        "keras_nesterov" => sgd(0.8, 0.0, true, SgdForm::Keras),
        "adam" => Optimizer::Adam(adam),
        "amsgrad" => Optimizer::Adam(AdamSettings { beta_2: 0.9, amsgrad: true, ..adam }),
        "adamw" => Optimizer::AdamW { adam, weight_decay: 0.1 },
        "keras_adam" => Optimizer::Adam(keras),
        "keras_adamw" => Optimizer::AdamW { adam: keras, weight_decay: 0.1 },
        "rmsprop" => rms(0.0, false, RmsPropForm::Torch),
        "rmsprop_centered" => rms(0.5, true, RmsPropForm::Torch),
        "adagrad" => Optimizer::Adagrad { initial_accumulator: 0.0, epsilon: 1e-10, form: AdagradForm::Torch },
        "keras_adagrad" => Optimizer::Adagrad { initial_accumulator: 0.1, epsilon: 1e-7, form: AdagradForm::Keras },
        "keras_rmsprop" => rms(0.0, false, RmsPropForm::Keras),
        "keras_rmsprop_centered" => rms(0.5, true, RmsPropForm::Keras),
        other => panic!("no optimiser is called {other}"),
    }
}

/// The normalisation, penalty and clipping of a case.
fn additions(case: &str) -> (Option<Normalization>, f64, Option<Clip>) {
    let torch = Normalization::Batch { form: BatchNormForm::Torch, epsilon: 1e-5, momentum: 0.9 };
    let keras = Normalization::Batch { form: BatchNormForm::Keras, epsilon: 1e-3, momentum: 0.99 };
    let global = |form| Some(Clip::GlobalNorm { at: 0.2, form });
    match case {
        "batch_norm" => (Some(torch), 0.0, None),
        "keras_batch_norm" => (Some(keras), 0.0, None),
        "layer_norm" | "layer_norm_dropout" => (Some(Normalization::Layer { epsilon: 1e-5 }), 0.0, None),
        "drop_connect_and_more" => (Some(Normalization::Layer { epsilon: 1e-5 }), 0.01, Some(Clip::Norm(0.1))),
        "l2" => (None, 0.01, None),
        "clip_value" => (None, 0.0, Some(Clip::Value(0.05))),
        "clip_norm" => (None, 0.0, Some(Clip::Norm(0.1))),
        "clip_global_norm" => (None, 0.0, global(ClipForm::Torch)),
        "keras_clip_global_norm" => (None, 0.0, global(ClipForm::Keras)),
        "batch_norm_l2_clip_norm" => (Some(torch), 0.02, Some(Clip::Norm(0.1))),
        _ => (None, 0.0, None),
    }
}

/// Smoothing and class weights of a case.
fn objective(case: &str) -> (f64, Option<&'static [f32]>) {
    match case {
        "smoothed" | "smoothed_binary" => (0.1, None),
        "weighted" => (0.0, Some(&[0.5, 2.0, 1.25])),
        "weighted_binary" => (0.0, Some(&[0.5, 3.0])),
        "smoothed_weighted" => (0.2, Some(&[0.5, 2.0, 1.25])),
        _ => (0.0, None),
    }
}

fn training(case: &str, optimizer: Optimizer) -> Training {
    let (normalization, l2, clip) = additions(case);
    let (label_smoothing, class_weights) = objective(case);
    let drop_connect = if case.starts_with("drop_connect") { 0.2 } else { 0.0 };
    let (hidden, activation, loss, outputs, dropout) = match case {
        "relu_mse" | "l2" | "clip_value" | "clip_norm" | "clip_global_norm" | "keras_clip_global_norm" => {
            (vec![8, 4], Activation::Relu, Loss::Mse, 1, 0.0)
        }
        "batch_norm" | "keras_batch_norm" | "layer_norm" | "batch_norm_l2_clip_norm" => {
            (vec![8, 4], Activation::Tanh, Loss::Mse, 1, 0.0)
        }
        "drop_connect" => (vec![8, 4], Activation::Relu, Loss::Mse, 1, 0.0),
        "drop_connect_and_more" => (vec![6, 5], Activation::Tanh, Loss::Huber { delta: 0.7 }, 1, 0.25),
        "tanh_huber_dropout" | "layer_norm_dropout" => {
            (vec![6, 5], Activation::Tanh, Loss::Huber { delta: 0.7 }, 1, 0.25)
        }
        "smoothed" | "weighted" | "smoothed_weighted" => (vec![8, 4], Activation::Tanh, Loss::CrossEntropy, 3, 0.0),
        "gelu_cross_entropy" => (vec![8], Activation::Gelu, Loss::CrossEntropy, 3, 0.0),
        "gelu_tanh" => (vec![8, 4], Activation::GeluTanh, Loss::Mse, 1, 0.0),
        "selu" => (vec![8, 4], Activation::Selu, Loss::Mse, 1, 0.0),
        "identity" => (vec![8, 4], Activation::Identity, Loss::Mse, 1, 0.0),
        "log_cosh" => (vec![8, 4], Activation::Tanh, Loss::LogCosh, 1, 0.0),
        "silu_binary" | "smoothed_binary" | "weighted_binary" => {
            (vec![8], Activation::Silu, Loss::BinaryCrossEntropy, 1, 0.0)
        }
        other => panic!("no case is called {other}"),
    };
    let initializer = Initializer::VarianceScaling(VarianceScaling::Glorot, Distribution::Uniform);
    let data = Split {
        train: part(0..ROWS, loss),
        validation: part(ROWS..ROWS + VALIDATION_ROWS, loss),
        test: part(0..0, loss),
        target_scale: TargetScale::IDENTITY,
        image: None,
    };
    Training {
        network: Network {
            inputs: 4,
            image: None,
            outputs,
            model: ModelSpec {
                image_layers: Vec::new(),
                hidden,
                normalization,
                activation,
                dropout,
                drop_connect,
                initializer,
            },
        },
        optimizer,
        loss,
        label_smoothing,
        class_weights: class_weights.map(Arc::from),
        augmentation: None,
        batch_size: 16,
        drop_last: false,
        l2,
        clip,
        metric: Metric::default_of(loss.task()),
        evaluate_training: EvaluateTraining::Last,
        seed: 42 + (7 << 32),
        replicate: 3,
        data: Arc::new(data),
    }
}

/// Within 1e-5 of the figure, or of 1 where the figure is smaller.
pub(super) fn check(what: &str, value: f32, figure: &Value) {
    let figure = figure.as_f64().expect("a figure is a number");
    let error = (f64::from(value) - figure).abs() / figure.abs().max(1.0);
    assert!(error < 1e-5, "{what}: {value} for {figure}, {error:e} apart");
}

/// Fifty steps of every case and optimiser give the golden figures.
fn check_engine<E: Engine>(engine: &E, layers: impl Fn(&E::Weights) -> Vec<LayerWeights>) {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/golden/train.json");
    let file: Value = serde_json::from_str(&fs_err::read_to_string(path).expect("readable")).expect("JSON");
    let results = file["results"].as_array().expect("results");
    assert_eq!(results.len(), 75);
    for result in results {
        let name = |key: &str| result[key].as_str().expect("a name");
        let what = format!("{} {}", name("case"), name("optimizer"));
        let training = training(name("case"), optimizer(name("optimizer")));
        let first_rate = result["first_rate"].as_f64().expect("a rate");
        let mut state = engine.start(&training);
        for epoch in 0..EPOCHS {
            let rates = Rates::Constant(if epoch < EPOCHS / 2 { first_rate } else { first_rate / 2.0 } as f32);
            let run = EpochRun { training: &training, state: &mut state, epoch, rates: &rates };
            let reports = engine.train_epoch(&mut [run]);
            let EpochReport::Trained { train_loss_running, validation, .. } = reports[0] else {
                panic!("{what} diverged");
            };
            if epoch + 1 == EPOCHS {
                check(&what, train_loss_running, &result["train_loss_running"]);
                check(&what, validation.loss, &result["validation_loss"]);
                check(&what, validation.metric, &result["validation_metric"]);
            }
        }
        let weights = engine.weights(&state);
        let train = engine.evaluate(&training, &weights, engine::Part::Train).expect("rows");
        check(&what, train.loss, &result["train_loss"]);
        let figures = result["weights"].as_array().expect("weights");
        let values: Vec<f32> = layers(&weights).iter().flat_map(LayerWeights::values).collect();
        assert_eq!(values.len(), figures.len());
        for (index, (&value, figure)) in values.iter().zip(figures).enumerate() {
            check(&format!("{what}, weight {index}"), value, figure);
        }
    }
}

#[test]
fn fifty_steps_on_burn_give_the_golden_figures() {
    check_engine(&BurnEngine, |weights| weights.to_vec());
}

#[test]
fn fifty_steps_on_lanes_give_the_golden_figures() {
    check_engine(&LanesEngine::new(), LanesWeights::layers);
}
