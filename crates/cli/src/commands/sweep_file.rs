//! Reading a sweep file from disk, for all commands that take one.

use std::io;
use std::path::Path;

use swath_sweep::file;
use swath_sweep::run::RunError;
use swath_sweep::sweep::Sweep;

use crate::exit::Failure;

/// A sweep file longer than this is none: 1 MiB.
const LONGEST: u64 = 1 << 20;

/// Reads and parses a sweep file.
pub(crate) fn read(path: &Path) -> Result<Sweep, Failure> {
    let metadata = fs_err::metadata(path).map_err(Failure::Unreadable)?;
    if !metadata.is_file() {
        let message = format!("`{}` is no file", path.display());
        return Err(Failure::Unreadable(io::Error::new(io::ErrorKind::InvalidInput, message)));
    }
    if metadata.len() > LONGEST {
        let message = format!("`{}` is longer than 1 MiB", path.display());
        return Err(Failure::Unreadable(io::Error::new(io::ErrorKind::InvalidInput, message)));
    }
    let bytes = fs_err::read(path).map_err(Failure::Unreadable)?;
    let text = String::from_utf8(bytes).map_err(|_| Failure::NoText(path.to_owned()))?;
    file::parse(path, &text).map_err(|problems| Failure::Problems(Box::new(problems)))
}

/// A failure of the library, with the sweep that it speaks of.
pub(crate) fn failed(error: RunError, sweep: &Sweep) -> Failure {
    Failure::Run { error, sweep: Some(Box::new(sweep.clone())) }
}
