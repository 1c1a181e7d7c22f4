//! An outcome and its line are the same thing.

use proptest::prelude::*;

use super::*;
use crate::journal::packed::write_effort;
use crate::journal::{Error, Unwritable, line, seal};

fn round_trip(outcome: &Outcome) -> Outcome {
    let mut text = Vec::new();
    line::write(outcome, 7, &mut text).unwrap();
    let line = text.strip_suffix(b"\n").unwrap();
    assert!(!line.contains(&b'\n'));
    seal::check(line, 7).unwrap();
    serde_json::from_slice::<serde_json::Value>(line).unwrap();
    line::read(line).unwrap()
}

/// Equal for equal bits alone: -0 and 0 differ.
fn exactly(outcome: &Outcome) -> String {
    format!("{outcome:?}")
}

fn figure() -> impl Strategy<Value = f32> {
    prop_oneof![
        any::<u32>().prop_map(f32::from_bits).prop_filter("finite", |value| value.is_finite()),
        prop::sample::select(vec![0.0, -0.0, 1.0, 0.1, 0.01, 1e-10, f32::MIN_POSITIVE, f32::MAX, f32::MIN]),
        0.0_f32..2.0,
    ]
}

fn curves() -> impl Strategy<Value = Curves> {
    (0_usize..9, any::<bool>()).prop_flat_map(|(epochs, every)| {
        let curve = || prop::collection::vec(figure(), epochs);
        let rates = prop::collection::vec(prop::sample::select(vec![0.01_f32, 0.005, -0.0, 0.0]), epochs);
        (curve(), prop::collection::vec(figure(), if every { epochs } else { 0 }), curve(), curve(), rates).prop_map(
            |(train_loss_running, train_loss, validation_loss, validation_metric, learning_rate)| Curves {
                train_loss_running,
                train_loss,
                validation_loss,
                validation_metric,
                learning_rate,
            },
        )
    })
}

fn scores() -> impl Strategy<Value = Scores> {
    let test = || prop::option::of(figure());
    let score = move || {
        (figure(), figure(), test(), test()).prop_map(|(validation_loss, validation_metric, test_loss, test_metric)| {
            Score { validation_loss, validation_metric, test_loss, test_metric }
        })
    };
    (score(), score(), figure(), prop::option::of(0_u32..12), any::<bool>(), 0_u32..12).prop_map(
        |(last, best, train_loss, restored_epoch, same, best_epoch)| Scores {
            last,
            best: if same { last } else { best },
            train_loss,
            restored_epoch,
            best_epoch,
        },
    )
}

fn outcome() -> impl Strategy<Value = Outcome> {
    let ending = prop_oneof![
        4 => scores().prop_map(Ending::Finished),
        1 => any::<u32>().prop_map(|epoch| Ending::Diverged { epoch }),
        1 => any::<String>().prop_map(|message| Ending::Failed { message }),
    ];
    let effort = (0.0_f32..1e5, any::<u32>(), prop_oneof![0.0..1e7_f64, (0_u32..1000).prop_map(f64::from)]);
    (any::<u128>(), ending, curves(), effort, any::<bool>()).prop_map(|(key, mut ending, curves, effort, derive)| {
        if let (true, Ending::Finished(scores)) = (derive, &mut ending) {
            agree(scores, &curves);
        }
        let (seconds, worker, steps_trained) = effort;
        let effort = Effort { seconds, worker, steps_trained }.as_recorded();
        Outcome { key: TrialKey(key), ending, curves: curves.pack(), effort }
    })
}

/// Makes scores follow from the curves, as they do when a trial was trained.
fn agree(scores: &mut Scores, curves: &Curves) {
    let losses = &curves.validation_loss;
    let mut best = 0;
    for epoch in 1..losses.len() {
        if losses[epoch] < losses[best] {
            best = epoch;
        }
    }
    scores.best_epoch = u32::try_from(best).unwrap() + 1;
    let last = scores.restored_epoch.map_or(losses.len(), |epoch| epoch as usize);
    for (score, epoch) in [(&mut scores.best, best + 1), (&mut scores.last, last)] {
        if (1..=losses.len()).contains(&epoch) {
            score.validation_loss = losses[epoch - 1];
            score.validation_metric = curves.validation_metric[epoch - 1];
        }
    }
}

