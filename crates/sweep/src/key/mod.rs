//! A trial's content key: the hash of everything that determines its result, and of nothing else.
//!
//! | input | in the key | why |
//! |---|---|---|
//! | version of this scheme | yes | a change of meaning must never find old outcomes |
//! | engine and its arithmetic | yes | engines differ in the last bits |
//! | `seed`, replicate | yes | they name all random streams |
//! | content of the used columns | yes | as [`DataFacts::digest`](crate::facts::DataFacts::digest) |
//! | `data.path`, format of the file, unused columns | no | the same rows give the same result from anywhere |
//! | `data.target`, `data.inputs` | yes | by the names and order of the columns in the digest |
//! | `data.task`, `missing`, `rows`, `training_rows`, `validation` or `folds`, `test`, `resplit`, `bootstrap`, `scale`, `image`, `transform`, `ordinal` | yes | they make the rows that are learnt from |
//! | `model.hidden`, `normalization`, `activation`, `dropout`, `initializer` | yes | the network, its architecture applied |
//! | name of the architecture, names and order of the axes, labels | no | what a network is called does not change it |
//! | `train.optimizer` with all its settings, `learning_rate`, `loss`, `label_smoothing`, `class_weights`, `augmentation`, `batch_size`, `drop_last`, `l2`, `clip` | yes | how it learns |
//! | `train.epochs`, `schedule`, `early_stopping` | yes | when it ends, and at which rates |
//! | `train.evaluate_training` | yes | it decides which curves are recorded |
//! | the metric beside the loss | yes, unless it is the default of the task | it is recorded |
//! | whether the loss or the metric decides which point is best | no | it is decided later, among trials |
//! | `name`, `replicates`, `max_trials`, other points of the grid | no | a trial does not know its neighbours |
//! | threads, results folder, machine | no | they change no bit |
//!
//! The hash is BLAKE3 over a self-delimiting text of tagged values, cut to 128 bits: the same on every platform and in
//! every version of the standard library. [`StrandKey`] leaves out what may differ between trials that still share a
//! training state: `learning_rate`, `epochs`, `schedule` and `early_stopping`.

mod hasher;
mod point;
mod schedule;
mod settings;
#[cfg(test)]
mod tests;

pub use point::{PointKeys, StrandKey};
