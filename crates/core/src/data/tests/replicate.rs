//! The rows of a replicate.

use std::fmt::Write as _;
use std::num::NonZeroU32;

use proptest::prelude::*;

use super::support::{Fixture, classification, folds, refused, regression, words};
use crate::data::{Dataset, Part, Problem, Targets};
use crate::spec::{DataSpec, Missing, Scale, Transform, Validation};

/// Numbers, ordered words, other words, and a target, some cells of `x` empty.
fn mixed() -> Dataset {
    let mut text = "x,o,w,y\n".to_owned();
    for row in 0..50u32 {
        let x = if row % 7 == 3 { String::new() } else { (f64::from(row * row % 31) / 4.0).to_string() };
        let (o, w) = (["low", "mid", "high"][row as usize % 3], ["a", "b"][row as usize / 3 % 2]);
        writeln!(text, "{x},{o},{w},{}", 1 + row * 37 % 50).unwrap();
    }
    let spec = DataSpec {
        missing: Missing::Mean,
        test: 0.2,
        transform: vec![("y".to_owned(), Transform::Log)],
        ordinal: vec![("o".to_owned(), words(&["low", "mid", "high"]))],
        ..regression()
    };
    Fixture::csv(&text).dataset(&spec).unwrap()
}

fn column(part: &Part, index: usize) -> Vec<f64> {
    part.inputs.chunks(part.columns).map(|row| f64::from(row[index])).collect()
}

fn mean_and_deviation(values: &[f64]) -> (f64, f64) {
    let mean = values.iter().sum::<f64>() / values.len() as f64;
    (mean, (values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / values.len() as f64).sqrt())
}

fn own(part: &Part) -> &[f64] {
    match &part.targets {
        Targets::Numbers { own, .. } => own,
        Targets::Classes(_) => panic!("classes"),
    }
}

/// x of the rows 0 to 4 is 1, none, 4, 4, 7; the fifth validates where the cut takes it. All figures by hand.
#[test]
fn empty_cells_take_the_mean_of_the_training_rows_before_scaling() {
    let file = Fixture::csv("x,y\n1,1\n,2\n4,3\n4,4\n7,5\n");
    let dataset = file.dataset(&DataSpec { missing: Missing::Mean, ..regression() }).unwrap();
    let (replicate, split) = (0..100)
        .map(|replicate| (replicate, dataset.split(7, replicate).unwrap()))
        .find(|(_, split)| own(&split.validation) == [5.0])
        .unwrap();
    // Mean of 1, 4, 4 is 3; with the filled cell the deviations are -2, 0, 1, 1, and their mean square is 1.5.
    let factor = 1.5f64.sqrt();
    let expected = [-2.0 / factor, 0.0, 1.0 / factor, 1.0 / factor].map(|value| value as f32);
    assert_eq!(split.train.inputs, expected, "replicate {replicate}");
    assert_eq!(split.validation.inputs, [(4.0 / factor) as f32]);
    assert_eq!((split.target_scale.shift, split.target_scale.factor), (2.5, 1.25f64.sqrt()));
}

#[test]
fn fewer_training_rows_are_a_part_of_more_and_change_neither_the_other_rows_nor_the_unit_of_the_loss() {
    let mut text = "x,y\n".to_owned();
    for row in 0..100u32 {
        writeln!(text, "{},{}", row * 37 % 101, row * row % 89).unwrap();
    }
    let file = Fixture::csv(&text);
    let of = |rows: Option<u32>, resplit: bool, replicate: u32| {
        let training_rows = rows.and_then(NonZeroU32::new);
        let spec = DataSpec { training_rows, resplit, test: 0.2, ..regression() };
        file.dataset(&spec).unwrap().split(7, replicate).unwrap()
    };
    for resplit in [true, false] {
        let [few, more, all] = [Some(10), Some(30), None].map(|rows| of(rows, resplit, 3));
        assert_eq!([few.train.rows(), more.train.rows(), all.train.rows()], [10, 30, 60]);
        assert_eq!(of(Some(60), resplit, 3), all);
        for (small, large) in [(&few, &more), (&more, &all)] {
            let taken: Vec<f64> = own(&large.train).to_vec();
            assert!(own(&small.train).iter().all(|target| taken.contains(target)));
            assert_eq!((own(&small.validation), own(&small.test)), (own(&large.validation), own(&large.test)));
            assert_eq!(small.target_scale, large.target_scale);
            assert_eq!(
                (&small.validation.targets, &small.test.targets),
                (&large.validation.targets, &large.test.targets)
            );
        }
        // The inputs are scaled by the rows that are learnt from.
        let (mean, deviation) = mean_and_deviation(&column(&few.train, 0));
        assert!(mean.abs() < 1e-6 && (deviation - 1.0).abs() < 1e-6, "{mean} {deviation}");
    }
    assert_ne!(own(&of(Some(10), true, 0).train), own(&of(Some(10), true, 1).train));
    assert_eq!(of(Some(10), false, 0), of(Some(10), false, 1));
}

