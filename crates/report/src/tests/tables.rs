//! What stands in the tables.

use std::io::Cursor;

use polars::prelude::{DataFrame, PlSmallStr, SerReader};
use polars_io::csv::read::CsvReadOptions;
use polars_io::parquet::read::ParquetReader;
use swath_results::manifest::Task;
use swath_results::row::{Curves, Ending};

use super::fixture::Sweep;
use crate::contrast::comparisons;
use crate::figure::Figure;
use crate::statistics::Verdict;
use crate::tables::{epochs, trials};
use crate::write::parquet;

fn header(table: &str) -> Vec<&str> {
    table.lines().next().unwrap().split(',').collect()
}

fn read(text: &str) -> DataFrame {
    CsvReadOptions::default()
        .with_has_header(true)
        .into_reader_with_file_handle(Cursor::new(text.as_bytes().to_vec()))
        .finish()
        .unwrap()
}

#[test]
fn a_trial_is_a_row_in_the_order_of_the_manifest() {
    let sweep = Sweep::architectures();
    let table = sweep.file("trials.csv");
    assert_eq!(
        header(&table),
        [
            "key",
            "replicate",
            "architecture",
            "epochs",
            "status",
            "parameters",
            "steps",
            "train_loss",
            "validation_loss",
            "test_loss",
            "validation_mae",
            "test_mae",
            "best_epoch",
            "best_validation_loss",
            "best_test_loss",
            "best_validation_mae",
            "best_test_mae",
            "epochs_run",
            "restored_epoch",
            "diverged_epoch",
            "message",
        ]
    );
    let keys: Vec<String> = table.lines().skip(1).map(|line| line.split(',').next().unwrap().to_owned()).collect();
    assert_eq!(keys, sweep.manifest.keys.iter().map(ToString::to_string).collect::<Vec<_>>());
    let second: Vec<&str> = table.lines().nth(2).unwrap().split(',').collect();
    assert_eq!(second[1..7], ["1", "baseline", "10", "finished", "81", "250"]);
    let Ending::Finished(scores) = &sweep.outcomes[&sweep.manifest.keys[1]].ending else { panic!("it finished") };
    assert_eq!(second[8].parse::<f32>().unwrap().to_bits(), scores.last.validation_loss.to_bits());
}

#[test]
fn what_was_not_measured_is_an_empty_cell() {
    let mut sweep = Sweep::architectures();
    sweep.set_ending(0, 0, Ending::Diverged { epoch: 3 });
    sweep.set_ending(0, 1, Ending::Failed { message: "=cmd\u{1b}[31m\nno".to_owned() });
    sweep.remove(0, 2);
    let key = sweep.manifest.key(0, 3).unwrap();
    if let Ending::Finished(scores) = &mut sweep.outcomes.get_mut(&key).unwrap().ending {
        scores.last.test_loss = Some(f32::INFINITY);
        scores.train_loss = f32::NAN;
    }
    let table = sweep.file("trials.csv");
    let rows: Vec<&str> =
        table.lines().skip(1).take(4).map(|line| line.split_once("baseline,10,").unwrap().1).collect();
    assert_eq!(rows[0], "diverged,81,50,,,,,,,,,,,2,,3,");
    assert_eq!(rows[1], "failed,81,0,,,,,,,,,,,0,,,'=cmd[31m no");
    assert_eq!(rows[2], "missing,81,,,,,,,,,,,,,,,");
    let cells: Vec<&str> = rows[3].split(',').collect();
    assert_eq!((cells[3], cells[5]), ("", ""));
    assert_ne!(cells[4], "");
}

