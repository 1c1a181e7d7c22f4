//! Inputs that are the pixels of an image.

use std::path::Path;

use super::dataset::Dataset;
use super::error::DataError;
use super::problem::Problem;
use super::scale::Fit;
use super::used::Used;
use crate::spec::{DataSpec, ImageShape};

/// Whether the inputs can be the pixels of an image of this shape.
///
/// # Errors
/// Words or transformed numbers among them, or another number of them.
pub(super) fn check_image(
    path: &Path,
    shape: ImageShape,
    spec: &DataSpec,
    used: &Used,
    inputs: u32,
) -> Result<(), DataError> {
    if let Some(words) = used.inputs.iter().find(|column| column.holds_words()) {
        return Err(DataError::of_column(path, &words.name, Problem::PixelsOfWords));
    }
    if let Some((name, _)) = spec.transform.iter().find(|(name, _)| *name != spec.target) {
        return Err(DataError::of_column(path, name, Problem::TransformedPixels));
    }
    if shape.inputs() != u64::from(inputs) {
        return Err(DataError::of_file(path, Problem::NoSuchImage { inputs, shape, fits: shape.nearest(inputs) }));
    }
    Ok(())
}

impl Dataset {
    /// How the pixels of each channel are scaled: all of them alike, fitted over the training rows.
    pub(super) fn fit_channels(&self, shape: ImageShape, fills: &[f64], train: &[u32]) -> Vec<Fit> {
        let channels = shape.channels as usize;
        let of_channel = |channel: usize| {
            let pixels = self.inputs.iter().zip(fills).skip(channel).step_by(channels);
            let filled = pixels.flat_map(|(input, fill)| input.filled(*fill, train));
            Fit::new(self.scale, &filled.collect::<Vec<f64>>())
        };
        (0..channels).map(of_channel).collect()
    }
}
