//! Journals that are cut, flipped, repeated, reordered or mixed are never read as if they were sound.

use proptest::prelude::*;

use super::*;
use crate::journal::{Damage, Error, Recovered, Tail};

const RECORDS: usize = 50;

/// Records of few bytes, and one of each kind among them.
fn short_records() -> Vec<Outcome> {
    let key = |number: u128| TrialKey(number.wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835));
    let mut records: Vec<_> = (1..=RECORDS as u128).map(|number| failed(key(number), "")).collect();
    records[20] = finished(20, 1);
    records[40].ending = Ending::Diverged { epoch: 1 };
    records[RECORDS - 1] = finished(49, 2);
    records
}

fn read(bytes: &[u8]) -> Result<Recovered, Error> {
    Journal::read(&*disk_with(bytes), path())
}

/// Lines with their newlines.
fn lines(bytes: &[u8]) -> Vec<&[u8]> {
    bytes.split_inclusive(|byte| *byte == b'\n').collect()
}

fn damage(error: Error) -> (u64, u64, Damage) {
    match error {
        Error::Damaged { line, offset, damage, .. } => (line, offset, damage),
        other => panic!("{other}"),
    }
}

#[test]
fn a_journal_cut_at_any_byte_loses_the_cut_record_alone_and_goes_on() {
    short_records().chunks(10).for_each(cut_everywhere);
}

fn cut_everywhere(records: &[Outcome]) {
    let bytes = journal_of(records);
    let ends: Vec<usize> = lines(&bytes)
        .iter()
        .scan(0, |end, line| {
            Some({
                *end += line.len();
                *end
            })
        })
        .collect();
    let added = finished(1000, 1);
    for cut in 0..=bytes.len() {
        let recovered = read(&bytes[..cut]).unwrap();
        // A record without its newline is whole.
        let whole = ends[1..].iter().filter(|end| **end <= cut + 1).count();
        assert_eq!(recovered.outcomes.as_slice(), &records[..whole], "cut at {cut}");
        let sound = ends.iter().rev().find(|end| **end <= cut).copied().unwrap_or(0);
        match recovered.tail {
            Tail::Whole => assert_eq!(sound, cut),
            Tail::Cut { bytes } => assert_eq!(bytes, (cut - sound) as u64),
            Tail::Unended => assert!(ends[1..].contains(&(cut + 1))),
        }
        let disk = disk_with(&bytes[..cut]);
        let (mut journal, reopened) = Journal::open(disk.clone(), path()).unwrap();
        assert_eq!(reopened, recovered);
        journal.append(std::slice::from_ref(&added)).unwrap();
        let (_, first) = Journal::open(disk.clone(), path()).unwrap();
        let (_, second) = Journal::open(disk, path()).unwrap();
        assert_eq!(first.outcomes.len(), whole + 1);
        assert_eq!(first.outcomes.as_slice()[..whole], records[..whole]);
        assert_eq!((first.tail, first.outcomes.as_slice().last()), (Tail::Whole, Some(&added)));
        assert_eq!(second, first);
    }
}

#[test]
fn every_flipped_bit_is_detected() {
    for records in short_records().chunks(5) {
        let mut bytes = journal_of(records);
        for position in 0..bytes.len() {
            for bit in 0..8 {
                bytes[position] ^= 1 << bit;
                // Not even the last newline: no flip turns an acknowledged record into a cut tail.
                assert!(read(&bytes).is_err(), "byte {position}, bit {bit}");
                bytes[position] ^= 1 << bit;
            }
        }
    }
}

