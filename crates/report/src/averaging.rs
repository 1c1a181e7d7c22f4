//! A figure averaged over settings within each replicate, so that the replicate stays the unit of analysis.

use std::sync::Arc;

use crate::statistics::mean;

/// One row a setting, one value a replicate; NaN is missing.
#[derive(Debug, Clone, Default)]
pub(crate) struct Rows<'a> {
    values: Vec<&'a [f32]>,
    /// For every row which replicates have a value, a bit each.
    present: Vec<Vec<u64>>,
    /// The rows that were averaged over last, and what came of it.
    averaged: Option<(Vec<usize>, Averages)>,
}

/// A mean for each replicate; `None` where a row lacks it.
pub type Averages = Arc<[Option<f64>]>;

impl<'a> Rows<'a> {
    /// Adds a setting; a slice of no values stands for a point that does not exist.
    pub(crate) fn push(&mut self, row: &'a [f32]) {
        let word =
            |values: &[f32]| values.iter().rev().fold(0, |word: u64, value| word << 1 | u64::from(!value.is_nan()));
        self.present.push(row.chunks(64).map(word).collect());
        self.values.push(row);
    }

    /// How many rows there are.
    pub(crate) fn len(&self) -> usize {
        self.values.len()
    }

    /// The rows that have a value in at least half as many replicates as the fullest row, and in one.
    pub(crate) fn fullest(&self) -> Vec<usize> {
        self.fullest_in_both(self).0
    }

    /// The settings whose points exist on both sides and have values on both in at least half as many replicates as the
    /// fullest, and in one; and how many settings were left out.
    pub(crate) fn fullest_in_both(&self, other: &Self) -> (Vec<usize>, usize) {
        let exists =
            |place: &usize| [self, other].iter().all(|side| !side.present.get(*place).is_none_or(Vec::is_empty));
        let in_both = |place: usize| -> u32 {
            let [one, other] = [self, other].map(|side| side.present.get(place).map_or(&[][..], Vec::as_slice));
            one.iter().zip(other).map(|(one, other)| (one & other).count_ones()).sum()
        };
        let filled: Vec<(usize, u32)> = (0..self.len()).filter(exists).map(|place| (place, in_both(place))).collect();
        let most = filled.iter().map(|(_, filled)| *filled).max().unwrap_or(0);
        let kept: Vec<usize> =
            filled.iter().filter(|(_, filled)| *filled > 0 && 2 * filled >= most).map(|(place, _)| *place).collect();
        let left_out = filled.len() - kept.len();
        (kept, left_out)
    }

    /// The mean over the rows at `kept`, replicate by replicate. Most pairs of levels share their settings, so what was
    /// averaged last is kept.
    pub(crate) fn averages(&mut self, kept: &[usize]) -> Averages {
        if let Some((_, averages)) = self.averaged.as_ref().filter(|(known, _)| known == kept) {
            return Arc::clone(averages);
        }
        let rows: Vec<&[f32]> = kept.iter().filter_map(|place| self.values.get(*place).copied()).collect();
        let replicates = rows.iter().map(|row| row.len()).max().unwrap_or(0);
        let mut values = Vec::with_capacity(rows.len());
        let average = |replicate: usize| {
            values.clear();
            values.extend(rows.iter().filter_map(|row| row.get(replicate).map(|value| f64::from(*value))));
            mean(&values).filter(|_| values.len() == rows.len())
        };
        let averages: Averages = (0..replicates).map(average).collect();
        self.averaged = Some((kept.to_vec(), Arc::clone(&averages)));
        averages
    }
}

/// One less the other, replicate by replicate; `None` where either lacks it.
pub(crate) fn differences(one: &[Option<f64>], other: &[Option<f64>]) -> Vec<Option<f64>> {
    one.iter().zip(other).map(|(one, other)| Some((*one)? - (*other)?)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAN: f32 = f32::NAN;

    fn rows<'a>(rows: &[&'a [f32]]) -> Rows<'a> {
        let mut all = Rows::default();
        for row in rows {
            all.push(row);
        }
        all
    }

    #[test]
    fn a_replicate_that_lacks_a_row_has_no_mean() {
        let mut rows = rows(&[&[1.0, 2.0, NAN], &[3.0, NAN, NAN], &[NAN, NAN, NAN]]);
        assert_eq!(rows.fullest(), [0, 1]);
        assert_eq!(*rows.averages(&[0, 1]), [Some(2.0), None, None]);
        assert_eq!(*rows.averages(&[0]), [Some(1.0), Some(2.0), None]);
        assert_eq!(*rows.averages(&[]), []);
    }

    #[test]
    fn settings_count_by_what_both_sides_have() {
        let one = rows(&[&[1.0; 70], &[1.0; 70], &[], &[1.0; 70]]);
        let mut few = [NAN; 70];
        few[66..].fill(1.0);
        let other = rows(&[&[2.0; 70], &few, &[2.0; 70], &[NAN; 70]]);
        // The second has 4 of 70 in common, the third exists on one side alone, the last has none in common.
        assert_eq!(one.fullest_in_both(&other), (vec![0], 2));
    }
}
