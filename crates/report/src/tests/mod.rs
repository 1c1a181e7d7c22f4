//! The crate's promises, held on synthetic sweeps.

mod curves;
mod fixture;
mod laws;
mod odd;
mod pages;
mod tables;
