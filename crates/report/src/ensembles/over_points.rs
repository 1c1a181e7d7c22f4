//! The best points as members: in each replicate they had the same rows, so the replicate is the unit.

use swath_results::predictions::PredictedTrial;
use thiserror::Error;

use super::combine::{Combined, Way};
use super::gain::{Found, Unit};
use super::members::Members;
use super::quality::Quality;
use super::said::{Said, Truth};
use super::stacking::stack;
use crate::answer::name_of;
use crate::results::Results;
use crate::statistics::Summary;
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
        let of_replicates: Vec<Vec<&PredictedTrial>> = (0..replicates)
            .map(|replicate| points.iter().filter_map(|(_, trials)| trials.get(replicate).copied()).collect())
            .collect();
        let validate_apart = !of_replicates.iter().all(|trials| has_one_validation(trials));
        let of_replicates = in_parallel(&of_replicates, |trials| {
            Replicate::new(results, trials, truth, qualities, (!validate_apart).then_some(classes))
        });
        let all: Vec<usize> = (0..points.len()).collect();
        let mut found = Vec::new();
        for way in [Way::Vote, Way::Averaging, Way::Stacking] {
            for (figure, quality) in qualities.into_iter().enumerate() {
                let units: Option<Vec<Unit>> = of_replicates
                    .iter()
                    .map(|replicate| replicate.members.unit(figure, &all, replicate.of(way)?))
                    .collect();
                found.extend(units.and_then(|units| Found::new(way, quality, &units)));
            }
        }
        let single = |(place, (point, _)): (usize, &(usize, Vec<&PredictedTrial>))| {
            let scores = |figure: usize| {
                let of_replicate = |replicate: &Replicate<'_>| replicate.members.score(place, figure);
                of_values(&of_replicates.iter().map(of_replicate).collect::<Vec<_>>())
            };
            Single {
                point: *point,
                name: name_of(results, *point),
                scores: qualities.into_iter().enumerate().map(|(figure, quality)| (quality, scores(figure))).collect(),
            }
        };
        let members = points.iter().enumerate().map(single).collect();
        Ok(Self { members, replicates, found, validate_apart })
    }

    /// What was found for a way and a figure.
    pub fn of(&self, way: Way, quality: Quality) -> Option<&Found> {
        self.found.iter().find(|found| found.way == way && found.quality == quality)
    }
}

/// Whether all trials have the same validation rows.
fn has_one_validation(trials: &[&PredictedTrial]) -> bool {
    let mut places = trials.iter().map(|trial| &trial.validation.places);
    let first = places.next();
    first.is_some_and(|first| !first.is_empty()) && places.all(|other| Some(other) == first)
}

/// One replicate of every member, with what its ensembles say of the test rows.
struct Replicate<'a> {
    members: Members<'a>,
    combined: Combined,
    stacked: Option<Said<'static>>,
}

impl<'a> Replicate<'a> {
    /// `stacked` is the number of classes, where a last layer can be fitted on validation rows.
    fn new(
        results: &Results<'_>,
        trials: &[&'a PredictedTrial],
        truth: Truth<'a>,
        qualities: [Quality; 2],
        stacked: Option<usize>,
    ) -> Self {
        let members = Members::new(results, trials.iter().copied(), truth, qualities);
        let all: Vec<usize> = (0..members.count()).collect();
        let stacked = stacked.zip(trials.first()).and_then(|(classes, first)| {
            let validation: Vec<Said<'_>> = trials.iter().map(|trial| Said::of(&trial.validation)).collect();
            let fitted_on = Truth::of(&first.validation, classes);
            stack(&validation.iter().collect::<Vec<_>>(), fitted_on, &members.said())
        });
        Self { combined: members.combined(&all), members, stacked }
    }

    fn of(&self, way: Way) -> Option<&Said<'static>> {
        if way == Way::Stacking { self.stacked.as_ref() } else { self.combined.of(way) }
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
