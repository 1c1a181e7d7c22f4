//! Whether each point was trained too long, too short, or cannot fit: from the learning curves of its replicates.
//!
//! Like is compared with like. Whether training went on falling while the validation loss rose is asked of one figure at
//! both epochs: the loss of the whole training set where every epoch has it, else the running one. The gap between
//! validation and training is that of the same weights. Curves go to the last epoch also where the best weights were
//! restored at the end: a verdict is about the training, and says then what restoring saved the network from.

mod rivals;

use swath_results::manifest::ConstantLoss;
use swath_results::row::PackedCurves;

pub use self::rivals::Beaten;
use self::rivals::rivals;
use crate::answer::Gap;
use crate::contrast::{ALPHA, FEWEST_REPLICATES, MARGIN};
use crate::figure::Figure;
use crate::results::{Results, Trial};
use crate::statistics::{BestEpochs, Interval, LearningCurves, MeanTest, Replicates, holm, is_early, mean};

/// The mean generalisation loss, in per cent, that a point must exceed to overfit: below it a rise does not matter.
pub const OVERFITTING_PERCENT: f64 = 2.0;

/// What can be said of a training. Several may hold at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FitVerdict {
    /// The validation loss rises after its best epoch while the training loss falls on.
    Overfits,
    /// The same, but every replicate ended with the weights of its best epoch, so that only time was lost.
    OverfitsRestored,
    /// No better than a constant prediction, or another point has lower training and validation loss.
    Underfits,
    /// The validation loss still falls at the end.
    StillImproving,
    /// The best epoch is in the first tenth.
    SaturatedEarly,
    /// None of these.
    Fits,
    /// Too few replicates finished to say.
    NoVerdict,
}

/// How one point learnt.
#[derive(Debug, Clone, PartialEq)]
pub struct Fit {
    /// Its place in the manifest.
    pub point: usize,
    /// Replicates that finished.
    pub n: usize,
    /// What holds; at least one.
    pub verdicts: Vec<FitVerdict>,
    /// What that is founded on; `None` for fewer than two replicates.
    pub evidence: Option<Box<Evidence>>,
}

/// What a verdict on a point is founded on.
#[derive(Debug, Clone, PartialEq)]
pub struct Evidence {
    /// Epochs that all replicates have; curves are compared over these.
    pub epochs: usize,
    /// The epoch, counted from 1, with the smallest mean validation loss.
    pub best_epoch: usize,
    /// Replicates whose best weights were restored at the end.
    pub restored: usize,
    /// Whether every replicate ended with the weights of its best epoch, restored or as that was the last.
    pub ends_at_best: bool,
    /// How much the validation loss over the last tenth of the epochs is above that over the best stretch of epochs, in per
    /// cent, by geometric means over replicates; interval and p are Bonferroni's over all stretches that could have been
    /// the best. `None` for one epoch, or where a loss is not above 0.
    pub rise: Option<Tested>,
    /// Rise of the validation loss in per cent, from the best epoch of the other replicates to the last epoch, a mean over
    /// replicates (Prechelt's loss, freed of its bias); `None` where a loss is not above 0.
    pub generalization_loss: Option<f64>,
    /// The training loss that is followed from the best epoch to the end.
    pub training_curve: TrainingCurve,
    /// That loss at the best epochs; `None` where it is not finite.
    pub training_at_best: Option<f64>,
    /// That loss at the last epoch.
    pub training_at_end: Option<f64>,
    /// Fall of the validation loss over the last tenth of the epochs; `p` says whether it is over the margin. `None` for
    /// one epoch.
    pub fall: Option<Tested>,
    /// Validation loss less training loss of the weights that training ended with.
    pub gap: Option<Gap>,
    /// What the best constant prediction costs; `None` where that is not known.
    pub constant_loss: Option<ConstantLoss>,
    /// Whether this point is no better than that.
    pub is_no_better_than_constant: bool,
    /// The best of the points with lower training loss that is better, if one was found in every replicate.
    pub beaten: Option<Beaten>,
}

/// A mean over replicates with its one-sided test.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Tested {
    /// The mean.
    pub mean: f64,
    /// Its 95 % t interval.
    pub interval: Interval,
    /// The p of the one-sided t test, as the interval over what could have been in the place of what is tested.
    pub p: f64,
    /// The same after Holm, over all points.
    pub p_holm: f64,
    /// Whether it is told from chance: `p_holm` under the error allowed, or the same in every replicate.
    pub holds: bool,
}

