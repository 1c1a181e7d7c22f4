//! Which rows train, validate and test.
//!
//! The test rows come from the stream (seed, 0, split, 0), so that they are the same in every replicate; the others
//! from (seed, replicate, split, 1), where the replicate is 0 unless each draws its own rows, and is counted in
//! groups of k under k folds. Classification is stratified: each part holds each class in proportion, rounded by
//! largest remainders, and training is left at least one row of every class.
//!
//! With bootstrap the training rows are drawn with replacement from those that the cut left, as many as these are, from the
//! stream (seed, replicate, bootstrap, 0); class by class, so that each keeps its number of rows and none gets lost. The
//! other parts stay what they are.

use std::num::NonZeroU32;

use super::training_rows::take_first;
use crate::random::{Purpose, Stream};
use crate::spec::Validation;

/// Row numbers, ascending in each part; in a bootstrap, some training rows more than once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Cut {
    pub(super) train: Vec<u32>,
    pub(super) validation: Vec<u32>,
    pub(super) test: Vec<u32>,
    /// All rows that validation and test leave, of which those that are learnt from are some or, in a bootstrap, repeats.
    pub(super) left_to_train: Vec<u32>,
}

/// Why rows cannot be cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum CutFault {
    TooFewForFolds { rows: u64, folds: u32 },
    TooFewRows { rows: u64, test: u64, validation: u64, train: u64 },
    ClassTooSmall { class: usize, rows: u64, needed: u64 },
    TooFewToLearnFrom { wanted: u64, available: u64 },
    ClassNotReached { class: usize, wanted: u64, needed: u64 },
}

/// How rows are to be cut.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cutter<'a> {
    /// Class of every row; a regression has class 0 alone.
    pub(super) classes: &'a [u32],
    /// How many classes there are; at least 1.
    pub(super) class_count: usize,
    pub(super) validation: Validation,
    pub(super) test: f64,
    pub(super) resplit: bool,
    /// How many of the training rows are learnt from; `None`: all.
    pub(super) training_rows: Option<NonZeroU32>,
    pub(super) bootstrap: bool,
}

impl Cutter<'_> {
    /// The rows of one replicate.
    pub(super) fn cut(&self, seed: u64, replicate: u32) -> Result<Cut, CutFault> {
        let rows = self.classes.len() as u64;
        let test_rows = share(rows, self.test);
        let (validation_rows, reserve) = match self.validation {
            Validation::Share(part) => (share(rows, part).max(1), 1),
            Validation::Folds(folds) => ((rows.saturating_sub(test_rows)).div_ceil(u64::from(folds.get())), 2),
        };
        let too_few =
            CutFault::TooFewRows { rows, test: test_rows, validation: validation_rows, train: self.class_count as u64 };
        if test_rows + validation_rows + self.class_count as u64 > rows {
            return Err(too_few);
        }
        let counts = self.counts(0..rows as u32);
        // A class of one row could be learnt or judged, never both.
        let needed = reserve.max(2);
        if self.class_count > 1
            && let Some(class) = counts.iter().position(|&count| count < needed)
        {
            return Err(CutFault::ClassTooSmall { class, rows: counts[class], needed });
        }

        let all: Vec<u32> = (0..rows as u32).collect();
        let quotas = allocate(test_rows, &counts, if self.class_count > 1 { reserve } else { 1 }).ok_or(too_few)?;
        let mut stream = Stream::new(seed, 0, Purpose::Split, 0);
        let (test, rest) = self.draw(&mut stream, &all, quotas);

        let (validation, train, own_rows) = match self.validation {
            Validation::Share(_) => {
                let quotas = allocate(validation_rows, &self.counts(rest.iter().copied()), 1).ok_or(too_few)?;
                let group = if self.resplit { replicate } else { 0 };
                let (validation, train) = self.draw(&mut Stream::new(seed, group, Purpose::Split, 1), &rest, quotas);
                (validation, train, group)
            }
            Validation::Folds(folds) => {
                if (rest.len() as u64) < u64::from(folds.get()) {
                    return Err(CutFault::TooFewForFolds { rows: rest.len() as u64, folds: folds.get() });
                }
                let group = if self.resplit { replicate / folds } else { 0 };
                let mut stream = Stream::new(seed, group, Purpose::Split, 1);
                let (validation, train) = self.fold(&mut stream, &rest, folds.get(), replicate % folds);
                (validation, train, if self.resplit { replicate } else { replicate % folds })
            }
        };
        let left_to_train = train.clone();
        let train = match self.training_rows {
            Some(wanted) => {
                let mut stream = Stream::new(seed, own_rows, Purpose::TrainingRows, 0);
                take_first(wanted, &train, |row| self.class(row), self.class_count, &mut stream)?
            }
            None => train,
        };
        let train = if self.bootstrap { self.with_replacement(seed, replicate, &train) } else { train };
        Ok(Cut { train, validation, test, left_to_train })
    }

    /// As many rows of each class, drawn with replacement, ascending.
    fn with_replacement(&self, seed: u64, replicate: u32, train: &[u32]) -> Vec<u32> {
        let mut stream = Stream::new(seed, replicate, Purpose::Bootstrap, 0);
        let mut drawn = Vec::with_capacity(train.len());
        for class in 0..self.class_count {
            let rows: Vec<u32> = train.iter().copied().filter(|&row| self.class(row) == class).collect();
            drawn.extend(rows.iter().map(|_| rows[stream.below(rows.len() as u32) as usize]));
        }
        drawn.sort_unstable();
        drawn
    }

    /// Rows of each class.
    fn counts(&self, rows: impl Iterator<Item = u32>) -> Vec<u64> {
        let mut counts = vec![0; self.class_count];
        for row in rows {
            counts[self.class(row)] += 1;
        }
        counts
    }

    fn class(&self, row: u32) -> usize {
        self.classes[row as usize] as usize
    }

    /// Parts the candidates in random order: those that a class's quota takes, and the others. Both come out ascending.
    fn draw(&self, stream: &mut Stream, candidates: &[u32], mut quotas: Vec<u64>) -> (Vec<u32>, Vec<u32>) {
        let (mut drawn, mut others) = (Vec::new(), Vec::new());
        for index in stream.permutation(candidates.len() as u32) {
            let row = candidates[index as usize];
            let quota = &mut quotas[self.class(row)];
            if *quota > 0 {
                *quota -= 1;
                drawn.push(row);
            } else {
                others.push(row);
            }
        }
        drawn.sort_unstable();
        others.sort_unstable();
        (drawn, others)
    }

    /// Parts the candidates into one fold and the others: the permuted rows, class after class, are dealt out in turn.
    fn fold(&self, stream: &mut Stream, candidates: &[u32], folds: u32, fold: u32) -> (Vec<u32>, Vec<u32>) {
        let mut order: Vec<u32> =
            stream.permutation(candidates.len() as u32).into_iter().map(|index| candidates[index as usize]).collect();
        order.sort_by_key(|&row| self.class(row));
        let (mut inside, mut outside) = (Vec::new(), Vec::new());
        for (row, turn) in order.into_iter().zip((0..folds).cycle()) {
            if turn == fold { inside.push(row) } else { outside.push(row) }
        }
        inside.sort_unstable();
        outside.sort_unstable();
        (inside, outside)
    }
}

