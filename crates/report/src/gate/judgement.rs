//! One point, or all of them, against the baseline: the numbers, and which of three answers they give.

use std::cmp::Ordering;

use crate::contrast::FEWEST_REPLICATES;
use crate::figure::Figure;
use crate::statistics::distribution::student_t_quantile;
use crate::statistics::{Alpha, Direction, MeanTest, OneSided, Pairs, Replicates, holm_of, mean};

/// All points are one family, the differences over all of them another; each has its part of alpha.
const FAMILIES: usize = 2;

/// The most replicates that are said to settle an answer.
const MOST_NEEDED: usize = 10_000;

/// What is asked of every point.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Terms {
    /// Differences below this share of the baseline's mean do not matter.
    pub margin: f64,
    /// The false alarms allowed, over all points together; a bound is wrong this often.
    pub alpha: Alpha,
    /// What is compared; `None`: what decides which point is best (the loss, unless the sweep names a metric) on the validation
    /// rows, and on the test rows where the sweep keeps some.
    pub figure: Option<Figure>,
}

/// One of three answers; the order is from the best to the worst.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Finding {
    /// Not worse than the baseline by the margin.
    Passed,
    /// Neither shown to be worse nor shown to be not worse: never a silent pass.
    CannotTell,
    /// Worse than the baseline.
    Regressed,
}

/// How much worse something is than the baseline, over the replicates that both finished.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Judged {
    /// What was compared.
    pub figure: Figure,
    /// Replicates that were compared.
    pub n: usize,
    /// Mean of the baseline over them.
    pub baseline: f64,
    /// Mean of what is judged over them.
    pub new: f64,
    /// Mean difference in the direction that is worse: above 0 is worse.
    pub worse_by: f64,
    /// The differences up to this do not matter: the margin in the figure's own units.
    pub margin: f64,
    /// The end of the interval of `worse_by` that is open above, wrong with probability alpha; `None` for one replicate.
    pub low: Option<f64>,
    /// The end of the interval of `worse_by` that is open below, wrong with probability alpha; `None` for one replicate.
    pub high: Option<f64>,
    /// The p value of "not worse", by a one-sided paired t test.
    pub p: Option<f64>,
    /// The same after Holm over all that was tested.
    pub p_holm: Option<f64>,
    /// The answer.
    pub finding: Finding,
    /// Where it cannot tell: the replicates that would settle it at the mean and spread seen, if so few would.
    pub needed: Option<usize>,
}

impl Judged {
    /// The one that matters more: the worse answer, then the smaller p.
    pub(super) fn worse(self, other: Self) -> Self {
        let p = |judged: &Self| judged.p.unwrap_or(1.0);
        let order = other.finding.cmp(&self.finding).then(p(&self).total_cmp(&p(&other)));
        if order == Ordering::Greater { other } else { self }
    }

    /// The difference as a share of the baseline's mean; `None` where that is 0.
    pub fn relative(&self) -> Option<f64> {
        Some(self.worse_by / self.baseline.abs()).filter(|share| share.is_finite())
    }
}

/// Differences before those of the other points are known.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Evidence {
    figure: Figure,
    n: usize,
    baseline: f64,
    new: f64,
    worse_by: f64,
    test: Option<MeanTest>,
}

impl Evidence {
    /// Pairs by replicate; `None` where no replicate has a value on both sides.
    pub(super) fn new(
        figure: Figure,
        new: &[Option<f64>],
        baseline: &[Option<f64>],
        direction: Direction,
    ) -> Option<Self> {
        let common = new.len().min(baseline.len());
        let pairs = Pairs::new(new.get(..common)?, baseline.get(..common)?)?;
        let worse = match direction {
            Direction::LowerIsBetter => Pairs::of_values(pairs.a(), pairs.b())?,
            Direction::HigherIsBetter => Pairs::of_values(pairs.b(), pairs.a())?,
        };
        Some(Self {
            figure,
            n: pairs.n(),
            baseline: mean(pairs.b())?,
            new: mean(pairs.a())?,
            worse_by: worse.mean_difference()?,
            test: worse.test(Replicates::Independent),
        })
    }

