//! A model with every default written out.

use swath_core::spec::{
    Activation, Convolution, Distribution, ImageLayer, Initializer, ModelSpec, Normalization, Pool, VarianceScaling,
};
use toml::{Table, Value};

use super::super::words::Word;
use super::{integers, named, put};

pub(super) fn model(spec: &ModelSpec) -> Table {
    let mut table = Table::new();
    if spec.image_layers.is_empty() {
        put(&mut table, "hidden", integers(&spec.hidden));
    } else {
        put(&mut table, "layers", layers(spec));
    }
    put(&mut table, "normalization", spec.normalization.map_or_else(|| "none".into(), normalization));
    put(&mut table, "activation", activation(spec.activation));
    put(&mut table, "dropout", spec.dropout);
    put(&mut table, "drop_connect", spec.drop_connect);
    put(&mut table, "initializer", initializer(spec.initializer));
    table
}

fn layers(spec: &ModelSpec) -> Value {
    let of_images = spec.image_layers.iter().map(|layer| {
        let mut table = Table::new();
        match layer {
            ImageLayer::Convolution(Convolution { filters, kernel, stride, padding }) => {
                put(&mut table, "conv", *filters);
                put(&mut table, "kernel", *kernel);
                put(&mut table, "stride", *stride);
                put(&mut table, "padding", padding.word());
            }
            ImageLayer::Pool(Pool { size, kind }) => {
                put(&mut table, "pool", *size);
                put(&mut table, "kind", kind.word());
            }
        }
        Value::Table(table)
    });
    let dense = spec.hidden.iter().map(|units| {
        let mut table = Table::new();
        put(&mut table, "dense", *units);
        Value::Table(table)
    });
    Value::Array(of_images.chain(dense).collect())
}

fn normalization(normalization: Normalization) -> Value {
    let mut table;
    match normalization {
        Normalization::Batch { form, epsilon, momentum } => {
            table = named("batch_norm");
            put(&mut table, "form", form.word());
            put(&mut table, "epsilon", epsilon);
            put(&mut table, "momentum", momentum);
        }
        Normalization::Layer { epsilon } => {
            table = named("layer_norm");
            put(&mut table, "epsilon", epsilon);
        }
    }
    table.into()
}

fn activation(activation: Activation) -> Value {
    let word = match activation {
        Activation::Relu => "relu",
        Activation::LeakyRelu { slope } => {
            let mut table = named("leaky_relu");
            put(&mut table, "slope", slope);
            return table.into();
        }
        Activation::Tanh => "tanh",
        Activation::Sigmoid => "sigmoid",
        Activation::Gelu => "gelu",
        Activation::Silu => "silu",
        Activation::Elu => "elu",
        Activation::Softplus => "softplus",
        Activation::GeluTanh => {
            let mut table = named("gelu");
            put(&mut table, "approximate", true);
            return table.into();
        }
        Activation::Selu => "selu",
        Activation::Identity => "identity",
    };
    word.into()
}

fn initializer(initializer: Initializer) -> Value {
    let Initializer::VarianceScaling(scaling, distribution) = initializer else {
        return "torch_default".into();
    };
    let scaling = match scaling {
        VarianceScaling::Glorot => "glorot",
        VarianceScaling::He => "he",
        VarianceScaling::Lecun => "lecun",
    };
    if distribution == Distribution::Uniform {
        return format!("{scaling}_uniform").into();
    }
    let mut table = named(&format!("{scaling}_normal"));
    put(&mut table, "truncate", distribution == Distribution::TruncatedNormal);
    table.into()
}