proptest! {
    #[test]
    fn any_outcome_survives_its_line_bit_for_bit(outcome in outcome()) {
        prop_assert_eq!(exactly(&round_trip(&outcome)), exactly(&outcome));
    }

    #[test]
    fn any_effort_is_recorded_as_32_bit_floats_and_twice_as_once(
        seconds in prop_oneof![1e-9_f32..1e-3, 0.0_f32..10.0, 0.0_f32..1e6], worker: u32, steps in 0.0..1e9_f64,
    ) {
        let effort = Effort { seconds, worker, steps_trained: steps };
        let recorded = effort.as_recorded();
        prop_assert_eq!(recorded.seconds.to_bits(), seconds.to_bits());
        prop_assert_eq!(recorded.worker, worker.min(65_535));
        prop_assert!((recorded.steps_trained - steps).abs() <= steps * 6e-8);
        prop_assert_eq!(recorded.as_recorded(), recorded);
    }
}

#[test]
fn an_effort_that_was_not_measured_is_recorded_as_none() {
    for (seconds, steps_trained) in [(f32::NAN, f64::NAN), (-1.0, -1.0), (f32::INFINITY, f64::INFINITY), (-0.0, 1e39)] {
        let recorded = Effort { seconds, worker: 0, steps_trained }.as_recorded();
        assert_eq!(recorded, Effort::default());
    }
}

#[test]
fn what_follows_from_the_curves_is_not_written() {
    let outcome = finished(3, 10);
    let mut text = Vec::new();
    line::write(&outcome, 7, &mut text).unwrap();
    let value: serde_json::Value = serde_json::from_slice(&text).unwrap();
    let names: Vec<_> = value.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(names, ["k", "r", "v", "m", "l", "e", "x"]);
    assert_eq!(value["l"].to_string(), "[[0.01,5],[0.005,5]]");
    // An effort of 10 bytes and five figures of 4, of which base64 makes 4 characters for 3 bytes.
    assert_eq!(value["e"].as_str().unwrap().len(), 40);
    let mut same = outcome.clone();
    let Ending::Finished(scores) = &mut same.ending else { unreachable!() };
    (scores.best.test_loss, scores.best.test_metric) = (scores.last.test_loss, scores.last.test_metric);
    text.clear();
    line::write(&same, 7, &mut text).unwrap();
    let value: serde_json::Value = serde_json::from_slice(&text).unwrap();
    assert_eq!(value["e"].as_str().unwrap().len(), 30);
}

