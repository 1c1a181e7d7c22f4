//! Every operation of a recording fails in every way, and no acknowledged outcome is lost.

use super::*;
use crate::faulty_disk::{Fault, Lies, Survives};
use crate::journal::{Error, Recovered, Tail};

fn outcomes() -> Vec<Outcome> {
    let mut outcomes: Vec<_> = (0..4).map(|number| finished(number, 2)).collect();
    outcomes.push(Outcome { ending: Ending::Diverged { epoch: 3 }, ..finished(4, 2) });
    outcomes.push(failed(TrialKey(5), "out of \"memory\"}"));
    outcomes
}

/// Records what is missing, in groups of two, and notes what was acknowledged.
fn record(disk: &FaultyDisk, acknowledged: &mut Vec<Outcome>) -> Result<(), Error> {
    let (mut journal, recovered) = Journal::open(Arc::new(disk.clone()), path())?;
    // What is read at the start of a run is reported as done, and so is a promise too.
    acknowledged.extend(recovered.outcomes.as_slice().iter().cloned());
    let missing: Vec<_> =
        outcomes().into_iter().filter(|outcome| !recovered.outcomes.as_slice().contains(outcome)).collect();
    for group in missing.chunks(2) {
        journal.append(group)?;
        acknowledged.extend_from_slice(group);
    }
    Ok(())
}

fn sorted(recovered: &Recovered) -> Vec<Outcome> {
    let mut outcomes = recovered.outcomes.as_slice().to_vec();
    outcomes.sort_by_key(|outcome| outcome.key);
    outcomes
}

/// One recording that is disturbed, then a restart, a resumed recording and two readings.
fn disturb(start: &[u8], lies: Lies, operation: usize, fault: Fault, survives: Survives) -> Result<(), String> {
    let disk = FaultyDisk::default();
    if !start.is_empty() {
        disk.write_atomically(path(), start).unwrap();
    }
    disk.tell(lies);
    disk.plan(operation, fault);
    let mut acknowledged = Vec::new();
    let _ = record(&disk, &mut acknowledged);
    disk.reboot(survives);
    disk.tell(Lies::default());
    if !acknowledged.is_empty() {
        let recovered = Journal::read(&disk, path()).map_err(|error| error.to_string())?;
        if let Some(lost) = acknowledged.iter().find(|outcome| !recovered.outcomes.as_slice().contains(outcome)) {
            return Err(format!("trial {} was acknowledged and is lost", lost.key));
        }
    }
    record(&disk, &mut Vec::new()).map_err(|error| format!("no resumption: {error}"))?;
    let first = Journal::read(&disk, path()).map_err(|error| error.to_string())?;
    let mut all = outcomes();
    all.sort_by_key(|outcome| outcome.key);
    if sorted(&first) != all || first.tail != Tail::Whole {
        return Err("the resumed journal differs from an undisturbed one".to_owned());
    }
    disk.reboot(Survives::Synced);
    let (_, second) = Journal::open(Arc::new(disk), path()).map_err(|error| error.to_string())?;
    if second == first { Ok(()) } else { Err("the second reading differs from the first".to_owned()) }
}

/// All operations by all kinds of faults; returns how many were tried and what went wrong.
fn disturb_everywhere(start: &[u8], lies: Lies) -> (usize, Vec<String>) {
    let disk = disk_with(start);
    if start.is_empty() {
        disk.remove(path()).unwrap();
    }
    disk.plan(usize::MAX, Fault::Once);
    record(&disk, &mut Vec::new()).unwrap();
    let mut tried = 0;
    let mut wrong = Vec::new();
    for (operation, appended) in disk.operations().into_iter().enumerate() {
        let mut faults = vec![Fault::Once, Fault::ForEver, Fault::Short, Fault::Crash];
        faults.extend((0..=appended.unwrap_or(0)).map(Fault::Torn));
        for fault in faults {
            for survives in [Survives::Synced, Survives::Everything] {
                tried += 1;
                if let Err(message) = disturb(start, lies, operation, fault, survives) {
                    wrong.push(format!("operation {operation}, {fault:?}, {survives:?}: {message}"));
                }
            }
        }
    }
    (tried, wrong)
}

/// Journals to start from: none, a sound one, a torn one, one without its last newline, a torn first line.
fn starts() -> Vec<Vec<u8>> {
    let whole = journal_of(&outcomes()[..3]);
    let length = whole.len();
    vec![Vec::new(), whole.clone(), whole[..length - 40].to_vec(), whole[..length - 1].to_vec(), whole[..30].to_vec()]
}

#[test]
fn no_fault_at_any_operation_loses_an_acknowledged_outcome() {
    for start in starts() {
        let (tried, wrong) = disturb_everywhere(&start, Lies::default());
        assert!(tried > 1000, "{tried}");
        assert!(wrong.is_empty(), "{} of {tried}, the first: {}", wrong.len(), wrong[0]);
    }
}

#[test]
fn a_sync_left_out_or_a_short_write_ignored_is_caught_by_the_test_above() {
    for lies in [
        Lies { file_syncs: true, ..Lies::default() },
        Lies { folder_syncs: true, ..Lies::default() },
        Lies { short_writes: true, ..Lies::default() },
    ] {
        let (_, wrong) = disturb_everywhere(&[], lies);
        assert!(!wrong.is_empty(), "{lies:?}");
    }
}

#[test]
fn after_a_failed_sync_the_journal_accepts_nothing_more() {
    let disk = FaultyDisk::default();
    let (mut journal, _) = Journal::open(Arc::new(disk.clone()), path()).unwrap();
    disk.plan(1, Fault::Once);
    let all = outcomes();
    assert!(matches!(journal.append(&all[..1]), Err(Error::Sync(_))));
    for _ in 0..3 {
        assert!(matches!(journal.append(&all[1..2]), Err(Error::Closed)));
    }
    assert_eq!(disk.operations().len(), 2);
}

#[test]
fn a_write_and_a_sync_and_a_look_are_all_that_a_group_costs() {
    let disk = FaultyDisk::default();
    let (mut journal, _) = Journal::open(Arc::new(disk.clone()), path()).unwrap();
    disk.plan(usize::MAX, Fault::Once);
    journal.append(&outcomes()).unwrap();
    assert_eq!(disk.operations().len(), 3);
    journal.append(&[]).unwrap();
    assert_eq!(disk.operations().len(), 3);
    assert_eq!(journal.bytes(), disk.length(path()).unwrap());
}

#[test]
fn a_journal_that_is_removed_or_written_by_another_acknowledges_nothing_more() {
    let disk = Arc::new(FaultyDisk::default());
    let (mut journal, _) = Journal::open(disk.clone(), path()).unwrap();
    disk.append_to(path()).unwrap().append(b"foreign\n").unwrap();
    let error = journal.append(&outcomes()).unwrap_err();
    assert!(matches!(error, Error::Changed { found: Some(_), .. }), "{error}");
    disk.remove(path()).unwrap();
    let (mut journal, _) = Journal::open(disk.clone(), path()).unwrap();
    disk.remove(path()).unwrap();
    let error = journal.append(&outcomes()).unwrap_err();
    assert!(matches!(error, Error::Changed { found: None, .. }), "{error}");
    assert!(error.to_string().contains("is gone"), "{error}");
}
