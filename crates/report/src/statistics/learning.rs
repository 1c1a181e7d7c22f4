//! Learning curves over replicates: whether a loss rises after its best epoch, and whether it still falls at the end.
//!
//! The smallest of many noisy epochs is small by luck, so a rise from it proves nothing. Two remedies, each for what it is
//! good for:
//!
//! - Where only the mean must be right, the best epoch of a replicate is taken from the mean curve of the **other** replicates:
//!   then a rise is 0 on average where curves are flat. A t test of such rises errs too often nevertheless (by simulation
//!   in 8 % of flat sweeps of 3 replicates, in 23 % of 20), as the replicates choose each other's epochs and so agree.
//! - What is tested is the rise from the best **stretch** of epochs to the last tenth, Bonferroni over all stretches that could
//!   have been the best. This holds however replicates and epochs depend on each other. Stretches are of 1, 1, 2, 4, 8, ...
//!   epochs, as a curve moves fast at first and slowly later. Losses are positive and skewed, so ratios are tested.

use std::ops::Range;

use super::sum::{mean, sum};

/// The curves of several replicates, one value an epoch, over the epochs that all of them have.
///
/// Trials that stopped early have shorter curves; what comes after the end of the shortest one is not looked at, as a mean
/// over fewer replicates is no longer the mean of the same ones.
#[derive(Clone, Debug)]
pub struct LearningCurves<'a> {
    curves: Vec<&'a [f32]>,
    epochs: usize,
}

/// The epoch of the smallest mean loss, counted from 0; the earliest on ties.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BestEpochs {
    /// Of the mean curve of all replicates.
    pub of_all: usize,
    /// For each replicate that of the mean curve of the others.
    pub of_others: Vec<usize>,
}

/// Prechelt's generalisation loss (1998) of one curve, in per cent: 100 * (last / smallest - 1).
///
/// Never negative, whatever the curve, so by itself it proves nothing. `None` without epochs, for a value that is not
/// finite, or where the smallest is not above 0.
pub fn generalization_loss(curve: &[f64]) -> Option<f64> {
    let smallest = curve.iter().copied().min_by(f64::total_cmp)?;
    growth(*curve.last()?, smallest).filter(|_| curve.iter().all(|value| value.is_finite()))
}

/// How much the loss rose from its best stretch of epochs to the last tenth.
#[derive(Clone, Debug, PartialEq)]
pub struct Rise {
    /// For each replicate the logarithm of its mean loss over the last tenth against that over the best stretch.
    pub logarithms: Vec<f64>,
    /// The stretches, each of which could have been the best: at least one.
    pub candidates: usize,
}

impl<'a> LearningCurves<'a> {
    /// `None` for fewer than two curves, for one without epochs, or for a value within the common epochs that is not
    /// finite.
    pub fn new(curves: Vec<&'a [f32]>) -> Option<Self> {
        let epochs = curves.iter().map(|curve| curve.len()).min().filter(|epochs| *epochs > 0)?;
        let is_finite = |curve: &&[f32]| curve.iter().take(epochs).all(|value| value.is_finite());
        (curves.len() > 1 && curves.iter().all(is_finite)).then_some(Self { curves, epochs })
    }

    /// Epochs that all replicates have.
    pub fn epochs(&self) -> usize {
        self.epochs
    }

    /// Where the mean curves are smallest.
    pub fn best_epochs(&self) -> BestEpochs {
        let totals: Vec<f64> = (0..self.epochs)
            .map(|epoch| sum(self.curves.iter().filter_map(|curve| curve.get(epoch)).map(|value| f64::from(*value))))
            .collect();
        let without =
            |curve: &&[f32]| smallest(totals.iter().zip(curve.iter()).map(|(total, value)| total - f64::from(*value)));
        BestEpochs { of_all: smallest(totals.iter().copied()), of_others: self.curves.iter().map(without).collect() }
    }

    /// The values of every replicate at an epoch of its own.
    pub fn at(&self, epochs: &[usize]) -> Vec<f64> {
        let value = |(curve, epoch): (&&[f32], &usize)| curve.get(*epoch).map(|value| f64::from(*value));
        self.curves.iter().zip(epochs).filter_map(value).collect()
    }

    /// The values of every replicate at the last common epoch.
    pub fn at_the_end(&self) -> Vec<f64> {
        self.at(&vec![self.epochs - 1; self.curves.len()])
    }

