//! How the files of a results folder are called.

use super::Folder;

impl Folder {
    /// The durable record: one line an outcome.
    pub const JOURNAL: &str = "journal.jsonl";
    /// Versions, machine, the sweep: see [`crate::run::RunRecord`].
    pub const RUN: &str = "run.toml";
    /// A row a trial.
    pub const TRIALS: &str = "trials.csv";
    /// A row an epoch.
    pub const EPOCHS: &str = "epochs.parquet";
    /// A row a grid point.
    pub const SUMMARY: &str = "summary.csv";
    /// A row a comparison.
    pub const COMPARISONS: &str = "comparisons.csv";
    /// A row a fresh trial of winner and baseline.
    pub const CONFIRMATION: &str = "confirmation.csv";
    /// A row a predicted row of a trial of the best points.
    pub const PREDICTIONS: &str = "predictions.parquet";
    /// A row an ensemble in one figure.
    pub const ENSEMBLES: &str = "ensembles.csv";
    /// A row an effect.
    pub const EFFECTS: &str = "effects.csv";
    /// A row a grid point: trained too long, too short, or not.
    pub const VERDICTS: &str = "verdicts.csv";
    /// A row an update rule and learning rate; only where a rule has several.
    pub const OPTIMIZERS: &str = "optimizers.csv";
    /// A row a number of training rows; only where that is an axis.
    pub const LEARNING_CURVE: &str = "learning_curve.csv";
    /// A row a number of points.
    pub const EXPECTED_BEST: &str = "expected_best.csv";
    /// Seconds and worker of each trial.
    pub const TIMINGS: &str = "timings.csv";
    /// The report for a terminal or a forge.
    pub const REPORT: &str = "report.md";
    /// The report as one page.
    pub const PAGE: &str = "report.html";
    /// The folder of the plots.
    pub const PLOTS: &str = "plots";
    /// The lock of who trains, which names its holder.
    pub const LOCK: &str = ".lock";
    /// The lock of who writes the derived files.
    pub const TABLES_LOCK: &str = ".tables.lock";
}
