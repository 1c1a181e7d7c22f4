//! What a sweep file may say, as types that cannot be wrong.
//!
//! Ranges are the parser's to check, once; past it, a value of these types is valid.

mod data;
mod model;
mod train;

pub use data::{DataSpec, Missing, Scale, Task, Transform, Validation};
pub use model::{
    Activation, BatchNormForm, Distribution, Initializer, ModelSpec, Network, Normalization, VarianceScaling,
};
pub use train::{
    AdamForm, AdamSettings, Clip, ClipForm, Decay, EarlyStopping, EvaluateTraining, Loss, Milestones, Optimizer,
    Plateau, RmsPropForm, Schedule, SgdForm, TimeUnit, TrainSpec, WarmUp,
};
