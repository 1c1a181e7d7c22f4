//! In earnest: the same bits alone or among others, on any number of threads, on each instruction set, in shards, and
//! resumed.

use std::collections::BTreeMap;
use std::io::Write;
use std::sync::{Arc, Once};

use proptest::prelude::*;
use swath_core::engine::{Engine, InstructionSet, LanesEngine};
use swath_results::Outcome;
use swath_results::row::Ending;

use crate::root::Root;
use crate::tests::any_trials::{Trials, any_trials};
use crate::tests::fake_engine::trial;
use crate::tests::outcomes::{Trained, train_all};

/// Trains some of the trials together.
fn train(engine: &impl Engine, all: &Trials, chosen: &[usize], threads: usize) -> Trained {
    let mut roots: BTreeMap<usize, Root<'_>> = BTreeMap::new();
    for &index in chosen {
        let (training, settings) = &all.trials[index];
        let root = || Root { training: Arc::clone(&all.trainings[*training]), trials: Vec::new() };
        roots.entry(*training).or_insert_with(root).trials.push((trial(index as u32), settings));
    }
    train_all(engine, roots.into_values().collect(), threads)
}

/// Everything of the outcomes but the effort, to the last bit.
type Bits = BTreeMap<usize, String>;

fn bits(trained: &Trained) -> Bits {
    let outcome = |outcome: &Outcome| format!("{:?} {:?}", outcome.ending, outcome.curves);
    trained.outcomes.iter().map(|(key, of_trial)| (key.0 as usize, outcome(of_trial))).collect()
}

/// The instruction sets that this processor has; what it lacks is said, past the capture of test output.
fn sets() -> Vec<InstructionSet> {
    static SAY: Once = Once::new();
    let sets = InstructionSet::available();
    SAY.call_once(|| {
        for name in InstructionSet::NAMES.iter().filter(|name| sets.iter().all(|set| set.name() != **name)) {
            writeln!(std::io::stderr(), "SKIPPED: this processor has no {name}; no sweep is tested on it").unwrap();
        }
    });
    sets
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn neither_company_nor_threads_nor_instruction_sets_nor_shards_nor_interruptions_change_a_bit(
        all in any_trials(),
        shards in 2_usize..=4,
        of_shards in prop::collection::vec(0_usize..4, 64),
        recorded in 0.0_f64..1.0,
    ) {
        // One engine for all, so that each run finds what others left in its workspaces.
        let engine = LanesEngine::new();
        let everyone: Vec<usize> = (0..all.trials.len()).collect();
        let together = train(&engine, &all, &everyone, 1);
        let expected = bits(&together);
        prop_assert_eq!(expected.len(), everyone.len());
        let has_failed = |outcome: &Outcome| matches!(outcome.ending, Ending::Failed { .. });
        prop_assert_eq!(together.outcomes.values().find(|outcome| has_failed(outcome)), None);

        for threads in [2, 4] {
            prop_assert_eq!(&bits(&train(&engine, &all, &everyone, threads)), &expected, "{} threads", threads);
        }
        for set in sets() {
            let on_set = LanesEngine::on(vec![set]);
            prop_assert_eq!(&bits(&train(&on_set, &all, &everyone, 1)), &expected, "{}", set.name());
        }
        let mut alone = Bits::new();
        for index in &everyone {
            alone.append(&mut bits(&train(&engine, &all, &[*index], 1)));
        }
        prop_assert_eq!(&alone, &expected, "alone");

        let mut in_shards = Bits::new();
        for shard in 0..shards {
            let of_shard = everyone.iter().copied().filter(|index| of_shards[*index] % shards == shard);
            in_shards.append(&mut bits(&train(&engine, &all, &of_shard.collect::<Vec<_>>(), 1)));
        }
        prop_assert_eq!(&in_shards, &expected, "in shards");

        // A run that was interrupted after some trials had ended trains the others.
        let kept = &together.order[..(recorded * together.order.len() as f64) as usize];
        let rest: Vec<usize> =
            everyone.iter().copied().filter(|index| !kept.contains(&trial(*index as u32).key)).collect();
        let mut resumed = bits(&train(&engine, &all, &rest, 2));
        resumed.extend(kept.iter().map(|key| (key.0 as usize, expected[&(key.0 as usize)].clone())));
        prop_assert_eq!(&resumed, &expected, "resumed");
    }
}
