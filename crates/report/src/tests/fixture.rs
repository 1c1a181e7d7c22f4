//! Synthetic sweeps whose truth is known.

use std::collections::HashMap;

use swath_results::manifest::{
    Architecture, Axis, BestBy, ConstantLoss, DataSummary, Level, Manifest, Objective, Point, Task,
};
use swath_results::row::{Curves, Effort, Ending, Outcome, Score, Scores, TrialKey};
use swath_results::run::{DataRecord, Machine, RunRecord, RunSummary, Source, Timeline};
use swath_results::settings::PointSettings;

use crate::answer::Answer;
use crate::render::{File, render};
use crate::results::Results;

/// A manifest with an outcome for each of its keys.
pub(crate) struct Sweep {
    pub(crate) manifest: Manifest,
    pub(crate) outcomes: HashMap<TrialKey, Outcome>,
}

impl Sweep {
    /// The sweep of `axes` (name, labels) with `replicates`; losses are the sum of what each level adds, plus noise.
    pub(crate) fn new(task: Task, axes: &[(&str, &[&str])], replicates: u32) -> Self {
        let manifest = manifest(task, axes, replicates);
        let mut sweep = Self { manifest, outcomes: HashMap::new() };
        for point in 0..sweep.manifest.points.len() {
            for replicate in 0..replicates {
                let outcome = outcome(&sweep.manifest, point, replicate);
                sweep.outcomes.insert(outcome.key, outcome);
            }
        }
        sweep
    }

    /// Four architectures, two numbers of epochs, five replicates.
    pub(crate) fn architectures() -> Self {
        Self::new(
            Task::Regression,
            &[("architecture", &["baseline", "wide", "deep", "wide_deep"]), ("epochs", &["10", "30"])],
            5,
        )
    }

    pub(crate) fn results(&self) -> Results<'_> {
        Results::new(&self.manifest, |key| self.outcomes.get(key))
    }

    pub(crate) fn render(&self) -> Vec<File> {
        let results = self.results();
        render(&results, &Answer::new(&results), None).unwrap()
    }

    pub(crate) fn file(&self, name: &str) -> String {
        let file = self.render().into_iter().find(|file| file.name == name).unwrap();
        String::from_utf8(file.bytes).unwrap()
    }

    pub(crate) fn set_ending(&mut self, point: usize, replicate: u32, ending: Ending) {
        let key = self.manifest.key(point, replicate).unwrap();
        let outcome = self.outcomes.get_mut(&key).unwrap();
        let epochs = match ending {
            Ending::Finished(_) => outcome.curves.epochs(),
            Ending::Diverged { epoch } => epoch as usize - 1,
            Ending::Failed { .. } => 0,
        };
        outcome.ending = ending;
        self.cut_curves(point, replicate, epochs);
    }

    /// Curves as of a training that ended after so many epochs.
    pub(crate) fn cut_curves(&mut self, point: usize, replicate: u32, epochs: usize) {
        let outcome = self.outcomes.get_mut(&self.manifest.key(point, replicate).unwrap()).unwrap();
        let mut curves = outcome.curves.unpack();
        for curve in [
            &mut curves.train_loss_running,
            &mut curves.validation_loss,
            &mut curves.validation_metric,
            &mut curves.learning_rate,
        ] {
            curve.truncate(epochs);
        }
        outcome.curves = curves.pack();
    }

    pub(crate) fn remove(&mut self, point: usize, replicate: u32) {
        self.outcomes.remove(&self.manifest.key(point, replicate).unwrap());
    }

    /// The same sweep without test rows.
    pub(crate) fn without_test(mut self) -> Self {
        self.manifest.data.test_rows = 0;
        for outcome in self.outcomes.values_mut() {
            if let Ending::Finished(scores) = &mut outcome.ending {
                for score in [&mut scores.last, &mut scores.best] {
                    score.test_loss = None;
                    score.test_metric = None;
                }
            }
        }
        self
    }
}

/// A run record with fixed figures.
pub(crate) fn run_record() -> RunRecord {
    RunRecord {
        format: 1,
        swath: "0.1.0".to_owned(),
        run: RunSummary {
            started: "2026-01-01T00:00:00Z".to_owned(),
            complete: true,
            seconds: 1.25,
            threads: 2,
            engine: "auto".to_owned(),
            trials: 40,
            distinct_trials: 40,
            confirming: 0,
            trained: 30,
            reused: 10,
            steps_asked: 20_000,
            steps_trained: 15_000,
        },
        machine: Machine { system: "linux x86_64".to_owned(), processor: "A | B".to_owned(), processors: 2 },
        data: DataRecord::default(),
        pictures: None,
        timeline: Timeline::default(),
        surface: None,
        resolved: toml::Table::default(),
        source: Source::default(),
    }
}

