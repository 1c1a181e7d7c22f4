//! Voting and averaging.

use super::said::{Said, Truth};

/// How members are combined.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// Each member has a vote for a class.
    Vote,
    /// The mean of the members' probabilities, or of their numbers.
    Averaging,
    /// A last layer that was fitted on what the members say of validation rows.
    Stacking,
}

impl Way {
    /// As columns call it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Vote => "vote",
            Self::Averaging => "averaging",
            Self::Stacking => "stacking",
        }
    }

    /// As pages call it.
    pub fn label(self) -> &'static str {
        match self {
            Self::Vote => "majority vote",
            Self::Averaging => "averaging",
            Self::Stacking => "stacking",
        }
    }
}

/// What members say together, way by way.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Combined {
    averaged: Said<'static>,
    /// `None` for numbers, which are not voted on.
    voted: Option<Said<'static>>,
}

impl Combined {
    /// What they say in one way; `None` where there is no such way: a stack is not made of test rows.
    pub(super) fn of(&self, way: Way) -> Option<&Said<'static>> {
        match way {
            Way::Vote => self.voted.as_ref(),
            Way::Averaging => Some(&self.averaged),
            Way::Stacking => None,
        }
    }
}

/// The members combined, which say something of the rows of `truth`.
pub(super) fn combine(members: &[&Said<'_>], truth: Truth<'_>) -> Combined {
    let means = mean(members);
    match truth {
        Truth::Classes(truth, classes) => {
            let voted = Some(Said::of_classes(vote(members, &means, truth.len(), classes)));
            Combined { averaged: Said::of_probabilities(means, classes), voted }
        }
        Truth::Numbers(_) => Combined { averaged: Said::of_numbers(means), voted: None },
    }
}

/// The mean of the members' numbers, place by place.
fn mean(members: &[&Said<'_>]) -> Vec<f64> {
    let Some((first, others)) = members.split_first() else { return Vec::new() };
    let mut sums = first.numbers.to_vec();
    for member in others {
        for (sum, number) in sums.iter_mut().zip(&*member.numbers) {
            *sum += number;
        }
    }
    for sum in &mut sums {
        *sum /= members.len() as f64;
    }
    sums
}

/// The class of most votes; of several the one with the largest of `means`, the mean probabilities, and of these the first.
fn vote(members: &[&Said<'_>], means: &[f64], rows: usize, classes: usize) -> Vec<u32> {
    let mut votes = vec![0_u32; classes];
    let mut chosen = Vec::with_capacity(rows);
    for row in 0..rows {
        votes.fill(0);
        for member in members {
            if let Some(votes) = member.classes.get(row).and_then(|class| votes.get_mut(*class as usize)) {
                *votes += 1;
            }
        }
        let weight = |class: usize| {
            let mean = means.get(row * classes + class).copied().unwrap_or(0.0);
            (votes.get(class).copied().unwrap_or(0), mean)
        };
        let is_ahead = |one: (u32, f64), other: (u32, f64)| one.0 > other.0 || one.0 == other.0 && one.1 > other.1;
        let best = (0..classes).reduce(|best, class| if is_ahead(weight(class), weight(best)) { class } else { best });
        chosen.push(best.unwrap_or(0) as u32);
    }
    chosen
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(classes: &[u32], probabilities: &[f64]) -> Said<'static> {
        Said { classes: classes.to_vec().into(), numbers: probabilities.to_vec().into() }
    }

    #[test]
    fn a_tie_of_votes_goes_to_the_larger_mean_probability_and_then_to_the_first_class() {
        // Two rows of three classes. Row 0: a vote each for 0 and 1, and class 1 is more probable. Row 1: a vote each for 1
        // and 2, which are equally probable.
        let one = said(&[0, 1], &[0.5, 0.4, 0.1, 0.2, 0.5, 0.3]);
        let other = said(&[1, 2], &[0.1, 0.8, 0.1, 0.2, 0.3, 0.5]);
        let truth = Truth::Classes(&[1, 2], 3);
        let voted = combine(&[&one, &other], truth);
        let voted = voted.of(Way::Vote).unwrap();
        assert_eq!((&*voted.classes, voted.numbers.len()), (&[1, 1][..], 0));
        let third = said(&[0, 2], &[0.9, 0.05, 0.05, 0.0, 0.0, 1.0]);
        assert_eq!(&*combine(&[&one, &other, &third], truth).of(Way::Vote).unwrap().classes, [0, 2]);
    }

    #[test]
    fn averages_are_of_probabilities_and_of_numbers() {
        let (one, other) = (said(&[0], &[0.9, 0.1]), said(&[1], &[0.2, 0.8]));
        let combined = combine(&[&one, &other], Truth::Classes(&[0], 2));
        let averaged = combined.of(Way::Averaging).unwrap();
        assert_eq!(&*averaged.classes, [0]);
        assert!((averaged.numbers[0] - 0.55).abs() < 1e-15 && (averaged.numbers[1] - 0.45).abs() < 1e-15);
        let (one, other) = (Said::of_numbers(vec![1.0, 5.0]), Said::of_numbers(vec![3.0, 6.0]));
        let truth = Truth::Numbers(&[2.0, 5.0]);
        let combined = combine(&[&one, &other], truth);
        assert_eq!(&*combined.of(Way::Averaging).unwrap().numbers, [2.0, 5.5]);
        assert_eq!([Way::Vote, Way::Stacking].map(|way| combined.of(way)), [None, None]);
    }
}
