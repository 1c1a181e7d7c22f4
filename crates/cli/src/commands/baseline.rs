//! `swath baseline DIR`: keeps a results folder as the baseline that later ones are held against.

use std::sync::Arc;

use swath_report::gate::{BaselineError, files, page};
use swath_report::write::markdown;
use swath_results::folder::{Folder, FolderError};
use swath_results::{Disk, SweepName};

use super::gate::{against, read_baseline};
use super::left::open;
use crate::args::BaselineArguments;
use crate::exit::{Exit, Failure};
use crate::output::{printable, to_stdout};

/// Says what changed, and writes the baseline unless nothing did.
pub(crate) fn run(arguments: &BaselineArguments) -> Result<Exit, Failure> {
    let left = open(&arguments.folder)?;
    let results = left.results();
    let failed = |error: BaselineError| Failure::Baseline { folder: arguments.folder.clone(), error };
    let files = files(&results, &left.record).map_err(failed)?;
    let name: &SweepName = &left.known.sweep.name;
    let path = arguments.baselines.join(name.as_str());
    let before = match read_baseline(&path) {
        Ok(before) => Some(before),
        // One that cannot be read is renewed as well.
        Err(Failure::Folder(FolderError::Missing(_)) | Failure::NoBaseline { .. } | Failure::Baseline { .. }) => None,
        Err(failure) => return Err(failure),
    };
    let mut text = String::new();
    if let Some(before) = &before {
        let gate = against(&left, before)?;
        if gate.is_same_bits() && gate.changes.is_empty() {
            return to_stdout(&printable(&format!("{}: nothing changed, and nothing was written\n", path.display())))
                .map(|()| Exit::Done);
        }
        text.push_str(&markdown(&page(&gate)));
        text.push('\n');
    }
    let target = Folder::create(Arc::new(Disk), &arguments.baselines, name)?;
    target.write_all(files.iter().map(|file| (file.name.as_str(), file.bytes.as_slice())))?;
    let bytes: usize = files.iter().map(|file| file.bytes.len()).sum();
    let verb = if before.is_some() { "renewed" } else { "written" };
    text.push_str(&format!(
        "{}: {verb}, {} trials in {:.0} kB\n",
        path.display(),
        left.known.trials.manifest.trials(),
        bytes as f64 / 1000.0
    ));
    to_stdout(&printable(&text))?;
    Ok(Exit::Done)
}
