//! Microseconds that the burn engine takes for one optimiser step: Adam, batch 32, four networks, one thread.
//!
//! `cargo run -p swath-core --example step_time`

use std::sync::Arc;
use std::time::Instant;

use swath_core::data::{Part, Split, TargetScale, Targets};
use swath_core::engine::{BurnEngine, Engine, EpochRun, Rates, Training};
use swath_core::spec::{
    Activation, AdamForm, AdamSettings, Distribution, EvaluateTraining, Initializer, Loss, ModelSpec, Network,
    Optimizer, VarianceScaling,
};

const EPOCHS: u32 = 6;

fn part(rows: u32) -> Part {
    let inputs: Vec<f32> = (0..rows * 4).map(|index| (index * 7919 % 1025) as f32 / 512.0 - 1.0).collect();
    let scaled: Vec<f32> = inputs.chunks(4).map(|row| row[0] * row[1] + row[2] - row[3]).collect();
    let own = scaled.iter().map(|&number| f64::from(number)).collect();
    Part { inputs, columns: 4, targets: Targets::Numbers { scaled, own } }
}

fn training(hidden: Vec<u32>, data: &Arc<Split>) -> Training {
    let initializer = Initializer::VarianceScaling(VarianceScaling::Glorot, Distribution::Uniform);
    let model = ModelSpec {
        image_layers: Vec::new(),
        hidden,
        normalization: None,
        activation: Activation::Relu,
        dropout: 0.0,
        drop_connect: 0.0,
        initializer,
    };
    let adam = AdamSettings { beta_1: 0.9, beta_2: 0.999, epsilon: 1e-8, amsgrad: false, form: AdamForm::Paper };
    Training {
        network: Network { inputs: 4, image: None, outputs: 1, model },
        optimizer: Optimizer::Adam(adam),
        loss: Loss::Mse,
        label_smoothing: 0.0,
        class_weights: None,
        augmentation: None,
        batch_size: 32,
        drop_last: false,
        l2: 0.0,
        clip: None,
        metric: swath_metrics::Metric::default_of(swath_metrics::Task::Regression),
        evaluate_training: EvaluateTraining::Last,
        seed: 7,
        replicate: 0,
        data: Arc::clone(data),
    }
}

fn main() {
    let data = Split {
        train: part(1_216),
        validation: part(304),
        test: part(0),
        target_scale: TargetScale::IDENTITY,
        image: None,
    };
    let data = Arc::new(data);
    for hidden in [vec![8, 4], vec![16, 8], vec![4, 8, 8, 4], vec![8, 16, 16, 8]] {
        let training = training(hidden, &data);
        let mut state = BurnEngine.start(&training);
        let mut fastest = f64::INFINITY;
        for epoch in 0..EPOCHS {
            let start = Instant::now();
            let rates = Rates::Constant(0.01);
            BurnEngine.train_epoch(&mut [EpochRun { training: &training, state: &mut state, epoch, rates: &rates }]);
            fastest = fastest.min(start.elapsed().as_secs_f64());
        }
        let microseconds = fastest * 1e6 / training.steps_per_epoch() as f64;
        #[expect(clippy::print_stdout, reason = "the figure is what this program is for")]
        {
            println!("{:?}: {microseconds:.0} microseconds a step, evaluation included", training.network.layers());
        }
    }
}
