//! Synthetic results held against synthetic baselines, and how often unchanged ones raise a false alarm.

use std::f64::consts::PI;

use swath_results::RunRecord;
use swath_results::manifest::Task;
use swath_results::row::Ending;
use swath_results::run::DataVariant;

use super::fixture::{Sweep, mix, run_record};
use crate::compare::Side;
use crate::figure::Figure;
use crate::gate::{Baseline, Finding, Gate, State, Terms, checked, document, files, inspect, junit, page};
use crate::statistics::Alpha;
use crate::write::markdown;

const AXES: [(&str, &[&str]); 2] = [("architecture", &["baseline", "wide, \"2\""]), ("epochs", &["10", "30"])];

fn record() -> RunRecord {
    let resolved = "name = 'synthetic'\nseed = 7\n[data]\ntask = 'regression'\ntarget = 'price'\n[train]\nloss = 'mse'";
    let mut record = RunRecord { resolved: resolved.parse().unwrap(), ..run_record() };
    record.data.variants = vec![DataVariant { digest: "ab".repeat(32), test_rows: 400, ..DataVariant::default() }];
    record
}

fn terms(margin: f64, alpha: f64) -> Terms {
    Terms { margin, alpha: Alpha::new(alpha).unwrap(), figure: None }
}

fn kept(sweep: &Sweep) -> Baseline {
    let files = files(&sweep.results(), &record()).unwrap();
    let text = |name: &'static str| {
        checked(&files[2].bytes, name, &files.iter().find(|file| file.name == name).unwrap().bytes)
    };
    Baseline::read(&text("trials.csv").unwrap(), &text("run.toml").unwrap()).unwrap()
}

fn gated(new: &Sweep, baseline: &Baseline, terms: Terms) -> Gate {
    let (results, before, record) = (new.results(), baseline.results(), record());
    let new = Side { results: &results, record: &record };
    inspect(new, Side { results: &before, record: &baseline.record }, terms).unwrap()
}

/// Adds to the test loss of one trial.
fn add(sweep: &mut Sweep, point: usize, replicate: u32, by: f64) {
    let key = sweep.manifest.key(point, replicate).unwrap();
    let Ending::Finished(scores) = &mut sweep.outcomes.get_mut(&key).unwrap().ending else { panic!() };
    scores.last.test_loss = scores.last.test_loss.map(|loss| loss + by as f32);
}

fn shift(sweep: &mut Sweep, point: usize, by: f64) {
    for replicate in 0..sweep.manifest.replicates {
        // Not the same in every replicate, so that there is something to test.
        add(sweep, point, replicate, by * (1.0 + f64::from(replicate) / 50.0));
    }
}

#[test]
fn a_baseline_keeps_every_score_bit_for_bit() {
    let mut sweep = Sweep::new(Task::Regression, &AXES, 4);
    sweep.set_ending(1, 2, Ending::Diverged { epoch: 3 });
    let key = sweep.manifest.key(0, 0).unwrap();
    if let Ending::Finished(scores) = &mut sweep.outcomes.get_mut(&key).unwrap().ending {
        scores.restored_epoch = Some(7);
        scores.last.test_metric = Some(f32::MIN_POSITIVE / 8.0);
        scores.best.test_loss = Some(f32::MAX);
        scores.train_loss = 0.1 + 0.2;
    }
    let baseline = kept(&sweep);
    assert_eq!(baseline.manifest.keys, sweep.manifest.keys);
    assert_eq!(baseline.manifest.replicates, 4);
    for (key, outcome) in &sweep.outcomes {
        assert_eq!(baseline.outcomes.get(key).unwrap().ending, outcome.ending, "{key}");
    }
    assert!(gated(&sweep, &baseline, terms(0.01, 0.002)).is_same_bits());
}

