//! `swath run FILE`: trains what is not trained yet, and writes the tables and the report.

use std::num::NonZeroUsize;
use std::sync::Arc;

use swath_results::Disk;
use swath_results::row::Ending;
use swath_results::{Manifest, Outcome, Outcomes, TrialKey};
use swath_sweep::run::{Ended, Options, fresh_trials, get_ready, run as run_sweep};
use swath_sweep::trial::Trial;

use super::predictions::{self, Made};
use super::tables::Held;
use super::{sweep_file, tables};
use crate::args::RunArguments;
use crate::exit::{Exit, Failure};
use crate::output::{printable, to_stderr, to_stdout};
use crate::progress::ProgressDisplay;
use crate::signal::Interruption;

/// Failed and diverged trials that the summary names one by one.
const NAMED: usize = 5;

/// Runs and says what came of it.
pub(crate) fn run(arguments: &RunArguments) -> Result<Exit, Failure> {
    let interruption = Interruption::watch();
    let sweep = sweep_file::read(&arguments.file)?;
    let engine = arguments.engine.into();
    let threads = threads(arguments.threads);
    let ready = get_ready(&sweep, engine, threads).map_err(|error| sweep_file::failed(error, &sweep))?;
    let options = Options { threads, engine, fail_fast: arguments.fail_fast, retry_failed: arguments.retry_failed };
    let mut display = ProgressDisplay::new(arguments.quiet, &ready.trials.manifest);
    let ended = interruption.while_training(|interrupt| {
        let mut answer = None;
        let mut choose = |outcomes: &Outcomes| {
            let (found, points) = tables::choose(&ready.trials.manifest, outcomes);
            answer = Some(found);
            points
        };
        let disk = Arc::new(Disk);
        let ended = run_sweep(&sweep, &ready, disk, &arguments.results, options, interrupt, &mut display, &mut choose)?;
        let made = predictions::make(&sweep, &ready, &ended, answer, options, interrupt);
        Ok((ended, made))
    });
    display.finish();
    let (mut ended, made) = ended.map_err(|error| sweep_file::failed(error, &sweep))?;
    let Made { known, is_interrupted, failure } = made?;
    ended.stopped |= is_interrupted;
    if ended.cut_bytes > 0 && !arguments.quiet {
        to_stderr(&format!(
            "note: an interrupted write had left {} bytes at the end of the journal; they were cut, and their trials \
             trained again\n",
            ended.cut_bytes
        ));
    }
    let fresh_keys = |point| keys(&fresh_trials(&sweep, &ready.prepared.facts, engine, point));
    let held = Held { manifest: &ended.manifest, outcomes: &ended.outcomes, fresh_keys: &fresh_keys };
    let lock = ended.folder.lock_tables()?;
    let report = tables::write(&ended.folder, &lock, &held, &ended.record, Some(known))?;
    if !arguments.quiet {
        to_stdout(&printable(&summary(&ended, &report.headline(), &report.files)))?;
    }
    let failed = unfinished(&ended, |ending| matches!(ending, Ending::Failed { .. }));
    for line in &failed {
        to_stderr(&printable(line));
    }
    if let Some(error) = failure {
        return Err(sweep_file::failed(error.into(), &sweep));
    }
    Ok(match interruption.exit() {
        Some(exit) if ended.stopped => exit,
        _ if failed.is_empty() => Exit::Done,
        _ => Exit::TrialsFailed,
    })
}

/// The keys of trials, in order.
pub(crate) fn keys(trials: &[Trial]) -> Vec<TrialKey> {
    trials.iter().map(|trial| trial.key).collect()
}

/// The worker threads asked for, or as many as this machine has processors.
pub(crate) fn threads(asked: Option<NonZeroUsize>) -> usize {
    asked.or_else(|| std::thread::available_parallelism().ok()).map_or(1, NonZeroUsize::get)
}

fn summary(ended: &Ended, headline: &[String], files: &[String]) -> String {
    let progress = &ended.progress;
    let mut lines = Vec::new();
    let confirming = match progress.confirming {
        0 => String::new(),
        count => format!(" ({count} of the sweep's {} to confirm the best point)", progress.trials),
    };
    lines.push(match (progress.recorded, ended.stopped) {
        (0, false) => {
            format!("{}: nothing to train, all {} trials are recorded{confirming}", ended.manifest.name, progress.trials)
        }
        (recorded, stopped) => format!(
            "{}: {recorded} trials trained{confirming} in {:.1} s on {} threads, {} reused; {} steps computed of {} asked for{}",
            ended.manifest.name,
            ended.record.run.seconds,
            ended.record.run.threads,
            progress.reused,
            progress.steps_trained,
            progress.steps_settled,
            if stopped { "; stopped early: run the same command again to go on" } else { "" }
        ),
    });
    lines.push(String::new());
    lines.extend(headline.iter().cloned());
    let diverged = unfinished(ended, |ending| matches!(ending, Ending::Diverged { .. }));
    lines.extend(diverged.iter().map(|line| line.trim_end().to_owned()));
    lines.push(String::new());
    lines.push(format!("{}: {}", ended.folder.path().display(), files.join(", ")));
    lines.push(String::new());
    lines.join("\n")
}

/// A line for each of the first trials that ended so, and one for how many more there are.
fn unfinished(ended: &Ended, is_meant: impl Fn(&Ending) -> bool) -> Vec<String> {
    let manifest = &ended.manifest;
    let mut lines = Vec::new();
    let mut more = 0;
    let mut note = |point, replicate, outcome: Option<&Outcome>| match outcome {
        Some(outcome) if !is_meant(&outcome.ending) => {}
        Some(outcome) if lines.len() < NAMED => lines.push(describe(manifest, point, replicate, outcome)),
        Some(_) => more += 1,
        None => {}
    };
    for point in 0..manifest.points.len() {
        for replicate in 0..manifest.replicates {
            let outcome = manifest.key(point, replicate).and_then(|key| ended.outcomes.get(&key));
            note(point, replicate, outcome);
        }
    }
    for trial in &ended.fresh {
        note(trial.point as usize, trial.replicate, ended.outcomes.get(&trial.key));
    }
    if more > 0 {
        let files = if ended.fresh.is_empty() { "trials.csv" } else { "trials.csv and confirmation.csv" };
        lines.push(format!("... and {more} more, see {files}\n"));
    }
    lines
}

fn describe(manifest: &Manifest, point: usize, replicate: u32, outcome: &Outcome) -> String {
    let labels: Vec<String> = manifest
        .axes
        .iter()
        .enumerate()
        .map(|(axis, known)| format!("{}={}", known.name, manifest.label(point, axis)))
        .collect();
    let fresh = if replicate >= manifest.replicates { " (fresh, to confirm)" } else { "" };
    let place = format!("{} replicate {replicate}{fresh}", labels.join(" "));
    match &outcome.ending {
        Ending::Finished(_) => format!("finished: {place}\n"),
        Ending::Diverged { epoch } => format!("diverged in epoch {epoch}: {}\n", place.trim_start()),
        Ending::Failed { message } => format!("failed: {}: {message}\n", place.trim_start()),
    }
}
