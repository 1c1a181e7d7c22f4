//! Loss over training rows, with the power law that fits it and what it says of twice the data.

use crate::answer::ARCHITECTURE;
use crate::axes;
use crate::contrast::ALPHA;
use crate::level_losses::{LevelLosses, level_losses};
use crate::results::Results;
use crate::statistics::power_law::FEWEST_SIZES;
use crate::statistics::{Forecast, PowerLaw, Summary, forecast};
use crate::tables::summary::of_values;

/// Axes that change the number of training rows.
const AXES: [&str; 2] = ["data.training_rows", "data.rows"];

/// Architectures that have a curve each; of a sweep with more, one curve is the mean over all.
const MOST_CURVES: usize = 6;

/// Relative errors of the fit beyond which the losses do not follow it.
const LARGEST_ERROR: f64 = 0.1;

/// A factor between the fewest and the most rows below which a law says little beyond them.
const LEAST_SPAN: f64 = 4.0;

/// The start of the stream that replicates are drawn from.
const SEED: u64 = 0x0006_d6f7_2655;

/// Loss over rows.
#[derive(Debug, Clone, PartialEq)]
pub struct MoreDataPlot {
    /// The axis that changes the rows, by its place in the manifest.
    pub axis: usize,
    /// Its name.
    pub name: String,
    /// One for each architecture, or one alone.
    pub curves: Vec<RowsCurve>,
}

/// The curve of one architecture, or of all.
#[derive(Debug, Clone, PartialEq)]
pub struct RowsCurve {
    /// The architecture; empty where the curve is the mean over all points.
    pub label: String,
    /// From the fewest rows to the most.
    pub sizes: Vec<Rows>,
    /// The law that fits the mean validation losses, or why there is none.
    pub law: Result<Fitted, NoLaw>,
}

/// A number of training rows.
#[derive(Debug, Clone, PartialEq)]
pub struct Rows {
    /// The level, by its place on the axis.
    pub level: usize,
    /// Training rows of one replicate.
    pub rows: u64,
    /// Loss of these rows.
    pub training: Option<Summary>,
    /// Validation loss of the same weights.
    pub validation: Option<Summary>,
    /// Test loss of the same weights; `None` where the sweep keeps no test rows.
    pub test: Option<Summary>,
}

/// A law with what it says.
#[derive(Debug, Clone, PartialEq)]
pub struct Fitted {
    /// The law.
    pub law: PowerLaw,
    /// What it says of twice the most rows.
    pub twice: Forecast,
    /// Why it should not be believed; empty where nothing speaks against it.
    pub doubts: Vec<Doubt>,
}

/// Why a curve has no law.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoLaw {
    /// So many sizes have a loss: fewer than the parameters of a law and one.
    FewSizes(usize),
    /// A loss is not above 0, or no replicate has all sizes.
    NoFit,
}

/// Why a law should not be believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Doubt {
    /// The losses do not determine the exponent: they hardly fall, or fall all at once.
    Undetermined,
    /// The losses stray from the law by more than a tenth.
    Strays,
    /// The most rows are less than four times the fewest.
    NarrowSpan,
    /// The interval of twice the data holds a larger loss than now.
    MayNotHelp,
}

impl MoreDataPlot {
    /// The curves along each axis that changes the number of training rows.
    pub fn all(results: &Results<'_>) -> Vec<Self> {
        AXES.iter()
            .filter_map(|path| axes::of_setting(results.manifest(), path))
            .filter_map(|axis| Self::new(results, axis))
            .collect()
    }

    fn new(results: &Results<'_>, axis: usize) -> Option<Self> {
        let manifest = results.manifest();
        let architectures = axes::of_setting(manifest, ARCHITECTURE)
            .and_then(|place| Some((place, manifest.axes.get(place)?)))
            .filter(|(_, axis)| axis.levels.len() <= MOST_CURVES);
        let curves: Vec<RowsCurve> = match architectures {
            Some((place, described)) => {
                let level_of =
                    |point: usize| manifest.points.get(point)?.levels.get(place).map(|level| *level as usize);
                let curve = |(level, known): (usize, &swath_results::manifest::Level)| {
                    RowsCurve::new(results, axis, known.label.clone(), |point| level_of(point) == Some(level))
                };
                described.levels.iter().enumerate().filter_map(curve).collect()
            }
            None => RowsCurve::new(results, axis, String::new(), |_| true).into_iter().collect(),
        };
        let name = manifest.axes.get(axis)?.name.clone();
        (!curves.is_empty()).then_some(Self { axis, name, curves })
    }

    /// The most rows that were tried.
    pub fn most(&self) -> u64 {
        self.curves.iter().flat_map(|curve| &curve.sizes).map(|size| size.rows).max().unwrap_or(0)
    }
}

impl RowsCurve {
    fn new(results: &Results<'_>, axis: usize, label: String, counts: impl Fn(usize) -> bool) -> Option<Self> {
        let manifest = results.manifest();
        let mut losses: Vec<(u64, LevelLosses)> = level_losses(results, axis, counts)
            .into_iter()
            .filter_map(|losses| {
                let point = manifest.points.get(*losses.points.first()?)?;
                Some((point.settings.training_rows, losses))
            })
            .collect();
        losses.sort_by_key(|(rows, losses)| (*rows, losses.level));
        if losses.len() < 2 {
            return None;
        }
        let sizes: Vec<Rows> = losses
            .iter()
            .map(|(rows, losses)| Rows {
                level: losses.level,
                rows: *rows,
                training: of_values(&losses.training),
                validation: of_values(&losses.validation),
                test: of_values(&losses.test),
            })
            .collect();
        let law = fit(&losses);
        Some(Self { label, sizes, law })
    }
}

