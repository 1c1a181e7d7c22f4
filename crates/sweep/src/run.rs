//! A whole run: data, trials, journal, workers, recorder, in order.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::channel;
use std::time::Instant;

use rayon::ThreadPoolBuildError;
use swath_core::engine::{BurnEngine, Engine, LanesEngine, Unsupported};
use swath_results::folder::{Folder, FolderError};
use swath_results::journal::{self, Tail};
use swath_results::lock::{Lock, LockError};
use swath_results::run::{self as run_file, Machine, RunRecord, RunSummary, Source};
use swath_results::storage::Storage;
use swath_results::{Manifest, Outcomes};
use thiserror::Error;

use crate::event::{Observer, Progress};
use crate::facts::DataFacts;
use crate::plan::Plan;
use crate::preparation::{PreparationError, Prepared, prepare};
use crate::recorder::Recorder;
use crate::runner;
use crate::sweep::Sweep;
use crate::trial::{EngineLabel, Trials, name_trials};
use crate::why::Earlier;

/// How a run is to be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    /// Worker threads, at least 1.
    pub threads: usize,
    /// What trains.
    pub engine: EngineChoice,
    /// Whether the first failed trial ends the run.
    pub fail_fast: bool,
    /// Whether trials that failed before are trained again.
    pub retry_failed: bool,
}

/// What trains.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum EngineChoice {
    /// The fastest engine that can train the model.
    #[default]
    Auto,
    /// Many trials side by side, one in each lane of the processor's vectors.
    Lanes,
    /// burn's autodiff on burn-ndarray.
    Burn,
}

impl EngineChoice {
    /// The choice of this name.
    fn named(name: &str) -> Option<Self> {
        [Self::Auto, Self::Lanes, Self::Burn].into_iter().find(|choice| choice.name() == name)
    }

    /// The engine that trains every model. The lanes train all that a sweep file can state, and faster.
    fn label(self) -> EngineLabel<'static> {
        match self {
            Self::Auto | Self::Lanes => EngineLabel { name: LanesEngine::NAME, arithmetic: LanesEngine::ARITHMETIC },
            Self::Burn => EngineLabel { name: BurnEngine::NAME, arithmetic: BurnEngine::ARITHMETIC },
        }
    }

    /// As the command line and `run.toml` write it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Lanes => "lanes",
            Self::Burn => "burn",
        }
    }
}

/// What a run left.
#[derive(Debug)]
pub struct Ended {
    /// The folder; locked until this is dropped, so that the tables can be written.
    pub folder: Folder,
    /// Keeps other processes out.
    pub lock: Lock,
    /// What was asked for.
    pub manifest: Manifest,
    /// What became of it, this run and earlier ones; and what else the journal holds.
    pub outcomes: Outcomes,
    /// What `run.toml` says.
    pub record: RunRecord,
    /// What this run did.
    pub progress: Progress,
    /// Whether it stopped before every trial had an outcome.
    pub stopped: bool,
    /// Bytes of a torn tail that were cut from the journal.
    pub cut_bytes: u64,
}

