//! Update rules over their learning rates: the best rate of each, and how wide the range of good ones is.

use std::collections::{BTreeMap, BTreeSet};

use crate::averaging::{Averages, Rows};
use crate::axes;
use crate::contrast::{ALPHA, FEWEST_REPLICATES};
use crate::figure::Figure;
use crate::level_losses::{LevelLosses, has_one_loss};
use crate::objective::words;
use crate::results::{Counts, Results};
use crate::statistics::{MeanTest, Summary, holm_of};
use crate::tables::summary::of_values;

/// A rate is good whose mean validation loss is at most this share above that of the rule's best rate.
pub const TOLERANCE: f64 = 0.1;

/// Rules that are drawn; colours and symbols would begin again.
pub const MOST_RULES: usize = 8;

/// The axis with everything that belongs to an update rule.
const OPTIMIZER: &str = "train.optimizer";

/// Losses over learning rates, rule by rule.
#[derive(Debug, Clone, PartialEq)]
pub struct OptimizersPlot {
    /// The rules, in the manifest's order.
    pub rules: Vec<Rule>,
    /// Settings of all else that every rate of every rule is averaged over.
    pub settings: usize,
    /// The loss that best rates are compared by: `test loss`.
    pub figure: String,
    /// The rule of the smallest mean validation loss, by its place in `rules`.
    pub best: usize,
}

/// An update rule.
#[derive(Debug, Clone, PartialEq)]
pub struct Rule {
    /// Its name with the settings that are not its defaults: `sgd(momentum=0.9)`.
    pub name: String,
    /// Its learning rates, ascending.
    pub rates: Vec<Rate>,
    /// The rate of the smallest mean validation loss of those whose trials all finished, by its place in `rates`; `None`
    /// where there is none.
    pub best: Option<usize>,
    /// The rates that are good; `None` without a best one.
    pub range: Option<GoodRange>,
    /// At the best rate, against the best rate of the best rule, in test loss where there are test rows; `None` for that
    /// rule itself and for fewer than two replicates in common.
    pub against_best: Option<MeanTest>,
    /// Its p after Holm, over all rules.
    pub p_holm: Option<f64>,
}

/// A learning rate of a rule.
#[derive(Debug, Clone, PartialEq)]
pub struct Rate {
    /// The rate.
    pub rate: f64,
    /// Points at this rate.
    pub points: Vec<usize>,
    /// Validation loss over the replicates that finished.
    pub validation: Option<Summary>,
    /// Test loss over the same; validation loss where the sweep keeps no test rows.
    pub compared: Option<Summary>,
    /// How the trials ended.
    pub counts: Counts,
    replicates: Averages,
}

/// From the smallest to the largest good rate, between tried ones in a straight line on logarithmic scales.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct GoodRange {
    /// The smallest good rate.
    pub low: f64,
    /// The largest good rate.
    pub high: f64,
    /// Whether the smallest rate that was tried is still good, so that the range may go on.
    pub is_open_below: bool,
    /// Whether the largest rate that was tried is still good.
    pub is_open_above: bool,
}

impl GoodRange {
    /// Its width in powers of ten.
    pub fn decades(&self) -> f64 {
        libm::log10(self.high / self.low)
    }
}

impl OptimizersPlot {
    /// The rules that were tried; `None` unless some of several rules has at least two learning rates, or the only one three,
    /// at settings that all have in common.
    pub fn new(results: &Results<'_>) -> Option<Self> {
        let manifest = results.manifest();
        let inside = axes::inside(manifest, OPTIMIZER);
        if inside.is_empty() || !has_one_loss(manifest) {
            return None;
        }
        // Rule by rule in the manifest's order; bits of a positive rate ascend with it.
        let mut order: Vec<&str> = Vec::new();
        let mut cells: BTreeMap<(usize, u64), BTreeMap<Vec<u32>, usize>> = BTreeMap::new();
        for (place, point) in manifest.points.iter().enumerate() {
            let name = point.settings.update_rule.as_ref();
            let rule = order.iter().position(|known| *known == name).unwrap_or_else(|| {
                order.push(name);
                order.len() - 1
            });
            let kept = point.levels.iter().enumerate().filter(|(axis, _)| !inside.contains(axis));
            let setting: Vec<u32> = kept.map(|(_, level)| *level).collect();
            let rate = point.settings.learning_rate.to_bits();
            cells.entry((rule, rate)).or_default().entry(setting).or_insert(place);
        }
        // Rules of another part of the sweep, at settings that hardly any rate has, are not held against the others.
        let mut shared: BTreeMap<&Vec<u32>, usize> = BTreeMap::new();
        for setting in cells.values().flat_map(BTreeMap::keys) {
            *shared.entry(setting).or_default() += 1;
        }
        let most = shared.values().copied().max().filter(|most| *most > 1)?;
        let common: BTreeSet<&Vec<u32>> =
            shared.into_iter().filter(|(_, rates)| *rates == most).map(|(setting, _)| setting).collect();
        let mut rules: Vec<(usize, Rule)> = Vec::new();
        for ((rule, rate), settings) in &cells {
            let points: Vec<usize> =
                settings.iter().filter(|(setting, _)| common.contains(setting)).map(|(_, point)| *point).collect();
            if points.len() < common.len() {
                continue;
            }
            let found = Rate::new(results, f64::from_bits(*rate), points);
            match rules.iter_mut().find(|(known, _)| known == rule) {
                Some((_, known)) => known.rates.push(found),
                None => rules.push((*rule, Rule::new((*order.get(*rule)?).to_owned(), found))),
            }
        }
        let mut rules: Vec<Rule> = rules.into_iter().map(|(_, rule)| rule).collect();
        let most_rates = rules.iter().map(|rule| rule.rates.len()).max().unwrap_or(0);
        if most_rates < if rules.len() > 1 { 2 } else { 3 } {
            return None;
        }
        for rule in &mut rules {
            rule.choose();
        }
        let loss = |rule: &Rule| rule.best_rate().and_then(Rate::loss).unwrap_or(f64::INFINITY);
        let best = (0..rules.len()).min_by(|one, other| {
            let at = |place: &usize| rules.get(*place).map_or(f64::INFINITY, loss);
            at(one).total_cmp(&at(other))
        })?;
        compare(&mut rules, best);
        Some(Self { rules, settings: common.len(), figure: words(compared(results), &manifest.objective.metric), best })
    }
}

