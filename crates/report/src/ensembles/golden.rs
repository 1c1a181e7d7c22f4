//! Ensembles against those of scikit-learn on the same members: `tests/golden/ensembles.py` makes `ensembles.json`.

use serde_json::Value;

use super::combine::{Way, combine};
use super::quality::Quality;
use super::said::{Said, Truth};
use super::stacking::stack;

fn golden() -> Value {
    serde_json::from_str(include_str!("../../../../tests/golden/ensembles.json")).unwrap()
}

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(|number| number.as_f64().unwrap()).collect()
}

fn whole_numbers(value: &Value) -> Vec<u32> {
    value.as_array().unwrap().iter().map(|number| number.as_u64().unwrap() as u32).collect()
}

#[track_caller]
fn assert_near(case: &Value, what: &str, value: f64, wanted: f64, relative: f64) {
    let is_near = (value - wanted).abs() <= relative * (1.0 + wanted.abs());
    assert!(is_near, "{what} of {}: {value} for {wanted}", case["name"]);
}

fn check(case: &Value, way: Way, truth: Truth<'_>, said: &Said<'_>, relative: f64) {
    for quality in [Quality::Accuracy, Quality::LogLoss, Quality::AbsoluteError, Quality::SquaredError] {
        let name = format!("{}_{}", way.name(), quality.name());
        match case[&name].as_f64() {
            Some(wanted) => assert_near(case, &name, truth.score(said, quality).unwrap(), wanted, relative),
            None => assert!(truth.score(said, quality).is_none() || way == Way::Vote, "{name} has no figure"),
        }
    }
}

#[test]
fn votes_averages_and_stacks_of_classes_are_those_of_scikit_learn() {
    for case in golden()["classification"].as_array().unwrap() {
        let classes = case["classes"].as_u64().unwrap() as usize;
        let members = |part: &str| -> Vec<Said<'static>> {
            let members = case[part].as_array().unwrap().iter();
            members.map(|member| Said::of_probabilities(numbers(member), classes)).collect()
        };
        let (validation, test) = (members("validation"), members("test"));
        let [validation, test] = [&validation, &test].map(|members| members.iter().collect::<Vec<_>>());
        let [fitted_on, asked] = ["validation_truth", "test_truth"].map(|part| whole_numbers(&case[part]));
        let truth = Truth::Classes(&asked, classes);
        let combined = combine(&test, truth);
        let voted = combined.of(Way::Vote).unwrap();
        assert_eq!(&*voted.classes, whole_numbers(&case["vote"]), "{}", case["name"]);
        check(case, Way::Vote, truth, voted, 1e-12);
        check(case, Way::Averaging, truth, combined.of(Way::Averaging).unwrap(), 1e-12);
        let stacked = stack(&validation, Truth::Classes(&fitted_on, classes), &test).unwrap();
        for (value, wanted) in stacked.numbers.iter().zip(numbers(&case["stacking"])) {
            assert_near(case, "a probability", *value, wanted, 1e-6);
        }
        check(case, Way::Stacking, truth, &stacked, 1e-6);
    }
}

#[test]
fn averages_and_stacks_of_numbers_are_those_of_scikit_learn() {
    for case in golden()["regression"].as_array().unwrap() {
        let members = |part: &str| -> Vec<Said<'static>> {
            case[part].as_array().unwrap().iter().map(|member| Said::of_numbers(numbers(member))).collect()
        };
        let (validation, test) = (members("validation"), members("test"));
        let [validation, test] = [&validation, &test].map(|members| members.iter().collect::<Vec<_>>());
        let [fitted_on, asked] = ["validation_truth", "test_truth"].map(|part| numbers(&case[part]));
        let truth = Truth::Numbers(&asked);
        check(case, Way::Averaging, truth, combine(&test, truth).of(Way::Averaging).unwrap(), 1e-12);
        let stacked = stack(&validation, Truth::Numbers(&fitted_on), &test).unwrap();
        for (value, wanted) in stacked.numbers.iter().zip(numbers(&case["stacking"])) {
            assert_near(case, "a prediction", *value, wanted, 1e-10);
        }
        check(case, Way::Stacking, truth, &stacked, 1e-10);
    }
}
