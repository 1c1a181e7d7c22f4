//! Trainings of convolutions against figures of PyTorch in f64: `tests/golden/convolution.py` makes `convolution.json`.

use std::sync::Arc;

use serde_json::Value;
use swath_metrics::{ClassificationMetric, Metric};

use super::golden::{check, optimizer};
use super::{AutoEngine, BurnEngine, Engine, EpochReport, EpochRun, LanesEngine, Part as Rows, Rates, Training};
use crate::data::{Part, Split, TargetScale, Targets};
use crate::initializer::LayerWeights;
use crate::spec::{
    Activation, BatchNormForm, Convolution, Distribution, EvaluateTraining, ImageLayer, ImageShape, Initializer, Loss,
    ModelSpec, Network, Normalization, Padding, Pool, PoolKind, VarianceScaling,
};

const ROWS: u32 = 72;
const VALIDATION_ROWS: u32 = 24;
const EPOCHS: u32 = 5;
const IMAGE: ImageShape = ImageShape { height: 7, width: 6, channels: 2 };

/// The script's pixels: multiples of 1/256.
fn pixel(row: u32, column: u32) -> f32 {
    let number = (row * row * 31 + row * 7919 + column * 104_729 + column * column * 57) % 1025;
    (number as f32 - 512.0) / 256.0
}

fn part(rows: std::ops::Range<u32>) -> Part {
    let columns = 7 * 6 * 2;
    let class = |row| match pixel(row, 0) + pixel(row, 29) {
        sum if sum < -0.5 => 0,
        sum if sum < 0.5 => 1,
        _ => 2,
    };
    let targets = Targets::Classes(rows.clone().map(class).collect());
    let inputs = rows.flat_map(|row| (0..columns).map(move |column| pixel(row, column))).collect();
    Part { inputs, columns: columns as usize, targets }
}

fn convolution(filters: u32, kernel: u32, stride: u32, padding: Padding) -> ImageLayer {
    ImageLayer::Convolution(Convolution { filters, kernel, stride, padding })
}

fn pool(size: u32, kind: PoolKind) -> ImageLayer {
    ImageLayer::Pool(Pool { size, kind })
}

fn training(case: &str, name: &str) -> Training {
    let batch_norm = Normalization::Batch { form: BatchNormForm::Torch, epsilon: 1e-5, momentum: 0.9 };
    let valid_max = || vec![convolution(4, 3, 1, Padding::Valid), pool(2, PoolKind::Max)];
    let (image_layers, hidden, activation, normalization) = match case {
        "valid_max" => (valid_max(), vec![5], Activation::Relu, None),
        "same_average" => {
            let layers = [convolution(3, 3, 1, Padding::Same), pool(2, PoolKind::Average)];
            (layers.into_iter().chain([convolution(4, 2, 1, Padding::Same)]).collect(), vec![], Activation::Tanh, None)
        }
        "stride" => {
            let layers = vec![convolution(4, 3, 2, Padding::Same), convolution(3, 2, 2, Padding::Valid)];
            (layers, vec![4], Activation::Silu, None)
        }
        "batch_norm" => (valid_max(), vec![5], Activation::Tanh, Some(batch_norm)),
        "layer_norm" => {
            let layers = vec![convolution(4, 4, 1, Padding::Same), pool(3, PoolKind::Max)];
            (layers, vec![5], Activation::Tanh, Some(Normalization::Layer { epsilon: 1e-5 }))
        }
        other => panic!("no case is called {other}"),
    };
    let model = ModelSpec {
        image_layers,
        hidden,
        normalization,
        activation,
        dropout: if case == "stride" { 0.25 } else { 0.0 },
        drop_connect: 0.0,
        initializer: Initializer::VarianceScaling(VarianceScaling::Glorot, Distribution::Uniform),
    };
    let data = Split {
        train: part(0..ROWS),
        validation: part(ROWS..ROWS + VALIDATION_ROWS),
        test: part(0..0),
        target_scale: TargetScale::IDENTITY,
        image: None,
    };
    Training {
        network: Network { inputs: 84, image: Some(IMAGE), outputs: 3, model },
        optimizer: optimizer(name),
        loss: Loss::CrossEntropy,
        label_smoothing: 0.0,
        class_weights: None,
        augmentation: None,
        metric: Metric::Classification(ClassificationMetric::Accuracy),
        batch_size: 16,
        drop_last: false,
        l2: if case == "same_average" { 0.01 } else { 0.0 },
        clip: None,
        evaluate_training: EvaluateTraining::Last,
        seed: 42 + (7 << 32),
        replicate: 3,
        data: Arc::new(data),
    }
}

