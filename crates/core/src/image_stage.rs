//! Convolutions and pooling in burn.
//!
//! What enters and leaves is `[rows, height * width * channels]`, each row an image with its channels last, so that dense
//! layers, normalisation and masks see plain rows. A convolution is a dense layer of what each place sees: for images of a few
//! pixels that takes a fraction of the time of burn's own convolutions.

use burn::module::Module;
use burn::tensor::{Int, Tensor, TensorData};

use crate::activation::activate;
use crate::initializer::LayerWeights;
use crate::module::{Layer, device};
use crate::spec::{Activation, ImageLayer, ImageShape, Pool, PoolKind};

/// One image layer, and the image that enters it.
#[derive(Module, Debug)]
pub(crate) struct ImageStage {
    /// Of a convolution: its weights `[kernel * kernel * channels, filters]` (Keras' order), biases, and normalisation.
    layer: Option<Layer>,
    #[module(skip)]
    kind: ImageLayer,
    #[module(skip)]
    image: ImageShape,
    /// The pixels that each place sees.
    #[module(skip)]
    seen: Vec<i32>,
}

impl ImageStage {
    /// The layer; a convolution takes the next weights.
    pub(crate) fn new<'a>(
        kind: ImageLayer,
        image: ImageShape,
        layer: impl Fn(&LayerWeights) -> Layer,
        weights: &mut impl Iterator<Item = &'a LayerWeights>,
    ) -> Self {
        let layer = match kind {
            ImageLayer::Convolution(_) => weights.next().map(layer),
            ImageLayer::Pool(_) => None,
        };
        Self { layer, kind, image, seen: seen(kind, image) }
    }

    /// What is trained of it.
    pub(crate) fn layer(&self) -> Option<&Layer> {
        self.layer.as_ref()
    }

    /// In evaluation mode.
    pub(crate) fn forward(&self, values: Tensor<2>, activation: Activation) -> Tensor<2> {
        let rows = values.dims()[0];
        match (&self.layer, self.kind) {
            (Some(layer), ImageLayer::Convolution(_)) => {
                let mut values = self.convolve(values, layer);
                if let Some(normalizer) = &layer.normalizer {
                    values = normalizer.forward(values);
                }
                let numbers = values.shape().num_elements() / rows.max(1);
                activate(activation, values).reshape([rows, numbers])
            }
            (_, ImageLayer::Pool(pool)) => self.pool(values, pool),
            (None, ImageLayer::Convolution(_)) => values,
        }
    }

    /// In training mode; a convolution takes the next of the dropout masks, if there are any.
    pub(crate) fn forward_in_training(
        &mut self,
        values: Tensor<2>,
        activation: Activation,
        masks: &mut impl Iterator<Item = Tensor<2>>,
    ) -> Tensor<2> {
        let rows = values.dims()[0];
        let Some(layer) = &self.layer else { return self.forward(values, activation) };
        let mut values = self.convolve(values, layer);
        if let Some(normalizer) = self.layer.as_mut().and_then(|layer| layer.normalizer.as_mut()) {
            values = normalizer.forward_in_training(values);
        }
        let numbers = values.shape().num_elements() / rows.max(1);
        let values = activate(activation, values).reshape([rows, numbers]);
        match masks.next() {
            Some(mask) => values * mask,
            None => values,
        }
    }

    /// The sums of a convolution, `[rows * places, filters]`: one row a place of the filters.
    fn convolve(&self, values: Tensor<2>, layer: &Layer) -> Tensor<2> {
        let windows = self.windows(values);
        let [rows, numbers, channels] = windows.dims();
        let seen = layer.dense.weight.dims()[0];
        layer.dense.forward(windows.reshape([rows * numbers * channels / seen.max(1), seen]))
    }

    fn pool(&self, values: Tensor<2>, pool: Pool) -> Tensor<2> {
        let windows = self.windows(values);
        let [rows, pixels, channels] = windows.dims();
        let of_a_square = (pool.size * pool.size) as usize;
        let places = pixels / of_a_square;
        let windows = windows.reshape([rows, places, of_a_square, channels]);
        let out = match pool.kind {
            PoolKind::Max => windows.max_dim(2),
            PoolKind::Average => windows.mean_dim(2),
        };
        out.reshape([rows, places * channels])
    }

    /// The pixels that each place sees, one place after the other, `[rows, pixels, channels]`.
    fn windows(&self, values: Tensor<2>) -> Tensor<3> {
        let (rows, device) = (values.dims()[0], device());
        let ImageShape { height, width, channels } = self.image;
        let (pixels, channels) = ((height * width) as usize, channels as usize);
        let mut images = values.reshape([rows, pixels, channels]);
        if self.seen.iter().any(|&pixel| pixel as usize == pixels) {
            images = Tensor::cat(vec![images, Tensor::zeros([rows, 1, channels], &device)], 1);
        }
        let seen = TensorData::new(self.seen.clone(), [self.seen.len()]);
        images.select(1, Tensor::<1, Int>::from_data(seen, &device))
    }
}

/// The pixels of an image that each place of a layer sees, place by place, row by row; the one after the last stands for
/// all beyond the edge.
fn seen(layer: ImageLayer, image: ImageShape) -> Vec<i32> {
    let ImageShape { height, width, .. } = image;
    let Some(out) = layer.output(image) else { return Vec::new() };
    let (size, stride, [above, left]) = match layer {
        ImageLayer::Convolution(convolution) => {
            let before = [height, width].map(|side| convolution.zeros(side)[0]);
            (convolution.kernel, convolution.stride, before)
        }
        ImageLayer::Pool(pool) => (pool.size, pool.size, [0, 0]),
    };
    let mut seen = Vec::new();
    for (row, column) in (0..out.height).flat_map(|row| (0..out.width).map(move |column| (row, column))) {
        for (down, right) in (0..size).flat_map(|down| (0..size).map(move |right| (down, right))) {
            let at = [(row * stride + down).checked_sub(above), (column * stride + right).checked_sub(left)];
            let pixel = match at {
                [Some(row), Some(column)] if row < height && column < width => row * width + column,
                _ => height * width,
            };
            seen.push(i32::try_from(pixel).unwrap_or(i32::MAX));
        }
    }
    seen
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::{Convolution, Padding};

    #[test]
    fn each_place_sees_its_pixels_row_by_row_and_nothing_beyond_the_edge() {
        let image = ImageShape { height: 2, width: 3, channels: 1 };
        let convolution = |kernel, stride, padding| {
            seen(ImageLayer::Convolution(Convolution { filters: 1, kernel, stride, padding }), image)
        };
        assert_eq!(convolution(2, 1, Padding::Valid), [0, 1, 3, 4, 1, 2, 4, 5]);
        assert_eq!(convolution(2, 2, Padding::Same), [0, 1, 3, 4, 2, 6, 5, 6]);
        assert_eq!(convolution(3, 3, Padding::Same), [0, 1, 2, 3, 4, 5, 6, 6, 6]);
        let pool = Pool { size: 2, kind: PoolKind::Max };
        assert_eq!(seen(ImageLayer::Pool(pool), image), [0, 1, 3, 4]);
    }
}
