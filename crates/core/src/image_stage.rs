//! Convolutions and pooling in burn.
//!
//! What enters and leaves is `[rows, height * width * channels]`, each row an image with its channels last, so that dense
//! layers, normalisation and masks see plain rows. burn itself wants channels first.

use burn::module::{Module, Param};
use burn::tensor::Tensor;
use burn::tensor::module::{avg_pool2d, conv2d, max_pool2d};
use burn::tensor::ops::{AvgPoolOptions, ConvOptions, MaxPoolOptions, PadMode};

use crate::initializer::LayerWeights;
use crate::module::{Layer, activate};
use crate::spec::{Activation, Convolution, ImageLayer, ImageShape, Pool, PoolKind};

/// One image layer, and the image that enters it.
#[derive(Module, Debug)]
pub(crate) struct ImageStage {
    /// Of a convolution: its weights `[kernel * kernel * channels, filters]` (Keras' order), biases, and normalisation.
    layer: Option<Layer>,
    #[module(skip)]
    kind: ImageLayer,
    #[module(skip)]
    image: ImageShape,
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
        Self { layer, kind, image }
    }

    /// What is trained of it.
    pub(crate) fn layer(&self) -> Option<&Layer> {
        self.layer.as_ref()
    }

    /// In evaluation mode.
    pub(crate) fn forward(&self, values: Tensor<2>, activation: Activation) -> Tensor<2> {
        let rows = values.dims()[0];
        match (&self.layer, self.kind) {
            (Some(layer), ImageLayer::Convolution(convolution)) => {
                let mut values = self.convolve(values, layer, convolution);
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
        let ImageLayer::Convolution(convolution) = self.kind else { return self.forward(values, activation) };
        let Some(layer) = &self.layer else { return values };
        let mut values = self.convolve(values, layer, convolution);
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
    fn convolve(&self, values: Tensor<2>, layer: &Layer, convolution: Convolution) -> Tensor<2> {
        let Convolution { filters, kernel, stride, .. } = convolution;
        let [filters, kernel, stride] = [filters, kernel, stride].map(|number| number as usize);
        let ImageShape { height, width, channels } = self.image;
        let mut images = self.channels_first(values);
        let [above, below] = convolution.zeros(height).map(|zeros| zeros as usize);
        let [left, right] = convolution.zeros(width).map(|zeros| zeros as usize);
        if above + below + left + right > 0 {
            images = images.pad((left, right, above, below), PadMode::Constant(0.0));
        }
        let weights = layer.dense.weight.val().reshape([kernel, kernel, channels as usize, filters]);
        let weights = weights.permute([3, 2, 0, 1]);
        let biases = layer.dense.bias.as_ref().map(Param::val);
        let options = ConvOptions::new([stride; 2], [0; 2], [1; 2], 1);
        let out = conv2d(images, weights, biases, options).permute([0, 2, 3, 1]);
        let [rows, height, width, filters] = out.dims();
        out.reshape([rows * height * width, filters])
    }

    fn pool(&self, values: Tensor<2>, pool: Pool) -> Tensor<2> {
        let side = [pool.size as usize; 2];
        let images = self.channels_first(values);
        let out = match pool.kind {
            PoolKind::Max => max_pool2d(images, MaxPoolOptions::new(side)),
            PoolKind::Average => avg_pool2d(images, AvgPoolOptions::new(side)),
        };
        let [rows, channels, height, width] = out.dims();
        out.permute([0, 2, 3, 1]).reshape([rows, height * width * channels])
    }

    fn channels_first(&self, values: Tensor<2>) -> Tensor<4> {
        let ImageShape { height, width, channels } = self.image;
        let shape = [values.dims()[0], height as usize, width as usize, channels as usize];
        values.reshape(shape).permute([0, 3, 1, 2])
    }
}