    fn above_zero(&self) -> Option<OneSided> {
        self.test.map(|test| test.greater_than(0.0))
    }

    fn judged(&self, p_holm: Option<f64>, comparisons: usize, terms: &Terms) -> Judged {
        let margin = terms.margin * self.baseline.abs();
        let finding = self.finding(margin, p_holm.unwrap_or(1.0), terms.alpha);
        Judged {
            figure: self.figure,
            n: self.n,
            baseline: self.baseline,
            new: self.new,
            worse_by: self.worse_by,
            margin,
            low: self.test.map(|test| test.lower_bound(terms.alpha)),
            high: self.test.map(|test| test.upper_bound(terms.alpha)),
            p: self.above_zero().map(|test| test.p),
            p_holm,
            finding,
            needed: self.needed(margin, terms.alpha, comparisons).filter(|_| finding == Finding::CannotTell),
        }
    }

    fn finding(&self, margin: f64, p_holm: f64, alpha: Alpha) -> Finding {
        let Some(test) = self.test.filter(|test| test.n() >= FEWEST_REPLICATES) else { return Finding::CannotTell };
        // Equal differences in every replicate are exact: their size decides, whatever the sign-flip p.
        let is_told = test.is_constant() || p_holm < alpha.get();
        if test.mean() > margin && is_told {
            Finding::Regressed
        } else if test.upper_bound(alpha) <= margin {
            Finding::Passed
        } else {
            Finding::CannotTell
        }
    }

    /// The fewest replicates with which the bound that decides would be on the right side, at the mean and spread seen.
    fn needed(&self, margin: f64, alpha: Alpha, comparisons: usize) -> Option<usize> {
        let test = self.test?;
        // What the half width must stay under: the way to 0 where the mean is beyond the margin, else to the margin.
        let (room, alpha) = if test.mean() > margin {
            (test.mean(), alpha.over(comparisons * FAMILIES))
        } else {
            (margin - test.mean(), alpha)
        };
        let is_enough = |n: usize| {
            let t = student_t_quantile(1.0 - alpha.get(), (n - 1) as f64);
            t.is_some_and(|t| t * test.sd() / (n as f64).sqrt() < room)
        };
        if !is_enough(MOST_NEEDED) {
            return None;
        }
        let (mut low, mut high) = (FEWEST_REPLICATES, MOST_NEEDED);
        while low < high {
            let middle = usize::midpoint(low, high);
            if is_enough(middle) { high = middle } else { low = middle + 1 }
        }
        Some(high).filter(|needed| *needed > self.n)
    }
}