#[test]
fn the_summary_agrees_with_the_aggregates_of_polars() {
    let mut sweep = Sweep::architectures();
    sweep.set_ending(3, 1, Ending::Diverged { epoch: 2 });
    let trials = trials::table(&sweep.results()).unwrap();
    let number = |value: Option<f64>| value.unwrap();
    let aggregates = |group: &DataFrame| -> Vec<(&'static str, f64)> {
        let loss = group.column("validation_loss").unwrap().as_materialized_series();
        let loss = loss.cast(&polars::prelude::DataType::Float64).unwrap().drop_nulls();
        vec![
            ("n", loss.len() as f64),
            ("mean", number(loss.mean())),
            ("sd", number(loss.std(1))),
            ("median", number(loss.median())),
            ("min", number(loss.min().unwrap())),
            ("max", number(loss.max().unwrap())),
        ]
    };
    // The manifest's order is the table's, so a point is a run of as many rows as there are replicates.
    let replicates = sweep.manifest.replicates as usize;
    let points = trials.height() / replicates;
    let grouped: Vec<Vec<(&str, f64)>> = (0..points)
        .map(|point| aggregates(&trials.slice(i64::try_from(point * replicates).unwrap(), replicates)))
        .collect();
    let summary = read(&sweep.file("summary.csv"));
    for statistic in ["n", "mean", "sd", "median", "min", "max"] {
        let column = |frame: &DataFrame, name: &str| -> Vec<f64> {
            let column = frame.column(name).unwrap().cast(&polars::prelude::DataType::Float64).unwrap();
            column.f64().unwrap().iter().map(Option::unwrap).collect()
        };
        let ours = column(&summary, &format!("validation_loss_{statistic}"));
        assert_eq!(ours.len(), grouped.len());
        let theirs = grouped.iter().map(|point| point.iter().find(|(name, _)| *name == statistic).unwrap().1);
        for (ours, theirs) in ours.into_iter().zip(theirs) {
            assert!((ours - theirs).abs() <= 1e-12 * theirs.abs(), "{statistic}: {ours} {theirs}");
        }
    }
    let diverged = summary.column("diverged").unwrap();
    assert_eq!(diverged.i64().unwrap().iter().flatten().collect::<Vec<_>>(), [0, 0, 0, 1, 0, 0, 0, 0]);
}

#[test]
fn the_interval_of_one_replicate_is_an_empty_cell() {
    let sweep = Sweep::new(Task::Regression, &[], 1);
    let table = sweep.file("summary.csv");
    let cell = |name: &str| {
        let place = header(&table).iter().position(|column| *column == name).unwrap();
        table.lines().nth(1).unwrap().split(',').nth(place).unwrap().to_owned()
    };
    assert_eq!(cell("validation_loss_n"), "1");
    assert_ne!(cell("validation_loss_mean"), "");
    for missing in ["sd", "low", "high"] {
        assert_eq!(cell(&format!("validation_loss_{missing}")), "");
    }
}

#[test]
fn an_effect_that_was_put_in_is_found_with_its_sign_and_size() {
    let sweep = Sweep::architectures();
    let found = comparisons(&sweep.results(), 0, Figure::TEST_LOSS);
    assert_eq!(
        found.iter().map(|pair| (pair.a, pair.b)).collect::<Vec<_>>(),
        [(1, 0), (2, 0), (2, 1), (3, 0), (3, 1), (3, 2)]
    );
    let wide = &found[0];
    assert_eq!((wide.n, wide.settings, wide.verdict), (5, 2, Verdict::Better));
    assert!((wide.difference.unwrap() + 0.02).abs() < 0.002, "{wide:?}");
    assert!(wide.interval.unwrap().high < 0.0);
    assert_eq!(found[1].verdict, Verdict::Worse);
    assert!(!matches!(found[4].verdict, Verdict::Better | Verdict::Worse), "{:?}", found[4]);
}

#[test]
fn a_level_is_averaged_only_over_settings_that_both_levels_have() {
    let mut sweep = Sweep::architectures();
    for replicate in 0..5 {
        sweep.set_ending(1, replicate, Ending::Diverged { epoch: 2 });
    }
    let wide = comparisons(&sweep.results(), 0, Figure::TEST_LOSS)[0].clone();
    assert_eq!((wide.n, wide.settings, wide.settings_left_out), (5, 1, 1));
    assert!((wide.difference.unwrap() + 0.02).abs() < 0.002, "{wide:?}");
}

