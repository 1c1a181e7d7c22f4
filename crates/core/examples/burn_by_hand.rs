//! Trains trials on burn as one would write it by hand: burn's own layers, loss and Adam, one trial per rayon worker.
//!
//! Trials come from standard input, one JSON object a line, and the rows from the folder that is the only argument;
//! `benches/peers/burn_by_hand.py` writes both, and reads the line of JSON that is printed.

use std::error::Error;
use std::path::Path;
use std::time::Instant;

use burn::module::Module;
use burn::nn::loss::{MseLoss, Reduction};
use burn::nn::{Initializer, Linear};
use burn::optim::{AdamConfig, GradientsParams};
use burn::tensor::{Tensor, TensorData, activation};
use rayon::prelude::*;
use serde::Deserialize;
use swath_core::module::device;
use swath_core::random::{Purpose, Stream};

const THREADS: usize = 2;
const REPLICATES: u32 = 8;
const INPUTS: usize = 4;
const LEARNING_RATE: f64 = 0.01;

#[derive(Deserialize)]
struct Trial {
    layers: Vec<usize>,
    batch_size: usize,
    epochs: u32,
    schedule: String,
    replicate: u32,
}

struct Rows {
    inputs: Vec<f32>,
    targets: Vec<f32>,
}

impl Rows {
    fn read(path: &Path) -> Result<Self, Box<dyn Error>> {
        let mut rows = Self { inputs: Vec::new(), targets: Vec::new() };
        let bytes = fs_err::read(path)?;
        let numbers: Vec<f32> = bytes.as_chunks().0.iter().map(|&bytes| f32::from_le_bytes(bytes)).collect();
        for row in numbers.chunks(INPUTS + 1) {
            rows.inputs.extend(&row[..INPUTS]);
            rows.targets.extend(&row[INPUTS..]);
        }
        Ok(rows)
    }

    /// Inputs `[rows, 4]` and targets `[rows, 1]` of these rows.
    fn batch(&self, rows: &[u32]) -> (Tensor<2>, Tensor<2>) {
        let inputs = rows.iter().flat_map(|&row| &self.inputs[row as usize * INPUTS..][..INPUTS]).copied().collect();
        let targets = rows.iter().map(|&row| self.targets[row as usize]).collect();
        let tensor =
            |values: Vec<f32>, columns| Tensor::from_data(TensorData::new(values, [rows.len(), columns]), &device());
        (tensor(inputs, INPUTS), tensor(targets, 1))
    }
}

#[derive(Module, Debug)]
struct Mlp {
    layers: Vec<Linear>,
}

impl Mlp {
    fn new(sizes: &[usize]) -> Self {
        let device = device();
        let glorot = Initializer::XavierUniform { gain: 1.0 };
        let layer = |pair: &[usize]| Linear {
            weight: glorot.init_with([pair[0], pair[1]], Some(pair[0]), Some(pair[1]), &device),
            bias: Some(Initializer::Zeros.init([pair[1]], &device)),
        };
        Self { layers: sizes.windows(2).map(layer).collect() }
    }

    fn forward(&self, inputs: Tensor<2>) -> Tensor<2> {
        let mut values = inputs;
        for (index, layer) in self.layers.iter().enumerate() {
            values = layer.forward(values);
            if index + 1 < self.layers.len() {
                values = activation::relu(values);
            }
        }
        values
    }
}

/// Keras' rule: halves the rate after three epochs that are not better by 1e-4.
struct Plateau {
    rate: f64,
    best: f32,
    wait: u32,
}

impl Plateau {
    fn observe(&mut self, validation_loss: f32) {
        if validation_loss < self.best - 1e-4 {
            (self.best, self.wait) = (validation_loss, 0);
        } else {
            self.wait += 1;
            if self.wait >= 3 {
                (self.rate, self.wait) = (self.rate * 0.5, 0);
            }
        }
    }
}

fn rate(trial: &Trial, epoch: u32, plateau: &Plateau) -> f64 {
    match trial.schedule.as_str() {
        "constant" => LEARNING_RATE,
        "step" => LEARNING_RATE * 0.5f64.powf(f64::from(epoch / 10)),
        "cosine" => {
            let done = f64::from(epoch) / f64::from(trial.epochs);
            LEARNING_RATE * 0.5 * (1.0 + (std::f64::consts::PI * done).cos())
        }
        _ => plateau.rate,
    }
}

/// The validation loss after each epoch.
fn train(trial: &Trial, train: &Rows, validation: &Rows) -> Vec<f32> {
    let all_of = |rows: &Rows| rows.targets.len() as u32;
    let (validation_inputs, validation_targets) = validation.batch(&(0..all_of(validation)).collect::<Vec<_>>());
    let mse = MseLoss::new();
    let mut network = Mlp::new(&trial.layers).train();
    let mut optimizer = AdamConfig::new().with_beta_1(0.9).with_beta_2(0.999).with_epsilon(1e-8).init();
    let mut plateau = Plateau { rate: LEARNING_RATE, best: f32::INFINITY, wait: 0 };
    let mut losses = Vec::new();
    for epoch in 0..trial.epochs {
        let rate = rate(trial, epoch, &plateau);
        let order = Stream::new(7, trial.replicate, Purpose::Order, epoch).permutation(all_of(train));
        for batch in order.chunks(trial.batch_size) {
            let (inputs, targets) = train.batch(batch);
            let loss = mse.forward(network.forward(inputs), targets, Reduction::Mean);
            let gradients = GradientsParams::from_grads(loss.backward(), &network);
            network = optimizer.step(rate, network, gradients);
        }
        let predictions = network.valid().forward(validation_inputs.clone());
        losses.push(mse.forward(predictions, validation_targets.clone(), Reduction::Mean).into_scalar());
        plateau.observe(losses[losses.len() - 1]);
    }
    losses
}

fn main() -> Result<(), Box<dyn Error>> {
    let folder = std::env::args().nth(1).ok_or("usage: burn_by_hand FOLDER < TRIALS")?;
    let lines = std::io::read_to_string(std::io::stdin())?;
    let trials: Vec<Trial> = lines.lines().map(serde_json::from_str).collect::<Result<_, _>>()?;
    let part = |name: &str, replicate| Rows::read(&Path::new(&folder).join(format!("{name}-{replicate}.f32")));
    let data: Vec<(Rows, Rows)> = (0..REPLICATES)
        .map(|replicate| Ok((part("train", replicate)?, part("validation", replicate)?)))
        .collect::<Result<_, Box<dyn Error>>>()?;

    let pool = rayon::ThreadPoolBuilder::new().num_threads(THREADS).build()?;
    let begin = Instant::now();
    let curves: Vec<Vec<f32>> = pool.install(|| {
        // Pieces of one trial, so that both workers end at nearly the same time.
        trials
            .par_iter()
            .with_max_len(1)
            .map(|trial| {
                let (rows, validation) = &data[trial.replicate as usize];
                train(trial, rows, validation)
            })
            .collect()
    });
    let outcome = serde_json::json!({ "seconds": begin.elapsed().as_secs_f64(), "curves": curves });
    #[expect(clippy::print_stdout, reason = "the figures are what this program is for")]
    {
        println!("{outcome}");
    }
    Ok(())
}
