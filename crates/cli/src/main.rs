//! The command line of swath: the only crate that meets a terminal.
//!
//! `main` reads the arguments, lets a command do its work, shows an error if there is one, and gives the exit code.

mod args;
mod commands;
mod diagnostic;
mod exit;
mod output;
mod progress;
mod signal;

use std::process::ExitCode;

use clap::Parser;
use swath_sweep::runner::WORKER_NAME;

use crate::args::{Arguments, Command};

fn main() -> ExitCode {
    quiet_workers();
    let arguments = Arguments::parse();
    let ended = match arguments.command {
        Command::Run(arguments) => commands::run::run(&arguments),
        Command::Plan(arguments) => commands::plan::run(&arguments),
        Command::Check(arguments) => commands::check::run(&arguments),
        Command::Report(arguments) => commands::report::run(&arguments),
        Command::Compare(arguments) => commands::compare::run(&arguments),
        Command::Gate(arguments) => commands::gate::run(&arguments),
        Command::Baseline(arguments) => commands::baseline::run(&arguments),
        Command::SpeedGate(arguments) => commands::speed_gate::run(&arguments),
        Command::History(arguments) => commands::history::run(&arguments),
        Command::Schema => commands::schema::run(),
    };
    match ended {
        Ok(exit) => exit.into(),
        Err(failure) => {
            diagnostic::show(&failure);
            failure.exit().into()
        }
    }
}

/// A panic in a worker is caught and recorded as its trial's message, and one in a reader of Parquet files becomes an error
/// that names the file, so neither is also printed.
fn quiet_workers() {
    let shown = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        let thread = std::thread::current();
        let caught = |name: &str| name.starts_with(WORKER_NAME) || name.starts_with("polars");
        if !thread.name().is_some_and(caught) {
            shown(panic);
        }
    }));
}
