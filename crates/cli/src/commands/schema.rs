//! `swath schema`: prints the JSON Schema of sweep files.

use crate::exit::{Exit, Failure};
use crate::output::to_stdout;

/// Prints it.
pub(crate) fn run() -> Result<Exit, Failure> {
    to_stdout(&swath_sweep::schema::json_schema())?;
    Ok(Exit::Done)
}
