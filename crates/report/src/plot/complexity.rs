//! Loss over the number of parameters, at otherwise equal settings: the curve on which too small a model underfits and too
//! large a one overfits.

use std::collections::BTreeMap;

use super::levels::AxisLevels;
use crate::axes;
use crate::level_losses::{LevelLosses, level_losses};
use crate::results::Results;
use crate::statistics::Summary;
use crate::tables::summary::of_values;

/// Settings that change what the best size of a model is: each of their levels has a panel of its own.
const APART: [&str; 3] = ["data.training_rows", "data.rows", "train.early_stopping"];

/// Panels of one picture.
pub const MOST_PANELS: usize = 8;

/// Sizes that a curve needs.
const FEWEST_SIZES: usize = 3;

/// Loss over parameters along one axis.
#[derive(Debug, Clone, PartialEq)]
pub struct ComplexityPlot {
    /// The axis that changes the number of parameters, by its place in the manifest.
    pub axis: usize,
    /// Its name.
    pub name: String,
    /// One for each combination of the settings that stand apart.
    pub panels: Vec<SizePanel>,
    /// Panels that are not drawn, as there are too many.
    pub left_out: usize,
}

/// The curve at one combination of settings.
#[derive(Debug, Clone, PartialEq)]
pub struct SizePanel {
    /// Which: `training_rows 100, no early stop`; empty where no setting stands apart.
    pub title: String,
    /// From the fewest parameters to the most.
    pub sizes: Vec<Size>,
}

/// A level of the axis.
#[derive(Debug, Clone, PartialEq)]
pub struct Size {
    /// The level, by its place on the axis.
    pub level: usize,
    /// How it is named.
    pub label: String,
    /// Trainable parameters, the mean over the settings.
    pub parameters: f64,
    /// Loss of the whole training set.
    pub training: Option<Summary>,
    /// Validation loss of the same weights.
    pub validation: Option<Summary>,
    /// Test loss of the same weights; `None` where the sweep keeps no test rows.
    pub test: Option<Summary>,
}

impl ComplexityPlot {
    /// The curves along every axis that changes the number of parameters and gives at least three sizes.
    pub fn all(results: &Results<'_>) -> Vec<Self> {
        (0..results.manifest().axes.len()).filter_map(|axis| Self::new(results, axis)).collect()
    }

    fn new(results: &Results<'_>, axis: usize) -> Option<Self> {
        let manifest = results.manifest();
        let described = manifest.axes.get(axis)?;
        if !changes_parameters(results, axis) {
            return None;
        }
        let apart: Vec<usize> =
            APART.iter().filter_map(|path| axes::of_setting(manifest, path)).filter(|other| *other != axis).collect();
        let levels_of = |point: usize| -> Vec<u32> {
            let levels = manifest.points.get(point).map_or(&[][..], |point| point.levels.as_slice());
            apart.iter().filter_map(|axis| levels.get(*axis).copied()).collect()
        };
        let mut combinations: Vec<Vec<u32>> = (0..manifest.points.len()).map(levels_of).collect();
        combinations.sort_unstable();
        combinations.dedup();
        let label = |combination: &[u32]| {
            let each = apart.iter().zip(combination).filter_map(|(axis, level)| {
                let described = AxisLevels::new(manifest, *axis)?;
                let level = described.label(*level as usize);
                Some(match (described.short_name.as_str(), level) {
                    ("early_stopping", "false") => "no early stop".to_owned(),
                    ("early_stopping", _) if described.labels.len() == 2 => "early stop".to_owned(),
                    (name, level) => format!("{name} {level}"),
                })
            });
            each.collect::<Vec<_>>().join(", ")
        };
        let left_out = combinations.len().saturating_sub(MOST_PANELS);
        let panels: Vec<SizePanel> = combinations
            .iter()
            .take(MOST_PANELS)
            .filter_map(|combination| {
                let losses = level_losses(results, axis, |point| levels_of(point) == *combination);
                let mut sizes: Vec<Size> = losses.iter().filter_map(|losses| Size::new(results, losses)).collect();
                sizes.sort_by(|one, other| {
                    one.parameters.total_cmp(&other.parameters).then(one.level.cmp(&other.level))
                });
                let mut different: Vec<f64> = sizes.iter().map(|size| size.parameters).collect();
                different.dedup();
                (different.len() >= FEWEST_SIZES).then(|| SizePanel { title: label(combination), sizes })
            })
            .collect();
        (!panels.is_empty()).then(|| Self { axis, name: described.name.clone(), left_out, panels })
    }
}

/// Whether the levels of an axis have at least [`FEWEST_SIZES`] mean numbers of parameters: of most axes all have one.
fn changes_parameters(results: &Results<'_>, axis: usize) -> bool {
    let mut totals: BTreeMap<u32, (f64, f64)> = BTreeMap::new();
    for point in &results.manifest().points {
        let Some(level) = point.levels.get(axis) else { continue };
        let (total, count) = totals.entry(*level).or_default();
        *total += point.parameters as f64;
        *count += 1.0;
    }
    let mut means: Vec<f64> = totals.into_values().map(|(total, count)| total / count).collect();
    means.sort_by(f64::total_cmp);
    means.dedup();
    means.len() >= FEWEST_SIZES
}

impl Size {
    fn new(results: &Results<'_>, losses: &LevelLosses) -> Option<Self> {
        let manifest = results.manifest();
        let parameters: Vec<f64> =
            losses.points.iter().filter_map(|point| Some(manifest.points.get(*point)?.parameters as f64)).collect();
        Some(Self {
            level: losses.level,
            label: losses.label.clone(),
            parameters: crate::statistics::mean(&parameters)?,
            training: of_values(&losses.training),
            validation: of_values(&losses.validation),
            test: of_values(&losses.test),
        })
    }
}

impl SizePanel {
    /// The size of the smallest mean validation loss, the smaller one on ties.
    pub fn best(&self) -> Option<&Size> {
        let mean = |size: &Size| size.validation.map_or(f64::INFINITY, |summary| summary.mean);
        self.sizes.iter().min_by(|one, other| mean(one).total_cmp(&mean(other)))
    }
}

#[cfg(test)]
mod tests {
    use swath_results::manifest::Task;

    use super::*;
    use crate::tests::fixture::Sweep;

    #[test]
    fn sizes_stand_in_their_order_and_settings_that_change_the_best_size_apart() {
        let axes: [(&str, &[&str]); 3] = [
            ("architecture", &["baseline", "wide", "deep", "wide_deep"]),
            ("train.early_stopping", &["false", "{patience=5}"]),
            ("epochs", &["10", "30"]),
        ];
        let sweep = Sweep::new(Task::Regression, &axes, 3);
        let plots = ComplexityPlot::all(&sweep.results());
        assert_eq!(plots.len(), 1);
        let titles: Vec<&str> = plots[0].panels.iter().map(|panel| panel.title.as_str()).collect();
        assert_eq!(titles, ["no early stop", "early stop"]);
        let sizes: Vec<(&str, f64)> =
            plots[0].panels[0].sizes.iter().map(|size| (size.label.as_str(), size.parameters)).collect();
        assert_eq!(sizes, [("baseline", 81.0), ("deep", 205.0), ("wide", 225.0), ("wide_deep", 697.0)]);
        assert_eq!(plots[0].panels[0].best().unwrap().label, "wide");
    }

    #[test]
    fn two_sizes_are_no_curve() {
        let sweep = Sweep::new(Task::Regression, &[("architecture", &["baseline", "wide"])], 3);
        assert_eq!(ComplexityPlot::all(&sweep.results()), []);
    }
}
