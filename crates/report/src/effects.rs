//! What each axis contributes: an exact analysis of the full grid, with no surrogate model.
//!
//! Shares of variance describe; what is told from the seed is decided by contrasts within replicates.

use thiserror::Error;

use crate::contrast::ALPHA;
use crate::factors::{Factor, FullGrid, NoFullGrid, full_grid};
use crate::figure::Figure;
use crate::results::Results;
use crate::statistics::{
    self, Contrast as ContrastValues, Design, Grid, GridError, Interval, LevelMeans, MeanTest, anova, holm_of,
};

/// An effect of more contrasts than this lists none of them: nobody would read them.
pub const MOST_CONTRASTS: usize = 1_000;

/// Axes of an effect that is listed by name; interactions of more are taken together.
const MOST_AXES: usize = 2;

/// The effects of all factors on one figure.
#[derive(Debug, Clone, PartialEq)]
pub struct Effects {
    /// What is explained.
    pub figure: Figure,
    /// The factors and the points that were analysed.
    pub grid: FullGrid,
    /// Replicates that finished at every one of these points: the unit of analysis.
    pub replicates: usize,
    /// Replicates that were left out, because they lack a point.
    pub replicates_left_out: usize,
    /// Degrees of freedom of the error; `None` for one replicate.
    pub error_degrees: Option<usize>,
    /// Main effects in the order of the factors, then two-way interactions.
    pub effects: Vec<Effect>,
    /// All interactions of three and more factors, as one effect; `None` for fewer than three factors.
    pub higher: Option<Effect>,
}

/// A main effect or an interaction.
#[derive(Debug, Clone, PartialEq)]
pub struct Effect {
    /// Which factors: one for a main effect, two for an interaction; none for all higher interactions together.
    pub factors: Vec<usize>,
    /// Its sum of squares.
    pub sum_of_squares: f64,
    /// Its degrees of freedom.
    pub degrees: usize,
    /// Its share of the variance between points, noise included; `None` where nothing varies.
    pub raw_share: Option<f64>,
    /// The same freed of noise, replicates as blocks; `None` for one replicate or where nothing is left.
    pub share: Option<f64>,
    /// F and its p; `None` for one replicate. It takes differences to vary alike; the contrasts do not.
    pub f: Option<(f64, f64)>,
    /// Every other level against the first, or every pair of other levels against the first two; empty for
    /// higher interactions and where there are more than [`MOST_CONTRASTS`].
    pub contrasts: Vec<Contrast>,
    /// Contrasts that are not listed, because there are too many.
    pub contrasts_left_out: usize,
}

/// One contrast, taken inside each replicate.
#[derive(Debug, Clone, PartialEq)]
pub struct Contrast {
    /// The level of each factor of the effect; it is held against their first levels.
    pub levels: Vec<usize>,
    /// Replicates.
    pub n: usize,
    /// Mean over the replicates.
    pub mean: f64,
    /// Bonferroni's t interval over the contrasts of the effect; `None` for one replicate.
    pub interval: Option<Interval>,
    /// The two-sided p of the t test.
    pub p: Option<f64>,
    /// The same after Holm, over the contrasts of the effect.
    pub p_holm: Option<f64>,
}