#[test]
fn one_bit_of_one_score_is_not_the_same_bits() {
    let sweep = Sweep::new(Task::Regression, &AXES, 4);
    let baseline = kept(&sweep);
    let mut other = Sweep::new(Task::Regression, &AXES, 4);
    let key = other.manifest.key(3, 1).unwrap();
    if let Ending::Finished(scores) = &mut other.outcomes.get_mut(&key).unwrap().ending {
        scores.best.validation_metric = scores.best.validation_metric.next_up();
    }
    let gate = gated(&other, &baseline, terms(0.01, 0.002));
    assert!(!gate.is_same_bits());
    assert_eq!((gate.contradictions, gate.finding), (1, Finding::Passed));
}

#[test]
fn a_point_that_got_worse_regresses_and_the_page_says_which() {
    let baseline = kept(&Sweep::new(Task::Regression, &AXES, 5));
    let mut new = Sweep::new(Task::Regression, &AXES, 5);
    shift(&mut new, 2, 0.02);
    shift(&mut new, 0, 0.0001);
    let gate = gated(&new, &baseline, terms(0.01, 0.01));
    assert_eq!(gate.finding, Finding::Regressed);
    insta::assert_snapshot!(markdown(&page(&gate)));
    insta::assert_snapshot!(junit(&gate));
    let document = document(&gate, ["results/new", "results/baselines/new"]);
    crate::json::tests::assert_page_names_keys("gate.md", &document);
    insta::assert_snapshot!(format!("{document:#}"));
}

#[test]
fn failures_divergence_and_missing_trials_are_each_said() {
    let baseline = kept(&Sweep::new(Task::Regression, &AXES, 5));
    let mut new = Sweep::new(Task::Regression, &AXES, 5);
    new.set_ending(0, 1, Ending::Failed { message: "no memory".to_owned() });
    new.set_ending(1, 1, Ending::Diverged { epoch: 2 });
    new.remove(2, 4);
    let gate = gated(&new, &baseline, terms(0.01, 0.002));
    let states: Vec<&State> = gate.points.iter().map(|point| &point.state).collect();
    assert_eq!(states, [&State::Failed(1), &State::Diverged(1), &State::Missing(1), &State::SameBits]);
    assert_eq!(gate.finding, Finding::Regressed);
}

#[test]
fn a_trial_that_diverged_before_is_left_out_of_its_pair_and_counted() {
    let mut before = Sweep::new(Task::Regression, &AXES, 5);
    before.set_ending(1, 1, Ending::Diverged { epoch: 2 });
    let mut new = Sweep::new(Task::Regression, &AXES, 5);
    shift(&mut new, 1, 0.00001);
    let gate = gated(&new, &kept(&before), terms(0.01, 0.002));
    let State::Judged(judged) = &gate.points[1].state else { panic!("{:?}", gate.points[1]) };
    assert_eq!((judged.n, judged.finding), (4, Finding::Passed));
}

#[test]
fn more_is_better_for_an_accuracy() {
    let figure = Some(Figure::TEST_METRIC);
    let terms = Terms { figure, ..terms(0.01, 0.01) };
    let before = Sweep::new(Task::Classification, &AXES, 5);
    let mut record = record();
    record.resolved["data"]["task"] = "classification".into();
    record.resolved["data"]["target"] = "digit".into();
    let files = files(&before.results(), &record).unwrap();
    let [trials, kept, _] = files.each_ref().map(|file| String::from_utf8(file.bytes.clone()).unwrap());
    let baseline = Baseline::read(&trials, &kept).unwrap();
    for (by, finding) in [(-0.05_f32, Finding::Regressed), (0.05, Finding::Passed)] {
        let mut new = Sweep::new(Task::Classification, &AXES, 5);
        for outcome in new.outcomes.values_mut() {
            let Ending::Finished(scores) = &mut outcome.ending else { panic!() };
            scores.last.test_metric = scores.last.test_metric.map(|metric| metric + by);
        }
        let (results, before) = (new.results(), baseline.results());
        let side = Side { results: &results, record: &record };
        let gate = inspect(side, Side { results: &before, record: &baseline.record }, terms).unwrap();
        assert_eq!(gate.finding, finding, "{by}");
    }
}

