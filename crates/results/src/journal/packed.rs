//! What there is once a trial, in few characters: bytes as base64url.
//!
//! A line names its curves in plain numbers. Key, effort and end scores have a fixed length instead, since a million
//! lines of them would otherwise take more room than many curves.

use data_encoding::BASE64URL_NOPAD;

use crate::row::{Effort, TrialKey};

/// Characters of a checksum.
pub(super) const CHECKSUM: usize = 6;

/// Bytes of an effort: seconds and steps of 4 each, a worker of 2.
const EFFORT: usize = 10;

/// The most figures behind an effort.
const MOST_FIGURES: usize = 5;

/// The text of a checksum, its last byte first.
pub(super) fn checksum(checksum: u32) -> [u8; CHECKSUM] {
    let mut text = [0; CHECKSUM];
    BASE64URL_NOPAD.encode_mut(&checksum.to_le_bytes(), &mut text);
    text
}

/// Appends the text of a key, its first hexadecimal digit first.
pub(super) fn write_key(key: TrialKey, text: &mut Vec<u8>) {
    write(&key.0.to_be_bytes(), text);
}

/// The key that was written so.
pub(super) fn read_key(text: &str) -> Option<TrialKey> {
    let mut bytes = [0; 16];
    let whole = BASE64URL_NOPAD.decode_len(text.len()) == Ok(bytes.len());
    let read = whole.then(|| BASE64URL_NOPAD.decode_mut(text.as_bytes(), &mut bytes).ok()).flatten();
    read.map(|_| TrialKey(u128::from_be_bytes(bytes)))
}

/// Appends an effort as it is recorded, and figures, of which there may be five; `None` is written as NaN.
pub(super) fn write_effort(effort: Effort, figures: &[Option<f32>], text: &mut Vec<u8>) {
    let Effort { seconds, worker, steps_trained } = effort.as_recorded();
    let mut bytes = [0; EFFORT + 4 * MOST_FIGURES];
    let parts = [&seconds.to_le_bytes()[..], &(steps_trained as f32).to_le_bytes(), &(worker as u16).to_le_bytes()];
    let figures = figures.iter().map(|figure| figure.unwrap_or(f32::NAN).to_le_bytes());
    let mut length = 0;
    for (byte, value) in bytes.iter_mut().zip(parts.into_iter().flatten().copied().chain(figures.flatten())) {
        *byte = value;
        length += 1;
    }
    write(bytes.get(..length).unwrap_or_default(), text);
}

/// The effort and the figures that were written so.
pub(super) fn read_effort(text: &str) -> Option<(Effort, Vec<Option<f32>>)> {
    let bytes = BASE64URL_NOPAD.decode(text.as_bytes()).ok()?;
    let (effort, figures) = bytes.split_at_checked(EFFORT)?;
    let (seconds, rest) = effort.split_first_chunk::<4>()?;
    let (steps, rest) = rest.split_first_chunk::<4>()?;
    let worker = rest.first_chunk::<2>()?;
    let effort = Effort {
        seconds: f32::from_le_bytes(*seconds),
        worker: u32::from(u16::from_le_bytes(*worker)),
        steps_trained: f64::from(f32::from_le_bytes(*steps)),
    };
    let (figures, rest) = figures.as_chunks::<4>();
    let figures = figures.iter().map(|bytes| Some(f32::from_le_bytes(*bytes)).filter(|figure| !figure.is_nan()));
    let figures: Vec<Option<f32>> = figures.collect();
    let is_sound = rest.is_empty() && figures.iter().flatten().all(|figure| figure.is_finite());
    (is_sound && effort == effort.as_recorded()).then_some((effort, figures))
}

fn write(bytes: &[u8], text: &mut Vec<u8>) {
    let start = text.len();
    text.resize(start + BASE64URL_NOPAD.encode_len(bytes.len()), 0);
    if let Some(place) = text.get_mut(start..) {
        BASE64URL_NOPAD.encode_mut(bytes, place);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_the_base64url_of_its_hexadecimal_digits() {
        let key: TrialKey = "0f1e2d3c4b5a69788796a5b4c3d2e1f0".parse().unwrap();
        let mut text = Vec::new();
        write_key(key, &mut text);
        // Python 3: base64.urlsafe_b64encode(bytes.fromhex("0f1e...")).rstrip(b"=").
        assert_eq!(text, b"Dx4tPEtaaXiHlqW0w9Lh8A");
        assert_eq!(read_key("Dx4tPEtaaXiHlqW0w9Lh8A"), Some(key));
        for wrong in
            ["", "Dx4tPEtaaXiHlqW0w9Lh8", "Dx4tPEtaaXiHlqW0w9Lh8B", "Dx4tPEtaaXiHlqW0w9Lh8A==", "+".repeat(22).as_str()]
        {
            assert_eq!(read_key(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn an_effort_that_nobody_wrote_is_none() {
        let mut text = Vec::new();
        write_effort(Effort { seconds: 0.5, worker: 3, steps_trained: 40.0 }, &[Some(1.5), None], &mut text);
        let text = String::from_utf8(text).unwrap();
        // Python 3: struct.pack("<ffHff", 0.5, 40, 3, 1.5, nan).
        assert_eq!(text, "AAAAPwAAIEIDAAAAwD8AAMB_");
        let effort = Effort { seconds: 0.5, worker: 3, steps_trained: 40.0 };
        assert_eq!(read_effort(&text), Some((effort, vec![Some(1.5), None])));
        // Too short, a figure cut, a second of NaN, a negative number of steps.
        for wrong in ["AAAAPwAAIEID", "AAAAPwAAIEIDAAAAwD8A", "AADAfwAAIEIDAA", "AAAAPwAAIMIDAA"] {
            assert_eq!(read_effort(wrong), None, "{wrong}");
        }
    }
}
