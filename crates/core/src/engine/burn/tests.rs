//! Bits, forks, batches, divergence.

use std::sync::Arc;

use swath_metrics::Metric;

use super::evaluation::predict;
use super::{BurnEngine, BurnState};
use crate::data::{Part, Split, TargetScale, Targets};
use crate::engine::{self, Engine, EpochReport, EpochRun, Rates, Training};
use crate::initializer::LayerWeights;
use crate::module::Mlp;
use crate::spec::{
    Activation, AdamForm, AdamSettings, BatchNormForm, Clip, Distribution, EvaluateTraining, Initializer, Loss,
    ModelSpec, Network, Normalization, Optimizer, SgdForm, VarianceScaling,
};

fn part(first: usize, rows: usize) -> Part {
    let input = |row: usize, column: usize| ((first + row) * (7 + 5 * column) % 23) as f32 / 11.5 - 1.0;
    let inputs = (0..rows).flat_map(|row| (0..3).map(move |column| input(row, column))).collect();
    let scaled: Vec<f32> = (0..rows).map(|row| input(row, 0) * input(row, 1) - input(row, 2)).collect();
    let own = scaled.iter().map(|&number| f64::from(number)).collect();
    Part { inputs, columns: 3, targets: Targets::Numbers { scaled, own } }
}

const BATCH_NORM: Normalization = Normalization::Batch { form: BatchNormForm::Torch, epsilon: 1e-5, momentum: 0.9 };

fn training(replicate: u32) -> Training {
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
        train: part(0, 22),
        validation: part(22, 9),
        test: part(0, 0),
        target_scale: TargetScale::IDENTITY,
        image: None,
    };
    let adam = AdamSettings { beta_1: 0.9, beta_2: 0.999, epsilon: 1e-8, amsgrad: false, form: AdamForm::Paper };
    Training {
        network: Network { inputs: 3, image: None, outputs: 1, model },
        optimizer: Optimizer::Adam(adam),
        loss: Loss::Mse,
        label_smoothing: 0.0,
        class_weights: None,
        augmentation: None,
        batch_size: 8,
        drop_last: false,
        l2: 0.0,
        clip: None,
        metric: Metric::default_of(swath_metrics::Task::Regression),
        evaluate_training: EvaluateTraining::Every,
        seed: 5,
        replicate,
        data: Arc::new(data),
    }
}

fn epoch(training: &Training, state: &mut BurnState, epoch: u32) -> EpochReport {
    let rates = Rates::PerStep(vec![0.02, 0.01, 0.005]);
    BurnEngine.train_epoch(&mut [EpochRun { training, state, epoch, rates: &rates }])[0]
}

/// Weights and reports of so many epochs.
fn train(training: &Training, epochs: u32) -> (Arc<[LayerWeights]>, Vec<EpochReport>) {
    let mut state = BurnEngine.start(training);
    let reports = (0..epochs).map(|number| epoch(training, &mut state, number)).collect();
    (BurnEngine.weights(&state), reports)
}

#[test]
fn trainings_have_the_same_bits_one_after_another_together_and_on_threads() {
    let trainings: Vec<Training> = (0..3).map(training).collect();
    let alone: Vec<_> = trainings.iter().map(|training| train(training, 4)).collect();
    assert_ne!(alone[0].0, alone[1].0);

    let on_threads: Vec<_> = std::thread::scope(|scope| {
        let threads: Vec<_> = trainings.iter().map(|training| scope.spawn(|| train(training, 4))).collect();
        threads.into_iter().map(|thread| thread.join().expect("no panic")).collect()
    });
    assert_eq!(alone, on_threads);

    let mut states: Vec<_> = trainings.iter().map(|training| BurnEngine.start(training)).collect();
    let rates = Rates::PerStep(vec![0.02, 0.01, 0.005]);
    for epoch in 0..4 {
        let mut runs: Vec<_> = trainings
            .iter()
            .zip(&mut states)
            .map(|(training, state)| EpochRun { training, state, epoch, rates: &rates })
            .collect();
        let reports = BurnEngine.train_epoch(&mut runs);
        for (report, (_, wanted)) in reports.iter().zip(&alone) {
            assert_eq!(*report, wanted[epoch as usize]);
        }
    }
    for (state, (wanted, _)) in states.iter().zip(&alone) {
        assert_eq!(BurnEngine.weights(state), *wanted);
    }
}

