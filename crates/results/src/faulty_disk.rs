//! A disk in memory that fails where a test says: it keeps what was synced apart from what was not.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Cursor, ErrorKind, Read};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard};

use crate::storage::{Appending, Held, Kind, Storage, parent_of};

/// What happens at the chosen operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    /// It fails, and the next ones do not.
    Once,
    /// It fails, and all after it.
    ForEver,
    /// An append writes its first half and fails; any other operation fails.
    Short,
    /// The machine stops before it.
    Crash,
    /// The machine stops when an append has written so many bytes.
    Torn(usize),
}

/// What a machine finds on its disk when it starts again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Survives {
    /// What was synced alone.
    Synced,
    /// All that was written.
    Everything,
}

/// Planted faults: what a careless program would leave out, done by the disk in its place.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Lies {
    pub(crate) file_syncs: bool,
    pub(crate) folder_syncs: bool,
    pub(crate) short_writes: bool,
}

#[derive(Debug, Clone, Default)]
pub(crate) struct FaultyDisk(Arc<Mutex<State>>);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Entry {
    File(usize),
    Folder,
}

#[derive(Debug, Clone, Default)]
struct Content {
    visible: Vec<u8>,
    durable: Vec<u8>,
    /// Bytes whose sync failed: a later sync reports success and does not write them.
    dropped: Vec<Range<usize>>,
}

#[derive(Debug, Default)]
struct State {
    contents: Vec<Content>,
    visible: BTreeMap<PathBuf, Entry>,
    durable: BTreeMap<PathBuf, Entry>,
    locked: BTreeSet<PathBuf>,
    /// The operations so far: for an append its bytes, else `None`.
    operations: Vec<Option<usize>>,
    fault: Option<(usize, Fault)>,
    dead: bool,
    lies: Lies,
}

/// What an operation is to do.
enum Turn {
    Work,
    WorkInPart(usize),
}

impl FaultyDisk {
    /// Chooses the planted faults from here on.
    pub(crate) fn tell(&self, lies: Lies) {
        self.state().lies = lies;
    }

    /// Counts operations from here, and lets the one with the number fail.
    pub(crate) fn plan(&self, operation: usize, fault: Fault) {
        let mut state = self.state();
        state.operations.clear();
        state.fault = Some((operation, fault));
    }

    /// The operations since the last [`FaultyDisk::plan`] or the start.
    pub(crate) fn operations(&self) -> Vec<Option<usize>> {
        self.state().operations.clone()
    }

    /// The machine starts again, with a disk that works.
    pub(crate) fn reboot(&self, survives: Survives) {
        let mut state = self.state();
        let State { contents, visible, durable, .. } = &mut *state;
        match survives {
            Survives::Everything => {
                durable.clone_from(visible);
                for content in contents {
                    content.durable.clone_from(&content.visible);
                    content.dropped.clear();
                }
            }
            Survives::Synced => {
                visible.clone_from(durable);
                let folders: BTreeSet<PathBuf> = visible.keys().cloned().collect();
                visible
                    .retain(|path, _| path.ancestors().skip(1).all(|above| is_root(above) || folders.contains(above)));
                durable.clone_from(visible);
                for content in contents {
                    content.visible.clone_from(&content.durable);
                    content.dropped.clear();
                }
            }
        }
        state.locked.clear();
        state.fault = None;
        state.dead = false;
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap()
    }

    /// Begins an operation on a disk that may fail it.
    fn begin(&self, appended: Option<usize>) -> io::Result<(MutexGuard<'_, State>, Turn)> {
        let mut state = self.state();
        let number = state.operations.len();
        state.operations.push(appended);
        if state.dead {
            return Err(io::Error::other("the machine has stopped"));
        }
        let Some((chosen, fault)) = state.fault else { return Ok((state, Turn::Work)) };
        let due = number == chosen || (number > chosen && fault == Fault::ForEver);
        if !due {
            return Ok((state, Turn::Work));
        }
        match (fault, appended) {
            (Fault::Short, Some(bytes)) => Ok((state, Turn::WorkInPart(bytes / 2))),
            (Fault::Torn(bytes), Some(_)) => {
                state.dead = true;
                Ok((state, Turn::WorkInPart(bytes)))
            }
            (Fault::Crash | Fault::Torn(_), _) => {
                state.dead = true;
                Err(io::Error::other("the machine has stopped"))
            }
            _ => Err(io::Error::new(ErrorKind::StorageFull, "planned")),
        }
    }

    fn work(&self) -> io::Result<MutexGuard<'_, State>> {
        self.begin(None).map(|(state, _)| state)
    }
}

fn is_root(path: &Path) -> bool {
    path.parent().is_none() || path == Path::new(".")
}

impl State {
    fn entry(&self, path: &Path) -> io::Result<Entry> {
        self.visible.get(path).copied().ok_or_else(|| ErrorKind::NotFound.into())
    }

    fn file(&self, path: &Path) -> io::Result<usize> {
        match self.entry(path)? {
            Entry::File(content) => Ok(content),
            Entry::Folder => Err(ErrorKind::IsADirectory.into()),
        }
    }

