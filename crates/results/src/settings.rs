//! What a point of the grid trains, as far as the report reads it as more than a label.

use std::sync::Arc;

/// The settings of one point.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct PointSettings {
    /// Rows of the training part of one replicate.
    pub training_rows: u64,
    /// Rows of one step; the last one of an epoch may have fewer.
    pub batch_size: u64,
    /// Rows that one epoch passes: the training rows, or fewer where a smaller last batch is left out.
    pub rows_per_epoch: u64,
    /// After every hidden layer.
    pub activation: Activation,
    /// The update rule with the settings that are not its defaults, without the learning rate: `sgd(momentum=0.9)`.
    pub update_rule: Arc<str>,
    /// The rate that the schedule starts from.
    pub learning_rate: f64,
    /// Whether a training may end before its last epoch.
    pub stops_early: bool,
}

/// An activation function.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub enum Activation {
    /// max(x, 0).
    #[default]
    Relu,
    /// x above 0, else slope * x.
    LeakyRelu {
        /// Above 0 and below 1.
        slope: f64,
    },
    /// Hyperbolic tangent.
    Tanh,
    /// 1 / (1 + e^-x).
    Sigmoid,
    /// x * Phi(x).
    Gelu,
    /// x * (1 + tanh(sqrt(2 / pi) * (x + 0.044715 x^3))) / 2.
    GeluTanh,
    /// x * sigmoid(x).
    Silu,
    /// x above 0, else e^x - 1.
    Elu,
    /// As elu, with a scale and an alpha that keep mean 0 and variance 1.
    Selu,
    /// ln(1 + e^x).
    Softplus,
    /// x itself.
    Identity,
}
