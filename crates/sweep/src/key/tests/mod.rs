mod choices;

use std::num::NonZeroU32;
use std::path::PathBuf;

use swath_core::spec::{
    Activation, AdagradForm, AdamForm, AdamSettings, Augmentation, BatchNormForm, ClassWeights, Clip, ClipForm,
    CosineRestarts, Decay, Distribution, EarlyStopping, EvaluateTraining, ImageShape, Initializer, Linear, Loss,
    Milestones, Missing, Normalization, OneCycle, Optimizer, Piecewise, Plateau, Scale, Schedule, SgdForm, Task,
    TimeUnit, Transform, Validation, VarianceScaling, WarmUp,
};

use swath_core::spec::{DataSpec, ModelSpec, TrainSpec};
use swath_metrics::{Metric, RegressionMetric};
use swath_results::TrialKey;

use super::{PointKeys, StrandKey};

use crate::facts::DataFacts;
use swath_core::constant::ConstantLoss;

#[derive(Clone)]
struct Inputs {
    arithmetic: &'static str,
    seed: u64,
    data: DataSpec,
    facts: DataFacts,
    model: ModelSpec,
    train: TrainSpec,
    metric: Metric,
    replicate: u32,
}

impl Inputs {
    fn keys(&self) -> (TrialKey, StrandKey) {
        let keys =
            PointKeys::new(self.arithmetic, self.seed, &self.data, &self.facts, &self.model, &self.train, self.metric);
        (keys.trial(self.replicate), keys.strand(self.replicate))
    }
}

fn count(value: u32) -> NonZeroU32 {
    NonZeroU32::new(value).unwrap()
}

const ADAM: AdamSettings =
    AdamSettings { beta_1: 0.9, beta_2: 0.999, epsilon: 1e-8, amsgrad: false, form: AdamForm::Paper };

const STOPPING: EarlyStopping =
    EarlyStopping { patience: 3, min_delta: 0.0, start_from_epoch: 0, baseline: None, restore_best_weights: false };

fn inputs() -> Inputs {
    Inputs {
        arithmetic: "burn-ndarray 0.22.1/1",
        seed: 7,
        data: DataSpec {
            path: PathBuf::from("data/diamonds.csv"),
            target: "price".to_owned(),
            inputs: Some(vec!["carat".to_owned(), "cut".to_owned()]),
            task: Task::Regression,
            missing: Missing::Error,
            rows: Some(count(2000)),
            training_rows: None,
            validation: Validation::Share(0.2),
            test: 0.2,
            resplit: true,
            bootstrap: false,
            scale: Scale::Standard,
            image: None,
            transform: vec![("price".to_owned(), Transform::Log), ("carat".to_owned(), Transform::Sqrt)],
            ordinal: vec![("cut".to_owned(), vec!["Fair".to_owned(), "Good".to_owned()])],
        },
        facts: DataFacts {
            digest: [3; 32],
            inputs: 2,
            classes: 0,
            training_rows: 1200,
            validation_rows: 400,
            test_rows: 400,
            remarks: Vec::new(),
            constants: Vec::new(),
        },
        model: ModelSpec {
            image_layers: Vec::new(),
            hidden: vec![8, 4],
            normalization: None,
            activation: Activation::Relu,
            dropout: 0.0,
            drop_connect: 0.0,
            initializer: Initializer::VarianceScaling(VarianceScaling::Glorot, Distribution::Uniform),
        },
        train: TrainSpec {
            optimizer: Optimizer::Adam(ADAM),
            learning_rate: 0.01,
            loss: Loss::Mse,
            label_smoothing: 0.0,
            augmentation: None,
            class_weights: None,
            epochs: count(10),
            batch_size: count(32),
            drop_last: false,
            schedule: Schedule::Constant,
            l2: 0.0,
            clip: None,
            early_stopping: None,
            evaluate_training: EvaluateTraining::Last,
        },
        metric: Metric::Regression(RegressionMetric::Mae),
        replicate: 2,
    }
}

/// What changing one input does: to the trial's key, and to the strand's.
#[derive(Debug, PartialEq, Eq)]
enum Effect {
    None,
    TrialOnly,
    Both,
}

fn check(name: &str, expected: &Effect, change: impl FnOnce(&mut Inputs)) {
    let mut changed = inputs();
    change(&mut changed);
    let ((trial, strand), (trial_before, strand_before)) = (changed.keys(), inputs().keys());
    let effect = match (trial != trial_before, strand != strand_before) {
        (false, false) => Effect::None,
        (true, false) => Effect::TrialOnly,
        (_, true) => Effect::Both,
    };
    assert_eq!((name, effect), (name, Effect::clone(expected)));
}