#[test]
fn a_clone_that_goes_on_equals_a_straight_training_on_any_thread() {
    for optimizer in [
        training(0).optimizer,
        Optimizer::Sgd { momentum: 0.9, dampening: 0.0, nesterov: true, form: SgdForm::Torch },
        Optimizer::Sgd { momentum: 0.9, dampening: 0.0, nesterov: false, form: SgdForm::Keras },
    ] {
        let mut training = Training { optimizer, l2: 0.01, clip: Some(Clip::Norm(0.5)), ..training(0) };
        training.network.model.normalization = Some(BATCH_NORM);
        let (straight, _) = train(&training, 5);
        let mut state = BurnEngine.start(&training);
        for number in 0..2 {
            epoch(&training, &mut state, number);
        }
        let snapshot = BurnEngine.weights(&state);
        let kept = snapshot.clone();
        let mut clones = vec![state.clone(), state.clone(), state];
        std::thread::scope(|scope| {
            for clone in &mut clones {
                scope.spawn(|| (2..5).map(|number| epoch(&training, clone, number)).collect::<Vec<_>>());
            }
        });
        for clone in &clones {
            assert_eq!(BurnEngine.weights(clone), straight, "{optimizer:?}");
        }
        assert_eq!(snapshot, kept);
        assert_ne!(snapshot, straight);
    }
}

#[test]
fn predictions_do_not_depend_on_the_size_of_the_chunks() {
    let layer_norm = Normalization::Layer { epsilon: 1e-5 };
    for (hidden, normalization) in [
        (vec![], None),
        (vec![5, 3], None),
        (vec![17, 9], None),
        (vec![17, 9], Some(BATCH_NORM)),
        (vec![17, 9], Some(layer_norm)),
    ] {
        let mut training = training(1);
        training.network.model.hidden = hidden;
        training.network.model.normalization = normalization;
        training.network.outputs = 2;
        let weights = crate::initializer::network(&training.network, 1, 1);
        let (module, part) = (Mlp::new(&training.network, &weights), part(0, 100));
        let whole = predict(&module, &part, 1024);
        assert_eq!(whole.len(), 200);
        for chunk_rows in [1, 2, 7, 32, 99, 100] {
            assert_eq!(predict(&module, &part, chunk_rows), whole, "{chunk_rows} rows");
        }
    }
}

/// The weights and the running loss after one epoch of plain gradient descent on a linear model, in f64.
fn by_hand(training: &Training, drop_last: bool) -> (Vec<f64>, f64) {
    use crate::random::{Purpose, Stream};

    let Targets::Numbers { scaled, .. } = &training.data.train.targets else { panic!("numbers") };
    let rows = scaled.len() as u32;
    let mut weights: Vec<f64> = crate::initializer::network(&training.network, training.seed, training.replicate)
        .iter()
        .flat_map(|layer| layer.weights.iter().chain(&layer.biases))
        .map(|&number| f64::from(number))
        .collect();
    let order = Stream::new(training.seed, training.replicate, Purpose::Order, 0).permutation(rows);
    let (mut total, mut used) = (0.0, 0.0);
    for batch in order.chunks(8).filter(|batch| !drop_last || batch.len() == 8) {
        let mut gradient = [0.0; 4];
        for &row in batch {
            let inputs = &training.data.train.inputs[row as usize * 3..][..3];
            let inputs: Vec<f64> = inputs.iter().map(|&number| f64::from(number)).chain([1.0]).collect();
            let predicted: f64 = inputs.iter().zip(&weights).map(|(input, weight)| input * weight).sum();
            let residual = predicted - f64::from(scaled[row as usize]);
            total += residual * residual;
            used += 1.0;
            for (sum, input) in gradient.iter_mut().zip(inputs) {
                *sum += 2.0 * residual * input / batch.len() as f64;
            }
        }
        for (weight, gradient) in weights.iter_mut().zip(gradient) {
            *weight -= 0.1 * gradient;
        }
    }
    (weights, total / used)
}

