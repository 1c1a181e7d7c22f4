//! Bits, forks, packs, divergence, evaluation.

use std::sync::Arc;

use swath_lanes::InstructionSet;
use swath_metrics::Metric;

use super::{LanesEngine, LanesState};
use crate::data::{Part, Split, TargetScale, Targets};
use crate::engine::{self, Engine, EpochReport, EpochRun, Rates, Training};
use crate::initializer::LayerWeights;
use crate::spec::{
    Activation, AdamForm, AdamSettings, BatchNormForm, Clip, ClipForm, Distribution, EvaluateTraining, Initializer,
    Loss, ModelSpec, Network, Normalization, Optimizer, RmsPropForm, SgdForm, Transform, VarianceScaling,
};
use crate::{loss, metric};

/// Rows from the `first` on of some that are endless, for a loss.
pub(super) fn part(first: usize, rows: usize, loss: Loss) -> Part {
    let input = |row: usize, column: usize| ((first + row) * (7 + 5 * column) % 23) as f32 / 11.5 - 1.0;
    let number = |row: usize| input(row, 0) * input(row, 1) - input(row, 2);
    let targets = match loss {
        Loss::CrossEntropy => Targets::Classes((0..rows).map(|row| ((number(row) + 2.0) as u32).min(2)).collect()),
        Loss::BinaryCrossEntropy => Targets::Classes((0..rows).map(|row| u32::from(number(row) > 0.0)).collect()),
        _ => {
            let scaled: Vec<f32> = (0..rows).map(number).collect();
            let own = scaled.iter().map(|&number| f64::from(number)).collect();
            Targets::Numbers { scaled, own }
        }
    };
    Part {
        inputs: (0..rows).flat_map(|row| (0..3).map(move |column| input(row, column))).collect(),
        columns: 3,
        targets,
    }
}

pub(super) const ADAM: AdamSettings =
    AdamSettings { beta_1: 0.9, beta_2: 0.999, epsilon: 1e-8, amsgrad: false, form: AdamForm::Paper };

/// Three inputs, two hidden layers, Adam.
pub(super) fn training(replicate: u32, loss: Loss) -> Training {
    let initializer = Initializer::VarianceScaling(VarianceScaling::He, Distribution::TruncatedNormal);
    let model = ModelSpec {
        image_layers: Vec::new(),
        hidden: vec![5, 3],
        normalization: None,
        activation: Activation::Tanh,
        dropout: 0.2,
        drop_connect: 0.0,
        initializer,
    };
    let data = Split {
        train: part(0, 22, loss),
        validation: part(22, 9, loss),
        test: part(0, 0, loss),
        target_scale: TargetScale::IDENTITY,
        image: None,
    };
    Training {
        network: Network { inputs: 3, image: None, outputs: if loss == Loss::CrossEntropy { 3 } else { 1 }, model },
        optimizer: Optimizer::Adam(ADAM),
        loss,
        label_smoothing: 0.0,
        class_weights: None,
        augmentation: None,
        batch_size: 8,
        drop_last: false,
        l2: 0.0,
        clip: None,
        metric: Metric::default_of(loss.task()),
        evaluate_training: EvaluateTraining::Every,
        seed: 5,
        replicate,
        data: Arc::new(data),
    }
}

fn rates() -> Rates {
    Rates::PerStep(vec![0.02, 0.01, 0.005])
}

fn epoch(engine: &LanesEngine, training: &Training, state: &mut LanesState, epoch: u32) -> EpochReport {
    engine.train_epoch(&mut [EpochRun { training, state, epoch, rates: &rates() }])[0]
}

fn layers(engine: &LanesEngine, state: &LanesState) -> Vec<LayerWeights> {
    engine.weights(state).layers()
}

/// Weights and reports of so many epochs, alone.
fn train(engine: &LanesEngine, training: &Training, epochs: u32) -> (Vec<LayerWeights>, Vec<EpochReport>) {
    let mut state = engine.start(training);
    let reports = (0..epochs).map(|number| epoch(engine, training, &mut state, number)).collect();
    (layers(engine, &state), reports)
}

