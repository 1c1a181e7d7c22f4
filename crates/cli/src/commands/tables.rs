//! Making the tables and the report, and putting them into the results folder.

use swath_report::confirmation::{Choice, Confirmation};
use swath_report::json::document;
use swath_report::{Answer, File, Results, render, write_all};
use swath_results::folder::{Folder, TablesLock};
use swath_results::{Manifest, Outcomes, RunRecord, TrialKey};

use crate::exit::Failure;

/// What was written.
pub(crate) struct Written {
    /// What was found.
    pub(crate) answer: Answer,
    /// The same for programs.
    pub(crate) document: serde_json::Map<String, serde_json::Value>,
    /// Names of the files.
    pub(crate) files: Vec<String>,
}

impl Written {
    /// The answer in a few lines, as a list.
    pub(crate) fn headline(&self) -> Vec<String> {
        self.answer.headline().iter().map(|sentence| format!("- {sentence}")).collect()
    }
}

/// What a folder holds, to be answered.
#[derive(Clone, Copy)]
pub(crate) struct Held<'a> {
    /// What was asked for.
    pub(crate) manifest: &'a Manifest,
    /// What became of it.
    pub(crate) outcomes: &'a Outcomes,
    /// The keys of a point's fresh replicates.
    pub(crate) fresh_keys: &'a dyn Fn(usize) -> Vec<TrialKey>,
}

/// The answer without a confirmation, and the points to be confirmed: none where that is not asked for, or too early.
pub(crate) fn choose(manifest: &Manifest, outcomes: &Outcomes) -> (Answer, Vec<usize>) {
    let results = Results::new(manifest, |key| outcomes.get(key));
    let answer = Answer::new(&results);
    let points = Choice::new(&results, &answer).map_or_else(Vec::new, Choice::points);
    (answer, points)
}

/// The answer with what confirms it.
pub(crate) fn answer(results: &Results<'_>, held: &Held<'_>, known: Option<Answer>) -> Answer {
    let mut answer = known.unwrap_or_else(|| Answer::new(results));
    if let Some(choice) = Choice::new(results, &answer) {
        answer.confirm(Confirmation::new(results, choice, held.fresh_keys, |key| held.outcomes.get(key)));
    }
    answer
}

/// Makes every derived file and writes each whole or not at all. Whoever holds `_lock` has read the outcomes under it, or
/// is the one who trains, so that nothing older replaces anything newer. `known` is the answer to the same outcomes without a
/// confirmation, where it was needed before.
pub(crate) fn write(
    folder: &Folder,
    _lock: &TablesLock,
    held: &Held<'_>,
    record: &RunRecord,
    known: Option<Answer>,
) -> Result<Written, Failure> {
    let results = Results::new(held.manifest, |key| held.outcomes.get(key));
    let answer = answer(&results, held, known);
    let files = render(&results, &answer, Some(record)).map_err(Failure::Report)?;
    write_all(folder, &files)?;
    for table in [Folder::CONFIRMATION, Folder::OPTIMIZERS, Folder::LEARNING_CURVE] {
        if files.iter().all(|file| file.name != table) {
            // The sweep asked for it once, and does not any more.
            folder.remove(table)?;
        }
    }
    Ok(Written { document: document(&results, &answer), answer, files: names(&files) })
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
