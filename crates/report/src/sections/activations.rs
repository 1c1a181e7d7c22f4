//! What a non-linear function between the layers is worth, and what each takes.

use crate::answer::Answer;
use crate::axes;
use crate::draw;
use crate::number::{MISSING, figure, p_value, percent};
use crate::page::{Block, Subject, Table};
use crate::plot::ActivationsPlot;
use crate::plot::activations::IdentityLoss;
use crate::results::Results;
use crate::sentences::with_interval;
use crate::statistics::mean;

/// The functions of the axis of activations; nothing where there is none.
pub(super) fn activations(results: &Results<'_>, answer: &Answer) -> Vec<Block> {
    let Some(plot) = ActivationsPlot::new(results, answer) else { return Vec::new() };
    let mut words = "After every hidden layer each unit passes its sum through the activation function. It must be \
                     non-linear: linear layers after each other, W2 (W1 x), are one linear layer, (W2 W1) x, however many \
                     there are and however wide."
        .to_owned();
    if let Some(identity) = &plot.identity {
        words.push_str(&format!(" {}", proof(answer, &plot, identity)));
    }
    vec![
        Block::Heading(2, "Activation functions".to_owned()),
        Block::Paragraph(words),
        Block::Picture(Box::new(draw::activations::picture(&plot))),
    ]
}

/// What identity loses against the best function.
fn proof(answer: &Answer, plot: &ActivationsPlot, identity: &IdentityLoss) -> String {
    let comparison = &identity.comparison;
    let way = if identity.difference < 0.0 { "lower" } else { "higher" };
    let p = comparison.p_holm.map_or_else(|| MISSING.to_owned(), p_value);
    let told = if comparison.p_holm.is_some_and(|p| p < 0.05) && identity.is_worse {
        "So the bend is what these networks learn with."
    } else if identity.is_worse {
        "That is not told from chance: with these data a linear model may do, or there are too few replicates."
    } else {
        "So these data need no bend: a linear model does as well."
    };
    format!(
        "With identity, which changes nothing, the {} is {} {way} than with {}, the function of the {} {}, by \
         {} in the same replicates and settings (Bonferroni's interval over all pairs of functions, p {p} after Holm). {told}",
        plot.figure,
        percent(identity.share.abs()),
        identity.best,
        answer.objective.best_word(),
        answer.objective.validation_words(),
        with_interval(identity.difference.abs(), comparison.interval),
    )
}

/// How long a step takes with each function, for the section of times; nothing without such an axis.
pub(super) fn speed(results: &Results<'_>) -> Vec<Block> {
    let manifest = results.manifest();
    let Some((axis, described)) =
        axes::of_setting(manifest, "model.activation").and_then(|axis| Some((axis, manifest.axes.get(axis)?)))
    else {
        return Vec::new();
    };
    let mut seconds_per_step: Vec<Vec<f64>> = vec![Vec::new(); described.levels.len()];
    for trial in results.trials() {
        let level = manifest.points.get(trial.point).and_then(|point| point.levels.get(axis));
        let of_level = level.and_then(|level| seconds_per_step.get_mut(*level as usize));
        let Some((of_level, outcome)) = of_level.zip(trial.outcome) else { continue };
        let seconds = f64::from(outcome.effort.seconds) / outcome.effort.steps_trained;
        if seconds.is_finite() && seconds > 0.0 {
            of_level.push(seconds);
        }
    }
    let speeds: Vec<Option<f64>> = seconds_per_step.iter().map(|seconds| mean(seconds)).collect();
    let Some(fastest) = speeds.iter().copied().flatten().reduce(f64::min) else { return Vec::new() };
    let mut table = Table::new().words(["activation"]).numbers(["microseconds a step", "against the fastest"]);
    for (level, (known, speed)) in described.levels.iter().zip(&speeds).enumerate() {
        let cell = |write: &dyn Fn(f64) -> String| speed.map_or_else(|| MISSING.to_owned(), write);
        table.row_of(
            Subject::Level { axis, level },
            vec![
                known.label.clone(),
                cell(&|seconds| figure(seconds * 1e6)),
                cell(&|seconds| format!("{:.2} x", seconds / fastest)),
            ],
        );
    }
    vec![
        Block::Paragraph(
            "A step with each activation function: the time of one worker for one optimiser step of one trial, evaluation \
             among it, the mean over trials. Trials are trained side by side and share the time of their worker, so compare \
             the rows, not with another program."
                .to_owned(),
        ),
        Block::Table(table),
    ]
}

#[cfg(test)]
mod tests {
    use swath_results::manifest::Task;
    use swath_results::row::Ending;
    use swath_results::settings::Activation;

    use super::*;
    use crate::tests::fixture::Sweep;

    /// Identity, tanh and relu with these losses.
    fn sweep(losses: [f32; 3]) -> Sweep {
        let mut sweep = Sweep::new(Task::Regression, &[("model.activation", &["identity", "tanh", "relu"])], 4);
        let functions = [Activation::Identity, Activation::Tanh, Activation::Relu];
        for (point, activation) in functions.into_iter().enumerate() {
            sweep.manifest.points[point].settings.activation = activation;
            for replicate in 0..4 {
                let key = sweep.manifest.key(point, replicate).unwrap();
                let outcome = sweep.outcomes.get_mut(&key).unwrap();
                outcome.effort.seconds = 0.001 * (point + 1) as f32;
                outcome.effort.steps_trained = 100.0;
                let Ending::Finished(scores) = &mut outcome.ending else { panic!() };
                let loss = losses[point] + 0.002 * (replicate as usize * (point + 1) % 3) as f32;
                scores.last.validation_loss = loss;
                scores.last.test_loss = Some(loss);
            }
        }
        sweep
    }

    fn words(losses: [f32; 3]) -> String {
        let sweep = sweep(losses);
        let results = sweep.results();
        let blocks = activations(&results, &Answer::new(&results));
        let Block::Paragraph(words) = &blocks[1] else { panic!() };
        words.clone()
    }

    #[test]
    fn what_identity_loses_is_said_with_its_evidence() {
        let lost = words([0.75, 0.25, 0.5]);
        assert!(lost.contains("the test loss is 198.8 % higher than with tanh"), "{lost}");
        assert!(lost.ends_with("So the bend is what these networks learn with."), "{lost}");
        let won = words([0.2, 0.25, 0.5]);
        assert!(won.ends_with("a linear model does as well."), "{won}");
    }

    #[test]
    fn a_step_with_each_function_has_its_time_against_the_fastest() {
        let blocks = speed(&sweep([0.5; 3]).results());
        let Block::Table(table) = &blocks[1] else { panic!() };
        let cells: Vec<&[String]> = table.rows.iter().map(|row| row.cells.as_slice()).collect();
        assert_eq!(cells, [["identity", "10.00", "1.00 x"], ["tanh", "20.00", "2.00 x"], ["relu", "30.00", "3.00 x"]]);
        assert_eq!(speed(&Sweep::architectures().results()), []);
    }
}
