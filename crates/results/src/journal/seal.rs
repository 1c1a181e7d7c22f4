//! The seal that ends every line: a checksum of the line that goes on from the checksum of the line before.

use std::io::Write;

use thiserror::Error;

use super::packed::{self, CHECKSUM};

/// The name that the first line gives the format.
pub(super) const NAME: &str = "swath journal";
/// The version of the format that is written and read here.
pub(super) const VERSION: u64 = 1;
/// Bytes of the longest line, newline included: what one damaged or hostile line can take of memory.
pub(super) const LONGEST: usize = 64 << 20;

/// What stands around a line's checksum.
const START: &[u8] = br#","x":""#;
const END: &[u8] = br#""}"#;

/// What is wrong with a line.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Damage {
    /// It does not end as a line does.
    #[error("the line does not end with a checksum")]
    NoSeal,
    /// Its bytes, behind those of the lines before it, do not match its checksum.
    #[error(
        "the checksum of the line is {computed} and it states {stated}: at least one byte is not as it was written, or \
         lines before it are missing, repeated or out of order"
    )]
    Checksum {
        /// The checksum in the line.
        stated: String,
        /// That of its bytes.
        computed: String,
    },
    /// The first line of a journal in the middle of one.
    #[error("another journal begins here: journals are not joined by writing one behind the other")]
    SecondHeader,
    /// A whole record is followed by something else than a newline.
    #[error("the line is whole, but the newline at its end is not as it was written")]
    Newline,
    /// It is longer than any line that is written.
    #[error("the line is longer than 64 MiB")]
    Long,
    /// Its checksum is right and it is no outcome: a faulty program wrote it.
    #[error("the line is as it was written, but is no outcome: {0}")]
    Content(String),
}

/// Ends the line that starts at `start` of `text`, an open JSON object without its closing brace, and
/// returns its checksum. `before` is that of the line before, 0 for the first line.
pub(super) fn close(text: &mut Vec<u8>, start: usize, before: u32) -> u32 {
    text.extend_from_slice(START);
    let checksum = continued(before, text.get(start..).unwrap_or_default());
    text.extend_from_slice(&packed::checksum(checksum));
    text.extend_from_slice(END);
    text.push(b'\n');
    checksum
}

/// Checks a line without its newline, `before` being the checksum of the line before. Returns its own.
pub(super) fn check(line: &[u8], before: u32) -> Result<u32, Damage> {
    let (rest, stated) = line
        .strip_suffix(END)
        .and_then(|line| line.split_last_chunk::<CHECKSUM>())
        .filter(|(rest, _)| rest.ends_with(START))
        .ok_or(Damage::NoSeal)?;
    // Compared as text: another text of the same number would let a flipped bit pass.
    let checksum = continued(before, rest);
    let computed = packed::checksum(checksum);
    if computed == *stated {
        return Ok(checksum);
    }
    let text = |checksum: &[u8]| checksum.escape_ascii().to_string();
    Err(Damage::Checksum { stated: text(stated), computed: text(&computed) })
}

/// Whether `bytes` begin with a whole line that is followed by something else than a newline.
pub(super) fn begins_with_a_whole_line(bytes: &[u8], before: u32) -> bool {
    let ends = bytes.windows(END.len()).enumerate().filter(|(_, window)| *window == END);
    ends.map(|(at, _)| at + END.len()).any(|end| bytes.get(..end).is_some_and(|line| check(line, before).is_ok()))
}

/// The first line of every journal, newline included, and its checksum.
pub(super) fn header() -> (Vec<u8>, u32) {
    let mut text = Vec::new();
    // Writing to memory cannot fail.
    let _ = write!(text, r#"{{"format":"{NAME}","version":{VERSION}"#);
    let checksum = close(&mut text, 0, 0);
    (text, checksum)
}

fn continued(before: u32, bytes: &[u8]) -> u32 {
    let mut hasher = crc32fast::Hasher::new_with_initial(before);
    hasher.update(bytes);
    hasher.finalize()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_checked_with_the_checksum_before_it_and_with_no_other() {
        let mut text = b"before\n{\"k\":1".to_vec();
        let checksum = close(&mut text, 7, 0xab);
        let line = &text[7..text.len() - 1];
        // Python 3: zlib.crc32(b'{"k":1,"x":"', 0xab).
        assert_eq!(checksum, 0xc864_4d2d);
        assert_eq!(check(line, 0xab), Ok(checksum));
        assert!(matches!(check(line, 0xac), Err(Damage::Checksum { .. })));
        assert_eq!(check(&line[..line.len() - 1], 0xab), Err(Damage::NoSeal));
    }

    #[test]
    fn the_first_line_never_changes_within_a_version() {
        let (header, checksum) = header();
        let text = r#"{"format":"swath journal","version":1,"x":"blj9Bg"}"#;
        assert_eq!(header, format!("{text}\n").as_bytes());
        assert_eq!(check(text.as_bytes(), 0), Ok(checksum));
    }

    #[test]
    fn a_checksum_written_otherwise_is_damage() {
        let mut text = br#"{"k":1"#.to_vec();
        close(&mut text, 0, 7);
        let line = &mut text.clone()[..text.len() - 1];
        assert!(check(line, 7).is_ok());
        // The last of six characters holds two bits; a decoder that takes the other four for padding reads the same.
        let last = line.len() - 3;
        line[last] += 1;
        assert!(matches!(check(line, 7), Err(Damage::Checksum { .. })));
    }
}
