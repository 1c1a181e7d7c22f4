//! Update rules: from a specification to an optimiser of a burn module.
//!
//! Stochastic gradient descent in PyTorch's form is burn's own, with every number stated. The others are ours: burn has
//! no Keras forms, and it rounds the decays to f32 before it takes them from 1, which loses up to 1e-5 of 1 - beta and
//! moves `RMSprop` off PyTorch's figures. Ours work on plain numbers, one loop a parameter tensor, where burn's Adam is a
//! dozen tensor operations. The penalty `l2` and clipping come before any of them.

mod adagrad;
mod adam;
mod clip;
mod gradients;
mod module_optimizer;
mod rms_prop;
mod rule;
mod sgd;
#[cfg(test)]
mod tests;

pub use self::gradients::penalize_and_clip;
pub use self::module_optimizer::module_optimizer;
