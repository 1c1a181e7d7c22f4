//! Initial weights, as Keras 3.15 and PyTorch 2.15 define them.
//!
//! A layer's numbers are a pure function of (seed, replicate, index of the layer, its units): each layer has its own
//! stream, so they do not depend on the other layers. They are computed in f64 and rounded to f32 once.

use crate::random::{Purpose, Stream};
use crate::spec::{Distribution, ImageLayer, Initializer, Network, Normalization, VarianceScaling};

/// Standard deviation of a standard normal number that is cut at -2 and 2.
const TRUNCATED_DEVIATION: f64 = 0.879_625_661_034_239_8;

/// The parameters of one layer as plain numbers.
#[derive(Debug, Clone, PartialEq)]
pub struct LayerWeights {
    /// `inputs * outputs` values, row-major: one row an input, one column an output.
    pub weights: Vec<f32>,
    /// One value an output.
    pub biases: Vec<f32>,
    /// Of hidden layers of a network with normalisation.
    pub normalization: Option<NormalizationWeights>,
}

/// What normalises a hidden layer, one value a unit.
#[derive(Debug, Clone, PartialEq)]
pub struct NormalizationWeights {
    /// What the normalised values are multiplied by.
    pub gamma: Vec<f32>,
    /// What is then added.
    pub beta: Vec<f32>,
    /// Mean that evaluation takes; empty for layer normalisation.
    pub moving_mean: Vec<f32>,
    /// Variance that evaluation takes; empty for layer normalisation.
    pub moving_variance: Vec<f32>,
}

impl NormalizationWeights {
    /// Gamma and variance 1, beta and mean 0.
    pub fn start(normalization: Normalization, units: u32) -> Self {
        let units = units as usize;
        let moving = match normalization {
            Normalization::Batch { .. } => units,
            Normalization::Layer { .. } => 0,
        };
        Self {
            gamma: vec![1.0; units],
            beta: vec![0.0; units],
            moving_mean: vec![0.0; moving],
            moving_variance: vec![1.0; moving],
        }
    }

    /// All values: gamma, beta, moving mean, moving variance.
    pub fn values(&self) -> impl Iterator<Item = f32> + '_ {
        self.gamma.iter().chain(&self.beta).chain(&self.moving_mean).chain(&self.moving_variance).copied()
    }
}

impl LayerWeights {
    /// All values: weights, biases, then those of the normalisation.
    pub fn values(&self) -> impl Iterator<Item = f32> + '_ {
        let normalization = self.normalization.iter().flat_map(NormalizationWeights::values);
        self.weights.iter().chain(&self.biases).copied().chain(normalization)
    }

    /// Whether every value is neither NaN nor infinite.
    pub fn is_finite(&self) -> bool {
        self.values().all(f32::is_finite)
    }
}

/// Initial weights of all layers that have any, from the inputs to the outputs. Normalisation draws nothing, so that a
/// network's layers start the same with it and without.
///
/// The weights of a convolution stand row by row of the kernel, in it pixel by pixel, channel by channel, filter by filter
/// (Keras' order); its inputs are what a filter sees, and its fan out is what a pixel reaches: kernel^2 * filters (Keras).
pub fn network(network: &Network, seed: u64, replicate: u32) -> Vec<LayerWeights> {
    let layers = network.layers();
    let convolutions = network.image_layers().filter_map(|(layer, image)| match layer {
        ImageLayer::Convolution(convolution) => {
            let inputs = u32::try_from(convolution.inputs_of_a_filter(image.channels)).unwrap_or(u32::MAX);
            Some(([inputs, convolution.filters], convolution.kernel.saturating_mul(convolution.kernel)))
        }
        ImageLayer::Pool(_) => None,
    });
    let dense = layers.windows(2).map(|pair| ([pair[0], pair[1]], 1));
    let mut weights = Vec::new();
    for (index, (sizes, places)) in (0u32..).zip(convolutions.chain(dense)) {
        let mut stream = Stream::new(seed, replicate, Purpose::Initialize, index);
        weights.push(layer(network.model.initializer, sizes, places, &mut stream));
    }
    if let Some(normalization) = network.model.normalization {
        let hidden = weights.len().saturating_sub(1);
        for layer in weights.iter_mut().take(hidden) {
            layer.normalization = Some(NormalizationWeights::start(normalization, layer.biases.len() as u32));
        }
    }
    weights
}

