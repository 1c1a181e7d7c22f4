//! Exit codes, and which failure has which.

use std::io;
use std::path::PathBuf;
use std::process::ExitCode;

use swath_results::folder::FolderError;
use swath_results::journal;
use swath_results::lock::LockError;
use swath_results::storage::StorageError;
use swath_sweep::file::Problems;
use swath_sweep::predict::PredictionError;
use swath_sweep::run::RunError;
use swath_sweep::sweep::Sweep;
use thiserror::Error;

/// How the program ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Exit {
    /// Everything was done.
    Done,
    /// The run finished, but trials failed.
    TrialsFailed,
    /// A gate found a regression.
    Regressed,
    /// A gate cannot tell.
    CannotTell,
    /// The input is wrong; running again changes nothing.
    WrongInput,
    /// It could not finish, and may be run again: `EX_TEMPFAIL` of sysexits.h.
    RunAgain,
    /// A signal of this number ended it.
    Signal(i32),
}

impl Exit {
    /// The code that the shell sees.
    pub(crate) fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::TrialsFailed | Self::Regressed => 1,
            Self::WrongInput => 2,
            Self::CannotTell => 3,
            Self::RunAgain => 75,
            Self::Signal(number) => u8::try_from(128 + number).unwrap_or(u8::MAX),
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}

/// Why a command failed.
#[derive(Debug, Error)]
pub(crate) enum Failure {
    /// The sweep file cannot be read.
    #[error("failed to read the sweep file `{}`: {reason}", .path.display())]
    Unreadable {
        /// The file, as given.
        path: PathBuf,
        /// Why not.
        reason: String,
    },
    /// The sweep file has mistakes.
    #[error(transparent)]
    Problems(Box<Problems>),
    /// The run came to nothing; with the sweep, where a place in it is meant.
    #[error("{error}")]
    Run {
        /// Why.
        error: RunError,
        /// The sweep that was to be run.
        sweep: Option<Box<Sweep>>,
    },
    /// A results folder cannot be used.
    #[error(transparent)]
    Folder(#[from] FolderError),
    /// Another process works in it.
    #[error(transparent)]
    Lock(#[from] LockError),
    /// The disk refused.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// The folder has no run to report on.
    #[error("`{}` holds no run: there is no `{}` in it", .folder.display(), .missing)]
    NoRun {
        /// The folder.
        folder: PathBuf,
        /// The file that is missing.
        missing: &'static str,
    },
    /// A run has begun in the folder, and has recorded nothing yet.
    #[error("a run has only begun in `{}`, and nothing is recorded yet; try again in a moment", .0.display())]
    NotYet(PathBuf),
    /// Two folders have no figure in common.
    #[error("the folders cannot be compared: {0}")]
    Incomparable(swath_report::compare::Incomparable),
    /// A folder has nothing that it could be held against a baseline by.
    #[error("the folder cannot be held against the baseline: {0}")]
    Unusable(swath_report::gate::Unusable),
    /// There is no baseline in the folder.
    #[error(
        "`{}` holds no baseline: there is no `{missing}` in it; `swath baseline DIR` makes one of a results folder",
        .folder.display()
    )]
    NoBaseline {
        /// The folder.
        folder: PathBuf,
        /// The file that is missing.
        missing: &'static str,
    },
    /// A baseline cannot be read or made.
    #[error("`{}`: {error}", .folder.display())]
    Baseline {
        /// The folder: of the baseline, or of the results that it should be made of.
        folder: PathBuf,
        /// Why.
        error: swath_report::gate::BaselineError,
    },
    /// A file is no history.
    #[error("`{}` is no history: {reason}", .path.display())]
    History {
        /// The file.
        path: PathBuf,
        /// Why.
        reason: String,
    },
    /// Two builds could not be timed.
    #[error("the builds cannot be compared: {0}")]
    Timing(String),
    /// What `run.toml` says of the sweep is not understood.
    #[error("`{}` was written for a sweep file that this version does not understand", .0.display())]
    NotUnderstood(PathBuf),
    /// The tables could not be made.
    #[error("failed to make the tables: {0}")]
    Report(swath_report::RenderError),
    /// Nothing can be written to standard output.
    #[error("failed to write to standard output: {0}")]
    Output(io::Error),
}

impl Failure {
    /// The exit code that it deserves: whether running again can help decides.
    pub(crate) fn exit(&self) -> Exit {
        match self {
            Self::Unreadable { .. }
            | Self::Problems(_)
            | Self::NoRun { .. }
            | Self::NotUnderstood(_)
            | Self::Incomparable(_)
            | Self::Unusable(_)
            | Self::Timing(_)
            | Self::History { .. }
            | Self::NoBaseline { .. }
            | Self::Baseline { .. } => Exit::WrongInput,
            Self::Lock(error) => exit_of_lock(error),
            Self::Folder(error) => exit_of_folder(error),
            Self::Storage(error) => exit_of_storage(error),
            Self::NotYet(_) | Self::Report(_) | Self::Output(_) => Exit::RunAgain,
            Self::Run { error, .. } => match error {
                RunError::Preparation(_) | RunError::Unsupported(_) | RunError::Record(_) => Exit::WrongInput,
                RunError::Folder(error) => exit_of_folder(error),
                RunError::Lock(error) => exit_of_lock(error),
                RunError::Journal(error) => exit_of_journal(error),
                RunError::Prediction(error) => match error {
                    PredictionError::Differs { .. } => Exit::WrongInput,
                    PredictionError::Threads(_) => Exit::RunAgain,
                },
                RunError::Threads(_) => Exit::RunAgain,
            },
        }
    }
}

fn exit_of_lock(error: &LockError) -> Exit {
    match error {
        LockError::Held { .. } => Exit::RunAgain,
        LockError::Link(_) => Exit::WrongInput,
        LockError::Storage(error) => exit_of_storage(error),
    }
}

fn exit_of_folder(error: &FolderError) -> Exit {
    match error {
        FolderError::NotAFolder(_) | FolderError::Missing(_) | FolderError::FileName(_) => Exit::WrongInput,
        FolderError::Storage(error) => exit_of_storage(error),
    }
}

fn exit_of_journal(error: &journal::Error) -> Exit {
    match error {
        journal::Error::Storage(error) | journal::Error::Write(error) | journal::Error::Sync(error) => {
            exit_of_storage(error)
        }
        journal::Error::Changed { .. } | journal::Error::Closed => Exit::RunAgain,
        _ => Exit::WrongInput,
    }
}

/// A place that can never be written is wrong input; a full or failing disk may do better later.
fn exit_of_storage(error: &StorageError) -> Exit {
    match error.kind() {
        io::ErrorKind::PermissionDenied
        | io::ErrorKind::ReadOnlyFilesystem
        | io::ErrorKind::NotADirectory
        | io::ErrorKind::InvalidFilename => Exit::WrongInput,
        _ => Exit::RunAgain,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signal_gives_the_code_that_shells_give() {
        assert_eq!([2, 15, 1].map(|number| Exit::Signal(number).code()), [130, 143, 129]);
    }
}
