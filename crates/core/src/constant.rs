//! The best prediction that ignores the inputs: what a network must beat to have learnt anything.

use crate::data::{Split, Targets};
use crate::loss::of_residual;
use crate::spec::Loss;

/// Halvings of the range in which the constant of Huber's loss and of log-cosh is sought: beyond the digits of a 32-bit
/// target.
const HALVINGS: usize = 60;

/// Losses of the one prediction that is best on the training rows.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ConstantLoss {
    /// On the training rows.
    pub training: f64,
    /// On the validation rows.
    pub validation: f64,
}

/// The mean of the targets for squares, their median for absolute errors, what minimises Huber's loss or log-cosh, or the
/// shares of the classes; in the units that are trained on.
///
/// `None` without rows, for targets that do not fit the loss, or where a class of the validation rows is not among the
/// training rows: no share of it is then known.
pub fn constant_loss(loss: Loss, split: &Split) -> Option<ConstantLoss> {
    let (training, validation) = (&split.train.targets, &split.validation.targets);
    let losses = match (loss, training, validation) {
        (
            Loss::Mse | Loss::Mae | Loss::Huber { .. } | Loss::LogCosh,
            Targets::Numbers { scaled: training, .. },
            Targets::Numbers { scaled: validation, .. },
        ) => {
            let constant = best_number(loss, training)?;
            let mean = |targets: &[f32]| {
                let total: f64 = targets.iter().map(|target| of_residual(loss, f64::from(*target) - constant)).sum();
                total / targets.len() as f64
            };
            ConstantLoss { training: mean(training), validation: mean(validation) }
        }
        (Loss::CrossEntropy | Loss::BinaryCrossEntropy, Targets::Classes(training), Targets::Classes(validation)) => {
            let count = training.iter().chain(validation).max().map_or(0, |class| *class as usize + 1);
            let mut counts = vec![0_u32; count];
            for class in training {
                if let Some(count) = counts.get_mut(*class as usize) {
                    *count += 1;
                }
            }
            let rows = training.len() as f64;
            let costs: Vec<f64> = counts.iter().map(|count| -libm::log(f64::from(*count) / rows)).collect();
            let mean = |classes: &[u32]| {
                let total: f64 = classes.iter().filter_map(|class| costs.get(*class as usize)).sum();
                total / classes.len() as f64
            };
            ConstantLoss { training: mean(training), validation: mean(validation) }
        }
        _ => return None,
    };
    (losses.training.is_finite() && losses.validation.is_finite()).then_some(losses)
}

/// The number with the smallest mean loss over the targets; `None` without targets.
fn best_number(loss: Loss, targets: &[f32]) -> Option<f64> {
    let mean = targets.iter().map(|target| f64::from(*target)).sum::<f64>() / targets.len() as f64;
    match loss {
        Loss::Mse => mean.is_finite().then_some(mean),
        Loss::Mae => median(targets),
        // The derivative is the sum of the distances cut to +-delta, or of their hyperbolic tangents.
        Loss::Huber { delta } => zero_of(targets, |distance| distance.clamp(-delta, delta)),
        Loss::LogCosh => zero_of(targets, libm::tanh),
        Loss::CrossEntropy | Loss::BinaryCrossEntropy => None,
    }
}

/// Where the sum of the slopes of all distances from the targets, which rises, goes through 0; `None` without targets.
fn zero_of(targets: &[f32], slope: impl Fn(f64) -> f64) -> Option<f64> {
    let mut low = targets.iter().copied().min_by(f32::total_cmp).map(f64::from)?;
    let mut high = targets.iter().copied().max_by(f32::total_cmp).map(f64::from)?;
    for _ in 0..HALVINGS {
        let middle = f64::midpoint(low, high);
        let total: f64 = targets.iter().map(|target| slope(middle - f64::from(*target))).sum();
        if total > 0.0 {
            high = middle;
        } else {
            low = middle;
        }
    }
    Some(low)
}

fn median(targets: &[f32]) -> Option<f64> {
    let mut sorted = targets.to_vec();
    sorted.sort_by(f32::total_cmp);
    let middle = |place: usize| sorted.get(place).map(|target| f64::from(*target));
    Some(f64::midpoint(middle(sorted.len().checked_sub(1)? / 2)?, middle(sorted.len() / 2)?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::{Part, TargetScale};

    fn part(targets: Targets) -> Part {
        Part { inputs: Vec::new(), columns: 0, targets }
    }

    fn numbers(values: &[f32]) -> Targets {
        Targets::Numbers { scaled: values.to_vec(), own: values.iter().map(|value| f64::from(*value)).collect() }
    }

    fn split(train: Targets, validation: Targets) -> Split {
        let test = match &train {
            Targets::Numbers { .. } => numbers(&[]),
            Targets::Classes(_) => Targets::Classes(Vec::new()),
        };
        Split {
            train: part(train),
            validation: part(validation),
            test: part(test),
            target_scale: TargetScale::IDENTITY,
            image: None,
        }
    }

    fn near(actual: Option<ConstantLoss>, training: f64, validation: f64) {
        let actual = actual.unwrap();
        assert!((actual.training - training).abs() < 1e-7, "{actual:?}");
        assert!((actual.validation - validation).abs() < 1e-7, "{actual:?}");
    }

    /// Figures by SciPy 1.17: NumPy's mean and median, and `optimize.minimize_scalar` of `special.huber` and of
    /// log-cosh.
    #[test]
    fn the_best_number_is_that_of_its_loss() {
        let split = split(numbers(&[-1.0, 0.0, 0.5, 1.0, 4.5]), numbers(&[0.0, 2.0]));
        near(constant_loss(Loss::Mse, &split), 3.5, 1.0);
        near(constant_loss(Loss::Mae, &split), 1.3, 1.0);
        near(constant_loss(Loss::Huber { delta: 1.0 }, &split), 0.95, 0.5625);
        near(constant_loss(Loss::LogCosh, &split), 0.880_249_05, 0.480_470_33);
    }

    /// Figures by SciPy 1.17: `special.xlogy`.
    #[test]
    fn the_best_shares_are_those_of_the_training_rows() {
        let split = split(Targets::Classes(vec![0, 0, 0, 1]), Targets::Classes(vec![0, 1]));
        near(constant_loss(Loss::CrossEntropy, &split), 0.562_335_145, 0.836_988_217);
        near(constant_loss(Loss::BinaryCrossEntropy, &split), 0.562_335_145, 0.836_988_217);
    }

    #[test]
    fn where_no_constant_is_known_there_is_none() {
        let unseen = split(Targets::Classes(vec![0, 0]), Targets::Classes(vec![1]));
        assert_eq!(constant_loss(Loss::CrossEntropy, &unseen), None);
        assert_eq!(constant_loss(Loss::Mse, &unseen), None);
        assert_eq!(constant_loss(Loss::Mae, &split(numbers(&[]), numbers(&[1.0]))), None);
        assert_eq!(constant_loss(Loss::Mse, &split(numbers(&[1.0]), numbers(&[]))), None);
    }
}