#[test]
fn training_rows_have_mean_0_and_deviation_1_and_words_stay_0_and_1() {
    let dataset = mixed();
    let split = dataset.split(7, 3).unwrap();
    assert_eq!(dataset.input_names().collect::<Vec<_>>(), ["x", "o", "w=a", "w=b"]);
    for index in 0..2 {
        let (mean, deviation) = mean_and_deviation(&column(&split.train, index));
        assert!(mean.abs() < 1e-6 && (deviation - 1.0).abs() < 1e-6, "{mean} {deviation}");
    }
    for part in [&split.train, &split.validation, &split.test] {
        for (a, b) in column(part, 2).into_iter().zip(column(part, 3)) {
            assert!([(0.0, 1.0), (1.0, 0.0)].contains(&(a, b)));
        }
        let Targets::Numbers { scaled, own } = &part.targets else { panic!("classes") };
        for (&scaled, &own) in scaled.iter().zip(own) {
            assert!((split.target_scale.to_own_units(f64::from(scaled)) - own).abs() < 1e-4 * own);
        }
    }
}

#[test]
fn an_input_that_is_constant_in_training_becomes_0_and_is_named() {
    let mut text = "x,c,y\n".to_owned();
    for row in 0..10 {
        writeln!(text, "{row},{},{row}", u32::from(row == 9)).unwrap();
    }
    let dataset = Fixture::csv(&text).dataset(&DataSpec { validation: folds(10), ..regression() }).unwrap();
    assert!(dataset.remarks().is_empty());
    let replicate = |number| dataset.replicate(7, number).unwrap();
    let found = (0..10).map(replicate).find(|found| own(&found.split.validation) == [9.0]).unwrap();
    assert_eq!(found.constant_inputs, ["c"]);
    assert_eq!(column(&found.split.train, 1), [0.0; 9]);
    assert_eq!(column(&found.split.validation, 1), [0.0]);
    assert_eq!((0..10).filter(|&number| !replicate(number).constant_inputs.is_empty()).count(), 1);
}

#[test]
fn a_target_that_is_constant_in_training_is_refused() {
    let dataset =
        Fixture::csv("x,y\n1,3\n2,3\n3,3\n4,4\n").dataset(&DataSpec { validation: folds(4), ..regression() }).unwrap();
    let refusals: Vec<Problem> =
        (0..4).filter_map(|replicate| dataset.split(7, replicate).err()).map(|e| e.problem).collect();
    assert_eq!(refusals, [Problem::ConstantTarget(3.0, "training row")]);
}

#[test]
fn an_input_without_a_value_in_training_is_refused() {
    let spec = DataSpec { validation: folds(4), missing: Missing::Mean, ..regression() };
    let dataset = Fixture::csv("x,z,y\n,1,3\n,2,4\n,3,5\n4,4,6\n").dataset(&spec).unwrap();
    let refusals: Vec<_> =
        (0..4).map(|replicate| dataset.split(7, replicate)).filter(Result::is_err).map(refused).collect();
    assert_eq!(refusals, [(Problem::EmptyColumn, None, None, Some("x".to_owned()))]);
}

#[test]
fn numbers_beyond_32_bits_are_refused() {
    let text = "x,y\n1e300,1\n2e300,2\n3e300,3\n";
    let unscaled = Fixture::csv(text).dataset(&DataSpec { scale: Scale::None, ..regression() }).unwrap();
    assert_eq!(refused(unscaled.split(7, 0)).0, Problem::ScaleOverflow);
    let min_max = Fixture::csv(text).dataset(&DataSpec { scale: Scale::MinMax, ..regression() }).unwrap();
    min_max.split(7, 0).unwrap();
}

