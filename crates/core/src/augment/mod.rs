//! Training rows changed at random, anew in each epoch: the pictures turned, moved and blotted, noise added, rows mixed.
//!
//! What happens to a row is decided by (seed, replicate, purpose, epoch, row) alone: never by the batch it comes in, by
//! what else is trained, or by what else is done to it. Every row has its own place in each of three streams, and every
//! transformation its own words there, so that two augmentations of one sweep move a picture by the same pixels.

mod gaussian;
#[cfg(test)]
mod golden;
mod mixup;
mod picture;
#[cfg(test)]
mod tests;

use swath_lanes::philox;

use self::mixup::Mixture;
use self::picture::Change;
use crate::data::{Image, Part, Split, Targets};
use crate::random::{Purpose, Stream};
use crate::spec::Augmentation;

/// The training rows of an epoch.
#[derive(Debug, Clone, PartialEq)]
pub struct Augmented {
    /// In the order of the rows that they were made of. Mixed numbers stand in the targets; mixed classes do not.
    pub rows: Part,
    /// What was mixed into the classes.
    pub mixed: Option<MixedClasses>,
}

/// Classes of which each row is in part.
#[derive(Debug, Clone, PartialEq)]
pub struct MixedClasses {
    /// The other class of every row.
    pub others: Vec<u32>,
    /// Its share, from 0 to 1; the rest is of the row's own class.
    pub shares: Vec<f32>,
}

impl MixedClasses {
    /// The share of a row's other class; NaN past the last row.
    pub fn share(&self, row: u32) -> f32 {
        self.shares.get(row as usize).copied().unwrap_or(f32::NAN)
    }
}

/// The training rows of a replicate as they are in an epoch.
///
/// Rows that are no pictures keep their shape: transformations of pictures leave them as they are, and a sweep file that
/// asks for them is refused.
pub fn augment(augmentation: &Augmentation, data: &Split, seed: u64, replicate: u32, epoch: u32) -> Augmented {
    let mut rows = data.train.clone();
    if let (Some(image), Some(_)) = (&data.image, augmentation.of_pictures()) {
        change_pictures(
            augmentation,
            image,
            &data.train,
            &mut rows,
            stream(seed, replicate, Purpose::Augmentation, epoch),
        );
    }
    if augmentation.noise > 0.0 {
        let name = stream(seed, replicate, Purpose::Noise, epoch);
        let of_a_row = gaussian::blocks(rows.columns);
        for (row, inputs) in (0_u32..).zip(rows.inputs.chunks_mut(rows.columns.max(1))) {
            gaussian::add(name, row.wrapping_mul(of_a_row), augmentation.noise as f32, inputs);
        }
    }
    if augmentation.mixup > 0.0 {
        return mix(augmentation.mixup, &rows, stream(seed, replicate, Purpose::Mixup, epoch));
    }
    Augmented { rows, mixed: None }
}

fn stream(seed: u64, replicate: u32, purpose: Purpose, epoch: u32) -> philox::Name {
    Stream::new(seed, replicate, purpose, epoch).name()
}

fn change_pictures(augmentation: &Augmentation, image: &Image, from: &Part, to: &mut Part, name: philox::Name) {
    let columns = from.columns.max(1);
    let [w1, w2, w3] = name.words;
    let block = |index: u32| philox::block([index, w1, w2, w3], name.key);
    for (row, (from, to)) in (0_u32..).zip(from.inputs.chunks(columns).zip(to.inputs.chunks_mut(columns))) {
        let words = [0, 1].map(|half| block(row.wrapping_mul(2).wrapping_add(half)));
        Change::new(augmentation, image.shape, words).apply(image, from, to);
    }
}

fn mix(alpha: f64, rows: &Part, name: philox::Name) -> Augmented {
    let (count, columns) = (rows.rows() as u32, rows.columns.max(1));
    let mixtures: Vec<Mixture> = (0..count).map(|row| Mixture::new(name, row, count, alpha)).collect();
    let between = |share: f32, own: f32, other: f32| share * own + (1.0 - share) * other;
    let mut inputs = rows.inputs.clone();
    for (to, mixture) in inputs.chunks_mut(columns).zip(&mixtures) {
        let others = rows.inputs.iter().skip(mixture.partner * columns);
        for (to, other) in to.iter_mut().zip(others) {
            *to = between(mixture.share, *to, *other);
        }
    }
    let (targets, mixed) = match &rows.targets {
        Targets::Numbers { scaled, own } => {
            let of = |(mixture, number): (&Mixture, &f32)| {
                between(mixture.share, *number, scaled.get(mixture.partner).copied().unwrap_or(f32::NAN))
            };
            (Targets::Numbers { scaled: mixtures.iter().zip(scaled).map(of).collect(), own: own.clone() }, None)
        }
        Targets::Classes(classes) => {
            let other = |mixture: &Mixture| classes.get(mixture.partner).copied().unwrap_or(u32::MAX);
            let others = mixtures.iter().map(other).collect();
            let shares = mixtures.iter().map(|mixture| 1.0 - mixture.share).collect();
            (Targets::Classes(classes.clone()), Some(MixedClasses { others, shares }))
        }
    };
    Augmented { rows: Part { inputs, columns: rows.columns, targets }, mixed }
}

/// Uniform in `0..bound`, but for a bias of `bound / 2^32`.
fn below(word: u32, bound: u32) -> u32 {
    ((u64::from(word) * u64::from(bound)) >> 32) as u32
}
