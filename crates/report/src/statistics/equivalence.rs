//! Not worse by more than a margin, and the same within a margin.

use super::mean_test::{MeanTest, OneSided};

/// Two one-sided tests of a difference against a margin (Schuirmann 1987).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Equivalence {
    /// That the difference is under the margin: non-inferiority where less is better.
    pub under_margin: OneSided,
    /// That the difference is over minus the margin: non-inferiority where more is better.
    pub over_minus_margin: OneSided,
}

impl Equivalence {
    /// The p of "the same within the margin", which needs both sides: the larger.
    pub fn p(&self) -> f64 {
        self.under_margin.p.max(self.over_minus_margin.p)
    }
}

/// Tests the mean difference against `margin`, in the units of the difference; `None` for a negative margin or NaN.
pub fn equivalence(difference: &MeanTest, margin: f64) -> Option<Equivalence> {
    (margin >= 0.0).then(|| Equivalence {
        under_margin: difference.less_than(margin),
        over_minus_margin: difference.greater_than(-margin),
    })
}

#[cfg(test)]
mod tests {
    use super::equivalence;
    use crate::statistics::golden::{A, B, assert_digits, assert_near};
    use crate::statistics::mean_test::{MeanTest, Replicates};
    use crate::statistics::paired::Pairs;

    #[test]
    fn the_golden_pair_is_not_worse_by_a_fiftieth_as_statsmodels_says() {
        // statsmodels 0.15: ttost_paired(a, b, -.02, .02).
        let test = Pairs::of_values(&A, &B).unwrap().test(Replicates::Independent).unwrap();
        let equivalence = equivalence(&test, 0.02).unwrap();
        assert_digits(equivalence.under_margin.t.unwrap(), "-3.933778");
        assert_digits(equivalence.under_margin.p, "0.008524");
        assert_digits(equivalence.p(), "0.008524");
        assert!(equivalence.over_minus_margin.p < equivalence.under_margin.p);
    }

    #[test]
    fn constant_differences_are_judged_by_the_one_sided_sign_flip() {
        let test = MeanTest::new(&[0.01; 5], Replicates::Independent).unwrap();
        assert_near(equivalence(&test, 0.02).unwrap().p(), 0.03125, 1e-12);
        assert_near(equivalence(&test, 0.005).unwrap().p(), 1.0, 1e-12);
    }

    #[test]
    fn a_margin_that_is_negative_or_nan_is_no_margin() {
        let test = MeanTest::new(&[0.01, 0.02], Replicates::Independent).unwrap();
        assert_eq!(equivalence(&test, -0.1), None);
        assert_eq!(equivalence(&test, f64::NAN), None);
    }
}
