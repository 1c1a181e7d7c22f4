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

/// The members combined, which say something of the rows of `truth`; `None` where there is no such way: numbers are not
/// voted on, and a stack is not made of test rows.
pub(super) fn combine(way: Way, members: &[&Said<'_>], truth: Truth<'_>) -> Option<Said<'static>> {
    match (way, truth) {
        (Way::Averaging, Truth::Classes(_, classes)) => Some(Said::of_probabilities(mean(members), classes)),
        (Way::Averaging, Truth::Numbers(_)) => Some(Said::of_numbers(mean(members))),
        (Way::Vote, Truth::Classes(truth, classes)) => Some(Said::of_classes(vote(members, truth.len(), classes))),
        (Way::Vote, Truth::Numbers(_)) | (Way::Stacking, _) => None,
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

/// The class of most votes; of several the one with the largest mean probability, and of these the first.
fn vote(members: &[&Said<'_>], rows: usize, classes: usize) -> Vec<u32> {
    let means = mean(members);
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
        let voted = combine(Way::Vote, &[&one, &other], truth).unwrap();
        assert_eq!((&*voted.classes, voted.numbers.len()), (&[1, 1][..], 0));
        let third = said(&[0, 2], &[0.9, 0.05, 0.05, 0.0, 0.0, 1.0]);
        assert_eq!(&*combine(Way::Vote, &[&one, &other, &third], truth).unwrap().classes, [0, 2]);
    }

    #[test]
    fn averages_are_of_probabilities_and_of_numbers() {
        let (one, other) = (said(&[0], &[0.9, 0.1]), said(&[1], &[0.2, 0.8]));
        let averaged = combine(Way::Averaging, &[&one, &other], Truth::Classes(&[0], 2)).unwrap();
        assert_eq!(&*averaged.classes, [0]);
        assert!((averaged.numbers[0] - 0.55).abs() < 1e-15 && (averaged.numbers[1] - 0.45).abs() < 1e-15);
        let (one, other) = (Said::of_numbers(vec![1.0, 5.0]), Said::of_numbers(vec![3.0, 6.0]));
        let truth = Truth::Numbers(&[2.0, 5.0]);
        assert_eq!(&*combine(Way::Averaging, &[&one, &other], truth).unwrap().numbers, [2.0, 5.5]);
        assert_eq!(combine(Way::Vote, &[&one, &other], truth), None);
    }
}