#[test]
fn twenty_five_steps_of_convolutions_give_the_golden_figures() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/golden/convolution.json");
    let file: Value = serde_json::from_str(&fs_err::read_to_string(path).expect("readable")).expect("JSON");
    let results = file["results"].as_array().expect("results");
    assert_eq!(results.len(), 10);
    for result in results {
        let name = |key: &str| result[key].as_str().expect("a name");
        let what = format!("{} {}", name("case"), name("optimizer"));
        let training = training(name("case"), name("optimizer"));
        let mut state = BurnEngine.start(&training);
        for epoch in 0..EPOCHS {
            let run = EpochRun { training: &training, state: &mut state, epoch, rates: &Rates::Constant(0.01) };
            let EpochReport::Trained { train_loss_running, validation, .. } = BurnEngine.train_epoch(&mut [run])[0]
            else {
                panic!("{what} diverged");
            };
            if epoch + 1 == EPOCHS {
                check(&what, train_loss_running, &result["train_loss_running"]);
                check(&what, validation.loss, &result["validation_loss"]);
                check(&what, validation.metric, &result["validation_metric"]);
            }
        }
        let weights = BurnEngine.weights(&state);
        let train = BurnEngine.evaluate(&training, &weights, Rows::Train).expect("rows");
        check(&what, train.loss, &result["train_loss"]);
        let figures = result["weights"].as_array().expect("weights");
        let values: Vec<f32> = weights.iter().flat_map(LayerWeights::values).collect();
        assert_eq!(values.len(), figures.len(), "{what}");
        for (index, (&value, figure)) in values.iter().zip(figures).enumerate() {
            check(&format!("{what}, weight {index}"), value, figure);
        }
    }
}

#[test]
fn each_model_is_trained_by_the_engine_that_can_and_with_its_bits() {
    let of_images = training("valid_max", "adam");
    let mut of_rows = of_images.clone();
    of_rows.network.model.image_layers.clear();
    let engine = AutoEngine::default();
    let trained = |training: &Training| {
        let mut state = engine.start(training);
        let run = EpochRun { training, state: &mut state, epoch: 0, rates: &Rates::Constant(0.01) };
        let report = engine.train_epoch(&mut [run]);
        (report, engine.evaluate(training, &engine.weights(&state), Rows::Validation))
    };
    let (lanes, burn) = (LanesEngine::new(), BurnEngine);
    let mut state = burn.start(&of_images);
    let run = EpochRun { training: &of_images, state: &mut state, epoch: 0, rates: &Rates::Constant(0.01) };
    let report = burn.train_epoch(&mut [run]);
    let evaluation = burn.evaluate(&of_images, &burn.weights(&state), Rows::Validation);
    assert_eq!(trained(&of_images), (report, evaluation));
    let mut state = lanes.start(&of_rows);
    let run = EpochRun { training: &of_rows, state: &mut state, epoch: 0, rates: &Rates::Constant(0.01) };
    let report = lanes.train_epoch(&mut [run]);
    let evaluation = lanes.evaluate(&of_rows, &lanes.weights(&state), Rows::Validation);
    assert_eq!(trained(&of_rows), (report, evaluation));
    assert_eq!([engine.width(&of_images), engine.width(&of_rows)], [1, lanes.width(&of_rows)]);
}

#[test]
fn convolutions_that_do_not_fit_are_refused_with_the_layer_and_the_image() {
    let good = training("valid_max", "adam");
    let refused = |change: fn(&mut Network), lanes: bool| {
        let mut network = good.network.clone();
        change(&mut network);
        let supports = |engine: &dyn Fn(&Network) -> Result<(), String>| engine(&network).unwrap_err();
        let (loss, optimizer) = (good.loss, good.optimizer);
        if lanes {
            supports(&|network| LanesEngine::new().supports(network, &optimizer, loss).map_err(|error| error.reason))
        } else {
            supports(&|network| AutoEngine::default().supports(network, &optimizer, loss).map_err(|error| error.reason))
        }
    };
    let large = |network: &mut Network| network.model.image_layers.push(convolution(2, 3, 1, Padding::Valid));
    assert_eq!(refused(large, false), "image layer 3 (conv 2) does not fit the 2 x 2 x 4 image that enters it");
    let no_image = |network: &mut Network| network.image = None;
    assert!(refused(no_image, false).contains("need an image; say `image = [height, width]`"));
    let other = |network: &mut Network| network.inputs = 80;
    assert_eq!(refused(other, false), "80 inputs are no image of 7 x 6 x 2");
    assert!(refused(|_| {}, true).contains("the lanes have no convolutions"));
}
