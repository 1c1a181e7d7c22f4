//! What specifications make of files.

use std::fmt::Write as _;
use std::num::NonZeroU32;
use std::time::Instant;

use super::support::{Fixture, classification, folds, refused, regression, shipped, words};
use crate::data::{Dataset, Problem, Table, Targets};
use crate::spec::{DataSpec, Loss, Missing, Scale, Transform, Validation};

/// `rows` lines of x = row, y = row squared, below a header.
fn squares(rows: u32) -> Fixture {
    let mut text = "x,y\n".to_owned();
    for row in 0..rows {
        writeln!(text, "{row},{}", row * row).unwrap();
    }
    Fixture::csv(&text)
}

fn at(
    problem: Problem,
    line: u64,
    character: u64,
    column: &str,
) -> (Problem, Option<u64>, Option<u64>, Option<String>) {
    (problem, Some(line), Some(character), Some(column.to_owned()))
}

fn of_column(problem: Problem, column: &str) -> (Problem, Option<u64>, Option<u64>, Option<String>) {
    (problem, None, None, Some(column.to_owned()))
}

#[test]
fn a_misspelt_column_is_refused_with_the_existing_ones() {
    let file = squares(9);
    let unknown = |key, name: &str| Problem::UnknownColumn { key, name: name.to_owned(), existing: words(&["x", "y"]) };
    let target = DataSpec { target: "z".to_owned(), ..regression() };
    let inputs = DataSpec { inputs: Some(words(&["X"])), ..regression() };
    let transform = DataSpec { transform: vec![("w".to_owned(), Transform::Log)], ..regression() };
    let ordinal = DataSpec { ordinal: vec![("v".to_owned(), words(&["a"]))], ..regression() };
    for (spec, problem) in [
        (target, unknown("target", "z")),
        (inputs, unknown("inputs", "X")),
        (transform, unknown("transform", "w")),
        (ordinal, unknown("ordinal", "v")),
    ] {
        assert_eq!(refused(file.dataset(&spec)).0, problem);
    }
}

#[test]
fn a_specification_that_contradicts_itself_is_refused() {
    let file = Fixture::csv("x,y,w\n1,2,a\n2,3,b\n3,5,a\n");
    let inputs = |names: &[&str]| DataSpec { inputs: Some(words(names)), ..regression() };
    let transform = |name: &str| vec![(name.to_owned(), Transform::Sqrt)];
    let ordinal = |name: &str, list: &[&str]| vec![(name.to_owned(), words(list))];
    for (spec, expected) in [
        (inputs(&["x", "w", "x"]), of_column(Problem::DoubledInput, "x")),
        (inputs(&["x", "y"]), of_column(Problem::TargetAmongInputs, "y")),
        (inputs(&[]), (Problem::NoInputs, None, None, None)),
        (DataSpec { transform: transform("w"), ..inputs(&["x"]) }, of_column(Problem::UnusedTransform, "w")),
        (DataSpec { transform: transform("w"), ..regression() }, of_column(Problem::TransformOfWords, "w")),
        (DataSpec { transform: transform("y"), ..classification() }, of_column(Problem::TransformOfWords, "y")),
        (DataSpec { ordinal: ordinal("y", &["1"]), ..regression() }, of_column(Problem::OrdinalTarget, "y")),
        (
            DataSpec { ordinal: ordinal("w", &["a", "b", "a"]), ..regression() },
            of_column(Problem::DoubledOrdinalWord("a".to_owned()), "w"),
        ),
    ] {
        assert_eq!(refused(file.dataset(&spec)), expected);
    }
    let target_alone = Fixture::csv("y\n1\n2\n3\n");
    assert_eq!(refused(target_alone.dataset(&regression())).0, Problem::NoInputs);
}

