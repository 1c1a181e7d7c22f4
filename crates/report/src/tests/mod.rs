//! The crate's promises, held on synthetic sweeps.

mod compare;
mod confirmation;
pub(crate) mod fixture;
mod laws;
mod odd;
mod pages;
mod tables;
