//! What a results folder accepts and leaves.

use super::*;
use crate::faulty_disk::{Fault, FaultyDisk, Lies, Survives};
use crate::storage::Disk;

fn name() -> SweepName {
    "sweep".parse().unwrap()
}

/// Ways to give files a content: each returns whether it was acknowledged.
type Write = fn(&Folder, &str) -> bool;

const ONE_BELOW: Write = |folder, text| folder.write_atomically("plots/a.svg", text.as_bytes()).is_ok();
const SEVERAL: Write = |folder, text| {
    let files = [("a", "always the same"), ("b", text), ("c", text), ("plots/a.svg", text)];
    folder.write_all(files.map(|(name, text)| (name, text.as_bytes()))).is_ok()
};

/// Two versions are written; returns how many of them were acknowledged.
fn write_twice(disk: &FaultyDisk, write: Write) -> usize {
    let Ok(folder) = Folder::create(Arc::new(disk.clone()), Path::new("results"), &name()) else { return 0 };
    ["one", "other"].iter().take_while(|text| write(&folder, text)).count()
}

fn disturb(
    write: Write,
    file: &str,
    lies: Lies,
    operation: usize,
    fault: Fault,
    survives: Survives,
) -> Result<(), String> {
    let disk = FaultyDisk::default();
    disk.tell(lies);
    disk.plan(operation, fault);
    let acknowledged = write_twice(&disk, write);
    disk.reboot(survives);
    let path = Path::new("results/sweep").join(file);
    let version = match disk.kind(&path).unwrap().map(|_| disk.read(&path).unwrap()).as_deref() {
        None => 0,
        Some(b"one") => 1,
        Some(b"other") => 2,
        Some(bytes) => return Err(format!("half a file: {}", bytes.escape_ascii())),
    };
    if version < acknowledged {
        return Err(format!("version {acknowledged} was acknowledged, and version {version} is there"));
    }
    if write_twice(&disk, write) == 2 { Ok(()) } else { Err("it cannot be written any more".to_owned()) }
}

fn disturb_everywhere(write: Write, file: &str, lies: Lies) -> Vec<String> {
    let disk = FaultyDisk::default();
    assert_eq!(write_twice(&disk, write), 2);
    let mut wrong = Vec::new();
    for (operation, appended) in disk.operations().into_iter().enumerate() {
        let whole = [Fault::Once, Fault::ForEver, Fault::Short, Fault::Crash];
        for fault in whole.into_iter().chain((0..=appended.unwrap_or(0)).map(Fault::Torn)) {
            for survives in [Survives::Synced, Survives::Everything] {
                if let Err(message) = disturb(write, file, lies, operation, fault, survives) {
                    wrong.push(format!("operation {operation}, {fault:?}, {survives:?}: {message}"));
                }
            }
        }
    }
    wrong
}

const WAYS: [(Write, &str); 4] = [(ONE_BELOW, "plots/a.svg"), (SEVERAL, "b"), (SEVERAL, "c"), (SEVERAL, "plots/a.svg")];

#[test]
fn a_fault_at_any_operation_leaves_the_old_file_or_the_new_one() {
    for (write, file) in WAYS {
        assert_eq!(disturb_everywhere(write, file, Lies::default()), [""; 0]);
    }
}

#[test]
fn a_sync_left_out_or_a_short_write_ignored_is_caught_by_the_test_above() {
    for lies in [
        Lies { file_syncs: true, ..Lies::default() },
        Lies { folder_syncs: true, ..Lies::default() },
        Lies { short_writes: true, ..Lies::default() },
    ] {
        for (write, file) in WAYS {
            assert!(!disturb_everywhere(write, file, lies).is_empty(), "{lies:?}");
        }
    }
}

#[cfg(unix)]
#[test]
fn a_file_that_has_its_content_already_is_left_alone() {
    use std::os::unix::fs::MetadataExt;
    let place = tempfile::tempdir().unwrap();
    let folder = Folder::create(Arc::new(Disk), place.path(), &name()).unwrap();
    let number = |file: &str| fs_err::metadata(folder.file(file)).unwrap().ino();
    folder.write_all([("a", &b"1"[..]), ("b", b"2")]).unwrap();
    let before = [number("a"), number("b")];
    folder.write_all([("a", &b"1"[..]), ("b", b"3")]).unwrap();
    assert_eq!(number("a"), before[0]);
    assert_ne!(number("b"), before[1]);
    assert!(matches!(folder.write_all([("plots/../a", &b"1"[..])]), Err(FolderError::FileName(_))));
}