#[test]
fn classes_are_targets_without_a_scale() {
    let file = Fixture::csv("x,y\n1,a\n2,b\n3,a\n4,b\n5,a\n6,b\n");
    let split = file.dataset(&DataSpec { test: 0.3, ..classification() }).unwrap().split(7, 0).unwrap();
    assert_eq!(split.target_scale, crate::data::TargetScale::IDENTITY);
    assert_eq!([split.train.rows(), split.validation.rows(), split.test.rows()], [3, 1, 2]);
    assert_eq!(split.test.targets, Targets::Classes(vec![0, 1]));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn a_replicate_does_not_depend_on_the_others_and_the_test_rows_not_on_it(seed: u64, replicate in 0u32..1000) {
        let dataset = mixed();
        let alone = dataset.split(seed, replicate).unwrap();
        let first = dataset.split(seed, 0).unwrap();
        prop_assert_eq!(own(&alone.test), own(&first.test));
        prop_assert_eq!(&dataset.split(seed, replicate).unwrap(), &alone);
    }

    #[test]
    fn replicates_that_share_a_split_are_those_counted_as_one(seed: u64, count in 2u32..6, replicate in 0u32..50) {
        let text = (0..40).fold("x,y\n".to_owned(), |text, row| format!("{text}{row},{row}\n"));
        let file = Fixture::csv(&text);
        for (validation, resplit, distinct) in [
            (Validation::Share(0.3), false, 1),
            (folds(count), false, count),
            (Validation::Share(0.3), true, 50),
            (folds(count), true, 50),
        ] {
            let bagged = DataSpec { validation, resplit, bootstrap: true, ..regression() };
            prop_assert_eq!(file.dataset(&bagged).unwrap().distinct_splits(50), 50);
            let dataset = file.dataset(&DataSpec { validation, resplit, ..regression() }).unwrap();
            prop_assert_eq!(dataset.distinct_splits(50), distinct);
            let [own, shared] = [replicate, replicate % distinct].map(|number| dataset.split(seed, number).unwrap());
            prop_assert_eq!(own, shared);
        }
    }

    #[test]
    fn a_bootstrap_changes_the_rows_that_are_learnt_from_and_not_the_unit_of_the_loss(seed: u64, replicate in 0u32..50) {
        let text = (0..60).fold("x,y\n".to_owned(), |text, row| format!("{text}{row},{}\n", row * row % 59));
        let file = Fixture::csv(&text);
        let of = |bootstrap| {
            let spec = DataSpec { bootstrap, test: 0.2, ..regression() };
            Dataset::new(&file.table(), &spec, seed).unwrap().split(seed, replicate).unwrap()
        };
        let (plain, drawn) = (of(false), of(true));
        prop_assert_eq!(plain.target_scale, drawn.target_scale);
        prop_assert_eq!(own(&plain.validation), own(&drawn.validation));
        prop_assert_eq!(plain.train.rows(), drawn.train.rows());
        prop_assert!(own(&drawn.train).iter().all(|target| own(&plain.train).contains(target)));
    }

    /// The target of row n of the file is n; sampling and empty cells leave rows out.
    #[test]
    fn places_are_those_of_the_file(seed: u64, replicate in 0u32..50) {
        let text = (0..60).fold("x,y\n".to_owned(), |text, row| {
            let x = if row % 7 == 3 { String::new() } else { row.to_string() };
            format!("{text}{x},{row}\n")
        });
        let rows = std::num::NonZeroU32::new(40);
        let spec = DataSpec { missing: Missing::Drop, rows, test: 0.2, ..regression() };
        let dataset = Dataset::new(&Fixture::csv(&text).table(), &spec, seed).unwrap();
        let found = dataset.replicate(seed, replicate).unwrap();
        let of_targets = |part: &Part| own(part).iter().map(|target| *target as u32).collect::<Vec<_>>();
        prop_assert_eq!(&found.places.validation, &of_targets(&found.split.validation));
        prop_assert_eq!(&found.places.test, &of_targets(&found.split.test));
    }

    #[test]
    fn the_parts_hold_every_row_once(seed: u64, replicate in 0u32..50, share in 0.01..0.7) {
        let text = (0..40).fold("x,y\n".to_owned(), |text, row| format!("{text}{row},{row}\n"));
        let spec = DataSpec { validation: Validation::Share(share), test: 0.1, scale: Scale::None, ..regression() };
        let split = Fixture::csv(&text).dataset(&spec).unwrap().split(seed, replicate).unwrap();
        let parts = [&split.train, &split.validation, &split.test];
        let mut rows: Vec<f64> = parts.iter().flat_map(|part| own(part).to_vec()).collect();
        for part in parts {
            prop_assert!(own(part).is_sorted());
            prop_assert_eq!(column(part, 0), own(part).to_vec());
        }
        rows.sort_unstable_by(f64::total_cmp);
        prop_assert_eq!(rows, (0..40).map(f64::from).collect::<Vec<_>>());
    }
}