fn manifest(task: Task, axes: &[(&str, &[&str])], replicates: u32) -> Manifest {
    let axes: Vec<Axis> = axes
        .iter()
        .map(|(name, labels)| Axis {
            name: (*name).to_owned(),
            levels: labels
                .iter()
                .map(|label| Level { label: (*label).to_owned(), number: label.parse().ok() })
                .collect(),
        })
        .collect();
    let layers = [vec![4, 8, 4, 1], vec![4, 16, 8, 1], vec![4, 4, 8, 8, 4, 1], vec![4, 8, 16, 16, 8, 1]];
    let parameters = [81, 225, 205, 697];
    let mut points = vec![Vec::new()];
    for axis in &axes {
        let levels = 0..u32::try_from(axis.levels.len()).unwrap();
        points = points
            .into_iter()
            .flat_map(|point: Vec<u32>| levels.clone().map(move |level| [point.clone(), vec![level]].concat()))
            .collect();
    }
    let place = |name: &str| axes.iter().position(|axis| axis.name == name);
    let points: Vec<Point> = points
        .into_iter()
        .map(|levels| {
            let at = |name: &str| place(name).map(|axis| levels[axis] as usize);
            let epochs =
                at("epochs").map_or(10, |level| axes[place("epochs").unwrap()].levels[level].number.unwrap() as u32);
            Point {
                parameters: parameters[at("architecture").unwrap_or(0) % 4],
                steps: 25 * u64::from(epochs),
                steps_per_epoch: 25,
                epochs,
                engine: "lanes".to_owned(),
                is_bootstrap: false,
                constant_loss: Some(ConstantLoss { training: 1.0, validation: 1.01 }),
                settings: PointSettings {
                    training_rows: 1_200,
                    batch_size: 48,
                    rows_per_epoch: 1_200,
                    update_rule: "adam".into(),
                    learning_rate: 0.01,
                    ..PointSettings::default()
                },
                levels,
            }
        })
        .collect();
    let architectures = place("architecture").map_or_else(Vec::new, |axis| {
        let levels = axes[axis].levels.iter().enumerate();
        levels
            .map(|(place, level)| Architecture {
                name: level.label.clone(),
                image_layers: Vec::new(),
                layers: layers[place % 4].clone(),
                parameters: parameters[place % 4],
            })
            .collect()
    });
    let trials = points.len() as u64 * u64::from(replicates);
    Manifest {
        name: "synthetic".to_owned(),
        objective: match task {
            Task::Regression => Objective {
                task,
                target: "price".to_owned(),
                loss: "mse".to_owned(),
                metric: "mae".to_owned(),
                best_by: BestBy::Loss,
            },
            Task::Classification => Objective {
                task,
                target: "digit".to_owned(),
                loss: "cross_entropy".to_owned(),
                metric: "accuracy".to_owned(),
                best_by: BestBy::Loss,
            },
        },
        axes,
        points,
        architectures,
        replicates,
        confirm: 0,
        predicted_points: 1,
        predicted_replicates: replicates,
        keys: (0..trials).map(|trial| TrialKey(u128::from(mix(trial)) << 64 | u128::from(trial))).collect(),
        data: DataSummary {
            inputs: 4,
            training_rows: 1_200,
            validation_rows: 400,
            test_rows: 400,
            remarks: vec!["column `depth` has 3 empty cells, filled with its mean".to_owned()],
        },
        pictures: None,
        excluded_points: 2,
        surface: None,
    }
}

fn outcome(manifest: &Manifest, point: usize, replicate: u32) -> Outcome {
    let described = &manifest.points[point];
    let seed = u64::from(replicate);
    let common = noise(seed) * 0.004;
    let own = |salt: u64| noise(mix(seed + 1) ^ mix(point as u64 + 77) ^ salt) * 0.001;
    let added: f64 = described
        .levels
        .iter()
        .zip(&manifest.axes)
        .map(|(level, axis)| match axis.name.as_str() {
            "architecture" => [0.0, -0.02, 0.005, -0.0198][*level as usize % 4],
            "epochs" => -0.01 * f64::from(*level),
            _ => 0.0002 * f64::from(*level),
        })
        .sum();
    let end = 0.25 + added + common;
    let score = |shift: f64| {
        let metric = |loss: f64| match manifest.objective.task {
            Task::Regression => 3_000.0 * loss,
            Task::Classification => 1.0 - loss,
        };
        let (validation, test) = (end + own(1) + shift, end + own(2) + shift + 0.002);
        Score {
            validation_loss: validation as f32,
            validation_metric: metric(validation) as f32,
            test_loss: Some(test as f32),
            test_metric: Some(metric(test) as f32),
        }
    };
    let epochs = described.epochs;
    let curve = |start: f64| (1..=epochs).map(|epoch| (start + end / f64::from(epoch)) as f32).collect::<Vec<_>>();
    Outcome {
        key: manifest.key(point, replicate).unwrap(),
        ending: Ending::Finished(Scores {
            last: score(0.0),
            train_loss: (end - 0.01) as f32,
            restored_epoch: None,
            best_epoch: epochs,
            best: score(-0.001),
        }),
        curves: Curves {
            train_loss_running: curve(0.1),
            train_loss: Vec::new(),
            validation_loss: curve(0.2),
            validation_metric: curve(0.3),
            learning_rate: vec![0.01; epochs as usize],
        }
        .pack(),
        effort: Effort { seconds: 0.01, worker: replicate % 2, steps_trained: described.steps as f64 },
    }
}

/// From -1 to 1, from the bits of `seed` alone.
pub(crate) fn noise(seed: u64) -> f64 {
    (mix(seed) >> 11) as f64 / (1_u64 << 52) as f64 - 1.0
}

/// The finaliser of `SplitMix64` (Steele, Lea and Flood 2014).
pub(crate) fn mix(seed: u64) -> u64 {
    let mut bits = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    bits ^ (bits >> 31)
}
