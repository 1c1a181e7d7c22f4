//! `swath plan FILE`: what would be trained, why, and how long it takes.

use std::path::Path;
use std::sync::Arc;

use serde_json::json;
use swath_core::engine::{BurnEngine, LanesEngine};
use swath_results::Disk;
use swath_results::Manifest;
use swath_results::folder::{Folder, FolderError};
use swath_sweep::calibration::worker_seconds;
use swath_sweep::plan::Plan;
use swath_sweep::run::{Before, EngineChoice, distinct_of, earlier, fresh_trials, get_ready, look_before};
use swath_sweep::sweep::Sweep;
use swath_sweep::trial::Trial;

use super::{sweep_file, tables};
use crate::args::{Format, PlanArguments};
use crate::commands::run::threads;
use crate::exit::{Exit, Failure};
use crate::output::{printable, to_stdout};

/// Levels of an axis that are named.
const MOST_LEVELS: usize = 20;

/// Plans and prints.
pub(crate) fn run(arguments: &PlanArguments) -> Result<Exit, Failure> {
    let sweep = sweep_file::read(&arguments.file)?;
    let engine = arguments.engine.into();
    let threads = threads(arguments.threads);
    let ready = get_ready(&sweep, engine, threads).map_err(|error| sweep_file::failed(error, &sweep))?;
    let before = before(&arguments.results, &sweep)?;
    let earlier = || earlier(before.record.as_ref());
    let distinct = &ready.trials.distinct;
    let plan = Plan::new(&sweep, &ready.prepared, distinct, &before.outcomes, earlier, arguments.retry_failed);
    let steps_after_sharing = plan.steps_after_sharing();
    let share = steps_after_sharing as f64 / plan.steps_asked.max(1) as f64;
    let seconds_of =
        |plan: &Plan<'_>, share| worker_seconds(engine, &plan.roots, share).map(|seconds| seconds / threads as f64);
    let seconds = seconds_of(&plan, share);
    let confirmation = sweep.confirm.map(|replicates| {
        if !plan.to_train.is_empty() {
            // Which points these will be is not known yet; each trial is counted as the mean one of the grid, unshared.
            let trials = 2 * replicates.get() as usize;
            let each = seconds.map(|seconds| seconds / share.max(f64::MIN_POSITIVE) / plan.to_train.len() as f64);
            return ToConfirm { known: false, trials, seconds: each.map(|each| each * trials as f64) };
        }
        let (_, points) = tables::choose(&ready.trials.manifest, &before.outcomes);
        let fresh: Vec<Trial> =
            points.iter().flat_map(|point| fresh_trials(&sweep, &ready.prepared.facts, engine, *point)).collect();
        let fresh = distinct_of(&fresh);
        let plan = Plan::new(&sweep, &ready.prepared, &fresh, &before.outcomes, || None, arguments.retry_failed);
        ToConfirm { known: true, trials: plan.to_train.len(), seconds: seconds_of(&plan, 1.0) }
    });
    let summary = Summary {
        manifest: &ready.trials.manifest,
        distinct: ready.trials.distinct.len(),
        plan: &plan,
        steps_after_sharing,
        engine,
        threads,
        seconds,
        confirmation,
    };
    to_stdout(&match arguments.format {
        Format::Text => printable(&summary.text()),
        Format::Json => summary.json(),
    })?;
    Ok(Exit::Done)
}

/// What stands in the sweep's folder; nothing where there is no folder.
fn before(results: &Path, sweep: &Sweep) -> Result<Before, Failure> {
    let path = results.join(sweep.name.as_str());
    match Folder::open(Arc::new(Disk), &path) {
        Ok(folder) => look_before(&folder).map_err(|error| sweep_file::failed(error, sweep)),
        Err(FolderError::Missing(_)) => Ok(Before::default()),
        Err(error) => Err(error.into()),
    }
}

struct Summary<'a> {
    manifest: &'a Manifest,
    distinct: usize,
    plan: &'a Plan<'a>,
    steps_after_sharing: u64,
    engine: EngineChoice,
    threads: usize,
    seconds: Option<f64>,
    confirmation: Option<ToConfirm>,
}

/// What confirms the best point, on top of the grid.
struct ToConfirm {
    /// Whether the grid is complete, so that the best point is known.
    known: bool,
    /// Trials to train; the most that it can be as long as the best point is not known.
    trials: usize,
    /// Seconds that they take.
    seconds: Option<f64>,
}