#[test]
fn every_repeated_swapped_or_deleted_line_is_detected() {
    let bytes = journal_of(&short_records());
    let sound = lines(&bytes);
    for line in 0..sound.len() {
        let mut repeated = sound.clone();
        repeated.insert(line, sound[line]);
        assert!(read(&repeated.concat()).is_err(), "line {line} repeated");
        for other in 0..line {
            let mut swapped = sound.clone();
            swapped.swap(line, other);
            assert!(read(&swapped.concat()).is_err(), "lines {line} and {other} swapped");
        }
        // Without its last lines a journal is one of an earlier moment, which no chain can tell.
        if line + 1 < sound.len() {
            let mut deleted = sound.clone();
            deleted.remove(line);
            assert!(read(&deleted.concat()).is_err(), "line {line} deleted");
        }
    }
}

#[test]
fn an_error_names_the_line_the_byte_and_the_way_out() {
    let bytes = journal_of(&short_records()[..5]);
    let sound = lines(&bytes);
    let mut flipped = bytes.clone();
    let offset = sound[..3].concat().len();
    flipped[offset + 9] ^= 1;
    let error = read(&flipped).unwrap_err();
    let text = error.to_string();
    assert!(text.starts_with(&format!("`journal.jsonl`, line 4 (from byte {offset}): the checksum")), "{text}");
    assert!(text.contains("not as it was written, or lines before it are missing"), "{text}");
    assert!(text.contains("`head -n 3`"), "{text}");
    let (line, at, found) = damage(error);
    assert_eq!((line, at), (4, offset as u64));
    assert!(matches!(found, Damage::Checksum { .. }));
    // What the message advises gives a journal.
    assert_eq!(read(&sound[..3].concat()).unwrap().outcomes.len(), 2);

    let missing = [&sound[..2], &sound[3..]].concat().concat();
    assert!(matches!(damage(read(&missing).unwrap_err()), (3, _, Damage::Checksum { .. })));
    let joined = [&bytes[..], &bytes[..]].concat();
    assert!(matches!(damage(read(&joined).unwrap_err()), (7, _, Damage::SecondHeader)));
    let mut last = bytes.clone();
    *last.last_mut().unwrap() = b'\r';
    assert!(matches!(damage(read(&last).unwrap_err()), (6, _, Damage::Newline)));
    let shortened = [&bytes[..offset], &bytes[offset + 1..]].concat();
    assert!(matches!(damage(read(&shortened).unwrap_err()), (4, _, Damage::Checksum { .. })));
    assert!(matches!(damage(read(&[&bytes[..], b"{}\n"].concat()).unwrap_err()), (7, _, Damage::NoSeal)));
}

#[test]
fn a_tail_of_zeros_is_cut_and_zeros_in_the_middle_are_damage() {
    let bytes = journal_of(&short_records()[..5]);
    let zeros = [&bytes[..bytes.len() - 20], &[0; 50][..]].concat();
    let recovered = read(&zeros).unwrap();
    assert_eq!(recovered.outcomes.len(), 4);
    assert!(matches!(recovered.tail, Tail::Cut { .. }));
    assert!(read(&[&bytes[..], &[0; 50], b"\n"].concat()).is_err());
}

#[test]
fn files_that_are_no_journals_are_refused_and_left_alone() {
    for bytes in [&b"hello"[..], b"hello\n", b"{}\n", b"{\"format\":\"x\",\"version\":1}\n", b"\n", b"\xff\xfe"] {
        let disk = disk_with(bytes);
        assert!(matches!(Journal::open(disk.clone(), path()), Err(Error::NotAJournal(_))), "{}", bytes.escape_ascii());
        assert_eq!(disk.read(path()).unwrap(), bytes);
    }
    let error = read(b"{\"format\":\"swath journal\",\"version\":7,\"news\":[]}\n").unwrap_err();
    assert!(matches!(error, Error::Version { found: 7, .. }));
    assert!(error.to_string().contains("version 7, and this version of swath reads version 1"), "{error}");
    let error = read(b"{\"format\":\"swath journal\",\"version\":1}\n").unwrap_err();
    assert!(matches!(error, Error::Damaged { line: 1, .. }), "{error}");
}

