//! The arguments, as typed.

use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

/// Hyperparameter sweeps over small neural networks: one TOML file in, answers with honest statistics out.
#[derive(Debug, Parser)]
#[command(name = "swath", version, about, arg_required_else_help = true)]
#[command(after_help = "Exit codes: 0 done; 1 trials failed, or a gate found a regression; 2 the input is wrong;\n\
                        3 a gate cannot tell; 75 could not finish, run again;\n\
                        130, 143, 129 interrupted by SIGINT, SIGTERM, SIGHUP (what finished is kept).")]
pub(crate) struct Arguments {
    /// What to do.
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Train what is not trained yet, and write the tables and the report
    Run(RunArguments),
    /// Say what would be trained, why, and how long it takes; train nothing
    Plan(PlanArguments),
    /// Check a sweep file and its data; write nothing
    Check(CheckArguments),
    /// Make the tables and the report again from what is recorded
    Report(ReportArguments),
    /// Say what changed between two results folders, in what was asked for and in what came of it
    Compare(CompareArguments),
    /// Hold a results folder against a baseline: passed, regressed, or cannot tell
    Gate(GateArguments),
    /// Keep a results folder as the baseline that later ones are held against, and say what changed
    Baseline(BaselineArguments),
    /// Keep what successive runs came to, draw it, and say where it changed
    History(HistoryArguments),
    /// Time two builds in turn, and compare their counts of instructions
    #[command(hide = true)]
    SpeedGate(SpeedGateArguments),
    /// Print the JSON Schema of sweep files, for completion in editors
    Schema,
}

/// Arguments of `run`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  swath run sweeps/width_vs_depth.toml\n  \
                        swath run sweeps/width_vs_depth.toml --threads 2 --results /tmp/results\n  \
                        swath run sweeps/digits.toml --retry-failed --quiet")]
pub(crate) struct RunArguments {
    /// The sweep file
    pub(crate) file: PathBuf,
    /// Worker threads [default: the processors of this machine]
    #[arg(long, value_name = "N")]
    pub(crate) threads: Option<NonZeroUsize>,
    /// What trains
    #[arg(long, value_enum, default_value_t = EngineChoice::Auto)]
    pub(crate) engine: EngineChoice,
    /// Where results go: the sweep's own folder is made in this one
    #[arg(long, value_name = "DIR", default_value = "results")]
    pub(crate) results: PathBuf,
    /// Stop at the first trial that fails
    #[arg(long)]
    pub(crate) fail_fast: bool,
    /// Train trials again that failed in an earlier run
    #[arg(long)]
    pub(crate) retry_failed: bool,
    /// Show neither progress nor summary
    #[arg(long, short)]
    pub(crate) quiet: bool,
}

/// What trains.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum EngineChoice {
    /// The fastest engine that can train the model
    Auto,
    /// Many trials side by side, one in each lane of the processor's vectors
    Lanes,
    /// burn's autodiff on burn-ndarray
    Burn,
}

impl From<EngineChoice> for swath_sweep::run::EngineChoice {
    fn from(choice: EngineChoice) -> Self {
        match choice {
            EngineChoice::Auto => Self::Auto,
            EngineChoice::Lanes => Self::Lanes,
            EngineChoice::Burn => Self::Burn,
        }
    }
}

/// Arguments of `plan`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  swath plan sweeps/width_vs_depth.toml\n  \
                        swath plan sweeps/width_vs_depth.toml --format json")]
pub(crate) struct PlanArguments {
    /// The sweep file
    pub(crate) file: PathBuf,
    /// Worker threads that the estimate is for [default: the processors of this machine]
    #[arg(long, value_name = "N")]
    pub(crate) threads: Option<NonZeroUsize>,
    /// What is to train
    #[arg(long, value_enum, default_value_t = EngineChoice::Auto)]
    pub(crate) engine: EngineChoice,
    /// Where results stand
    #[arg(long, value_name = "DIR", default_value = "results")]
    pub(crate) results: PathBuf,
    /// Plan to train trials again that failed in an earlier run
    #[arg(long)]
    pub(crate) retry_failed: bool,
    /// How to print it
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(crate) format: Format,
}

/// How to print.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people
    Text,
    /// For programs
    Json,
}