#[test]
fn a_replicate_that_lacks_a_setting_is_left_out_of_the_pair() {
    let mut sweep = Sweep::architectures();
    sweep.set_ending(2, 0, Ending::Diverged { epoch: 2 });
    let found = comparisons(&sweep.results(), 0, Figure::VALIDATION_LOSS);
    assert_eq!(found.iter().map(|pair| pair.n).collect::<Vec<_>>(), [4, 5, 4, 5, 4, 5]);
}

#[test]
fn every_axis_is_compared_by_test_loss_and_by_validation_loss() {
    let table = Sweep::architectures().file("comparisons.csv");
    assert_eq!(
        header(&table),
        [
            "metric",
            "axis",
            "a",
            "b",
            "at",
            "n",
            "difference",
            "low",
            "high",
            "p",
            "p_holm",
            "effect",
            "verdict",
            "reading",
        ]
    );
    let first =
        |metric: &str, axis: &str| table.lines().filter(|line| line.starts_with(&format!("{metric},{axis},"))).count();
    assert_eq!(
        [
            ("test_loss", "architecture"),
            ("validation_loss", "architecture"),
            ("test_loss", "epochs"),
            ("validation_loss", "epochs")
        ]
        .map(|(metric, axis)| first(metric, axis)),
        [6, 6, 1, 1]
    );
}

#[test]
fn an_epoch_is_a_row_and_the_training_loss_stands_where_it_was_measured() {
    let mut sweep = Sweep::new(Task::Regression, &[("epochs", &["10", "30"])], 2);
    let every = sweep.manifest.key(0, 1).unwrap();
    let outcome = sweep.outcomes.get_mut(&every).unwrap();
    outcome.curves = Curves { train_loss: vec![0.5; 10], ..outcome.curves.unpack() }.pack();
    let restored = sweep.manifest.key(1, 0).unwrap();
    if let Ending::Finished(scores) = &mut sweep.outcomes.get_mut(&restored).unwrap().ending {
        scores.restored_epoch = Some(20);
    }
    sweep.set_ending(1, 1, Ending::Diverged { epoch: 6 });
    let bytes = sweep.render().into_iter().find(|file| file.name == "epochs.parquet").unwrap().bytes;
    let frame = ParquetReader::new(Cursor::new(bytes)).finish().unwrap();
    assert_eq!(
        frame.get_column_names().into_iter().map(PlSmallStr::as_str).collect::<Vec<_>>(),
        [
            "key",
            "point",
            "replicate",
            "epochs",
            "epoch",
            "train_loss_running",
            "train_loss",
            "validation_loss",
            "validation_mae",
            "learning_rate",
        ]
    );
    assert_eq!(frame.height(), 10 + 10 + 30 + 5);
    let measured: Vec<usize> = frame
        .column("train_loss")
        .unwrap()
        .f32()
        .unwrap()
        .iter()
        .enumerate()
        .filter(|(_, loss)| loss.is_some())
        .map(|(row, _)| row)
        .collect();
    assert_eq!(measured, [vec![9], (10..20).collect(), vec![39]].concat());
}

#[test]
fn row_groups_change_no_row() {
    let sweep = Sweep::architectures();
    let results = sweep.results();
    let read = |rows: usize| {
        let bytes = parquet(epochs::frames(&results, rows)).unwrap();
        ParquetReader::new(Cursor::new(bytes)).finish().unwrap()
    };
    assert_eq!(epochs::frames(&results, 100).count(), 8);
    assert!(read(100).equals_missing(&read(1 << 18)));
}

#[test]
fn equal_keys_are_timed_once() {
    let mut sweep = Sweep::new(Task::Regression, &[("epochs", &["10", "30"])], 2);
    sweep.manifest.keys[3] = sweep.manifest.keys[0];
    assert_eq!(sweep.file("timings.csv").lines().count(), 1 + 3);
    assert_eq!(sweep.file("trials.csv").lines().count(), 1 + 4);
}