#[test]
fn a_cell_that_its_column_does_not_allow_is_refused_at_its_place() {
    let number = |text: &str| Problem::NotANumber(format!("\"{text}\""));
    let finite = |text: &str| Problem::NotFinite(format!("\"{text}\""));
    for (text, expected) in [
        ("x,y\n1,2\nsmall,3\n", at(number("small"), 3, 1, "x")),
        ("x,y\n1,2\n\"1,5\",3\n", at(number("1,5"), 3, 1, "x")),
        ("x,y\n1,2\n1_000,3\n", at(number("1_000"), 3, 1, "x")),
        ("x,y\n1,2\n0x1F,3\n", at(number("0x1F"), 3, 1, "x")),
        ("x,y\n1,2\n2, NaN\n", at(finite("NaN"), 3, 3, "y")),
        ("x,y\n1,2\n-inf,3\n", at(finite("-inf"), 3, 1, "x")),
        ("x,y\n1,2\n1e400,3\n", at(finite("1e400"), 3, 1, "x")),
        ("x,y\n1,2\n2,\n,\n", at(Problem::MissingCells { count: 1, rows: 3 }, 4, 1, "x")),
        ("x,y\n1,2\n2,\"  \"\n3,4\n", at(Problem::MissingCells { count: 1, rows: 3 }, 3, 3, "y")),
        ("x,y\n1,a\n2,b\n", at(Problem::TargetNotNumeric("\"a\"".to_owned()), 2, 3, "y")),
        ("x,y\n,1\n,2\n", of_column(Problem::EmptyColumn, "x")),
        ("x,y\n1,2\n2,2\n3,2\n", of_column(Problem::ConstantTarget(2.0, "row"), "y")),
    ] {
        let file = Fixture::csv(text);
        assert_eq!(refused(file.dataset(&regression())), expected, "{text:?}");
    }
}

#[test]
fn negative_zero_and_denormal_numbers_are_numbers() {
    let file = Fixture::csv("x,y\n-0,1\n5e-324,2\n1,3\n-2.5E-310,4\n");
    let dataset = file.dataset(&DataSpec { scale: Scale::None, ..regression() }).unwrap();
    assert_eq!(dataset.rows(), 4);
    dataset.split(7, 0).unwrap();
}

#[test]
fn a_word_outside_a_columns_order_is_refused_at_its_place() {
    let file = Fixture::csv("x,y\nlow,1\nhigh,2\nhgih,3\n");
    let known = words(&["low", "high"]);
    let spec = DataSpec { ordinal: vec![("x".to_owned(), known.clone())], ..regression() };
    assert_eq!(refused(file.dataset(&spec)), at(Problem::UnknownWord { word: "hgih".to_owned(), known }, 4, 1, "x"));
}

#[test]
fn a_value_outside_a_transforms_domain_is_refused_at_its_place() {
    for (value, transform) in [(0.0, Transform::Log), (-1.0, Transform::Log1p), (-0.5, Transform::Sqrt)] {
        let file = Fixture::csv(&format!("x,y\n1,1\n2,{value}\n3,4\n"));
        let spec = DataSpec { transform: vec![("y".to_owned(), transform)], ..regression() };
        assert_eq!(refused(file.dataset(&spec)), at(Problem::OutsideDomain { value, transform }, 3, 3, "y"));
    }
}

#[test]
fn words_become_one_column_each_of_the_whole_file_whatever_is_sampled() {
    let mut text = "c,flag,y\n".to_owned();
    for row in 0..40 {
        writeln!(text, "{},{},{row}", if row == 0 { "rare" } else { "common" }, row % 2 == 0).unwrap();
    }
    let file = Fixture::csv(&text);
    for seed in 0..4 {
        let spec = DataSpec { rows: NonZeroU32::new(5), scale: Scale::None, ..regression() };
        let dataset = Dataset::new(&file.table(), &spec, seed).unwrap();
        assert_eq!(dataset.input_names().collect::<Vec<_>>(), ["c=common", "c=rare", "flag=false", "flag=true"]);
        let split = dataset.split(seed, 0).unwrap();
        for row in split.train.inputs.chunks(4) {
            assert_eq!((row[0] + row[1], row[2] + row[3]), (1.0, 1.0));
        }
    }
}

#[test]
fn a_column_of_more_than_100_words_is_refused() {
    let column = |count: u32| {
        let mut text = "x,y\n".to_owned();
        for row in 0..count {
            writeln!(text, "w{row},{row}").unwrap();
        }
        Fixture::csv(&text)
    };
    assert_eq!(column(100).dataset(&regression()).unwrap().inputs(), 100);
    let refusal = refused(column(101).dataset(&regression()));
    assert_eq!(refusal, of_column(Problem::TooManyWords { words: 101, limit: 100 }, "x"));
}

