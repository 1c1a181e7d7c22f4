//! `[model]` and `[architectures]`: the network.

/// Everything that `[model]` says, after the architecture was applied.
#[derive(Debug, Clone, PartialEq)]
pub struct ModelSpec {
    /// Units of every hidden layer, each at least 1; empty: a linear model.
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
    /// Units that leave: 1 for regression and for binary cross-entropy, else the number of classes.
    pub outputs: u32,
    /// The rest.
    pub model: ModelSpec,
}

impl Network {
    /// Units of every layer, inputs and outputs included: `[4, 8, 4, 1]`.
    pub fn layers(&self) -> Vec<u32> {
        let mut layers = vec![self.inputs];
        layers.extend(&self.model.hidden);
        layers.push(self.outputs);
        layers
    }

    /// Trainable parameters: weights and biases of all layers, gammas and betas of normalised ones. The moving
    /// statistics of batch normalisation are not trained.
    pub fn parameters(&self) -> u64 {
        let dense: u64 = self.layers().windows(2).map(|pair| (u64::from(pair[0]) + 1) * u64::from(pair[1])).sum();
        let hidden: u64 = self.model.hidden.iter().map(|&units| u64::from(units)).sum();
        if self.model.normalization.is_some() { dense + 2 * hidden } else { dense }
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
