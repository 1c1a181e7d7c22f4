//! `train.augmentation`: how training rows are changed at random, anew in each epoch.

/// What is done to every training row, in the order of the fields. What is 0 or false is not done.
///
/// Flip, rotation, scale and shift are one map of the picture, so that it is interpolated once; without rotation and
/// scale pixels move whole and are not interpolated at all. What comes in from outside the picture is a raw 0, scaled
/// as the pixels of its channel are.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Augmentation {
    /// Left and right are exchanged with probability 1/2.
    pub flip: bool,
    /// The picture turns about its centre by an angle that is uniform between minus and plus this, in degrees;
    /// bilinear. From 0 to 180.
    pub rotate: f64,
    /// It grows about its centre by a factor that is uniform between 1 minus and 1 plus this; bilinear. In `0.0..1.0`.
    pub scale: f64,
    /// It moves down and right by whole pixels, for each of the two uniform between minus and plus this.
    pub shift: u32,
    /// A square of this side is blotted out by raw zeros (`DeVries` and Taylor 2017): its centre is any pixel, so it may
    /// hang over the edge.
    pub cutout: u32,
    /// Standard deviation of Gaussian noise that is added to every input, in the units that enter the network; at least 0.
    pub noise: f64,
    /// Alpha of the symmetric Beta distribution of the share that a row keeps when it is mixed with another training row,
    /// inputs and target (Zhang et al. 2018); at least 0.
    pub mixup: f64,
}

impl Augmentation {
    /// Nothing is done.
    pub const NONE: Self = Self { flip: false, rotate: 0.0, scale: 0.0, shift: 0, cutout: 0, noise: 0.0, mixup: 0.0 };

    /// Whether nothing is done.
    pub fn is_none(&self) -> bool {
        *self == Self::NONE
    }

    /// The first of its transformations that is of pictures, as the sweep file calls it.
    pub fn of_pictures(&self) -> Option<&'static str> {
        let Self { flip, rotate, scale, shift, cutout, noise: _, mixup: _ } = *self;
        [("flip", flip), ("rotate", rotate > 0.0), ("scale", scale > 0.0), ("shift", shift > 0), ("cutout", cutout > 0)]
            .into_iter()
            .find_map(|(name, is_done)| is_done.then_some(name))
    }
}
