//! Layers that see an image: convolutions and pooling. They stand before the dense layers.

use super::ImageShape;

/// A layer from one image to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ImageLayer {
    /// A convolution, followed by normalisation, activation and dropout as a dense hidden layer is.
    Convolution(Convolution),
    /// Pooling: nothing of it is trained.
    Pool(Pool),
}

/// A convolution as Keras' `Conv2D` and PyTorch's `Conv2d` define it: a cross-correlation, with a bias a filter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Convolution {
    /// Channels of the image that leaves it; at least 1.
    pub filters: u32,
    /// Height and width of what a filter sees; at least 1.
    pub kernel: u32,
    /// Pixels from one place of the filter to the next; at least 1.
    pub stride: u32,
    /// What lies beyond the edge.
    pub padding: Padding,
}

/// What a convolution sees beyond the edge of an image.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Padding {
    /// Nothing: a filter stays inside. (The default of Keras and PyTorch.)
    Valid,
    /// Zeros, so that ceil(side / stride) pixels leave it; where their number is odd, the last side has one more (Keras).
    Same,
}

/// Pooling over squares that lie beside each other. Pixels at the end that fill no square are left out (Keras, PyTorch).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Pool {
    /// Height and width of a square; at least 1.
    pub size: u32,
    /// What stands for it.
    pub kind: PoolKind,
}

/// What stands for a square of pixels, channel by channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PoolKind {
    /// Its largest number.
    Max,
    /// Its mean.
    Average,
}

impl ImageLayer {
    /// The image that leaves it; `None` where a filter or a square does not fit into `image`, or nothing would leave it.
    pub fn output(self, image: ImageShape) -> Option<ImageShape> {
        let ImageShape { height, width, channels } = image;
        let sides = |of: fn(Self, u32) -> Option<u32>| Some([of(self, height)?, of(self, width)?]);
        let [height, width] = sides(|layer, side| match layer {
            Self::Convolution(Convolution { kernel, stride, padding: Padding::Valid, .. }) => {
                side.checked_sub(kernel).and_then(|rest| rest.checked_div(stride)).map(|steps| steps + 1)
            }
            Self::Convolution(Convolution { stride, padding: Padding::Same, .. }) => {
                (stride > 0).then(|| side.div_ceil(stride))
            }
            Self::Pool(Pool { size, .. }) => side.checked_div(size).filter(|&squares| squares > 0),
        })?;
        Some(ImageShape { height, width, channels: self.filters().unwrap_or(channels) })
    }

    /// Filters of a convolution; `None` of pooling, which leaves channels as they are.
    pub fn filters(self) -> Option<u32> {
        match self {
            Self::Convolution(convolution) => Some(convolution.filters),
            Self::Pool(_) => None,
        }
    }

    /// Trainable parameters where so many channels enter: weights and a bias a filter.
    pub fn parameters(self, channels: u32) -> u64 {
        match self {
            Self::Convolution(convolution) => {
                let seen = convolution.inputs_of_a_filter(channels);
                seen.saturating_add(1).saturating_mul(u64::from(convolution.filters))
            }
            Self::Pool(_) => 0,
        }
    }
}

impl Convolution {
    /// Numbers that a filter sees at a place.
    pub fn inputs_of_a_filter(self, channels: u32) -> u64 {
        let side = u64::from(self.kernel);
        (side * side).saturating_mul(u64::from(channels))
    }

    /// Zeros before the first and after the last pixel of a side.
    pub fn zeros(self, side: u32) -> [u32; 2] {
        match self.padding {
            Padding::Valid => [0, 0],
            Padding::Same => {
                let covered = (side.div_ceil(self.stride.max(1)).saturating_sub(1) * self.stride) + self.kernel;
                let zeros = covered.saturating_sub(side);
                [zeros / 2, zeros - zeros / 2]
            }
        }
    }
}

