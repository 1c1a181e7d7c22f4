//! Outcomes by key.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use crate::row::{Outcome, TrialKey};

/// One outcome a key, in the order in which the keys came first.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Outcomes {
    list: Vec<Outcome>,
    /// Where the outcome of a key stands in `list`: the map stays small, however large outcomes are.
    places: HashMap<TrialKey, u32>,
}

impl Outcomes {
    /// The outcome of a key.
    pub fn get(&self, key: &TrialKey) -> Option<&Outcome> {
        self.list.get(*self.places.get(key)? as usize)
    }

    /// Keeps an outcome, in the place of an earlier one of its key.
    pub fn insert(&mut self, outcome: Outcome) {
        let next = self.list.len() as u32;
        match self.places.entry(outcome.key) {
            Entry::Vacant(vacant) => {
                vacant.insert(next);
                self.list.push(outcome);
            }
            Entry::Occupied(occupied) => {
                if let Some(earlier) = self.list.get_mut(*occupied.get() as usize) {
                    *earlier = outcome;
                }
            }
        }
    }

    /// Where the outcome of a key stands among all.
    pub fn place(&self, key: &TrialKey) -> Option<usize> {
        self.places.get(key).map(|place| *place as usize)
    }

    /// All of them, in the order in which their keys came first.
    pub fn as_slice(&self) -> &[Outcome] {
        &self.list
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }
}

impl FromIterator<Outcome> for Outcomes {
    fn from_iter<T: IntoIterator<Item = Outcome>>(outcomes: T) -> Self {
        let mut all = Self::default();
        outcomes.into_iter().for_each(|outcome| all.insert(outcome));
        all
    }
}

impl Extend<Outcome> for Outcomes {
    fn extend<T: IntoIterator<Item = Outcome>>(&mut self, outcomes: T) {
        outcomes.into_iter().for_each(|outcome| self.insert(outcome));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::row::{Effort, Ending, PackedCurves};

    fn failed(key: u128, message: &str) -> Outcome {
        let ending = Ending::Failed { message: message.to_owned() };
        Outcome { key: TrialKey(key), ending, curves: PackedCurves::default(), effort: Effort::default() }
    }

    #[test]
    fn a_later_outcome_takes_the_place_of_an_earlier_one() {
        let outcomes: Outcomes = [failed(2, "a"), failed(1, "b"), failed(2, "c")].into_iter().collect();
        assert_eq!(outcomes.as_slice(), [failed(2, "c"), failed(1, "b")]);
        assert_eq!(outcomes.get(&TrialKey(1)), Some(&failed(1, "b")));
        assert_eq!((outcomes.place(&TrialKey(2)), outcomes.get(&TrialKey(3))), (Some(0), None));
    }
}