/// Weights and reports of several trainings side by side.
fn train_together(
    engine: &LanesEngine,
    trainings: &[Training],
    epochs: u32,
) -> Vec<(Vec<LayerWeights>, Vec<EpochReport>)> {
    let mut states: Vec<_> = trainings.iter().map(|training| engine.start(training)).collect();
    let mut reports = vec![Vec::new(); trainings.len()];
    let rates = rates();
    for epoch in 0..epochs {
        let mut runs: Vec<_> = trainings
            .iter()
            .zip(&mut states)
            .map(|(training, state)| EpochRun { training, state, epoch, rates: &rates })
            .collect();
        for (reports, report) in reports.iter_mut().zip(engine.train_epoch(&mut runs)) {
            reports.push(report);
        }
    }
    states.iter().zip(reports).map(|(state, reports)| (layers(engine, state), reports)).collect()
}

const BATCH_NORM: Normalization = Normalization::Batch { form: BatchNormForm::Torch, epsilon: 1e-5, momentum: 0.9 };

/// Trainings that use between them all that an epoch can consist of.
fn varied(replicate: u32) -> [Training; 5] {
    let plain = training(replicate, Loss::Mse);
    let mut batch = Training { clip: Some(Clip::Norm(0.3)), l2: 0.01, ..training(replicate, Loss::CrossEntropy) };
    batch.network.model.normalization = Some(BATCH_NORM);
    batch.network.model.activation = Activation::Relu;
    batch.optimizer = Optimizer::Sgd { momentum: 0.9, dampening: 0.0, nesterov: true, form: SgdForm::Torch };
    let mut layer = training(replicate, Loss::BinaryCrossEntropy);
    layer.clip = Some(Clip::GlobalNorm { at: 0.5, form: ClipForm::Torch });
    layer.network.model.normalization = Some(Normalization::Layer { epsilon: 1e-5 });
    layer.optimizer =
        Optimizer::RmsProp { rho: 0.9, epsilon: 1e-7, momentum: 0.5, centered: true, form: RmsPropForm::Keras };
    let mut small = Training { drop_last: true, ..training(replicate, Loss::Huber { delta: 0.3 }) };
    small.network.model.hidden = vec![];
    // Alone its units lie side by side, together with others its trials do.
    let mut wide = training(replicate, Loss::Mae);
    wide.network.model.hidden = vec![40, 20];
    [plain, batch, layer, small, wide]
}

#[test]
fn trainings_have_the_same_bits_alone_together_on_threads_and_on_every_instruction_set() {
    let engine = LanesEngine::new();
    for kind in 0..5 {
        let trainings: Vec<Training> = (0..4).map(|replicate| varied(replicate)[kind].clone()).collect();
        let alone: Vec<_> = trainings.iter().map(|training| train(&engine, training, 3)).collect();
        assert_ne!(alone[0].0, alone[1].0);
        assert!(alone.iter().all(|(_, reports)| !reports.contains(&EpochReport::Diverged)));
        let on_threads: Vec<_> = std::thread::scope(|scope| {
            let threads: Vec<_> =
                trainings.iter().map(|training| scope.spawn(|| train(&engine, training, 3))).collect();
            threads.into_iter().map(|thread| thread.join().expect("no panic")).collect()
        });
        assert_eq!(alone, on_threads);
        for set in InstructionSet::available() {
            let engine = LanesEngine::on(vec![set]);
            assert_eq!(engine.width(&trainings[0]), set.lanes());
            assert_eq!(train_together(&engine, &trainings, 3), alone, "{}", set.name());
            assert_eq!(train_together(&engine, &trainings[1..2], 3), alone[1..2], "{}", set.name());
        }
    }
}

#[test]
fn a_pack_of_any_size_goes_to_an_instruction_set_that_holds_it() {
    let engine = LanesEngine::new();
    let trainings: Vec<Training> =
        (0..engine.width(&training(0, Loss::Mse)) as u32).map(|replicate| training(replicate, Loss::Mse)).collect();
    let alone: Vec<_> = trainings.iter().map(|training| train(&engine, training, 1)).collect();
    for size in 1..=trainings.len() {
        assert_eq!(train_together(&engine, &trainings[..size], 1), alone[..size], "{size} together");
    }
    assert_eq!(engine.train_epoch(&mut []), []);
}

