//! The headers of pages: structs of Thrift's compact protocol, as `parquet.thrift` of the Parquet format (2.10) defines
//! them.

use std::ops::Range;

/// A page of more bytes is none that we read.
const MOST_BYTES: i64 = 1 << 30;

/// `PageHeader` nests two structs deep; damaged ones might nest for ever.
const MOST_NESTED: u32 = 8;

/// Field of `PageHeader`: bytes of the page's content before compression.
const UNCOMPRESSED_SIZE: i64 = 2;
/// Field of `PageHeader`: bytes of the page's content as it stands in the file.
const COMPRESSED_SIZE: i64 = 3;
/// Fields of `PageHeader` that are headers with a number of values as their first field.
const WITH_VALUES: [i64; 3] = [5, 7, 8];

/// Whether every page of the columns, which stand in these ranges of the file, promises what can be: no page of more than
/// `most_values` values is.
///
/// # Errors
/// What is wrong with the first that does not, as a fragment.
pub fn check_pages(
    file: &[u8],
    columns: impl IntoIterator<Item = Range<u64>>,
    most_values: u64,
) -> Result<(), &'static str> {
    columns.into_iter().try_for_each(|column| check_column(file, column, most_values))
}

fn check_column(file: &[u8], range: Range<u64>, most_values: u64) -> Result<(), &'static str> {
    let most_values = i64::try_from(most_values).unwrap_or(i64::MAX);
    let place = |offset: u64| usize::try_from(offset).unwrap_or(usize::MAX);
    let pages = file.get(place(range.start)..place(range.end)).ok_or("a column lies outside the file")?;
    let mut rest = Compact { bytes: pages };
    while !rest.bytes.is_empty() {
        let mut content = None;
        rest.structure(0, None, &mut |parent, field, value| {
            let most = match (parent, field) {
                (None, UNCOMPRESSED_SIZE | COMPRESSED_SIZE) => MOST_BYTES,
                (Some(parent), 1) if WITH_VALUES.contains(&parent) => most_values,
                _ => return true,
            };
            if (parent, field) == (None, COMPRESSED_SIZE) {
                content = usize::try_from(value).ok();
            }
            (0..=most).contains(&value)
        })
        .ok_or("a page header is damaged")?;
        rest.bytes = content.and_then(|content| rest.bytes.get(content..)).ok_or("a page is cut short")?;
    }
    Ok(())
}

/// Reads Thrift's compact protocol.
struct Compact<'a> {
    bytes: &'a [u8],
}

/// Takes (field of the enclosing struct, field, value) of an integer, and says whether it is sound.
type Check<'a> = dyn FnMut(Option<i64>, i64, i64) -> bool + 'a;

impl Compact<'_> {
    /// Reads a struct to its end and has its integers checked; `None` where it is damaged.
    fn structure(&mut self, depth: u32, parent: Option<i64>, check: &mut Check<'_>) -> Option<()> {
        let mut field = 0;
        loop {
            let head = self.byte()?;
            if head == 0 {
                return Some(());
            }
            field = match i64::from(head >> 4) {
                0 => self.integer()?,
                step => field + step,
            };
            self.value(head & 15, depth, parent, field, check)?;
        }
    }

    fn value(&mut self, kind: u8, depth: u32, parent: Option<i64>, field: i64, check: &mut Check<'_>) -> Option<()> {
        match kind {
            // A true or a false stands in the field's head.
            1 | 2 => Some(()),
            3 => self.skip(1),
            4..=6 => {
                let value = self.integer()?;
                check(parent, field, value).then_some(())
            }
            7 => self.skip(8),
            8 => {
                let length = self.unsigned()?;
                self.skip(length)
            }
            12 if depth < MOST_NESTED => self.structure(depth + 1, Some(field), check),
            // No page header holds lists or maps.
            _ => None,
        }
    }

    fn byte(&mut self) -> Option<u8> {
        let (first, rest) = self.bytes.split_first()?;
        self.bytes = rest;
        Some(*first)
    }

    fn skip(&mut self, count: u64) -> Option<()> {
        self.bytes = self.bytes.get(usize::try_from(count).ok()?..)?;
        Some(())
    }

    fn unsigned(&mut self) -> Option<u64> {
        let mut value = 0;
        for shift in (0..63).step_by(7) {
            let byte = self.byte()?;
            value |= u64::from(byte & 0x7F) << shift;
            if byte < 0x80 {
                return Some(value);
            }
        }
        None
    }

    /// A signed integer in zigzag order.
    fn integer(&mut self) -> Option<i64> {
        let zigzag = self.unsigned()?;
        let half = i64::try_from(zigzag >> 1).ok()?;
        Some(if zigzag & 1 == 1 { -half - 1 } else { half })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A data page of this many values, whose content is two bytes.
    fn page(values: &[u8]) -> Vec<u8> {
        // Fields 1 (kind 0), 2 and 3 (two bytes each, zigzag), and 5: a struct whose field 1 is the number of values.
        let mut bytes = vec![0x15, 0x00, 0x15, 0x04, 0x15, 0x04, 0x2C, 0x15];
        bytes.extend_from_slice(values);
        bytes.extend_from_slice(&[0x15, 0x00, 0x00, 0x00, 0xAA, 0xBB]);
        bytes
    }

    fn check(bytes: &[u8]) -> Result<(), &'static str> {
        check_pages(bytes, Some(0..bytes.len() as u64), 20_000_000)
    }

    #[test]
    fn sound_pages_one_after_the_other_pass() {
        let two: Vec<u8> = [page(&[0x06]), page(&[0x80, 0x01])].concat();
        assert_eq!(check(&two), Ok(()));
    }

    #[test]
    fn a_negative_or_huge_number_of_values_is_damage() {
        let damaged = Err("a page header is damaged");
        assert_eq!(check(&page(&[0x05])), damaged, "-3");
        assert_eq!(check(&page(&[0x80, 0x80, 0x80, 0x80, 0x10])), damaged);
        assert_eq!(check(&page(&[0x80; 12])), damaged, "a number that does not end");
    }

    #[test]
    fn a_page_that_is_cut_or_lies_outside_the_file_is_told() {
        let whole = page(&[0x06]);
        for length in 1..whole.len() {
            assert!(check(&whole[..length]).is_err(), "{length}");
        }
        assert!(check_pages(&whole, Some(5..100), 9).is_err());
    }

    #[test]
    fn structs_that_nest_for_ever_are_damage() {
        assert!(check(&[0x1C; 10_000]).is_err());
    }
}
