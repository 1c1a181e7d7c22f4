//! Every derived file of a run, as bytes.

use std::thread::ScopedJoinHandle;

use polars::error::{PolarsError, PolarsResult};
use polars::prelude::DataFrame;
use swath_results::Folder;
use swath_results::folder::FolderError;
use swath_results::run::RunRecord;
use thiserror::Error;

use crate::answer::Answer;
use crate::draw::Picture;
use crate::page::Block;
use crate::plot::{Shown, TabledPlots};
use crate::predictions::predictions_file;
use crate::results::Results;
use crate::sections::page;
use crate::tables::{
    comparisons, confirmation, effects, ensembles, epochs, expected_best, learning_curve, optimizers, summary, timings,
    trials, verdicts,
};
use crate::write::{Data, ROWS_PER_GROUP, csv, html, markdown, parquet};

/// A file of the results folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// Its name in the folder; of a picture, with the folder of pictures before it.
    pub name: String,
    /// Its content.
    pub bytes: Vec<u8>,
}

/// A file that could not be made.
#[derive(Debug, Error)]
#[error("{file} cannot be made: {source}")]
pub struct RenderError {
    /// The file's name.
    pub file: &'static str,
    /// What polars says.
    pub source: PolarsError,
}

/// All derived files; `answer` is what was found in the same results. For equal results all bytes but those of
/// `timings.csv` and of the report's last section are the same, on any machine and in whatever order the outcomes came.
///
/// # Errors
/// Where an axis bears the name of another column of a table.
pub fn render(results: &Results<'_>, answer: &Answer, run: Option<&RunRecord>) -> Result<Vec<File>, RenderError> {
    let tabled = TabledPlots::new(results);
    // The learning curves take as long as all other tables, and those as long as the pages.
    std::thread::scope(|scope| {
        let curves = scope.spawn(|| parquet(epochs::frames(results, ROWS_PER_GROUP)));
        let tables = scope.spawn(|| tables(results, answer, &tabled));
        let pages = pages(results, answer, &tabled, run);
        let mut files = joined(tables)?;
        let curves = joined(curves).map_err(in_file(Folder::EPOCHS))?;
        files.push(File { name: Folder::EPOCHS.to_owned(), bytes: curves });
        files.extend(pages);
        Ok(files)
    })
}

/// What a thread found; it panics as the thread did.
fn joined<T>(thread: ScopedJoinHandle<'_, T>) -> T {
    thread.join().unwrap_or_else(|payload| std::panic::resume_unwind(payload))
}

fn in_file(file: &'static str) -> impl FnOnce(PolarsError) -> RenderError {
    move |source| RenderError { file, source }
}

/// All tables but the learning curves.
fn tables(results: &Results<'_>, answer: &Answer, tabled: &TabledPlots) -> Result<Vec<File>, RenderError> {
    let table = |name, frame: PolarsResult<DataFrame>| {
        let bytes = frame.and_then(|mut frame| csv(&mut frame)).map_err(in_file(name))?;
        Ok(File { name: name.to_owned(), bytes })
    };
    let mut files = vec![
        table(Folder::TRIALS, trials::table(results))?,
        table(Folder::SUMMARY, summary::table(results))?,
        table(Folder::COMPARISONS, comparisons::table(results, answer))?,
        table(Folder::EFFECTS, effects::table(results, answer))?,
        table(Folder::VERDICTS, verdicts::table(results, answer))?,
        table(Folder::EXPECTED_BEST, expected_best::table(results, answer))?,
        table(Folder::TIMINGS, timings::table(results, answer.confirmation.as_ref()))?,
    ];
    if results.manifest().confirm > 0 {
        files.push(table(Folder::CONFIRMATION, confirmation::table(results, answer.confirmation.as_ref()))?);
    }
    if let Some(plot) = &tabled.optimizers {
        files.push(table(Folder::OPTIMIZERS, optimizers::table(plot))?);
    }
    if !tabled.more_data.is_empty() {
        files.push(table(Folder::LEARNING_CURVE, learning_curve::table(&tabled.more_data))?);
    }
    if let Some(predictions) = answer.predictions.whole() {
        let bytes = predictions_file(results, predictions).map_err(in_file(Folder::PREDICTIONS))?;
        files.push(File { name: Folder::PREDICTIONS.to_owned(), bytes });
        files.push(table(Folder::ENSEMBLES, ensembles::table(results, answer.ensembles.as_ref()))?);
    }
    Ok(files)
}

/// The report in both forms, with its pictures.
fn pages(results: &Results<'_>, answer: &Answer, tabled: &TabledPlots, run: Option<&RunRecord>) -> Vec<File> {
    let shown = Shown::new(results, answer);
    let page = page(results, answer, &shown, tabled, run);
    let mut files = vec![
        File { name: Folder::REPORT.to_owned(), bytes: markdown(&page).into_bytes() },
        File { name: Folder::PAGE.to_owned(), bytes: html(&page, &Data::new(results, answer, &shown)).into_bytes() },
    ];
    let drawn = page.iter().flat_map(Block::pictures).filter(|picture| !picture.is_timed);
    files.extend(drawn.map(|picture| File { name: picture.file_name(), bytes: picture.to_file().into_bytes() }));
    files
}

/// Writes the files into the folder, each at once: a reader never sees half a file. Pictures that are no longer made are
/// removed.
///
/// # Errors
/// The first file that the disk refuses; those before it are written.
pub fn write_all(folder: &Folder, files: &[File]) -> Result<(), FolderError> {
    folder.write_all(files.iter().map(|file| (file.name.as_str(), file.bytes.as_slice())))?;
    let is_made = |name: &str| files.iter().any(|file| file.name == format!("{}/{name}", Picture::FOLDER));
    folder.remove_others(Picture::FOLDER, ".svg", is_made)
}