/// The loss that best rates are compared by: on test rows where there are any.
fn compared(results: &Results<'_>) -> Figure {
    if results.is_tested() { Figure::TEST_LOSS } else { Figure::VALIDATION_LOSS }
}

/// Every rule at its best rate against the best rule at its own, in the same replicates.
fn compare(rules: &mut [Rule], best: usize) {
    let Some(reference) = rules.get(best).and_then(Rule::best_rate).map(|rate| Averages::clone(&rate.replicates))
    else {
        return;
    };
    for (_, rule) in rules.iter_mut().enumerate().filter(|(place, _)| *place != best) {
        let replicates = rule.best_rate().map(|rate| Averages::clone(&rate.replicates));
        rule.against_best = replicates.and_then(|replicates| LevelLosses::difference(&replicates, &reference));
    }
    let judged = |rule: &Rule| rule.against_best.filter(|test| test.n() >= FEWEST_REPLICATES);
    let p_values: Vec<Option<f64>> = rules.iter().map(|rule| judged(rule).map(|test| test.p())).collect();
    for (rule, p_holm) in rules.iter_mut().zip(holm_of(&p_values)) {
        rule.p_holm = p_holm;
    }
}

impl Rate {
    fn new(results: &Results<'_>, rate: f64, points: Vec<usize>) -> Self {
        let averages = |figure: Figure| {
            let mut rows = Rows::default();
            for point in &points {
                rows.push(results.row(*point, figure));
            }
            let kept = rows.fullest();
            rows.averages(&kept)
        };
        let replicates = averages(compared(results));
        Self {
            rate,
            validation: of_values(&averages(Figure::VALIDATION_LOSS)),
            compared: of_values(&replicates),
            counts: points.iter().fold(Counts::default(), |all, point| all.and(results.counts_of(*point))),
            replicates,
            points,
        }
    }

    /// The mean validation loss, where every trial finished: a mean over those that happened not to diverge is no loss of
    /// the rate.
    fn loss(&self) -> Option<f64> {
        self.validation.filter(|_| self.counts.is_complete()).map(|summary| summary.mean)
    }
}

impl Rule {
    fn new(name: String, first: Rate) -> Self {
        Self { name, rates: vec![first], best: None, range: None, against_best: None, p_holm: None }
    }

    /// The best rate.
    pub fn best_rate(&self) -> Option<&Rate> {
        self.rates.get(self.best?)
    }

    /// Finds the best rate and the good ones around it.
    fn choose(&mut self) {
        let losses: Vec<Option<f64>> = self.rates.iter().map(Rate::loss).collect();
        let known = losses.iter().enumerate().filter_map(|(place, loss)| Some((place, (*loss)?)));
        let Some((best, least)) = known.min_by(|one, other| one.1.total_cmp(&other.1)) else { return };
        self.best = Some(best);
        let limit = least + TOLERANCE * least.abs();
        let at = |place: usize| Some((self.rates.get(place)?.rate, losses.get(place).copied().flatten()));
        // From the best rate outwards, as long as rates are good; then to where the line to the next one crosses.
        let reach = |next: &dyn Fn(usize) -> Option<usize>| -> (f64, bool) {
            let mut place = best;
            loop {
                let Some((rate, Some(loss))) = at(place) else { return (f64::NAN, false) };
                let Some((other, found)) = next(place).and_then(at) else { return (rate, true) };
                let Some(beyond) = found else { return (rate, false) };
                if beyond > limit {
                    let share = libm::log(limit / loss) / libm::log(beyond / loss);
                    let share = if share.is_finite() { share.clamp(0.0, 1.0) } else { 0.0 };
                    return (rate * libm::pow(other / rate, share), false);
                }
                let Some(further) = next(place) else { return (rate, true) };
                place = further;
            }
        };
        let (low, is_open_below) = reach(&|place| place.checked_sub(1));
        let (high, is_open_above) = reach(&|place| Some(place + 1).filter(|next| *next < losses.len()));
        self.range =
            (low.is_finite() && high.is_finite()).then_some(GoodRange { low, high, is_open_below, is_open_above });
    }

