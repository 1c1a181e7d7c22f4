//! Every metric against figures of scikit-learn: `tests/golden/metrics.py` makes `metrics.json`.

use serde_json::Value;

use crate::classified::Classified;
use crate::confusion::ConfusionMatrix;
use crate::metric::Metric;

fn golden() -> Value {
    serde_json::from_str(include_str!("../../../tests/golden/metrics.json")).unwrap()
}

fn cases<'a>(golden: &'a Value, task: &str) -> impl Iterator<Item = (&'a str, &'a Value)> {
    golden[task].as_array().unwrap().iter().map(|case| (case["name"].as_str().unwrap(), case))
}

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(|number| number.as_f64().unwrap()).collect()
}

fn whole_numbers(value: &Value) -> Vec<u64> {
    value.as_array().unwrap().iter().map(|number| number.as_u64().unwrap()).collect()
}

/// Asserts that a value is that of a case, to `relative`.
#[track_caller]
fn check(case: &str, what: &str, value: Option<f64>, wanted: &Value, relative: f64) {
    let (value, wanted) = (value.unwrap(), wanted.as_f64().unwrap());
    assert!((value - wanted).abs() <= relative * (1.0 + wanted.abs()), "{what} of {case}: {value} for {wanted}");
}

#[test]
fn metrics_of_classes_are_those_of_scikit_learn() {
    let golden = golden();
    let mut checked = 0;
    for (name, case) in cases(&golden, "classification") {
        let width = case["width"].as_u64().unwrap() as usize;
        let logits: Vec<f32> = numbers(&case["logits"]).into_iter().map(|logit| logit as f32).collect();
        let truth: Vec<u32> = whole_numbers(&case["truth"]).into_iter().map(|class| class as u32).collect();
        let probabilities = numbers(&case["probabilities"]);
        let of_logits = Classified::from_logits(&logits, width);
        for (value, wanted) in of_logits.probabilities().flatten().zip(&probabilities) {
            assert!((value - wanted).abs() <= 1e-14, "a probability of {name}: {value} for {wanted}");
        }
        let of_probabilities = Classified::from_probabilities(&probabilities, width.max(2));
        for classified in [of_logits, of_probabilities] {
            for metric in Metric::ALL {
                let Metric::Classification(metric) = metric else { continue };
                check(name, metric.name(), metric.of(&classified, &truth), &case[metric.name()], 1e-13);
                checked += 1;
            }
            let matrix = ConfusionMatrix::new(classified.predicted(), &truth, classified.classes()).unwrap();
            for (class, wanted) in case["confusion"].as_array().unwrap().iter().enumerate() {
                assert_eq!(matrix.row(class), whole_numbers(wanted), "confusion of {name}");
            }
        }
    }
    assert_eq!(checked, 8 * 2 * 5);
}

#[test]
fn metrics_of_numbers_are_those_of_scikit_learn() {
    let golden = golden();
    let mut checked = 0;
    for (name, case) in cases(&golden, "regression") {
        let (predictions, targets) = (numbers(&case["predictions"]), numbers(&case["targets"]));
        // A target of a billion leaves seven digits of a distance of 1.
        let relative = if name == "far from 0" { 1e-7 } else { 1e-13 };
        for metric in Metric::ALL {
            let Metric::Regression(metric) = metric else { continue };
            check(name, metric.name(), metric.of(&predictions, &targets), &case[metric.name()], relative);
            checked += 1;
        }
    }
    assert_eq!(checked, 4 * 4);
}