#[test]
fn rows_with_an_empty_cell_are_left_out_on_request_and_remarked() {
    let file = Fixture::csv("x,z,y\n1,a,1\n,b,2\n3,,3\n4,a,\n5,b,5\n6,a,6\n");
    let dataset = file.dataset(&DataSpec { missing: Missing::Drop, ..regression() }).unwrap();
    assert_eq!(dataset.rows(), 3);
    assert_eq!(dataset.remarks(), ["3 of 6 rows are left out for an empty cell in \"x\", \"z\", \"y\""]);
    let all = Fixture::csv("x,z,y\n1,,1\n,2,2\n");
    assert_eq!(refused(all.dataset(&DataSpec { missing: Missing::Drop, ..regression() })).0, Problem::NoRowsLeft);
}

#[test]
fn the_mean_fills_numbers_alone() {
    let mean = DataSpec { missing: Missing::Mean, ..regression() };
    let problem = Problem::MissingCells { count: 1, rows: 3 };
    let target = Fixture::csv("x,y\n1,1\n2,\n3,3\n");
    assert_eq!(refused(target.dataset(&mean)), at(problem.clone(), 3, 3, "y"));
    let one_hot = Fixture::csv("x,y\na,1\n,2\nb,3\n");
    assert_eq!(refused(one_hot.dataset(&mean)), at(problem, 3, 1, "x"));
}

#[test]
fn a_sample_is_fixed_by_the_seed_and_keeps_the_files_order() {
    let file = squares(12);
    let spec = DataSpec { rows: NonZeroU32::new(5), scale: Scale::None, test: 0.0, ..regression() };
    let dataset = Dataset::new(&file.table(), &spec, 7).unwrap();
    let split = dataset.split(7, 0).unwrap();
    let mut rows: Vec<f32> = split.train.inputs.iter().chain(&split.validation.inputs).copied().collect();
    assert!(split.train.inputs.is_sorted());
    rows.sort_unstable_by(f32::total_cmp);
    // Made by a separate program in Python 3 from the definition of the streams.
    assert_eq!(rows, [0.0, 6.0, 8.0, 9.0, 10.0]);
    let spec = DataSpec { rows: NonZeroU32::new(13), ..spec };
    assert_eq!(refused(file.dataset(&spec)).0, Problem::SampleTooLarge { wanted: 13, available: 12 });
}

#[test]
fn classes_are_sorted_as_numbers_where_all_are_and_else_as_words() {
    let numbers = Fixture::csv("x,y\n1,10\n2,9\n3,10.0\n4,9\n5,-1\n6,-1\n");
    let dataset = numbers.dataset(&classification()).unwrap();
    assert_eq!(dataset.class_names(), ["-1", "9", "10"]);
    let classes = dataset.class_names().len() as u32;
    assert_eq!((Loss::CrossEntropy.outputs(classes), Loss::BinaryCrossEntropy.outputs(classes)), (3, 1));
    let mixed = Fixture::csv("x,y\n1,10\n2,9\n3,10\n4,9\n5,7+\n6,7+\n");
    let dataset = mixed.dataset(&DataSpec { validation: folds(2), ..classification() }).unwrap();
    assert_eq!(dataset.class_names(), ["10", "7+", "9"]);
    let split = dataset.split(7, 0).unwrap();
    let Targets::Classes(classes) = &split.validation.targets else { panic!("numbers") };
    let mut classes = classes.clone();
    classes.sort_unstable();
    assert_eq!(classes, [0, 1, 2]);
    let infinite = Fixture::csv("x,y\n1,0\n2,1\n3,inf\n");
    assert_eq!(refused(infinite.dataset(&classification())), at(Problem::NotFinite("\"inf\"".to_owned()), 4, 3, "y"));
}

