//! Reading a sweep file from disk, for all commands that take one.

use std::io;
use std::path::Path;

use swath_sweep::file;
use swath_sweep::run::RunError;
use swath_sweep::sweep::Sweep;

use crate::exit::Failure;

/// Reads and parses a sweep file.
pub(crate) fn read(path: &Path) -> Result<Sweep, Failure> {
    let unreadable = |reason: String| Failure::Unreadable { path: path.to_owned(), reason };
    let metadata = fs_err::metadata(path).map_err(|error| unreadable(reason(&error)))?;
    if !metadata.is_file() {
        return Err(unreadable("it is no file".to_owned()));
    }
    if metadata.len() > file::LARGEST as u64 {
        return Err(unreadable("it is longer than 1 MiB".to_owned()));
    }
    let bytes = fs_err::read(path).map_err(|error| unreadable(reason(&error)))?;
    let text = String::from_utf8(bytes).map_err(|error| {
        let line =
            error.as_bytes().iter().take(error.utf8_error().valid_up_to()).filter(|byte| **byte == b'\n').count();
        unreadable(format!("it is no UTF-8 text (line {})", line + 1))
    })?;
    file::parse(path, &text).map_err(|problems| Failure::Problems(Box::new(problems)))
}

/// What the system says, in the words of its kind: the path is named already.
fn reason(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "there is no such file".to_owned(),
        kind => kind.to_string(),
    }
}

/// A failure of the library, with the sweep that it speaks of.
pub(crate) fn failed(error: RunError, sweep: &Sweep) -> Failure {
    Failure::Run { error, sweep: Some(Box::new(sweep.clone())) }
}
