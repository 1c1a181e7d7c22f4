//! Whether trainings were too long or too short.

use super::counted;
use crate::answer::Answer;
use crate::fit::{Fit, FitVerdict};
use crate::number::count;

/// How many points were trained too long or too short, and the best point among them; nothing without verdicts.
pub(super) fn training(answer: &Answer) -> Option<String> {
    let judged = answer.fits.iter().filter(|fit| !fit.is(FitVerdict::NoVerdict)).count();
    if judged == 0 {
        return None;
    }
    let number = |verdict: FitVerdict| answer.fits.iter().filter(|fit| fit.is(verdict)).count();
    let is_constant = |fit: &&Fit| fit.evidence.as_ref().is_some_and(|evidence| evidence.is_no_better_than_constant);
    let constant = answer.fits.iter().filter(|fit| fit.is(FitVerdict::Underfits)).filter(is_constant).count();
    let counts: Vec<String> = [
        (number(FitVerdict::Overfits), "overfits", "overfit"),
        (
            number(FitVerdict::OverfitsRestored),
            "overfits, but its best weights were restored",
            "overfit, but their best weights were restored",
        ),
        (constant, "is no better than a constant prediction", "are no better than a constant prediction"),
        (
            number(FitVerdict::Underfits) - constant,
            "underfits beside a point with lower training and validation loss",
            "underfit beside a point with lower training and validation loss",
        ),
        (number(FitVerdict::StillImproving), "still improves at its last epoch", "still improve at their last epoch"),
    ]
    .into_iter()
    .filter(|(number, ..)| *number > 0)
    .map(|(number, one, many)| format!("{} {}", count(number as u64), if number == 1 { one } else { many }))
    .collect();
    let counts =
        if counts.is_empty() { "none overfits, underfits or still improves".to_owned() } else { counts.join("; ") };
    let best = answer.best.as_ref().and_then(|best| answer.fits.get(best.leader.point));
    let best = best.map(of_the_best).unwrap_or_default();
    Some(format!("Of {} by their learning curves: {counts}{best}.", counted(judged as u64, "point")))
}

/// What the verdict on the best point asks for.
fn of_the_best(fit: &Fit) -> String {
    let best_epoch = fit.evidence.as_ref().map_or(0, |evidence| evidence.best_epoch);
    let advice: Vec<String> = fit
        .verdicts
        .iter()
        .filter_map(|verdict| match verdict {
            FitVerdict::Overfits => Some(format!(
                "overfits after epoch {}: train it shorter, or restore its best weights",
                count(best_epoch as u64)
            )),
            FitVerdict::OverfitsRestored => {
                Some(format!("overfits after epoch {}, and its best weights were restored", count(best_epoch as u64)))
            }
            FitVerdict::Underfits => Some("underfits: a larger network may do better".to_owned()),
            FitVerdict::StillImproving => Some("still improves: train it longer".to_owned()),
            FitVerdict::SaturatedEarly | FitVerdict::Fits | FitVerdict::NoVerdict => None,
        })
        .collect();
    if advice.is_empty() { String::new() } else { format!("; the best point {}", advice.join("; it ")) }
}
