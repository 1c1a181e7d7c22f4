//! The real disk.

use std::fs::TryLockError;
use std::io::{self, ErrorKind, Read, Seek, Write};
use std::path::Path;

use fs_err::{File, OpenOptions};

use crate::storage::{Appending, Held, Kind, Storage};

/// The file system of the machine.
#[derive(Debug, Clone, Copy, Default)]
pub struct Disk;

impl Storage for Disk {
    fn kind(&self, path: &Path) -> io::Result<Option<Kind>> {
        match fs_err::symlink_metadata(path) {
            Ok(found) if found.is_symlink() => Ok(Some(Kind::Link)),
            Ok(found) if found.is_dir() => Ok(Some(Kind::Folder)),
            Ok(found) if found.is_file() => Ok(Some(Kind::File)),
            Ok(_) => Ok(Some(Kind::Other)),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn length(&self, path: &Path) -> io::Result<u64> {
        Ok(fs_err::symlink_metadata(path)?.len())
    }

    fn open(&self, path: &Path) -> io::Result<Box<dyn Read>> {
        Ok(Box::new(File::open(path)?))
    }

    fn list(&self, folder: &Path) -> io::Result<Vec<String>> {
        let mut names = fs_err::read_dir(folder)?
            .map(|entry| entry.map(|entry| entry.file_name().to_string_lossy().into_owned()))
            .collect::<io::Result<Vec<_>>>()?;
        names.sort();
        Ok(names)
    }

    fn create_folder(&self, path: &Path) -> io::Result<()> {
        fs_err::create_dir(path)
    }

    fn create(&self, path: &Path) -> io::Result<Box<dyn Appending>> {
        Ok(Box::new(GrowingFile(OpenOptions::new().append(true).create_new(true).open(path)?)))
    }

    fn append_to(&self, path: &Path) -> io::Result<Box<dyn Appending>> {
        refuse_link(path)?;
        Ok(Box::new(GrowingFile(OpenOptions::new().append(true).open(path)?)))
    }

    fn truncate(&self, path: &Path, length: u64) -> io::Result<()> {
        refuse_link(path)?;
        let file = OpenOptions::new().write(true).open(path)?;
        file.set_len(length)?;
        file.sync_all()
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        fs_err::rename(from, to)
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        fs_err::remove_file(path)
    }

    #[cfg(unix)]
    fn sync_folder(&self, folder: &Path) -> io::Result<()> {
        File::open(folder)?.sync_all()
    }

    /// Elsewhere a folder cannot be opened as a file, and its names are durable by the system's own journal.
    #[cfg(not(unix))]
    fn sync_folder(&self, _folder: &Path) -> io::Result<()> {
        Ok(())
    }

    fn try_lock(&self, path: &Path) -> io::Result<Option<Box<dyn Held>>> {
        refuse_link(path)?;
        let file = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path)?;
        match file.try_lock() {
            Ok(()) => Ok(Some(Box::new(LockedFile(file)))),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(error),
        }
    }
}

/// A check and not a flag of `open`: it guards against mistakes in one's own folder, where nobody races.
fn refuse_link(path: &Path) -> io::Result<()> {
    match Disk.kind(path)? {
        Some(Kind::Link) => {
            let message = format!("`{}` is a symbolic link, and links are not written through", path.display());
            Err(io::Error::new(ErrorKind::AlreadyExists, message))
        }
        _ => Ok(()),
    }
}

#[derive(Debug)]
struct GrowingFile(File);

impl Appending for GrowingFile {
    fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.0.write_all(bytes)
    }

    fn sync(&mut self) -> io::Result<()> {
        self.0.sync_data()
    }
}

#[derive(Debug)]
struct LockedFile(File);

impl Held for LockedFile {
    fn describe(&mut self, text: &str) -> io::Result<()> {
        self.0.set_len(0)?;
        self.0.rewind()?;
        self.0.write_all(text.as_bytes())
    }
}

impl Drop for LockedFile {
    fn drop(&mut self) {
        // A free lock names nobody. The file itself stays: removing it would let two processes
        // hold the lock of two files of one name.
        let _ = self.0.set_len(0);
        let _ = self.0.unlock();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn appended_bytes_stand_at_the_end_and_a_cut_takes_them_off() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        let mut file = Disk.create(&path).unwrap();
        file.append(b"one").unwrap();
        file.sync().unwrap();
        Disk.append_to(&path).unwrap().append(b"two").unwrap();
        assert_eq!(Disk.read(&path).unwrap(), b"onetwo");
        Disk.truncate(&path, 4).unwrap();
        file.append(b"!").unwrap();
        assert_eq!(Disk.read(&path).unwrap(), b"onet!");
        assert_eq!(Disk.length(&path).unwrap(), 5);
        assert_eq!(Disk.create(&path).err().unwrap().kind(), ErrorKind::AlreadyExists);
    }

    #[test]
    fn folders_are_created_down_to_the_last_and_listed_in_order() {
        let folder = tempfile::tempdir().unwrap();
        let deep = folder.path().join("a/b/c");
        Disk.create_folders(&deep).unwrap();
        Disk.create_folders(&deep).unwrap();
        Disk.write_atomically(&deep.join("z"), b"1").unwrap();
        Disk.write_atomically(&deep.join("y"), b"2").unwrap();
        Disk.write_atomically(&deep.join("z"), b"3").unwrap();
        assert_eq!(Disk.list(&deep).unwrap(), ["y", "z"]);
        assert_eq!(Disk.read(&deep.join("z")).unwrap(), b"3");
        assert_eq!(Disk.create_folders(&deep.join("z/d")).err().unwrap().kind(), ErrorKind::NotADirectory);
        Disk.remove(&deep.join("y")).unwrap();
        assert_eq!(Disk.kind(&deep.join("y")).unwrap(), None);
    }

    #[cfg(unix)]
    #[test]
    fn links_are_not_written_through() {
        let folder = tempfile::tempdir().unwrap();
        let (target, link) = (folder.path().join("target"), folder.path().join("link"));
        Disk.write_atomically(&target, b"precious").unwrap();
        std::os::unix::fs::symlink(&target, &link).unwrap();
        assert_eq!(Disk.kind(&link).unwrap(), Some(Kind::Link));
        assert!(Disk.append_to(&link).is_err());
        assert!(Disk.truncate(&link, 0).is_err());
        assert!(Disk.try_lock(&link).is_err());
        Disk.write_atomically(&link, b"new").unwrap();
        assert_eq!(Disk.read(&target).unwrap(), b"precious");
    }

    #[test]
    fn a_lock_is_held_once_and_free_again_after_its_end() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("lock");
        let mut held = Disk.try_lock(&path).unwrap().unwrap();
        held.describe("longer text").unwrap();
        held.describe("mine").unwrap();
        assert_eq!(Disk.read(&path).unwrap(), b"mine");
        assert!(Disk.try_lock(&path).unwrap().is_none());
        drop(held);
        assert_eq!(Disk.read(&path).unwrap(), b"");
        assert!(Disk.try_lock(&path).unwrap().is_some());
    }
}
