//! Microseconds of one trial-step.
#![allow(clippy::print_stdout, missing_docs)]
use std::time::Instant;
use swath_lanes::*;

fn main() {
    let rows = 1200usize;
    let epochs = std::env::var("EPOCHS").ok().and_then(|e| e.parse().ok()).unwrap_or(400);
    let mut seed = 12345u64;
    let mut random = || {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        (seed >> 40) as f32 / (1u64 << 24) as f32
    };
    for set in InstructionSet::available() {
        for (name, layers) in [
            ("baseline", vec![4, 8, 4, 1]),
            ("wide", vec![4, 16, 8, 1]),
            ("deep", vec![4, 4, 8, 8, 4, 1]),
            ("wide_deep", vec![4, 8, 16, 16, 8, 1]),
            ("w64", vec![4, 64, 64, 1]),
            ("w128", vec![4, 128, 128, 1]),
        ] {
            let filter: Vec<String> = std::env::args().skip(1).collect();
            if set.name() == "SSE2"
                || (!filter.is_empty() && !(filter.iter().any(|f| f == set.name()) && filter.iter().any(|f| f == name)))
            {
                continue;
            }
            let inputs: Vec<f32> = (0..rows * layers[0]).map(|_| random() * 4.0 - 2.0).collect();
            let targets: Vec<f32> =
                inputs.chunks(layers[0]).map(|x| x[0].sin() + x[1] * x[2] - 0.5 * x[3] * x[3]).collect();
            let training = Training {
                layers: layers.clone(),
                activation: Activation::Relu,
                normalization: None,
                dropout: 0.0,
                loss: Loss::Mse,
                optimizer: Optimizer::Adam(Adam {
                    beta_1: 0.9,
                    beta_2: 0.999,
                    epsilon: 1e-8,
                    amsgrad: false,
                    keras: false,
                    weight_decay: 0.0,
                }),
                l2: 0.0,
                clip: None,
                batch_size: 32,
                drop_last: true,
            };
            let layout = Layout::new(&training);
            let lanes = set.lanes();
            let mut states: Vec<Vec<f32>> = (0..lanes)
                .map(|_| {
                    let mut numbers = vec![0.0; layout.numbers()];
                    for place in &layout.layers {
                        let l = (6.0 / (place.inputs + place.outputs) as f32).sqrt();
                        for n in &mut numbers[place.weights.clone()] {
                            *n = (random() * 2.0 - 1.0) * l;
                        }
                    }
                    numbers
                })
                .collect();
            let orders: Vec<Vec<u32>> = (0..lanes)
                .map(|_| {
                    let mut o: Vec<u32> = (0..rows as u32).collect();
                    for i in (1..rows).rev() {
                        let j = (random() * (i + 1) as f32) as usize % (i + 1);
                        o.swap(i, j);
                    }
                    o
                })
                .collect();
            let mut workspace = set.workspace();
            let steps = (rows / 32) as u64;
            let mut best = f64::MAX;
            let mut total = 0.0;
            let mut loss = 0.0;
            let epochs = if layers[1] > 32 { 4 } else { epochs };
            for epoch in 0..epochs {
                let mut pack: Vec<Lane> = states
                    .iter_mut()
                    .zip(&orders)
                    .map(|(numbers, order)| Lane {
                        numbers,
                        steps: epoch as u64 * steps,
                        rows: Rows { inputs: &inputs, targets: Targets::Numbers(&targets) },
                        order,
                        rates: Rates::Constant(0.01),
                        dropout: philox::Name::default(),
                    })
                    .collect();
                let start = Instant::now();
                loss = workspace.train_epoch(&training, &layout, &mut pack)[0].unwrap();
                let e = start.elapsed().as_secs_f64();
                best = best.min(e);
                total += e;
            }
            let us = best / steps as f64 / lanes as f64 * 1e6;
            let flops: f64 = layers
                .windows(2)
                .enumerate()
                .map(|(l, p)| (p[0] * p[1]) as f64 * if l == 0 { 4.0 } else { 6.0 })
                .sum::<f64>()
                * 32.0;
            println!(
                "{:8} {name:10} {us:.3} us best, {:.3} mean; {:.1} GFLOP/s = {:.0} % of 116, loss {loss}",
                set.name(),
                total / epochs as f64 / steps as f64 / lanes as f64 * 1e6,
                flops / us / 1e3,
                flops / us / 1e3 / 116.0 * 100.0
            );
        }
    }
}
