//! The same bits, signs of zeros included, however trials are packed and batches are cut.

use fearless_simd::Simd;
use proptest::prelude::*;

use super::trials::{Trial, lanes, trainings};
use super::{on_each_instruction_set, sets};
use crate::buffers::{Buffers, rows_of_a_block};
use crate::dispatch::{Workspace, trains_wide};
use crate::kernel::panel::ROWS;
use crate::layout::Layout;
use crate::pack::train_epoch_in_blocks;
use crate::training::{Activation, Loss, Normalization, Optimizer, Sgd, Training};

/// What a trial came to: its loss and, unless it diverged, its numbers.
pub(super) type Bits = Option<(u32, Vec<u32>)>;

/// The bits of each trial of a pack.
pub(super) fn bits(losses: &[Option<f32>], trials: &[Trial]) -> Vec<Bits> {
    assert_eq!(losses.len(), trials.len());
    let bits = |(loss, trial): (&Option<f32>, &Trial)| {
        loss.map(|loss| (loss.to_bits(), trial.numbers.iter().map(|number| number.to_bits()).collect()))
    };
    losses.iter().zip(trials).map(bits).collect()
}

/// The bits of each trial after an epoch.
pub(super) fn train(workspace: &mut Workspace, training: &Training, mut trials: Vec<Trial>) -> Vec<Bits> {
    let layout = Layout::new(training);
    let losses = workspace.train_epoch(training, &layout, &mut lanes(&mut trials, training.loss));
    bits(&losses, &trials)
}

/// The same, one trial at a time with its units side by side; `None` where that is not possible.
pub(super) fn train_wide(workspace: &mut Workspace, training: &Training, mut trials: Vec<Trial>) -> Option<Vec<Bits>> {
    let layout = Layout::new(training);
    let mut train = |trial: &mut Trial| workspace.train_wide_epoch(training, &layout, &mut trial.lane(training.loss));
    trains_wide(training).then(|| {
        let losses: Vec<_> = trials.iter_mut().map(&mut train).collect();
        bits(&losses, &trials)
    })
}

fn check_places(training: &Training, rows: usize, seed: u64) {
    let mut wanted: Option<Bits> = None;
    for set in sets() {
        let mut workspace = set.workspace();
        for count in [1, 2, set.lanes() - 1, set.lanes()] {
            for place in [0, 1, count / 2, count - 1].into_iter().filter(|place| *place < count) {
                let mut trials = Trial::pack(training, rows, seed, count);
                trials.swap(0, place);
                let bits = train(&mut workspace, training, trials).swap_remove(place);
                let wanted = wanted.get_or_insert_with(|| bits.clone());
                assert!(*wanted == bits, "lane {place} of {count} on {} has other bits", set.name());
            }
        }
        let wide = train_wide(&mut workspace, training, Trial::pack(training, rows, seed, 1));
        let is_same = wide.is_none_or(|wide| wanted.iter().eq(&wide));
        assert!(is_same, "units side by side on {} come to other bits", set.name());
    }
}

fn check_cuts<S: Simd>(simd: S, training: &Training, rows: usize, seed: u64) {
    let layout = Layout::new(training);
    let mut wanted = None;
    for block_rows in [training.batch_size.max(rows), ROWS, 2 * ROWS, 5 * ROWS] {
        let mut trials = Trial::pack(training, rows, seed, 3);
        let pack = &mut lanes(&mut trials, training.loss);
        let losses = train_epoch_in_blocks(simd, training, &layout, pack, &mut Buffers::default(), block_rows);
        let bits = bits(&losses, &trials);
        let wanted = wanted.get_or_insert_with(|| bits.clone());
        assert!(*wanted == bits, "{block_rows} rows at a time come to other bits");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn a_trial_has_the_same_bits_anywhere_in_any_pack_and_alone_with_its_units_side_by_side_on_any_instruction_set(
        training in trainings(),
        rows in 1..50usize,
        seed: u64,
    ) {
        check_places(&training, rows, seed);
    }

    #[test]
    fn no_bit_depends_on_how_a_batch_is_cut_into_blocks(training in trainings(), rows in 1..80usize, seed: u64) {
        // Batch normalization sees the whole batch.
        let is_cut = !matches!(training.normalization, Some(Normalization::Batch { .. }));
        let training = Training { normalization: training.normalization.filter(|_| is_cut), ..training };
        on_each_instruction_set!(check_cuts(&training, rows, seed));
    }

    #[test]
    fn batches_are_cut_between_blocks_of_rows_alone(
        training in trainings(),
        layers in prop::collection::vec(1..3000usize, 2..5),
        batch_rows in 1..300usize,
        lanes in prop::sample::select(vec![4usize, 8, 16]),
    ) {
        let is_whole = matches!(training.normalization, Some(Normalization::Batch { .. }));
        let rows = rows_of_a_block(lanes, &Training { layers, ..training }, batch_rows);
        prop_assert!(rows == batch_rows || !is_whole && rows > 0 && rows < batch_rows && rows.is_multiple_of(ROWS));
    }

    #[test]
    fn no_bit_depends_on_what_a_workspace_was_used_for_before(
        trainings in [trainings(), trainings()],
        rows in [1..50usize, 1..50],
        seed: u64,
    ) {
        let [before, after] = trainings;
        for set in sets() {
            let trials = Trial::pack(&after, rows[1], seed, set.lanes());
            let fresh = train(&mut set.workspace(), &after, trials.clone());
            let mut used = set.workspace();
            // Every number of it is NaN, and so is all that it leaves behind.
            let mut poisoned = Trial::pack(&before, rows[0], seed, set.lanes());
            for trial in &mut poisoned {
                trial.numbers.fill(f32::NAN);
                trial.inputs.fill(f32::NAN);
            }
            train_wide(&mut used, &before, poisoned[..2].to_vec());
            train(&mut used, &before, poisoned);
            let wide = train_wide(&mut used, &after, trials[..2].to_vec());
            assert!(wide.is_none_or(|wide| wide == fresh[..2]), "other bits one at a time on {}", set.name());
            assert!(train(&mut used, &after, trials) == fresh, "other bits on {}", set.name());
        }
    }
}

#[test]
fn a_wide_network_whose_batches_are_cut_into_blocks_has_the_same_bits_in_a_pack_and_alone() {
    let training = Training {
        layers: vec![800, 35, 3],
        activation: Activation::Silu,
        normalization: None,
        dropout: 0.3,
        drop_connect: 0.0,
        loss: Loss::CrossEntropy,
        label_smoothing: 0.1,
        optimizer: Optimizer::Sgd(Sgd { momentum: 0.9, dampening: 0.0, nesterov: true, keras: false }),
        l2: 0.01,
        clip: None,
        batch_size: 119,
        drop_last: false,
    };
    let mut wanted = None;
    for set in sets() {
        let trials = Trial::pack(&training, 150, 1, 1);
        let mut workspace = set.workspace();
        let alone = train_wide(&mut workspace, &training, trials.clone()).expect("neither normalization nor clipping");
        assert!(alone[0].is_some());
        assert!(*wanted.get_or_insert_with(|| alone.clone()) == alone, "other bits on {}", set.name());
        assert!(train(&mut workspace, &training, trials) == alone, "other bits in a pack on {}", set.name());
    }
}
