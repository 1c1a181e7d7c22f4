//! How long training will take, estimated by training a few batches of every distinct shape.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Instant;

use swath_core::data::Split;
use swath_core::engine::{Engine, EpochRun, Rates, Training};

use crate::engine_choice::{EngineChoice, with_engine};
use crate::root::Root;

/// Steps of the short and of the long epoch that are timed.
const STEPS: [usize; 2] = [2, 8];

/// At most so many shapes are timed; of the others, each counts as the mean of these.
const SHAPES: usize = 24;

/// Seconds that one worker needs for the roots, when it computes `share` of the steps that they ask for
/// (the rest is shared). `None` where there is nothing to train.
pub fn worker_seconds(engine: EngineChoice, roots: &[Root<'_>], share: f64) -> Option<f64> {
    with_engine!(engine, engine => seconds_on(engine, roots, share))
}

fn seconds_on<E: Engine>(engine: &E, roots: &[Root<'_>], share: f64) -> Option<f64> {
    let mut seconds_a_step: HashMap<(String, u32), f64> = HashMap::new();
    let mut total = 0.0;
    for root in roots {
        let shape = (root.training.network.to_string(), root.training.batch_size);
        let seconds = match seconds_a_step.get(&shape) {
            Some(seconds) => *seconds,
            None if seconds_a_step.len() < SHAPES => {
                let seconds = time_a_step(engine, &root.training);
                seconds_a_step.insert(shape, seconds);
                seconds
            }
            None => seconds_a_step.values().sum::<f64>() / seconds_a_step.len() as f64,
        };
        total += seconds * root.steps_asked() as f64;
    }
    (!roots.is_empty()).then_some(total * share)
}

/// Seconds of one step of one state among as many as are best trained together; what an epoch costs besides its steps is spread over them.
fn time_a_step<E: Engine>(engine: &E, training: &Training) -> f64 {
    let [short, long] = STEPS.map(|steps| time_an_epoch(engine, training, steps));
    let [short_steps, long_steps] = STEPS.map(|steps| steps as f64);
    let step = ((long - short) / (long_steps - short_steps)).max(0.0);
    let epoch = (short - step * short_steps).max(0.0);
    let steps = training.steps_per_epoch().max(1) as f64;
    if step > 0.0 { step + epoch / steps } else { long / long_steps }
}

fn time_an_epoch<E: Engine>(engine: &E, training: &Training, steps: usize) -> f64 {
    let Split { train, validation, test, target_scale, image } = training.data.as_ref();
    let data = Split {
        train: train.first_rows(steps * training.batch_size as usize),
        validation: validation.clone(),
        test: test.first_rows(0),
        target_scale: *target_scale,
        image: image.clone(),
    };
    let training = Training { data: Arc::new(data), ..training.clone() };
    let width = engine.width(&training).max(1);
    let mut states = vec![engine.start(&training); width];
    let mut fastest = f64::INFINITY;
    for epoch in 0..2 {
        let started = Instant::now();
        let rates = Rates::Constant(1e-6);
        let run = |state| EpochRun { training: &training, state, epoch, rates: &rates };
        engine.train_epoch(&mut states.iter_mut().map(run).collect::<Vec<_>>());
        fastest = fastest.min(started.elapsed().as_secs_f64());
    }
    fastest / width as f64
}

#[cfg(test)]
mod tests {
    use swath_core::spec::Schedule;

    use super::*;
    use crate::tests::fake_engine::{Fake, train, training, trial};

    #[test]
    fn an_estimate_is_finite_and_absent_without_anything_to_train() {
        let settings = [train(10, Schedule::Constant), train(10_000, Schedule::Constant)];
        let estimate = |settings| {
            let roots = [Root { training: training(), trials: vec![(trial(0), settings)] }];
            seconds_on(&Fake::falling(), &roots, 1.0)
        };
        let [short, long] = [&settings[0], &settings[1]].map(|settings| estimate(settings).unwrap());
        assert!(short >= 0.0 && long.is_finite());
        assert_eq!(seconds_on(&Fake::falling(), &[], 1.0), None);
    }
}
