//! Making the tables and the report, and putting them into the results folder.

use std::collections::HashMap;

use swath_report::{Answer, Results, render};
use swath_results::folder::Folder;
use swath_results::{Manifest, Outcome, RunRecord, TrialKey};

use crate::exit::Failure;

/// What was written.
pub(crate) struct Written {
    /// The answer in a few lines.
    pub(crate) headline: Vec<String>,
    /// Names of the files.
    pub(crate) files: Vec<&'static str>,
}

/// Makes every derived file and writes each whole or not at all.
pub(crate) fn write(
    folder: &Folder,
    manifest: &Manifest,
    outcomes: &HashMap<TrialKey, Outcome>,
    record: &RunRecord,
) -> Result<Written, Failure> {
    let results = Results::new(manifest, outcomes);
    let mut files = Vec::new();
    for file in render(&results, Some(record)).map_err(Failure::Report)? {
        folder.write_atomically(file.name, &file.bytes)?;
        files.push(file.name);
    }
    Ok(Written { headline: Answer::new(&results).headline(), files })
}
