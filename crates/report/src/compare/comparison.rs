//! The numbers of a comparison: B less A, point by point and overall.

use swath_results::Outcome;
use swath_results::manifest::Task;
use swath_results::row::Ending;

use super::matching::{Matched, Matching};
use super::pairing::Pairing;
use super::settings::{Change, changes};
use super::side::{Incomparable, Side, check};
use crate::answer::name_of;
use crate::averaging::Rows;
use crate::contrast::{ALPHA, FEWEST_REPLICATES, MARGIN};
use crate::figure::Figure;
use crate::objective::direction_of;
use crate::results::{Counts, Results};
use crate::statistics::{Direction, Interval, MeanTest, Pairs, Question, Replicates, Verdict, Welch, holm_of, mean};

/// Two folders held against each other; differences are B less A.
#[derive(Debug, Clone, PartialEq)]
pub struct Comparison {
    /// Names of the two sweeps.
    pub names: [String; 2],
    /// How their trials ended.
    pub counts: [Counts; 2],
    /// What is not the same in what was asked for.
    pub changes: Vec<Change>,
    /// How replicates stand to each other.
    pub pairing: Pairing,
    /// The figure that is compared.
    pub figure: Figure,
    /// Its column.
    pub figure_name: String,
    /// The same as sentences call it.
    pub figure_words: String,
    /// Whether losses are in units of their own in each folder, so that the metric is compared.
    pub unlike_losses: bool,
    /// Which point is which.
    pub matching: Matching,
    /// One entry a matched point, in A's order.
    pub points: Vec<Compared>,
    /// Over all matched points, averaged within each replicate; `None` where nothing could be compared.
    pub overall: Option<Difference>,
    /// Points that the overall difference leaves out, because too few of their replicates finished in both.
    pub left_out_overall: usize,
    /// Trials of equal keys whose outcomes are not the same bits: this must not be.
    pub contradictions: usize,
}

/// A point in both folders.
#[derive(Debug, Clone, PartialEq)]
pub struct Compared {
    /// Where it stands.
    pub matched: Matched,
    /// Its levels in words, as A has them.
    pub name: String,
    /// Whether all replicates that both have bear equal keys, so that their bits are the same and nothing is tested.
    pub same_bits: bool,
    /// B less A; `None` where no replicate could be compared, and for the same bits.
    pub difference: Option<Difference>,
}

/// B less A in one figure.
#[derive(Debug, Clone, PartialEq)]
pub struct Difference {
    /// Replicates of A and of B; equal where they are paired.
    pub n: [usize; 2],
    /// Mean of A over them.
    pub mean_a: f64,
    /// Mean of B over them.
    pub mean_b: f64,
    /// The interval of the difference: Bonferroni's over the points; plain for the overall one.
    pub interval: Option<Interval>,
    /// The p value: of the paired t test, or of Welch's.
    pub p: Option<f64>,
    /// The same after Holm over the points; of the overall difference the same as `p`.
    pub p_holm: Option<f64>,
    /// How B stands to A.
    pub verdict: Verdict,
}

impl Difference {
    /// B less A.
    pub fn mean(&self) -> f64 {
        self.mean_b - self.mean_a
    }

    /// The difference as a share of A's mean; `None` where that is 0.
    pub fn relative(&self) -> Option<f64> {
        Some(self.mean() / self.mean_a.abs()).filter(|share| share.is_finite())
    }
}

