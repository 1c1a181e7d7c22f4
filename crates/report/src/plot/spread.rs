//! Which of many are drawn.

/// The places `0..count`, or of more than `most` so many that are evenly spread, the first and the last among them.
pub fn spread(count: usize, most: usize) -> impl Iterator<Item = usize> {
    let shown = count.min(most);
    (0..shown).map(move |place| if count > most { place * (count - 1) / (most - 1).max(1) } else { place })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::spread;

    #[test]
    fn few_are_all_drawn() {
        assert_eq!(spread(5, 12).collect::<Vec<_>>(), [0, 1, 2, 3, 4]);
        assert_eq!(spread(0, 12).count(), 0);
        assert_eq!(spread(3, 1).collect::<Vec<_>>(), [0]);
    }

    proptest! {
        #[test]
        fn of_many_the_first_and_the_last_are_drawn_and_the_gaps_differ_by_one_at_most(
            most in 2_usize..50, more in 1_usize..2_000
        ) {
            let places: Vec<usize> = spread(most + more, most).collect();
            prop_assert_eq!((places.len(), places[0], places[most - 1]), (most, 0, most + more - 1));
            let gaps: Vec<usize> = places.windows(2).map(|pair| pair[1] - pair[0]).collect();
            prop_assert!(gaps.iter().max().unwrap() - gaps.iter().min().unwrap() <= 1, "{:?}", gaps);
        }
    }
}
