//! The activation functions of an axis, each with its derivative and what came of it.

use swath_results::settings::Activation;

use crate::activation::value_and_slope;
use crate::answer::Answer;
use crate::axes;
use crate::contrast::Comparison;
use crate::results::Results;
use crate::statistics::Summary;

/// Functions that are drawn: the first of more.
pub const MOST_FUNCTIONS: usize = 16;

/// The ends of the inputs that are drawn.
pub const INPUTS: (f64, f64) = (-4.0, 4.0);

/// Places between two whole inputs; the function is drawn straight between these.
const PLACES: i32 = 10;

/// The levels of the axis of activations.
#[derive(Debug, Clone, PartialEq)]
pub struct ActivationsPlot {
    /// The axis, by its place in the manifest.
    pub axis: usize,
    /// What they are compared by: `test loss`.
    pub figure: String,
    /// The first [`MOST_FUNCTIONS`] levels.
    pub functions: Vec<Function>,
    /// Levels that are not drawn, as there are too many.
    pub left_out: usize,
    /// What a network without a bend loses; `None` without the level `identity`, or without another one.
    pub identity: Option<IdentityLoss>,
}

/// One level.
#[derive(Debug, Clone, PartialEq)]
pub struct Function {
    /// The level, by its place on the axis.
    pub level: usize,
    /// How it is named.
    pub label: String,
    /// Input, value and derivative, from the smallest input to the largest.
    pub values: Vec<(f64, f64, f64)>,
    /// What levels are compared by; `None` where no replicate has it.
    pub loss: Option<Summary>,
}

/// `identity` against the best function on validation rows.
#[derive(Debug, Clone, PartialEq)]
pub struct IdentityLoss {
    /// The best function's name.
    pub best: String,
    /// The comparison of both, by what levels are compared by.
    pub comparison: Comparison,
    /// Value of identity less that of the best.
    pub difference: f64,
    /// Whether identity is worse.
    pub is_worse: bool,
    /// The difference as a share of the best one's value.
    pub share: f64,
}

impl ActivationsPlot {
    /// The functions of the axis `model.activation`; `None` where there is none of two levels.
    pub fn new(results: &Results<'_>, answer: &Answer) -> Option<Self> {
        let manifest = results.manifest();
        let axis = axes::of_setting(manifest, "model.activation")?;
        let known = answer.axes.get(axis)?;
        let activation_of = |level: usize| -> Option<Activation> {
            let at_level = |levels: &[u32]| levels.get(axis).is_some_and(|known| *known as usize == level);
            manifest.points.iter().find(|point| at_level(&point.levels)).map(|point| point.settings.activation)
        };
        let functions: Vec<Function> = known
            .levels
            .iter()
            .enumerate()
            .filter_map(|(level, answer_level)| {
                Some(Function {
                    level,
                    label: answer_level.label.clone(),
                    values: values(activation_of(level)?),
                    loss: if answer.compared_by.is_test() { answer_level.test } else { answer_level.validation },
                })
            })
            .collect();
        let identity = (0..known.levels.len()).find(|level| activation_of(*level) == Some(Activation::Identity));
        let mean = |level: usize| known.levels.get(level)?.validation.map(|summary| summary.mean);
        // Chosen on validation rows and held against identity on test rows, where there are any.
        let best = (0..known.levels.len()).filter(|level| Some(*level) != identity && mean(*level).is_some()).min_by(
            |one, other| answer.objective.order(mean(*one).unwrap_or(f64::NAN), mean(*other).unwrap_or(f64::NAN)),
        );
        let found = identity.zip(best).and_then(|(identity, best)| {
            let pair = (identity.max(best), identity.min(best));
            let comparison = known.comparisons.iter().find(|found| (found.a, found.b) == pair)?;
            let sign = if comparison.a == identity { 1.0 } else { -1.0 };
            let difference = sign * comparison.difference?;
            let of_best = comparison.reference? + if comparison.a == best { comparison.difference? } else { 0.0 };
            let share = difference / of_best.abs();
            share.is_finite().then(|| IdentityLoss {
                best: known.label(best).to_owned(),
                comparison: comparison.clone(),
                difference,
                is_worse: answer.objective.as_loss(difference) > 0.0,
                share,
            })
        });
        Some(Self {
            axis,
            figure: answer.compared_by_name.clone(),
            left_out: functions.len().saturating_sub(MOST_FUNCTIONS),
            functions: functions.into_iter().take(MOST_FUNCTIONS).collect(),
            identity: found,
        })
    }
}

fn values(activation: Activation) -> Vec<(f64, f64, f64)> {
    let (first, last) = (INPUTS.0 as i32 * PLACES, INPUTS.1 as i32 * PLACES);
    (first..=last)
        .map(|place| {
            let x = f64::from(place) / f64::from(PLACES);
            let (value, slope) = value_and_slope(activation, x);
            (x, value, slope)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use swath_results::manifest::Task;

    use super::*;
    use crate::tests::fixture::Sweep;

    /// Four activations in the order of ascending loss but for the first; with relu's settings unless told.
    fn sweep() -> Sweep {
        let mut sweep = Sweep::new(Task::Regression, &[("model.activation", &["identity", "tanh", "relu"])], 4);
        let functions = [Activation::Identity, Activation::Tanh, Activation::Relu];
        for (point, activation) in sweep.manifest.points.iter_mut().zip(functions) {
            point.settings.activation = activation;
        }
        sweep
    }

    #[test]
    fn every_level_has_its_function() {
        let sweep = sweep();
        let results = sweep.results();
        let plot = ActivationsPlot::new(&results, &Answer::new(&results)).unwrap();
        assert_eq!(plot.functions.len(), 3);
        assert_eq!(plot.functions[0].values.first(), Some(&(-4.0, -4.0, 1.0)));
        assert_eq!(plot.functions[2].values.last(), Some(&(4.0, 4.0, 1.0)));
        assert_eq!(plot.functions[2].values.len(), 81);
    }

    #[test]
    fn identity_is_held_against_the_function_of_the_smallest_validation_loss_in_its_own_direction() {
        use swath_results::row::Ending;
        let mut sweep = sweep();
        for point in 0..3 {
            for replicate in 0..4 {
                let key = sweep.manifest.key(point, replicate).unwrap();
                let Ending::Finished(scores) = &mut sweep.outcomes.get_mut(&key).unwrap().ending else { panic!() };
                let loss = [0.75, 0.25, 0.5][point] + 0.001 * replicate as f32 * point as f32;
                scores.last.validation_loss = loss;
                scores.last.test_loss = Some(loss);
            }
        }
        let results = sweep.results();
        let identity = ActivationsPlot::new(&results, &Answer::new(&results)).unwrap().identity.unwrap();
        assert_eq!(identity.best, "tanh");
        // Tanh: 0.25, 0.251, 0.252, 0.253.
        assert!((identity.difference - (0.75 - 0.2515)).abs() < 1e-6, "{}", identity.difference);
        assert!((identity.share - 0.4985 / 0.2515).abs() < 1e-6, "{}", identity.share);
    }

    #[test]
    fn without_an_axis_of_activations_there_is_no_plot() {
        let sweep = Sweep::architectures();
        let results = sweep.results();
        assert_eq!(ActivationsPlot::new(&results, &Answer::new(&results)), None);
    }
}