impl Summary<'_> {
    fn text(&self) -> String {
        let manifest = self.manifest;
        let held = self.plan.held;
        let mut lines = vec![format!(
            "{}: {} points x {} replicates = {} trials, {} distinct",
            manifest.name,
            manifest.points.len(),
            manifest.replicates,
            manifest.trials(),
            self.distinct
        )];
        for axis in &manifest.axes {
            let labels: Vec<&str> = axis.levels.iter().take(MOST_LEVELS).map(|level| level.label.as_str()).collect();
            let more = axis.levels.len() - labels.len();
            let more = if more > 0 { format!(" and {more} more") } else { String::new() };
            lines.push(format!("  {}: {}{more}", axis.name, labels.join(", ")));
        }
        if manifest.excluded_points > 0 {
            lines.push(format!("  excluded: {} points", manifest.excluded_points));
        }
        lines.push(format!(
            "recorded: {} (finished {}, diverged {}, failed {})",
            held.total(),
            held.finished,
            held.diverged,
            held.failed
        ));
        lines.push(format!("to train: {}", self.plan.to_train.len()));
        for (reason, count) in &self.plan.reasons {
            lines.push(format!("  {count}: {reason}"));
        }
        if !self.plan.to_train.is_empty() {
            lines.push(format!(
                "steps: {} asked for, at least {} computed ({:.0} % shared)",
                self.plan.steps_asked,
                self.steps_after_sharing,
                100.0 * (1.0 - self.steps_after_sharing as f64 / self.plan.steps_asked.max(1) as f64)
            ));
            lines.push(format!("engine: {}", reason(self.engine, manifest)));
            if let Some(seconds) = self.seconds {
                lines.push(format!("time: about {} on {} threads", duration(seconds), self.threads));
            }
        }
        if let Some(confirmation) = &self.confirmation {
            let time = confirmation.seconds.map(|seconds| format!(", about {}", duration(seconds))).unwrap_or_default();
            lines.push(match (confirmation.known, confirmation.trials) {
                (true, 0) => "to confirm: nothing more".to_owned(),
                (true, trials) => format!("to confirm: {trials} trials of the best point and the baseline{time}"),
                (false, trials) => format!(
                    "to confirm: up to {trials} trials on top, of the best point and the baseline on {} fresh replicates \
                     each, once the grid is done{time}",
                    trials / 2
                ),
            });
        }
        for remark in &manifest.data.remarks {
            lines.push(format!("note: {remark}"));
        }
        lines.push(String::new());
        lines.join("\n")
    }

    fn json(&self) -> String {
        let manifest = self.manifest;
        let reasons: serde_json::Map<_, _> =
            self.plan.reasons.iter().map(|(reason, count)| (reason.to_string(), json!(count))).collect();
        let value = json!({
            "name": manifest.name,
            "points": manifest.points.len(),
            "replicates": manifest.replicates,
            "trials": manifest.trials(),
            "distinct_trials": self.distinct,
            "excluded_points": manifest.excluded_points,
            "recorded": {
                "finished": self.plan.held.finished,
                "diverged": self.plan.held.diverged,
                "failed": self.plan.held.failed,
            },
            "to_train": self.plan.to_train.len(),
            "reasons": reasons,
            "steps_asked": self.plan.steps_asked,
            "steps_after_sharing": self.steps_after_sharing,
            "engine": manifest.points.first().map(|point| &point.engine),
            "points_on_burn": manifest.points.iter().filter(|point| point.engine == BurnEngine::NAME).count(),
            "threads": self.threads,
            "estimated_seconds": self.seconds,
            "to_confirm": self.confirmation.as_ref().map(|confirmation| json!({
                "best_is_known": confirmation.known,
                "trials": confirmation.trials,
                "estimated_seconds": confirmation.seconds,
            })),
        });
        format!("{value:#}\n")
    }
}

/// What trains, and why.
fn reason(engine: EngineChoice, manifest: &Manifest) -> String {
    let here = LanesEngine::new()
        .instruction_set()
        .map_or_else(String::new, |set| format!("; here {} trials at once ({})", set.lanes(), set.name()));
    let on_burn = manifest.points.iter().filter(|point| point.engine == BurnEngine::NAME).count();
    let points = manifest.points.len();
    match engine {
        EngineChoice::Auto if on_burn == points => "burn, as every network has convolutions or pooling".to_owned(),
        EngineChoice::Auto if on_burn > 0 => {
            format!("burn for the {on_burn} of {points} points with convolutions or pooling; else lanes{here}")
        }
        EngineChoice::Auto => format!("lanes, which train every model of this sweep, faster than burn{here}"),
        EngineChoice::Lanes => format!("lanes, as asked{here}"),
        EngineChoice::Burn => "burn, as asked".to_owned(),
    }
}

/// `0.4 s`, `35 s`, `12 min`, `3.5 h`.
fn duration(seconds: f64) -> String {
    match seconds {
        seconds if seconds < 10.0 => format!("{seconds:.1} s"),
        seconds if seconds < 100.0 => format!("{seconds:.0} s"),
        seconds if seconds < 5400.0 => format!("{:.0} min", seconds / 60.0),
        seconds => format!("{:.1} h", seconds / 3600.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_duration_has_two_figures_at_most() {
        assert_eq!([0.44, 35.2, 700.0, 12_600.0].map(duration), ["0.4 s", "35 s", "12 min", "3.5 h"]);
    }
}
