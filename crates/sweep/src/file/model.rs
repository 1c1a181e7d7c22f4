//! `[model]` and `[architectures]` as meant.

use swath_core::spec::{
    Activation, BatchNormForm, Distribution, Initializer, ModelSpec, Normalization, VarianceScaling,
};

use super::fields::Fields;
use super::keys::{ACTIVATIONS, INITIALIZERS, Key, NORMALIZATIONS};
use super::tree::Table;

/// A model that may lack its layers yet.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Draft {
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
    Some(Draft {
        hidden: match table.and_then(|table| table.get("hidden")) {
            Some(_) => Some(fields.integers("hidden")?),
            None => None,
        },
        normalization: normalization(fields)?,
        activation: activation(fields)?,
        dropout: fields.number("dropout")?,
        drop_connect: fields.number("drop_connect")?,
        initializer: initializer(fields)?,
    })
}

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