    /// The rise from the stretch of epochs with the smallest mean loss to the last tenth of the common epochs, and at least
    /// the last one. It is negative where no stretch was better. `None` for a single epoch, or where a loss is not above 0.
    pub fn rise(&self) -> Option<Rise> {
        let end = self.epochs - tenth(self.epochs).max(1);
        let mean_of = |curve: &&[f32], epochs: Range<usize>| {
            let values: Vec<f64> = curve.get(epochs)?.iter().map(|value| f64::from(*value)).collect();
            mean(&values).filter(|mean| *mean > 0.0)
        };
        let means_of = |epochs: Range<usize>| {
            self.curves.iter().map(|curve| mean_of(curve, epochs.clone())).collect::<Option<Vec<f64>>>()
        };
        let means = stretches(end).into_iter().map(means_of).collect::<Option<Vec<_>>>()?;
        let best = means.get(smallest(means.iter().map(|means| sum(means.iter().copied()))))?;
        let last = means_of(end..self.epochs)?;
        let logarithms = last.iter().zip(best).map(|(last, best)| libm::log(last / best)).collect();
        Some(Rise { logarithms, candidates: means.len() })
    }

    /// The generalisation loss of each replicate, from the best epoch of the others, in per cent: it can be negative, and
    /// is 0 on average where nothing rises. `None` where a loss is not above 0.
    pub fn generalization_losses(&self, best: &BestEpochs) -> Option<Vec<f64>> {
        self.at_the_end().into_iter().zip(self.at(&best.of_others)).map(|(last, best)| growth(last, best)).collect()
    }

    /// How much each replicate's loss fell over the last tenth of the common epochs, and at least over the last one;
    /// `None` for a single epoch.
    pub fn falls(&self) -> Option<Vec<f64>> {
        let before = self.epochs.checked_sub(1 + tenth(self.epochs).max(1))?;
        Some(differences(&self.at(&vec![before; self.curves.len()]), &self.at_the_end()))
    }
}

/// Whether an epoch, counted from 0, is in the first tenth of so many; never of fewer than ten.
pub fn is_early(epoch: usize, epochs: usize) -> bool {
    epoch < tenth(epochs)
}

/// The epochs before `end` in stretches of 1, 1, 2, 4, 8, ... epochs; the last is cut.
fn stretches(end: usize) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut start = 0;
    while start < end {
        let next = (2 * start).max(start + 1).min(end);
        found.push(start..next);
        start = next;
    }
    found
}

fn tenth(epochs: usize) -> usize {
    epochs / 10
}

fn differences(one: &[f64], other: &[f64]) -> Vec<f64> {
    one.iter().zip(other).map(|(one, other)| one - other).collect()
}

/// 100 * (last / first - 1); `None` unless both are finite and the first is above 0.
fn growth(last: f64, first: f64) -> Option<f64> {
    (first > 0.0).then(|| 100.0 * (last / first - 1.0)).filter(|growth| growth.is_finite())
}

