//! `[model]` and `[architectures]` as meant.

use swath_core::spec::{
    Activation, BatchNormForm, Distribution, ImageLayer, Initializer, ModelSpec, Normalization, VarianceScaling,
};

use super::fields::Fields;
use super::keys::{ACTIVATIONS, INITIALIZERS, Key, NORMALIZATIONS};
use super::layers;
use super::tree::Table;

/// A model that may lack its layers yet.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Draft {
    /// Convolutions and pooling before the hidden layers.
    pub(super) image_layers: Vec<ImageLayer>,
    /// `None`: neither the model nor the architecture said.
    pub(super) hidden: Option<Vec<u32>>,
    pub(super) normalization: Option<Normalization>,
    pub(super) activation: Activation,
    pub(super) dropout: f64,
    pub(super) drop_connect: f64,
    pub(super) initializer: Initializer,
}

impl Draft {
    /// The model, if its layers are known.
    pub(super) fn finished(self) -> Option<ModelSpec> {
        Some(ModelSpec {
            image_layers: self.image_layers,
            hidden: self.hidden?,
            normalization: self.normalization,
            activation: self.activation,
            dropout: self.dropout,
            drop_connect: self.drop_connect,
            initializer: self.initializer,
        })
    }
}

/// Reads `[model]`, which was checked; `None` where something is wrong.
pub(super) fn read(table: Option<&Table>, keys: &'static [Key]) -> Option<Draft> {
    let fields = Fields::new(table, keys);
    let (image_layers, hidden) = hidden_layers(table, fields)?.unwrap_or_default();
    Some(Draft {
        image_layers,
        hidden,
        normalization: normalization(fields)?,
        activation: activation(fields)?,
        dropout: fields.number("dropout")?,
        drop_connect: fields.number("drop_connect")?,
        initializer: initializer(fields)?,
    })
}

/// The image layers and hidden layers that `hidden` or `layers` says; `Some(None)`: neither is written; `None`: wrong.
#[expect(clippy::option_option, reason = "wrong, absent and present are three things")]
pub(super) fn hidden_layers(table: Option<&Table>, fields: Fields<'_>) -> Option<Option<HiddenLayers>> {
    let written = |key| table.is_some_and(|table| table.get(key).is_some());
    Some(match (written("hidden"), written("layers")) {
        (false, false) => None,
        (true, false) => Some((Vec::new(), Some(fields.integers("hidden")?))),
        (false, true) => {
            let layers = layers::read(fields.written("layers")?.list()?)?;
            Some((layers.of_images, Some(layers.hidden)))
        }
        (true, true) => return None,
    })
}

/// Image layers, and the units of hidden layers.
type HiddenLayers = (Vec<ImageLayer>, Option<Vec<u32>>);

/// The key `normalization`; the outer `None`: it is wrong.
#[expect(clippy::option_option, reason = "wrong, absent and present are three things")]
pub(super) fn normalization(fields: Fields<'_>) -> Option<Option<Normalization>> {
    let (word, settings) = fields.choice("normalization", NORMALIZATIONS)?;
    Some(match word {
        "none" => None,
        "batch_norm" => {
            let form = settings.word("form")?;
            let (epsilon, momentum) = match form {
                BatchNormForm::Torch => (1e-5, 0.9),
                BatchNormForm::Keras => (1e-3, 0.99),
            };
            let epsilon = settings.number_or("epsilon", epsilon)?;
            Some(Normalization::Batch { form, epsilon, momentum: settings.number_or("momentum", momentum)? })
        }
        "layer_norm" => Some(Normalization::Layer { epsilon: settings.number("epsilon")? }),
        _ => return None,
    })
}

/// The key `activation`.
pub(super) fn activation(fields: Fields<'_>) -> Option<Activation> {
    let (word, settings) = fields.choice("activation", ACTIVATIONS)?;
    Some(match word {
        "relu" => Activation::Relu,
        "leaky_relu" => Activation::LeakyRelu { slope: settings.number("slope")? },
        "tanh" => Activation::Tanh,
        "sigmoid" => Activation::Sigmoid,
        "gelu" if settings.boolean("approximate")? => Activation::GeluTanh,
        "gelu" => Activation::Gelu,
        "silu" => Activation::Silu,
        "elu" => Activation::Elu,
        "softplus" => Activation::Softplus,
        "selu" => Activation::Selu,
        "identity" => Activation::Identity,
        _ => return None,
    })
}

/// The key `initializer`.
pub(super) fn initializer(fields: Fields<'_>) -> Option<Initializer> {
    let (word, settings) = fields.choice("initializer", INITIALIZERS)?;
    if word == "torch_default" {
        return Some(Initializer::Torch);
    }
    let (scaling, distribution) = word.split_once('_')?;
    let scaling = match scaling {
        "glorot" => VarianceScaling::Glorot,
        "he" => VarianceScaling::He,
        "lecun" => VarianceScaling::Lecun,
        _ => return None,
    };
    let distribution = match distribution {
        "uniform" => Distribution::Uniform,
        _ if settings.boolean("truncate")? => Distribution::TruncatedNormal,
        _ => Distribution::Normal,
    };
    Some(Initializer::VarianceScaling(scaling, distribution))
}
