//! Which points are to be confirmed: the winner, and the baseline that it is held against.

use crate::answer::{ARCHITECTURE, Answer};
use crate::results::Results;

/// The points that are trained again on fresh replicates, by their places in the manifest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Choice {
    /// The best point of those whose replicates all finished.
    pub winner: usize,
    /// What it is held against; `None` where that would be the winner itself.
    pub baseline: Option<usize>,
}

impl Choice {
    /// `None` where the sweep asks for no confirmation, a trial of the grid has no outcome yet, or no point is best.
    ///
    /// The baseline is the point with the winner's other settings at the first architecture. Where there is no such
    /// point, or it is the winner, it is the first point of the grid.
    pub fn new(results: &Results<'_>, answer: &Answer) -> Option<Self> {
        let manifest = results.manifest();
        if manifest.confirm == 0 || results.counts().missing > 0 {
            return None;
        }
        let winner = answer.best.as_ref()?.leader.point;
        let at_first_architecture = || {
            let axis = manifest.axis(ARCHITECTURE)?;
            let mut levels = manifest.points.get(winner)?.levels.clone();
            *levels.get_mut(axis)? = 0;
            manifest.points.iter().position(|point| point.levels == levels)
        };
        let baseline = at_first_architecture().filter(|point| *point != winner).unwrap_or(0);
        Some(Self { winner, baseline: (baseline != winner).then_some(baseline) })
    }

    /// The points, the winner first.
    pub fn points(self) -> Vec<usize> {
        [Some(self.winner), self.baseline].into_iter().flatten().collect()
    }
}