#[test]
fn a_file_in_place_of_a_folder_is_named_with_the_way_out() {
    let place = tempfile::tempdir().unwrap();
    let results = place.path().join("results");
    Disk.write_atomically(&results, b"").unwrap();
    let error = Folder::create(Arc::new(Disk), &results, &name()).unwrap_err();
    assert!(matches!(&error, FolderError::NotAFolder(path) if *path == results));
    assert!(error.to_string().contains("`--results DIR`"), "{error}");
    assert!(matches!(Folder::open(Arc::new(Disk), &results), Err(FolderError::NotAFolder(_))));
    let below = results.join("below");
    let error = Folder::create(Arc::new(Disk), &below, &name()).unwrap_err();
    assert!(error.to_string().contains("move it away"), "{error}");
    assert!(matches!(Folder::open(Arc::new(Disk), &place.path().join("none")), Err(FolderError::Missing(_))));
}

#[test]
fn no_file_is_written_outside_the_folder() {
    let place = tempfile::tempdir().unwrap();
    let folder = Folder::create(Arc::new(Disk), place.path(), &name()).unwrap();
    for file in ["../x", "/x", "a/../x", "a/b/c", "", "plots/", "a//b", ".."] {
        assert!(matches!(folder.write_atomically(file, b""), Err(FolderError::FileName(_))), "{file}");
    }
    assert_eq!(Disk.list(place.path()).unwrap(), ["sweep"]);
    assert_eq!(Disk.list(folder.path()).unwrap(), [""; 0]);
}

#[test]
fn pictures_of_an_earlier_sweep_are_removed_and_other_files_are_not() {
    let place = tempfile::tempdir().unwrap();
    let folder = Folder::create(Arc::new(Disk), place.path(), &name()).unwrap();
    folder.remove_others("plots", ".svg", |_| false).unwrap();
    let files = ["plots/new.svg", "plots/old.svg", "plots/notes.txt"];
    folder.write_all(files.map(|file| (file, &b"1"[..]))).unwrap();
    folder.remove_others("plots", ".svg", |file| file == "new.svg").unwrap();
    assert_eq!(Disk.list(&folder.file("plots")).unwrap(), ["new.svg", "notes.txt"]);
    assert!(folder.remove_others("..", ".svg", |_| false).is_err());
}

#[cfg(unix)]
#[test]
fn a_folder_of_plots_that_is_a_link_is_refused() {
    let place = tempfile::tempdir().unwrap();
    let folder = Folder::create(Arc::new(Disk), place.path(), &name()).unwrap();
    std::os::unix::fs::symlink(place.path(), folder.file(Folder::PLOTS)).unwrap();
    assert!(matches!(folder.write_atomically("plots/x.svg", b""), Err(FolderError::NotAFolder(_))));
    assert!(matches!(folder.write_all([("plots/x.svg", &b""[..])]), Err(FolderError::NotAFolder(_))));
    folder.remove_others("plots", "", |_| false).unwrap();
}

#[test]
fn the_journal_is_opened_by_who_holds_the_folder_and_read_by_all() {
    let place = tempfile::tempdir().unwrap();
    let folder = Folder::create(Arc::new(Disk), place.path(), &name()).unwrap();
    let lock = folder.lock().unwrap();
    assert!(matches!(folder.lock(), Err(LockError::Held { .. })));
    let (journal, recovered) = folder.open_journal(&lock).unwrap();
    assert!(recovered.outcomes.is_empty());
    drop(journal);
    assert!(folder.read_journal().unwrap().outcomes.is_empty());
    let error = journal::Journal::read(&Disk, &folder.file("none")).unwrap_err();
    assert!(error.to_string().contains("there is no journal"), "{error}");
    folder.write_atomically(Folder::REPORT, b"text").unwrap();
    assert_eq!(folder.read(Folder::REPORT).unwrap(), b"text");
    assert_eq!(Disk.list(folder.path()).unwrap(), [Folder::LOCK, Folder::JOURNAL, Folder::REPORT]);
}
