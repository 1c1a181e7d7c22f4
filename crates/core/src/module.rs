//! The burn module built from a specification.
//!
//! burn draws nothing: parameters come from [`crate::initializer`] and dropout masks from the caller, so that a
//! network's numbers depend on its own streams alone.

use burn::module::{Module, Param};
use burn::nn::Linear;
use burn::optim::GradientsParams;
use burn::tensor::{Device, Gradients, Tensor, TensorData, activation};

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

/// The numbers of selu (Klambauer et al. 2017).
const SELU_SCALE: f64 = 1.050_700_987_355_480_5;
const SELU_ALPHA: f64 = 1.673_263_242_354_377_2;

/// The function, elementwise, with gradients as the definitions say also where burn's own differ.
pub(crate) fn activate(activation: Activation, values: Tensor<2>) -> Tensor<2> {
    match activation {
        Activation::Relu => activation::relu(values),
        Activation::LeakyRelu { slope } => {
            // burn's own takes the slope 1 at 0, PyTorch the lower one.
            let lower = values.clone().lower_equal_scalar(0.0);
            let scaled = values.clone().mul_scalar(slope);
            values.mask_where(lower, scaled)
        }
        Activation::Tanh => activation::tanh(values),
        Activation::Sigmoid => activation::sigmoid(values),
        // burn's own gelu takes its gradient from the tanh approximation.
        Activation::Gelu => {
            let probability = values.clone().mul_scalar(std::f64::consts::FRAC_1_SQRT_2).erf().add_scalar(1.0);
            values.mul_scalar(0.5) * probability
        }
        Activation::Silu => activation::silu(values),
        Activation::Elu => {
            // burn's own gives NaN gradients above 88, where the branch that is not taken overflows.
            let upper = values.clone().greater_scalar(0.0);
            let lower = values.clone().mask_fill(upper.clone(), 0.0).exp().sub_scalar(1.0);
            lower.mask_where(upper, values)
        }
        Activation::Softplus => activation::softplus(values, 1.0),
        Activation::GeluTanh => {
            // (1 + tanh(u)) / 2 is sigmoid(2u). Beyond 10 it is 0 or 1, and u^3 would overflow.
            let inside = values.clone().clamp(-10.0, 10.0);
            let cubic = inside.clone().square().mul_scalar(0.044_715).add_scalar(1.0);
            values * activation::sigmoid((inside * cubic).mul_scalar(2.0 * (2.0 / std::f64::consts::PI).sqrt()))
        }
        Activation::Selu => {
            let upper = values.clone().greater_scalar(0.0);
            let lower = values.clone().mask_fill(upper.clone(), 0.0).exp().sub_scalar(1.0);
            lower.mul_scalar(SELU_SCALE * SELU_ALPHA).mask_where(upper, values.mul_scalar(SELU_SCALE))
        }
        Activation::Identity => values,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::initializer::{self, NormalizationWeights};
    use crate::spec::{BatchNormForm, Initializer, ModelSpec};

    const ALL: [Activation; 11] = [
        Activation::Relu,
        Activation::LeakyRelu { slope: 0.01 },
        Activation::Tanh,
        Activation::Sigmoid,
        Activation::Gelu,
        Activation::Silu,
        Activation::Elu,
        Activation::Softplus,
        Activation::GeluTanh,
        Activation::Selu,
        Activation::Identity,
    ];

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

    fn activated(activation: Activation, values: &[f32]) -> Vec<f32> {
        numbers(activate(activation, row(values)))
    }

    fn slope_at(activation: Activation, values: &[f32]) -> Vec<f32> {
        let inputs = Tensor::<2>::from_inner(row(values)).require_grad();
        let gradients = activate(activation, inputs.clone()).sum().backward();
        numbers(inputs.grad(&gradients).expect("the inputs are tracked"))
    }

    /// The activation in f64.
    fn plain(activation: Activation, x: f64) -> f64 {
        match activation {
            Activation::Relu => x.max(0.0),
            Activation::LeakyRelu { slope } => x.max(slope * x),
            Activation::Tanh => x.tanh(),
            Activation::Sigmoid => 1.0 / (1.0 + (-x).exp()),
            Activation::Gelu => 0.5 * x * (1.0 + libm::erf(x / 2f64.sqrt())),
            Activation::Silu => x / (1.0 + (-x).exp()),
            Activation::Elu => x.min(0.0).exp_m1() + x.max(0.0),
            Activation::Softplus => x.max(0.0) + (-x.abs()).exp().ln_1p(),
            Activation::GeluTanh => {
                0.5 * x * (1.0 + ((2.0 / std::f64::consts::PI).sqrt() * (x + 0.044_715 * x.powi(3))).tanh())
            }
            Activation::Selu => SELU_SCALE * (SELU_ALPHA * x.min(0.0).exp_m1() + x.max(0.0)),
            Activation::Identity => x,
        }
    }

    /// Figures by Keras 3.15 and PyTorch 2.15, which agree on them.
    #[test]
    fn activations_have_the_golden_values() {
        let at = [-3.0, -1.0, -0.2, 0.0, 0.5, 2.0];
        for (activation, wanted) in [
            (Activation::Gelu, [-0.004_050_2, -0.158_655_3, -0.084_148_1, 0.0, 0.345_731_2, 1.954_499_7]),
            (Activation::Silu, [-0.142_277_6, -0.268_941_4, -0.090_033_2, 0.0, 0.311_229_7, 1.761_594]),
            (Activation::Elu, [-0.950_213, -0.632_120_5, -0.181_269_2, 0.0, 0.5, 2.0]),
            (
                Activation::Softplus,
                [0.048_587_4, 0.313_261_7, 0.598_138_9, std::f32::consts::LN_2, 0.974_077, 2.126_928],
            ),
            (Activation::GeluTanh, [-0.003_637_4, -0.158_808, -0.084_148_6, 0.0, 0.345_714, 1.954_597_7]),
            (Activation::Selu, [-1.670_568_7, -1.111_330_7, -0.318_689_3, 0.0, 0.525_350_5, 2.101_402]),
            (Activation::Identity, at),
            (Activation::LeakyRelu { slope: 0.3 }, [-0.9, -0.3, -0.06, 0.0, 0.5, 2.0]),
            (Activation::Relu, [0.0, 0.0, 0.0, 0.0, 0.5, 2.0]),
        ] {
            for (value, wanted) in activated(activation, &at).into_iter().zip(wanted) {
                assert!((value - wanted).abs() < 2e-6, "{activation:?}: {value} for {wanted}");
            }
        }
    }

    #[test]
    fn values_and_gradients_are_those_of_the_formula() {
        let at = [-20.0f32, -3.0, -1.1, -0.2, 0.3, 0.9, 2.5, 19.0];
        for activation in ALL {
            let (values, slopes) = (activated(activation, &at), slope_at(activation, &at));
            for ((&x, value), slope) in at.iter().zip(values).zip(slopes) {
                let x = f64::from(x);
                let (above, below) = (plain(activation, x + 1e-5), plain(activation, x - 1e-5));
                assert!((f64::from(value) - plain(activation, x)).abs() < 2e-6, "{activation:?}({x}) = {value}");
                assert!((f64::from(slope) - (above - below) / 2e-5).abs() < 4e-6, "{activation:?}'({x}) = {slope}");
            }
        }
    }

    #[test]
    fn at_0_relu_has_slope_0_and_leaky_relu_the_lower_one() {
        assert_eq!(slope_at(Activation::Relu, &[0.0, -0.0]), [0.0, 0.0]);
        assert_eq!(slope_at(Activation::LeakyRelu { slope: 0.25 }, &[0.0, -0.0]), [0.25, 0.25]);
    }

    #[test]
    fn values_and_gradients_stay_finite_far_out() {
        let at = [-1e4f32, -200.0, 200.0, 1e4];
        for activation in ALL {
            assert!(activated(activation, &at).iter().all(|value| value.is_finite()), "{activation:?}");
            assert!(slope_at(activation, &at).iter().all(|slope| slope.is_finite()), "{activation:?}'");
        }
    }

    #[test]
    fn a_nan_goes_through_every_activation() {
        for activation in ALL {
            assert!(activated(activation, &[f32::NAN])[0].is_nan(), "{activation:?}");
        }
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
