//! What augmentations do, and what decides them.

use super::{Augmented, augment};
use crate::data::{Image, Part, Split, TargetScale, Targets};
use crate::spec::{Augmentation, ImageShape};

const NONE: Augmentation = Augmentation::NONE;
const SHAPE: ImageShape = ImageShape { height: 5, width: 4, channels: 1 };
const OUTSIDE: f32 = -9.0;

/// Pictures whose pixels tell row and place: 100 * row + pixel.
fn data(rows: u16) -> Split {
    let inputs = (0..rows).flat_map(|row| (0..20).map(move |pixel| f32::from(100 * row + pixel))).collect();
    let part = |inputs, rows| Part { inputs, columns: 20, targets: Targets::Classes((0..rows).collect()) };
    Split {
        train: part(inputs, u32::from(rows)),
        validation: part(Vec::new(), 0),
        test: part(Vec::new(), 0),
        target_scale: TargetScale::IDENTITY,
        image: Some(Image { shape: SHAPE, background: vec![OUTSIDE] }),
    }
}

fn of(augmentation: Augmentation, rows: u16, epoch: u32) -> Augmented {
    augment(&augmentation, &data(rows), 7, 2, epoch)
}

fn pictures(augmented: &Augmented) -> Vec<&[f32]> {
    augmented.rows.inputs.chunks(20).collect()
}

#[test]
fn a_shift_moves_whole_pixels_by_each_distance_and_fills_what_it_leaves() {
    let augmented = of(Augmentation { shift: 1, ..NONE }, 90, 0);
    let mut seen = std::collections::BTreeSet::new();
    for (row, picture) in (0_i32..).zip(pictures(&augmented)) {
        let original = |y: i32, x: i32| {
            let is_inside = (0..5).contains(&y) && (0..4).contains(&x);
            if is_inside { (100 * row + 4 * y + x) as f32 } else { OUTSIDE }
        };
        let is = |down: i32, right: i32| {
            (0..20).all(|at| picture[at as usize].to_bits() == original(at / 4 - down, at % 4 - right).to_bits())
        };
        let moves: Vec<(i32, i32)> =
            (-1..2).flat_map(|down| (-1..2).map(move |right| (down, right))).filter(|&(d, r)| is(d, r)).collect();
        assert_eq!(moves.len(), 1, "row {row}: {picture:?}");
        seen.extend(moves);
    }
    assert_eq!(seen.len(), 9, "{seen:?}");
}

#[test]
fn a_flip_mirrors_about_half_of_the_pictures_and_leaves_the_others() {
    let augmented = of(Augmentation { flip: true, ..NONE }, 200, 0);
    let plain = data(200).train.inputs;
    let mut flipped = 0;
    for (picture, original) in pictures(&augmented).into_iter().zip(plain.chunks(20)) {
        let mirrored: Vec<f32> = original.chunks(4).flat_map(|line| line.iter().rev().copied()).collect();
        assert!(picture == original || picture == mirrored);
        flipped += usize::from(picture == mirrored);
    }
    assert!(flipped.abs_diff(100) < 30, "{flipped} of 200");
}

#[test]
fn a_cutout_blots_a_square_which_may_hang_over_the_edge() {
    let augmented = of(Augmentation { cutout: 3, ..NONE }, 200, 0);
    let plain = data(200).train.inputs;
    let mut sizes = std::collections::BTreeSet::new();
    for (picture, original) in pictures(&augmented).into_iter().zip(plain.chunks(20)) {
        let blotted: Vec<usize> = (0..20).filter(|&at| picture[at].to_bits() == OUTSIDE.to_bits()).collect();
        assert!((0..20).all(|at| blotted.contains(&at) || picture[at].to_bits() == original[at].to_bits()));
        sizes.insert(blotted.len());
    }
    assert_eq!(sizes, [4, 6, 9].into());
}

#[test]
fn a_turned_picture_keeps_its_centre_and_what_is_even() {
    let mut data = data(50);
    data.train.inputs.fill(3.0);
    data.image.as_mut().unwrap().background = vec![3.0];
    let turned = augment(&Augmentation { rotate: 180.0, scale: 0.9, ..NONE }, &data, 7, 0, 0);
    assert!(turned.rows.inputs.iter().all(|pixel| (pixel - 3.0).abs() < 1e-6));
    let square = ImageShape { height: 3, width: 3, channels: 1 };
    data.image = Some(Image { shape: square, background: vec![0.0] });
    data.train = Part { inputs: (1..=9_u16).map(f32::from).collect(), columns: 9, targets: Targets::Classes(vec![0]) };
    for epoch in 0..20 {
        let turned = augment(&Augmentation { rotate: 45.0, ..NONE }, &data, 7, 0, epoch).rows.inputs;
        assert!((turned[4] - 5.0).abs() < 1e-5, "{turned:?}");
    }
}

#[test]
fn every_epoch_seed_and_replicate_draws_anew_and_the_same_one_draws_the_same() {
    for augmentation in [
        Augmentation { rotate: 20.0, ..NONE },
        Augmentation { noise: 0.1, ..NONE },
        Augmentation { mixup: 0.5, ..NONE },
    ] {
        let first = of(augmentation, 30, 4);
        assert_eq!(first, of(augmentation, 30, 4));
        let data = data(30);
        for other in
            [of(augmentation, 30, 5), augment(&augmentation, &data, 8, 2, 4), augment(&augmentation, &data, 7, 3, 4)]
        {
            assert_ne!(first.rows.inputs, other.rows.inputs);
        }
    }
}

#[test]
fn what_happens_to_a_row_depends_neither_on_the_others_nor_on_what_else_is_done() {
    let all = Augmentation { flip: true, rotate: 20.0, scale: 0.2, shift: 1, cutout: 2, noise: 0.1, mixup: 0.0 };
    let (many, few) = (of(all, 30, 1), of(all, 10, 1));
    assert_eq!(many.rows.inputs[..200], few.rows.inputs);
    let shifted = of(Augmentation { shift: 1, ..NONE }, 30, 1);
    let both = of(Augmentation { shift: 1, cutout: 2, ..NONE }, 30, 1);
    for (shifted, both) in shifted.rows.inputs.iter().zip(&both.rows.inputs) {
        assert!(both.to_bits() == OUTSIDE.to_bits() || both.to_bits() == shifted.to_bits());
    }
    let (noisy, moved) =
        (of(Augmentation { noise: 0.5, ..NONE }, 9, 1), of(Augmentation { noise: 0.5, shift: 1, ..NONE }, 9, 1));
    let plain = data(9).train.inputs;
    let shifted = of(Augmentation { shift: 1, ..NONE }, 9, 1).rows.inputs;
    for at in 0..plain.len() {
        let [alone, beside] = [noisy.rows.inputs[at] - plain[at], moved.rows.inputs[at] - shifted[at]];
        assert!((alone - beside).abs() < 1e-3, "the same noise: {alone} and {beside}");
    }
}

#[test]
fn rows_that_are_no_pictures_take_noise_and_mixtures_alone() {
    let mut table = data(20);
    table.image = None;
    let turned = augment(&Augmentation { rotate: 45.0, ..NONE }, &table, 7, 0, 0);
    assert_eq!(turned.rows, table.train);
    let noisy = augment(&Augmentation { noise: 0.1, ..NONE }, &table, 7, 0, 0);
    assert_eq!((noisy.rows.columns, noisy.rows.targets), (20, table.train.targets));
    assert_ne!(noisy.rows.inputs, table.train.inputs);
}
