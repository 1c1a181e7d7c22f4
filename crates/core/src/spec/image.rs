//! Inputs that are the pixels of an image.

/// The shape of an image. Its inputs are row-major with the channels last: the channels of the first pixel, then those
/// of the pixel to its right, and so on, row by row from the top.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ImageShape {
    /// Rows of pixels; at least 1.
    pub height: u32,
    /// Pixels of a row; at least 1.
    pub width: u32,
    /// Numbers of a pixel: 1 for grey, 3 for colour; at least 1.
    pub channels: u32,
}

impl ImageShape {
    /// How many inputs it takes.
    pub fn inputs(&self) -> u64 {
        u64::from(self.height).saturating_mul(u64::from(self.width)).saturating_mul(u64::from(self.channels))
    }

    /// A shape that so many inputs do make, as near to this one as can be: with other channels, up to four; else with its
    /// channels as a square, with its height or with its width. `None` where there is none.
    pub fn nearest(&self, inputs: u32) -> Option<Self> {
        let other_channels = (1..=4).map(|channels| Self { channels, ..*self });
        if let Some(shape) = other_channels.into_iter().find(|shape| shape.inputs() == u64::from(inputs)) {
            return Some(shape);
        }
        let channels = if inputs.is_multiple_of(self.channels.max(1)) { self.channels.max(1) } else { 1 };
        let pixels = inputs / channels;
        let side = pixels.isqrt();
        let of = |height: u32| (height > 0 && pixels.is_multiple_of(height)).then(|| pixels / height);
        let (height, width) = if side * side == pixels {
            (side, side)
        } else if let Some(width) = of(self.height) {
            (self.height, width)
        } else {
            (of(self.width)?, self.width)
        };
        (inputs > 0).then_some(Self { height, width, channels })
    }
}

impl std::fmt::Display for ImageShape {
    /// `8 x 8`, or `32 x 32 x 3`.
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { height, width, channels } = self;
        match channels {
            1 => write!(formatter, "{height} x {width}"),
            _ => write!(formatter, "{height} x {width} x {channels}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_shape_is_a_square_or_keeps_a_side() {
        let nearest = |[height, width, channels]: [u32; 3], inputs| {
            ImageShape { height, width, channels }.nearest(inputs).map(|shape| shape.to_string())
        };
        assert_eq!(nearest([8, 9, 1], 64).as_deref(), Some("8 x 8"));
        assert_eq!(nearest([8, 9, 1], 80).as_deref(), Some("8 x 10"));
        assert_eq!(nearest([7, 9, 1], 54).as_deref(), Some("6 x 9"));
        assert_eq!(nearest([32, 32, 1], 3072).as_deref(), Some("32 x 32 x 3"));
        assert_eq!(nearest([30, 30, 3], 3072).as_deref(), Some("32 x 32 x 3"));
        assert_eq!(nearest([8, 8, 3], 64).as_deref(), Some("8 x 8"));
        assert_eq!(nearest([8, 9, 1], 61), None);
    }
}