#[test]
fn what_is_no_file_is_refused() {
    let disk = Arc::new(FaultyDisk::default());
    assert!(matches!(Journal::read(&*disk, path()), Err(Error::Missing(_))));
    disk.create_folder(path()).unwrap();
    assert!(matches!(Journal::read(&*disk, path()), Err(Error::NotAFile(_))));
    assert!(matches!(Journal::open(disk, path()), Err(Error::NotAFile(_))));
}

#[cfg(unix)]
#[test]
fn a_journal_that_is_a_link_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let (target, link) = (folder.path().join("target"), folder.path().join("journal.jsonl"));
    crate::Disk.write_atomically(&target, b"").unwrap();
    std::os::unix::fs::symlink(&target, &link).unwrap();
    assert!(matches!(Journal::open(Arc::new(crate::Disk), &link), Err(Error::NotAFile(_))));
}

#[test]
fn a_failed_trial_is_replaced_by_a_later_outcome_and_replaces_none() {
    let done = finished(1, 3);
    let again = Outcome { effort: Effort { worker: 7, ..done.effort }, ..done.clone() };
    let other = finished(2, 3);
    let first = failed(done.key, "first");
    let second = failed(done.key, "second");
    let bytes = journal_of(&[first, second, other.clone(), done.clone(), failed(done.key, "third")]);
    let recovered = read(&bytes).unwrap();
    assert_eq!(recovered.outcomes.as_slice(), [done.clone(), other]);
    assert_eq!(recovered.replaced, 3);
    assert_eq!(read(&journal_of(&[done, again.clone()])).unwrap().outcomes.as_slice(), [again]);
}

#[test]
fn two_results_of_one_trial_are_a_conflict_that_names_both_lines() {
    let done = finished(1, 3);
    let mut other = done.clone();
    change_curves(&mut other, |curves| curves.train_loss_running[1] = 0.5);
    let diverged = Outcome { ending: Ending::Diverged { epoch: 4 }, ..done.clone() };
    for other in [other, diverged] {
        let bytes = journal_of(&[failed(done.key, "x"), done.clone(), finished(2, 1), other]);
        let error = read(&bytes).unwrap_err();
        assert!(matches!(error, Error::Conflict { first_line: 3, second_line: 5, .. }), "{error}");
        assert!(error.to_string().contains("line 3 and line 5"), "{error}");
    }
}

proptest! {
    #[test]
    fn a_prefix_of_a_journal_reads_as_a_prefix_of_its_outcomes(records in 0_usize..8, cut in 0.0..=1.0_f64) {
        let outcomes: Vec<_> = (0..records as u64).map(|number| finished(number, 2)).collect();
        let bytes = journal_of(&outcomes);
        let cut = (bytes.len() as f64 * cut) as usize;
        let recovered = read(&bytes[..cut]).unwrap();
        prop_assert_eq!(recovered.outcomes.as_slice(), &outcomes[..recovered.outcomes.len()]);
    }

    #[test]
    fn no_bytes_make_the_reader_panic(bytes in prop::collection::vec(any::<u8>(), 0..200), at in 0_usize..2) {
        let sound = journal_of(&[finished(1, 1)]);
        let _ = read(&[&lines(&sound)[..at].concat()[..], &bytes].concat());
    }
}

#[test]
#[ignore = "measures time: cargo test --release -- --ignored"]
fn a_hundred_thousand_outcomes_are_read_within_a_second() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal.jsonl");
    let outcomes: Vec<_> = (0..100_000).map(|number| finished(number, 10)).collect();
    Journal::open(Arc::new(crate::Disk), &path).unwrap().0.append(&outcomes).unwrap();
    let start = std::time::Instant::now();
    let recovered = Journal::read(&crate::Disk, &path).unwrap();
    let reading = start.elapsed();
    assert_eq!(recovered.outcomes.len(), outcomes.len());
    assert!(reading.as_secs_f64() < 1.0, "{reading:?}");
}
