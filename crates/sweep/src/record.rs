//! What `run.toml` says of a run: made before training, completed after it.

use swath_results::Folder;
use swath_results::run::{DataRecord, Machine, RunRecord, RunSummary, Source, Timeline};

use crate::facts::DataFacts;
use crate::plan::Plan;
use crate::run::{Options, Ready, RunError};
use crate::surface::loss_surface;
use crate::sweep::Sweep;

/// Reads `run.toml`; `None` where there is none.
///
/// # Errors
/// A file that is none, or of another version.
pub fn read_record(folder: &Folder) -> Result<Option<RunRecord>, RunError> {
    if folder.storage().kind(&folder.file(Folder::RUN)).ok().flatten().is_none() {
        return Ok(None);
    }
    let bytes = folder.read(Folder::RUN)?;
    Ok(Some(RunRecord::from_toml(&String::from_utf8_lossy(&bytes))?))
}

/// Writes `run.toml`.
pub(crate) fn write_record(folder: &Folder, record: &RunRecord) -> Result<(), RunError> {
    folder.write_atomically(Folder::RUN, record.to_toml()?.as_bytes())?;
    Ok(())
}

/// The record of a run that begins.
pub(crate) fn new_record(sweep: &Sweep, ready: &Ready, plan: &Plan<'_>, options: Options) -> RunRecord {
    RunRecord {
        format: RunRecord::FORMAT,
        swath: env!("CARGO_PKG_VERSION").to_owned(),
        run: RunSummary {
            started: jiff::Timestamp::now().strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
            complete: false,
            seconds: 0.0,
            threads: options.threads as u32,
            engine: options.engine.name().to_owned(),
            trials: ready.trials.manifest.trials() as u64,
            distinct_trials: ready.trials.distinct.len() as u64,
            confirming: 0,
            trained: 0,
            reused: plan.held.total() as u64,
            steps_asked: plan.steps_asked,
            steps_trained: 0,
        },
        machine: this_machine(),
        data: DataRecord {
            path: sweep.base.data.path.display().to_string(),
            variants: ready.prepared.facts.iter().map(DataFacts::to_record).collect(),
        },
        pictures: ready.prepared.pictures.clone(),
        timeline: Timeline::default(),
        surface: loss_surface(sweep, &ready.prepared),
        resolved: sweep.resolved(),
        source: Source { path: sweep.path.display().to_string(), text: sweep.text.clone() },
    }
}

fn this_machine() -> Machine {
    let processor = fs_err::read_to_string("/proc/cpuinfo").ok().and_then(|text| {
        let line = text.lines().find(|line| line.starts_with("model name"))?;
        Some(line.split_once(':')?.1.trim().to_owned())
    });
    Machine {
        system: format!("{} {}", std::env::consts::OS, std::env::consts::ARCH),
        processor: processor.unwrap_or_default(),
        processors: std::thread::available_parallelism().map_or(1, |count| count.get() as u32),
    }
}
