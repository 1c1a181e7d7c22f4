//! What a sweep costs besides training: names the trials of a sweep file and sends plausible outcomes to the recorder
//! without training any, so that `swath plan FILE` and `swath report DIR` can be measured with a million trials.
//!
//! `cargo run --release --locked -p swath-sweep --example synthetic_journal -- benches/million.toml RESULTS`

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::sync::mpsc::channel;
use std::time::Instant;

use swath_results::folder::Folder;
use swath_results::row::{Curves, Effort, Ending, Outcome, Score, Scores};
use swath_results::run::{DataRecord, Machine, RunRecord, RunSummary, Source, Timeline};
use swath_results::{Disk, TrialKey};
use swath_sweep::event::{Progress, Silent};
use swath_sweep::facts::DataFacts;
use swath_sweep::recorder::Recorder;
use swath_sweep::run::{EngineChoice, Ready, get_ready};
use swath_sweep::strand::Advance;
use swath_sweep::sweep::Sweep;
use swath_sweep::trial::Trial;

type Failure = Box<dyn std::error::Error>;

fn main() -> Result<(), Failure> {
    let mut arguments = std::env::args_os().skip(1);
    let (Some(file), Some(results)) = (arguments.next(), arguments.next()) else {
        return Err("usage: synthetic_journal FILE RESULTS".into());
    };
    let (file, results) = (PathBuf::from(file), PathBuf::from(results));
    let clock = Clock(Instant::now());
    let text = fs_err::read_to_string(&file)?;
    let sweep = swath_sweep::file::parse(&file, &text).map_err(|problems| format!("{problems:?}"))?;
    let mut clock = clock.tell("read the sweep file");
    let ready = get_ready(&sweep, EngineChoice::Auto, 1)?;
    clock = clock.tell("read the data and named the trials");
    let trials = &ready.trials.distinct;
    let folder = Folder::create(Arc::new(Disk), Path::new(&results), &sweep.name)?;
    let lock = folder.lock()?;
    let (mut journal, recovered) = folder.open_journal(&lock)?;
    let mut outcomes = recovered.outcomes;
    let (sender, receiver) = channel();
    let sweep = &sweep;
    std::thread::scope(|scope| {
        scope.spawn(move || {
            for trial in trials {
                let advance = Advance { ended: vec![outcome(sweep, trial)], steps_settled: 50, steps_trained: 50 };
                // Nobody receives any more after an error, which the recorder tells.
                let _ = sender.send(advance);
            }
        });
        let mut silent = Silent;
        let recorder = Recorder::new(&mut journal, &mut silent, trials, &mut outcomes, Progress::default(), None);
        recorder.record(&receiver, &AtomicBool::new(false), false)
    })?;
    clock.tell(&format!("made and recorded {} outcomes", trials.len()));
    folder.write_atomically(Folder::RUN, record(sweep, &ready).to_toml()?.as_bytes())?;
    Ok(())
}

struct Clock(Instant);

impl Clock {
    #[expect(clippy::print_stdout, reason = "a program of its own")]
    fn tell(self, what: &str) -> Self {
        println!("{:8.3} s  {what}", self.0.elapsed().as_secs_f64());
        Self(Instant::now())
    }
}

/// An outcome whose curves fall and whose losses depend on the point, on the replicate, and on both together. One trial in
/// a thousand diverges.
fn outcome(sweep: &Sweep, trial: &Trial) -> Outcome {
    let mut noise = Noise(trial.key);
    let epochs = sweep.points.get(trial.point as usize).map_or(1, |point| point.train.epochs.get());
    let of_point = f64::from(trial.point.wrapping_mul(2_654_435_769) >> 16) / 65_536.0;
    let of_replicate = f64::from(trial.replicate.wrapping_mul(2_246_822_519) >> 16) / 65_536.0;
    let end = 0.2 + 0.02 * of_point + 0.01 * of_replicate + 0.01 * noise.next();
    let mut curves = Curves::default();
    for epoch in 1..=epochs {
        let loss = end + 0.8 / f64::from(epoch) + 0.002 * noise.next();
        curves.train_loss_running.push(loss as f32);
        curves.validation_loss.push((loss * 1.05 + 0.002 * noise.next()) as f32);
        curves.validation_metric.push((loss * 2000.0 + noise.next()) as f32);
        curves.learning_rate.push(0.01);
    }
    let effort = Effort { seconds: (0.0003 * noise.next()) as f32, worker: trial.replicate % 2, steps_trained: 50.0 };
    if noise.next() < 0.001 {
        return Outcome {
            key: trial.key,
            ending: Ending::Diverged { epoch: epochs + 1 },
            curves: curves.pack(),
            effort,
        };
    }
    let mut best = 0;
    for (epoch, loss) in curves.validation_loss.iter().enumerate() {
        if curves.validation_loss.get(best).is_some_and(|smallest| loss < smallest) {
            best = epoch;
        }
    }
    let mut score = |epoch: usize| Score {
        validation_loss: curves.validation_loss.get(epoch).copied().unwrap_or_default(),
        validation_metric: curves.validation_metric.get(epoch).copied().unwrap_or_default(),
        test_loss: Some((end * 1.1 + 0.002 * noise.next()) as f32),
        test_metric: Some((end * 2000.0 + noise.next()) as f32),
    };
    let last_epoch = epochs as usize - 1;
    let last = score(last_epoch);
    let scores = Scores {
        last,
        train_loss: end as f32,
        restored_epoch: None,
        best_epoch: best as u32 + 1,
        best: if best == last_epoch { last } else { score(best) },
    };
    Outcome { key: trial.key, ending: Ending::Finished(scores), curves: curves.pack(), effort }
}

/// Numbers from 0 to 1 that follow from a key.
struct Noise(TrialKey);

impl Noise {
    fn next(&mut self) -> f64 {
        self.0.0 = self.0.0.wrapping_mul(0x2360_ed05_1fc6_5da4_4385_df64_9fcc_f645).wrapping_add(1);
        (self.0.0 >> 75) as f64 / (1_u64 << 53) as f64
    }
}

fn record(sweep: &Sweep, ready: &Ready) -> RunRecord {
    let trials = ready.trials.distinct.len() as u64;
    RunRecord {
        format: RunRecord::FORMAT,
        swath: env!("CARGO_PKG_VERSION").to_owned(),
        run: RunSummary {
            started: String::new(),
            complete: true,
            seconds: 1.0,
            threads: 1,
            engine: EngineChoice::Auto.name().to_owned(),
            trials: ready.trials.manifest.trials() as u64,
            distinct_trials: trials,
            confirming: 0,
            trained: trials,
            reused: 0,
            steps_asked: 0,
            steps_trained: 0,
        },
        machine: Machine { system: String::new(), processor: String::new(), processors: 1 },
        data: DataRecord {
            path: sweep.base.data.path.display().to_string(),
            variants: ready.prepared.facts.iter().map(DataFacts::to_record).collect(),
        },
        pictures: None,
        timeline: Timeline::default(),
        surface: None,
        resolved: sweep.resolved(),
        source: Source { path: sweep.path.display().to_string(), text: sweep.text.clone() },
    }
}
