//! The files and the page show the same figures.

use std::io::Cursor;

use polars::prelude::{DataFrame, DataType, SerReader};
use polars_io::csv::read::CsvReadOptions;

use super::fixture::Sweep;
use crate::answer::Answer;
use crate::number::{count, figure, p_value, percent, plus_minus};
use crate::page::{Block, Table};
use crate::plot::{Shown, TabledPlots};
use crate::sections::page;

fn read(sweep: &Sweep, file: &str) -> DataFrame {
    CsvReadOptions::default()
        .with_has_header(true)
        .into_reader_with_file_handle(Cursor::new(sweep.file(file).into_bytes()))
        .finish()
        .unwrap()
}

/// A column of numbers; NaN where a cell is empty.
fn numbers(frame: &DataFrame, name: &str) -> Vec<f64> {
    let column = frame.column(name).unwrap().cast(&DataType::Float64).unwrap();
    column.f64().unwrap().iter().map(|value| value.unwrap_or(f64::NAN)).collect()
}

fn texts(frame: &DataFrame, name: &str) -> Vec<String> {
    let column = frame.column(name).unwrap().cast(&DataType::String).unwrap();
    column.str().unwrap().iter().map(|value| value.unwrap_or_default().to_owned()).collect()
}

/// The tables of the page, each under the heading that it stands under.
fn tables(sweep: &Sweep) -> Vec<(String, Table)> {
    let results = sweep.results();
    let answer = Answer::new(&results);
    let mut heading = String::new();
    let mut found = Vec::new();
    for block in page(&results, &answer, &Shown::new(&results, &answer), &TabledPlots::new(&results), None) {
        match block {
            Block::Heading(_, title) => heading = title,
            Block::Table(table) | Block::Folded(_, table) => found.push((heading.clone(), table)),
            _ => {}
        }
    }
    found
}

/// The cells under a title in the tables under a heading that have it.
fn cells(sweep: &Sweep, heading: &str, title: &str) -> Vec<String> {
    let under = tables(sweep).into_iter().filter(|(found, _)| found == heading);
    let column = under.filter_map(|(_, table)| {
        let place = table.columns.iter().position(|column| column.title == title)?;
        Some(table.rows.into_iter().map(move |row| row.cells[place].clone()))
    });
    column.flatten().collect()
}

fn dash_or(values: &[f64], words: impl Fn(f64) -> String) -> Vec<String> {
    values.iter().map(|value| if value.is_nan() { "-".to_owned() } else { words(*value) }).collect()
}

/// Values with half of their intervals, as the page writes them.
fn with_intervals(frame: &DataFrame, mean: &str, low: &str, high: &str) -> Vec<String> {
    let ends = numbers(frame, low).into_iter().zip(numbers(frame, high));
    numbers(frame, mean).into_iter().zip(ends).map(|(mean, (low, high))| plus_minus(mean, (high - low) / 2.0)).collect()
}

/// The rows of a frame with a text in a column.
fn only(frame: &DataFrame, column: &str, text: &str) -> DataFrame {
    let rows = texts(frame, column).iter().map(|found| found == text).collect();
    frame.filter(&rows).unwrap()
}

#[test]
fn pairs_of_architectures_have_the_figures_of_comparisons_csv() {
    let sweep = Sweep::architectures();
    let frame = only(&only(&read(&sweep, "comparisons.csv"), "metric", "test_loss"), "axis", "architecture");
    let heading = "The architectures side by side";
    assert_eq!(cells(&sweep, heading, "a - b"), with_intervals(&frame, "difference", "low", "high"));
    assert_eq!(cells(&sweep, heading, "a"), texts(&frame, "a"));
    let p = dash_or(&numbers(&frame, "p_holm"), p_value);
    assert_eq!(cells(&sweep, heading, "p (Holm)")[4..], p);
}