/// The place of the smallest value, the first on ties; 0 for none.
fn smallest(values: impl Iterator<Item = f64>) -> usize {
    values.enumerate().min_by(|one, other| one.1.total_cmp(&other.1)).map_or(0, |(place, _)| place)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::statistics::alpha::Alpha;
    use crate::statistics::golden::{assert_digits, assert_near};
    use crate::statistics::mean_test::{MeanTest, Replicates};

    /// Curves of four replicates with their smallest losses at epochs 4 and 5.
    const CURVES: [[f32; 12]; 4] = [
        [0.90, 0.62, 0.50, 0.44, 0.46, 0.47, 0.50, 0.53, 0.52, 0.56, 0.58, 0.60],
        [0.95, 0.60, 0.52, 0.47, 0.45, 0.49, 0.51, 0.50, 0.55, 0.57, 0.56, 0.61],
        [0.88, 0.65, 0.49, 0.46, 0.47, 0.46, 0.48, 0.52, 0.54, 0.53, 0.59, 0.58],
        [0.92, 0.61, 0.53, 0.45, 0.44, 0.48, 0.52, 0.51, 0.53, 0.58, 0.57, 0.63],
    ];

    fn golden(epochs: usize) -> LearningCurves<'static> {
        LearningCurves::new(CURVES.iter().map(|curve| &curve[..epochs]).collect()).unwrap()
    }

    #[test]
    fn the_generalisation_loss_is_prechelts() {
        // NumPy 2.4: 100 * (c[-1] / c.min() - 1).
        assert_digits(generalization_loss(&[1.0, 0.6, 0.5, 0.45, 0.47, 0.52]).unwrap(), "15.5556");
        assert_eq!(generalization_loss(&[0.3, 0.2]), Some(0.0));
        for nothing in [&[][..], &[0.3, f64::NAN], &[0.0, 0.1], &[f64::INFINITY, 1.0]] {
            assert_eq!(generalization_loss(nothing), None);
        }
    }

    #[test]
    fn the_growth_of_the_golden_curves_agrees_with_numpy() {
        // NumPy 2.4: argmin of np.delete(V, r, 0).mean(0), and 100 * (V[r, -1] / V[r, that] - 1).
        let curves = golden(12);
        let best = curves.best_epochs();
        assert_eq!(best, BestEpochs { of_all: 3, of_others: vec![4, 3, 4, 3] });
        for (growth, golden) in curves.generalization_losses(&best).unwrap().into_iter().zip([
            "30.43478543",
            "29.78723742",
            "23.40425208",
            "40.00000265",
        ]) {
            assert_digits(growth, golden);
        }
    }

    #[test]
    fn the_rise_of_the_golden_curves_agrees_with_scipy() {
        // NumPy 2.4: log of V[:, 11] over the means of V[:, 2:4]; SciPy 1.17: ttest_1samp(..., alternative="greater").
        let rise = golden(12).rise().unwrap();
        assert_eq!(rise.candidates, 5);
        let test = MeanTest::new(&rise.logarithms, Replicates::Independent).unwrap();
        assert_digits(test.mean(), "0.2260314888");
        assert_near(5.0 * test.greater_than(0.0).p, 0.000_981_728_456_1, 1e-8);
        assert_digits(test.interval(Alpha::FIVE_PERCENT.over(5)).low, "0.1514729106");
        assert_digits(test.interval(Alpha::FIVE_PERCENT.over(5)).high, "0.3005900671");
    }

    #[test]
    fn stretches_double_and_cover_all_epochs_before_the_end() {
        assert_eq!(stretches(11), [0..1, 1..2, 2..4, 4..8, 8..11]);
        assert_eq!((stretches(1).len(), stretches(0).len()), (1, 0));
    }

    #[test]
    fn curves_that_are_lowest_at_the_end_fall_and_one_epoch_cannot_rise() {
        assert!(golden(3).rise().unwrap().logarithms.iter().all(|logarithm| *logarithm < 0.0));
        assert_eq!(golden(1).rise(), None);
        assert_eq!(LearningCurves::new(vec![&[0.1, 0.2], &[0.0, 0.1]]).unwrap().rise(), None);
    }

    #[test]
    fn the_fall_of_the_golden_curves_agrees_with_scipy() {
        // SciPy 1.17: ttest_1samp(V[:, 2] - V[:, 3], .01 * V[:, 3].mean(), alternative="greater").
        let curves = golden(4);
        let test = MeanTest::new(&curves.falls().unwrap(), Replicates::Independent).unwrap();
        assert_digits(test.mean(), "0.0549999923");
        let margin = 0.01 * mean(&curves.at_the_end()).unwrap();
        assert_near(test.greater_than(margin).p, 0.008_378_310_629_7, 1e-9);
        assert_eq!(golden(1).falls(), None);
    }

    #[test]
    fn curves_of_different_lengths_are_compared_over_the_epochs_that_all_have() {
        let short: Vec<&[f32]> = CURVES.iter().zip([12, 8, 5, 9]).map(|(curve, epochs)| &curve[..epochs]).collect();
        let curves = LearningCurves::new(short).unwrap();
        assert_eq!((curves.epochs(), curves.rise()), (5, golden(5).rise()));
    }

    #[test]
    fn one_curve_or_none_or_a_hole_is_not_enough() {
        assert!(LearningCurves::new(vec![&[0.1]]).is_none());
        assert!(LearningCurves::new(vec![]).is_none());
        assert!(LearningCurves::new(vec![&[0.1], &[]]).is_none());
        assert!(LearningCurves::new(vec![&[0.1], &[f32::NAN]]).is_none());
        assert!(LearningCurves::new(vec![&[0.1], &[0.2, f32::NAN]]).is_some());
    }

    #[test]
    fn only_ten_epochs_and_more_have_an_early_tenth() {
        assert!(!is_early(0, 9));
        assert!(is_early(0, 10) && !is_early(1, 10));
    }

    proptest! {
        #[test]
        fn permuting_replicates_permutes_rises_to_the_bit(
            curves in prop::collection::vec(prop::collection::vec(0.1..1.0_f32, 9), 2..6), turn in 0..6_usize
        ) {
            let rises = |curves: &[Vec<f32>]| {
                let curves = LearningCurves::new(curves.iter().map(Vec::as_slice).collect()).unwrap();
                [curves.rise().unwrap().logarithms, curves.generalization_losses(&curves.best_epochs()).unwrap()]
            };
            let turn = turn % curves.len();
            let mut turned = curves.clone();
            turned.rotate_left(turn);
            let mut expected = rises(&curves);
            for values in &mut expected { values.rotate_left(turn); }
            prop_assert_eq!(rises(&turned), expected);
        }

        #[test]
        fn prechelts_loss_is_never_negative_and_that_from_the_others_can_be(
            curve in prop::collection::vec(0.1..1.0_f64, 1..9)
        ) {
            prop_assert!(generalization_loss(&curve).unwrap() >= 0.0);
            let down: Vec<Vec<f32>> = vec![vec![0.2, 0.3], vec![0.3, 0.2], vec![0.2, 0.3]];
            let curves = LearningCurves::new(down.iter().map(Vec::as_slice).collect()).unwrap();
            prop_assert!(curves.generalization_losses(&curves.best_epochs()).unwrap()[1] < 0.0);
        }
    }
}
