//! Random trials of all kinds on a few rows of data, to be trained in earnest.

use std::num::NonZeroU32;
use std::sync::Arc;

use proptest::prelude::*;
use swath_core::data::{Image, Part, Split, TargetScale, Targets};
use swath_core::engine::Training;
use swath_core::spec::{
    Activation, AdagradForm, AdamForm, AdamSettings, Augmentation, BatchNormForm, Clip, ClipForm, CosineRestarts,
    Distribution, EarlyStopping, EvaluateTraining, ImageShape, Initializer, Linear, Loss, ModelSpec, Network,
    Normalization, OneCycle, Optimizer, Piecewise, Plateau, RmsPropForm, Schedule, SgdForm, TimeUnit, TrainSpec,
    VarianceScaling,
};
use swath_metrics::Metric;

use crate::tests::fake_engine::{step, train as settings};

/// What trials may share, and the trials: the number of their training, and what each alone says.
#[derive(Debug, Clone)]
pub(crate) struct Trials {
    pub(crate) trainings: Vec<Arc<Training>>,
    pub(crate) trials: Vec<(usize, TrainSpec)>,
}

/// A few dozen trials at most, of several shapes, each in up to three replicates.
pub(crate) fn any_trials() -> impl Strategy<Value = Trials> {
    let group = (any_training(), prop::collection::vec(any_settings(), 1..4), 1_u32..=3);
    prop::collection::vec(group, 1..5).prop_map(|groups| {
        let mut all = Trials { trainings: Vec::new(), trials: Vec::new() };
        for (training, settings, replicates) in groups {
            for replicate in 0..replicates {
                let data = Arc::new(split(training.loss, replicate));
                let of_group = settings.iter().map(|settings| (all.trainings.len(), settings.clone()));
                all.trials.extend(of_group);
                all.trainings.push(Arc::new(Training { replicate, data, ..training.clone() }));
            }
        }
        all
    })
}

/// The rows of a replicate; every other one has a row less to learn from, as folds have.
fn split(loss: Loss, replicate: u32) -> Split {
    let first = replicate as usize * 3;
    Split {
        train: part(first, 23 - replicate as usize % 2, loss),
        validation: part(first + 23, 9, loss),
        test: part(first + 32, 5, loss),
        target_scale: TargetScale::IDENTITY,
        // Three pixels beside each other.
        image: Some(Image { shape: ImageShape { height: 1, width: 3, channels: 1 }, background: vec![-0.5] }),
    }
}

/// Rows of three inputs.
fn part(first: usize, rows: usize, loss: Loss) -> Part {
    let input = |row: usize, column: usize| ((first + row) * (5 + 4 * column) % 29) as f32 / 14.5 - 1.0;
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
    let inputs = (0..rows).flat_map(|row| (0..3).map(move |column| input(row, column))).collect();
    Part { inputs, columns: 3, targets }
}

fn any_training() -> impl Strategy<Value = Training> {
    let loss = prop_oneof![
        3 => Just(Loss::Mse),
        1 => Just(Loss::Mae),
        1 => Just(Loss::Huber { delta: 0.5 }),
        1 => Just(Loss::LogCosh),
        1 => Just(Loss::CrossEntropy),
        1 => Just(Loss::BinaryCrossEntropy),
    ];
    let clip = prop_oneof![
        2 => Just(None),
        1 => Just(Some(Clip::Value(0.1))),
        1 => Just(Some(Clip::Norm(0.5))),
        1 => Just(Some(Clip::GlobalNorm { at: 0.5, form: ClipForm::Torch })),
    ];
    let evaluate_training = prop_oneof![Just(EvaluateTraining::Last), Just(EvaluateTraining::Every)];
    // 22 and 23 rows: no batch of a single row, which batch normalization could not learn from.
    let batches = (prop::sample::select(vec![4_u32, 8, 30]), prop::bool::ANY);
    let l2 = prop::sample::select(vec![0.0, 0.0, 1e-3]);
    let weights: Arc<[f32]> = [0.5, 2.0, 1.25].into();
    let classes = (prop::sample::select(vec![0.0, 0.1]), prop::sample::select(vec![None, Some(weights)]));
    let noise = Augmentation { noise: 0.1, ..Augmentation::NONE };
    let mixup = Augmentation { mixup: 0.4, ..Augmentation::NONE };
    let pictures = Augmentation { flip: true, rotate: 20.0, shift: 1, mixup: 0.2, ..noise };
    let augmentation = prop::sample::select(vec![None, None, Some(noise), Some(mixup), Some(pictures)]);
    (any_model(), any_optimizer(), (loss, classes, augmentation), batches, l2, clip, evaluate_training).prop_map(
        |(
            model,
            optimizer,
            (loss, (smoothing, class_weights), augmentation),
            (batch_size, drop_last),
            l2,
            clip,
            evaluate_training,
        )| Training {
            network: Network { inputs: 3, image: None, outputs: if loss == Loss::CrossEntropy { 3 } else { 1 }, model },
            optimizer,
            loss,
            label_smoothing: if has_classes(loss) { smoothing } else { 0.0 },
            class_weights: class_weights.filter(|_| has_classes(loss)),
            augmentation,
            batch_size,
            drop_last: drop_last && batch_size < 22,
            l2,
            clip,
            metric: Metric::default_of(loss.task()),
            evaluate_training,
            seed: 11,
            replicate: 0,
            data: Arc::new(split(loss, 0)),
        },
    )
}

