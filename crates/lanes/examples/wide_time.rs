//! Microseconds of one trial-step of wide networks.
#![allow(clippy::print_stdout, missing_docs)]
use std::time::Instant;
use swath_lanes::*;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let rows = 1280usize;
    let mut seed = 12345u64;
    let mut random = || {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        (seed >> 40) as f32 / (1u64 << 24) as f32
    };
    for set in InstructionSet::available() {
        if set.name() == "SSE2" || (!arguments.is_empty() && !arguments.iter().any(|a| a == set.name())) {
            continue;
        }
        for (layers, batch_size) in [
            (vec![784, 128, 10], 32),
            (vec![784, 128, 10], 128),
            (vec![64, 256, 256, 10], 32),
            (vec![64, 256, 256, 10], 128),
            (vec![4, 64, 64, 1], 32),
            (vec![4, 96, 96, 1], 32),
            (vec![4, 128, 128, 1], 32),
            (vec![64, 64, 10], 32),
            (vec![64, 128, 10], 32),
            (vec![784, 16, 10], 32),
            (vec![30, 64, 32, 1], 32),
            (vec![4, 64, 64, 1], 8),
            (vec![4, 96, 96, 1], 8),
            (vec![64, 100, 10], 8),
        ] {
            let inputs: Vec<f32> = (0..rows * layers[0]).map(|_| random() * 2.0 - 1.0).collect();
            let outputs = *layers.last().unwrap();
            let classes: Vec<u32> =
                (0..rows).map(|_| (random() * outputs as f32) as u32 % outputs.max(1) as u32).collect();
            let loss = if outputs == 1 { Loss::BinaryCrossEntropy } else { Loss::CrossEntropy };
            let training = Training {
                layers: layers.clone(),
                activation: Activation::Relu,
                normalization: None,
                dropout: 0.0,
                loss,
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
                batch_size,
                drop_last: true,
            };
            let layout = Layout::new(&training);
            for lanes in [1, set.lanes()] {
                let wide = lanes == 1;
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
                let steps = (rows / batch_size) as u64;
                let mut best = f64::MAX;
                let mut loss = 0.0;
                for epoch in 0..4 {
                    let mut pack: Vec<Lane> = states
                        .iter_mut()
                        .zip(&orders)
                        .map(|(numbers, order)| Lane {
                            numbers,
                            steps: epoch as u64 * steps,
                            rows: Rows { inputs: &inputs, targets: Targets::Classes(&classes) },
                            order,
                            rates: Rates::Constant(0.001),
                            dropout: philox::Name::default(),
                        })
                        .collect();
                    let start = Instant::now();
                    loss = if wide {
                        workspace.train_wide_epoch(&training, &layout, &mut pack[0]).unwrap()
                    } else {
                        workspace.train_epoch(&training, &layout, &mut pack)[0].unwrap()
                    };
                    best = best.min(start.elapsed().as_secs_f64());
                }
                let us = best / steps as f64 / lanes as f64 * 1e6;
                let flops: f64 = layers
                    .windows(2)
                    .enumerate()
                    .map(|(l, p)| (p[0] * p[1]) as f64 * if l == 0 { 4.0 } else { 6.0 })
                    .sum::<f64>()
                    * batch_size as f64;
                println!(
                    "{:8} {layers:?} batch {batch_size} pack of {lanes}: {us:.1} us a trial-step; {:.1} GFLOP/s, loss {loss}",
                    set.name(),
                    flops / us / 1e3
                );
            }
        }
    }
}
