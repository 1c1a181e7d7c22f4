//! Tests of whole files: from bytes to the rows of a replicate.

mod dataset;
mod digest;
mod files;
mod replicate;
mod support;
