//! The burn module built from a specification.
//!
//! burn draws nothing: parameters come from [`crate::initializer`] and dropout masks from the caller, so that a
//! network's numbers depend on its own streams alone.

use burn::module::{Module, Param};
use burn::nn::Linear;
use burn::optim::GradientsParams;
use burn::tensor::{Device, Gradients, Tensor, TensorData};

use crate::activation::activate;
use crate::image_stage::ImageStage;
use crate::initializer::LayerWeights;
use crate::normalization::Normalizer;
use crate::spec::{Activation, Network, Normalization};

/// Where tensors live and are computed: the one place that names burn's backend.
#[expect(deprecated, reason = "burn-ndarray gave way to burn-flex in burn 0.22 and is pinned; moving on is this line")]
pub fn device() -> Device {
    Device::ndarray()
}

/// A network: image layers, if any, and then dense layers, with a normalisation, if any, and an activation after each
/// but the last.
#[derive(Module, Debug)]
pub struct Mlp {
    image_layers: Vec<ImageStage>,
    layers: Vec<Layer>,
    #[module(skip)]
    activation: Activation,
}

/// Its parameters in order: weights, biases, gamma, beta.
#[derive(Module, Debug)]
pub(crate) struct Layer {
    pub(crate) dense: Linear,
    pub(crate) normalizer: Option<Normalizer>,
}

impl Layer {
    /// With these weights, whose biases say how many units there are.
    pub(crate) fn new(normalization: Option<Normalization>, weights: &LayerWeights) -> Self {
        let device = device();
        let units = weights.biases.len();
        let weight = TensorData::new(weights.weights.clone(), [weights.weights.len() / units.max(1), units]);
        let bias = TensorData::new(weights.biases.clone(), [units]);
        let dense = Linear { weight: Param::from_data(weight, &device), bias: Some(Param::from_data(bias, &device)) };
        let normalizer = normalization
            .zip(weights.normalization.as_ref())
            .map(|(normalization, weights)| Normalizer::new(normalization, weights));
        Self { dense, normalizer }
    }

    /// The parameters as plain numbers.
    fn weights(&self) -> LayerWeights {
        LayerWeights {
            weights: numbers(self.dense.weight.val()),
            biases: self.dense.bias.as_ref().map(|bias| numbers(bias.val())).unwrap_or_default(),
            normalization: self.normalizer.as_ref().map(Normalizer::weights),
        }
    }
}

impl Mlp {
    /// The network with these weights, one [`LayerWeights`] a layer that has any, without automatic differentiation:
    /// [`Module::train`] adds it.
    ///
    /// # Panics
    /// Where the sizes are not those of the network.
    pub fn new(network: &Network, weights: &[LayerWeights]) -> Self {
        let normalization = network.model.normalization;
        let mut weights = weights.iter();
        let image_layers = network
            .image_layers()
            .map(|(layer, image)| {
                ImageStage::new(layer, image, |weights| Layer::new(normalization, weights), &mut weights)
            })
            .collect();
        let layers = weights.map(|weights| Layer::new(normalization, weights)).collect();
        Self { image_layers, layers, activation: network.model.activation }
    }

    /// What leaves the last layer (logits, for classification), `[rows, outputs]`, for inputs `[rows, inputs]`, in
    /// evaluation mode: without dropout, and batch normalisation by its moving statistics.
    pub fn forward(&self, inputs: Tensor<2>) -> Tensor<2> {
        let outputs = self.layers.len().saturating_sub(1);
        let mut values = inputs;
        for stage in &self.image_layers {
            values = stage.forward(values, self.activation);
        }
        for (index, layer) in self.layers.iter().enumerate() {
            values = layer.dense.forward(values);
            if let Some(normalizer) = &layer.normalizer {
                values = normalizer.forward(values);
            }
            if index < outputs {
                values = activate(self.activation, values);
            }
        }
        values
    }