#[test]
fn a_table_that_is_cut_or_garbled_is_named_by_its_line() {
    let sweep = Sweep::new(Task::Regression, &AXES, 3);
    let files = files(&sweep.results(), &record()).unwrap();
    let [trials, record, _] = files.each_ref().map(|file| String::from_utf8(file.bytes.clone()).unwrap());
    let lines: Vec<&str> = trials.lines().collect();
    let check = |text: &str, expected: &str| {
        let error = Baseline::read(text, &record).unwrap_err().to_string();
        assert!(error.contains(expected), "{error}");
    };
    check("", "line 1: it is empty");
    check("a,b\n", "line 1: there is no column `key`");
    check(&lines[..12].join("\n"), "line 12: trials are missing at its end");
    check(&[&lines[..2], &lines[3..]].concat().join("\n"), "line 3: replicate 2 follows replicate 0");
    check(&[&lines[..2], &["x"]].concat().join("\n"), "line 3: 1 cells under");
    check(&trials.replacen(",finished,", ",lost,", 1), "line 2: `lost` is no status");
    check(&trials.replacen("0.2", "0.2x", 1), "is no number");
}

/// A night: every trial drawn anew, its replicate's luck shared by all points as common seeds do.
fn draw(sweep: &mut Sweep, seed: &mut u64) {
    let mut normal = || {
        let mut uniform = || {
            *seed += 1;
            ((mix(*seed) >> 11) as f64 + 0.5) / (1_u64 << 53) as f64
        };
        let radius = (-2.0 * libm::log(uniform())).sqrt();
        radius * libm::cos(2.0 * PI * uniform())
    };
    for replicate in 0..sweep.manifest.replicates {
        let shared = normal();
        for point in 0..sweep.manifest.points.len() {
            let key = sweep.manifest.key(point, replicate).unwrap();
            let Ending::Finished(scores) = &mut sweep.outcomes.get_mut(&key).unwrap().ending else { panic!() };
            scores.last.test_loss = Some((1.0 + 0.05 * shared + 0.05 * normal()) as f32);
            scores.last.validation_loss = (1.0 + 0.05 * shared + 0.05 * normal()) as f32;
        }
    }
}

/// Of so many nights on which nothing changed but luck, those that regressed.
fn alarms(nights: usize, margin: f64, alpha: f64, mut seed: u64) -> usize {
    let axes: &[(&str, &[&str])] = &[("architecture", &["a", "b", "c", "d"]), ("batch_size", &["8", "16", "32"])];
    let (mut sweep, mut before) = (Sweep::new(Task::Regression, axes, 8), Sweep::new(Task::Regression, axes, 8));
    let mut alarms = 0;
    for _ in 0..nights {
        draw(&mut before, &mut seed);
        draw(&mut sweep, &mut seed);
        let (results, baseline, record) = (sweep.results(), before.results(), record());
        let [new, baseline] = [&results, &baseline].map(|results| Side { results, record: &record });
        alarms += usize::from(inspect(new, baseline, terms(margin, alpha)).unwrap().finding == Finding::Regressed);
    }
    alarms
}

#[test]
#[ignore = "simulation: some seconds"]
fn simulation_of_a_thousand_unchanged_nights_raises_two_false_alarms_at_most() {
    let alarms = alarms(1_000, 0.01, 0.002, 1);
    assert!(alarms <= 2, "{alarms}");
}

#[test]
#[ignore = "simulation: some seconds"]
fn simulation_at_a_larger_alpha_errs_as_often_as_it_may_and_no_more() {
    // Without a margin, so that the test alone decides.
    let share = alarms(1_000, 0.0, 0.05, 1 << 40) as f64 / 1_000.0;
    assert!((0.01..=0.07).contains(&share), "{share}");
}