    /// The difference to the best rule with its interval.
    pub fn difference(&self) -> Option<(f64, crate::statistics::Interval)> {
        self.against_best.map(|test| (test.mean(), test.interval(ALPHA)))
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use swath_results::manifest::Task;
    use swath_results::row::Ending;

    use super::*;
    use crate::tests::fixture::Sweep;

    /// Two rules x four rates x three replicates with these losses.
    pub(crate) fn sweep(losses: [[f32; 4]; 2]) -> Sweep {
        let axes: [(&str, &[&str]); 2] = [
            ("train.optimizer.name", &["sgd", "adam"]),
            ("train.optimizer.learning_rate", &["0.1", "0.001", "0.01", "1"]),
        ];
        let mut sweep = Sweep::new(Task::Regression, &axes, 3);
        for (point, loss) in losses.into_iter().flatten().enumerate() {
            let settings = &mut sweep.manifest.points[point].settings;
            settings.update_rule = ["sgd", "adam"][point / 4].into();
            settings.learning_rate = [0.1, 0.001, 0.01, 1.0][point % 4];
            for replicate in 0..3 {
                let key = sweep.manifest.key(point, replicate as u32).unwrap();
                let Ending::Finished(scores) = &mut sweep.outcomes.get_mut(&key).unwrap().ending else { panic!() };
                let loss = loss + [0.0, 0.0625, -0.0625][replicate] * (point / 4 + 1) as f32;
                scores.last.validation_loss = loss;
                scores.last.test_loss = Some(loss);
            }
        }
        sweep
    }

    fn plot(sweep: &Sweep) -> Option<OptimizersPlot> {
        OptimizersPlot::new(&sweep.results())
    }

    #[test]
    fn each_rule_has_its_best_rate_and_the_range_of_good_ones() {
        let plot = plot(&sweep([[1.0, 4.0, 2.0, 8.0], [2.0, 2.0, 2.0, 2.0]])).unwrap();
        let [sgd, adam] = plot.rules.as_slice() else { panic!() };
        assert_eq!(sgd.rates.iter().map(|rate| rate.rate).collect::<Vec<_>>(), [0.001, 0.01, 0.1, 1.0]);
        assert_eq!((sgd.best, plot.best), (Some(2), 0));
        let range = sgd.range.unwrap();
        // The line from 1 at 0.1 to 2 at 0.01 crosses 1.1 after log 1.1 / log 2 of a decade; that to 8 after log 1.1 / log 8.
        let below = 0.1 * libm::pow(0.1, libm::log(1.1) / libm::log(2.0));
        let above = 0.1 * libm::pow(10.0, libm::log(1.1) / libm::log(8.0));
        assert!((range.low - below).abs() < 1e-9 && (range.high - above).abs() < 1e-9, "{range:?}");
        assert!(!range.is_open_below && !range.is_open_above);
        assert!((range.decades() - (libm::log(1.1) / libm::log(2.0) + libm::log(1.1) / libm::log(8.0))).abs() < 1e-9);
        let wide = adam.range.unwrap();
        assert!(wide.is_open_below && wide.is_open_above && (wide.decades() - 3.0).abs() < 1e-9);
    }

    #[test]
    fn rules_are_compared_at_their_best_rates_in_the_same_replicates() {
        let plot = plot(&sweep([[1.0, 4.0, 2.0, 8.0], [3.0, 2.0, 2.5, 3.0]])).unwrap();
        assert!(plot.rules[0].against_best.is_none());
        // Differences 1, 1.0625, 0.9375. SciPy 1.17: ttest_1samp: p = .001300.
        let (difference, _) = plot.rules[1].difference().unwrap();
        assert!((difference - 1.0).abs() < 1e-7);
        let p = plot.rules[1].p_holm.unwrap();
        assert!((p - 0.001_300_4).abs() < 1e-6, "{p}");
    }

    #[test]
    fn a_rate_at_which_a_trial_diverged_is_neither_best_nor_good() {
        let mut sweep = sweep([[1.0, 4.0, 1.05, 8.0], [2.0; 4]]);
        sweep.set_ending(0, 1, Ending::Diverged { epoch: 2 });
        let plot = plot(&sweep).unwrap();
        let sgd = &plot.rules[0];
        assert_eq!(sgd.best_rate().unwrap().rate.to_bits(), 0.01_f64.to_bits());
        assert!((sgd.range.unwrap().high - 0.01).abs() < 1e-12, "the next rate diverged: {:?}", sgd.range);
        assert_eq!(sgd.rates[2].counts.diverged, 1);
    }

    #[test]
    fn one_rate_of_each_rule_or_no_such_axis_is_no_plot() {
        assert_eq!(plot(&Sweep::architectures()), None);
        assert_eq!(plot(&Sweep::new(Task::Regression, &[("train.optimizer", &["sgd", "adam"])], 3)), None);
    }
}