#[test]
fn a_finished_outcome_takes_at_most_a_hundred_bytes_besides_its_learning_curves() {
    let mut largest = 0;
    for number in 0..300 {
        let mut outcome = finished(number, 100);
        change_curves(&mut outcome, |curves| curves.train_loss.clone_from(&curves.train_loss_running));
        let restored = 10 + u32::try_from(number % 90).unwrap();
        let Ending::Finished(scores) = &mut outcome.ending else { unreachable!() };
        scores.restored_epoch = Some(restored);
        scores.last.validation_loss = outcome.curves.validation_loss()[restored as usize - 1];
        scores.last.validation_metric = outcome.curves.validation_metric()[restored as usize - 1];
        outcome.effort = Effort { seconds: 0.012_345_679, worker: 31, steps_trained: 1000.0 / 3.0 };
        let mut text = Vec::new();
        line::write(&outcome, u32::MAX, &mut text).unwrap();
        let value: serde_json::Value = serde_json::from_slice(&text).unwrap();
        let curves: usize = ["r", "t", "v", "m", "l"]
            .iter()
            .map(|name| format!(r#""{name}":{},"#, std::str::from_utf8(member(&text, name)).unwrap()).len())
            .sum();
        assert!(value.get("w").is_some() && value.get("s").is_none() && value.get("b").is_none());
        largest = largest.max(text.len() - curves);
    }
    assert!(largest <= 100, "{largest}");
}

/// The text of an array in a line, as it is written there.
fn member<'a>(line: &'a [u8], name: &str) -> &'a [u8] {
    let start = format!(r#""{name}":"#);
    let at = line.windows(start.len()).position(|window| window == start.as_bytes()).unwrap() + start.len();
    let end = line[at..].windows(2).position(|window| window == b",\"").unwrap();
    &line[at..at + end]
}

#[test]
fn an_outcome_that_no_line_can_hold_is_refused_and_nothing_of_its_group_written() {
    let sound = finished(1, 3);
    let refused = |change: &dyn Fn(&mut Outcome)| {
        let mut outcome = finished(2, 3);
        change(&mut outcome);
        let disk = Arc::new(FaultyDisk::default());
        let (mut journal, _) = Journal::open(disk.clone(), path()).unwrap();
        let reason = match journal.append(&[sound.clone(), outcome.clone()]) {
            Err(Error::Unwritable { key, reason }) if key == outcome.key => reason,
            other => panic!("{other:?}"),
        };
        journal.append(std::slice::from_ref(&sound)).unwrap();
        assert_eq!(Journal::read(&*disk, path()).unwrap().outcomes.as_slice(), std::slice::from_ref(&sound));
        reason
    };
    let infinite = |outcome: &mut Outcome| change_curves(outcome, |curves| curves.validation_metric[1] = f32::INFINITY);
    assert_eq!(refused(&infinite), Unwritable::NotFinite("validation metric"));
    let uneven = |outcome: &mut Outcome| change_curves(outcome, |curves| curves.learning_rate.truncate(2));
    assert_eq!(refused(&uneven), Unwritable::NotFinite("learning rate"));
    let uneven = |outcome: &mut Outcome| change_curves(outcome, |curves| curves.train_loss = vec![1.0]);
    assert_eq!(refused(&uneven), Unwritable::NotFinite("training loss"));
    let uneven = |outcome: &mut Outcome| change_curves(outcome, |curves| curves.validation_loss.truncate(1));
    assert_eq!(refused(&uneven), Unwritable::NotFinite("validation loss"));
    let nan = |outcome: &mut Outcome| {
        let Ending::Finished(scores) = &mut outcome.ending else { unreachable!() };
        scores.best.test_loss = Some(f32::NAN);
    };
    assert_eq!(refused(&nan), Unwritable::NotFinite("scores"));
}

#[test]
fn members_that_contradict_each_other_are_no_outcome() {
    let key = "A".repeat(22);
    let effort = |figures: &[f32]| {
        let mut text = Vec::new();
        write_effort(Effort::default(), &figures.iter().copied().map(Some).collect::<Vec<_>>(), &mut text);
        String::from_utf8(text).unwrap()
    };
    let [none, one, two] = [effort(&[]), effort(&[1.0]), effort(&[1.0, 2.0])];
    for (rest, message) in [
        (format!(r#""e":"{one}""#), "no epochs"),
        (format!(r#""e":"{one}","b":1"#), "no `s`"),
        (format!(r#""e":"{two}","b":1,"s":[1,2,3,4]"#), "1, 3 or 5"),
        (format!(r#""e":"{none}","d":1,"f":"x""#), "both"),
        (format!(r#""e":"{one}","d":1"#), "did not finish"),
        (format!(r#""e":"{none}","d":1,"l":[[0.1,4294967295]]"#), "4294967295 epochs"),
        (format!(r#""e":"{none}","d":1,"r":[0.5]"#), "`r` has 1 epochs and `v` has 0"),
        (format!(r#""e":"{none}","d":1,"news":1"#), "unknown field `news`"),
        (r#""e":"AAAA","d":1"#.to_owned(), "no effort"),
        (r#""d":1"#.to_owned(), "missing field `e`"),
    ] {
        let error = line::read(format!(r#"{{"k":"{key}",{rest}}}"#).as_bytes()).unwrap_err();
        assert!(error.contains(message), "{rest}: {error}");
    }
    let error = line::read(format!(r#"{{"k":"xyz","e":"{none}","d":1}}"#).as_bytes()).unwrap_err();
    assert!(error.contains("no trial key"), "{error}");
}