impl Clone for Effect {
    fn clone(&self) -> Self {
        match self {
            Self::None => Self::None,
            Self::TrialOnly => Self::TrialOnly,
            Self::Both => Self::Both,
        }
    }
}

#[test]
fn what_trains_and_with_which_streams_is_in_the_key() {
    check("engine", &Effect::Both, |inputs| inputs.arithmetic = "lanes/1");
    check("seed", &Effect::Both, |inputs| inputs.seed = 8);
    check("seed above 32 bits", &Effect::Both, |inputs| inputs.seed += 1 << 32);
    check("replicate", &Effect::Both, |inputs| inputs.replicate = 3);
}

#[test]
fn the_metric_beside_the_loss_is_in_the_key_unless_it_is_the_default() {
    for metric in Metric::ALL {
        let is_default = [RegressionMetric::Mae].map(Metric::Regression).contains(&metric);
        let effect = if is_default { Effect::None } else { Effect::Both };
        check(metric.name(), &effect, |inputs| inputs.metric = metric);
    }
}

#[test]
fn every_setting_of_the_data_is_in_the_key_but_where_they_lie() {
    check("digest", &Effect::Both, |inputs| inputs.facts.digest[31] = 4);
    check("path", &Effect::None, |inputs| inputs.data.path = PathBuf::from("elsewhere.parquet"));
    check("target, told by the digest", &Effect::None, |inputs| inputs.data.target = "x".to_owned());
    check("inputs, told by the digest", &Effect::None, |inputs| inputs.data.inputs = None);
    check("remarks", &Effect::None, |inputs| inputs.facts.remarks.push("dropped".to_owned()));
    check("constants", &Effect::None, |inputs| {
        inputs.facts.constants.push(("mse".to_owned(), ConstantLoss { training: 1.0, validation: 1.0 }));
    });
    check("task", &Effect::Both, |inputs| inputs.data.task = Task::Classification);
    check("missing", &Effect::Both, |inputs| inputs.data.missing = Missing::Drop);
    check("rows", &Effect::Both, |inputs| inputs.data.rows = Some(count(1999)));
    check("all rows", &Effect::Both, |inputs| inputs.data.rows = None);
    check("training rows", &Effect::Both, |inputs| inputs.data.training_rows = Some(count(100)));
    check("validation", &Effect::Both, |inputs| inputs.data.validation = Validation::Share(0.25));
    check("folds", &Effect::Both, |inputs| inputs.data.validation = Validation::Folds(count(5)));
    check("test", &Effect::Both, |inputs| inputs.data.test = 0.1);
    check("resplit", &Effect::Both, |inputs| inputs.data.resplit = false);
    check("bootstrap", &Effect::Both, |inputs| inputs.data.bootstrap = true);
    check("scale", &Effect::Both, |inputs| inputs.data.scale = Scale::MinMax);
    check("image", &Effect::Both, |inputs| {
        inputs.data.image = Some(ImageShape { height: 1, width: 2, channels: 1 });
    });
    check("transform", &Effect::Both, |inputs| inputs.data.transform[0].1 = Transform::Log1p);
    check("order of transforms", &Effect::None, |inputs| inputs.data.transform.reverse());
    check("ordinal", &Effect::Both, |inputs| inputs.data.ordinal[0].1.reverse());
}

#[test]
fn every_setting_of_the_model_is_in_the_key() {
    check("hidden", &Effect::Both, |inputs| inputs.model.hidden = vec![8, 5]);
    check("another layer", &Effect::Both, |inputs| inputs.model.hidden = vec![8, 4, 4]);
    check("normalization", &Effect::Both, |inputs| {
        inputs.model.normalization = Some(Normalization::Layer { epsilon: 1e-5 });
    });
    check("activation", &Effect::Both, |inputs| inputs.model.activation = Activation::LeakyRelu { slope: 0.01 });
    let mut keys: Vec<TrialKey> = [
        Activation::Relu,
        Activation::LeakyRelu { slope: 0.01 },
        Activation::LeakyRelu { slope: 0.1 },
        Activation::Tanh,
        Activation::Sigmoid,
        Activation::Gelu,
        Activation::GeluTanh,
        Activation::Silu,
        Activation::Elu,
        Activation::Selu,
        Activation::Softplus,
        Activation::Identity,
    ]
    .map(|activation| Inputs { model: ModelSpec { activation, ..inputs().model }, ..inputs() }.keys().0)
    .to_vec();
    let count = keys.len();
    keys.sort_unstable();
    keys.dedup();
    assert_eq!(keys.len(), count);
    check("dropout", &Effect::Both, |inputs| inputs.model.dropout = 0.1);
    check("drop connect", &Effect::Both, |inputs| inputs.model.drop_connect = 0.1);
    check("negative zero", &Effect::None, |inputs| inputs.model.dropout = -0.0);
    check("initializer", &Effect::Both, |inputs| inputs.model.initializer = Initializer::Torch);
    check("distribution", &Effect::Both, |inputs| {
        inputs.model.initializer = Initializer::VarianceScaling(VarianceScaling::Glorot, Distribution::Normal);
    });
}

