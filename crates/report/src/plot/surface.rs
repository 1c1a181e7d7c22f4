//! The loss over weight and bias, and the way that each training took over it.

use swath_results::surface::LossSurface;

use super::levels::AxisLevels;
use crate::results::Results;

/// Contours of the loss.
const CONTOURS: usize = 9;

/// How much further from the minimum the largest contour lies than the start, so that the whole way is inside.
const REACH: f64 = 1.1;

/// The surface with its ways.
#[derive(Debug, Clone, PartialEq)]
pub struct SurfacePlot {
    /// The surface.
    pub surface: LossSurface,
    /// Weight and bias of the smallest loss.
    pub minimum: (f64, f64),
    /// How much steeper the loss rises across the valley than along it, and the learning rate beyond which gradient descent
    /// on all rows diverges.
    pub steepness: (f64, f64),
    /// Losses of the contours, ascending.
    pub contours: Vec<f64>,
    /// The ends of the weights and of the biases that are drawn.
    pub ends: [(f64, f64); 2],
    /// One a point.
    pub paths: Vec<Path>,
}

/// The way of replicate 0 of a point.
#[derive(Debug, Clone, PartialEq)]
pub struct Path {
    /// The point.
    pub point: usize,
    /// Its levels in a few words: `learning_rate 0.3, cosine`.
    pub name: String,
    /// Weight and bias before the first epoch and after each.
    pub places: Vec<(f64, f64)>,
    /// Loss of the training rows at the last place.
    pub loss: f64,
    /// Mean loss of the training rows above the smallest one over the last tenth of the epochs: how restless the end is.
    pub restlessness: f64,
    /// Whether it diverged after the last place.
    pub diverged: bool,
}

impl SurfacePlot {
    /// The surface that the run wrote down; `None` where there is none, or where it has no smallest loss.
    pub fn new(results: &Results<'_>) -> Option<Self> {
        let surface = results.manifest().surface.clone()?;
        let (minimum, steepness) = (surface.minimum()?, surface.steepness()?);
        let least = surface.loss(minimum.0, minimum.1);
        let paths: Vec<Path> = surface
            .paths
            .iter()
            .filter_map(|path| {
                let places: Vec<(f64, f64)> =
                    path.places.iter().map(|(weight, bias)| (f64::from(*weight), f64::from(*bias))).collect();
                let losses: Vec<f64> = places.iter().map(|(weight, bias)| surface.loss(*weight, *bias)).collect();
                let tail = losses.get(losses.len() - losses.len().div_ceil(10)..)?;
                Some(Path {
                    point: path.point as usize,
                    name: short_name(results, path.point as usize),
                    loss: *losses.last()?,
                    restlessness: tail.iter().map(|loss| loss - least).sum::<f64>() / tail.len() as f64,
                    diverged: path.diverged,
                    places,
                })
            })
            .collect();
        // As far as the starts: a way that diverges leaves the picture.
        let starts = paths.iter().filter_map(|path| path.places.first());
        let rise = starts.map(|(weight, bias)| surface.loss(*weight, *bias) - least).fold(0.0_f64, f64::max);
        let rise = if rise > 0.0 && rise.is_finite() { rise * REACH * REACH } else { 1.0 };
        let contours: Vec<f64> = (0..CONTOURS).rev().map(|place| least + rise * libm::pow(0.4, place as f64)).collect();
        let ends = reach(&surface, minimum, least + rise, &paths)?;
        (!paths.is_empty()).then_some(Self { surface, minimum, steepness, contours, ends, paths })
    }

    /// The places of a contour: the ellipse on which the loss is this.
    pub fn contour(&self, loss: f64) -> Vec<(f64, f64)> {
        const PLACES: u32 = 72;
        let means = self.surface.means;
        let rise = loss - self.surface.loss(self.minimum.0, self.minimum.1);
        // In (weight, bias + weight * mean x) the surface has upright axes: variance * u^2 + v^2.
        let variance = means.x_x - means.x * means.x;
        (0..=PLACES)
            .map(|place| {
                let angle = std::f64::consts::TAU * f64::from(place) / f64::from(PLACES);
                let u = (rise / variance).sqrt() * libm::cos(angle);
                let v = rise.sqrt() * libm::sin(angle);
                (self.minimum.0 + u, self.minimum.1 + v - u * means.x)
            })
            .collect()
    }
}