/// A loss of the whole training set, or one that the weights moved under.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TrainingCurve {
    /// In evaluation mode after every epoch: the sweep says `evaluate_training = "every"`.
    Whole,
    /// The running mean of the batches: comparable between epochs, not with the validation loss.
    Running,
}

impl Tested {
    /// From logarithms of ratios to what the ratios are above 1, in per cent.
    fn as_growth(self) -> Self {
        let growth = |logarithm: f64| 100.0 * libm::expm1(logarithm);
        let interval = Interval { low: growth(self.interval.low), high: growth(self.interval.high) };
        Self { mean: growth(self.mean), interval, ..self }
    }
}

impl FitVerdict {
    /// As tables and sentences say it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Overfits => "overfits",
            Self::OverfitsRestored => "overfits, restored",
            Self::Underfits => "underfits",
            Self::StillImproving => "still improving",
            Self::SaturatedEarly => "saturated early",
            Self::Fits => "fits",
            Self::NoVerdict => "no verdict",
        }
    }
}

impl TrainingCurve {
    /// The column of `epochs.parquet` that it stands in.
    pub fn column(self) -> &'static str {
        match self {
            Self::Whole => "train_loss",
            Self::Running => "train_loss_running",
        }
    }
}

impl Fit {
    /// Whether a verdict is among those of the point.
    pub fn is(&self, verdict: FitVerdict) -> bool {
        self.verdicts.contains(&verdict)
    }

    /// The verdicts in words: `overfits; saturated early`.
    pub fn words(&self) -> String {
        self.verdicts.iter().map(|verdict| verdict.word()).collect::<Vec<_>>().join("; ")
    }
}

/// How every point learnt, in the manifest's order.
pub fn fits(results: &Results<'_>) -> Vec<Fit> {
    let mut fits: Vec<Fit> = (0..results.manifest().points.len()).map(|point| described(results, point)).collect();
    for (fit, beaten) in fits.iter_mut().zip(rivals(results)) {
        if let Some(evidence) = &mut fit.evidence {
            evidence.beaten = beaten;
        }
    }
    adjust(&mut fits, |evidence| evidence.rise.as_mut().map(|rise| (&mut rise.p_holm, &mut rise.holds, rise.p)));
    adjust(&mut fits, |evidence| evidence.fall.as_mut().map(|fall| (&mut fall.p_holm, &mut fall.holds, fall.p)));
    adjust(&mut fits, |evidence| {
        evidence.beaten.as_mut().map(|beaten| (&mut beaten.p_holm, &mut beaten.holds, beaten.p))
    });
    for fit in &mut fits {
        fit.verdicts = verdicts(fit);
    }
    fits
}

/// Holm's method over the same test of all points that have enough replicates for a verdict.
fn adjust(fits: &mut [Fit], test: impl Fn(&mut Evidence) -> Option<(&mut f64, &mut bool, f64)>) {
    let judged = fits.iter_mut().filter(|fit| fit.n >= FEWEST_REPLICATES);
    let mut tests: Vec<_> = judged.filter_map(|fit| test(fit.evidence.as_mut()?)).collect();
    let adjusted = holm(&tests.iter().map(|(.., p)| *p).collect::<Vec<_>>()).unwrap_or_default();
    for ((p_holm, holds, _), adjusted) in tests.iter_mut().zip(adjusted) {
        **p_holm = adjusted;
        **holds |= adjusted < ALPHA.get();
    }
}

fn verdicts(fit: &Fit) -> Vec<FitVerdict> {
    let Some(evidence) = fit.evidence.as_ref().filter(|_| fit.n >= FEWEST_REPLICATES) else {
        return vec![FitVerdict::NoVerdict];
    };
    let training_falls = evidence.training_at_end.zip(evidence.training_at_best).is_some_and(|(end, best)| end < best);
    let matters = evidence.generalization_loss.is_some_and(|growth| growth > OVERFITTING_PERCENT);
    let overfits = if evidence.ends_at_best { FitVerdict::OverfitsRestored } else { FitVerdict::Overfits };
    let found = [
        (evidence.rise.is_some_and(|rise| rise.holds) && matters && training_falls, overfits),
        (
            evidence.is_no_better_than_constant || evidence.beaten.is_some_and(|beaten| beaten.holds),
            FitVerdict::Underfits,
        ),
        (evidence.fall.is_some_and(|fall| fall.holds), FitVerdict::StillImproving),
        (is_early(evidence.best_epoch - 1, evidence.epochs), FitVerdict::SaturatedEarly),
    ];
    let found: Vec<FitVerdict> = found.into_iter().filter(|(holds, _)| *holds).map(|(_, verdict)| verdict).collect();
    if found.is_empty() { vec![FitVerdict::Fits] } else { found }
}

