//! One line of `history.csv`: what one run of one sweep came to.

use std::borrow::Cow;

use swath_results::RunRecord;
use thiserror::Error;

use crate::cells::{cells, line};
use crate::figure::Figure;
use crate::results::Results;
use crate::statistics::mean;

/// The names of the columns.
const HEADER: [&str; 10] =
    ["started", "sweep", "engine", "figure", "mean", "best", "steps_per_second", "swath", "revision", "machine"];

/// What one run of one sweep came to.
#[derive(Debug, Clone, PartialEq)]
pub struct Night {
    /// When the run began: RFC 3339, UTC.
    pub started: String,
    /// The sweep's name.
    pub sweep: String,
    /// What trained, as it was chosen.
    pub engine: String,
    /// The figure of `mean` and `best`.
    pub figure: String,
    /// Its mean over all points and replicates; `None` unless every trial finished.
    pub mean: Option<f64>,
    /// The mean of the point with the smallest; `None` unless every trial finished.
    pub best: Option<f64>,
    /// Optimiser steps asked for over the seconds of the run; `None` unless the run trained every trial.
    pub steps_per_second: Option<f64>,
    /// Version of the program.
    pub swath: String,
    /// Its revision, as given.
    pub revision: String,
    /// System and processor.
    pub machine: String,
}

/// Why a text is no history.
#[derive(Debug, Error, PartialEq, Eq)]
#[error("line {line} is no night: {reason}")]
pub struct HistoryError {
    /// The line, counted from 1.
    pub line: usize,
    /// What is wrong.
    pub reason: String,
}

impl Night {
    /// The night of a run; `revision` names the program as its builder does.
    pub fn new(results: &Results<'_>, record: &RunRecord, revision: &str) -> Self {
        let figure = if results.is_tested() { Figure::TEST_LOSS } else { Figure::VALIDATION_LOSS };
        let points = 0..results.manifest().points.len();
        let of_point = |point: usize| {
            let values: Option<Vec<f64>> = results.values(point, figure).into_iter().collect();
            mean(&values?)
        };
        let means: Option<Vec<f64>> = points.map(of_point).collect();
        let means = means.unwrap_or_default();
        let run = &record.run;
        let is_whole = run.complete && run.reused == 0 && run.seconds > 0.0;
        Self {
            started: run.started.clone(),
            sweep: results.manifest().name.clone(),
            engine: run.engine.clone(),
            figure: results.column(figure),
            mean: mean(&means),
            best: means.iter().copied().reduce(f64::min),
            steps_per_second: is_whole.then(|| run.steps_asked as f64 / run.seconds),
            swath: record.swath.clone(),
            revision: revision.to_owned(),
            machine: [record.machine.system.as_str(), &record.machine.processor].join(" ").trim().to_owned(),
        }
    }

    /// Whether two lines tell of the same run.
    pub fn is_same_run(&self, other: &Self) -> bool {
        self.name() == other.name()
    }

    /// What names its run.
    fn name(&self) -> [&str; 4] {
        [&self.started, &self.sweep, &self.engine, &self.machine]
    }

    fn line(&self) -> String {
        let number = |value: Option<f64>| value.map(|value| value.to_string()).unwrap_or_default();
        let [mean, best, speed] = [self.mean, self.best, self.steps_per_second].map(number);
        let Self { started, sweep, engine, figure, swath, revision, machine, .. } = self;
        line(&[started, sweep, engine, figure, &mean, &best, &speed, swath, revision, machine])
    }

    fn from_cells(cells: Vec<Cow<'_, str>>) -> Result<Self, String> {
        let count = cells.len();
        let cells: [Cow<'_, str>; HEADER.len()] =
            cells.try_into().map_err(|_| format!("{count} cells, and {} are expected", HEADER.len()))?;
        let cells = cells.map(Cow::into_owned);
        let [started, sweep, engine, figure, mean, best, speed, swath, revision, machine] = cells;
        let [mean, best, steps_per_second] = [number(&mean)?, number(&best)?, number(&speed)?];
        Ok(Self { started, sweep, engine, figure, mean, best, steps_per_second, swath, revision, machine })
    }
}

fn number(cell: &str) -> Result<Option<f64>, String> {
    if cell.is_empty() {
        return Ok(None);
    }
    let number = cell.parse().ok().filter(|number: &f64| number.is_finite());
    number.map(Some).ok_or_else(|| format!("`{cell}` is no number"))
}

/// The text of a history.
pub fn to_csv(nights: &[Night]) -> String {
    nights.iter().fold(line(&HEADER), |text, night| text + &night.line())
}

/// The nights of a history, as they stand in it; none in an empty text.
///
/// # Errors
/// A line that is no night.
pub fn nights(text: &str) -> Result<Vec<Night>, HistoryError> {
    let wrong = |line: usize, reason: &str| HistoryError { line, reason: reason.to_owned() };
    let not_closed = |line| wrong(line, "a quote is not closed");
    let mut rows = cells(text);
    match rows.next().transpose().map_err(not_closed)? {
        None => return Ok(Vec::new()),
        Some(header) if header == HEADER => {}
        Some(_) => return Err(wrong(1, "its first line is another than those of a history")),
    }
    let night = |(place, row): (usize, Result<Vec<Cow<'_, str>>, usize>)| {
        Night::from_cells(row.map_err(not_closed)?).map_err(|reason| HistoryError { line: place + 2, reason })
    };
    rows.enumerate().map(night).collect()
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::tests::fixture::{Sweep, run_record};

    /// A night of these figures.
    pub(in crate::history) fn night(day: usize, mean: f64, speed: f64, machine: &str) -> Night {
        Night {
            started: format!("2026-01-{day:02}T03:00:00Z"),
            sweep: "small".to_owned(),
            engine: "auto".to_owned(),
            figure: "test_loss".to_owned(),
            mean: Some(mean),
            best: Some(mean / 2.0),
            steps_per_second: Some(speed),
            swath: "0.1.0".to_owned(),
            revision: format!("r{day}"),
            machine: machine.to_owned(),
        }
    }

    #[test]
    fn nights_read_back_as_they_were_written() {
        let mut list = vec![night(1, 0.1 + 0.2, 1e6 / 3.0, "linux, \"x\""), night(2, 0.25, 10.0, "")];
        list[1].mean = None;
        list[1].steps_per_second = None;
        assert_eq!(nights(&to_csv(&list)).unwrap(), list);
        assert_eq!(nights("").unwrap(), []);
    }

    #[test]
    fn a_line_that_is_no_night_is_named() {
        let text = to_csv(&[night(1, 0.25, 10.0, "x")]);
        assert_eq!(nights(&text.replace("0.25", "x")).unwrap_err().to_string(), "line 2 is no night: `x` is no number");
        assert_eq!(nights(&format!("{text}a,b\n")).unwrap_err().line, 3);
        assert_eq!(nights("a,b\n").unwrap_err().line, 1);
    }

    #[test]
    fn a_run_that_reused_trials_or_lacks_some_says_nothing_of_speed_or_quality() {
        let mut sweep = Sweep::architectures();
        let mut record = run_record();
        record.run.reused = 0;
        let whole = Night::new(&sweep.results(), &record, "abc");
        assert_eq!(whole.steps_per_second, Some(20_000.0 / 1.25));
        assert!(whole.best.unwrap() < whole.mean.unwrap());
        record.run.reused = 10;
        sweep.remove(3, 1);
        let partial = Night::new(&sweep.results(), &record, "abc");
        assert_eq!((partial.steps_per_second, partial.mean, partial.best), (None, None, None));
    }
}
