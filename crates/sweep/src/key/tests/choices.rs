//! Each kind of a setting has keys of its own, and so has each of its own settings.

use super::*;

#[test]
fn all_schedules_and_stopping_rules_have_keys_of_their_own() {
    let by = TimeUnit::Epoch;
    let decay = Decay { over: None, rate: 0.5, staircase: false, by };
    let plateau = Plateau { factor: 0.1, patience: 10, min_delta: 1e-4, cooldown: 0, min_learning_rate: 0.0 };
    let warm_up = Some(WarmUp { over: count(2), target: 0.1 });
    let restarts = CosineRestarts { over: count(3), t_mul: 2.0, m_mul: 1.0, alpha: 0.0, by };
    let line = Linear { start: 0.5, end: 1.0, over: count(5), by };
    let cycle = OneCycle { max_learning_rate: None, rise: 0.3, start_divisor: 25.0, end_divisor: 1e4, by };
    let schedules = [
        Schedule::Constant,
        Schedule::Step { factor: 0.1, every: count(3), by },
        Schedule::Step { factor: 0.2, every: count(3), by },
        Schedule::Step { factor: 0.1, every: count(3), by: TimeUnit::Step },
        Schedule::MultiStep(Milestones { at: vec![3], factor: 0.1, by }),
        Schedule::MultiStep(Milestones { at: vec![3, 3], factor: 0.1, by }),
        Schedule::Exponential(decay),
        Schedule::Exponential(Decay { staircase: true, ..decay }),
        Schedule::Exponential(Decay { over: Some(count(10)), ..decay }),
        Schedule::InverseTime(decay),
        Schedule::Polynomial { over: None, end: 1e-4, power: 1.0, cycle: false, by },
        Schedule::Polynomial { over: None, end: 1e-4, power: 1.0, cycle: true, by },
        Schedule::Polynomial { over: None, end: 1e-4, power: 2.0, cycle: false, by },
        Schedule::Cosine { over: None, alpha: 0.0, warm_up: None, by },
        Schedule::Cosine { over: None, alpha: 0.1, warm_up: None, by },
        Schedule::Cosine { over: None, alpha: 0.0, warm_up, by },
        Schedule::CosineRestarts(restarts),
        Schedule::CosineRestarts(CosineRestarts { over: count(4), ..restarts }),
        Schedule::CosineRestarts(CosineRestarts { t_mul: 1.0, ..restarts }),
        Schedule::CosineRestarts(CosineRestarts { m_mul: 0.5, ..restarts }),
        Schedule::CosineRestarts(CosineRestarts { alpha: 0.1, ..restarts }),
        Schedule::CosineAnnealing { over: None, min_learning_rate: 0.0, by },
        Schedule::CosineAnnealing { over: Some(count(3)), min_learning_rate: 0.0, by },
        Schedule::CosineAnnealing { over: None, min_learning_rate: 0.1, by },
        Schedule::Piecewise(Piecewise { boundaries: vec![3], values: vec![0.1, 0.2], by }),
        Schedule::Piecewise(Piecewise { boundaries: vec![4], values: vec![0.1, 0.2], by }),
        Schedule::Piecewise(Piecewise { boundaries: vec![3], values: vec![0.1, 0.3], by }),
        Schedule::Piecewise(Piecewise { boundaries: vec![3], values: vec![0.1, 0.2], by: TimeUnit::Step }),
        Schedule::Linear(line),
        Schedule::Linear(Linear { start: 0.1, ..line }),
        Schedule::Linear(Linear { end: 0.5, ..line }),
        Schedule::Linear(Linear { over: count(4), ..line }),
        Schedule::OneCycle(cycle),
        Schedule::OneCycle(OneCycle { max_learning_rate: Some(0.01), ..cycle }),
        Schedule::OneCycle(OneCycle { rise: 0.5, ..cycle }),
        Schedule::OneCycle(OneCycle { start_divisor: 10.0, ..cycle }),
        Schedule::OneCycle(OneCycle { end_divisor: 10.0, ..cycle }),
        Schedule::OneCycle(OneCycle { by: TimeUnit::Step, ..cycle }),
        Schedule::ReduceOnPlateau(plateau),
        Schedule::ReduceOnPlateau(Plateau { patience: 3, ..plateau }),
        Schedule::ReduceOnPlateau(Plateau { cooldown: 1, ..plateau }),
        Schedule::ReduceOnPlateau(Plateau { min_delta: 0.0, ..plateau }),
        Schedule::ReduceOnPlateau(Plateau { min_learning_rate: 1e-3, ..plateau }),
    ];
    let rules = [
        STOPPING,
        EarlyStopping { patience: 4, ..STOPPING },
        EarlyStopping { min_delta: 0.1, ..STOPPING },
        EarlyStopping { start_from_epoch: 1, ..STOPPING },
        EarlyStopping { baseline: Some(0.0), ..STOPPING },
        EarlyStopping { restore_best_weights: true, ..STOPPING },
    ];
    let mut all: Vec<Inputs> = Vec::new();
    for schedule in schedules {
        all.push(Inputs { train: TrainSpec { schedule, ..inputs().train }, ..inputs() });
    }
    for rule in rules {
        all.push(Inputs { train: TrainSpec { early_stopping: Some(rule), ..inputs().train }, ..inputs() });
    }
    let mut keys: Vec<TrialKey> = all.iter().map(|inputs| inputs.keys().0).collect();
    let strands: std::collections::HashSet<StrandKey> = all.iter().map(|inputs| inputs.keys().1).collect();
    let count = keys.len();
    keys.sort_unstable();
    keys.dedup();
    assert_eq!(keys.len(), count);
    assert_eq!(strands.len(), 1);
}

