//! A file for each command, named as the command: it reads arguments, calls the libraries, and says what came of it.

pub(crate) mod check;
pub(crate) mod compare;
mod left;
pub(crate) mod plan;
mod predictions;
pub(crate) mod report;
pub(crate) mod run;
pub(crate) mod schema;
mod sweep_file;
mod tables;