/// Initial weights of a layer with so many inputs and outputs, each of which is computed at so many places of what an
/// input reaches: 1 for a dense layer. Weights are drawn row by row, then the biases.
fn layer(initializer: Initializer, [inputs, outputs]: [u32; 2], places: u32, stream: &mut Stream) -> LayerWeights {
    let count = inputs as usize * outputs as usize;
    let (fan_in, fan_out) = (f64::from(inputs), f64::from(outputs) * f64::from(places));
    match initializer {
        Initializer::VarianceScaling(scaling, distribution) => {
            let variance = match scaling {
                VarianceScaling::Glorot => 2.0 / (fan_in + fan_out),
                VarianceScaling::He => 2.0 / fan_in,
                VarianceScaling::Lecun => 1.0 / fan_in,
            };
            let weights = (0..count).map(|_| draw(distribution, variance, stream) as f32).collect();
            LayerWeights { weights, biases: vec![0.0; outputs as usize], normalization: None }
        }
        Initializer::Torch => {
            let limit = 1.0 / fan_in.sqrt();
            let mut draws = |count: usize| (0..count).map(|_| symmetric(limit, stream) as f32).collect();
            let weights = draws(count);
            LayerWeights { weights, biases: draws(outputs as usize), normalization: None }
        }
    }
}

/// A number with mean 0 and this variance.
fn draw(distribution: Distribution, variance: f64, stream: &mut Stream) -> f64 {
    match distribution {
        Distribution::Uniform => symmetric((3.0 * variance).sqrt(), stream),
        Distribution::TruncatedNormal => variance.sqrt() / TRUNCATED_DEVIATION * truncated_normal(stream),
        Distribution::Normal => variance.sqrt() * stream.normal(),
    }
}

/// Uniform in `-limit..limit`.
fn symmetric(limit: f64, stream: &mut Stream) -> f64 {
    limit * (2.0 * stream.unit_f64() - 1.0)
}