#[test]
fn a_class_that_cannot_be_in_training_is_refused_at_once() {
    let one = Fixture::csv("x,y\n1,a\n2,a\n3,a\n");
    assert_eq!(refused(one.dataset(&classification())), of_column(Problem::OneClass("a".to_owned()), "y"));
    let rare = Fixture::csv("x,y\n1,a\n2,a\n3,a\n4,b\n5,a\n6,a\n");
    for spec in [classification(), DataSpec { validation: folds(2), ..classification() }] {
        let problem = Problem::ClassTooSmall { class: "b".to_owned(), rows: 1, needed: 2 };
        assert_eq!(refused(rare.dataset(&spec)), of_column(problem, "y"));
    }
}

#[test]
fn too_few_rows_are_refused_at_once() {
    // A single row has a constant target, which is found first.
    let one = Fixture::csv("x,y\n1,2\n").dataset(&regression());
    assert_eq!(refused(one).0, Problem::ConstantTarget(2.0, "row"));
    let spec = DataSpec { test: 0.4, validation: Validation::Share(0.5), ..regression() };
    let problem = Problem::TooFewRows { rows: 2, test: 1, validation: 1, train: 1 };
    assert_eq!(refused(squares(2).dataset(&spec)).0, problem);
}

#[test]
fn constant_inputs_and_vain_words_are_remarked() {
    let file = Fixture::csv("x,c,w,y\n1,5,a,1\n2,5,b,2\n3,5,a,3\n");
    let spec = DataSpec {
        inputs: Some(words(&["x", "c"])),
        ordinal: vec![("w".to_owned(), words(&["a", "b"]))],
        ..regression()
    };
    let dataset = file.dataset(&spec).unwrap();
    assert_eq!(
        dataset.remarks(),
        [
            "constant in all rows, and 0 after scaling: \"c\"",
            "`ordinal` lists words of columns that are no inputs: \"w\""
        ]
    );
}

#[test]
fn the_shipped_diamonds_load_as_designed_and_fast() {
    let ordinal = [
        ("cut", &["Fair", "Good", "Very Good", "Premium", "Ideal"][..]),
        ("color", &["J", "I", "H", "G", "F", "E", "D"]),
        ("clarity", &["I1", "SI2", "SI1", "VS2", "VS1", "VVS2", "VVS1", "IF"]),
    ];
    let spec = DataSpec {
        target: "price".to_owned(),
        inputs: Some(words(&["carat", "cut", "color", "clarity"])),
        rows: NonZeroU32::new(2000),
        test: 0.2,
        transform: vec![("price".to_owned(), Transform::Log)],
        ordinal: ordinal.map(|(name, list)| (name.to_owned(), words(list))).to_vec(),
        ..regression()
    };
    let start = Instant::now();
    let table = Table::read(&shipped("diamonds.csv")).unwrap();
    let read = start.elapsed();
    let dataset = Dataset::new(&table, &spec, 7).unwrap();
    let encoded = start.elapsed();
    let split = dataset.split(7, 0).unwrap();
    let took = start.elapsed();
    assert!(took.as_secs_f64() < 5.0, "read {read:?}, encoded {encoded:?}, split {took:?}");
    assert_eq!((table.rows(), dataset.rows(), dataset.inputs()), (53_940, 2000, 4));
    assert_eq!([split.train.rows(), split.validation.rows(), split.test.rows()], [1200, 400, 400]);
    let Targets::Numbers { scaled, own } = &split.test.targets else { panic!("classes") };
    for (scaled, own) in scaled.iter().zip(own) {
        assert!((split.target_scale.to_own_units(f64::from(*scaled)) / own - 1.0).abs() < 1e-5);
    }
}

#[test]
fn the_shipped_digits_load() {
    let table = Table::read(&shipped("digits.csv")).unwrap();
    let spec = DataSpec { target: "digit".to_owned(), test: 0.2, ..classification() };
    let target = table.names().last().unwrap().clone();
    let dataset = Dataset::new(&table, &DataSpec { target, ..spec }, 7).unwrap();
    assert_eq!((dataset.rows(), dataset.inputs()), (1797, 64));
    assert_eq!(dataset.class_names(), ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"]);
    assert_eq!(dataset.split(7, 0).unwrap().train.rows(), 1797 - 359 - 359);
}
