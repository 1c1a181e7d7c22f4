//! What ensembles gain: trials that vote, whose predictions are averaged, or on which a last deciding layer is stacked.
//!
//! All is judged on test rows, which had no part in training, in choosing, or in fitting a last layer. They are the same in
//! every replicate, so intervals speak of other trainings, not of other rows.
//!
//! | module | what it holds |
//! |---|---|
//! | `quality` | what an ensemble is judged by |
//! | `said` | what a member, or an ensemble, says of rows, and how it scores |
//! | `combine` | voting and averaging |
//! | `stacking`, `logistic`, `ridge`, `minimize` | a last layer, fitted on the members' validation predictions |
//! | `members` | networks that decide together, and what comes of a group of them |
//! | `gain` | ensemble against single members, over independent units |
//! | `over_replicates` | the replicates of one point as members |
//! | `over_points` | the best points as members, replicate by replicate |
//! | `claim` | whether an ensemble is at least two percent better |

mod claim;
mod combine;
mod gain;
#[cfg(test)]
mod golden;
mod logistic;
mod members;
mod minimize;
mod over_points;
mod over_replicates;
mod quality;
mod ridge;
mod said;
mod stacking;

use swath_results::predictions::{PredictedTrial, Predictions};

pub use self::claim::{CLAIM, Claim, Holds};
pub use self::combine::Way;
pub use self::gain::{Discordant, Found, Gain};
pub use self::over_points::{NotCombined, OverPoints, Single};
pub use self::over_replicates::{FEWEST_GROUPS, OverReplicates, Size};
pub use self::quality::Quality;
use crate::results::Results;

/// Ensembles of the trials whose predictions are kept.
#[derive(Debug, Clone, PartialEq)]
pub struct Ensembles {
    /// What they are judged by: what the claim is about first.
    pub qualities: [Quality; 2],
    /// Test rows.
    pub rows: usize,
    /// For each predicted point, the best first, its replicates as members; none where there is one replicate.
    pub over_replicates: Vec<OverReplicates>,
    /// The best points as members; `None` where predictions of one point are kept.
    pub over_points: Option<Result<OverPoints, NotCombined>>,
}

impl Ensembles {
    /// `None` where no test rows are kept, or nothing can be combined.
    pub fn new(results: &Results<'_>, predictions: &Predictions) -> Option<Self> {
        let mut points: Vec<(usize, Vec<&PredictedTrial>)> = Vec::new();
        for trial in &predictions.trials {
            match points.last_mut().filter(|(point, _)| *point == trial.point as usize) {
                Some((_, trials)) => trials.push(trial),
                None => points.push((trial.point as usize, vec![trial])),
            }
        }
        let (_, trials) = points.first()?;
        let rows = trials.first()?.test.len();
        if rows == 0 {
            return None;
        }
        let classes = predictions.classes.len();
        let over_replicates: Vec<OverReplicates> =
            points.iter().filter_map(|(point, trials)| OverReplicates::new(results, *point, trials, classes)).collect();
        let over_points = (points.len() > 1).then(|| OverPoints::new(results, &points, classes));
        let is_something = !over_replicates.is_empty() || over_points.is_some();
        is_something.then(|| Self { qualities: Quality::of_task(classes > 0), rows, over_replicates, over_points })
    }

    /// What can be said of the claim that an ensemble is at least two percent better, the main ones first.
    pub fn claims(&self) -> Vec<Claim> {
        claim::claims(self)
    }
}