    fn insert(&mut self, path: &Path, entry: Entry) -> io::Result<()> {
        let parent = parent_of(path);
        if !is_root(&parent) && self.entry(&parent)? != Entry::Folder {
            return Err(ErrorKind::NotADirectory.into());
        }
        if self.visible.contains_key(path) {
            return Err(ErrorKind::AlreadyExists.into());
        }
        self.visible.insert(path.to_owned(), entry);
        Ok(())
    }
}

impl Content {
    fn sync(&mut self) {
        self.durable.clone_from(&self.visible);
        for range in &self.dropped {
            self.durable[range.clone()].fill(0);
        }
    }

    fn fail_to_sync(&mut self) {
        let unsynced = self.durable.len().min(self.visible.len())..self.visible.len();
        self.dropped.push(unsynced);
    }
}

impl Storage for FaultyDisk {
    fn kind(&self, path: &Path) -> io::Result<Option<Kind>> {
        let state = self.work()?;
        if is_root(path) {
            return Ok(Some(Kind::Folder));
        }
        Ok(state.visible.get(path).map(|entry| match entry {
            Entry::File(_) => Kind::File,
            Entry::Folder => Kind::Folder,
        }))
    }

    fn length(&self, path: &Path) -> io::Result<u64> {
        let state = self.work()?;
        Ok(state.contents[state.file(path)?].visible.len() as u64)
    }

    fn open(&self, path: &Path) -> io::Result<Box<dyn Read>> {
        let state = self.work()?;
        Ok(Box::new(Cursor::new(state.contents[state.file(path)?].visible.clone())))
    }

    fn list(&self, folder: &Path) -> io::Result<Vec<String>> {
        let state = self.work()?;
        let within = state.visible.keys().filter(|path| parent_of(path) == folder);
        Ok(within.map(|path| path.file_name().unwrap().to_string_lossy().into_owned()).collect())
    }

    fn create_folder(&self, path: &Path) -> io::Result<()> {
        self.work()?.insert(path, Entry::Folder)
    }

    fn create(&self, path: &Path) -> io::Result<Box<dyn Appending>> {
        let mut state = self.work()?;
        let content = state.contents.len();
        state.insert(path, Entry::File(content))?;
        state.contents.push(Content::default());
        Ok(Box::new(Handle { disk: self.clone(), content }))
    }

    fn append_to(&self, path: &Path) -> io::Result<Box<dyn Appending>> {
        let content = self.work()?.file(path)?;
        Ok(Box::new(Handle { disk: self.clone(), content }))
    }

    fn truncate(&self, path: &Path, length: u64) -> io::Result<()> {
        let mut state = self.work()?;
        let content = state.file(path)?;
        let content = &mut state.contents[content];
        content.visible.resize(usize::try_from(length).unwrap(), 0);
        let end = content.visible.len();
        content.dropped.retain_mut(|range| {
            range.end = range.end.min(end);
            range.start < range.end
        });
        content.sync();
        Ok(())
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        let mut state = self.work()?;
        let content = state.file(from)?;
        state.visible.remove(from);
        state.visible.insert(to.to_owned(), Entry::File(content));
        Ok(())
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        let mut state = self.work()?;
        state.file(path)?;
        state.visible.remove(path);
        Ok(())
    }

    fn sync_folder(&self, folder: &Path) -> io::Result<()> {
        let mut state = self.work()?;
        if !is_root(folder) && state.entry(folder)? != Entry::Folder {
            return Err(ErrorKind::NotADirectory.into());
        }
        if !state.lies.folder_syncs {
            let State { visible, durable, .. } = &mut *state;
            durable.retain(|path, _| parent_of(path) != folder);
            let within = visible.iter().filter(|(path, _)| parent_of(path) == folder);
            durable.extend(within.map(|(path, entry)| (path.clone(), *entry)));
        }
        Ok(())
    }

    fn try_lock(&self, path: &Path) -> io::Result<Option<Box<dyn Held>>> {
        let mut state = self.work()?;
        if !state.locked.insert(path.to_owned()) {
            return Ok(None);
        }
        Ok(Some(Box::new(HeldInMemory { disk: self.clone(), path: path.to_owned() })))
    }
}

#[derive(Debug)]
struct Handle {
    disk: FaultyDisk,
    content: usize,
}

impl Appending for Handle {
    fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        let (mut state, turn) = self.disk.begin(Some(bytes.len()))?;
        let lies = state.lies.short_writes;
        let visible = &mut state.contents[self.content].visible;
        match turn {
            Turn::Work => visible.extend_from_slice(bytes),
            Turn::WorkInPart(part) => {
                visible.extend_from_slice(&bytes[..part]);
                if !lies {
                    return Err(io::Error::new(ErrorKind::StorageFull, "planned"));
                }
            }
        }
        Ok(())
    }

    fn sync(&mut self) -> io::Result<()> {
        match self.disk.work() {
            Ok(mut state) => {
                if !state.lies.file_syncs {
                    state.contents[self.content].sync();
                }
                Ok(())
            }
            Err(error) => {
                self.disk.state().contents[self.content].fail_to_sync();
                Err(error)
            }
        }
    }
}

#[derive(Debug)]
struct HeldInMemory {
    disk: FaultyDisk,
    path: PathBuf,
}

impl Held for HeldInMemory {
    fn describe(&mut self, _text: &str) -> io::Result<()> {
        self.disk.work().map(|_| ())
    }
}

impl Drop for HeldInMemory {
    fn drop(&mut self) {
        self.disk.state().locked.remove(&self.path);
    }
}