/// A point without what takes the other points to know.
fn described(results: &Results<'_>, point: usize) -> Fit {
    let trials: Vec<Trial<'_>> = results.point(point).filter(|trial| trial.scores().is_some()).collect();
    let evidence = evidence(results, point, &trials).map(Box::new);
    Fit { point, n: trials.len(), verdicts: Vec::new(), evidence }
}

fn evidence(results: &Results<'_>, point: usize, trials: &[Trial<'_>]) -> Option<Evidence> {
    let curves = |read: fn(&PackedCurves) -> &[f32]| -> Vec<&[f32]> {
        trials.iter().filter_map(|trial| trial.outcome).map(|outcome| read(&outcome.curves)).collect()
    };
    let validation = LearningCurves::new(curves(PackedCurves::validation_loss))?;
    let best = validation.best_epochs();
    let (training_curve, training) = match LearningCurves::new(curves(PackedCurves::train_loss)) {
        Some(whole) if whole.epochs() >= validation.epochs() => (TrainingCurve::Whole, Some(whole)),
        _ => (TrainingCurve::Running, LearningCurves::new(curves(PackedCurves::train_loss_running))),
    };
    let at_end = mean(&validation.at_the_end())?;
    let fall = validation.falls().and_then(|falls| tested(&falls, at_end * MARGIN, 1));
    let gap = gap(results, point);
    let mut found = Evidence {
        epochs: validation.epochs(),
        best_epoch: best.of_all + 1,
        restored: trials.iter().filter_map(Trial::scores).filter(|scores| scores.restored_epoch.is_some()).count(),
        ends_at_best: trials.iter().all(ends_at_best),
        rise: validation.rise().and_then(|rise| Some(tested(&rise.logarithms, 0.0, rise.candidates)?.as_growth())),
        generalization_loss: validation.generalization_losses(&best).and_then(|losses| mean(&losses)),
        training_curve,
        training_at_best: training.as_ref().and_then(|training| mean(&training.at(&best.of_others))),
        training_at_end: training
            .as_ref()
            .and_then(|training| mean(&training.at(&vec![validation.epochs() - 1; trials.len()]))),
        fall,
        gap,
        constant_loss: results.manifest().points.get(point).and_then(|point| point.constant_loss),
        is_no_better_than_constant: false,
        beaten: None,
    };
    found.is_no_better_than_constant = is_no_better_than_constant(results, &found, point, &validation, &best);
    Some(found)
}

/// Whether the weights that a trial ended with are those of its best epoch.
fn ends_at_best(trial: &Trial<'_>) -> bool {
    let end = trial.scores().and_then(|scores| scores.restored_epoch).or_else(|| trial.epochs_run());
    trial.scores().map(|scores| scores.best_epoch) == end
}

/// Whether neither the training loss nor the validation loss, each at its best, is below that of the best constant
/// prediction by the margin. What only fails on validation rows has fitted, and what fails there late has overfitted.
fn is_no_better_than_constant(
    results: &Results<'_>,
    evidence: &Evidence,
    point: usize,
    validation: &LearningCurves<'_>,
    best: &BestEpochs,
) -> bool {
    let Some(constant) = evidence.constant_loss else { return false };
    let fails = |loss: Option<f64>, constant: f64| loss.is_some_and(|loss| loss > constant * (1.0 - MARGIN));
    let training: Vec<f64> = results.values(point, Figure::TrainLoss).into_iter().flatten().collect();
    fails(mean(&validation.at(&best.of_others)), constant.validation) && fails(mean(&training), constant.training)
}

/// The mean with its interval, and the test that it is over `bound`, Bonferroni over `candidates` that could have been in
/// its place; `None` for fewer than two values.
fn tested(values: &[f64], bound: f64, candidates: usize) -> Option<Tested> {
    let test = MeanTest::new(values, Replicates::Independent)?;
    let p = (test.greater_than(bound).p * candidates as f64).min(1.0);
    let holds = test.is_constant() && test.mean() > bound;
    Some(Tested { mean: test.mean(), interval: test.interval(ALPHA.over(candidates)), p, p_holm: p, holds })
}

/// Validation loss less training loss, of the weights that training ended with.
fn gap(results: &Results<'_>, point: usize) -> Option<Gap> {
    let validation = results.values(point, Figure::VALIDATION_LOSS);
    let training = results.values(point, Figure::TrainLoss);
    Gap::new(&validation, &training)
}
