//! Loss and metric over all rows of a part, in evaluation mode.

use super::epoch::matrix;
use crate::engine::{Evaluation, Part, Training};
use crate::module::{Mlp, device, numbers};
use crate::{data, loss, metric};

/// Rows of one forward pass: bounds memory. The result does not depend on it.
const CHUNK_ROWS: usize = 1024;

/// Evaluates a module without automatic differentiation; `None` where the part has no rows.
pub(super) fn evaluate(training: &Training, module: &Mlp, part: Part) -> Option<Evaluation> {
    let rows = training.data.part(part);
    if rows.rows() == 0 {
        return None;
    }
    let width = training.network.outputs as usize;
    let outputs = predict(module, rows, CHUNK_ROWS);
    Some(Evaluation {
        loss: loss::of_rows(training.loss, &outputs, width, &rows.targets) as f32,
        metric: metric::of_rows(training.metric, &outputs, width, &rows.targets, &training.data.target_scale),
    })
}

/// What leaves the network for a part of the rows; empty where it has none.
pub(super) fn outputs(training: &Training, module: &Mlp, part: Part) -> Vec<f32> {
    let rows = training.data.part(part);
    if rows.rows() == 0 { Vec::new() } else { predict(module, rows, CHUNK_ROWS) }
}

/// What leaves the network for every row, row-major.
pub(super) fn predict(module: &Mlp, part: &data::Part, chunk_rows: usize) -> Vec<f32> {
    let (device, columns) = (device(), part.columns.max(1));
    let mut outputs = Vec::new();
    for chunk in part.inputs.chunks(chunk_rows.max(1) * columns) {
        let inputs = matrix(chunk.to_vec(), chunk.len() / columns, columns, &device);
        outputs.append(&mut numbers(module.forward(inputs)));
    }
    outputs
}
