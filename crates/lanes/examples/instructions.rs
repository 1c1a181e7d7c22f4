//! What `benches/instructions.sh` counts the instructions of: a full pack on AVX2 that trains or is evaluated, with no
//! journal, no threads and no clock, so that two counts of the same binary are equal.
//!
//! `instructions train 4-8-4-1 3`: three epochs of 25 steps of 32 rows each, by Adam, with relu. `instructions evaluate
//! 4-8-4-1 3`: three evaluations of each of the eight trials on 200 rows.

use std::process::ExitCode;

use swath_lanes::philox::{self, Name};
use swath_lanes::{
    Activation, Adam, InstructionSet, Lane, Layout, Loss, Metric, Optimizer, Rates, Rows, RowsAbreast, Targets,
    Training, Transform, Workspace,
};

/// Rows of an epoch, and rows of an evaluation.
const ROWS: [usize; 2] = [800, 200];

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [part, network, repetitions] = arguments.as_slice() else { return ExitCode::FAILURE };
    let layers: Result<Vec<usize>, _> = network.split('-').map(str::parse).collect();
    let (Ok(layers), Ok(repetitions)) = (layers, repetitions.parse::<usize>()) else { return ExitCode::FAILURE };
    // Valgrind knows no AVX-512, and a count on another machine should be of the same instructions.
    let Some(set) = InstructionSet::available().into_iter().find(|set| set.name() == "AVX2") else {
        return ExitCode::FAILURE;
    };
    let training = training(layers);
    let layout = Layout::new(&training);
    let mut states = vec![start(&layout); set.lanes()];
    let mut workspace = set.workspace();
    let is_done = match part.as_str() {
        "train" => train(&mut workspace, &training, &layout, &mut states, repetitions),
        "evaluate" => evaluate(&mut workspace, &training, &layout, &states, repetitions),
        _ => false,
    };
    if is_done { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn training(layers: Vec<usize>) -> Training {
    let (beta_1, beta_2) = (0.9, 0.999);
    let adam = Adam { beta_1, beta_2, epsilon: 1e-8, amsgrad: false, keras: false, weight_decay: 0.0 };
    Training {
        layers,
        activation: Activation::Relu,
        normalization: None,
        dropout: 0.0,
        drop_connect: 0.0,
        loss: Loss::Mse,
        label_smoothing: 0.0,
        optimizer: Optimizer::Adam(adam),
        l2: 0.0,
        clip: None,
        batch_size: 32,
        drop_last: true,
    }
}

/// From -1 to 1.
fn number(purpose: u32, index: usize) -> f32 {
    philox::block([index as u32, purpose, 0, 0], [7, 0])[0] as f32 / 2f32.powi(31) - 1.0
}

fn numbers(purpose: u32, count: usize) -> Vec<f32> {
    (0..count).map(|index| number(purpose, index)).collect()
}

fn start(layout: &Layout) -> Vec<f32> {
    let mut state = vec![0.0; layout.numbers()];
    for place in &layout.layers {
        let limit = (6.0 / (place.inputs + place.outputs) as f32).sqrt();
        for index in place.weights.clone() {
            state[index] = number(3, index) * limit;
        }
    }
    state
}

/// Whether every epoch of every trial went well.
fn train(
    workspace: &mut Workspace,
    training: &Training,
    layout: &Layout,
    states: &mut [Vec<f32>],
    epochs: usize,
) -> bool {
    let [rows, _] = ROWS;
    let (inputs, targets) = (numbers(1, rows * training.inputs()), numbers(2, rows));
    let order = |lane: usize| {
        let mut order: Vec<u32> = (0..rows as u32).collect();
        order.sort_by_key(|row| philox::block([*row, 4, lane as u32, 0], [7, 0])[0]);
        order
    };
    let orders: Vec<Vec<u32>> = (0..states.len()).map(order).collect();
    (0..epochs).all(|epoch| {
        let mut pack = Vec::with_capacity(states.len());
        for (numbers, order) in states.iter_mut().zip(&orders) {
            pack.push(Lane {
                numbers,
                steps: (epoch * (rows / training.batch_size)) as u64,
                rows: Rows { inputs: &inputs, targets: Targets::Numbers(&targets) },
                order,
                rates: Rates::Constant(0.01),
                class_weights: &[],
                dropout: Name::default(),
                drop_connect: Name::default(),
            });
        }
        workspace.train_epoch(training, layout, &mut pack).iter().all(Option::is_some)
    })
}

/// Whether every loss is a number.
fn evaluate(
    workspace: &mut Workspace,
    training: &Training,
    layout: &Layout,
    states: &[Vec<f32>],
    repetitions: usize,
) -> bool {
    let [_, rows] = ROWS;
    let (inputs, targets) = (numbers(1, rows * training.inputs()), numbers(2, rows));
    let own: Vec<f64> = targets.iter().map(|target| f64::from(*target)).collect();
    let rows = Rows { inputs: &inputs, targets: Targets::Numbers(&targets) };
    let abreast = RowsAbreast::new(rows, training.inputs(), &own);
    let metric = Metric::AbsoluteError { shift: 0.0, factor: 1.0, transform: Transform::Identity };
    (0..repetitions).all(|_| {
        states.iter().all(|state| {
            workspace.evaluate(training, layout, layout.evaluated(state), &abreast, metric).loss.is_finite()
        })
    })
}
