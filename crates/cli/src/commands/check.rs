//! `swath check FILE`: the sweep file and its data, all that can be checked before training.

use swath_sweep::run::{EngineChoice, get_ready};

use super::sweep_file;
use crate::args::CheckArguments;
use crate::exit::{Exit, Failure};
use crate::output::{printable, to_stdout};

/// Checks and says what was found; writes nothing.
pub(crate) fn run(arguments: &CheckArguments) -> Result<Exit, Failure> {
    let sweep = sweep_file::read(&arguments.file)?;
    let ready = get_ready(&sweep, EngineChoice::Auto).map_err(|error| sweep_file::failed(error, &sweep))?;
    let manifest = &ready.trials.manifest;
    let mut text = format!(
        "{} is sound: {} points x {} replicates = {} trials\n",
        arguments.file.display(),
        manifest.points.len(),
        manifest.replicates,
        manifest.trials(),
    );
    let data = &manifest.data;
    text.push_str(&format!(
        "data: {} training, {} validation and {} test rows of {} inputs\n",
        data.training_rows, data.validation_rows, data.test_rows, data.inputs
    ));
    for remark in &data.remarks {
        text.push_str(&format!("note: {remark}\n"));
    }
    to_stdout(&printable(&text))?;
    Ok(Exit::Done)
}
