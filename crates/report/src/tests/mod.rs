//! The crate's promises, held on synthetic sweeps.

pub(crate) mod fixture;
mod laws;
mod odd;
mod pages;
mod pictures;
mod tables;
