//! The best points as members: in each replicate they had the same rows, so the replicate is the unit.

use swath_results::predictions::PredictedTrial;
use thiserror::Error;

use super::combine::{Way, combine};
use super::gain::{Found, Unit};
use super::quality::Quality;
use super::said::{Said, Truth};
use super::stacking::stack;
use super::{chosen_by, smallest};
use crate::answer::name_of;
use crate::results::Results;
use crate::statistics::{Summary, mean};
use crate::tables::summary::of_values;

/// The ensembles of the best points.
#[derive(Debug, Clone, PartialEq)]
pub struct OverPoints {
    /// The members, the best first.
    pub members: Vec<Single>,
    /// Replicates, each with an ensemble of its own.
    pub replicates: usize,
    /// For each way and figure what the replicates come to.
    pub found: Vec<Found>,
    /// Whether stacking is missing, because the members have other validation rows.
    pub validate_apart: bool,
}

/// A member alone, over the replicates.
#[derive(Debug, Clone, PartialEq)]
pub struct Single {
    /// Its place in the manifest.
    pub point: usize,
    /// Its levels in words.
    pub name: String,
    /// For each figure.
    pub scores: Vec<(Quality, Option<Summary>)>,
}

/// Why points are not combined.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum NotCombined {
    /// Settings of the data differ, and with them the test rows.
    #[error(
        "{one} and {other} keep different test rows, so that one would be judged by rows that the other learnt from"
    )]
    OtherRows {
        /// The best point.
        one: String,
        /// Another.
        other: String,
    },
    /// Too few of the points that were asked for could be best.
    #[error("fewer than two points finished all their replicates")]
    TooFew,
}

impl OverPoints {
    /// The points with their trials, the best first, each replicate by replicate.
    pub(super) fn new(
        results: &Results<'_>,
        points: &[(usize, Vec<&PredictedTrial>)],
        classes: usize,
    ) -> Result<Self, NotCombined> {
        let (best, trials) = points.first().ok_or(NotCombined::TooFew)?;
        let first = trials.first().ok_or(NotCombined::TooFew)?;
        for (point, trials) in points {
            if trials.iter().any(|trial| trial.test.places != first.test.places) {
                let [one, other] = [*best, *point].map(|point| name_of(results, point));
                return Err(NotCombined::OtherRows { one, other });
            }
        }
        let qualities = Quality::of_task(classes > 0);
        let truth = Truth::of(&first.test, classes);
        let replicates = points.iter().map(|(_, trials)| trials.len()).min().unwrap_or(0);
        let of_replicates: Vec<Replicate<'_>> = (0..replicates)
            .map(|replicate| {
                let members = points.iter().filter_map(|(_, trials)| trials.get(replicate).copied());
                Replicate { members: members.collect(), truth, classes }
            })
            .collect();
        let validate_apart = of_replicates.iter().any(|replicate| !replicate.has_one_validation());
        let ways: &[Way] =
            if validate_apart { &[Way::Vote, Way::Averaging] } else { &[Way::Vote, Way::Averaging, Way::Stacking] };
        let said = in_parallel(&of_replicates, |replicate| replicate.combined(ways));
        let mut found = Vec::new();
        for (place, way) in ways.iter().enumerate() {
            for quality in qualities {
                let units: Option<Vec<Unit>> = of_replicates
                    .iter()
                    .zip(&said)
                    .map(|(replicate, said)| replicate.unit(results, said.get(place)?.as_ref()?, quality))
                    .collect();
                found.extend(units.and_then(|units| Found::new(*way, quality, &units)));
            }
        }
        let single = |(point, trials): &(usize, Vec<&PredictedTrial>)| Single {
            point: *point,
            name: name_of(results, *point),
            scores: qualities
                .map(|quality| {
                    let scores = trials.iter().map(|trial| truth.score(&Said::of(&trial.test), quality));
                    (quality, of_values(&scores.collect::<Vec<_>>()))
                })
                .to_vec(),
        };
        Ok(Self { members: points.iter().map(single).collect(), replicates, found, validate_apart })
    }

    /// What was found for a way and a figure.
    pub fn of(&self, way: Way, quality: Quality) -> Option<&Found> {
        self.found.iter().find(|found| found.way == way && found.quality == quality)
    }
}

/// One replicate of every member.
struct Replicate<'a> {
    members: Vec<&'a PredictedTrial>,
    truth: Truth<'a>,
    classes: usize,
}

impl Replicate<'_> {
    /// Whether all members have the same validation rows.
    fn has_one_validation(&self) -> bool {
        let mut places = self.members.iter().map(|member| &member.validation.places);
        let first = places.next();
        first.is_some_and(|first| !first.is_empty()) && places.all(|other| Some(other) == first)
    }

    /// What its ensembles say of the test rows, way by way.
    fn combined(&self, ways: &[Way]) -> Vec<Option<Said<'static>>> {
        let test: Vec<Said<'_>> = self.members.iter().map(|member| Said::of(&member.test)).collect();
        let test: Vec<&Said<'_>> = test.iter().collect();
        let stacked = || {
            let validation: Vec<Said<'_>> = self.members.iter().map(|member| Said::of(&member.validation)).collect();
            let truth = Truth::of(&self.members.first()?.validation, self.classes);
            stack(&validation.iter().collect::<Vec<_>>(), truth, &test)
        };
        ways.iter()
            .map(|way| if *way == Way::Stacking { stacked() } else { combine(*way, &test, self.truth) })
            .collect()
    }

    fn unit(&self, results: &Results<'_>, ensemble: &Said<'_>, quality: Quality) -> Option<Unit> {
        let said: Vec<Said<'_>> = self.members.iter().map(|member| Said::of(&member.test)).collect();
        let scores: Vec<f64> = said.iter().map(|said| self.truth.score(said, quality)).collect::<Option<_>>()?;
        let losses: Vec<f64> = self.members.iter().map(|member| chosen_by(results, member)).collect();
        let best = smallest(&losses)?;
        Some(Unit {
            ensemble: self.truth.score(ensemble, quality)?,
            mean_single: mean(&scores)?,
            best_single: *scores.get(best)?,
            discordant: self.truth.discordant(ensemble, said.get(best)?),
        })
    }
}

/// The function of each item, on all processors, in the order of the items: which thread did which shows nowhere.
fn in_parallel<T: Sync, R: Send>(items: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let threads = std::thread::available_parallelism().map_or(1, std::num::NonZeroUsize::get);
    let share = items.len().div_ceil(threads).max(1);
    let work = &work;
    std::thread::scope(|scope| {
        let parts: Vec<_> =
            items.chunks(share).map(|items| scope.spawn(move || items.iter().map(work).collect::<Vec<R>>())).collect();
        parts
            .into_iter()
            .flat_map(|part| part.join().unwrap_or_else(|payload| std::panic::resume_unwind(payload)))
            .collect()
    })
}
