//! `swath report DIR`: makes the tables and the report again from the journal and `run.toml`.

use std::sync::Arc;

use swath_results::Disk;
use swath_results::folder::Folder;
use swath_results::journal;
use swath_sweep::run::{EngineChoice, RunError, earlier, fresh_trials, read_record};

use super::run::keys;
use super::tables::{self, Held};
use crate::args::ReportArguments;
use crate::exit::{Exit, Failure};
use crate::output::{printable, to_stdout};

/// Makes them, and prints the answer.
pub(crate) fn run(arguments: &ReportArguments) -> Result<Exit, Failure> {
    let failed = |error: RunError| Failure::Run { error, sweep: None };
    let no_run = |missing| Failure::NoRun { folder: arguments.folder.clone(), missing };
    let folder = Folder::open(Arc::new(Disk), &arguments.folder)?;
    let record = read_record(&folder).map_err(failed)?.ok_or_else(|| no_run(Folder::RUN))?;
    let known = earlier(Some(&record)).ok_or_else(|| Failure::NotUnderstood(folder.file(Folder::RUN)))?;
    let recovered = folder.read_journal().map_err(|error| match error {
        journal::Error::Missing(_) => no_run(Folder::JOURNAL),
        error => failed(error.into()),
    })?;
    let engine = EngineChoice::named(&record.run.engine).unwrap_or_default();
    let fresh_keys = |point| keys(&fresh_trials(&known.sweep, &known.facts, engine, point));
    let held = Held { manifest: &known.trials.manifest, outcomes: &recovered.outcomes, fresh_keys: &fresh_keys };
    let report = tables::write(&folder, &held, &record, None)?;
    let mut text = report.headline().join("\n");
    text.push_str(&format!("\n\n{}: {}\n", folder.path().display(), report.files.join(", ")));
    to_stdout(&printable(&text))?;
    Ok(Exit::Done)
}