/// The answers of one family, in its order. Holm's method runs over all of it, in its part of alpha: so a gate raises a false
/// alarm with probability alpha at most, however many points and figures there are.
pub(super) fn judge(family: &[Evidence], terms: &Terms) -> Vec<Judged> {
    let p_values: Vec<Option<f64>> = family.iter().map(|evidence| evidence.above_zero().map(|test| test.p)).collect();
    let tested = p_values.iter().flatten().count();
    let judged = |(evidence, p_holm): (&Evidence, Option<f64>)| {
        evidence.judged(p_holm.map(|p| (p * FAMILIES as f64).min(1.0)), tested, terms)
    };
    family.iter().zip(holm_of(&p_values)).map(judged).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::statistics::golden::{A, B, assert_digits};

    fn terms(margin: f64, alpha: f64) -> Terms {
        Terms { margin, alpha: Alpha::new(alpha).unwrap(), figure: None }
    }

    fn present(values: &[f64]) -> Vec<Option<f64>> {
        values.iter().copied().map(Some).collect()
    }

    fn one(new: &[f64], baseline: &[f64], direction: Direction, terms: &Terms) -> Judged {
        let evidence = Evidence::new(Figure::TEST_LOSS, &present(new), &present(baseline), direction);
        judge(&[evidence.unwrap()], terms).remove(0)
    }

    #[test]
    fn the_golden_pair_regresses_by_a_hundredth_and_passes_within_a_tenth() {
        // SciPy 1.17: ttest_rel(a, b, alternative="greater"): t 4.435962, p .005684705.
        let judged = one(&A, &B, Direction::LowerIsBetter, &terms(0.01, 0.05));
        assert_digits(judged.worse_by, "0.0106");
        assert!((judged.p.unwrap() - 0.005_684_705).abs() < 1e-8, "{judged:?}");
        assert_eq!(judged.finding, Finding::Regressed);
        // 4.2 % of the mean of b, and at most 6.3 % with probability .95: ttost_paired has p under .05 from there on.
        assert_eq!(one(&A, &B, Direction::LowerIsBetter, &terms(0.1, 0.05)).finding, Finding::Passed);
        let unsettled = one(&A, &B, Direction::LowerIsBetter, &terms(0.05, 0.002));
        assert_eq!(unsettled.finding, Finding::CannotTell);
        assert!(unsettled.needed.unwrap() > 5);
    }

    #[test]
    fn where_more_is_better_a_fall_is_worse() {
        let judged = one(&B, &A, Direction::HigherIsBetter, &terms(0.01, 0.05));
        assert_eq!(judged.finding, Finding::Regressed);
        assert_eq!(one(&A, &B, Direction::HigherIsBetter, &terms(0.01, 0.05)).finding, Finding::Passed);
    }

    #[test]
    fn two_replicates_never_settle_anything_and_one_has_no_bounds() {
        assert_eq!(
            one(&[2.0, 2.1], &[1.0, 1.0], Direction::LowerIsBetter, &terms(0.01, 0.05)).finding,
            Finding::CannotTell
        );
        let single = one(&[2.0], &[1.0], Direction::LowerIsBetter, &terms(0.01, 0.05));
        assert_eq!((single.finding, single.low, single.p), (Finding::CannotTell, None, None));
    }

    #[test]
    fn equal_differences_are_exact() {
        let all = |new: f64| one(&[new; 3], &[1.0; 3], Direction::LowerIsBetter, &terms(0.01, 0.002)).finding;
        assert_eq!([1.005, 1.02, 1.0].map(all), [Finding::Passed, Finding::Regressed, Finding::Passed]);
        assert_eq!(one(&[1.0; 3], &[1.0; 3], Direction::LowerIsBetter, &terms(0.0, 0.002)).finding, Finding::Passed);
    }

    proptest! {
        #[test]
        fn scaling_all_losses_changes_no_answer(
            pairs in prop::collection::vec((0.5..1.5_f64, 0.5..1.5_f64), 2..12), power in -20..20_i32
        ) {
            let (new, old): (Vec<f64>, Vec<f64>) = pairs.into_iter().unzip();
            let scaled = |values: &[f64]| values.iter().map(|value| value * 2.0_f64.powi(power)).collect::<Vec<_>>();
            let terms = terms(0.05, 0.05);
            let plain = one(&new, &old, Direction::LowerIsBetter, &terms);
            let other = one(&scaled(&new), &scaled(&old), Direction::LowerIsBetter, &terms);
            prop_assert_eq!((plain.finding, plain.needed, plain.p), (other.finding, other.needed, other.p));
        }

        #[test]
        fn worse_losses_never_give_a_better_answer(
            pairs in prop::collection::vec((0.5..1.5_f64, 0.5..1.5_f64), 3..12), more in 0.0..1.0_f64
        ) {
            let (new, old): (Vec<f64>, Vec<f64>) = pairs.into_iter().unzip();
            let worse: Vec<f64> = new.iter().map(|value| value + more).collect();
            let terms = terms(0.05, 0.05);
            let finding = |new: &[f64]| one(new, &old, Direction::LowerIsBetter, &terms).finding;
            prop_assert!(finding(&worse) >= finding(&new));
        }
    }
}
