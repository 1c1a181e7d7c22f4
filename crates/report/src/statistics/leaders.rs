//! The set of points that are not told apart from the best: not one winner.

use super::alpha::Alpha;
use super::mean_test::Replicates;
use super::multiple::holm;
use super::paired::Pairs;
use super::sum::mean;
use super::verdict::Direction;

/// The point with the best mean over the replicates it has, and all points not told apart from it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leaders {
    /// The place of the point with the best mean; the first of those that tie.
    pub leader: usize,
    /// The places of all points not told apart from it, the leader among them, ascending.
    pub not_told_apart: Vec<usize>,
}

/// Compares every point with the leader by paired t tests, Holm over all of them; `values[point][replicate]`.
///
/// A point with fewer than two pairs is never told apart. Points without any finite value cannot lead and are left out;
/// whether a point with missing replicates may lead is the caller's to decide. `None` if no point has a value, or for
/// rows of different lengths.
pub fn leaders(values: &[Vec<Option<f64>>], direction: Direction, alpha: Alpha) -> Option<Leaders> {
    if values.iter().any(|point| Some(point.len()) != values.first().map(Vec::len)) {
        return None;
    }
    let means: Vec<(usize, f64)> =
        values.iter().enumerate().filter_map(|(place, point)| Some((place, mean_of_present(point)?))).collect();
    let sign = if direction == Direction::LowerIsBetter { 1.0 } else { -1.0 };
    let (leader, _) = means.iter().copied().min_by(|one, other| (sign * one.1).total_cmp(&(sign * other.1)))?;
    let mut tested = Vec::new();
    let mut not_told_apart = vec![leader];
    for place in means.iter().map(|(place, _)| *place).filter(|place| *place != leader) {
        let test = Pairs::new(&values[place], &values[leader]).and_then(|pairs| pairs.test(Replicates::Independent));
        match test {
            Some(test) => tested.push((place, test)),
            None => not_told_apart.push(place),
        }
    }
    let adjusted = holm(&tested.iter().map(|(_, test)| test.p()).collect::<Vec<_>>())?;
    for ((place, test), p) in tested.iter().zip(adjusted) {
        let apart = p < alpha.get() || (test.is_constant() && test.mean() != 0.0);
        if !apart {
            not_told_apart.push(*place);
        }
    }
    not_told_apart.sort_unstable();
    Some(Leaders { leader, not_told_apart })
}

fn mean_of_present(point: &[Option<f64>]) -> Option<f64> {
    mean(&point.iter().copied().flatten().filter(|value| value.is_finite()).collect::<Vec<_>>())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statistics::golden::{A, B};

    fn present(values: &[f64]) -> Vec<Option<f64>> {
        values.iter().copied().map(Some).collect()
    }

    #[test]
    fn points_told_apart_from_the_leader_are_not_among_the_leaders() {
        let near = [0.2499, 0.2440, 0.2599, 0.2535, 0.2490];
        let values = [present(&A), present(&B), present(&near), vec![Some(0.9), None, None, None, None]];
        let found = leaders(&values, Direction::LowerIsBetter, Alpha::FIVE_PERCENT).unwrap();
        assert_eq!(found, Leaders { leader: 1, not_told_apart: vec![1, 2, 3] });
    }

    #[test]
    fn a_point_without_any_value_neither_leads_nor_follows() {
        let values = [vec![None, None], present(&[0.2, 0.3]), vec![Some(f64::NAN), None]];
        let found = leaders(&values, Direction::LowerIsBetter, Alpha::FIVE_PERCENT).unwrap();
        assert_eq!(found, Leaders { leader: 1, not_told_apart: vec![1] });
        assert_eq!(leaders(&[vec![None]], Direction::LowerIsBetter, Alpha::FIVE_PERCENT), None);
        assert_eq!(leaders(&[], Direction::LowerIsBetter, Alpha::FIVE_PERCENT), None);
    }
}
