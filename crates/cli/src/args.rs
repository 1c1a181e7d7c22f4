//! The arguments, as typed.

use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

/// Hyperparameter sweeps over small neural networks: one TOML file in, answers with honest statistics out.
#[derive(Debug, Parser)]
#[command(name = "swath", version, about, arg_required_else_help = true)]
#[command(after_help = "Exit codes: 0 done; 1 trials failed; 2 the input is wrong; 75 could not finish, run again;\n\
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