#[test]
fn a_clone_that_goes_on_equals_a_straight_training_on_any_thread() {
    let engine = LanesEngine::new();
    for training in varied(1) {
        let (straight, _) = train(&engine, &training, 5);
        let mut state = engine.start(&training);
        for number in 0..2 {
            epoch(&engine, &training, &mut state, number);
        }
        let snapshot = engine.weights(&state);
        let kept = snapshot.layers();
        let mut clones = vec![state.clone(), state.clone(), state];
        std::thread::scope(|scope| {
            for clone in &mut clones {
                scope.spawn(|| (2..5).map(|number| epoch(&engine, &training, clone, number)).collect::<Vec<_>>());
            }
        });
        for clone in &clones {
            assert_eq!(layers(&engine, clone), straight);
        }
        assert_eq!(snapshot.layers(), kept);
        assert_ne!(kept, straight);
    }
}

#[test]
fn a_state_that_diverges_says_so_and_leaves_its_neighbours_alone() {
    let engine = LanesEngine::new();
    let sgd = Optimizer::Sgd { momentum: 0.0, dampening: 0.0, nesterov: false, form: SgdForm::Torch };
    let trainings: Vec<Training> =
        (0..3).map(|replicate| Training { optimizer: sgd, ..training(replicate, Loss::Mse) }).collect();
    let [alone, _, other] = [0, 1, 2].map(|index: usize| train(&engine, &trainings[index], 1));
    let mut states: Vec<_> = trainings.iter().map(|training| engine.start(training)).collect();
    let rates = [rates(), Rates::Constant(1e30), rates()];
    let mut runs: Vec<_> = trainings
        .iter()
        .zip(&mut states)
        .zip(&rates)
        .map(|((training, state), rates)| EpochRun { training, state, epoch: 0, rates })
        .collect();
    assert_eq!(engine.train_epoch(&mut runs), [alone.1[0], EpochReport::Diverged, other.1[0]]);
    assert_eq!(layers(&engine, &states[0]), alone.0);
    assert_eq!(layers(&engine, &states[2]), other.0);
    // What the diverged state left in the workspace does no harm either.
    assert_eq!(train(&engine, &trainings[1], 1).1, train(&LanesEngine::new(), &trainings[1], 1).1);
}

#[test]
fn an_infinite_validation_loss_and_an_epoch_without_a_batch_are_diverged() {
    let engine = LanesEngine::new();
    let mut infinite = training(0, Loss::Mse);
    let mut data = (*infinite.data).clone();
    if let Targets::Numbers { scaled, .. } = &mut data.validation.targets {
        scaled[3] = f32::INFINITY;
    }
    infinite.data = Arc::new(data);
    assert_eq!(train(&engine, &infinite, 1).1, [EpochReport::Diverged]);
    let empty = Training { batch_size: 100, drop_last: true, ..training(0, Loss::Mse) };
    assert_eq!(train(&engine, &empty, 1).1, [EpochReport::Diverged]);
}

#[test]
fn the_training_loss_is_evaluated_where_it_is_asked_for() {
    let engine = LanesEngine::new();
    let every = training(0, Loss::Mse);
    let last = Training { evaluate_training: EvaluateTraining::Last, ..training(0, Loss::Mse) };
    let mut state = engine.start(&every);
    let report = epoch(&engine, &every, &mut state, 0);
    let weights = engine.weights(&state);
    let evaluated = engine.evaluate(&every, &weights, engine::Part::Train).expect("rows");
    let EpochReport::Trained { train_loss, train_loss_running, validation } = report else { panic!("diverged") };
    assert_eq!(train_loss, Some(evaluated.loss));
    assert_ne!(train_loss, Some(train_loss_running));
    assert_eq!(engine.evaluate(&every, &weights, engine::Part::Validation), Some(validation));
    let (other_weights, other_reports) = train(&engine, &last, 1);
    assert_eq!(other_weights, weights.layers());
    assert!(matches!(other_reports[0], EpochReport::Trained { train_loss: None, .. }));
}

/// What a linear network of these weights makes of rows, in f64 rounded once.
fn linear(layer: &LayerWeights, part: &Part) -> Vec<f32> {
    let width = layer.biases.len();
    let unit = |row: &[f32], unit: usize| {
        let products = row
            .iter()
            .enumerate()
            .map(|(input, value)| f64::from(*value) * f64::from(layer.weights[input * width + unit]));
        (products.sum::<f64>() + f64::from(layer.biases[unit])) as f32
    };
    part.inputs.chunks(part.columns).flat_map(|row| (0..width).map(move |index| unit(row, index))).collect()
}

