//! Whether there is room for the networks of a sweep.

use swath_core::spec::{Network, Optimizer};

/// Bytes of a number.
const NUMBER: u64 = 4;

/// Bytes that training takes, about: on each of the threads `width` states of this network side by side, each with its
/// parameters, as many numbers for each of the optimiser's moments, gradients, the best weights so far and one copy of
/// all that; and what leaves each layer for the rows of a batch, with its derivatives.
pub(crate) fn needed(network: &Network, optimizer: &Optimizer, batch_size: u32, threads: usize, width: usize) -> u64 {
    let state = network.parameters().saturating_mul(2 * (1 + optimizer.moments()) + 2);
    let images = network.images().into_iter().skip(1).map(|image| image.inputs());
    let units: u64 = network.layers().iter().map(|&units| u64::from(units)).chain(images).sum();
    let activations = units.saturating_mul(u64::from(batch_size)).saturating_mul(3);
    state.saturating_add(activations).saturating_mul(NUMBER).saturating_mul((threads * width) as u64)
}

/// Bytes that can be had without swapping; `None` where the system does not say.
pub(crate) fn available() -> Option<u64> {
    available_in(&fs_err::read_to_string("/proc/meminfo").ok()?)
}

fn available_in(text: &str) -> Option<u64> {
    let line = text.lines().find_map(|line| line.strip_prefix("MemAvailable:"))?;
    let kibibytes: u64 = line.trim().strip_suffix(" kB")?.parse().ok()?;
    Some(kibibytes * 1024)
}

/// `1.5 GB`, `640 TB`.
pub(crate) fn in_words(bytes: u64) -> String {
    let mut number = bytes as f64 / 1e6;
    let mut unit = "MB";
    for larger in ["GB", "TB", "PB"] {
        if number >= 1000.0 {
            number /= 1000.0;
            unit = larger;
        }
    }
    if number < 10.0 { format!("{number:.1} {unit}") } else { format!("{number:.0} {unit}") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::fake_engine::training;

    #[test]
    fn a_network_takes_its_parameters_many_times_over_on_each_thread_and_lane() {
        let training = training();
        let mut network = training.network.clone();
        // 1-1000-1: 3,001 parameters; without moments four numbers each, and 3 * 1,002 a row.
        network.model.hidden = vec![1_000];
        let one = 4 * (3_001 * 4 + 1_002 * 3 * 5);
        assert_eq!(needed(&network, &training.optimizer, 5, 1, 1), one);
        assert_eq!(needed(&network, &training.optimizer, 5, 2, 8), 16 * one);
        network.model.hidden = vec![65_536; 100];
        assert!(needed(&network, &training.optimizer, u32::MAX, 64, 16) > 1 << 50, "nothing overflows");
    }

    #[test]
    fn free_memory_is_read_from_what_the_system_says() {
        let text = "MemTotal:       24000000 kB\nMemFree:         1000000 kB\nMemAvailable:   20000000 kB\n";
        assert_eq!(available_in(text), Some(20_480_000_000));
        assert_eq!(available_in("MemTotal: 1 kB\n"), None);
        assert_eq!(available_in("MemAvailable: many\n"), None);
    }

    #[test]
    fn bytes_are_said_in_two_figures_and_a_unit() {
        let said = [1_500_000, 999_000_000, 1_500_000_000, 640_000_000_000, 3_000_000_000_000_000].map(in_words);
        assert_eq!(said, ["1.5 MB", "999 MB", "1.5 GB", "640 GB", "3.0 PB"]);
    }
}
