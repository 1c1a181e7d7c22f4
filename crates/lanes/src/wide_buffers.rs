//! The vectors of one wide network: neighbouring units side by side.

use std::ops::Range;

use fearless_simd::{Simd, SimdBase};

use crate::buffers::{grow, has_slopes};
use crate::kernel::panel::{ROWS, blocks, column, lines, lines_mut, most_columns, position};
use crate::lane::{Shared, Vector, lanes, splat};
use crate::layout::{LayerPlace, Layout};
use crate::optimizer::Corrections;
use crate::training::Training;

/// Where the parameters of a layer stand, in vectors.
#[derive(Debug, Clone)]
pub(crate) struct WidePlace {
    pub(crate) inputs: usize,
    pub(crate) outputs: usize,
    /// Vectors that hold the outputs; lanes behind the last output are 0.
    pub(crate) vectors: usize,
    /// In panels: one row an input, one column a vector of outputs.
    pub(crate) weights: Range<usize>,
    pub(crate) biases: Range<usize>,
    /// Where they stand in a state.
    of_state: LayerPlace,
}

/// The vectors of one network, kept from epoch to epoch.
pub(crate) struct WideBuffers<S: Simd> {
    layout: Option<Layout>,
    pub(crate) places: Vec<WidePlace>,
    /// How many vectors hold the parameters.
    pub(crate) parameters: usize,
    /// Parameters, then as many for each slot of the optimiser.
    pub(crate) numbers: Vec<Vector<S>>,
    pub(crate) gradients: Vec<Vector<S>>,
    /// The weights of each layer but the first with rows and columns exchanged, in panels.
    pub(crate) transposed: Vec<Vec<Vector<S>>>,
    /// In blocks of rows.
    pub(crate) inputs: Vec<[f32; ROWS]>,
    /// One a row, in every lane.
    pub(crate) targets: Vec<Vector<S>>,
    /// Of rows that are in part of another class: that class, and its share.
    pub(crate) mixtures: [Vec<Vector<S>>; 2],
    pub(crate) layers: Vec<WideLayer<S>>,
    /// Derivatives by a layer's sums: those that are read, and those that are written.
    pub(crate) deltas: [Vec<[Vector<S>; ROWS]>; 2],
    /// Those that are read, as single numbers.
    pub(crate) delta_numbers: Vec<[f32; ROWS]>,
    /// Outputs of the network, and the derivatives by them, in every lane.
    pub(crate) spread: [Vec<[Vector<S>; ROWS]>; 2],
    pub(crate) zeros: Vec<Vector<S>>,
    pub(crate) corrections: Corrections,
}

/// What leaves one layer, in blocks of rows.
pub(crate) struct WideLayer<S: Simd> {
    pub(crate) outputs: Vec<[Vector<S>; ROWS]>,
    pub(crate) slopes: Vec<[Vector<S>; ROWS]>,
    /// The outputs as single numbers.
    pub(crate) numbers: Vec<[f32; ROWS]>,
}

impl<S: Simd> Default for WideBuffers<S> {
    fn default() -> Self {
        Self {
            layout: None,
            places: Vec::new(),
            parameters: 0,
            numbers: Vec::new(),
            gradients: Vec::new(),
            transposed: Vec::new(),
            inputs: Vec::new(),
            targets: Vec::new(),
            mixtures: [Vec::new(), Vec::new()],
            layers: Vec::new(),
            deltas: [Vec::new(), Vec::new()],
            delta_numbers: Vec::new(),
            spread: [Vec::new(), Vec::new()],
            zeros: Vec::new(),
            corrections: Corrections::default(),
        }
    }
}

impl<S: Simd> WideBuffers<S> {
    /// Makes room for steps of so many rows at a time.
    pub(crate) fn prepare(&mut self, simd: S, training: &Training, layout: &Layout, rows: usize) {
        let zero = splat(simd, 0.0);
        let (block, blocks) = ([zero; ROWS], blocks(rows));
        if self.layout.as_ref() != Some(layout) {
            self.places = places::<S>(layout);
            self.parameters = self.places.last().map_or(0, |place| place.biases.end);
            self.layout = Some(layout.clone());
            // Lanes behind the last output must be 0, and stay so.
            self.numbers.clear();
            self.transposed = self.places.iter().map(|place| vec![zero; transposed_size::<S>(place)]).collect();
        }
        grow(&mut self.numbers, self.parameters * (1 + layout.slots), zero);
        grow(&mut self.gradients, self.parameters, zero);
        grow(&mut self.inputs, blocks * training.inputs(), [0.0; ROWS]);
        grow(&mut self.targets, blocks * ROWS, zero);
        for mixtures in &mut self.mixtures {
            grow(mixtures, blocks * ROWS, zero);
        }
        let widest = self.places.iter().map(|place| place.outputs).max().unwrap_or(0);
        let most_vectors = self.places.iter().map(|place| place.vectors).max().unwrap_or(0);
        grow(&mut self.zeros, most_vectors, zero);
        grow(&mut self.delta_numbers, blocks * widest, [0.0; ROWS]);
        for deltas in &mut self.deltas {
            grow(deltas, blocks * most_vectors, block);
        }
        for spread in &mut self.spread {
            grow(spread, blocks * training.outputs(), block);
        }
        if self.layers.len() < self.places.len() {
            let empty = || WideLayer { outputs: Vec::new(), slopes: Vec::new(), numbers: Vec::new() };
            self.layers.resize_with(self.places.len(), empty);
        }
        for (layer, place) in self.layers.iter_mut().zip(&self.places) {
            grow(&mut layer.outputs, blocks * place.vectors, block);
            grow(&mut layer.numbers, blocks * place.outputs, [0.0; ROWS]);
            if has_slopes(training) {
                grow(&mut layer.slopes, blocks * place.vectors, block);
            }
        }
    }

