//! Rows that are learnt from.

/// The rows of one lane.
#[derive(Debug, Clone, Copy)]
pub struct Rows<'a> {
    /// Row-major.
    pub inputs: &'a [f32],
    /// One a row.
    pub targets: Targets<'a>,
}

/// What is predicted, one a row.
#[derive(Debug, Clone, Copy)]
pub enum Targets<'a> {
    /// Numbers, in the units that are trained on.
    Numbers(&'a [f32]),
    /// Classes from 0.
    Classes(&'a [u32]),
    /// Classes of which each row is in part. In training alone.
    Mixed {
        /// The one of every row.
        classes: &'a [u32],
        /// The other one.
        others: &'a [u32],
        /// The share of the other one, from 0 to 1.
        shares: &'a [f32],
    },
}