/// The ends of weight and bias on all ways, as far as their losses are under `most`, and around the minimum.
fn reach(surface: &LossSurface, minimum: (f64, f64), most: f64, paths: &[Path]) -> Option<[(f64, f64); 2]> {
    let inside =
        paths.iter().flat_map(|path| &path.places).filter(|(weight, bias)| surface.loss(*weight, *bias) <= most);
    let all: Vec<(f64, f64)> = inside.copied().chain([minimum]).collect();
    let ends = |read: fn(&(f64, f64)) -> f64| {
        let (low, high) = all
            .iter()
            .map(read)
            .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| (low.min(value), high.max(value)));
        let room = ((high - low) * 0.15).max(1e-6);
        (low - room, high + room)
    };
    let found = [ends(|place| place.0), ends(|place| place.1)];
    found.iter().all(|(low, high)| low.is_finite() && high.is_finite()).then_some(found)
}

/// The levels of a point, numbers with the names of their axes.
fn short_name(results: &Results<'_>, point: usize) -> String {
    let manifest = results.manifest();
    let level = |axis: AxisLevels| {
        let level = *manifest.points.get(point)?.levels.get(axis.axis)? as usize;
        let is_number = manifest.level(point, axis.axis)?.number.is_some();
        let label = axis.short_label(level);
        Some(if is_number { format!("{} {label}", axis.short_name) } else { label.to_owned() })
    };
    AxisLevels::several(manifest).into_iter().filter_map(level).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
pub(crate) mod tests {
    use swath_results::manifest::Task;
    use swath_results::surface::{Means, WeightPath};

    use super::*;
    use crate::tests::fixture::Sweep;

    /// Two schedules on rows (0, 1), (1, 3), (2, 5), (3, 8).
    pub(crate) fn sweep() -> Sweep {
        let mut sweep = Sweep::new(Task::Regression, &[("schedule", &["constant", "cosine"])], 2);
        let path =
            |point: u64, places: &[(f32, f32)], diverged| WeightPath { point, places: places.to_vec(), diverged };
        sweep.manifest.surface = Some(LossSurface {
            means: Means { x: 1.5, y: 4.25, x_x: 3.5, x_y: 9.25, y_y: 24.75 },
            paths: vec![
                path(0, &[(0.0, 0.0), (4.0, 2.0), (1.0, 0.5)], true),
                path(1, &[(0.0, 0.0), (2.0, 1.0), (2.3, 0.8)], false),
            ],
        });
        sweep
    }

    #[test]
    fn a_contour_has_one_loss_and_the_ways_lie_inside_the_picture() {
        let sweep = sweep();
        let plot = SurfacePlot::new(&sweep.results()).unwrap();
        for loss in &plot.contours {
            for (weight, bias) in plot.contour(*loss) {
                assert!((plot.surface.loss(weight, bias) - loss).abs() < 1e-9 * loss.max(1.0));
            }
        }
        for (weight, bias) in [(0.0, 0.0), (2.3, 0.8), plot.minimum] {
            assert!((plot.ends[0].0..plot.ends[0].1).contains(&weight), "{weight}");
            assert!((plot.ends[1].0..plot.ends[1].1).contains(&bias), "{bias}");
        }
        assert_eq!(plot.paths[1].name, "cosine");
        // The loss at the start is the mean of y^2.
        assert!(plot.contours.last().unwrap() > &24.75);
        assert!((plot.paths[1].loss - 0.075).abs() < 1e-6 && plot.paths[1].restlessness < 1e-6);
        assert!(plot.paths[0].restlessness > 1.0 && plot.paths[0].diverged);
    }

    #[test]
    fn without_a_surface_there_is_no_picture() {
        assert_eq!(SurfacePlot::new(&Sweep::architectures().results()), None);
    }
}