/// Why effects cannot be told apart.
#[derive(Debug, Clone, Error, PartialEq, Eq)]
pub enum NoEffects {
    /// There is no full grid.
    #[error(transparent)]
    NoFullGrid(#[from] NoFullGrid),
    /// The grid cannot be taken apart.
    #[error(transparent)]
    Grid(#[from] GridError),
    /// A sum was not finite.
    #[error("the losses are too large to be squared")]
    Overflow,
}

impl Effect {
    /// The smallest p of its contrasts after Holm: that the effect is there at all; `None` without any.
    pub fn p_holm(&self) -> Option<f64> {
        self.contrasts.iter().filter_map(|contrast| contrast.p_holm).min_by(f64::total_cmp)
    }

    /// Its share freed of noise, or with noise where there is no telling.
    pub fn best_share(&self) -> Option<f64> {
        self.share.or(self.raw_share)
    }
}

impl Effects {
    /// The effects on a figure, on the largest full grid that its points make.
    ///
    /// A point counts as one of the grid if it finished in at least half as many replicates as the fullest point; where
    /// that leaves fewer than two replicates that have every point, only if it lacks none.
    ///
    /// # Errors
    /// Where there is no full grid, or no replicate that has all of it.
    pub fn new(results: &Results<'_>, figure: Figure) -> Result<Self, NoEffects> {
        let manifest = results.manifest();
        let filled: Vec<usize> = (0..manifest.points.len())
            .map(|point| results.row(point, figure).iter().filter(|value| !value.is_nan()).count())
            .collect();
        let most = filled.iter().copied().max().unwrap_or(0);
        let with_at_least = |least: usize| -> Result<(FullGrid, Grid), NoEffects> {
            let full = full_grid(manifest, |point| filled.get(point).is_some_and(|filled| *filled >= least.max(1)))?;
            let grid = values(results, figure, &full)?;
            Ok((full, grid))
        };
        let half = with_at_least(most.div_ceil(2));
        let is_enough = half.as_ref().is_ok_and(|(_, grid)| grid.replicates() > 1);
        let (full, grid) = if is_enough || most < 2 {
            half?
        } else {
            with_at_least(most).ok().filter(|(_, grid)| grid.replicates() > 1).map_or(half, Ok)?
        };
        Self::of_grid(figure, full, &grid).ok_or(NoEffects::Overflow)
    }

    fn of_grid(figure: Figure, full: FullGrid, grid: &Grid) -> Option<Self> {
        let found = anova(grid, Design::Blocked, MOST_AXES)?;
        let effects = found.effects.into_iter().map(|effect| described(effect, Some(grid))).collect::<Option<_>>()?;
        let higher = match found.higher {
            Some(higher) => Some(described(higher, None)?),
            None => None,
        };
        Some(Self {
            figure,
            grid: full,
            replicates: grid.replicates(),
            replicates_left_out: grid.left_out().len(),
            error_degrees: found.error.map(|error| error.degrees),
            effects,
            higher: higher.filter(|higher| higher.degrees > 0),
        })
    }

    /// The main effects, by the place of their factor.
    pub fn main(&self) -> impl Iterator<Item = &Effect> {
        self.effects.iter().filter(|effect| effect.factors.len() == 1)
    }

    /// The two-way interactions.
    pub fn interactions(&self) -> impl Iterator<Item = &Effect> {
        self.effects.iter().filter(|effect| effect.factors.len() > 1)
    }

    /// The factors of an effect.
    pub fn factors_of(&self, effect: &Effect) -> Vec<&Factor> {
        effect.factors.iter().filter_map(|factor| self.grid.factors.get(*factor)).collect()
    }
}

/// The figure at every cell of the grid, a row a replicate.
fn values(results: &Results<'_>, figure: Figure, full: &FullGrid) -> Result<Grid, GridError> {
    let levels: Vec<usize> = full.factors.iter().map(|factor| factor.levels.len()).collect();
    let cells: Vec<&[f32]> = full.cells.iter().map(|point| results.row(*point, figure)).collect();
    let value = |cell: &&[f32], replicate: usize| {
        cell.get(replicate).map(|value| f64::from(*value)).filter(|value| !value.is_nan())
    };
    let row = |replicate: usize| cells.iter().map(|cell| value(cell, replicate)).collect::<Vec<_>>();
    let rows: Vec<Vec<Option<f64>>> = (0..results.manifest().replicates as usize).map(row).collect();
    Grid::new(&levels, &rows)
}

/// An effect with its contrasts, where a grid to take them from is given.
fn described(effect: statistics::Effect, grid: Option<&Grid>) -> Option<Effect> {
    let (contrasts, contrasts_left_out) = match grid {
        Some(grid) => contrasts(grid, &effect.axes)?,
        None => (Vec::new(), 0),
    };
    Some(Effect {
        factors: effect.axes,
        sum_of_squares: effect.squares.sum,
        degrees: effect.squares.degrees,
        raw_share: effect.raw_share,
        share: effect.share,
        f: effect.f,
        contrasts,
        contrasts_left_out,
    })
}

/// All contrasts of an effect against the first levels, or how many there would be.
fn contrasts(grid: &Grid, axes: &[usize]) -> Option<(Vec<Contrast>, usize)> {
    let others = |axis: &usize| 1..grid.levels().get(*axis).copied().unwrap_or(0);
    let total = axes.iter().map(|axis| others(axis).len()).fold(1_usize, usize::saturating_mul);
    if total > MOST_CONTRASTS {
        return Some((Vec::new(), total));
    }
    let means = LevelMeans::new(grid, axes)?;
    let found: Vec<(Vec<usize>, ContrastValues)> = match axes {
        [axis] => others(axis).map(|to| Some((vec![to], means.main_contrast(0, to)?))).collect::<Option<_>>()?,
        [outer, inner] => others(outer)
            .flat_map(|outer| others(inner).map(move |inner| (outer, inner)))
            .map(|(outer, inner)| Some((vec![outer, inner], means.interaction_contrast((0, outer), (0, inner))?)))
            .collect::<Option<_>>()?,
        _ => Vec::new(),
    };
    let tests: Vec<Option<MeanTest>> = found.iter().map(|(_, values)| values.test()).collect();
    let p_values: Vec<Option<f64>> = tests.iter().map(|test| test.as_ref().map(MeanTest::p)).collect();
    let alpha = ALPHA.over(p_values.iter().flatten().count());
    let mut listed = Vec::with_capacity(found.len());
    for (((levels, values), test), p_holm) in found.into_iter().zip(&tests).zip(holm_of(&p_values)) {
        listed.push(Contrast {
            levels,
            n: values.values.len(),
            mean: values.mean()?,
            interval: test.map(|test| test.interval(alpha)),
            p: test.map(|test| test.p()),
            p_holm,
        });
    }
    Some((listed, 0))
}
