//! Small pictures of training rows and of what augmentation makes of them, for a report to show.

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// Some training rows as pictures, and copies of each as training saw them.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Pictures {
    /// Pixels from top to bottom.
    pub height: u32,
    /// Pixels from left to right.
    pub width: u32,
    /// Numbers of a pixel, which lie beside each other: 1 is grey, 3 is red, green and blue.
    pub channels: u32,
    /// The rows as they are.
    pub originals: Vec<Pixels>,
    /// What each augmentation of the sweep makes of them.
    pub augmentations: Vec<AugmentedPictures>,
}

/// What one augmentation makes of the rows.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct AugmentedPictures {
    /// What is done: `rotate=15, noise=0.05`.
    pub label: String,
    /// For each of [`Pictures::originals`] what it was in the first epochs.
    pub copies: Vec<Vec<Pixels>>,
}

/// A picture row by row, 0 the darkest and 255 the brightest. Written as two hexadecimal digits each.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Pixels(pub Vec<u8>);

/// A text that is no picture.
#[derive(Debug, Error)]
#[error("`{0}` is no picture: two hexadecimal digits a pixel are expected")]
pub struct NoPixels(String);

impl From<Pixels> for String {
    fn from(pixels: Pixels) -> Self {
        let digit = |number: u8| char::from_digit(u32::from(number), 16).unwrap_or('0');
        pixels.0.iter().flat_map(|pixel| [digit(pixel >> 4), digit(pixel & 15)]).collect()
    }
}

impl TryFrom<String> for Pixels {
    type Error = NoPixels;

    fn try_from(text: String) -> Result<Self, NoPixels> {
        let digits = text.as_bytes();
        let pixel = |pair: &[u8]| {
            let digits = pair.iter().map(|digit| char::from(*digit).to_digit(16));
            digits
                .collect::<Option<Vec<u32>>>()
                .map(|digits| digits.iter().fold(0, |so_far, digit| so_far * 16 + digit) as u8)
        };
        let pixels: Option<Vec<u8>> = digits.chunks(2).map(pixel).collect();
        pixels
            .filter(|_| digits.len().is_multiple_of(2))
            .map(Self)
            .ok_or_else(|| NoPixels(text.chars().take(40).collect()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pixels_survive_the_way_through_text() {
        let pixels = Pixels((0..=255).collect());
        let text = String::from(pixels.clone());
        assert!(text.starts_with("000102") && text.len() == 512);
        assert_eq!(Pixels::try_from(text).unwrap(), pixels);
        for wrong in ["0", "0g", "é0"] {
            assert!(Pixels::try_from(wrong.to_owned()).unwrap_err().to_string().contains("is no picture"));
        }
    }
}
