//! Which points pictures and long tables show.

use std::collections::BTreeSet;

use crate::answer::Answer;
use crate::results::Results;
use crate::tables::summary::of_point;

/// Points that one picture shows; of a larger sweep it shows some.
pub const MOST_POINTS: usize = 400;

/// Of these, how many are the best ones.
const BEST: usize = 100;

/// The points that pictures and long tables show, by their places in the manifest: the same ones everywhere, so that a
/// reader finds again what was pointed at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// In the manifest's order.
    pub points: Vec<usize>,
    /// How many points the sweep has.
    pub all: usize,
}

impl Shown {
    /// All points, or of more than [`MOST_POINTS`] the best hundred, the first, the cheapest of those not told apart from the
    /// best, and others evenly spread over the grid.
    pub fn new(results: &Results<'_>, answer: &Answer) -> Self {
        let all = results.manifest().points.len();
        if all <= MOST_POINTS {
            return Self { points: (0..all).collect(), all };
        }
        let objective = &answer.objective;
        let mut ranked: Vec<(f64, usize)> = (0..all)
            .filter_map(|point| Some((of_point(results, point, objective.validation())?.mean, point)))
            .collect();
        if ranked.len() > BEST {
            ranked.select_nth_unstable_by(BEST, |one, other| objective.order(one.0, other.0).then(one.1.cmp(&other.1)));
            ranked.truncate(BEST);
        }
        let mut points: BTreeSet<usize> = ranked.into_iter().map(|(_, point)| point).collect();
        points.insert(0);
        if let Some(best) = &answer.best {
            points.extend([best.leader.point, best.cheapest.point]);
        }
        let room = MOST_POINTS - points.len();
        points.extend((0..room).map(|place| place * all / room));
        Self { points: points.into_iter().collect(), all }
    }

    /// Whether points are left out.
    pub fn is_sample(&self) -> bool {
        self.points.len() < self.all
    }

    /// What a caption says of points that are left out; nothing where there are none.
    pub fn remark(&self) -> Option<String> {
        self.is_sample().then(|| {
            format!(
                "{} of {} points are shown: the {BEST} best, and others evenly spread over the grid.",
                self.points.len(),
                crate::number::count(self.all as u64)
            )
        })
    }
}