    /// The same in training mode; moves the moving statistics of batch normalisation.
    ///
    /// `masks` are the dropout masks `[rows, units]` of what leaves convolutions and hidden dense layers in order, already
    /// divided by the share that is kept; they are multiplied in after the activation. `connections` are the masks
    /// `[inputs, units]` of the weights into the hidden dense layers, likewise. None are given where nothing is dropped.
    pub fn forward_in_training(
        &mut self,
        inputs: Tensor<2>,
        masks: Vec<Tensor<2>>,
        connections: Vec<Tensor<2>>,
    ) -> Tensor<2> {
        let outputs = self.layers.len().saturating_sub(1);
        let (mut masks, mut connections) = (masks.into_iter(), connections.into_iter());
        let mut values = inputs;
        for stage in &mut self.image_layers {
            values = stage.forward_in_training(values, self.activation, &mut masks);
        }
        for (index, layer) in self.layers.iter_mut().enumerate() {
            values = match connections.next() {
                Some(mask) => {
                    let sums = values.matmul(layer.dense.weight.val() * mask);
                    match &layer.dense.bias {
                        Some(bias) => sums + bias.val().unsqueeze(),
                        None => sums,
                    }
                }
                None => layer.dense.forward(values),
            };
            if let Some(normalizer) = &mut layer.normalizer {
                values = normalizer.forward_in_training(values);
            }
            if index < outputs {
                values = activate(self.activation, values);
                if let Some(mask) = masks.next() {
                    values = values * mask;
                }
            }
        }
        values
    }

    /// The gradients of the parameters, from those of a loss of this module.
    ///
    /// Those of biases before batch normalisation, which takes them off again, are 0, as they are but for rounding: what
    /// rounding leaves, some 1e-9, Adam and `RMSprop` would make whole steps of.
    pub fn gradients(&self, gradients: Gradients) -> GradientsParams {
        let mut gradients = GradientsParams::from_grads(gradients, self);
        for layer in self.trained_layers() {
            let ignores_biases = layer.normalizer.as_ref().is_some_and(Normalizer::ignores_biases);
            if let (true, Some(bias)) = (ignores_biases, &layer.dense.bias) {
                gradients.register(bias.id, Tensor::<1>::zeros(bias.shape(), &device()));
            }
        }
        gradients
    }

    /// The parameters as plain numbers, from the inputs to the outputs.
    pub fn weights(&self) -> Vec<LayerWeights> {
        self.trained_layers().map(Layer::weights).collect()
    }

    fn trained_layers(&self) -> impl Iterator<Item = &Layer> {
        self.image_layers.iter().filter_map(ImageStage::layer).chain(&self.layers)
    }
}

