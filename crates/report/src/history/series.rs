//! Quality and speed over the nights, with their changes of level.

use super::night::Night;
use crate::statistics::{Alpha, ChangePoint, change_points};

/// A change is told where chance gives one as clear once in a thousand times.
const ALPHA: f64 = 0.001;

/// What a series is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The mean loss over all points: less is better.
    Quality,
    /// Steps a second: more is better.
    Speed,
}

/// One figure of one sweep over the nights.
#[derive(Debug, Clone, PartialEq)]
pub struct Series {
    /// What it is of.
    pub kind: Kind,
    /// The sweep.
    pub sweep: String,
    /// What trained.
    pub engine: String,
    /// The figure's column, or `steps_per_second`.
    pub figure: String,
    /// The machine; empty for quality, which no machine changes.
    pub machine: String,
    /// When each run began.
    pub started: Vec<String>,
    /// Of which revision each was.
    pub revisions: Vec<String>,
    /// One value a run.
    pub values: Vec<f64>,
    /// Where they change.
    pub changes: Vec<ChangePoint>,
}

/// The series of a history, in the order of their first nights, quality first. Speed is compared on one machine alone.
pub fn series(nights: &[Night]) -> Vec<Series> {
    let mut all: Vec<Series> = Vec::new();
    for kind in [Kind::Quality, Kind::Speed] {
        for night in nights {
            let (value, figure, machine) = match kind {
                Kind::Quality => (night.mean, night.figure.as_str(), ""),
                Kind::Speed => (night.steps_per_second, "steps_per_second", night.machine.as_str()),
            };
            let Some(value) = value else { continue };
            let is_its = |known: &Series| {
                known.kind == kind
                    && [&known.sweep, &known.engine] == [&night.sweep, &night.engine]
                    && [known.figure.as_str(), &known.machine] == [figure, machine]
            };
            let place = all.iter().position(is_its).unwrap_or_else(|| {
                all.push(Series {
                    kind,
                    sweep: night.sweep.clone(),
                    engine: night.engine.clone(),
                    figure: figure.to_owned(),
                    machine: machine.to_owned(),
                    started: Vec::new(),
                    revisions: Vec::new(),
                    values: Vec::new(),
                    changes: Vec::new(),
                });
                all.len() - 1
            });
            let Some(series) = all.get_mut(place) else { continue };
            series.started.push(night.started.clone());
            series.revisions.push(night.revision.clone());
            series.values.push(value);
        }
    }
    let alpha = Alpha::new(ALPHA).unwrap_or(Alpha::FIVE_PERCENT);
    for series in &mut all {
        series.changes = change_points(&series.values, alpha);
    }
    all
}

impl Series {
    /// Whether a change is for the worse.
    pub fn is_worse(&self, change: &ChangePoint) -> bool {
        (change.after > change.before) == (self.kind == Kind::Quality)
    }

    /// What it shows, in a few words: `width_vs_depth, auto: mean test loss`.
    pub fn title(&self) -> String {
        let figure = match self.kind {
            Kind::Quality => format!("mean {}", self.figure.replace('_', " ")),
            Kind::Speed => format!("steps a second on {}", self.machine),
        };
        format!("{}, engine {}: {figure}", self.sweep, self.engine)
    }
}

#[cfg(test)]
mod tests {
    use super::super::night::tests::night;
    use super::*;

    #[test]
    fn each_machine_has_a_series_of_speed_and_all_share_one_of_quality() {
        let nights: Vec<Night> =
            (1..=12).map(|day| night(day, 0.25, 100.0 + day as f64, if day % 3 == 0 { "a" } else { "b" })).collect();
        let found = series(&nights);
        let shape: Vec<(Kind, &str, usize)> =
            found.iter().map(|series| (series.kind, series.machine.as_str(), series.values.len())).collect();
        assert_eq!(shape, [(Kind::Quality, "", 12), (Kind::Speed, "b", 8), (Kind::Speed, "a", 4)]);
    }

    #[test]
    fn a_loss_that_rises_and_a_speed_that_falls_are_worse() {
        let nights: Vec<Night> = (1..=12)
            .map(|day| {
                let wobble = [0.0, 0.01, -0.01, 0.005][day % 4];
                let step = if day > 6 { 0.5 } else { 0.0 };
                night(day, 1.0 + wobble + step, 100.0 * (1.0 + wobble - step / 2.0), "a")
            })
            .collect();
        for series in series(&nights) {
            let [change] = series.changes.as_slice() else { panic!("{series:?}") };
            assert_eq!(change.index, 6);
            assert!(series.is_worse(change));
        }
    }
}