#[test]
fn a_smaller_last_batch_is_kept_with_the_mean_over_its_own_rows_or_left_out() {
    for drop_last in [false, true] {
        let mut training = training(2);
        training.network.model.hidden.clear();
        training.optimizer = Optimizer::Sgd { momentum: 0.0, dampening: 0.0, nesterov: false, form: SgdForm::Torch };
        training.drop_last = drop_last;
        let mut state = BurnEngine.start(&training);
        let rates = Rates::Constant(0.1);
        let run = EpochRun { training: &training, state: &mut state, epoch: 0, rates: &rates };
        let EpochReport::Trained { train_loss_running, .. } = BurnEngine.train_epoch(&mut [run])[0] else {
            panic!("diverged");
        };
        let (wanted, running) = by_hand(&training, drop_last);
        let weights = BurnEngine.weights(&state);
        let values = weights.iter().flat_map(|layer| layer.weights.iter().chain(&layer.biases));
        for (&value, wanted) in values.zip(wanted) {
            assert!((f64::from(value) - wanted).abs() < 1e-6, "{value} for {wanted}");
        }
        assert!((f64::from(train_loss_running) - running).abs() < 1e-6);
    }
}

#[test]
fn the_training_loss_is_evaluated_where_it_is_asked_for() {
    let every = training(0);
    let last = Training { evaluate_training: EvaluateTraining::Last, ..training(0) };
    let (weights, reports) = train(&every, 2);
    let evaluated = BurnEngine.evaluate(&every, &weights, engine::Part::Train).expect("rows");
    let EpochReport::Trained { train_loss, train_loss_running, validation } = reports[1] else { panic!("diverged") };
    assert_eq!(train_loss, Some(evaluated.loss));
    assert_ne!(train_loss, Some(train_loss_running));
    assert_eq!(BurnEngine.evaluate(&every, &weights, engine::Part::Validation), Some(validation));
    assert_eq!(BurnEngine.evaluate(&every, &weights, engine::Part::Test), None);
    let (other_weights, other_reports) = train(&last, 2);
    assert_eq!(other_weights, weights);
    assert!(matches!(other_reports[1], EpochReport::Trained { train_loss: None, .. }));
}

#[test]
fn a_training_that_blows_up_is_reported_as_diverged() {
    let mut training = training(0);
    training.optimizer = Optimizer::Sgd { momentum: 0.0, dampening: 0.0, nesterov: false, form: SgdForm::Torch };
    training.network.model.activation = Activation::Relu;
    training.network.model.hidden.clear();
    let mut state = BurnEngine.start(&training);
    let rates = Rates::Constant(1e30);
    let run = EpochRun { training: &training, state: &mut state, epoch: 0, rates: &rates };
    assert_eq!(BurnEngine.train_epoch(&mut [run]), [EpochReport::Diverged]);
}

#[test]
fn the_penalty_moves_weights_but_not_biases_and_is_in_no_loss() {
    let mut plain = training(0);
    plain.optimizer = Optimizer::Sgd { momentum: 0.0, dampening: 0.0, nesterov: false, form: SgdForm::Torch };
    plain.network.model.normalization = Some(BATCH_NORM);
    plain.batch_size = 22;
    let penalized = Training { l2: 0.5, ..plain.clone() };
    let [(without, reports), (with, others)] = [&plain, &penalized].map(|training| train(training, 1));
    let (EpochReport::Trained { train_loss_running: one, .. }, EpochReport::Trained { train_loss_running: other, .. }) =
        (reports[0], others[0])
    else {
        panic!("diverged");
    };
    assert_eq!(one.to_bits(), other.to_bits());
    let start = crate::initializer::network(&plain.network, plain.seed, plain.replicate);
    for ((with, without), start) in with.iter().zip(without.iter()).zip(&start) {
        assert_eq!((&with.biases, &with.normalization), (&without.biases, &without.normalization));
        for ((with, without), start) in with.weights.iter().zip(&without.weights).zip(&start.weights) {
            // The first rate is 0.02; the gradient of the penalty is 2 * 0.5 * w.
            assert!((with - (without - 0.02 * start)).abs() < 1e-6, "{with} for {without} less 2 % of {start}");
        }
    }
}

