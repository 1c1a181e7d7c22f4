//! What the fresh trials of winner and baseline came to.

use swath_results::row::{Effort, Ending, Scores};
use swath_results::{Manifest, Outcome, TrialKey};

use super::Choice;
use crate::answer::name_of;
use crate::contrast::{ALPHA, FEWEST_REPLICATES, MARGIN};
use crate::figure::Figure;
use crate::objective::Objective;
use crate::results::{Counts, Results, Status};
use crate::statistics::{
    Interval, MeanTest, Pairs, Question, Replicates, Summary, Verdict, Welch, corrected_effect, mean,
};
use crate::tables::summary::{of_point, of_values};

/// Winner and baseline on replicates that had no part in choosing.
#[derive(Debug, Clone, PartialEq)]
pub struct Confirmation {
    /// Fresh replicates asked for.
    pub replicates: u32,
    /// The number of the first of them.
    pub first_replicate: u32,
    /// What is compared: the loss or the metric that decides, on test rows where there are any.
    pub compared_by: Figure,
    /// The winner.
    pub winner: Confirmed,
    /// What it is held against; `None` where that would be the winner itself.
    pub baseline: Option<Confirmed>,
    /// Winner less baseline, paired by replicate; `None` without a baseline.
    pub difference: Option<PairedDifference>,
    /// How far off the loss was that the winner was chosen by; `None` where no fresh trial of it finished.
    pub shift: Option<Shift>,
}

/// A point on fresh replicates.
#[derive(Debug, Clone, PartialEq)]
pub struct Confirmed {
    /// Why it is trained again.
    pub role: Role,
    /// Its place in the manifest.
    pub point: usize,
    /// Its levels in words.
    pub name: String,
    /// How its fresh trials ended.
    pub counts: Counts,
    /// What the winner was chosen by, [`Objective::validation`], over the fresh replicates that finished.
    pub validation: Option<Summary>,
    /// The same on test rows; `None` where the sweep keeps none, too.
    pub test: Option<Summary>,
    /// The other one of loss and metric, [`Objective::beside`].
    pub beside: Option<Summary>,
    /// Over the fresh replicates that finished.
    pub validation_loss: Option<Summary>,
    /// `None` where the sweep keeps no test rows, too.
    pub test_loss: Option<Summary>,
    /// The metric on test rows, or on validation rows where the sweep keeps no test rows.
    pub metric: Option<Summary>,
    /// Its fresh trials, replicate by replicate.
    pub trials: Vec<FreshTrial>,
}

/// Why a point is trained again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// It was chosen.
    Winner,
    /// The winner is held against it.
    Baseline,
}

/// One fresh trial.
#[derive(Debug, Clone, PartialEq)]
pub struct FreshTrial {
    /// Its content key.
    pub key: TrialKey,
    /// Its replicate, counted on from those of the grid.
    pub replicate: u32,
    /// What became of it.
    pub status: Status,
    /// Its scores, if it finished.
    pub scores: Option<Scores>,
    /// The epoch in which it diverged, if it did.
    pub diverged_epoch: Option<u32>,
    /// Why it failed, if it did.
    pub message: Option<String>,
    /// Where and how long it was computed.
    pub effort: Option<Effort>,
}

/// Winner less baseline over the fresh replicates that finished at both.
#[derive(Debug, Clone, PartialEq)]
pub struct PairedDifference {
    /// Replicates that were compared.
    pub n: usize,
    /// Mean of the baseline over them.
    pub reference: Option<f64>,
    /// Mean difference; below 0 the winner's figure is smaller.
    pub mean: Option<f64>,
    /// Its 95 % t interval; `None` for fewer than two replicates.
    pub interval: Option<Interval>,
    /// The p value of the paired t test.
    pub p: Option<f64>,
    /// `d_z`, corrected for its bias; `None` for fewer than three replicates or constant differences.
    pub effect: Option<f64>,
    /// How the winner stands to the baseline.
    pub verdict: Verdict,
}

/// What the winner was chosen by, on fresh replicates, beside what chose it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Shift {
    /// Its mean over the replicates of the grid, by which it was chosen.
    pub chosen_by: f64,
    /// Its mean over fresh replicates.
    pub fresh: f64,
    /// Fresh less chosen by: above 0 what chose it was too low.
    pub mean: f64,
    /// Welch's 95 % interval of the difference; `None` for fewer than two replicates on a side.
    pub interval: Option<Interval>,
}

impl Role {
    /// The word in the column `role`.
    pub fn word(self) -> &'static str {
        match self {
            Self::Winner => "winner",
            Self::Baseline => "baseline",
        }
    }
}

