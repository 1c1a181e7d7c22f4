//! Whole steps: Adam and relu, a full pack of trials side by side, and one trial whose units lie side by side.

use swath_lanes::philox::{self, Name};
use swath_lanes::{
    Activation, Adam, InstructionSet, Lane, Layout, Loss, Optimizer, Rates, Rows, Targets, Training, trains_wide,
};

use crate::{BATCHES, fastest, multiply_adds, name};

const ROWS: usize = 1280;

fn training(layers: &[usize], batch_size: usize) -> Training {
    let (beta_1, beta_2) = (0.9, 0.999);
    let adam = Adam { beta_1, beta_2, epsilon: 1e-8, amsgrad: false, keras: false, weight_decay: 0.0 };
    Training {
        layers: layers.to_vec(),
        activation: Activation::Relu,
        normalization: None,
        dropout: 0.0,
        drop_connect: 0.0,
        loss: if layers.ends_with(&[1]) { Loss::Mse } else { Loss::CrossEntropy },
        label_smoothing: 0.0,
        optimizer: Optimizer::Adam(adam),
        l2: 0.0,
        clip: None,
        batch_size,
        drop_last: true,
    }
}

/// From -1 to 1.
fn number(purpose: u32, index: usize) -> f32 {
    philox::block([index as u32, purpose, 0, 0], [7, 0])[0] as f32 / 2f32.powi(31) - 1.0
}

/// A line for each network, batch and instruction set.
pub(crate) fn print(networks: &[&[usize]], peaks: &[(&str, f64)]) {
    println!("Whole steps\n\n| network | batch | instruction set | in a pack | alone |");
    println!("|---|---:|---|---:|---:|");
    for layers in networks {
        for batch in BATCHES {
            for set in InstructionSet::available() {
                let Some((_, peak)) = peaks.iter().find(|(name, _)| *name == set.name()) else { continue };
                let training = training(layers, batch);
                let figure = |seconds: f64| {
                    let share = multiply_adds(layers, batch) / seconds / peak;
                    format!("{:.3}, {:2.0} %", seconds * 1e6, share * 100.0)
                };
                let [in_a_pack, alone] = measure(set, &training);
                let alone = if trains_wide(&training) { figure(alone) } else { String::new() };
                println!("| {} | {batch} | {} | {} | {alone} |", name(layers), set.name(), figure(in_a_pack));
            }
        }
    }
}

/// Seconds of a trial-step in a full pack, and alone.
fn measure(set: InstructionSet, training: &Training) -> [f64; 2] {
    let layout = Layout::new(training);
    let inputs: Vec<f32> = (0..ROWS * training.inputs()).map(|index| number(1, index)).collect();
    let numbers: Vec<f32> = (0..ROWS).map(|index| number(2, index)).collect();
    let classes: Vec<u32> = (0..ROWS as u32).map(|row| row % 10).collect();
    let targets = match training.loss {
        Loss::CrossEntropy => Targets::Classes(&classes),
        _ => Targets::Numbers(&numbers),
    };
    let mut state = vec![0.0; layout.numbers()];
    for place in &layout.layers {
        let limit = (6.0 / (place.inputs + place.outputs) as f32).sqrt();
        for index in place.weights.clone() {
            state[index] = number(3, index) * limit;
        }
    }
    let mut states = vec![state; set.lanes()];
    let orders: Vec<Vec<u32>> = (0..set.lanes() as u32)
        .map(|lane| {
            let mut order: Vec<u32> = (0..ROWS as u32).collect();
            order.sort_by_key(|row| philox::block([*row, 4, lane, 0], [7, 0])[0]);
            order
        })
        .collect();
    let mut workspace = set.workspace();
    let mut lanes: Vec<Lane<'_>> = states
        .iter_mut()
        .zip(&orders)
        .map(|(numbers, order)| Lane {
            numbers,
            steps: 0,
            rows: Rows { inputs: &inputs, targets },
            order,
            rates: Rates::Constant(0.01),
            class_weights: &[],
            dropout: Name::default(),
            drop_connect: Name::default(),
        })
        .collect();
    let steps_of_an_epoch = (ROWS / training.batch_size) as f64;
    let together = fastest(|| drop(workspace.train_epoch(training, &layout, &mut lanes)));
    let alone = fastest(|| {
        if let Some(lane) = lanes.first_mut() {
            workspace.train_wide_epoch(training, &layout, lane);
        }
    });
    [together / steps_of_an_epoch / set.lanes() as f64, alone / steps_of_an_epoch]
}
