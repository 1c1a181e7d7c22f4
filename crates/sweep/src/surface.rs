//! The loss surface of networks of two parameters: replicate 0 of some points trained once more, with its weights written down.
//!
//! The journal holds no weights, so these few trainings of a weight and a bias are repeated; they take milliseconds.

use swath_core::data::{Split, Targets};
use swath_core::engine::{Engine, EpochReport, EpochRun, LanesEngine};
use swath_core::schedule::Progress;
use swath_core::spec::Loss;
use swath_core::stopping::{Decision, StoppingState};
use swath_results::surface::{LossSurface, Means, WeightPath};

use crate::plan::training;
use crate::preparation::Prepared;
use crate::sweep::{Point, Sweep};

/// Points whose way is kept.
const MOST_PATHS: usize = 12;

/// Epochs of a way that are kept.
const MOST_EPOCHS: u32 = 300;

/// The surface and the ways over it; `None` unless every point trains one weight and one bias under the mean squared error on the
/// same rows.
pub(crate) fn loss_surface(sweep: &Sweep, prepared: &Prepared) -> Option<LossSurface> {
    let first = sweep.points.first()?;
    let is_meant = |point: &Point| {
        let is_line = point.model.hidden.is_empty() && point.model.image_layers.is_empty();
        point.data == first.data && is_line && point.train.loss == Loss::Mse
    };
    let facts = prepared.facts.get(first.data)?;
    if facts.inputs != 1 || !sweep.points.iter().all(is_meant) {
        return None;
    }
    let means = means(prepared.split(first.data, 0)?)?;
    let count = sweep.points.len();
    let shown = count.min(MOST_PATHS);
    let places = (0..shown).map(|place| if shown < 2 { 0 } else { place * (count - 1) / (shown - 1) });
    let engine = LanesEngine::new();
    let paths = places.filter_map(|place| path(&engine, sweep, prepared, place)).collect();
    Some(LossSurface { means, paths })
}

fn means(split: &Split) -> Option<Means> {
    let Targets::Numbers { scaled, .. } = &split.train.targets else { return None };
    let rows = scaled.len() as f64;
    let mean = |read: &dyn Fn(f64, f64) -> f64| {
        let both = split.train.inputs.iter().zip(scaled);
        both.map(|(x, y)| read(f64::from(*x), f64::from(*y))).sum::<f64>() / rows
    };
    (rows > 0.0).then(|| Means {
        x: mean(&|x, _| x),
        y: mean(&|_, y| y),
        x_x: mean(&|x, _| x * x),
        x_y: mean(&|x, y| x * y),
        y_y: mean(&|_, y| y * y),
    })
}

/// What replicate 0 of a point went through.
fn path(engine: &LanesEngine, sweep: &Sweep, prepared: &Prepared, place: usize) -> Option<WeightPath> {
    let point = sweep.points.get(place)?;
    let training = training(sweep, prepared, point, 0)?;
    let train = &point.train;
    let mut schedule = Progress::new(&train.schedule, train.learning_rate, train.epochs, training.steps_per_epoch());
    let mut stopping = train.early_stopping.map(StoppingState::new);
    let mut state = engine.start(&training);
    let mut path = WeightPath { point: place as u64, ..WeightPath::default() };
    path.places.push(weights(engine, &state)?);
    for epoch in 0..train.epochs.get().min(MOST_EPOCHS) {
        let rates = schedule.rates(epoch);
        let run = EpochRun { training: &training, state: &mut state, epoch, rates: &rates };
        let Some(EpochReport::Trained { validation, .. }) = engine.train_epoch(&mut [run]).first().copied() else {
            path.diverged = true;
            break;
        };
        path.places.push(weights(engine, &state)?);
        let loss = f64::from(validation.loss);
        schedule.observe(loss);
        if stopping.as_mut().is_some_and(|stopping| matches!(stopping.observe(epoch, loss), Decision::Stop)) {
            break;
        }
    }
    Some(path)
}

fn weights(engine: &LanesEngine, state: &<LanesEngine as Engine>::State) -> Option<(f32, f32)> {
    let layers = engine.weights(state).layers();
    let layer = layers.first()?;
    Some((*layer.weights.first()?, *layer.biases.first()?))
}