#[test]
fn optimizers_differ_by_each_setting() {
    let sgd = |momentum, dampening, nesterov, form| Optimizer::Sgd { momentum, dampening, nesterov, form };
    let rmsprop = |rho, epsilon, momentum, centered| Optimizer::RmsProp {
        rho,
        epsilon,
        momentum,
        centered,
        form: swath_core::spec::RmsPropForm::Torch,
    };
    let adagrad = |initial_accumulator, epsilon, form| Optimizer::Adagrad { initial_accumulator, epsilon, form };
    let optimizers = [
        sgd(0.0, 0.0, false, SgdForm::Torch),
        sgd(0.9, 0.0, false, SgdForm::Torch),
        sgd(0.9, 0.1, false, SgdForm::Torch),
        sgd(0.9, 0.0, true, SgdForm::Torch),
        sgd(0.9, 0.0, false, SgdForm::Keras),
        rmsprop(0.99, 1e-8, 0.0, false),
        rmsprop(0.9, 1e-8, 0.0, false),
        rmsprop(0.99, 1e-7, 0.0, false),
        rmsprop(0.99, 1e-8, 0.9, false),
        rmsprop(0.99, 1e-8, 0.0, true),
        adagrad(0.0, 1e-10, AdagradForm::Torch),
        adagrad(0.1, 1e-10, AdagradForm::Torch),
        adagrad(0.0, 1e-7, AdagradForm::Torch),
        adagrad(0.0, 1e-10, AdagradForm::Keras),
        Optimizer::Adam(AdamSettings { beta_1: 0.8, ..ADAM }),
        Optimizer::Adam(AdamSettings { beta_2: 0.99, ..ADAM }),
        Optimizer::Adam(AdamSettings { epsilon: 1e-7, ..ADAM }),
        Optimizer::AdamW { adam: ADAM, weight_decay: 0.01 },
        Optimizer::AdamW { adam: ADAM, weight_decay: 0.02 },
    ];
    let keys: std::collections::HashSet<TrialKey> = optimizers
        .iter()
        .map(|optimizer| Inputs { train: TrainSpec { optimizer: *optimizer, ..inputs().train }, ..inputs() }.keys().0)
        .collect();
    assert_eq!(keys.len(), optimizers.len());
}

#[test]
fn normalizations_and_clippings_differ_by_each_setting() {
    let batch = |form, epsilon, momentum| Normalization::Batch { form, epsilon, momentum };
    let normalizations = [
        batch(BatchNormForm::Torch, 1e-5, 0.9),
        batch(BatchNormForm::Keras, 1e-5, 0.9),
        batch(BatchNormForm::Torch, 1e-3, 0.9),
        batch(BatchNormForm::Torch, 1e-5, 0.99),
        Normalization::Layer { epsilon: 1e-5 },
        Normalization::Layer { epsilon: 1e-3 },
    ];
    let clippings = [
        Clip::Value(1.0),
        Clip::Value(2.0),
        Clip::Norm(1.0),
        Clip::Norm(2.0),
        Clip::GlobalNorm { at: 1.0, form: ClipForm::Torch },
        Clip::GlobalNorm { at: 2.0, form: ClipForm::Torch },
        Clip::GlobalNorm { at: 1.0, form: ClipForm::Keras },
    ];
    let normalized = normalizations.map(|normalization| {
        let model = ModelSpec { normalization: Some(normalization), ..inputs().model };
        Inputs { model, ..inputs() }.keys()
    });
    let clipped =
        clippings.map(|clip| Inputs { train: TrainSpec { clip: Some(clip), ..inputs().train }, ..inputs() }.keys());
    let keys: std::collections::HashSet<(TrialKey, StrandKey)> = normalized.into_iter().chain(clipped).collect();
    assert_eq!(keys.len(), normalizations.len() + clippings.len());
}
