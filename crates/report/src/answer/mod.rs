//! The question of a sweep answered, as data: what is best, what cannot be told from it, and what each axis does.
//!
//! Sentences are made from it in [`crate::sentences`], tables in [`crate::sections`]; both show the same numbers.

mod axes;
mod best;
mod edges;
mod limits;

pub use axes::{AxisAnswer, LevelAnswer};
pub use best::{Best, Candidate, Gap, Stability, name_of};
pub use edges::{Edge, End};
pub use limits::Limit;
pub(crate) use limits::{changes_the_loss, unlike_axes};

use crate::budget::{Budget, budgets};
use crate::confirmation::Confirmation;
use crate::detail::Detail;
use crate::effects::{Effects, NoEffects};
use crate::ensembles::Ensembles;
use crate::figure::Figure;
use crate::fit::{Fit, fits};
use crate::objective::Objective;
use crate::predictions::KeptPredictions;
use crate::results::{Counts, Results};
use crate::sentences;

/// The name of the axis that tells architectures apart.
pub const ARCHITECTURE: &str = "architecture";

/// What a sweep found.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// The sweep's name.
    pub name: String,
    /// The metric's name.
    pub metric: String,
    /// What decides which point is best.
    pub objective: Objective,
    /// Points of the grid.
    pub points: usize,
    /// Replicates of every point.
    pub replicates: u32,
    /// How the trials ended.
    pub counts: Counts,
    /// What levels and architectures are compared by: the loss or the metric of [`Answer::objective`], on test rows where there
    /// are any.
    pub compared_by: Figure,
    /// [`Answer::compared_by`] as a reader says it: `test loss`.
    pub compared_by_name: String,
    /// The best point; `None` where no point has all its replicates.
    pub best: Option<Best>,
    /// The best point on fresh replicates; `None` where that is not asked for, or not begun ([`Answer::confirm`]).
    pub confirmation: Option<Confirmation>,
    /// The predictions of the best points, if they are there ([`Answer::predict`]).
    pub predictions: KeptPredictions,
    /// The best point in every metric; `None` without its predictions.
    pub detail: Option<Detail>,
    /// What ensembles of trials gain; `None` without predictions on test rows.
    pub ensembles: Option<Ensembles>,
    /// Every axis, in the manifest's order.
    pub axes: Vec<AxisAnswer>,
    /// What each axis contributes to [`Answer::compared_by`], or why that cannot be said.
    pub effects: Result<Effects, NoEffects>,
    /// How every point learnt, in the manifest's order.
    pub fits: Vec<Fit>,
    /// What fewer points would have found, the fewest first.
    pub budgets: Vec<Budget>,
    /// Axes of numbers at whose end the best point stands.
    pub edges: Vec<Edge>,
    /// What cannot be said, and why.
    pub limits: Vec<Limit>,
}

impl Answer {
    /// The answer that the results give.
    pub fn new(results: &Results<'_>) -> Self {
        let manifest = results.manifest();
        let compared_by = results.objective().compared(results.is_tested());
        // Resampling for the best point takes as long as all else.
        let (best, axes, fits) = std::thread::scope(|scope| {
            let best = scope.spawn(|| Best::new(results));
            let axes: Vec<AxisAnswer> =
                (0..manifest.axes.len()).map(|axis| AxisAnswer::new(results, axis, compared_by)).collect();
            let fits = fits(results);
            (best.join().unwrap_or_else(|payload| std::panic::resume_unwind(payload)), axes, fits)
        });
        Self {
            name: manifest.name.clone(),
            metric: manifest.objective.metric.clone(),
            objective: results.objective().clone(),
            points: manifest.points.len(),
            replicates: manifest.replicates,
            counts: results.counts(),
            compared_by,
            compared_by_name: results.objective().words(compared_by),
            edges: edges::edges(results, best.as_ref(), &axes),
            limits: limits::limits(results, best.as_ref(), &axes),
            best,
            confirmation: None,
            predictions: KeptPredictions::NotWanted,
            detail: None,
            ensembles: None,
            axes,
            effects: Effects::new(results, compared_by),
            fits,
            budgets: budgets(results),
        }
    }

    /// Takes in what fresh replicates say of the best point.
    pub fn confirm(&mut self, confirmation: Confirmation) {
        let counts = confirmation.counts();
        self.limits.retain(|limit| !matches!(limit, Limit::NotConfirmed { .. }));
        if counts.missing > 0 {
            self.limits.push(Limit::NotConfirmed {
                replicates: confirmation.replicates,
                done: counts.total() - counts.missing,
                asked: Some(counts.total()),
            });
        }
        self.confirmation = Some(confirmation);
    }

    /// Takes in what the best points say of rows.
    pub fn predict(&mut self, results: &Results<'_>, predictions: KeptPredictions) {
        if let Some(predictions) = predictions.whole() {
            self.detail = Detail::new(results, predictions);
            self.ensembles = Ensembles::new(results, predictions);
        }
        self.predictions = predictions;
    }

    /// The axis of architectures, if the sweep has one.
    pub fn architectures(&self) -> Option<&AxisAnswer> {
        self.axes.iter().find(|axis| axis.name == ARCHITECTURE)
    }

    /// The answer in at most sixteen sentences or so, for the end of a run and the top of a page.
    pub fn headline(&self) -> Vec<String> {
        sentences::headline(self)
    }
}