/// A tensor's numbers, row-major.
pub(crate) fn numbers<const D: usize>(tensor: Tensor<D>) -> Vec<f32> {
    let read = tensor.into_data().try_into_vec();
    #[expect(clippy::expect_used, reason = "every tensor of this crate is of f32 and in main memory")]
    read.expect("a tensor of f32 in main memory can be read")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::initializer::{self, NormalizationWeights};
    use crate::spec::{BatchNormForm, Initializer, ModelSpec};

    fn network(hidden: &[u32], activation: Activation) -> Network {
        let initializer = Initializer::Torch;
        let model = ModelSpec {
            image_layers: Vec::new(),
            hidden: hidden.to_vec(),
            normalization: None,
            activation,
            dropout: 0.0,
            drop_connect: 0.0,
            initializer,
        };
        Network { inputs: 3, image: None, outputs: 2, model }
    }

    fn dense(weights: &[f32], biases: &[f32]) -> LayerWeights {
        LayerWeights { weights: weights.to_vec(), biases: biases.to_vec(), normalization: None }
    }

    fn row(values: &[f32]) -> Tensor<2> {
        Tensor::from_data(TensorData::new(values.to_vec(), [1, values.len()]), &device())
    }

    #[test]
    fn weights_come_back_as_they_went_in() {
        let batch = Normalization::Batch { form: BatchNormForm::Torch, epsilon: 1e-5, momentum: 0.9 };
        for (hidden, normalization) in [
            (&[] as &[u32], None),
            (&[5], None),
            (&[4, 1, 6], None),
            (&[], Some(batch)),
            (&[4, 1, 6], Some(batch)),
            (&[4, 1, 6], Some(Normalization::Layer { epsilon: 1e-5 })),
        ] {
            let mut network = network(hidden, Activation::Relu);
            network.model.normalization = normalization;
            let weights = initializer::network(&network, 3, 1);
            let module = Mlp::new(&network, &weights);
            assert_eq!(module.weights(), weights);
            assert_eq!(module.num_params() as u64, network.parameters());
            assert_eq!(module.train().weights(), weights);
        }
    }

    #[test]
    fn a_linear_model_is_a_product_and_a_sum() {
        let network = network(&[], Activation::Relu);
        let weights = dense(&[1.0, -1.0, 2.0, -2.0, 3.0, -3.0], &[0.5, 0.25]);
        let module = Mlp::new(&network, &[weights]);
        assert_eq!(numbers(module.forward(row(&[1.0, 10.0, 100.0]))), [321.5, -320.75]);
    }

    #[test]
    fn masks_multiply_after_the_activation_and_not_the_outputs() {
        let network = network(&[2], Activation::Relu);
        let hidden = dense(&[1.0, -1.0, 0.0, 0.0, 0.0, 0.0], &[1.0, 4.0]);
        let outputs = dense(&[1.0, 0.0, 0.0, 1.0], &[0.0, 1.0]);
        let mut module = Mlp::new(&network, &[hidden, outputs]);
        let inputs = row(&[1.0, 0.0, 0.0]);
        assert_eq!(numbers(module.forward(inputs.clone())), [2.0, 4.0]);
        assert_eq!(numbers(module.forward_in_training(inputs, vec![row(&[0.0, 2.0])], Vec::new())), [0.0, 7.0]);
    }

    #[test]
    fn connections_multiply_the_weights_into_hidden_layers_and_no_biases() {
        let network = network(&[2], Activation::Relu);
        let hidden = dense(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0], &[0.5, 0.25]);
        let outputs = dense(&[1.0, 0.0, 0.0, 1.0], &[0.0, 1.0]);
        let mut module = Mlp::new(&network, &[hidden, outputs]);
        let mask = Tensor::from_data(TensorData::new(vec![2.0f32, 0.0, 0.0, 2.0, 0.0, 0.0], [3, 2]), &device());
        assert_eq!(numbers(module.forward_in_training(row(&[1.0; 3]), Vec::new(), vec![mask])), [2.5, 9.25]);
        assert_eq!(numbers(module.forward(row(&[1.0; 3]))), [9.5, 13.25]);
    }

    #[test]
    fn a_layer_is_normalised_before_its_activation_and_the_outputs_are_not() {
        let mut network = network(&[2], Activation::Relu);
        network.model.normalization = Some(Normalization::Layer { epsilon: 1e-5 });
        let normalization = NormalizationWeights {
            gamma: vec![1.0, 2.0],
            beta: vec![0.0, 1.0],
            moving_mean: vec![],
            moving_variance: vec![],
        };
        let mut hidden = dense(&[-10.0, 10.0, 0.0, 0.0, 0.0, 0.0], &[0.0, 0.0]);
        hidden.normalization = Some(normalization);
        let outputs = dense(&[1.0, 0.0, 0.0, 1.0], &[10.0, 0.0]);
        let mut module = Mlp::new(&network, &[hidden, outputs]);
        // Normalised to -1 and 1, scaled to -1 and 3, cut to 0 and 3.
        for outputs in
            [module.forward(row(&[1.0; 3])), module.forward_in_training(row(&[1.0; 3]), Vec::new(), Vec::new())]
        {
            let values = numbers(outputs);
            assert!((values[0] - 10.0).abs() < 1e-6 && (values[1] - 3.0).abs() < 1e-6, "{values:?}");
        }
    }
}