#[test]
fn shares_and_contrasts_have_the_figures_of_effects_csv() {
    let sweep = Sweep::architectures();
    let frame = only(&read(&sweep, "effects.csv"), "metric", "test_loss");
    let heading = "What matters most";
    let effects = only(&frame, "row", "effect");
    assert_eq!(cells(&sweep, heading, "effect"), texts(&effects, "axes"));
    assert_eq!(cells(&sweep, heading, "share"), dash_or(&numbers(&effects, "share"), percent));
    assert_eq!(cells(&sweep, heading, "with noise"), dash_or(&numbers(&effects, "share_with_noise"), percent));
    assert_eq!(cells(&sweep, heading, "F"), dash_or(&numbers(&effects, "f"), figure));
    let contrasts = only(&only(&frame, "row", "contrast"), "kind", "interaction");
    assert_eq!(cells(&sweep, heading, "levels"), texts(&contrasts, "levels"));
    assert_eq!(
        cells(&sweep, heading, "difference of differences"),
        with_intervals(&contrasts, "difference", "low", "high")
    );
    let p = [numbers(&effects, "p_holm"), numbers(&contrasts, "p_holm")].concat();
    assert_eq!(cells(&sweep, heading, "p (Holm)"), dash_or(&p, p_value));
}

#[test]
fn verdicts_have_the_figures_of_verdicts_csv() {
    let sweep = Sweep::architectures();
    let frame = read(&sweep, "verdicts.csv");
    let heading = "Trained too long, or too short?";
    assert_eq!(cells(&sweep, heading, "verdict"), texts(&frame, "verdict"));
    assert_eq!(cells(&sweep, heading, "best epoch"), texts(&frame, "best_epoch"));
    let [mean, low, high] = ["rise", "rise_low", "rise_high"]
        .map(|name| numbers(&frame, name).into_iter().map(|growth| percent(growth / 100.0)).collect::<Vec<_>>());
    let rises = mean.iter().zip(low).zip(high).map(|((mean, low), high)| format!("{mean} ({low} to {high})"));
    assert_eq!(cells(&sweep, heading, "rise"), rises.collect::<Vec<_>>());
    assert_eq!(cells(&sweep, heading, "fall at the end"), with_intervals(&frame, "fall", "fall_low", "fall_high"));
    assert_eq!(cells(&sweep, heading, "validation - training"), with_intervals(&frame, "gap", "gap_low", "gap_high"));
    assert_eq!(cells(&sweep, heading, "constant"), dash_or(&numbers(&frame, "constant_validation_loss"), figure));
}

#[test]
fn budgets_have_the_figures_of_expected_best_csv() {
    let sweep = Sweep::architectures();
    let frame = read(&sweep, "expected_best.csv");
    let heading = "What fewer points would have found";
    let chosen = |values: Vec<f64>| [0, 1, 3, 7].map(|row| values[row]);
    assert_eq!(
        cells(&sweep, heading, "points tried"),
        chosen(numbers(&frame, "points")).map(|points| count(points as u64))
    );
    assert_eq!(
        cells(&sweep, heading, "expected best validation loss"),
        chosen(numbers(&frame, "expected_best_validation_loss")).map(figure)
    );
    assert_eq!(cells(&sweep, heading, "with replacement"), chosen(numbers(&frame, "with_replacement")).map(figure));
}

#[test]
fn the_best_points_have_the_figures_of_summary_csv() {
    let sweep = Sweep::architectures();
    let frame = read(&sweep, "summary.csv");
    let mut rows: Vec<(f64, [String; 2])> =
        with_intervals(&frame, "validation_loss_mean", "validation_loss_low", "validation_loss_high")
            .into_iter()
            .zip(with_intervals(&frame, "test_loss_mean", "test_loss_low", "test_loss_high"))
            .zip(numbers(&frame, "validation_loss_mean"))
            .map(|((validation, test), mean)| (mean, [validation, test]))
            .collect();
    rows.sort_by(|one, other| one.0.total_cmp(&other.0));
    let heading = "The best points (8 of 8 points)";
    assert_eq!(
        cells(&sweep, heading, "validation loss"),
        rows.iter().map(|(_, cells)| cells[0].clone()).collect::<Vec<_>>()
    );
    assert_eq!(cells(&sweep, heading, "test loss"), rows.iter().map(|(_, cells)| cells[1].clone()).collect::<Vec<_>>());
}
