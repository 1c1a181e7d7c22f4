//! The crate's promises, held on synthetic sweeps.

mod agreement;
mod answer;
mod compare;
mod confirmation;
mod curves;
mod effects;
mod fit;
pub(crate) mod fixture;
mod laws;
mod odd;
mod pages;
mod pictures;
mod simulation;
mod tables;