/// A standard normal number, redrawn until it lies within -2 and 2. (4.6 % are redrawn.)
fn truncated_normal(stream: &mut Stream) -> f64 {
    loop {
        let normal = stream.normal();
        if normal.abs() <= 2.0 {
            return normal;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::{Activation, Convolution, ImageShape, ModelSpec, Padding, Pool, PoolKind};

    const SCALINGS: [VarianceScaling; 3] = [VarianceScaling::Glorot, VarianceScaling::He, VarianceScaling::Lecun];

    fn drawn(initializer: Initializer, inputs: u32, outputs: u32) -> LayerWeights {
        layer(initializer, [inputs, outputs], 1, &mut Stream::new(11, 2, Purpose::Initialize, 1))
    }

    fn wanted_variance(scaling: VarianceScaling, inputs: u32, outputs: u32) -> f64 {
        match scaling {
            VarianceScaling::Glorot => 2.0 / f64::from(inputs + outputs),
            VarianceScaling::He => 2.0 / f64::from(inputs),
            VarianceScaling::Lecun => 1.0 / f64::from(inputs),
        }
    }

    /// Mean and standard deviation must lie within four standard errors; `kurtosis` is the distribution's fourth
    /// standardised moment, which the standard error of a standard deviation depends on.
    fn check_moments(values: &[f32], deviation: f64, kurtosis: f64) {
        let count = values.len() as f64;
        let mean = values.iter().map(|&value| f64::from(value)).sum::<f64>() / count;
        let variance = values.iter().map(|&value| (f64::from(value) - mean).powi(2)).sum::<f64>() / count;
        assert!(mean.abs() < 4.0 * deviation / count.sqrt(), "mean {mean}");
        let error = deviation * ((kurtosis - 1.0) / (4.0 * count)).sqrt();
        assert!((variance.sqrt() - deviation).abs() < 4.0 * error, "sd {} for {deviation}", variance.sqrt());
    }

    #[test]
    fn every_distribution_has_the_stated_deviation() {
        for scaling in SCALINGS {
            let deviation = wanted_variance(scaling, 100, 80).sqrt();
            // A normal number cut at two deviations has the kurtosis 2.37; SciPy 1.17: truncnorm(-2, 2).stats("k") + 3.
            for (distribution, kurtosis) in
                [(Distribution::Uniform, 1.8), (Distribution::TruncatedNormal, 2.37), (Distribution::Normal, 3.0)]
            {
                let layer = drawn(Initializer::VarianceScaling(scaling, distribution), 100, 80);
                assert_eq!(layer.weights.len(), 8_000);
                check_moments(&layer.weights, deviation, kurtosis);
                assert_eq!(layer.biases, vec![0.0; 80]);
            }
        }
    }

    #[test]
    fn a_cut_normal_ends_at_two_of_its_own_deviations_and_an_uncut_one_does_not() {
        for scaling in SCALINGS {
            let own = wanted_variance(scaling, 100, 80).sqrt() / TRUNCATED_DEVIATION;
            let largest = |distribution| {
                let layer = drawn(Initializer::VarianceScaling(scaling, distribution), 100, 80);
                layer.weights.iter().fold(0.0, |largest, &value| f64::from(value).abs().max(largest))
            };
            let cut = largest(Distribution::TruncatedNormal);
            assert!(cut <= 2.0 * own * (1.0 + 1e-7) && cut > 1.98 * own, "{cut}");
            assert!(largest(Distribution::Normal) > 2.5 * own);
        }
    }

    #[test]
    fn uniform_weights_fill_the_keras_limits() {
        let limits = [(6.0 / 180.0f64).sqrt(), (6.0 / 100.0f64).sqrt(), (3.0 / 100.0f64).sqrt()];
        for (scaling, limit) in SCALINGS.into_iter().zip(limits) {
            let layer = drawn(Initializer::VarianceScaling(scaling, Distribution::Uniform), 100, 80);
            let largest = layer.weights.iter().fold(0.0f32, |largest, value| value.abs().max(largest));
            assert!(f64::from(largest) <= limit && f64::from(largest) > 0.99 * limit, "{largest} for {limit}");
        }
    }

    #[test]
    fn torch_draws_biases_too() {
        let layer = drawn(Initializer::Torch, 25, 400);
        let limit = 0.2f32;
        for values in [&layer.weights, &layer.biases] {
            assert!(values.iter().all(|value| value.abs() <= limit));
            check_moments(values, f64::from(limit) / 3f64.sqrt(), 1.8);
        }
        assert_eq!(layer.biases.len(), 400);
    }

    #[test]
    fn a_layer_does_not_depend_on_other_layers() {
        let weights = |hidden: &[u32], seed, replicate| {
            let initializer = Initializer::VarianceScaling(VarianceScaling::He, Distribution::TruncatedNormal);
            let activation = Activation::Relu;
            let model = ModelSpec {
                image_layers: Vec::new(),
                hidden: hidden.to_vec(),
                normalization: None,
                activation,
                dropout: 0.0,
                drop_connect: 0.0,
                initializer,
            };
            network(&Network { inputs: 4, image: None, outputs: 1, model }, seed, replicate)
        };
        let reference = weights(&[8, 4], 7, 3);
        assert_eq!(reference, weights(&[8, 4], 7, 3));
        assert_eq!(reference[0], weights(&[8, 16, 5], 7, 3)[0]);
        assert_eq!(reference[1], weights(&[8, 4, 4, 4], 7, 3)[1]);
        assert_ne!(reference[0], weights(&[8, 4], 8, 3)[0]);
        assert_ne!(reference[0], weights(&[8, 4], 7, 4)[0]);
        let equal_shapes = weights(&[4, 4, 4], 7, 3);
        assert_ne!(equal_shapes[0], equal_shapes[1]);
    }

    #[test]
    fn convolutions_come_before_dense_layers_and_have_the_fans_of_keras() {
        let convolution = Convolution { filters: 16, kernel: 5, stride: 1, padding: Padding::Valid };
        let pool = Pool { size: 2, kind: PoolKind::Max };
        let model = ModelSpec {
            image_layers: vec![ImageLayer::Convolution(convolution), ImageLayer::Pool(pool)],
            hidden: vec![32],
            normalization: Some(Normalization::Layer { epsilon: 1e-5 }),
            activation: Activation::Relu,
            dropout: 0.0,
            drop_connect: 0.0,
            initializer: Initializer::VarianceScaling(VarianceScaling::Glorot, Distribution::Uniform),
        };
        let image = ImageShape { height: 12, width: 12, channels: 3 };
        let network_of = Network { inputs: 432, image: Some(image), outputs: 10, model };
        let layers = network(&network_of, 7, 3);
        // 12 - 4 = 8 pixels a side, 4 after pooling.
        let sizes: Vec<[usize; 2]> = layers.iter().map(|layer| [layer.weights.len(), layer.biases.len()]).collect();
        assert_eq!(sizes, [[75 * 16, 16], [256 * 32, 32], [320, 10]]);
        let gammas: Vec<usize> =
            layers.iter().map(|layer| layer.normalization.as_ref().map_or(0, |known| known.gamma.len())).collect();
        assert_eq!(gammas, [16, 32, 0]);
        let numbers: usize = layers.iter().map(|layer| layer.weights.len() + layer.biases.len()).sum();
        assert_eq!(network_of.parameters(), numbers as u64 + 2 * (16 + 32));
        // Keras 3.15: glorot_uniform of a kernel of 5 x 5 x 3 x 16 has the limit sqrt(6 / (75 + 400)).
        let largest = layers[0].weights.iter().fold(0.0f32, |largest, weight| weight.abs().max(largest));
        let limit = (6.0 / 475.0f64).sqrt();
        assert!(f64::from(largest) <= limit && f64::from(largest) > 0.98 * limit, "{largest} for {limit}");
        assert_eq!(network_of.to_string(), "12 x 12 x 3, conv 16 (kernel 5), pool 2, 256-32-10");
    }
}
