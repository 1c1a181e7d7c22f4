//! Laws of the files.

use std::collections::HashMap;
use std::sync::Arc;

use proptest::prelude::*;
use swath_results::row::Ending;
use swath_results::{Disk, Folder};

use super::fixture::Sweep;
use crate::render::write_all;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn the_order_in_which_outcomes_come_changes_no_byte(order in Just((0..40_usize).collect::<Vec<_>>()).prop_shuffle()) {
        let mut sweep = Sweep::architectures();
        sweep.set_ending(1, 2, Ending::Diverged { epoch: 4 });
        let files = sweep.render();
        let outcomes: Vec<_> = sweep.manifest.keys.iter().map(|key| sweep.outcomes[key].clone()).collect();
        sweep.outcomes = HashMap::new();
        for place in order {
            sweep.outcomes.insert(outcomes[place].key, outcomes[place].clone());
        }
        prop_assert!(files == sweep.render());
    }

    #[test]
    fn scaling_all_losses_by_a_power_of_two_leaves_every_verdict(exponent in -3..4_i32) {
        let sweep = Sweep::architectures();
        let verdicts = |sweep: &Sweep| -> Vec<String> {
            let table = sweep.file("comparisons.csv");
            table.lines().filter_map(|line| line.split(',').nth(12)).map(str::to_owned).collect()
        };
        let before = verdicts(&sweep);
        let mut scaled = Sweep::architectures();
        for outcome in scaled.outcomes.values_mut() {
            if let Ending::Finished(scores) = &mut outcome.ending {
                let factor = 2_f32.powi(exponent);
                scores.last.validation_loss *= factor;
                scores.last.test_loss = scores.last.test_loss.map(|loss| loss * factor);
            }
        }
        prop_assert_eq!(before, verdicts(&scaled));
    }

    #[test]
    fn whatever_is_missing_every_file_is_made(gaps in prop::collection::vec((0..8_usize, 0..5_u32, 0..3_u8), 0..40)) {
        let mut sweep = Sweep::architectures();
        for (point, replicate, kind) in gaps {
            let key = sweep.manifest.key(point, replicate).unwrap();
            if !sweep.outcomes.contains_key(&key) {
                continue;
            }
            match kind {
                0 => sweep.remove(point, replicate),
                1 => sweep.set_ending(point, replicate, Ending::Diverged { epoch: 2 }),
                _ => sweep.set_ending(point, replicate, Ending::Failed { message: "=1".to_owned() }),
            }
        }
        for file in sweep.render() {
            if [".csv", ".svg"].iter().any(|ending| file.name.ends_with(ending)) {
                let text = String::from_utf8(file.bytes).unwrap();
                prop_assert!(!text.contains("NaN") && !text.contains("inf"), "{}", text);
            }
        }
    }
}

#[test]
fn what_is_written_is_what_was_rendered() {
    let place = tempfile::tempdir().unwrap();
    let folder = Folder::create(Arc::new(Disk), place.path(), &"synthetic".parse().unwrap()).unwrap();
    let files = Sweep::architectures().render();
    write_all(&folder, &files).unwrap();
    for file in files {
        assert_eq!(folder.read(&file.name).unwrap(), file.bytes);
    }
}
