//! What is computed, each written once over a lane vector.

pub(crate) mod activation;
pub(crate) mod clip;
pub(crate) mod dense;
pub(crate) mod dropout;
pub(crate) mod gather;
pub(crate) mod log_cosh;
pub(crate) mod loss;
pub(crate) mod mixture;
pub(crate) mod normalization;
pub(crate) mod objective;
pub(crate) mod panel;