/// Holds two folders against each other.
///
/// # Errors
/// They have no figure in common.
pub fn compare(a: Side<'_>, b: Side<'_>) -> Result<Comparison, Incomparable> {
    check(a, b)?;
    let unlike_losses = has_unlike_losses(a, b);
    let figure = figure_of(a.results, b.results, unlike_losses)?;
    let pairing = Pairing::of(a, b);
    let matching = Matching::of(a, b);
    let direction = direction_of(figure, &a.results.manifest().objective.metric);
    let mut found: Vec<(Compared, Option<Evidence>)> = Vec::new();
    for matched in &matching.matched {
        let same_bits = have_equal_keys(a.results, b.results, *matched);
        let evidence = if same_bits {
            None
        } else {
            let values = |results: &Results<'_>, point| results.values(point, figure);
            Evidence::new(&values(a.results, matched.a), &values(b.results, matched.b), &pairing)
        };
        let name = name_of(a.results, matched.a);
        found.push((Compared { matched: *matched, name, same_bits, difference: None }, evidence));
    }
    let p_values: Vec<Option<f64>> = found.iter().map(|(_, evidence)| evidence.as_ref()?.p()).collect();
    let tested = p_values.iter().flatten().count();
    for ((compared, evidence), p_holm) in found.iter_mut().zip(holm_of(&p_values)) {
        compared.difference = evidence.as_ref().map(|evidence| evidence.judged(tested, p_holm, direction));
    }
    let (overall, left_out_overall) = overall(a.results, b.results, &matching, figure, &pairing, direction);
    let contradicting = |matched: &Matched| contradictions(a.results, b.results, *matched, Outcome::same_result);
    let contradictions = matching.matched.iter().map(contradicting).sum();
    Ok(Comparison {
        names: [a, b].map(|side| side.results.manifest().name.clone()),
        counts: [a, b].map(|side| side.results.counts()),
        changes: changes(a, b),
        pairing,
        figure,
        figure_name: a.results.column(figure),
        figure_words: a.results.objective().words(figure),
        unlike_losses,
        points: found.into_iter().map(|(compared, _)| compared).collect(),
        matching,
        overall,
        left_out_overall,
        contradictions,
    })
}

/// Another loss, or another scale or transform of a regression's target, gives losses in units of their own.
pub(crate) fn has_unlike_losses(a: Side<'_>, b: Side<'_>) -> bool {
    let objective = &a.results.manifest().objective;
    let is_regression = objective.task == Task::Regression;
    let transform = format!("data.transform.{}", objective.target);
    let of_target = ["data.scale", transform.as_str()];
    let differ = |name: &str| a.setting(name) != b.setting(name);
    differ("train.loss") || (is_regression && of_target.into_iter().any(differ))
}

/// The test figure, where both keep test rows: of the metric that decides in both, or of the metric that both have where
/// losses are in units of their own, and else of the loss.
fn figure_of(a: &Results<'_>, b: &Results<'_>, unlike_losses: bool) -> Result<Figure, Incomparable> {
    let [metric_a, metric_b] = [a, b].map(|results| results.manifest().objective.metric.clone());
    let has_metric = metric_a == metric_b;
    if unlike_losses && !has_metric {
        return Err(Incomparable::Metric { a: metric_a, b: metric_b });
    }
    let decides = !a.objective().is_loss() && !b.objective().is_loss();
    let by_metric = unlike_losses || (has_metric && decides);
    Ok(match (a.is_tested() && b.is_tested(), by_metric) {
        (true, false) => Figure::TEST_LOSS,
        (false, false) => Figure::VALIDATION_LOSS,
        (true, true) => Figure::TEST_METRIC,
        (false, true) => Figure::VALIDATION_METRIC,
    })
}

/// Whether the replicates that both have bear the same keys.
fn have_equal_keys(a: &Results<'_>, b: &Results<'_>, matched: Matched) -> bool {
    let common = a.manifest().replicates.min(b.manifest().replicates);
    (0..common).all(|replicate| a.manifest().key(matched.a, replicate) == b.manifest().key(matched.b, replicate))
}

/// Trials of equal keys whose results are not the same; a failed one may be tried again with another result.
pub(crate) fn contradictions(
    a: &Results<'_>,
    b: &Results<'_>,
    matched: Matched,
    is_same: impl Fn(&Outcome, &Outcome) -> bool,
) -> usize {
    let is_failed = |outcome: &Outcome| matches!(outcome.ending, Ending::Failed { .. });
    let pairs = a.point(matched.a).zip(b.point(matched.b));
    let pairs = pairs.filter_map(|(a, b)| (a.key == b.key).then_some(a.outcome.zip(b.outcome)?));
    pairs.filter(|(a, b)| !is_failed(a) && !is_failed(b) && !is_same(a, b)).count()
}

