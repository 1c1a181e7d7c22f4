//! The crate's promises, held on synthetic sweeps.

mod agreement;
mod answer;
mod compare;
mod confirmation;
mod curves;
mod effects;
mod efforts;
mod ensembles;
mod fit;
pub(crate) mod fixture;
mod gate;
mod hostile;
mod html;
mod laws;
mod markup;
mod objective;
mod odd;
mod pages;
mod pictures;
mod predictions;
mod rates;
mod said;
mod simulation;
mod tables;
