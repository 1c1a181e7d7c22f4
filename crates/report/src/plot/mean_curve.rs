//! A quantity over the epochs: its mean over replicates, with a band around it.

use super::spread;
use crate::contrast::{ALPHA, FEWEST_REPLICATES};
use crate::statistics::{half_width_in_sd, mean, standard_deviation};

/// Epochs of a line that is drawn; longer ones are thinned, see [`thinned`].
pub const MOST_EPOCHS: usize = 200;

/// The mean of several curves while all of them go on.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct MeanCurve {
    /// How many curves it is the mean of.
    pub n: usize,
    /// One an epoch, from the first to the last that every curve has.
    pub means: Vec<f64>,
    /// Lower and upper end of the band, one an epoch; empty where there is no band.
    pub band: Vec<(f64, f64)>,
}

/// What the band around a mean is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Band {
    /// The 95 % t interval of the mean.
    Interval,
    /// From the smallest to the largest: two replicates are too few for an interval.
    Range,
    /// One curve alone has none.
    Nothing,
}

impl Band {
    /// The band around the mean of `n` curves.
    pub fn of(n: usize) -> Self {
        match n {
            0 | 1 => Self::Nothing,
            2..FEWEST_REPLICATES => Self::Range,
            _ => Self::Interval,
        }
    }
}

impl MeanCurve {
    /// The mean of `curves`, cut where the first of them ends or is not finite: beyond, the mean of those that still
    /// train would jump without any of them having changed.
    pub fn new(curves: &[&[f32]]) -> Self {
        let finite = |curve: &&[f32]| curve.iter().take_while(|value| value.is_finite()).count();
        let epochs = curves.iter().map(finite).min().unwrap_or(0);
        let n = curves.len();
        let band = Band::of(n);
        let widths = half_width_in_sd(n, ALPHA).unwrap_or(0.0);
        let mut cut = Self { n, means: Vec::with_capacity(epochs), band: Vec::new() };
        let mut values = Vec::with_capacity(n);
        for epoch in 0..epochs {
            values.clear();
            values.extend(curves.iter().filter_map(|curve| curve.get(epoch)).map(|value| f64::from(*value)));
            let centre = mean(&values).unwrap_or(f64::NAN);
            cut.means.push(centre);
            match band {
                Band::Interval => {
                    let half_width = widths * standard_deviation(&values).unwrap_or(f64::NAN);
                    cut.band.push((centre - half_width, centre + half_width));
                }
                Band::Range => {
                    let range = values.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| {
                        (low.min(*value), high.max(*value))
                    });
                    cut.band.push(range);
                }
                Band::Nothing => {}
            }
        }
        cut
    }

    /// The epoch of the smallest mean, counted from 1, the earliest on ties, and this mean.
    pub fn lowest(&self) -> Option<(usize, f64)> {
        let lowest = |one: (usize, f64), other: (usize, f64)| if other.1 < one.1 { other } else { one };
        self.means.iter().enumerate().map(|(place, mean)| (place + 1, *mean)).reduce(lowest)
    }

    /// The last epoch, counted from 1, and its mean.
    pub fn last(&self) -> Option<(usize, f64)> {
        Some((self.means.len(), *self.means.last()?))
    }
}

/// Of the places `0..length` at most [`MOST_EPOCHS`] and one, evenly spread, among them the first, the last and `kept`.
pub fn thinned(length: usize, kept: usize) -> Vec<usize> {
    let mut places: Vec<usize> = spread(length, MOST_EPOCHS).collect();
    if let Err(before) = places.binary_search(&kept)
        && kept < length
    {
        places.insert(before, kept);
    }
    places
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mean_ends_where_the_first_curve_ends() {
        let curve = MeanCurve::new(&[&[4.0, 2.0, 1.0], &[2.0, 1.0], &[3.0, f32::NAN, 5.0]]);
        assert_eq!(curve.means, [3.0]);
        assert_eq!(curve.n, 3);
        assert_eq!(MeanCurve::new(&[]), MeanCurve::default());
    }

    #[test]
    fn the_band_is_the_t_interval_from_three_curves_on_and_the_range_of_two() {
        // Mean 2, standard deviation 1, t(0.975, 2) = 4.302653: half width 4.302653 / sqrt(3) = 2.484138 (SciPy 1.17).
        let three = MeanCurve::new(&[&[1.0], &[2.0], &[3.0]]);
        let (low, high) = three.band[0];
        assert!((low + 0.484_138).abs() < 1e-6 && (high - 4.484_138).abs() < 1e-6, "{low} {high}");
        assert_eq!(MeanCurve::new(&[&[1.0, 5.0], &[3.0, 4.0]]).band, [(1.0, 3.0), (4.0, 5.0)]);
        assert_eq!(MeanCurve::new(&[&[1.0]]).band, []);
        assert_eq!([1, 2, 3].map(Band::of), [Band::Nothing, Band::Range, Band::Interval]);
    }

    #[test]
    fn the_lowest_epoch_is_the_earliest_on_ties() {
        let curve = MeanCurve::new(&[&[1.0, 0.6, 0.5, 0.45, 0.45, 0.52]]);
        assert_eq!(curve.lowest().map(|(epoch, _)| epoch), Some(4));
        assert_eq!(curve.last().map(|(epoch, _)| epoch), Some(6));
        assert_eq!(MeanCurve::default().lowest(), None);
    }

    #[test]
    fn a_thinned_line_keeps_its_first_its_last_and_its_lowest_place() {
        assert_eq!(thinned(3, 1), [0, 1, 2]);
        assert_eq!(thinned(0, 0), [0_usize; 0]);
        let places = thinned(2_000, 777);
        assert!(places.len() <= MOST_EPOCHS + 1);
        assert!(places.is_sorted() && [0, 777, 1_999].iter().all(|kept| places.contains(kept)), "{places:?}");
    }
}
