//! `[model]` and `[architectures]` as meant.

use swath_core::spec::{Activation, Distribution, Initializer, ModelSpec, VarianceScaling};

use super::fields::Fields;
use super::keys::{ACTIVATIONS, INITIALIZERS, Key};
use super::tree::Table;

/// A model that may lack its layers yet.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Draft {
    /// `None`: neither the model nor the architecture said.
    pub(super) hidden: Option<Vec<u32>>,
    pub(super) activation: Activation,
    pub(super) dropout: f64,
    pub(super) initializer: Initializer,
}

impl Draft {
    /// The model, if its layers are known.
    pub(super) fn finished(self) -> Option<ModelSpec> {
        Some(ModelSpec {
            hidden: self.hidden?,
            activation: self.activation,
            dropout: self.dropout,
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
        activation: activation(fields)?,
        dropout: fields.number("dropout")?,
        initializer: initializer(fields)?,
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
        "gelu" => Activation::Gelu,
        "silu" => Activation::Silu,
        "elu" => Activation::Elu,
        "softplus" => Activation::Softplus,
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
