//! What a sweep file may say, as types that cannot be wrong.
//!
//! Ranges are the parser's to check, once; past it, a value of these types is valid.

mod data;
mod model;
mod train;

pub use data::{DataSpec, Missing, Scale, Task, Transform, Validation};
pub use model::{Activation, Distribution, Initializer, ModelSpec, Network, VarianceScaling};
pub use train::{
    AdamForm, AdamSettings, Decay, EarlyStopping, EvaluateTraining, Loss, Milestones, Optimizer, Plateau, RmsPropForm,
    Schedule, SgdForm, TimeUnit, TrainSpec, WarmUp,
};
