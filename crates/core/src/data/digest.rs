//! What identifies data: the content of the used columns, whatever file it came from.

use super::encode::{Column, NO_WORD, Values};

/// Stands for a missing word; no word is so long.
const MISSING_LENGTH: u64 = u64::MAX;
/// The bits of a missing number: a NaN, which no cell holds.
const MISSING_BITS: u64 = 0x7ff8_0000_0000_0000;

/// BLAKE3 over the columns in their order (inputs, then the target), each with name, kind and all cells of the whole
/// file. Everything of varying length has its length before it, so that no two contents give the same bytes.
pub(super) fn digest<'a>(columns: impl ExactSizeIterator<Item = &'a Column>) -> [u8; 32] {
    let mut hasher = blake3::Hasher::new();
    hasher.update(b"swath data 1");
    hasher.update(&(columns.len() as u64).to_le_bytes());
    for column in columns {
        let mut bytes = Vec::with_capacity(column.len() * 9 + 64);
        bytes.extend((column.name.len() as u64).to_le_bytes());
        bytes.extend(column.name.as_bytes());
        bytes.extend((column.len() as u64).to_le_bytes());
        match &column.values {
            Values::Numbers(numbers) => {
                bytes.push(b'n');
                for number in numbers {
                    let bits = if number.is_nan() { MISSING_BITS } else { number.to_bits() };
                    bytes.extend(bits.to_le_bytes());
                }
            }
            Values::Words { list, codes } => {
                bytes.push(b'w');
                for &code in codes {
                    match list.get(code as usize).filter(|_| code != NO_WORD) {
                        None => bytes.extend(MISSING_LENGTH.to_le_bytes()),
                        Some(word) => {
                            bytes.extend((word.len() as u64).to_le_bytes());
                            bytes.extend(word.as_bytes());
                        }
                    }
                }
            }
        }
        hasher.update(&bytes);
    }
    *hasher.finalize().as_bytes()
}
