//! The seal that ends every line: the checksum of the line before, the line's length, its own checksum.

use std::io::Write;

use thiserror::Error;

/// The name that the first line gives the format.
pub(super) const NAME: &str = "swath journal";
/// The version of the format that is written and read here.
pub(super) const VERSION: u64 = 1;
/// Bytes of the longest line, newline included: what one damaged or hostile line can take of memory.
pub(super) const LONGEST: usize = 64 << 20;

/// What stands between a line's last member and its own checksum, around the checksum before.
const START: &[u8] = br#","x":""#;
const END: &[u8] = br#""}"#;
const DIGITS: usize = 8;

/// What is wrong with a line.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Damage {
    /// It does not end as a line does.
    #[error("the line does not end with a length and a checksum")]
    NoSeal,
    /// It has another length than it states.
    #[error("the line has {found} bytes and states {stated}")]
    Length {
        /// Bytes that the line states.
        stated: u64,
        /// Bytes that it has, newline included.
        found: u64,
    },
    /// Its bytes do not match its checksum.
    #[error(
        "the checksum of the line is {computed} and it states {stated}: at least one byte is not as it was written"
    )]
    Checksum {
        /// The checksum in the line.
        stated: String,
        /// That of its bytes.
        computed: String,
    },
    /// It is whole and stands in the wrong place.
    #[error(
        "the line is whole but does not belong behind the line before it: lines are missing, repeated or out of order"
    )]
    Chain,
    /// The first line of a journal in the middle of one.
    #[error("another journal begins here: join journals with `swath merge`, not by writing one behind the other")]
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
/// returns its checksum.
pub(super) fn close(text: &mut Vec<u8>, start: usize, before: u32) -> u32 {
    text.extend_from_slice(START);
    text.extend_from_slice(&hexadecimal(before));
    text.push(b'-');
    let rest = text.len() - start + 1 + DIGITS + END.len() + 1;
    // The length counts its own digits.
    let mut length = rest + 1;
    while rest + decimal_digits(length) != length {
        length = rest + decimal_digits(length);
    }
    text.extend_from_slice(length.to_string().as_bytes());
    text.push(b'-');
    let checksum = crc32fast::hash(text.get(start..).unwrap_or_default());
    text.extend_from_slice(&hexadecimal(checksum));
    text.extend_from_slice(END);
    text.push(b'\n');
    checksum
}

/// Checks a line without its newline. Returns the checksum of the line before, and its own.
pub(super) fn check(line: &[u8]) -> Result<(u32, u32), Damage> {
    let (rest, stated) =
        line.strip_suffix(END).and_then(|line| line.split_last_chunk::<DIGITS>()).ok_or(Damage::NoSeal)?;
    let head = rest.strip_suffix(b"-").ok_or(Damage::NoSeal)?;
    let digits = head.iter().rev().take_while(|byte| byte.is_ascii_digit()).count();
    let (head, length) = head.split_at(head.len() - digits);
    let length: u64 = std::str::from_utf8(length).ok().and_then(|text| text.parse().ok()).ok_or(Damage::NoSeal)?;
    let (head, before) = head
        .strip_suffix(b"-")
        .and_then(|head| head.split_last_chunk::<DIGITS>())
        .filter(|(head, _)| head.ends_with(START))
        .ok_or(Damage::NoSeal)?;
    let _ = head;
    let found = line.len() as u64 + 1;
    if length != found {
        return Err(Damage::Length { stated: length, found });
    }
    // Compared as text: capitals would read as the same number, and then a flipped bit would pass.
    let checksum = crc32fast::hash(rest);
    if hexadecimal(checksum) != *stated {
        let text = |digits: &[u8]| digits.escape_ascii().to_string();
        return Err(Damage::Checksum { stated: text(stated), computed: text(&hexadecimal(checksum)) });
    }
    let before = std::str::from_utf8(before).ok().and_then(|text| u32::from_str_radix(text, 16).ok());
    Ok((before.ok_or(Damage::NoSeal)?, checksum))
}

/// Whether `bytes` begin with a whole line that is followed by something else than a newline.
pub(super) fn begins_with_a_whole_line(bytes: &[u8]) -> bool {
    let ends = bytes.windows(END.len()).enumerate().filter(|(_, window)| *window == END);
    ends.map(|(at, _)| at + END.len()).any(|end| bytes.get(..end).is_some_and(|line| check(line).is_ok()))
}

/// The first line of every journal, newline included, and its checksum.
pub(super) fn header() -> (Vec<u8>, u32) {
    let mut text = Vec::new();
    // Writing to memory cannot fail.
    let _ = write!(text, r#"{{"format":"{NAME}","version":{VERSION}"#);
    let checksum = close(&mut text, 0, 0);
    (text, checksum)
}

fn hexadecimal(checksum: u32) -> [u8; DIGITS] {
    let mut digits = [b'0'; DIGITS];
    for (position, digit) in digits.iter_mut().enumerate() {
        let nibble = (checksum >> (28 - 4 * position)) & 0xf;
        *digit = char::from_digit(nibble, 16).map_or(b'0', |digit| digit as u8);
    }
    digits
}

fn decimal_digits(number: usize) -> usize {
    number.checked_ilog10().map_or(1, |digits| digits as usize + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stated_length_is_that_of_the_line_around_every_power_of_ten() {
        for filling in (0..1200).chain(9_950..10_050) {
            let mut text = b"before\n".to_vec();
            text.extend_from_slice(b"{\"k\":\"");
            text.extend(std::iter::repeat_n(b'x', filling));
            text.push(b'"');
            let checksum = close(&mut text, 7, 0xab);
            assert_eq!(check(&text[7..text.len() - 1]), Ok((0xab, checksum)), "{filling}");
        }
    }

    #[test]
    fn the_first_line_never_changes_within_a_version() {
        let (header, checksum) = header();
        let text = r#"{"format":"swath journal","version":1,"x":"00000000-66-a26a6e8c"}"#;
        assert!(header.starts_with(text.as_bytes()), "{}", header.escape_ascii());
        assert_eq!(header.len(), 66);
        assert_eq!(check(&header[..65]), Ok((0, checksum)));
    }

    #[test]
    fn a_checksum_in_capitals_is_damage() {
        let mut text = br#"{"k":1"#.to_vec();
        while close(&mut text, 0, 7) & 0xf0 < 0xa0 {
            text.truncate(6);
            let length = text.len();
            text[length - 1] += 1;
        }
        let line = &mut text.clone()[..text.len() - 1];
        assert!(check(line).is_ok());
        let length = line.len();
        line[length - 10..].make_ascii_uppercase();
        assert!(matches!(check(line), Err(Damage::Checksum { .. })));
    }
}
