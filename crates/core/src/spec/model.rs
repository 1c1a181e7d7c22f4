//! `[model]` and `[architectures]`: the network.

use super::{ImageLayer, ImageShape};

/// Everything that `[model]` says, after the architecture was applied.
#[derive(Debug, Clone, PartialEq)]
pub struct ModelSpec {
    /// Convolutions and pooling that stand before the dense layers; empty: none.
    pub image_layers: Vec<ImageLayer>,
    /// Units of every hidden dense layer, each at least 1; empty: none.
    pub hidden: Vec<u32>,
    /// Of what leaves every hidden dense layer, before the activation; `None`: not at all.
    pub normalization: Option<Normalization>,
    /// After every hidden layer.
    pub activation: Activation,
    /// Share of a hidden layer's outputs that are dropped in training, after the activation; in `0.0..1.0`.
    pub dropout: f64,
    /// Share of the weights into hidden layers that are dropped in each step of training, the same for all its rows; in
    /// `0.0..1.0` (`DropConnect`, Wan et al. 2013).
    pub drop_connect: f64,
    /// Where the weights start.
    pub initializer: Initializer,
}

/// A network with its inputs and outputs: what an engine builds.
#[derive(Debug, Clone, PartialEq)]
pub struct Network {
    /// Columns that enter.
    pub inputs: u32,
    /// The image that they are the pixels of, if they are.
    pub image: Option<ImageShape>,
    /// Units that leave: 1 for regression and for binary cross-entropy, else the number of classes.
    pub outputs: u32,
    /// The rest.
    pub model: ModelSpec,
}

impl Network {
    /// Units of the dense layers, what enters the first and what leaves the last included: `[4, 8, 4, 1]`. Where image
    /// layers stand before them, the first are the numbers of the last image.
    pub fn layers(&self) -> Vec<u32> {
        let mut layers = vec![self.dense_inputs()];
        layers.extend(&self.model.hidden);
        layers.push(self.outputs);
        layers
    }

    /// The images that enter each of the image layers, in order, and the one that leaves the last; up to the first layer
    /// that an image does not fit. Empty where the inputs are no image.
    pub fn images(&self) -> Vec<ImageShape> {
        let mut images: Vec<ImageShape> = self.image.into_iter().collect();
        for layer in &self.model.image_layers {
            let Some(image) = images.last().and_then(|image| layer.output(*image)) else { break };
            images.push(image);
        }
        images
    }

    /// The first image layer that the image which enters it does not fit: its index, the layer, the image. `None` where
    /// all fit, and where the inputs are no image.
    pub fn misfit(&self) -> Option<(usize, ImageLayer, ImageShape)> {
        let images = self.images();
        let last = images.len().checked_sub(1)?;
        Some((last, *self.model.image_layers.get(last)?, *images.last()?))
    }

    /// Each image layer with the image that enters it.
    pub fn image_layers(&self) -> impl Iterator<Item = (ImageLayer, ImageShape)> {
        self.model.image_layers.clone().into_iter().zip(self.images())
    }

    /// What leaves each hidden layer whose outputs can be dropped, for one row: of convolutions, then of dense layers.
    pub fn hidden_outputs(&self) -> Vec<u32> {
        let of_images = self.image_layers().filter_map(|(layer, image)| {
            layer.filters()?;
            Some(layer.output(image)?.inputs().try_into().unwrap_or(u32::MAX))
        });
        of_images.chain(self.model.hidden.iter().copied()).collect()
    }

    /// Trainable parameters: weights and biases of all layers, gammas and betas of normalised ones. The moving
    /// statistics of batch normalisation are not trained.
    pub fn parameters(&self) -> u64 {
        let dense: u64 = self.layers().windows(2).map(|pair| (u64::from(pair[0]) + 1) * u64::from(pair[1])).sum();
        let of_images: u64 = self.image_layers().map(|(layer, image)| layer.parameters(image.channels)).sum();
        let filters = self.model.image_layers.iter().filter_map(|layer| layer.filters());
        let hidden: u64 = filters.chain(self.model.hidden.iter().copied()).map(u64::from).sum();
        let normalization = if self.model.normalization.is_some() { 2 * hidden } else { 0 };
        dense.saturating_add(of_images).saturating_add(normalization)
    }