fn has_classes(loss: Loss) -> bool {
    matches!(loss, Loss::CrossEntropy | Loss::BinaryCrossEntropy)
}

fn any_model() -> impl Strategy<Value = ModelSpec> {
    // The last but one trains by itself or in a pack, whatever suits, the last always by itself.
    let hidden = prop_oneof![
        1 => Just(vec![]),
        2 => Just(vec![3]),
        3 => Just(vec![5, 4]),
        1 => Just(vec![17]),
        2 => Just(vec![24, 20]),
        1 => Just(vec![100, 100]),
    ];
    let normalization = prop_oneof![
        3 => Just(None),
        1 => Just(Some(Normalization::Layer { epsilon: 1e-5 })),
        1 => Just(Some(Normalization::Batch { form: BatchNormForm::Torch, epsilon: 1e-5, momentum: 0.9 })),
    ];
    let activation = prop::sample::select(vec![
        Activation::Relu,
        Activation::Relu,
        Activation::LeakyRelu { slope: 0.01 },
        Activation::Tanh,
        Activation::Sigmoid,
        Activation::Gelu,
        Activation::Silu,
        Activation::Elu,
        Activation::Softplus,
        Activation::GeluTanh,
        Activation::Selu,
        Activation::Identity,
    ]);
    let initializer = Initializer::VarianceScaling(VarianceScaling::He, Distribution::TruncatedNormal);
    let dropped = || prop::sample::select(vec![0.0, 0.0, 0.3]);
    (hidden, normalization, activation, dropped(), dropped()).prop_map(
        move |(hidden, normalization, activation, dropout, drop_connect)| ModelSpec {
            image_layers: Vec::new(),
            hidden,
            normalization,
            activation,
            dropout,
            drop_connect,
            initializer,
        },
    )
}

fn any_optimizer() -> impl Strategy<Value = Optimizer> {
    let adam = AdamSettings { beta_1: 0.9, beta_2: 0.999, epsilon: 1e-8, amsgrad: false, form: AdamForm::Paper };
    let amsgrad = AdamSettings { amsgrad: true, ..adam };
    prop::sample::select(vec![
        Optimizer::Adam(adam),
        Optimizer::Adam(adam),
        Optimizer::AdamW { adam: amsgrad, weight_decay: 0.01 },
        Optimizer::Sgd { momentum: 0.0, dampening: 0.0, nesterov: false, form: SgdForm::Torch },
        Optimizer::Sgd { momentum: 0.9, dampening: 0.1, nesterov: false, form: SgdForm::Torch },
        Optimizer::RmsProp { rho: 0.9, epsilon: 1e-7, momentum: 0.5, centered: true, form: RmsPropForm::Keras },
        Optimizer::Adagrad { initial_accumulator: 0.1, epsilon: 1e-7, form: AdagradForm::Keras },
    ])
}

/// What a trial alone says; the last learning rate makes most trials diverge.
fn any_settings() -> impl Strategy<Value = TrainSpec> {
    let plateau = Plateau { factor: 0.5, patience: 1, min_delta: 1e-2, cooldown: 0, min_learning_rate: 0.0 };
    let over = NonZeroU32::new(4);
    let two = NonZeroU32::MIN.saturating_add(1);
    let schedule = prop_oneof![
        Just(Schedule::Constant),
        (1_u32..4).prop_map(step),
        Just(Schedule::Cosine { over: None, alpha: 0.1, warm_up: None, by: TimeUnit::Step }),
        Just(Schedule::Polynomial { over, end: 1e-3, power: 1.0, cycle: false, by: TimeUnit::Epoch }),
        Just(Schedule::Piecewise(Piecewise {
            boundaries: vec![1, 3],
            values: vec![0.1, 0.02, 0.01],
            by: TimeUnit::Epoch,
        })),
        Just(Schedule::Linear(Linear { start: 0.5, end: 1.0, over: two, by: TimeUnit::Epoch })),
        Just(Schedule::CosineRestarts(CosineRestarts {
            over: two,
            t_mul: 2.0,
            m_mul: 1.0,
            alpha: 0.0,
            by: TimeUnit::Epoch,
        })),
        Just(Schedule::OneCycle(OneCycle {
            max_learning_rate: None,
            rise: 0.3,
            start_divisor: 25.0,
            end_divisor: 1e4,
            by: TimeUnit::Step,
        })),
        Just(Schedule::ReduceOnPlateau(plateau)),
    ];
    let early_stopping = prop::option::of((0_u32..2, prop::bool::ANY).prop_map(|(patience, restore_best_weights)| {
        EarlyStopping { patience, min_delta: 0.0, start_from_epoch: 0, baseline: None, restore_best_weights }
    }));
    let learning_rate = prop::sample::select(vec![0.01, 0.01, 0.1, 1e30]);
    (1_u32..6, schedule, early_stopping, learning_rate).prop_map(|(epochs, schedule, early_stopping, learning_rate)| {
        TrainSpec { learning_rate, early_stopping, ..settings(epochs, schedule) }
    })
}