fn check_evaluation(mut training: Training, rows: usize, scale: TargetScale, size: f32) {
    training.network.model.hidden.clear();
    let engine = LanesEngine::new();
    let mut test = part(5, rows, training.loss);
    for input in &mut test.inputs {
        *input *= size;
    }
    if let Targets::Numbers { own, scaled } = &mut test.targets {
        *own = scaled.iter().map(|&number| scale.to_own_units(f64::from(number))).collect();
    }
    let data = Split { test: test.clone(), target_scale: scale, ..(*training.data).clone() };
    training.data = Arc::new(data);
    let weights = engine.weights(&engine.start(&training));
    let what = format!("{:?}, {rows} rows, {scale:?}, inputs times {size}", training.loss);
    let Some(evaluation) = engine.evaluate(&training, &weights, engine::Part::Test) else {
        assert_eq!(rows, 0, "{what}");
        return;
    };
    let outputs = linear(&weights.layers()[0], &test);
    let width = training.network.outputs as usize;
    let own = engine.outputs(&training, &weights, engine::Part::Test);
    assert_eq!(own.len(), rows * width, "{what}");
    let largest = outputs.iter().fold(1.0f32, |largest, output| largest.max(output.abs()));
    for (output, wanted) in own.iter().zip(&outputs) {
        assert!((output - wanted).abs() <= 1e-5 * largest, "{what}: output {output:e} for {wanted:e}");
    }
    for (name, value, wanted) in [
        ("loss", evaluation.loss, loss::of_rows(training.loss, &outputs, width, &test.targets) as f32),
        ("metric", evaluation.metric, metric::of_rows(training.metric, &outputs, width, &test.targets, &scale)),
    ] {
        let is_near = (value - wanted).abs() <= 1e-5 * wanted.abs().max(1e-3) || value.to_bits() == wanted.to_bits();
        assert!(is_near, "{what}: {name} {value:e} for {wanted:e}");
    }
    // Squares of errors double their relative error, and R2 is near 0 where two sums are.
    for metric in Metric::of_task(training.loss.task()) {
        let chosen = Training { metric, ..training.clone() };
        let weights = engine.weights(&engine.start(&chosen));
        let found = engine.evaluate(&chosen, &weights, engine::Part::Test).expect("rows");
        assert_eq!(found.loss.to_bits(), evaluation.loss.to_bits(), "{what}: the loss beside {}", metric.name());
        let wanted = metric::of_rows(metric, &outputs, width, &test.targets, &scale);
        let size = wanted.abs().max(if metric.name() == "r2" { 1.0 } else { 1e-3 });
        let is_near = (found.metric - wanted).abs() <= 1e-4 * size || found.metric.to_bits() == wanted.to_bits();
        assert!(is_near, "{what}: {} {:e} for {wanted:e}", metric.name(), found.metric);
    }
}

#[test]
fn losses_and_metrics_of_any_number_of_rows_are_those_over_plain_numbers() {
    for loss in [Loss::Mse, Loss::Mae, Loss::Huber { delta: 0.3 }, Loss::CrossEntropy, Loss::BinaryCrossEntropy] {
        for rows in [0, 1, 15, 16, 17, 300] {
            check_evaluation(training(0, loss), rows, TargetScale::IDENTITY, 1.0);
        }
    }
}

#[test]
fn metrics_are_in_the_targets_own_units_and_bounded_however_far_off_predictions_are() {
    for transform in [None, Some(Transform::Log), Some(Transform::Log1p), Some(Transform::Sqrt)] {
        let scale = TargetScale { shift: 2.0, factor: 0.5, transform };
        for size in [1.0, 30.0, 1e6, 1e25] {
            check_evaluation(training(0, Loss::Mae), 17, scale, size);
        }
    }
    for loss in [Loss::CrossEntropy, Loss::BinaryCrossEntropy, Loss::Huber { delta: 1.0 }] {
        check_evaluation(training(0, loss), 17, TargetScale::IDENTITY, 1e25);
    }
}

#[test]
fn models_that_contradict_themselves_are_refused_with_a_reason() {
    let engine = LanesEngine::new();
    let good = training(0, Loss::Mse);
    assert_eq!(engine.supports(&good.network, &good.optimizer, good.loss), Ok(()));
    let refused = engine.supports(&good.network, &good.optimizer, Loss::CrossEntropy).expect_err("one output");
    assert_eq!(refused.engine, "lanes");
    assert!(refused.reason.contains("cross_entropy"), "{refused}");
}