    /// Takes in the numbers of a state, and transposes the weights.
    pub(crate) fn load(&mut self, state: &[f32]) {
        let Some(layout) = &self.layout else { return };
        for slot in 0..=layout.slots {
            let to = &mut self.numbers[slot * self.parameters..][..self.parameters];
            let from = &state[slot * layout.parameters..][..layout.parameters];
            for place in &self.places {
                let rows = lines(&from[place.of_state.weights.clone()], place.outputs);
                for (input, row) in rows.enumerate() {
                    for (vector, numbers) in row.chunks(lanes::<S>()).enumerate() {
                        let within =
                            position(most_columns::<S, Shared>(), [place.inputs, place.vectors], input, vector);
                        let index = place.weights.start + within;
                        to[index].as_mut_slice()[..numbers.len()].copy_from_slice(numbers);
                    }
                }
                let biases = from[place.of_state.biases.clone()].chunks(lanes::<S>());
                for (to, numbers) in to[place.biases.clone()].iter_mut().zip(biases) {
                    to.as_mut_slice()[..numbers.len()].copy_from_slice(numbers);
                }
            }
        }
        self.transpose_weights();
    }

    /// Gives back the numbers of a state.
    pub(crate) fn store(&self, state: &mut [f32]) {
        let Some(layout) = &self.layout else { return };
        for slot in 0..=layout.slots {
            let from = &self.numbers[slot * self.parameters..][..self.parameters];
            let to = &mut state[slot * layout.parameters..][..layout.parameters];
            for place in &self.places {
                let rows = lines_mut(&mut to[place.of_state.weights.clone()], place.outputs);
                for (input, row) in rows.enumerate() {
                    for (vector, numbers) in row.chunks_mut(lanes::<S>()).enumerate() {
                        let within =
                            position(most_columns::<S, Shared>(), [place.inputs, place.vectors], input, vector);
                        let index = place.weights.start + within;
                        numbers.copy_from_slice(&from[index].as_slice()[..numbers.len()]);
                    }
                }
                let biases = to[place.of_state.biases.clone()].chunks_mut(lanes::<S>());
                for (numbers, from) in biases.zip(&from[place.biases.clone()]) {
                    numbers.copy_from_slice(&from.as_slice()[..numbers.len()]);
                }
            }
        }
    }

    /// Exchanges rows and columns of the weights, for the way back.
    pub(crate) fn transpose(&mut self, simd: S) {
        simd.vectorize(
            #[inline(always)]
            || self.transpose_weights(),
        );
    }

    #[inline(always)]
    fn transpose_weights(&mut self) {
        for (place, transposed) in self.places.iter().zip(&mut self.transposed).skip(1) {
            let weights = &self.numbers[place.weights.clone()];
            let below_vectors = place.inputs.div_ceil(lanes::<S>());
            for below in 0..below_vectors {
                let [to_start, to_apart] = column(most_columns::<S, Shared>(), place.outputs, below_vectors, below);
                let inputs = below * lanes::<S>()..place.inputs.min((below + 1) * lanes::<S>());
                for vector in 0..place.vectors {
                    let [from_start, from_apart] =
                        column(most_columns::<S, Shared>(), place.inputs, place.vectors, vector);
                    let start = vector * lanes::<S>();
                    let count = (place.outputs - start).min(lanes::<S>());
                    for (lane, input) in inputs.clone().enumerate() {
                        let from = &weights[from_start + input * from_apart];
                        for (offset, number) in from.as_slice()[..count].iter().enumerate() {
                            transposed[to_start + (start + offset) * to_apart].as_mut_slice()[lane] = *number;
                        }
                    }
                }
            }
        }
    }
}

fn places<S: Simd>(layout: &Layout) -> Vec<WidePlace> {
    let mut end = 0;
    let mut take = |count: usize| {
        let start = end;
        end += count;
        start..end
    };
    let place = |of_state: &LayerPlace| {
        let LayerPlace { inputs, outputs, .. } = *of_state;
        let vectors = outputs.div_ceil(lanes::<S>());
        let (weights, biases) = (take(inputs * vectors), take(vectors));
        WidePlace { inputs, outputs, vectors, weights, biases, of_state: of_state.clone() }
    };
    layout.layers.iter().map(place).collect()
}

fn transposed_size<S: Simd>(place: &WidePlace) -> usize {
    place.outputs * place.inputs.div_ceil(lanes::<S>())
}

/// Vectors of units as single numbers: from `[block][vector][row]` to `[block][unit][row]`.
#[inline(always)]
pub(crate) fn turn<S: Simd>(from: &[[Vector<S>; ROWS]], vectors: usize, units: usize, to: &mut [[f32; ROWS]]) {
    for (from, to) in lines(from, vectors).zip(lines_mut(to, units)) {
        for (from, to) in from.iter().zip(to.chunks_mut(lanes::<S>())) {
            let rows = [from[0].as_slice(), from[1].as_slice(), from[2].as_slice(), from[3].as_slice()];
            for (lane, to) in to.iter_mut().enumerate() {
                *to = [rows[0][lane], rows[1][lane], rows[2][lane], rows[3][lane]];
            }
        }
    }
}

/// Each number in every lane.
pub(crate) fn spread<S: Simd>(simd: S, from: &[[f32; ROWS]], to: &mut [[Vector<S>; ROWS]]) {
    for (from, to) in from.iter().zip(to) {
        for row in 0..ROWS {
            to[row] = splat(simd, from[row]);
        }
    }
}
