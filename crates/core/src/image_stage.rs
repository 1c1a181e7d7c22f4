//! Convolutions and pooling in burn.
//!
//! What enters and leaves is `[rows, height * width * channels]`, each row an image with its channels last, so that dense
//! layers, normalisation and masks see plain rows. A convolution is a dense layer of what each place sees: for images of a few
//! pixels that takes a fraction of the time of burn's own convolutions.

use burn::module::Module;
use burn::nn::Linear;
use burn::tensor::{Int, Tensor, TensorData};

use crate::activation::activate;
use crate::initializer::LayerWeights;
use crate::module::{Layer, device};
use crate::spec::{Activation, ImageLayer, ImageShape, Pool, PoolKind};

/// One image layer.
#[derive(Module, Debug)]
pub(crate) struct ImageStage {
    /// Of a convolution: its weights `[kernel * kernel * channels, filters]` (Keras' order), biases, and normalisation.
    layer: Option<Layer>,
    #[module(skip)]
    kind: ImageLayer,
    #[module(skip)]
    windows: Windows,
}

impl ImageStage {
    /// The layer, which this image enters; a convolution takes the next weights.
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
        Self { layer, kind, windows: Windows::new(kind, image) }
    }

    /// What is trained of it.
    pub(crate) fn layer(&self) -> Option<&Layer> {
        self.layer.as_ref()
    }

    /// In evaluation mode.
    pub(crate) fn forward(&self, values: Tensor<2>, activation: Activation) -> Tensor<2> {
        match (&self.layer, self.kind) {
            (Some(Layer { dense, normalizer }), ImageLayer::Convolution(_)) => {
                self.windows.convolve(values, dense, activation, |sums| match normalizer {
                    Some(normalizer) => normalizer.forward(sums),
                    None => sums,
                })
            }
            (_, ImageLayer::Pool(pool)) => self.windows.pool(values, pool),
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
        let Some(Layer { dense, normalizer }) = &mut self.layer else { return self.forward(values, activation) };
        let values = self.windows.convolve(values, dense, activation, |sums| match normalizer {
            Some(normalizer) => normalizer.forward_in_training(sums),
            None => sums,
        });
        match masks.next() {
            Some(mask) => values * mask,
            None => values,
        }
    }
}

/// What the places of a layer see of the image that enters it.
#[derive(Debug, Clone)]
struct Windows {
    image: ImageShape,
    /// The pixels that each place sees.
    seen: Vec<i32>,
    /// Whether some place sees beyond the edge.
    is_padded: bool,
}

impl Windows {
    fn new(layer: ImageLayer, image: ImageShape) -> Self {
        let seen = seen(layer, image);
        let beyond = beyond(image);
        Self { image, is_padded: seen.contains(&beyond), seen }
    }

    /// What leaves a convolution. Its sums are normalised and activated as `[rows * places, filters]`: one row a place of the
    /// filters.
    fn convolve(
        &self,
        values: Tensor<2>,
        dense: &Linear,
        activation: Activation,
        normalize: impl FnOnce(Tensor<2>) -> Tensor<2>,
    ) -> Tensor<2> {
        let windows = self.of(values);
        let [rows, pixels, channels] = windows.dims();
        let seen = dense.weight.dims()[0];
        let sums = dense.forward(windows.reshape([rows * pixels * channels / seen.max(1), seen]));
        let values = activate(activation, normalize(sums));
        let numbers = values.shape().num_elements() / rows.max(1);
        values.reshape([rows, numbers])
    }

    fn pool(&self, values: Tensor<2>, pool: Pool) -> Tensor<2> {
        let windows = self.of(values);
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
    fn of(&self, values: Tensor<2>) -> Tensor<3> {
        let (rows, device) = (values.dims()[0], device());
        let ImageShape { height, width, channels } = self.image;
        let (pixels, channels) = ((height * width) as usize, channels as usize);
        let mut images = values.reshape([rows, pixels, channels]);
        if self.is_padded {
            images = Tensor::cat(vec![images, Tensor::zeros([rows, 1, channels], &device)], 1);
        }
        let seen = TensorData::new(self.seen.clone(), [self.seen.len()]);
        images.select(1, Tensor::<1, Int>::from_data(seen, &device))
    }
}

/// The pixels of an image that each place of a layer sees, place by place, row by row; see also [`beyond`].
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
    let beyond = beyond(image);
    let mut seen = Vec::new();
    for (row, column) in (0..out.height).flat_map(|row| (0..out.width).map(move |column| (row, column))) {
        for (down, right) in (0..size).flat_map(|down| (0..size).map(move |right| (down, right))) {
            let at = [(row * stride + down).checked_sub(above), (column * stride + right).checked_sub(left)];
            let pixel = match at {
                [Some(row), Some(column)] if row < height && column < width => Some(row * width + column),
                _ => None,
            };
            seen.push(pixel.map_or(beyond, number));
        }
    }
    seen
}

/// What stands for all pixels beyond the edge of an image: the number after its last.
fn beyond(image: ImageShape) -> i32 {
    number(image.height * image.width)
}

/// A pixel as burn counts.
fn number(pixel: u32) -> i32 {
    i32::try_from(pixel).unwrap_or(i32::MAX)
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