/// Arguments of `check`.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  swath check sweeps/width_vs_depth.toml")]
pub(crate) struct CheckArguments {
    /// The sweep file
    pub(crate) file: PathBuf,
}

/// Arguments of `report`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  swath report results/width_vs_depth\n  \
                        swath report results/width_vs_depth --format json")]
pub(crate) struct ReportArguments {
    /// The sweep's folder of results
    pub(crate) folder: PathBuf,
    /// How to print it
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(crate) format: Format,
}

/// Arguments of `compare`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  swath compare results/before results/after\n  \
                        swath compare results/before results/after --format json")]
pub(crate) struct CompareArguments {
    /// A sweep's folder of results, to compare with
    #[arg(value_name = "A")]
    pub(crate) a: PathBuf,
    /// The folder that the verdicts are about
    #[arg(value_name = "B")]
    pub(crate) b: PathBuf,
    /// How to print it
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(crate) format: Format,
}

/// Arguments of `gate`.
#[derive(Debug, Args)]
#[command(after_help = "Exit codes: 0 passed; 1 regressed; 3 cannot tell; 2 the input is wrong.\n\n\
                        Examples:\n  swath gate results/digits --baseline results/baselines/digits\n  \
                        swath gate results/digits --baseline results/baselines/digits --format junit > gate.xml")]
pub(crate) struct GateArguments {
    /// The sweep's folder of results
    pub(crate) folder: PathBuf,
    /// The folder that `swath baseline` wrote
    #[arg(long, value_name = "DIR")]
    pub(crate) baseline: PathBuf,
    /// How to print it
    #[arg(long, value_enum, default_value_t = GateFormat::Text)]
    pub(crate) format: GateFormat,
}

/// How to print what a gate found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum GateFormat {
    /// For people
    Text,
    /// For programs
    Json,
    /// For the summary of a GitHub step
    Markdown,
    /// For what shows tests
    Junit,
}

/// Arguments of `baseline`.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  swath baseline results/digits\n  \
                        swath baseline results/digits --baselines results/baselines")]
pub(crate) struct BaselineArguments {
    /// The sweep's folder of results
    pub(crate) folder: PathBuf,
    /// Where baselines stand: the sweep's own folder is made in this one
    #[arg(long, value_name = "DIR", default_value = "results/baselines")]
    pub(crate) baselines: PathBuf,
}

/// Arguments of `speed-gate`.
#[derive(Debug, Args)]
pub(crate) struct SpeedGateArguments {
    /// The sweep that both train
    pub(crate) file: PathBuf,
    /// The program as it was
    #[arg(long, value_name = "PROGRAM")]
    pub(crate) old: PathBuf,
    /// The program as it is
    #[arg(long, value_name = "PROGRAM")]
    pub(crate) new: PathBuf,
    /// A folder that is made for each run and removed after it
    #[arg(long, value_name = "DIR")]
    pub(crate) scratch: PathBuf,
    /// Blocks of old, new, new, old; at least 10
    #[arg(long, value_name = "N", default_value_t = 10)]
    pub(crate) blocks: usize,
    /// The least slowdown that is called one, as a share
    #[arg(long, value_name = "SHARE", default_value_t = 0.01)]
    pub(crate) threshold: f64,
    /// A file of the old program's counts of instructions: lines of a name and a number
    #[arg(long, value_name = "FILE", requires = "new_counts")]
    pub(crate) old_counts: Option<PathBuf>,
    /// The same of the new program
    #[arg(long, value_name = "FILE", requires = "old_counts")]
    pub(crate) new_counts: Option<PathBuf>,
    /// The share of more instructions that is called a regression
    #[arg(long, value_name = "SHARE", default_value_t = 0.01)]
    pub(crate) count_threshold: f64,
}

/// Arguments of `history`.
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  swath history results/history.csv --add results/digits --revision \"$(git rev-parse HEAD)\""
)]
pub(crate) struct HistoryArguments {
    /// The history, a CSV file; its page is written beside it
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    /// A sweep's folder of results, whose latest run is added; may be given several times
    #[arg(long, value_name = "DIR")]
    pub(crate) add: Vec<PathBuf>,
    /// What the program is called that made them, as its commit
    #[arg(long, value_name = "TEXT")]
    pub(crate) revision: Option<String>,
}