/// A share of rows: rounded, half away from 0, and at least 1 unless the share is 0.
fn share(rows: u64, share: f64) -> u64 {
    if share > 0.0 { (libm::round(rows as f64 * share) as u64).max(1) } else { 0 }
}

/// Divides a total among classes in proportion to their counts by largest remainders (ties: the first class), and
/// leaves each class at least so many. `None` where that cannot be.
fn allocate(total: u64, counts: &[u64], leave: u64) -> Option<Vec<u64>> {
    let all: u64 = counts.iter().sum();
    let limit = |class: usize| counts[class].saturating_sub(leave);
    let mut quotas: Vec<u64> =
        counts.iter().enumerate().map(|(class, count)| (total * count / all.max(1)).min(limit(class))).collect();
    let mut order: Vec<usize> = (0..counts.len()).collect();
    order.sort_by_key(|&class| std::cmp::Reverse(total * counts[class] % all.max(1)));
    let mut left = total - quotas.iter().sum::<u64>();
    while left > 0 {
        let before = left;
        for &class in &order {
            if left > 0 && quotas[class] < limit(class) {
                quotas[class] += 1;
                left -= 1;
            }
        }
        if left == before {
            return None;
        }
    }
    Some(quotas)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn cutter(classes: &[u32], validation: Validation, test: f64) -> Cutter<'_> {
        let class_count = classes.iter().max().map_or(1, |&class| class as usize + 1);
        Cutter { classes, class_count, validation, test, resplit: true, training_rows: None, bootstrap: false }
    }

    fn folds(count: u32) -> Validation {
        Validation::Folds(NonZeroU32::new(count).unwrap())
    }

    fn sizes(cut: &Cut) -> [usize; 3] {
        [cut.train.len(), cut.validation.len(), cut.test.len()]
    }

    /// Rows of classes in a shuffled order, 12 to 39 of each.
    fn classes() -> impl Strategy<Value = Vec<u32>> {
        prop::collection::vec(12usize..40, 1..5)
            .prop_map(|counts| (0..).zip(counts).flat_map(|(class, count)| vec![class; count]).collect::<Vec<u32>>())
            .prop_shuffle()
    }

    fn validation() -> impl Strategy<Value = Validation> {
        prop_oneof![(0.01..0.4).prop_map(Validation::Share), (2u32..7).prop_map(folds)]
    }

    #[test]
    fn sizes_are_rounded_shares_of_all_rows_and_at_least_1() {
        let rows = [0; 2000];
        assert_eq!(sizes(&cutter(&rows, Validation::Share(0.2), 0.2).cut(7, 0).unwrap()), [1200, 400, 400]);
        assert_eq!(sizes(&cutter(&rows[..10], Validation::Share(0.25), 0.0).cut(7, 0).unwrap()), [7, 3, 0]);
        assert_eq!(sizes(&cutter(&rows[..10], Validation::Share(0.01), 0.01).cut(7, 0).unwrap()), [8, 1, 1]);
        assert_eq!(sizes(&cutter(&rows[..11], folds(5), 0.1).cut(7, 4).unwrap()), [8, 2, 1]);
    }

    #[test]
    fn too_few_rows_are_refused() {
        let rows = [0; 10];
        let fault = CutFault::TooFewForFolds { rows: 8, folds: 9 };
        assert_eq!(cutter(&rows, folds(9), 0.2).cut(7, 0), Err(fault));
        for (count, validation, test) in [
            (1, Validation::Share(0.2), 0.0),
            (2, Validation::Share(0.2), 0.2),
            (10, Validation::Share(0.6), 0.4),
            (1, folds(2), 0.0),
        ] {
            let cut = cutter(&rows[..count], validation, test).cut(7, 0);
            assert!(matches!(cut, Err(CutFault::TooFewRows { .. })), "{count} rows: {cut:?}");
        }
        assert!(cutter(&rows[..3], Validation::Share(0.2), 0.2).cut(7, 0).is_ok());
    }

    #[test]
    fn a_class_that_training_could_lack_is_refused() {
        let classes = [0, 0, 0, 0, 0, 0, 0, 0, 1];
        for validation in [Validation::Share(0.2), folds(3)] {
            let fault = cutter(&classes, validation, 0.0).cut(7, 0).unwrap_err();
            assert_eq!(fault, CutFault::ClassTooSmall { class: 1, rows: 1, needed: 2 });
        }
        let two = [0, 0, 0, 0, 0, 0, 0, 1, 1];
        let share = cutter(&two, Validation::Share(0.2), 0.2).cut(7, 0).unwrap();
        assert!(share.train.contains(&7) || share.train.contains(&8));
        let absent = Cutter { class_count: 3, ..cutter(&two, Validation::Share(0.2), 0.0) };
        assert_eq!(absent.cut(7, 0).unwrap_err(), CutFault::ClassTooSmall { class: 2, rows: 0, needed: 2 });
    }

    #[test]
    fn largest_remainders_keep_the_total() {
        assert_eq!(allocate(10, &[33, 33, 34], 1), Some(vec![3, 3, 4]));
        assert_eq!(allocate(2, &[5, 5, 5], 1), Some(vec![1, 1, 0]));
        assert_eq!(allocate(3, &[1, 9], 1), Some(vec![0, 3]));
        assert_eq!(allocate(9, &[5, 5], 1), None);
    }

    /// Of n rows drawn with replacement about 1 - 1/e differ: 632 of 1,000, with a standard deviation below 10.
    #[test]
    fn a_bootstrap_holds_about_two_thirds_of_the_rows_and_others_in_every_replicate() {
        let rows = [0; 1250];
        let cutter = Cutter { bootstrap: true, resplit: false, ..cutter(&rows, Validation::Share(0.2), 0.0) };
        let [one, other] = [0, 1].map(|replicate| cutter.cut(7, replicate).unwrap());
        assert_eq!(one.validation, other.validation);
        assert_ne!(one.train, other.train);
        let mut distinct = one.train.clone();
        distinct.dedup();
        assert!(one.train.len() == 1000 && (590..675).contains(&distinct.len()), "{}", distinct.len());
    }

    #[test]
    fn without_resplit_all_replicates_are_cut_alike_and_with_it_they_are_not() {
        let rows = [0; 60];
        let mut cutter = cutter(&rows, Validation::Share(0.3), 0.2);
        assert_ne!(cutter.cut(7, 0).unwrap(), cutter.cut(7, 1).unwrap());
        cutter.resplit = false;
        assert_eq!(cutter.cut(7, 0).unwrap(), cutter.cut(7, 1).unwrap());
        cutter.validation = folds(3);
        assert_eq!(cutter.cut(7, 0).unwrap(), cutter.cut(7, 3).unwrap());
        cutter.resplit = true;
        assert_ne!(cutter.cut(7, 0).unwrap(), cutter.cut(7, 3).unwrap());
    }

    /// Made by a separate program in Python 3 (Philox, Lemire's bound and this module's doc, nothing else).
    #[test]
    fn a_golden_cut() {
        let cut = cutter(&[0; 12], Validation::Share(0.25), 0.25).cut(7, 1).unwrap();
        assert_eq!((cut.test, cut.validation), (vec![0, 4, 6], vec![1, 8, 9]));
        let cut = cutter(&[0; 12], folds(4), 0.25).cut(7, 6).unwrap();
        assert_eq!((cut.test, cut.validation), (vec![0, 4, 6], vec![1, 5]));
    }

    proptest! {
        #[test]
        fn parts_are_disjoint_ascending_and_complete(
            classes in classes(), validation in validation(), test in 0.0..0.4, seed: u64, replicate in 0u32..20,
        ) {
            let cut = cutter(&classes, validation, test).cut(seed, replicate).unwrap();
            let mut all: Vec<u32> = Vec::new();
            for part in [&cut.train, &cut.validation, &cut.test] {
                prop_assert!(part.is_sorted());
                all.extend(part);
            }
            all.sort_unstable();
            prop_assert_eq!(all, (0..classes.len() as u32).collect::<Vec<_>>());
        }

        #[test]
        fn parts_hold_each_class_in_proportion_within_1_and_training_holds_all(
            classes in classes(), validation in validation(), test in 0.0..0.4, seed: u64, replicate in 0u32..20,
        ) {
            let cutter = cutter(&classes, validation, test);
            let cut = cutter.cut(seed, replicate).unwrap();
            let total = cutter.counts(0..classes.len() as u32);
            let tests = cutter.counts(cut.test.iter().copied());
            let validations = cutter.counts(cut.validation.iter().copied());
            let trains = cutter.counts(cut.train.iter().copied());
            let rest = classes.len() - cut.test.len();
            for class in 0..total.len() {
                let proportional = |part: usize, of: u64, all: usize| part as f64 * of as f64 / all as f64;
                prop_assert!((tests[class] as f64 - proportional(cut.test.len(), total[class], classes.len())).abs() < 1.0);
                let remaining = total[class] - tests[class];
                let expected = match validation {
                    Validation::Share(_) => proportional(cut.validation.len(), remaining, rest),
                    Validation::Folds(folds) => remaining as f64 / f64::from(folds.get()),
                };
                prop_assert!((validations[class] as f64 - expected).abs() < 1.0);
                prop_assert!(trains[class] > 0);
            }
        }

        #[test]
        fn a_bootstrap_draws_each_class_from_its_training_rows_and_leaves_the_other_parts_alone(
            classes in classes(), validation in validation(), test in 0.0..0.4, seed: u64, replicate in 0u32..20,
        ) {
            let plain = cutter(&classes, validation, test);
            let bootstrap = Cutter { bootstrap: true, ..plain };
            let (cut, drawn) = (plain.cut(seed, replicate).unwrap(), bootstrap.cut(seed, replicate).unwrap());
            prop_assert_eq!((&drawn.validation, &drawn.test), (&cut.validation, &cut.test));
            prop_assert!(drawn.train.is_sorted());
            prop_assert!(drawn.train.iter().all(|row| cut.train.binary_search(row).is_ok()));
            prop_assert_eq!(plain.counts(drawn.train.iter().copied()), plain.counts(cut.train.iter().copied()));
            prop_assert_eq!(bootstrap.cut(seed, replicate).unwrap(), drawn);
        }

        #[test]
        fn test_rows_are_the_same_in_every_replicate(
            classes in classes(), validation in validation(), test in 0.05..0.4, seed: u64, replicate in 1u32..1000,
        ) {
            let cutter = cutter(&classes, validation, test);
            prop_assert_eq!(cutter.cut(seed, 0).unwrap().test, cutter.cut(seed, replicate).unwrap().test);
        }

        #[test]
        fn the_folds_of_a_group_of_replicates_are_disjoint_complete_and_nearly_equal(
            classes in classes(), count in 2u32..7, test in 0.0..0.3, seed: u64, group in 0u32..5,
        ) {
            let cutter = cutter(&classes, folds(count), test);
            let cuts: Vec<Cut> = (0..count).map(|fold| cutter.cut(seed, group * count + fold).unwrap()).collect();
            let mut all: Vec<u32> = cuts.iter().flat_map(|cut| cut.validation.clone()).chain(cuts[0].test.clone()).collect();
            all.sort_unstable();
            prop_assert_eq!(all, (0..classes.len() as u32).collect::<Vec<_>>());
            let sizes: Vec<usize> = cuts.iter().map(|cut| cut.validation.len()).collect();
            prop_assert!(sizes.iter().max().unwrap() - sizes.iter().min().unwrap() <= 1);
        }
    }
}
