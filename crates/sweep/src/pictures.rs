//! Small pictures for the report: training rows, and what each augmentation of a sweep makes of them.

use std::collections::BTreeSet;
use std::sync::Arc;

use swath_core::augment::augment;
use swath_core::data::{Image, Part, Split, Targets};
use swath_core::spec::{Augmentation, ImageShape};
use swath_results::pictures::{AugmentedPictures, Pictures, Pixels};

use crate::file::augmentation_label;
use crate::sweep::Sweep;

/// The largest picture that is kept has this side.
const LONGEST_SIDE: u32 = 32;
/// Augmentations of which pictures are kept.
const MOST_AUGMENTATIONS: usize = 8;
/// Copies of a row, one an epoch.
const COPIES: u32 = 4;
/// Rows that are shown of pictures with few pixels; of others one.
const ROWS: usize = 3;
/// The most numbers of a picture with few pixels.
const FEW_NUMBERS: u64 = 256;
/// Training rows that are looked at: the rows that are shown, and those that are mixed into them.
const FIRST_ROWS: usize = 100;

/// The pictures of a sweep, by the rows of its first replicate; `None` where nothing is augmented, where rows are no small
/// pictures, or where colours are not red, green and blue. `split_of` gives the rows of one of [`Sweep::data`].
pub(crate) fn pictures<'a>(sweep: &Sweep, split_of: impl Fn(usize) -> Option<&'a Arc<Split>>) -> Option<Pictures> {
    let mut augmentations: Vec<Augmentation> = Vec::new();
    for augmentation in sweep.points.iter().filter_map(|point| point.train.augmentation) {
        if !augmentations.contains(&augmentation) {
            augmentations.push(augmentation);
        }
    }
    let point = sweep.points.iter().find(|point| point.train.augmentation.is_some())?;
    let data = split_of(point.data)?;
    let Image { shape, .. } = data.image.as_ref()?;
    let ImageShape { height, width, channels } = *shape;
    if height.max(width) > LONGEST_SIDE || ![1, 3].contains(&channels) {
        return None;
    }
    let data = Split {
        train: data.train.first_rows(data.train.rows().min(FIRST_ROWS)),
        validation: data.validation.first_rows(0),
        test: data.test.first_rows(0),
        target_scale: data.target_scale,
        image: data.image.clone(),
    };
    let scale = Brightness::of(&data.train.inputs);
    let rows = shown_rows(&data.train.targets, if shape.inputs() <= FEW_NUMBERS { ROWS } else { 1 });
    let picture =
        |part: &Part, row: usize| scale.pixels(part.inputs.iter().skip(row * part.columns).take(part.columns));
    let augmented = |augmentation: &Augmentation| {
        let epochs: Vec<Part> =
            (0..COPIES).map(|epoch| augment(augmentation, &data, sweep.seed, 0, epoch).rows).collect();
        let copies = |row: &usize| epochs.iter().map(|epoch| picture(epoch, *row)).collect();
        AugmentedPictures { label: augmentation_label(augmentation), copies: rows.iter().map(copies).collect() }
    };
    Some(Pictures {
        height,
        width,
        channels,
        originals: rows.iter().map(|row| picture(&data.train, *row)).collect(),
        augmentations: augmentations.iter().take(MOST_AUGMENTATIONS).map(augmented).collect(),
    })
}

/// Numbers that enter the network as brightness: the least and the greatest pixel of the rows are 0 and 255.
struct Brightness {
    least: f32,
    greatest: f32,
}

impl Brightness {
    fn of(inputs: &[f32]) -> Self {
        let range = |(least, greatest): (f32, f32), input: &f32| (least.min(*input), greatest.max(*input));
        let (least, greatest) = inputs.iter().fold((f32::INFINITY, f32::NEG_INFINITY), range);
        Self { least, greatest }
    }

    fn pixels<'a>(&self, inputs: impl Iterator<Item = &'a f32>) -> Pixels {
        let step = (self.greatest - self.least) / 255.0;
        Pixels(inputs.map(|input| ((input - self.least) / step).round().clamp(0.0, 255.0) as u8).collect())
    }
}

/// The first row of each of the first classes that come; of numbers the first rows.
fn shown_rows(targets: &Targets, most: usize) -> Vec<usize> {
    let mut seen = BTreeSet::new();
    let is_new = |row: &usize| match targets {
        Targets::Classes(classes) => classes.get(*row).is_some_and(|class| seen.insert(*class)),
        Targets::Numbers { .. } => true,
    };
    (0..targets.len()).filter(is_new).take(most).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn brightness_runs_from_the_least_to_the_greatest_pixel_and_is_cut_beyond() {
        let scale = Brightness::of(&[-1.0, 0.0, 3.0]);
        assert_eq!(scale.pixels([-1.0, 0.0, 1.5, 3.0, 9.0, -9.0].iter()).0, [0, 64, 159, 255, 255, 0]);
        assert_eq!(Brightness::of(&[2.0]).pixels([2.0].iter()).0, [0]);
    }

    #[test]
    fn rows_of_different_classes_are_shown() {
        assert_eq!(shown_rows(&Targets::Classes(vec![4, 4, 2, 4, 0, 1]), 3), [0, 2, 4]);
        assert_eq!(shown_rows(&Targets::Classes(vec![1, 1]), 3), [0]);
        let numbers = Targets::Numbers { scaled: vec![0.0; 9], own: vec![0.0; 9] };
        assert_eq!(shown_rows(&numbers, 3), [0, 1, 2]);
    }
}