impl std::fmt::Display for ImageLayer {
    /// `conv 8` for a kernel of 3, `conv 8 (kernel 5, stride 2, same)`, `pool 2`, `pool 2 (average)`.
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (start, details) = match self {
            Self::Convolution(Convolution { filters, kernel, stride, padding }) => {
                let mut details = Vec::new();
                if *kernel != 3 {
                    details.push(format!("kernel {kernel}"));
                }
                if *stride != 1 {
                    details.push(format!("stride {stride}"));
                }
                if *padding == Padding::Same {
                    details.push("same".to_owned());
                }
                (format!("conv {filters}"), details)
            }
            Self::Pool(Pool { size, kind }) => {
                let details = if *kind == PoolKind::Average { vec!["average".to_owned()] } else { Vec::new() };
                (format!("pool {size}"), details)
            }
        };
        if details.is_empty() {
            formatter.write_str(&start)
        } else {
            write!(formatter, "{start} ({})", details.join(", "))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DIGIT: ImageShape = ImageShape { height: 8, width: 8, channels: 1 };

    fn convolution(filters: u32, kernel: u32, stride: u32, padding: Padding) -> ImageLayer {
        ImageLayer::Convolution(Convolution { filters, kernel, stride, padding })
    }

    fn pool(size: u32) -> ImageLayer {
        ImageLayer::Pool(Pool { size, kind: PoolKind::Max })
    }

    /// Shapes by Keras 3.15 (`Conv2D` and `MaxPooling2D`, channels last).
    #[test]
    fn what_leaves_a_layer_has_the_shape_that_keras_says() {
        let text = |layer: ImageLayer, image| layer.output(image).map(|shape: ImageShape| shape.to_string());
        let wide = ImageShape { height: 7, width: 10, channels: 3 };
        for (layer, image, wanted) in [
            (convolution(8, 3, 1, Padding::Valid), DIGIT, Some("6 x 6 x 8")),
            (convolution(8, 3, 1, Padding::Same), DIGIT, Some("8 x 8 x 8")),
            (convolution(4, 3, 2, Padding::Valid), wide, Some("3 x 4 x 4")),
            (convolution(4, 3, 2, Padding::Same), wide, Some("4 x 5 x 4")),
            (convolution(4, 2, 3, Padding::Same), wide, Some("3 x 4 x 4")),
            (convolution(2, 8, 1, Padding::Valid), DIGIT, Some("1 x 1 x 2")),
            (convolution(2, 9, 1, Padding::Valid), DIGIT, None),
            (pool(2), wide, Some("3 x 5 x 3")),
            (pool(8), wide, None),
        ] {
            assert_eq!(text(layer, image).as_deref(), wanted, "{layer} of {image}");
        }
    }

    #[test]
    fn zeros_lie_around_the_image_with_one_more_behind_it() {
        let zeros =
            |kernel, stride, side| Convolution { filters: 1, kernel, stride, padding: Padding::Same }.zeros(side);
        assert_eq!(zeros(3, 1, 8), [1, 1]);
        assert_eq!(zeros(2, 1, 8), [0, 1]);
        assert_eq!(zeros(4, 1, 8), [1, 2]);
        assert_eq!(zeros(3, 2, 8), [0, 1]);
        assert_eq!(zeros(1, 2, 8), [0, 0]);
        assert_eq!(Convolution { filters: 1, kernel: 3, stride: 1, padding: Padding::Valid }.zeros(8), [0, 0]);
    }

    #[test]
    fn a_filter_has_a_weight_for_all_that_it_sees_and_a_bias() {
        assert_eq!(convolution(8, 3, 1, Padding::Valid).parameters(1), 80);
        assert_eq!(convolution(4, 5, 2, Padding::Same).parameters(3), 304);
        assert_eq!(pool(2).parameters(8), 0);
    }

    #[test]
    fn layers_are_named_in_short() {
        assert_eq!(convolution(8, 3, 1, Padding::Valid).to_string(), "conv 8");
        assert_eq!(convolution(8, 5, 2, Padding::Same).to_string(), "conv 8 (kernel 5, stride 2, same)");
        assert_eq!(pool(2).to_string(), "pool 2");
        assert_eq!(ImageLayer::Pool(Pool { size: 3, kind: PoolKind::Average }).to_string(), "pool 3 (average)");
    }
}
