//! Whether another draw of the same replicates would have chosen the same point.

use super::multisets::{MOST_ENUMERATED, multisets};
use super::stream::Stream;
use super::sum::sum;
use super::verdict::Direction;

/// The share of resamples of whole replicates in which each point has the best mean; `values[point][replicate]`.
///
/// Replicates are drawn jointly for all points: all n^n draws for up to 8, else `resamples` from the stream of
/// `seed`. Points that tie share the draw. `None` without points or replicates, for rows of different lengths, or if
/// a value is not finite.
pub fn stability(values: &[Vec<f64>], direction: Direction, seed: u64, resamples: usize) -> Option<Vec<f64>> {
    let n = values.first()?.len();
    let whole = |point: &Vec<f64>| point.len() == n && point.iter().all(|value| value.is_finite());
    if n == 0 || !values.iter().all(whole) {
        return None;
    }
    let draws = if n <= MOST_ENUMERATED { multisets(n) } else { seeded_draws(n, seed, resamples) };
    let mut won = vec![Vec::new(); values.len()];
    let mut weight = 0;
    for (counts, ways) in draws {
        let totals: Vec<f64> = values
            .iter()
            .map(|point| {
                let total = sum(point.iter().zip(&counts).map(|(value, count)| value * *count as f64));
                if direction == Direction::LowerIsBetter { total } else { -total }
            })
            .collect();
        let best = totals.iter().copied().min_by(f64::total_cmp)?;
        let tied = totals.iter().filter(|total| **total <= best).count();
        for (won, total) in won.iter_mut().zip(&totals) {
            if *total <= best {
                won.push(ways as f64 / tied as f64);
            }
        }
        weight += ways;
    }
    Some(won.into_iter().map(|won| sum(won) / weight as f64).collect())
}

/// How many different draws of `n` replicates [`stability`] goes through.
pub fn draws(n: usize, resamples: usize) -> usize {
    if n <= MOST_ENUMERATED { multisets(n).len() } else { resamples }
}

fn seeded_draws(n: usize, seed: u64, resamples: usize) -> Vec<(Vec<usize>, u64)> {
    let mut stream = Stream::new(seed);
    let mut draw = || {
        let mut counts = vec![0; n];
        for _ in 0..n {
            counts[stream.below(n)] += 1;
        }
        counts
    };
    (0..resamples).map(|_| (draw(), 1)).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::statistics::golden::{A, B, assert_near};

    #[test]
    fn a_point_that_is_better_in_every_replicate_wins_every_resample() {
        let values = [A.to_vec(), B.to_vec()];
        assert_eq!(stability(&values, Direction::LowerIsBetter, 0, 100), Some(vec![0.0, 1.0]));
        assert_eq!(stability(&values, Direction::HigherIsBetter, 0, 100), Some(vec![1.0, 0.0]));
    }

    #[test]
    fn shares_count_all_draws_and_ties_share_theirs() {
        // By hand: of the 4 draws of 2 replicates, 2 mix both and tie.
        let values = [vec![0.0, 1.0], vec![1.0, 0.0]];
        assert_eq!(stability(&values, Direction::LowerIsBetter, 0, 100), Some(vec![0.5, 0.5]));
        let values = [vec![0.0, 1.0], vec![1.0, 0.5]];
        assert_eq!(stability(&values, Direction::LowerIsBetter, 0, 100), Some(vec![0.75, 0.25]));
    }

    #[test]
    fn many_replicates_are_resampled_by_seed() {
        let points: Vec<Vec<f64>> = (0..3)
            .map(|point| (0..12).map(|replicate| f64::from((point * 7 + replicate * 5) % 11)).collect())
            .collect();
        let shares = stability(&points, Direction::LowerIsBetter, 1, 1_000).unwrap();
        assert_near(shares.iter().sum(), 1.0, 1e-12);
        assert_eq!(stability(&points, Direction::LowerIsBetter, 1, 1_000), Some(shares));
    }

    #[test]
    fn a_matrix_with_holes_has_no_stability() {
        assert_eq!(stability(&[], Direction::LowerIsBetter, 0, 100), None);
        assert_eq!(stability(&[vec![]], Direction::LowerIsBetter, 0, 100), None);
        assert_eq!(stability(&[vec![1.0], vec![1.0, 2.0]], Direction::LowerIsBetter, 0, 100), None);
        assert_eq!(stability(&[vec![f64::NAN]], Direction::LowerIsBetter, 0, 100), None);
    }

    proptest! {
        #[test]
        fn permuting_replicates_or_points_permutes_stability(
            values in prop::collection::vec(prop::collection::vec(-1.0..1.0_f64, 4), 2..6), turn in 0..6_usize
        ) {
            let shares = stability(&values, Direction::LowerIsBetter, 0, 100).unwrap();
            let mut turned = values.clone();
            for point in &mut turned {
                point.rotate_left(turn % 4);
            }
            prop_assert_eq!(&stability(&turned, Direction::LowerIsBetter, 0, 100).unwrap(), &shares);
            turned.rotate_left(turn % values.len());
            let mut expected = shares;
            expected.rotate_left(turn % values.len());
            prop_assert_eq!(stability(&turned, Direction::LowerIsBetter, 0, 100).unwrap(), expected);
        }
    }
}