#[test]
fn every_setting_of_the_training_is_in_the_key() {
    check("optimizer", &Effect::Both, |inputs| {
        inputs.train.optimizer = Optimizer::AdamW { adam: ADAM, weight_decay: 0.0 };
    });
    check("form", &Effect::Both, |inputs| {
        inputs.train.optimizer = Optimizer::Adam(AdamSettings { form: AdamForm::Keras, ..ADAM });
    });
    check("amsgrad", &Effect::Both, |inputs| {
        inputs.train.optimizer = Optimizer::Adam(AdamSettings { amsgrad: true, ..ADAM });
    });
    check("loss", &Effect::Both, |inputs| inputs.train.loss = Loss::Huber { delta: 1.0 });
    check("log-cosh", &Effect::Both, |inputs| inputs.train.loss = Loss::LogCosh);
    check("label smoothing", &Effect::Both, |inputs| inputs.train.label_smoothing = 0.1);
    check("balanced classes", &Effect::Both, |inputs| inputs.train.class_weights = Some(ClassWeights::Balanced));
    let listed = |list: &[(&str, f64)]| {
        let weights = list.iter().map(|&(class, weight)| (class.to_owned(), weight)).collect();
        let train = TrainSpec { class_weights: Some(ClassWeights::Listed(weights)), ..inputs().train };
        Inputs { train, ..inputs() }.keys()
    };
    assert_eq!(listed(&[("a", 1.0), ("b", 2.0)]), listed(&[("b", 2.0), ("a", 1.0)]));
    assert_ne!(listed(&[("a", 1.0), ("b", 2.0)]), listed(&[("a", 1.0), ("b", 3.0)]));
    assert_ne!(listed(&[("a", 1.0), ("b", 2.0)]), listed(&[("a", 1.0), ("c", 2.0)]));
    let none = Augmentation::NONE;
    let augmentations = [
        Augmentation { flip: true, ..none },
        Augmentation { rotate: 1.0, ..none },
        Augmentation { scale: 0.5, ..none },
        Augmentation { shift: 1, ..none },
        Augmentation { cutout: 1, ..none },
        Augmentation { noise: 0.5, ..none },
        Augmentation { mixup: 0.5, ..none },
    ];
    let of = |augmentation| Inputs { train: TrainSpec { augmentation, ..inputs().train }, ..inputs() }.keys();
    let keys: std::collections::BTreeSet<_> =
        augmentations.map(Some).into_iter().chain([None]).map(|augmentation| of(augmentation).0).collect();
    assert_eq!(keys.len(), 8);
    check("augmentation", &Effect::Both, |inputs| inputs.train.augmentation = Some(augmentations[0]));
    check("batch size", &Effect::Both, |inputs| inputs.train.batch_size = count(16));
    check("drop last", &Effect::Both, |inputs| inputs.train.drop_last = true);
    check("l2", &Effect::Both, |inputs| inputs.train.l2 = 1e-6);
    check("clip", &Effect::Both, |inputs| inputs.train.clip = Some(Clip::Norm(1.0)));
    check("evaluate training", &Effect::Both, |inputs| {
        inputs.train.evaluate_training = EvaluateTraining::Every;
    });
}

#[test]
fn what_only_forks_a_strand_is_in_the_key_of_the_trial_alone() {
    let schedule = |schedule: Schedule| move |inputs: &mut Inputs| inputs.train.schedule = schedule;
    let by = TimeUnit::Epoch;
    let decay = Decay { over: None, rate: 0.5, staircase: false, by };
    check("learning rate", &Effect::TrialOnly, |inputs| inputs.train.learning_rate = 0.02);
    check("epochs", &Effect::TrialOnly, |inputs| inputs.train.epochs = count(30));
    check("step", &Effect::TrialOnly, schedule(Schedule::Step { factor: 0.1, every: count(3), by }));
    check("exponential", &Effect::TrialOnly, schedule(Schedule::Exponential(decay)));
    check("early stopping", &Effect::TrialOnly, |inputs| inputs.train.early_stopping = Some(STOPPING));
}

/// A key is written into every journal: where this test fails, outcomes of earlier versions are no longer found.
#[test]
fn keys_are_the_same_in_every_version() {
    let (trial, strand) = inputs().keys();
    insta::assert_snapshot!(format!("{trial} {:032x}", strand.0), @"1202c4822d500f7380668d8eebf72da7 90f73ebd1a6b2dfb9d269ef1059622e6");
}
