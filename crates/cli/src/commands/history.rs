//! `swath history FILE`: adds runs to a history, draws it, and says where it changed.

use std::path::Path;

use swath_report::history::{Night, html, nights, series, text, to_csv};
use swath_results::storage::StorageError;
use swath_results::{Disk, Storage};

use super::left::open;
use crate::args::HistoryArguments;
use crate::exit::{Exit, Failure};
use crate::output::{printable, to_stdout};

/// Adds, draws and prints; whatever is found is advice.
pub(crate) fn run(arguments: &HistoryArguments) -> Result<Exit, Failure> {
    let file = &arguments.file;
    let mut known = read_history(file, arguments.add.is_empty())?;
    for folder in &arguments.add {
        let night = night(folder, arguments.revision.as_deref().unwrap_or_default())?;
        if !known.iter().any(|other| other.is_same_run(&night)) {
            known.push(night);
        }
    }
    let found = series(&known);
    let write = |path: &Path, text: &str| Disk.write_atomically(path, text.as_bytes()).map_err(StorageError::from);
    if !arguments.add.is_empty() {
        write(file, &to_csv(&known))?;
    }
    let page = file.with_extension("html");
    write(&page, &html(&found))?;
    to_stdout(&printable(&format!("{}\n{}\n", text(&found), page.display())))?;
    Ok(Exit::Done)
}

/// The nights of a file; none where there is no file yet and one is to be added.
fn read_history(file: &Path, must_be: bool) -> Result<Vec<Night>, Failure> {
    let failed = |reason: String| Failure::History { path: file.to_owned(), reason };
    if file.extension().is_none_or(|ending| ending != "csv") {
        return Err(failed("its name must end with `.csv`; the page beside it ends with `.html`".to_owned()));
    }
    match fs_err::read_to_string(file) {
        Ok(text) => nights(&text).map_err(|error| failed(error.to_string())),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound && !must_be => Ok(Vec::new()),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            Err(failed("there is no such file; `--add DIR` begins one".to_owned()))
        }
        Err(error) => Err(failed(error.kind().to_string())),
    }
}

fn night(path: &Path, revision: &str) -> Result<Night, Failure> {
    let left = open(path)?;
    Ok(Night::new(&left.results(), &left.record, revision))
}
