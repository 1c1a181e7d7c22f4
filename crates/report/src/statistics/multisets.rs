//! All resamples with replacement of a few replicates, each with its number of ways.

/// The most replicates whose resamples are enumerated: C(15, 8) = 6,435 multisets.
pub(super) const MOST_ENUMERATED: usize = 8;

/// Every way to draw `n` of `n` replicates: how often each is drawn, and the number of orders that draw so.
///
/// The numbers of orders sum to n^n. Empty for more than [`MOST_ENUMERATED`] replicates.
pub(super) fn multisets(n: usize) -> Vec<(Vec<usize>, u64)> {
    let mut found = Vec::new();
    if n <= MOST_ENUMERATED {
        extend(&mut Vec::with_capacity(n), n, n, factorial(n), &mut found);
    }
    found
}

/// Appends the counts of the remaining replicates; `ways` is n! over the factorials of the counts so far.
fn extend(counts: &mut Vec<usize>, n: usize, left: usize, ways: u64, found: &mut Vec<(Vec<usize>, u64)>) {
    if counts.len() == n {
        if left == 0 {
            found.push((counts.clone(), ways));
        }
        return;
    }
    for count in 0..=left {
        counts.push(count);
        extend(counts, n, left - count, ways / factorial(count), found);
        counts.pop();
    }
}

fn factorial(n: usize) -> u64 {
    (1..=n as u64).product()
}

#[cfg(test)]
mod tests {
    use super::{MOST_ENUMERATED, multisets};

    #[test]
    fn five_replicates_have_126_multisets_and_all_orders_are_counted() {
        assert_eq!(multisets(5).len(), 126);
        for n in 1..=MOST_ENUMERATED {
            let orders: u64 = multisets(n).iter().map(|(_, ways)| ways).sum();
            assert_eq!(orders, (n as u64).pow(u32::try_from(n).unwrap()));
        }
        assert!(multisets(MOST_ENUMERATED + 1).is_empty());
    }
}
