//! A last deciding layer: fitted on what the members say of validation rows, asked about test rows.

use super::logistic::Logistic;
use super::ridge::Ridge;
use super::said::{Said, Truth};

/// What the stacked members say of test rows. The layer is fitted on what they say of the validation rows of `truth`, which
/// none of them learnt from; never on test rows. As scikit-learn's `StackingClassifier(cv="prefit",
/// stack_method="predict_proba")` and `StackingRegressor(cv="prefit")` with the layers of [`Logistic`] and [`Ridge`].
///
/// `None` where there are no validation rows, or numbers that are not finite.
pub(super) fn stack(validation: &[&Said<'_>], truth: Truth<'_>, test: &[&Said<'_>]) -> Option<Said<'static>> {
    match truth {
        Truth::Classes(truth, classes) => {
            let (rows, features) = of_probabilities(validation, classes)?;
            let (asked, _) = of_probabilities(test, classes)?;
            let fitted = Logistic::fit(&rows, features, truth, classes)?;
            Some(Said::of_probabilities(fitted.probabilities(&asked), classes))
        }
        Truth::Numbers(targets) => {
            let (rows, features) = side_by_side(validation, 1, 0)?;
            let (asked, _) = side_by_side(test, 1, 0)?;
            Some(Said::of_numbers(Ridge::fit(&rows, features, targets)?.numbers(&asked)))
        }
    }
}

/// The members' probabilities; of two classes that of the first says nothing that the other does not.
fn of_probabilities(members: &[&Said<'_>], classes: usize) -> Option<(Vec<f64>, usize)> {
    side_by_side(members, classes, usize::from(classes == 2))
}

/// A row of features for each row: of every member its numbers but for the first `left_out`; and how many there are.
fn side_by_side(members: &[&Said<'_>], width: usize, left_out: usize) -> Option<(Vec<f64>, usize)> {
    let rows = members.first()?.numbers.len() / width;
    let mut features = Vec::with_capacity(rows * members.len() * width);
    for row in 0..rows {
        for member in members {
            let numbers = member.numbers.get(row * width + left_out..(row + 1) * width)?;
            if numbers.iter().any(|number| !number.is_finite()) {
                return None;
            }
            features.extend_from_slice(numbers);
        }
    }
    Some((features, members.len() * (width - left_out)))
}
