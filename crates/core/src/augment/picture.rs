//! A picture turned, scaled, moved, mirrored and blotted.

use super::below;
use crate::data::Image;
use crate::spec::{Augmentation, ImageShape};

/// What was drawn for one picture.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Change {
    /// Whether left and right are exchanged.
    flip: bool,
    /// Cosine and sine of the angle of the turn, each divided by the factor of the scale: the way back from a pixel of
    /// the result. `None`: pixels stay whole.
    turn: Option<[f32; 2]>,
    /// Pixels down and right.
    shift: [i32; 2],
    /// First row and column of the blot, and its side; it may begin outside.
    blot: Option<([i32; 2], i32)>,
}

impl Change {
    /// From two times four words of random bits, of which each transformation has its own: so what a word decides is the same
    /// whatever else is done.
    pub(super) fn new(augmentation: &Augmentation, shape: ImageShape, words: [[u32; 4]; 2]) -> Self {
        let Augmentation { flip, rotate, scale, shift, cutout, noise: _, mixup: _ } = *augmentation;
        let [[down, right, angle, factor], [mirror, row, column, _]] = words;
        let turn = (rotate > 0.0 || scale > 0.0).then(|| {
            let angle = (symmetric(angle) * rotate).to_radians();
            let factor = 1.0 + symmetric(factor) * scale;
            [(libm::cos(angle) / factor) as f32, (libm::sin(angle) / factor) as f32]
        });
        let moved = |word| below(word, 2 * shift + 1).cast_signed() - shift.cast_signed();
        let corner = |word, size| below(word, size).cast_signed() - cutout.cast_signed() / 2;
        let blot = ([corner(row, shape.height), corner(column, shape.width)], cutout.cast_signed());
        Self {
            flip: flip && mirror >> 31 == 1,
            turn,
            shift: [moved(down), moved(right)],
            blot: (cutout > 0).then_some(blot),
        }
    }

    /// Writes the changed picture. Both hold the pixels of [`ImageShape`].
    pub(super) fn apply(&self, image: &Image, from: &[f32], to: &mut [f32]) {
        let Image { shape, background } = image;
        let (width, channels) = (shape.width as usize, shape.channels as usize);
        let source = Source { shape: *shape, pixels: from, flip: self.flip };
        for (row, line) in (0..).zip(to.chunks_mut(width * channels)) {
            for (column, pixel) in (0..).zip(line.chunks_mut(channels)) {
                if self.is_blotted(row, column) {
                    pixel.copy_from_slice(background);
                } else if let Some(turn) = self.turn {
                    source.interpolate(self.origin(*shape, turn, row, column), background, pixel);
                } else {
                    let [down, right] = self.shift;
                    pixel.copy_from_slice(source.pixel(row - down, column - right).unwrap_or(background));
                }
            }
        }
    }

    fn is_blotted(&self, row: i32, column: i32) -> bool {
        let Some(([top, left], side)) = self.blot else { return false };
        (top..top + side).contains(&row) && (left..left + side).contains(&column)
    }

    /// Where in the picture, mirrored if it is, what comes to a pixel was: row and column.
    fn origin(&self, shape: ImageShape, [cos, sin]: [f32; 2], row: i32, column: i32) -> [f32; 2] {
        let centre = [shape.height, shape.width].map(|size| (size - 1) as f32 * 0.5);
        let [down, right] = self.shift;
        let y = (row - down) as f32 - centre[0];
        let x = (column - right) as f32 - centre[1];
        [centre[0] + (cos * y + sin * x), centre[1] + (cos * x - sin * y)]
    }
}

/// A picture that is read.
struct Source<'a> {
    shape: ImageShape,
    pixels: &'a [f32],
    flip: bool,
}

impl<'a> Source<'a> {
    /// The channels of a pixel; `None` outside.
    fn pixel(&self, row: i32, column: i32) -> Option<&'a [f32]> {
        let (row, column) = (u32::try_from(row).ok()?, u32::try_from(column).ok()?);
        if row >= self.shape.height || column >= self.shape.width {
            return None;
        }
        let column = if self.flip { self.shape.width - 1 - column } else { column };
        let channels = self.shape.channels as usize;
        let start = (row * self.shape.width + column) as usize * channels;
        self.pixels.get(start..start + channels)
    }

    /// Between the four pixels around a place, linearly in both directions; beyond the edge all is background.
    fn interpolate(&self, [y, x]: [f32; 2], background: &[f32], to: &mut [f32]) {
        let (top, left) = (y.floor(), x.floor());
        let (below, right) = (y - top, x - left);
        let (row, column) = (top as i32, left as i32);
        let corner = |down, across| self.pixel(row + down, column + across).unwrap_or(background);
        let corners = [0, 1].map(|down| [corner(down, 0), corner(down, 1)]);
        for (channel, to) in to.iter_mut().enumerate() {
            let [upper, lower] = corners.map(|pair| {
                let [before, behind] = pair.map(|pixel| pixel.get(channel).copied().unwrap_or(0.0));
                before * (1.0 - right) + behind * right
            });
            *to = upper * (1.0 - below) + lower * below;
        }
    }
}

/// Uniform in `[-1, 1)`.
fn symmetric(word: u32) -> f64 {
    f64::from(word) * (2.0 / 4_294_967_296.0) - 1.0
}
