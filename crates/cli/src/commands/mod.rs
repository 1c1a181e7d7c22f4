//! A file for each command, named as the command: it reads arguments, calls the libraries, and says what came of it.

pub(crate) mod baseline;
pub(crate) mod check;
pub(crate) mod compare;
pub(crate) mod gate;
pub(crate) mod history;
mod left;
pub(crate) mod plan;
mod predictions;
pub(crate) mod report;
pub(crate) mod run;
pub(crate) mod schema;
pub(crate) mod speed_gate;
mod sweep_file;
mod tables;
