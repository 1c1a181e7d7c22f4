//! A whole run: data, trials, journal, workers, recorder, in order.

use std::collections::HashSet;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::channel;
use std::time::Instant;

use rayon::ThreadPoolBuildError;
use swath_core::engine::{Engine, Unsupported};
use swath_core::spec::Network;
use swath_results::folder::{Folder, FolderError};
use swath_results::journal::{self, Tail};
use swath_results::lock::{Lock, LockError};
use swath_results::pictures::Pictures;
use swath_results::run::{self as run_file, RunRecord};
use swath_results::storage::Storage;
use swath_results::{Journal, Manifest, Outcomes};
use thiserror::Error;

pub use crate::engine_choice::EngineChoice;
use crate::engine_choice::with_engine;
use crate::event::{Observer, Progress};
use crate::facts::DataFacts;
use crate::memory;
use crate::plan::{Plan, training};
use crate::predict::{KeptOutputs, PredictionError};
use crate::preparation::{PreparationError, Prepared, prepare};
pub use crate::record::read_record;
use crate::record::{new_record, write_record};
use crate::recorder::Recorder;
use crate::runner;
use crate::sweep::Sweep;
use crate::timeline::Timekeeper;
use crate::trial::{Trial, Trials, name_fresh, name_trials};
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
    /// The trials that confirm the winner, those of the winner first; none where the sweep does not ask for them, or the
    /// grid lacks outcomes.
    pub fresh: Vec<Trial>,
    /// What `run.toml` says.
    pub record: RunRecord,
    /// What this run did.
    pub progress: Progress,
    /// Whether it stopped before every trial had an outcome.
    pub stopped: bool,
    /// Bytes of a torn tail that were cut from the journal.
    pub cut_bytes: u64,
    /// What the most promising trials of this run say of rows.
    pub outputs: KeptOutputs,
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
    /// The predictions cannot be made.
    #[error(transparent)]
    Prediction(#[from] PredictionError),
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

/// Reads the data, checks all that can be checked for training on so many threads, and names the trials.
///
/// # Errors
/// What does not fit.
pub fn get_ready(sweep: &Sweep, engine: EngineChoice, threads: usize) -> Result<Ready, RunError> {
    let prepared = prepare(sweep)?;
    with_engine!(engine, engine => check_models(sweep, &prepared, engine, threads))?;
    let trials = name(sweep, &prepared.facts, prepared.pictures.clone(), engine);
    Ok(Ready { prepared, trials })
}

fn check_models(sweep: &Sweep, prepared: &Prepared, engine: &impl Engine, threads: usize) -> Result<(), RunError> {
    let available = memory::available();
    for point in &sweep.points {
        let Some(training) = training(sweep, prepared, point, 0) else { continue };
        engine.supports(&training.network, &training.optimizer, training.loss)?;
        let Some(available) = available else { continue };
        let width = engine.width(&training);
        let needed = memory::needed(&training.network, &training.optimizer, training.batch_size, threads, width);
        if needed > available {
            return Err(too_large(&training.network, needed, available, threads).into());
        }
    }
    Ok(())
}

fn too_large(network: &Network, needed: u64, available: u64, threads: usize) -> PreparationError {
    let threads = if threads == 1 { "1 thread".to_owned() } else { format!("{threads} threads") };
    PreparationError::Misfit {
        message: format!(
            "a network of {network} takes about {} to train on {threads}, but {} of memory are free",
            memory::in_words(needed),
            memory::in_words(available)
        ),
        help: "give its layers fewer units, or train on fewer threads".to_owned(),
        span: None,
    }
}

fn name(sweep: &Sweep, facts: &[DataFacts], pictures: Option<Pictures>, engine: EngineChoice) -> Trials {
    let mut trials = name_trials(sweep, facts, |model| engine.label(model));
    trials.manifest.pictures = pictures;
    trials
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

/// The sweep and the trials that a `run.toml` tells of; `None` where its source is no longer understood, which only
/// costs the explanation of why trials run again.
pub fn earlier(record: Option<&RunRecord>) -> Option<Earlier> {
    let record = record?;
    let sweep = crate::file::parse(Path::new(&record.source.path), &record.source.text).ok()?;
    let facts: Vec<DataFacts> =
        record.data.variants.iter().map(DataFacts::from_record).collect::<Result<_, _>>().ok()?;
    let engine = EngineChoice::named(&record.run.engine)?;
    (facts.len() == sweep.data.len()).then(|| {
        let mut trials = name(&sweep, &facts, record.pictures.clone(), engine);
        trials.manifest.surface.clone_from(&record.surface);
        Earlier { sweep, facts, trials }
    })
}

/// The fresh trials of a point, which confirm it, in the order of their replicates; none where the sweep asks for no
/// confirmation.
pub fn fresh_trials(sweep: &Sweep, facts: &[DataFacts], engine: EngineChoice, point: usize) -> Vec<Trial> {
    name_fresh(sweep, facts, |model| engine.label(model), point)
}

/// What the run asks for once the grid has all its outcomes: the points to train again on fresh replicates, the winner
/// first. Who chooses knows what "best" means; this crate does not.
pub type Choose<'a> = &'a mut dyn FnMut(&Outcomes) -> Vec<usize>;

/// Runs a sweep: trains what the journal of its folder does not hold. Where the sweep asks for a confirmation and the
/// grid has all its outcomes, `choose` says which points are trained again on fresh replicates. Setting `interrupt`
/// stops after the epochs at hand, with everything that finished recorded.
///
/// # Errors
/// Nothing was trained, or the journal could not be written.
#[expect(clippy::too_many_arguments, reason = "what is run, where, how, who may stop it, who is told and who is asked")]
pub fn run(
    sweep: &Sweep,
    ready: &Ready,
    storage: Arc<dyn Storage>,
    results: &Path,
    options: Options,
    interrupt: &AtomicBool,
    observer: &mut dyn Observer,
    choose: Choose<'_>,
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
    let distinct = &ready.trials.distinct;
    let plan = Plan::new(sweep, &ready.prepared, distinct, &outcomes, earlier, options.retry_failed);
    let mut record = new_record(sweep, ready, &plan, options);
    let outputs = KeptOutputs::of_the_best(&ready.trials.manifest, &ready.prepared.facts, sweep.metric);
    let mut trainer = Trainer {
        outputs: &outputs,
        journal: &mut journal,
        outcomes: &mut outcomes,
        observer,
        options,
        interrupt,
        timekeeper: Timekeeper::new(started, options.threads),
        progress: Progress { trials: distinct.len() as u64, ..Progress::default() },
    };
    if !plan.to_train.is_empty() {
        write_record(&folder, &record)?;
    }
    let of_grid = plan.to_train.len();
    trainer.train(sweep, plan, distinct)?;

    let is_whole = trainer.progress.recorded == of_grid as u64;
    let mut fresh = Vec::new();
    if sweep.confirm.is_some() && is_whole {
        let points = choose(trainer.outcomes);
        fresh = points
            .iter()
            .flat_map(|point| fresh_trials(sweep, &ready.prepared.facts, options.engine, *point))
            .collect();
    }
    let confirming = distinct_of(&fresh);
    let confirmation = Plan::new(sweep, &ready.prepared, &confirming, trainer.outcomes, || None, options.retry_failed);
    record.run.confirming = confirming.len() as u64;
    record.run.reused += confirmation.held.total() as u64;
    record.run.steps_asked += confirmation.steps_asked;
    let to_train = of_grid + confirmation.to_train.len();
    if !confirming.is_empty() {
        if !confirmation.to_train.is_empty() {
            write_record(&folder, &record)?;
        }
        trainer.progress.trials += confirming.len() as u64;
        trainer.progress.confirming = confirming.len() as u64;
        trainer.train(sweep, confirmation, &confirming)?;
    }

    let Trainer { progress, timekeeper, .. } = trainer;
    let stopped = interrupt.load(Ordering::Relaxed) && progress.recorded < to_train as u64;
    if to_train > 0 {
        record.run.complete = !stopped;
        record.run.seconds = started.elapsed().as_secs_f64();
        record.run.trained = progress.recorded;
        record.run.steps_trained = progress.steps_trained;
        record.timeline = timekeeper.timeline();
        write_record(&folder, &record)?;
    } else if let Some(before) = record_before.filter(|before| before.source == record.source && before.run.complete) {
        // Nothing is trained: what the run that trained it says of versions, machine and times stays.
        record = before;
    } else {
        record.run.complete = true;
        write_record(&folder, &record)?;
    }
    let manifest = Manifest { surface: record.surface.clone(), ..ready.trials.manifest.clone() };
    Ok(Ended { folder, lock, manifest, outcomes, fresh, record, progress, stopped, cut_bytes, outputs })
}

/// Trials of equal keys once.
pub fn distinct_of(trials: &[Trial]) -> Vec<Trial> {
    let mut known = HashSet::new();
    trials.iter().filter(|trial| known.insert(trial.key)).copied().collect()
}

/// Trains one plan after the other into one journal.
struct Trainer<'a> {
    outputs: &'a KeptOutputs,
    journal: &'a mut Journal,
    outcomes: &'a mut Outcomes,
    observer: &'a mut dyn Observer,
    options: Options,
    interrupt: &'a AtomicBool,
    timekeeper: Timekeeper,
    progress: Progress,
}

impl Trainer<'_> {
    /// Trains what a plan of `trials` says, and adds it to the progress.
    fn train(&mut self, sweep: &Sweep, plan: Plan<'_>, trials: &[Trial]) -> Result<(), RunError> {
        let Self { options, interrupt, timekeeper, outputs, .. } = self;
        let (interrupt, timekeeper, threads): (&AtomicBool, &Timekeeper, _) = (interrupt, timekeeper, options.threads);
        let outputs: &KeptOutputs = outputs;
        let engine = options.engine;
        self.progress.reused += plan.held.total() as u64;
        self.progress.steps += plan.steps_asked;
        let recorder = Recorder::new(
            self.journal,
            &mut *self.observer,
            trials,
            self.outcomes,
            self.progress.clone(),
            sweep.metric,
        );
        let (sender, receiver) = channel();
        let roots = plan.roots;
        self.progress = std::thread::scope(|scope| {
            let workers = scope.spawn(move || {
                with_engine!(engine, engine => {
                    runner::train(engine, roots, threads, interrupt, &sender, timekeeper, outputs)
                })
            });
            let recorded = recorder.record(&receiver, interrupt, options.fail_fast);
            drop(receiver);
            match workers.join() {
                Ok(pool) => pool?,
                Err(payload) => std::panic::resume_unwind(payload),
            }
            Ok::<_, RunError>(recorded?)
        })?;
        Ok(())
    }
}