#[test]
fn biases_before_batch_normalisation_stay_where_adam_finds_them() {
    let mut training = training(0);
    training.network.model.normalization = Some(BATCH_NORM);
    let (weights, _) = train(&training, 4);
    assert!(weights[..2].iter().all(|layer| layer.biases.iter().all(|&bias| bias == 0.0)));
    assert!(weights[2].biases.iter().all(|&bias| bias != 0.0));
    let Optimizer::Adam(adam) = training.optimizer else { panic!("adam") };
    training.optimizer = Optimizer::AdamW { adam, weight_decay: 1.0 };
    training.network.model.initializer = Initializer::Torch;
    let start = crate::initializer::network(&training.network, training.seed, training.replicate);
    let (weights, _) = train(&training, 1);
    for (bias, start) in weights[0].biases.iter().zip(&start[0].biases) {
        assert!((bias / start - 0.98 * 0.99 * 0.995).abs() < 1e-6, "{bias} of {start} is only decayed");
    }
}

#[test]
fn an_infinite_validation_loss_and_an_epoch_without_a_batch_are_diverged() {
    let mut infinite = training(0);
    let mut data = (*infinite.data).clone();
    if let Targets::Numbers { scaled, .. } = &mut data.validation.targets {
        scaled[3] = f32::INFINITY;
    }
    infinite.data = Arc::new(data);
    assert_eq!(train(&infinite, 1).1, [EpochReport::Diverged]);
    let empty = Training { batch_size: 100, drop_last: true, ..training(0) };
    assert_eq!(train(&empty, 1).1, [EpochReport::Diverged]);
}

#[test]
fn models_that_contradict_themselves_are_refused_with_a_reason() {
    let good = training(0);
    let supports = |network: &Network, optimizer: Optimizer, loss| BurnEngine.supports(network, &optimizer, loss);
    assert_eq!(supports(&good.network, good.optimizer, Loss::Mse), Ok(()));
    assert_eq!(supports(&Network { outputs: 3, ..good.network.clone() }, good.optimizer, Loss::CrossEntropy), Ok(()));

    let sgd = |momentum, dampening, nesterov, form| Optimizer::Sgd { momentum, dampening, nesterov, form };
    let model = |hidden: Vec<u32>, dropout| ModelSpec { hidden, dropout, ..good.network.model.clone() };
    let network = |model| Network { model, ..good.network.clone() };
    let normalized =
        |normalization| network(ModelSpec { normalization: Some(normalization), ..good.network.model.clone() });
    let batch = |epsilon, momentum| Normalization::Batch { form: BatchNormForm::Keras, epsilon, momentum };
    assert_eq!(supports(&normalized(batch(1e-3, 0.0)), good.optimizer, Loss::Mse), Ok(()));
    for (network, optimizer, loss, word) in [
        (good.network.clone(), good.optimizer, Loss::CrossEntropy, "cross_entropy"),
        (Network { outputs: 2, ..good.network.clone() }, good.optimizer, Loss::BinaryCrossEntropy, "one output"),
        (Network { outputs: 2, ..good.network.clone() }, good.optimizer, Loss::Mse, "one output"),
        (Network { inputs: 0, ..good.network.clone() }, good.optimizer, Loss::Mse, "no inputs"),
        (network(model(vec![3, 0], 0.0)), good.optimizer, Loss::Mse, "layer 2"),
        (network(model(vec![3], 1.0)), good.optimizer, Loss::Mse, "dropout"),
        (normalized(batch(1e-3, 1.0)), good.optimizer, Loss::Mse, "momentum of batch"),
        (normalized(batch(f64::NAN, 0.9)), good.optimizer, Loss::Mse, "epsilon"),
        (normalized(Normalization::Layer { epsilon: 0.0 }), good.optimizer, Loss::Mse, "epsilon"),
        (good.network.clone(), sgd(0.0, 0.0, true, SgdForm::Torch), Loss::Mse, "nesterov"),
        (good.network.clone(), sgd(0.9, 0.1, false, SgdForm::Keras), Loss::Mse, "dampening"),
        (good.network.clone(), sgd(1.0, 0.0, false, SgdForm::Torch), Loss::Mse, "momentum"),
        (good.network.clone(), good.optimizer, Loss::Huber { delta: f64::NAN }, "delta"),
    ] {
        let refused = supports(&network, optimizer, loss).expect_err(word);
        assert!(refused.reason.contains(word), "{refused}");
    }
}
