//! The vectors of a pack, kept from epoch to epoch so that none are allocated in between.

use fearless_simd::Simd;

use crate::drop_connect::Connections;
use crate::kernel::panel::{ROWS, blocks, most_columns, position};
use crate::lane::{Each, Vector, splat};
use crate::layout::Layout;
use crate::optimizer::Corrections;
use crate::training::{Activation, Normalization, Training};

/// Vectors of the layers' outputs that a block of rows may take: with all else that a block touches, they stay in the
/// second cache; those of sixteen lanes, which take twice the room, gain by staying nearer.
const fn vectors_of_a_block(lanes: usize) -> usize {
    if lanes == 16 { 1 << 10 } else { 1 << 12 }
}

/// Rows of a small block: gradients go on from block to block, which is little beside so many rows.
const LEAST_ROWS: usize = 8 * ROWS;

/// The vectors of a pack.
pub(crate) struct Buffers<S: Simd> {
    /// The layout of the numbers, and where each of a state's numbers stands.
    layout: Option<Layout>,
    pub(crate) places: Vec<u32>,
    /// In the order of the layout, weights in panels.
    pub(crate) numbers: Vec<Vector<S>>,
    pub(crate) gradients: Vec<Vector<S>>,
    pub(crate) inputs: Vec<[Vector<S>; ROWS]>,
    pub(crate) targets: Vec<Vector<S>>,
    /// Of rows that are in part of another class: that class, and its share.
    pub(crate) mixtures: [Vec<Vector<S>>; 2],
    /// What the gradients of each row are multiplied by, where classes have weights.
    pub(crate) factors: Vec<Vector<S>>,
    pub(crate) layers: Vec<LayerBuffers<S>>,
    /// What sums begin with on the way back, one a unit.
    pub(crate) zeros: Vec<Vector<S>>,
    /// Derivatives by a layer's sums: those that are read, and those that are written.
    pub(crate) deltas: [Vec<[Vector<S>; ROWS]>; 2],
    pub(crate) corrections: Corrections,
    pub(crate) connections: Connections<S>,
}

/// The vectors of one layer, in blocks of rows.
pub(crate) struct LayerBuffers<S: Simd> {
    /// What leaves it.
    pub(crate) outputs: Vec<[Vector<S>; ROWS]>,
    /// Slopes of its activation, where they do not follow from the outputs.
    pub(crate) slopes: Vec<[Vector<S>; ROWS]>,
    /// Its sums, normalised.
    pub(crate) normalized: Vec<[Vector<S>; ROWS]>,
    /// Its weights for the way back.
    pub(crate) transposed: Vec<Vector<S>>,
    /// What they were multiplied by: one a unit for batch normalization, one a row for layer normalization.
    pub(crate) scales_of_units: Vec<Vector<S>>,
    pub(crate) scales_of_rows: Vec<[Vector<S>; ROWS]>,
}

impl<S: Simd> Default for Buffers<S> {
    fn default() -> Self {
        Self {
            layout: None,
            places: Vec::new(),
            numbers: Vec::new(),
            gradients: Vec::new(),
            inputs: Vec::new(),
            targets: Vec::new(),
            mixtures: [Vec::new(), Vec::new()],
            factors: Vec::new(),
            layers: Vec::new(),
            zeros: Vec::new(),
            deltas: [Vec::new(), Vec::new()],
            corrections: Corrections::default(),
            connections: Connections::default(),
        }
    }
}

impl<S: Simd> Default for LayerBuffers<S> {
    fn default() -> Self {
        Self {
            outputs: Vec::new(),
            slopes: Vec::new(),
            normalized: Vec::new(),
            transposed: Vec::new(),
            scales_of_units: Vec::new(),
            scales_of_rows: Vec::new(),
        }
    }
}

impl<S: Simd> Buffers<S> {
    /// Makes room for steps of so many rows at a time.
    pub(crate) fn grow(&mut self, simd: S, training: &Training, layout: &Layout, rows: usize) {
        if self.layout.as_ref() != Some(layout) {
            self.places = places::<S>(layout);
            self.layout = Some(layout.clone());
        }
        let zero = splat(simd, 0.0);
        let (block, blocks) = ([zero; ROWS], blocks(rows));
        let widest = training.layers.iter().copied().max().unwrap_or(0);
        grow(&mut self.numbers, layout.numbers(), zero);
        grow(&mut self.gradients, layout.parameters, zero);
        grow(&mut self.inputs, blocks * training.inputs(), block);
        grow(&mut self.targets, blocks * ROWS, zero);
        for mixtures in &mut self.mixtures {
            grow(mixtures, blocks * ROWS, zero);
        }
        grow(&mut self.factors, blocks * ROWS, zero);
        grow(&mut self.zeros, widest, zero);
        for deltas in &mut self.deltas {
            grow(deltas, blocks * widest, block);
        }
        if self.layers.len() < layout.layers.len() {
            self.layers.resize_with(layout.layers.len(), LayerBuffers::default);
        }
        for (buffers, place) in self.layers.iter_mut().zip(&layout.layers) {
            let count = blocks * place.outputs;
            grow(&mut buffers.outputs, count, block);
            grow(&mut buffers.transposed, place.weights.len(), zero);
            if has_slopes(training) {
                grow(&mut buffers.slopes, count, block);
            }
            if training.normalization.is_some() {
                grow(&mut buffers.normalized, count, block);
                grow(&mut buffers.scales_of_units, place.outputs, zero);
                grow(&mut buffers.scales_of_rows, blocks, block);
            }
        }
    }
}

/// Makes room for so many.
pub(crate) fn grow<T: Copy>(vectors: &mut Vec<T>, count: usize, zero: T) {
    if vectors.len() < count {
        vectors.resize(count, zero);
    }
}

/// Whether slopes are kept; those of plain relu follow from its outputs.
pub(crate) fn has_slopes(training: &Training) -> bool {
    training.activation != Activation::Relu || training.dropout > 0.0 || training.normalization.is_some()
}

/// Rows that go through the network at a time. Batch normalization must see the whole batch.
pub(crate) fn rows_of_a_block(lanes: usize, training: &Training, batch_rows: usize) -> usize {
    if let Some(Normalization::Batch { .. }) = training.normalization {
        return batch_rows;
    }
    let vectors: usize = training.layers.iter().sum();
    let rows = (vectors_of_a_block(lanes) / vectors.max(1)).next_multiple_of(2 * ROWS);
    rows.max(LEAST_ROWS).min(batch_rows)
}

/// Where each number of a state stands in a pack: the weights lie in panels, in each of the optimiser's slots too.
pub(crate) fn places<S: Simd>(layout: &Layout) -> Vec<u32> {
    let mut of_parameters = Vec::with_capacity(layout.parameters);
    for place in &layout.layers {
        for input in 0..place.inputs {
            for output in 0..place.outputs {
                let within = position(most_columns::<S, Each>(), [place.inputs, place.outputs], input, output);
                of_parameters.push((place.weights.start + within) as u32);
            }
        }
        of_parameters.extend((place.weights.end..place.beta.end).map(|index| index as u32));
    }
    let mut places = Vec::with_capacity(layout.numbers());
    for slot in 0..=layout.slots {
        places.extend(of_parameters.iter().map(|place| place + (slot * layout.parameters) as u32));
    }
    places.extend((layout.moving_start()..layout.numbers()).map(|index| index as u32));
    places
}