/// Over all matched points: averaged within each replicate over those of which enough finished in both.
fn overall(
    a: &Results<'_>,
    b: &Results<'_>,
    matching: &Matching,
    figure: Figure,
    pairing: &Pairing,
    direction: Direction,
) -> (Option<Difference>, usize) {
    let common = a.manifest().replicates.min(b.manifest().replicates) as usize;
    let (mut rows_a, mut rows_b) = (Rows::default(), Rows::default());
    for matched in &matching.matched {
        // Where replicates are pairs, those that one side alone has say nothing.
        let cut = |row: &'_ [f32]| if pairing.is_paired() { common.min(row.len()) } else { row.len() };
        let (row_a, row_b) = (a.row(matched.a, figure), b.row(matched.b, figure));
        rows_a.push(row_a.get(..cut(row_a)).unwrap_or_default());
        rows_b.push(row_b.get(..cut(row_b)).unwrap_or_default());
    }
    let (kept, left_out) = rows_a.fullest_in_both(&rows_b);
    let evidence = Evidence::new(&rows_a.averages(&kept), &rows_b.averages(&kept), pairing);
    let difference = evidence.map(|evidence| evidence.judged(1, evidence.p(), direction));
    (difference, left_out)
}

/// A difference before the other points are known.
struct Evidence {
    n: [usize; 2],
    mean_a: f64,
    mean_b: f64,
    test: Option<Test>,
}

enum Test {
    Paired(MeanTest),
    Unpaired(Welch),
}

impl Evidence {
    /// `None` where no replicate can be compared.
    fn new(a: &[Option<f64>], b: &[Option<f64>], pairing: &Pairing) -> Option<Self> {
        if pairing.is_paired() {
            let common = a.len().min(b.len());
            let pairs = Pairs::new(a.get(..common)?, b.get(..common)?)?;
            let differences = Pairs::of_values(pairs.b(), pairs.a())?;
            let test = differences.test(Replicates::Independent).map(Test::Paired);
            return Some(Self { n: [pairs.n(); 2], mean_a: mean(pairs.a())?, mean_b: mean(pairs.b())?, test });
        }
        let present = |values: &[Option<f64>]| values.iter().copied().flatten().collect::<Vec<f64>>();
        let (a, b) = (present(a), present(b));
        let test = Welch::new(&b, &a).map(Test::Unpaired);
        Some(Self { n: [a.len(), b.len()], mean_a: mean(&a)?, mean_b: mean(&b)?, test })
    }

    fn p(&self) -> Option<f64> {
        match self.test.as_ref()? {
            Test::Paired(test) => Some(test.p()),
            Test::Unpaired(test) => test.p(),
        }
    }

    fn judged(&self, comparisons: usize, p_holm: Option<f64>, direction: Direction) -> Difference {
        let question = Question { alpha: ALPHA, comparisons, margin: self.mean_a.abs() * MARGIN, direction };
        let enough = self.n.into_iter().all(|n| n >= FEWEST_REPLICATES);
        let adjusted = p_holm.unwrap_or(1.0);
        let (interval, verdict) = match &self.test {
            None => (None, question.verdict(None, adjusted)),
            Some(Test::Paired(test)) => {
                (Some(question.interval(test)), question.verdict(Some(test).filter(|_| enough), adjusted))
            }
            Some(Test::Unpaired(test)) => (
                Some(test.interval(ALPHA.over(comparisons))),
                if enough { test.verdict(&question, adjusted) } else { question.verdict(None, adjusted) },
            ),
        };
        Difference { n: self.n, mean_a: self.mean_a, mean_b: self.mean_b, interval, p: self.p(), p_holm, verdict }
    }
}