    fn dense_inputs(&self) -> u32 {
        if self.model.image_layers.is_empty() {
            return self.inputs;
        }
        self.images().last().map_or(self.inputs, |image| image.inputs().try_into().unwrap_or(u32::MAX))
    }
}

impl std::fmt::Display for Network {
    /// `4-8-4-1`, or `8 x 8, conv 8, pool 2, 72-32-10`.
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if let (Some(image), false) = (self.image, self.model.image_layers.is_empty()) {
            write!(formatter, "{image}, ")?;
            for layer in &self.model.image_layers {
                write!(formatter, "{layer}, ")?;
            }
        }
        let layers: Vec<String> = self.layers().iter().map(u32::to_string).collect();
        formatter.write_str(&layers.join("-"))
    }
}

/// How what leaves a dense layer is normalised: gamma * (x - mean) / sqrt(variance + epsilon) + beta, with a gamma and
/// a beta a unit, which start at 1 and 0 and are trained as biases are. The variance is the biased one, divided by n.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Normalization {
    /// Mean and variance of a unit over the rows of the batch (Ioffe and Szegedy 2015); in evaluation, moving ones.
    Batch {
        /// Which variance moves the moving one.
        form: BatchNormForm,
        /// 1e-5 in the torch form, 1e-3 in the Keras form; above 0.
        epsilon: f64,
        /// moving = momentum * moving + (1 - momentum) * batch, as Keras writes it: 0.9 in the torch form (where
        /// PyTorch itself says 0.1), 0.99 in the Keras form. In `0.0..1.0`. The moving mean starts at 0, the variance at 1.
        momentum: f64,
    },
    /// Mean and variance of a row over the units of the layer (Ba, Kiros and Hinton 2016).
    Layer {
        /// 1e-5 by default (PyTorch; Keras: 1e-3); above 0.
        epsilon: f64,
    },
}

/// Which variance of a batch of n rows enters the moving variance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum BatchNormForm {
    /// The unbiased one, divided by n - 1 (PyTorch; ours by default).
    Torch,
    /// The biased one, divided by n (Keras).
    Keras,
}

/// A function, elementwise.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Activation {
    /// max(x, 0); its derivative at 0 is 0.
    Relu,
    /// x above 0, else slope * x. The default slope, 0.01, is PyTorch's (Keras: 0.3).
    LeakyRelu {
        /// Above 0 and below 1.
        slope: f64,
    },
    /// Hyperbolic tangent.
    Tanh,
    /// 1 / (1 + e^-x).
    Sigmoid,
    /// x * Phi(x), exact, by erf (the default of Keras and PyTorch).
    Gelu,
    /// x * sigmoid(x).
    Silu,
    /// x above 0, else e^x - 1.
    Elu,
    /// ln(1 + e^x).
    Softplus,
    /// The approximation of `Gelu` by tanh: x * (1 + tanh(sqrt(2 / pi) * (x + 0.044715 x^3))) / 2 (Hendrycks and Gimpel
    /// 2016).
    GeluTanh,
    /// scale * x above 0, else scale * alpha * (e^x - 1), with the scale 1.0507... and the alpha 1.6733... that keep mean 0
    /// and variance 1 (Klambauer et al. 2017).
    Selu,
    /// x itself: the network is linear in its inputs, whatever its layers.
    Identity,
}

/// Where the weights start.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Initializer {
    /// Weights by variance scaling, as Keras defines it; biases 0.
    VarianceScaling(VarianceScaling, Distribution),
    /// Weights and biases uniform in +-1/sqrt(inputs), as PyTorch's `Linear`.
    Torch,
}

/// What the variance of the weights is scaled by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum VarianceScaling {
    /// 2 / (inputs + outputs) of the layer.
    Glorot,
    /// 2 / inputs of the layer.
    He,
    /// 1 / inputs of the layer.
    Lecun,
}

/// The distribution of initial weights.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Distribution {
    /// Uniform, symmetric about 0.
    Uniform,
    /// Normal, cut at two of its own standard deviations and redrawn, widened so that the result has the stated variance (Keras).
    TruncatedNormal,
    /// Normal, not cut (PyTorch's `kaiming_normal_`).
    Normal,
}
