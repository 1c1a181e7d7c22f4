//! Augmented rows against figures of NumPy and SciPy in f64: `tests/golden/augment.py` makes `augment.json`.

use serde_json::Value;

use super::augment;
use crate::data::{Image, Part, Split, TargetScale, Targets};
use crate::spec::{Augmentation, ImageShape};

const ROWS: u32 = 12;

/// The script's pictures: multiples of 1/256.
fn data(shape: ImageShape, targets: Targets) -> Split {
    let pixel = |row: u32, column: u32| {
        let number = (row * row * 31 + row * 7919 + column * 104_729) % 1025;
        (number as f32 - 512.0) / 256.0
    };
    let columns = shape.inputs() as u32;
    let inputs = (0..ROWS).flat_map(|row| (0..columns).map(move |column| pixel(row, column))).collect();
    let part = |inputs, targets| Part { inputs, columns: columns as usize, targets };
    let none = || part(Vec::new(), Targets::Classes(Vec::new()));
    let background = (0..shape.channels).map(|channel| -0.75 + 0.5 * channel as f32).collect();
    Split {
        train: part(inputs, targets),
        validation: none(),
        test: none(),
        target_scale: TargetScale::IDENTITY,
        image: Some(Image { shape, background }),
    }
}

fn augmentation(name: &str) -> Augmentation {
    let none = Augmentation::NONE;
    match name {
        "flip" => Augmentation { flip: true, ..none },
        "rotate" => Augmentation { rotate: 40.0, ..none },
        "scale" => Augmentation { scale: 0.4, ..none },
        "shift" => Augmentation { shift: 2, ..none },
        "cutout" => Augmentation { cutout: 3, ..none },
        "even_cutout" => Augmentation { cutout: 4, ..none },
        "noise" => Augmentation { noise: 0.25, ..none },
        "mixup" => Augmentation { mixup: 0.3, ..none },
        "mixup_above_1" => Augmentation { mixup: 2.5, ..none },
        "all" => Augmentation { flip: true, rotate: 25.0, scale: 0.2, shift: 1, cutout: 2, noise: 0.1, mixup: 0.6 },
        other => panic!("no case is called {other}"),
    }
}

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(|number| number.as_f64().unwrap()).collect()
}

#[track_caller]
fn check(what: &str, found: &[f32], wanted: &[f64]) {
    assert_eq!(found.len(), wanted.len(), "{what}");
    for (index, (found, wanted)) in found.iter().zip(wanted).enumerate() {
        assert!((f64::from(*found) - wanted).abs() < 1e-5, "{what}, number {index}: {found}, not {wanted}");
    }
}

#[test]
fn every_transformation_is_that_of_numpy_and_scipy() {
    let golden: Value = serde_json::from_str(include_str!("../../../../tests/golden/augment.json")).unwrap();
    let cases: Vec<(&String, &Value)> =
        golden.as_object().unwrap().iter().filter(|(_, case)| case.is_object()).collect();
    assert_eq!(cases.len(), 20);
    for (case, wanted) in cases {
        let (name, shape) = case.split_once(' ').unwrap();
        let shape = match shape {
            "grey" => ImageShape { height: 7, width: 6, channels: 1 },
            _ => ImageShape { height: 4, width: 5, channels: 3 },
        };
        let classes = Targets::Classes((0..ROWS).collect());
        let found = augment(&augmentation(name), &data(shape, classes), 7, 2, 3);
        check(case, &found.rows.inputs, &numbers(&wanted["inputs"]));
        assert_eq!(found.mixed.is_some(), wanted.get("partners").is_some(), "{case}");
        let Some(mixed) = found.mixed else { continue };
        let partners: Vec<f64> = mixed.others.iter().map(|&other| f64::from(other)).collect();
        assert_eq!(partners, numbers(&wanted["partners"]), "{case}");
        check(case, &mixed.shares, &numbers(&wanted["shares"]));
        let scaled = (0..ROWS).map(|row| row as f32 / 8.0).collect();
        let targets = Targets::Numbers { scaled, own: vec![0.0; ROWS as usize] };
        let found = augment(&augmentation(name), &data(shape, targets), 7, 2, 3);
        assert_eq!(found.mixed, None);
        let Targets::Numbers { scaled, .. } = &found.rows.targets else { panic!("classes") };
        check(case, scaled, &numbers(&wanted["numbers"]));
    }
}
