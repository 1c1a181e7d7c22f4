//! The first so many training rows of a replicate.

use std::num::NonZeroU32;

use super::cut::CutFault;
use crate::random::Stream;

/// The first `wanted` of the training rows in a random order; ascending.
///
/// Row k, counted from 0, of a class of n stands at the place (k + 1/2) / n of the order: so the classes take turns, and
/// however many rows are taken, each class is among them in proportion. Fewer rows are always a part of more.
pub(super) fn take_first(
    wanted: NonZeroU32,
    train: &[u32],
    class_of: impl Fn(u32) -> usize,
    class_count: usize,
    stream: &mut Stream,
) -> Result<Vec<u32>, CutFault> {
    let (wanted, available) = (wanted.get() as usize, train.len());
    if wanted > available {
        return Err(CutFault::TooFewToLearnFrom { wanted: wanted as u64, available: available as u64 });
    }
    let order = order(train, &class_of, class_count, stream);
    let first_place = |class: usize| order.iter().position(|&row| class_of(row) == class);
    let latest = (0..class_count).filter_map(|class| Some((first_place(class)?, class))).max();
    if let Some((place, class)) = latest.filter(|(place, _)| *place >= wanted) {
        return Err(CutFault::ClassNotReached { class, wanted: wanted as u64, needed: place as u64 + 1 });
    }
    let mut taken: Vec<u32> = order.into_iter().take(wanted).collect();
    taken.sort_unstable();
    Ok(taken)
}

/// All rows in the order in which they are taken.
fn order(train: &[u32], class_of: impl Fn(u32) -> usize, class_count: usize, stream: &mut Stream) -> Vec<u32> {
    let mut counts = vec![0u128; class_count];
    let mut ranked: Vec<(u128, usize, u32)> = Vec::with_capacity(train.len());
    for index in stream.permutation(train.len() as u32) {
        let Some(&row) = train.get(index as usize) else { continue };
        let class = class_of(row);
        if let Some(count) = counts.get_mut(class) {
            ranked.push((*count, class, row));
            *count += 1;
        }
    }
    let count = |class: usize| counts.get(class).copied().unwrap_or(1);
    // (a + 1/2) / n against (b + 1/2) / m, without a division.
    ranked.sort_by(|&(a, of_a, _), &(b, of_b, _)| {
        ((2 * a + 1) * count(of_b)).cmp(&((2 * b + 1) * count(of_a))).then(of_a.cmp(&of_b))
    });
    ranked.into_iter().map(|(_, _, row)| row).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::random::Purpose;

    fn take(wanted: u32, classes: &[u32], seed: u64) -> Result<Vec<u32>, CutFault> {
        let train: Vec<u32> = (0..classes.len() as u32).collect();
        let class_count = classes.iter().max().map_or(1, |&class| class as usize + 1);
        let mut stream = Stream::new(seed, 0, Purpose::TrainingRows, 0);
        let class_of = |row: u32| classes[row as usize] as usize;
        take_first(NonZeroU32::new(wanted).unwrap(), &train, class_of, class_count, &mut stream)
    }

    #[test]
    fn more_rows_than_there_are_cannot_be_taken() {
        assert_eq!(take(9, &[0; 8], 7), Err(CutFault::TooFewToLearnFrom { wanted: 9, available: 8 }));
        assert_eq!(take(8, &[0; 8], 7).unwrap(), (0..8).collect::<Vec<u32>>());
    }

    /// Eight rows of class 0 stand at 1/16, 3/16, 5/16, ..., the one of class 1 at 1/2: after four of them.
    #[test]
    fn a_class_that_is_not_reached_is_refused_with_the_rows_that_would_do() {
        let classes = [0, 0, 0, 0, 0, 0, 0, 0, 1];
        assert_eq!(take(4, &classes, 7), Err(CutFault::ClassNotReached { class: 1, wanted: 4, needed: 5 }));
        assert!(take(5, &classes, 7).unwrap().contains(&8));
    }

    #[test]
    fn another_seed_takes_other_rows() {
        assert_ne!(take(10, &[0; 100], 7).unwrap(), take(10, &[0; 100], 8).unwrap());
    }

    proptest! {
        #[test]
        fn fewer_rows_are_a_part_of_more_and_hold_each_class_in_proportion(
            classes in prop::collection::vec(0u32..3, 30..90), few in 9u32..20, more in 20u32..30, seed: u64,
        ) {
            let mut classes = classes;
            classes.extend([0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2]);
            let Ok(small) = take(few, &classes, seed) else { return Ok(()) };
            let large = take(more, &classes, seed).unwrap();
            prop_assert!(small.iter().all(|row| large.contains(row)));
            prop_assert_eq!(small.len(), few as usize);
            for class in 0..3 {
                let share = classes.iter().filter(|&&of| of == class).count() as f64 / classes.len() as f64;
                let taken = small.iter().filter(|&&row| classes[row as usize] == class).count();
                // Each of the three classes is within 1/2 of the same part of its rows.
                let most = 0.5 + share * 1.5 + 1e-9;
                prop_assert!((taken as f64 - share * f64::from(few)).abs() <= most, "{taken} of {few}, share {share}");
            }
        }
    }
}
