//! Making the tables and the report, and putting them into the results folder.

use swath_report::confirmation::{Choice, Confirmation};
use swath_report::json::document;
use swath_report::predictions::{KeptPredictions, Unreadable, read};
use swath_report::{Answer, File, Results, render, write_all};
use swath_results::folder::{Folder, TablesLock};
use swath_results::predictions::Predictions;
use swath_results::storage::StorageError;
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

/// What is known of the same outcomes, because it was needed before.
#[derive(Debug)]
pub(crate) struct Known {
    /// The answer without a confirmation.
    pub(crate) answer: Answer,
    /// The predictions of its best points.
    pub(crate) predictions: KeptPredictions,
}

/// What the folder's file of predictions holds; `None` where there is none.
pub(crate) fn predictions_of(folder: &Folder) -> Result<Option<Result<Predictions, Unreadable>>, Failure> {
    let path = folder.file(Folder::PREDICTIONS);
    if folder.storage().kind(&path).map_err(StorageError::from)?.is_none() {
        return Ok(None);
    }
    Ok(Some(read(&folder.read(Folder::PREDICTIONS)?)))
}

/// The answer without a confirmation, and the points to be confirmed: none where that is not asked for, or too early.
pub(crate) fn choose(manifest: &Manifest, outcomes: &Outcomes) -> (Answer, Vec<usize>) {
    let results = Results::new(manifest, |key| outcomes.get(key));
    let answer = Answer::new(&results);
    let points = Choice::new(&results, &answer).map_or_else(Vec::new, Choice::points);
    (answer, points)
}

/// The answer with what confirms it, and with the predictions of its best points.
fn answer(results: &Results<'_>, held: &Held<'_>, folder: &Folder, known: Option<Known>) -> Result<Answer, Failure> {
    let (mut answer, predictions) = if let Some(Known { answer, predictions }) = known {
        (answer, predictions)
    } else {
        let answer = Answer::new(results);
        let predictions = KeptPredictions::new(results, &answer, predictions_of(folder)?);
        (answer, predictions)
    };
    answer.predict(results, predictions);
    if let Some(choice) = Choice::new(results, &answer) {
        answer.confirm(Confirmation::new(results, choice, held.fresh_keys, |key| held.outcomes.get(key)));
    }
    Ok(answer)
}

/// Makes every derived file and writes each whole or not at all. Whoever holds `_lock` has read the outcomes under it, or
/// is the one who trains, so that nothing older replaces anything newer. What is not `known` is made, and read from the
/// folder.
pub(crate) fn write(
    folder: &Folder,
    _lock: &TablesLock,
    held: &Held<'_>,
    record: &RunRecord,
    known: Option<Known>,
) -> Result<Written, Failure> {
    let results = Results::new(held.manifest, |key| held.outcomes.get(key));
    let answer = answer(&results, held, folder, known)?;
    let files = render(&results, &answer, Some(record)).map_err(Failure::Report)?;
    write_all(folder, &files)?;
    for table in [Folder::CONFIRMATION, Folder::OPTIMIZERS, Folder::LEARNING_CURVE] {
        if files.iter().all(|file| file.name != table) {
            // The sweep asked for it once, and does not any more.
            folder.remove(table)?;
        }
    }
    if answer.predictions.whole().is_none() {
        folder.remove(Folder::ENSEMBLES)?;
    }
    if answer.predictions == KeptPredictions::NotWanted && answer.counts.missing == 0 {
        // No point is best any more: nobody will ask for what one said.
        folder.remove(Folder::PREDICTIONS)?;
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