/// The law through the mean validation losses of the replicates that every size has.
fn fit(losses: &[(u64, LevelLosses)]) -> Result<Fitted, NoLaw> {
    let there: Vec<&(u64, LevelLosses)> =
        losses.iter().filter(|(_, losses)| losses.validation.iter().any(Option::is_some)).collect();
    let mut different: Vec<u64> = there.iter().map(|(rows, _)| *rows).collect();
    different.dedup();
    if different.len() < FEWEST_SIZES {
        return Err(NoLaw::FewSizes(different.len()));
    }
    let replicates = there.iter().map(|(_, losses)| losses.validation.len()).max().unwrap_or(0);
    let whole: Vec<usize> = (0..replicates)
        .filter(|replicate| there.iter().all(|(_, losses)| matches!(losses.validation.get(*replicate), Some(Some(_)))))
        .collect();
    let sizes: Vec<f64> = there.iter().map(|(rows, _)| *rows as f64).collect();
    let values: Vec<Vec<f64>> = there
        .iter()
        .map(|(_, losses)| whole.iter().filter_map(|replicate| *losses.validation.get(*replicate)?).collect())
        .collect();
    let (fewest, most) =
        sizes.iter().fold((f64::INFINITY, 0.0_f64), |(low, high), size| (low.min(*size), high.max(*size)));
    let (law, twice) = forecast(&sizes, &values, 2.0 * most, ALPHA, SEED).ok_or(NoLaw::NoFit)?;
    let doubts = [
        (law.is_undetermined(), Doubt::Undetermined),
        (law.error > LARGEST_ERROR, Doubt::Strays),
        (most < LEAST_SPAN * fewest, Doubt::NarrowSpan),
        (twice.ratio_interval.is_some_and(|interval| interval.high >= 1.0), Doubt::MayNotHelp),
    ];
    let doubts = doubts.into_iter().filter(|(holds, _)| *holds).map(|(_, doubt)| doubt).collect();
    Ok(Fitted { law, twice, doubts })
}

#[cfg(test)]
pub(crate) mod tests {
    use swath_results::manifest::Task;
    use swath_results::row::Ending;

    use super::*;
    use crate::tests::fixture::Sweep;

    /// A sweep over rows whose validation losses are these, with a factor for each of three replicates.
    pub(crate) fn sweep(rows: &[&str], loss: impl Fn(f64) -> f64) -> Sweep {
        let mut sweep = Sweep::new(Task::Regression, &[("data.training_rows", rows)], 3);
        for (point, rows) in rows.iter().enumerate() {
            let rows: f64 = rows.parse().unwrap();
            sweep.manifest.points[point].settings.training_rows = rows as u64;
            for replicate in 0..3 {
                let key = sweep.manifest.key(point, replicate as u32).unwrap();
                let Ending::Finished(scores) = &mut sweep.outcomes.get_mut(&key).unwrap().ending else { panic!() };
                scores.last.validation_loss = (loss(rows) * [0.99, 1.0, 1.01][replicate]) as f32;
            }
        }
        sweep
    }

    const ROWS: [&str; 5] = ["1600", "100", "200", "400", "800"];

    #[test]
    fn a_law_that_holds_is_found_and_twice_the_data_is_told() {
        let sweep = sweep(&ROWS, |rows| 0.02 + 3.0 / rows.sqrt());
        let plot = MoreDataPlot::all(&sweep.results()).remove(0);
        let curve = &plot.curves[0];
        assert_eq!(curve.sizes.iter().map(|size| size.rows).collect::<Vec<_>>(), [100, 200, 400, 800, 1_600]);
        let fitted = curve.law.as_ref().unwrap();
        assert!((fitted.law.exponent - 0.5).abs() < 0.001 && (fitted.law.floor - 0.02).abs() < 0.001, "{fitted:?}");
        assert!((fitted.twice.loss - (0.02 + 3.0 / 3_200_f64.sqrt())).abs() < 1e-4);
        assert!(fitted.twice.interval.unwrap().contains(fitted.twice.loss));
        assert_eq!((fitted.doubts.as_slice(), plot.most()), (&[][..], 1_600));
    }

    #[test]
    fn what_speaks_against_a_law_is_named() {
        let plot = |sweep: Sweep| MoreDataPlot::all(&sweep.results()).remove(0).curves.remove(0).law;
        assert_eq!(plot(sweep(&ROWS[..3], |rows| 1.0 / rows)), Err(NoLaw::FewSizes(3)));
        let flat = plot(sweep(&ROWS, |_| 0.5)).unwrap();
        assert!(flat.doubts.contains(&Doubt::Undetermined) && flat.doubts.contains(&Doubt::MayNotHelp), "{flat:?}");
        let rough = plot(sweep(&ROWS, |rows| if rows > 300.0 { 0.1 } else { 0.5 + rows / 1_000.0 })).unwrap();
        assert!(rough.doubts.contains(&Doubt::Strays), "{rough:?}");
        let narrow = plot(sweep(&["100", "150", "200", "300"], |rows| 3.0 / rows.sqrt())).unwrap();
        assert!(narrow.doubts.contains(&Doubt::NarrowSpan), "{narrow:?}");
        assert_eq!(MoreDataPlot::all(&Sweep::architectures().results()), []);
    }
}
