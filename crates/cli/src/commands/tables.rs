//! Making the tables and the report, and putting them into the results folder.

use swath_report::{Answer, File, Results, render, write_all};
use swath_results::folder::Folder;
use swath_results::{Manifest, Outcomes, RunRecord};

use crate::exit::Failure;

/// What was written.
pub(crate) struct Written {
    /// The answer in a few lines, as a list.
    pub(crate) headline: Vec<String>,
    /// Names of the files.
    pub(crate) files: Vec<String>,
}

/// Makes every derived file and writes each whole or not at all.
pub(crate) fn write(
    folder: &Folder,
    manifest: &Manifest,
    outcomes: &Outcomes,
    record: &RunRecord,
) -> Result<Written, Failure> {
    let results = Results::new(manifest, |key| outcomes.get(key));
    let answer = Answer::new(&results);
    let files = render(&results, &answer, Some(record)).map_err(Failure::Report)?;
    write_all(folder, &files)?;
    Ok(Written {
        headline: answer.headline().iter().map(|sentence| format!("- {sentence}")).collect(),
        files: names(&files),
    })
}

/// The files' names; of pictures, their folder.
fn names(files: &[File]) -> Vec<String> {
    let mut names: Vec<String> =
        files.iter().map(|file| file.name.clone()).filter(|name| !name.contains('/')).collect();
    if names.len() < files.len() {
        names.push(format!("{}/", Folder::PLOTS));
    }
    names
}
