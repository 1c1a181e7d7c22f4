//! `layers`: image layers, and then dense ones.

use swath_core::spec::{Convolution, ImageLayer, Pool};

use super::fields::Fields;
use super::keys::LAYERS;
use super::tree::Node;

/// All layers of a model.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Layers {
    /// Convolutions and pooling.
    pub(super) of_images: Vec<ImageLayer>,
    /// Units of the hidden dense layers.
    pub(super) hidden: Vec<u32>,
}

/// Reads a list that was checked; `None` where something is wrong.
pub(super) fn read(list: &[Node]) -> Option<Layers> {
    let mut layers = Layers::default();
    for entry in list {
        let table = entry.table()?;
        let choice = LAYERS.iter().find(|choice| table.get(choice.name).is_some())?;
        let fields = Fields::new(Some(table), choice.keys);
        match choice.name {
            "conv" => layers.of_images.push(ImageLayer::Convolution(Convolution {
                filters: fields.integer("conv")?,
                kernel: fields.integer("kernel")?,
                stride: fields.integer("stride")?,
                padding: fields.word("padding")?,
            })),
            "pool" => layers
                .of_images
                .push(ImageLayer::Pool(Pool { size: fields.integer("pool")?, kind: fields.word("kind")? })),
            "dense" => layers.hidden.push(fields.integer("dense")?),
            _ => return None,
        }
    }
    Some(layers)
}
