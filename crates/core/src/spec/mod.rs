//! What a sweep file may say, as types that cannot be wrong.
//!
//! Ranges are the parser's to check, once; past it, a value of these types is valid.

mod augmentation;
mod data;
mod image;
mod image_layer;
mod model;
mod schedule;
mod train;

pub use augmentation::Augmentation;
pub use data::{DataSpec, Missing, Scale, Transform, Validation};
pub use image::ImageShape;
pub use image_layer::{Convolution, ImageLayer, Padding, Pool, PoolKind};
pub use model::{
    Activation, BatchNormForm, Distribution, Initializer, ModelSpec, Network, Normalization, VarianceScaling,
};
pub use schedule::{
    CosineRestarts, Decay, Linear, Milestones, OneCycle, Piecewise, Plateau, Schedule, TimeUnit, WarmUp,
};
pub use swath_metrics::Task;
pub use train::{
    AdagradForm, AdamForm, AdamSettings, ClassWeights, Clip, ClipForm, EarlyStopping, EvaluateTraining, Loss,
    Optimizer, RmsPropForm, SgdForm, TrainSpec,
};