/// Why a run came to nothing.
#[derive(Debug, Error)]
pub enum RunError {
    /// The data do not fit.
    #[error(transparent)]
    Preparation(#[from] PreparationError),
    /// No engine trains one of the models.
    #[error(transparent)]
    Unsupported(#[from] Unsupported),
    /// The results folder cannot be used.
    #[error(transparent)]
    Folder(#[from] FolderError),
    /// Another process works in it.
    #[error(transparent)]
    Lock(#[from] LockError),
    /// The journal cannot be read or written.
    #[error(transparent)]
    Journal(#[from] journal::Error),
    /// `run.toml` cannot be read or written.
    #[error(transparent)]
    Record(#[from] run_file::RunError),
    /// The operating system gives no threads.
    #[error("failed to start the worker threads: {0}")]
    Threads(#[from] ThreadPoolBuildError),
}

/// Everything that is known before anything is trained.
#[derive(Debug)]
pub struct Ready {
    /// The rows.
    pub prepared: Prepared,
    /// The trials by name.
    pub trials: Trials,
}

/// Reads the data, checks all that can be checked, and names the trials.
///
/// # Errors
/// What does not fit.
pub fn get_ready(sweep: &Sweep, engine: EngineChoice) -> Result<Ready, RunError> {
    let prepared = prepare(sweep)?;
    match engine {
        EngineChoice::Auto | EngineChoice::Lanes => check_models(sweep, &prepared.facts, &LanesEngine::new())?,
        EngineChoice::Burn => check_models(sweep, &prepared.facts, &BurnEngine)?,
    }
    let trials = name(sweep, &prepared.facts, engine);
    Ok(Ready { prepared, trials })
}

fn check_models(sweep: &Sweep, facts: &[DataFacts], engine: &impl Engine) -> Result<(), RunError> {
    for point in &sweep.points {
        let Some(facts) = facts.get(point.data) else { continue };
        let network = facts.network(&point.model, point.train.loss);
        engine.supports(&network, &point.train.optimizer, point.train.loss)?;
    }
    Ok(())
}

fn name(sweep: &Sweep, facts: &[DataFacts], engine: EngineChoice) -> Trials {
    let label = engine.label();
    name_trials(sweep, facts, |_| label)
}

/// What stands in a results folder from before.
#[derive(Debug, Default)]
pub struct Before {
    /// Outcomes by key; of several of one key, the last.
    pub outcomes: Outcomes,
    /// What `run.toml` says, where there is one.
    pub record: Option<RunRecord>,
}

/// Reads what stands in a folder, and changes nothing.
///
/// # Errors
/// A damaged journal or `run.toml`.
pub fn look_before(folder: &Folder) -> Result<Before, RunError> {
    let recovered = match folder.read_journal() {
        Ok(recovered) => recovered,
        Err(journal::Error::Missing { .. }) => return Ok(Before::default()),
        Err(error) => return Err(error.into()),
    };
    Ok(Before { outcomes: recovered.outcomes, record: read_record(folder)? })
}

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

/// The sweep and the trials that a `run.toml` tells of; `None` where its source is no longer understood, which only
/// costs the explanation of why trials run again.
pub fn earlier(record: Option<&RunRecord>) -> Option<Earlier> {
    let record = record?;
    let sweep = crate::file::parse(Path::new(&record.source.path), &record.source.text).ok()?;
    let facts: Vec<DataFacts> =
        record.data.variants.iter().map(DataFacts::from_record).collect::<Result<_, _>>().ok()?;
    let engine = EngineChoice::named(&record.run.engine)?;
    (facts.len() == sweep.data.len()).then(|| {
        let trials = name(&sweep, &facts, engine);
        Earlier { sweep, facts, trials }
    })
}

/// Runs a sweep: trains what the journal of its folder does not hold. Setting `interrupt` stops it after the epochs
/// at hand, with everything that finished recorded.
///
/// # Errors
/// Nothing was trained, or the journal could not be written.
pub fn run(
    sweep: &Sweep,
    ready: &Ready,
    storage: Arc<dyn Storage>,
    results: &Path,
    options: Options,
    interrupt: &AtomicBool,
    observer: &mut dyn Observer,
) -> Result<Ended, RunError> {
    let started = Instant::now();
    let folder = Folder::create(storage, results, &sweep.name)?;
    let lock = folder.lock()?;
    let (mut journal, recovered) = folder.open_journal(&lock)?;
    let cut_bytes = match recovered.tail {
        Tail::Cut { bytes, .. } => bytes,
        _ => 0,
    };
    let mut outcomes = recovered.outcomes;
    let record_before = read_record(&folder)?;
    let earlier = || earlier(record_before.as_ref());
    let plan = Plan::new(sweep, &ready.prepared, &ready.trials, &outcomes, earlier, options.retry_failed);
    let mut record = new_record(sweep, ready, &plan, options);
    if plan.to_train.is_empty() {
        if let Some(before) = record_before.filter(|before| before.source == record.source && before.run.complete) {
            // Nothing is trained: what the run that trained it says of versions, machine and times stays.
            record = before;
        } else {
            record.run.complete = true;
            write_record(&folder, &record)?;
        }
    } else {
        write_record(&folder, &record)?;
    }
    let progress = Progress {
        trials: ready.trials.distinct.len() as u64,
        reused: plan.held.total() as u64,
        steps: plan.steps_asked,
        ..Progress::default()
    };
    let recorder = Recorder::new(&mut journal, observer, &ready.trials.distinct, &mut outcomes, progress);
    let (sender, receiver) = channel();
    let roots = plan.roots(sweep, &ready.prepared);
    let progress = std::thread::scope(|scope| {
        let workers = scope.spawn(move || match options.engine {
            EngineChoice::Auto | EngineChoice::Lanes => {
                runner::train(&LanesEngine::new(), roots, options.threads, interrupt, &sender)
            }
            EngineChoice::Burn => runner::train(&BurnEngine, roots, options.threads, interrupt, &sender),
        });
        let recorded = recorder.record(&receiver, interrupt, options.fail_fast);
        drop(receiver);
        match workers.join() {
            Ok(pool) => pool?,
            Err(payload) => std::panic::resume_unwind(payload),
        }
        Ok::<_, RunError>(recorded?)
    })?;
    let stopped = interrupt.load(Ordering::Relaxed) && progress.recorded < plan.to_train.len() as u64;
    if !plan.to_train.is_empty() {
        record.run.complete = !stopped;
        record.run.seconds = started.elapsed().as_secs_f64();
        record.run.trained = progress.recorded;
        record.run.steps_trained = progress.steps_trained;
        write_record(&folder, &record)?;
    }
    let manifest = ready.trials.manifest.clone();
    Ok(Ended { folder, lock, manifest, outcomes, record, progress, stopped, cut_bytes })
}

fn new_record(sweep: &Sweep, ready: &Ready, plan: &Plan, options: Options) -> RunRecord {
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
            trained: 0,
            reused: plan.held.total() as u64,
            steps_asked: plan.steps_asked,
            steps_trained: 0,
        },
        machine: this_machine(),
        data: run_file::DataRecord {
            path: sweep.base.data.path.display().to_string(),
            variants: ready.prepared.facts.iter().map(DataFacts::to_record).collect(),
        },
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

fn write_record(folder: &Folder, record: &RunRecord) -> Result<(), RunError> {
    folder.write_atomically(Folder::RUN, record.to_toml()?.as_bytes())?;
    Ok(())
}