impl Confirmation {
    /// What the fresh trials of the chosen points came to. `keys_of` gives the keys of a point's fresh replicates in
    /// order, `outcome_of` the outcome of a key, if there is one.
    pub fn new<'a>(
        results: &Results<'_>,
        choice: Choice,
        keys_of: impl Fn(usize) -> Vec<TrialKey>,
        outcome_of: impl Fn(&TrialKey) -> Option<&'a Outcome>,
    ) -> Self {
        let manifest = results.manifest();
        let chosen = choice.points();
        let fresh = Manifest {
            points: chosen.iter().filter_map(|point| manifest.points.get(*point).cloned()).collect(),
            replicates: manifest.confirm,
            keys: chosen.iter().flat_map(|point| keys_of(*point)).collect(),
            ..manifest.clone()
        };
        let fresh = Results::new(&fresh, |key| outcome_of(key));
        let objective = results.objective();
        let compared_by = objective.compared(results.is_tested());
        let confirmed = |place, role, point| Confirmed::new(results, &fresh, place, role, point);
        Self {
            replicates: manifest.confirm,
            first_replicate: manifest.replicates,
            compared_by,
            winner: confirmed(0, Role::Winner, choice.winner),
            baseline: choice.baseline.map(|point| confirmed(1, Role::Baseline, point)),
            difference: choice.baseline.map(|_| {
                PairedDifference::new(objective, &fresh.values(0, compared_by), &fresh.values(1, compared_by))
            }),
            shift: Shift::new(
                &present(results, choice.winner, objective.validation()),
                &present(&fresh, 0, objective.validation()),
            ),
        }
    }

    /// Both points, the winner first.
    pub fn points(&self) -> impl Iterator<Item = &Confirmed> {
        std::iter::once(&self.winner).chain(&self.baseline)
    }

    /// How all fresh trials ended.
    pub fn counts(&self) -> Counts {
        self.points().fold(Counts::default(), |all, point| all.and(point.counts))
    }
}

impl Confirmed {
    fn new(results: &Results<'_>, fresh: &Results<'_>, place: usize, role: Role, point: usize) -> Self {
        let metric = if results.is_tested() { Figure::TEST_METRIC } else { Figure::VALIDATION_METRIC };
        let first = results.manifest().replicates;
        let trials = fresh.point(place).map(|trial| FreshTrial {
            key: trial.key,
            replicate: first + trial.replicate,
            status: trial.status(),
            scores: trial.scores().copied(),
            diverged_epoch: match trial.outcome.map(|outcome| &outcome.ending) {
                Some(Ending::Diverged { epoch }) => Some(*epoch),
                _ => None,
            },
            message: match trial.outcome.map(|outcome| &outcome.ending) {
                Some(Ending::Failed { message }) => Some(message.clone()),
                _ => None,
            },
            effort: trial.outcome.map(|outcome| outcome.effort),
        });
        Self {
            role,
            point,
            name: name_of(results, point),
            counts: fresh.counts_of(place),
            validation: of_point(fresh, place, results.objective().validation()),
            test: of_point(fresh, place, results.objective().test()),
            beside: of_point(fresh, place, results.objective().beside(results.is_tested())),
            validation_loss: of_point(fresh, place, Figure::VALIDATION_LOSS),
            test_loss: of_point(fresh, place, Figure::TEST_LOSS),
            metric: of_point(fresh, place, metric),
            trials: trials.collect(),
        }
    }

    /// The summary of what is compared.
    pub fn compared(&self) -> Option<&Summary> {
        self.test.as_ref().or(self.validation.as_ref())
    }
}

impl PairedDifference {
    fn new(objective: &Objective, winner: &[Option<f64>], baseline: &[Option<f64>]) -> Self {
        let pairs = Pairs::new(winner, baseline);
        let test = pairs.as_ref().and_then(|pairs| pairs.test(Replicates::Independent));
        let reference = pairs.as_ref().and_then(|pairs| mean(pairs.b()));
        let question = Question {
            alpha: ALPHA,
            comparisons: 1,
            margin: reference.map_or(0.0, |reference| reference.abs() * MARGIN),
            direction: objective.direction(),
        };
        let p = test.as_ref().map(MeanTest::p);
        Self {
            n: pairs.as_ref().map_or(0, Pairs::n),
            reference,
            mean: pairs.as_ref().and_then(Pairs::mean_difference),
            interval: test.as_ref().map(|test| question.interval(test)),
            p,
            effect: test.as_ref().and_then(corrected_effect),
            verdict: question.verdict(test.as_ref().filter(|test| test.n() >= FEWEST_REPLICATES), p.unwrap_or(1.0)),
        }
    }

    /// The difference as a share of the baseline's mean; `None` where that is 0.
    pub fn relative(&self) -> Option<f64> {
        let share = self.mean.zip(self.reference).map(|(mean, reference)| mean / reference.abs());
        share.filter(|share| share.is_finite())
    }
}

impl Shift {
    fn new(chosen_by: &[f64], fresh: &[f64]) -> Option<Self> {
        let values = |values: &[f64]| of_values(&values.iter().copied().map(Some).collect::<Vec<_>>());
        let (before, after) = (values(chosen_by)?.mean, values(fresh)?.mean);
        let interval = Welch::new(fresh, chosen_by).map(|test| test.interval(ALPHA));
        Some(Self { chosen_by: before, fresh: after, mean: after - before, interval })
    }
}

/// The values of a point that are there.
fn present(results: &Results<'_>, point: usize, figure: Figure) -> Vec<f64> {
    results.values(point, figure).into_iter().flatten().collect()
}
