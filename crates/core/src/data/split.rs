//! The rows of one replicate, as an engine sees them.

use crate::spec::{ImageShape, Transform};

/// The rows of one replicate.
#[derive(Debug, Clone, PartialEq)]
pub struct Split {
    /// Rows that are learnt from.
    pub train: Part,
    /// Rows that choose.
    pub validation: Part,
    /// Rows that are never used to choose; may be empty.
    pub test: Part,
    /// How a regression target was scaled; the identity for classification.
    pub target_scale: TargetScale,
    /// Where the inputs are the pixels of an image.
    pub image: Option<Image>,
}

/// An image that rows of inputs are.
#[derive(Debug, Clone, PartialEq)]
pub struct Image {
    /// Where each pixel stands.
    pub shape: ImageShape,
    /// What a raw 0 is after scaling, one a channel.
    pub background: Vec<f32>,
}

/// Rows of inputs and their targets.
#[derive(Debug, Clone, PartialEq)]
pub struct Part {
    /// Row-major, `rows * columns` values, scaled.
    pub inputs: Vec<f32>,
    /// Columns of `inputs`.
    pub columns: usize,
    /// One target a row.
    pub targets: Targets,
}

/// Targets of rows.
#[derive(Debug, Clone, PartialEq)]
pub enum Targets {
    /// Transformed and scaled numbers.
    Numbers {
        /// In the units that are trained on.
        scaled: Vec<f32>,
        /// In the target's own units.
        own: Vec<f64>,
    },
    /// Class indices, from 0, in the order of the classes' sorted names.
    Classes(Vec<u32>),
}

impl Targets {
    /// How many.
    pub fn len(&self) -> usize {
        match self {
            Self::Numbers { scaled, .. } => scaled.len(),
            Self::Classes(classes) => classes.len(),
        }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl Part {
    /// How many rows.
    pub fn rows(&self) -> usize {
        self.targets.len()
    }

    /// So many rows: the first, and from the beginning again where there are fewer.
    #[must_use]
    pub fn first_rows(&self, rows: usize) -> Self {
        fn repeated<T: Copy>(values: &[T], count: usize) -> Vec<T> {
            values.iter().copied().cycle().take(count).collect()
        }
        Self {
            inputs: repeated(&self.inputs, rows * self.columns),
            columns: self.columns,
            targets: match &self.targets {
                Targets::Numbers { scaled, own } => {
                    Targets::Numbers { scaled: repeated(scaled, rows), own: repeated(own, rows) }
                }
                Targets::Classes(classes) => Targets::Classes(repeated(classes, rows)),
            },
        }
    }
}

/// From the units that are trained on back to the target's own: scaled = (transform(own) - shift) / factor.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TargetScale {
    /// Taken off after the transform.
    pub shift: f64,
    /// Divided by after that; never 0.
    pub factor: f64,
    /// Applied first.
    pub transform: Option<Transform>,
}

impl TargetScale {
    /// Nothing is changed.
    pub const IDENTITY: Self = Self { shift: 0.0, factor: 1.0, transform: None };

    /// A prediction in the target's own units.
    pub fn to_own_units(&self, scaled: f64) -> f64 {
        let transformed = scaled * self.factor + self.shift;
        match self.transform {
            None => transformed,
            Some(Transform::Log) => libm::exp(transformed),
            Some(Transform::Log1p) => libm::expm1(transformed),
            Some(Transform::Sqrt) => transformed * transformed,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_begin_again_where_a_part_has_fewer() {
        let part = Part { inputs: vec![1.0, 2.0, 3.0, 4.0], columns: 2, targets: Targets::Classes(vec![0, 1]) };
        let three = part.first_rows(3);
        assert_eq!(three.inputs, [1.0, 2.0, 3.0, 4.0, 1.0, 2.0]);
        assert_eq!(three.targets, Targets::Classes(vec![0, 1, 0]));
        assert_eq!(part.first_rows(1).rows(), 1);
    }
}
