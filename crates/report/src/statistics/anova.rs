//! Sums of squares of every effect of a complete grid: exact shares of variance, with no surrogate model.

use super::distribution::fisher_f_upper_tail;
use super::grid::Grid;
use super::sum::{mean, sum};

/// What the spread within a cell is measured against.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Design {
    /// The replicates of a cell are independent of those of other cells: error df = cells * (replicates - 1).
    Independent,
    /// A replicate is a block that all cells share, as with common seeds: error df = (cells - 1) * (replicates - 1).
    Blocked,
}

/// A sum of squares with its degrees of freedom.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Squares {
    /// The sum of squares.
    pub sum: f64,
    /// The degrees of freedom.
    pub degrees: usize,
}

/// A main effect or an interaction.
#[derive(Clone, Debug, PartialEq)]
pub struct Effect {
    /// The places of its axes: one for a main effect.
    pub axes: Vec<usize>,
    /// Its sum of squares.
    pub squares: Squares,
    /// Its share of the total sum of squares: eta squared.
    pub eta_squared: Option<f64>,
    /// (SS - df * MSE) / (total + MSE): omega squared, negative for less than noise. `None` without an error term.
    pub omega_squared: Option<f64>,
    /// F and its p; `None` without an error term or with one of 0. p values to report come from contrasts.
    pub f: Option<(f64, f64)>,
    /// max(0, SS - df * MSE) / N: the variance between cells, freed of noise. `None` without an error term.
    pub variance: Option<f64>,
    /// Its share of the sums of squares of all effects: the fANOVA share (Hutter et al. 2014), noise included.
    pub raw_share: Option<f64>,
    /// Its share of the variances of all effects: the same, freed of noise.
    pub share: Option<f64>,
}

/// The decomposition of a grid. On balanced data the types I, II and III of sums of squares are the same.
#[derive(Clone, Debug, PartialEq)]
pub struct Anova {
    /// All main effects, then interactions, by the number of axes and then their places.
    pub effects: Vec<Effect>,
    /// All interactions of more axes than are listed, as one effect without axes; `None` where all are listed.
    pub higher: Option<Effect>,
    /// The replicates as blocks with their F and p; `None` for independent replicates.
    pub block: Option<(Squares, Option<(f64, f64)>)>,
    /// The error term; `None` for one replicate.
    pub error: Option<Squares>,
    /// The total sum of squares about the grand mean.
    pub total: Squares,
}

/// Decomposes the grid (statsmodels' `ols` and `anova_lm`), listing effects of at most `most_axes` axes; `None` if a sum
/// overflows.
///
/// Where all values are equal there is nothing to share out: shares are `None`.
pub fn anova(grid: &Grid, design: Design, most_axes: usize) -> Option<Anova> {
    let replicates = grid.replicates();
    let count = grid.cells() * replicates;
    let all: Vec<f64> = grid.rows().iter().flatten().copied().collect();
    let grand = mean(&all)?;
    let largest = all.iter().fold(0.0_f64, |largest, value| largest.max(value.abs()));
    let free = |squares: f64| without_rounding(squares, largest, count);
    let total = Squares { sum: free(sum_of_squares(all.iter().map(|value| value - grand))?), degrees: count - 1 };
    let cell_means = cell_means(grid)?;
    let block_shifts =
        grid.rows().iter().map(|row| mean(row).map(|mean| mean - grand)).collect::<Option<Vec<f64>>>()?;
    let blocked = design == Design::Blocked && replicates > 1;
    let residuals = grid.rows().iter().zip(&block_shifts).flat_map(|(row, shift)| {
        let shift = if blocked { *shift } else { 0.0 };
        row.iter().zip(&cell_means).map(move |(value, cell)| value - cell - shift)
    });
    let error = if replicates > 1 {
        let degrees = (grid.cells() - usize::from(blocked)) * (replicates - 1);
        Some(Squares { sum: free(sum_of_squares(residuals)?), degrees })
    } else {
        None
    };
    let block = if blocked {
        let sum = free(grid.cells() as f64 * sum_of_squares(block_shifts.iter().copied())?);
        let squares = Squares { sum, degrees: replicates - 1 };
        Some((squares, f_test(squares, error)))
    } else {
        None
    };
    let deviations: Vec<f64> = cell_means.iter().map(|cell| cell - grand).collect();
    let mut effects = subsets(grid.levels().len(), most_axes)
        .into_iter()
        .map(|axes| {
            let mut squares = effect_squares(grid, &deviations, &axes)?;
            squares.sum = free(squares.sum);
            Some(judged(axes, squares, error, total, count))
        })
        .collect::<Option<Vec<Effect>>>()?;
    let between = free(replicates as f64 * sum_of_squares(deviations.iter().copied())?);
    let mut higher = (most_axes < grid.levels().len()).then(|| {
        let listed = sum(effects.iter().map(|effect| effect.squares.sum));
        let degrees = grid.cells() - 1 - effects.iter().map(|effect| effect.squares.degrees).sum::<usize>();
        let squares = Squares { sum: free((between - listed).max(0.0)), degrees };
        judged(Vec::new(), squares, error, total, count)
    });
    share_out(effects.iter_mut().chain(&mut higher));
    Some(Anova { effects, higher, block, error, total })
}

fn judged(axes: Vec<usize>, squares: Squares, error: Option<Squares>, total: Squares, count: usize) -> Effect {
    let mean_error = error.map(|error| error.sum / error.degrees as f64);
    let freed = mean_error.map(|mean_error| squares.sum - squares.degrees as f64 * mean_error);
    let over_total = |part: f64, extra: f64| (total.sum > 0.0).then(|| part / (total.sum + extra));
    Effect {
        eta_squared: over_total(squares.sum, 0.0),
        omega_squared: freed.zip(mean_error).and_then(|(freed, mean_error)| over_total(freed, mean_error)),
        f: f_test(squares, error),
        variance: freed.map(|freed| freed.max(0.0) / count as f64),
        raw_share: None,
        share: None,
        axes,
        squares,
    }
}

/// Gives each effect its share of the sums of squares and of the variances of all.
fn share_out<'a>(effects: impl Iterator<Item = &'a mut Effect>) {
    let mut effects: Vec<&mut Effect> = effects.collect();
    let share = |part: f64, together: f64| (together > 0.0).then(|| part / together);
    let squares = sum(effects.iter().map(|effect| effect.squares.sum));
    let variances = sum(effects.iter().filter_map(|effect| effect.variance));
    for effect in &mut effects {
        effect.raw_share = share(effect.squares.sum, squares);
        effect.share = effect.variance.and_then(|variance| share(variance, variances));
    }
}

fn f_test(squares: Squares, error: Option<Squares>) -> Option<(f64, f64)> {
    let error = error.filter(|error| error.sum > 0.0)?;
    let (numerator, denominator) = (squares.degrees as f64, error.degrees as f64);
    let f = (squares.sum / numerator) / (error.sum / denominator);
    Some((f, fisher_f_upper_tail(f, numerator, denominator)?))
}

/// The sum of squares of one effect: deviations of the cells, averaged over every axis that is not of the effect and
/// freed of the average over every axis that is.
fn effect_squares(grid: &Grid, deviations: &[f64], axes: &[usize]) -> Option<Squares> {
    let levels: Vec<usize> = axes.iter().map(|axis| grid.levels()[*axis]).collect();
    let mut part = grid.groups(axes).means(deviations)?;
    for axis in 0..levels.len() {
        free_of_average_along(&mut part, &levels, axis)?;
    }
    let each = (grid.cells() / part.len() * grid.replicates()) as f64;
    let degrees = levels.iter().map(|levels| levels - 1).product();
    Some(Squares { sum: each * sum_of_squares(part.into_iter())?, degrees })
}

/// Takes from each value the mean of those that differ from it along `axis` only; the last axis runs fastest.
fn free_of_average_along(values: &mut [f64], levels: &[usize], axis: usize) -> Option<()> {
    let below: usize = levels[axis + 1..].iter().product();
    for block in values.chunks_exact_mut(levels[axis] * below) {
        for first in 0..below {
            let line: Vec<f64> = block.iter().copied().skip(first).step_by(below).collect();
            let average = mean(&line)?;
            block.iter_mut().skip(first).step_by(below).for_each(|value| *value -= average);
        }
    }
    Some(())
}

fn cell_means(grid: &Grid) -> Option<Vec<f64>> {
    (0..grid.cells()).map(|cell| mean(&grid.rows().iter().map(|row| row[cell]).collect::<Vec<_>>())).collect()
}

/// All sets of one to `largest` of the axes, small sets first.
fn subsets(axes: usize, largest: usize) -> Vec<Vec<usize>> {
    let mut found: Vec<Vec<usize>> = Vec::new();
    let mut sets: Vec<Vec<usize>> = vec![Vec::new()];
    for _ in 0..largest.min(axes) {
        let longer = |set: &Vec<usize>| {
            let first = set.last().map_or(0, |last| last + 1);
            let set = set.clone();
            (first..axes).map(move |axis| [&set[..], &[axis]].concat())
        };
        sets = sets.iter().flat_map(longer).collect();
        found.extend(sets.iter().cloned());
    }
    found
}

fn sum_of_squares(values: impl Iterator<Item = f64>) -> Option<f64> {
    let squares = sum(values.map(|value| value * value));
    squares.is_finite().then_some(squares)
}

/// Zero for squares that are no more than the rounding of values of this size: such an error term has no F, and such an
/// effect no share.
fn without_rounding(squares: f64, largest: f64, count: usize) -> f64 {
    let rounding = 2.0 * f64::EPSILON * largest;
    if squares <= rounding * rounding * count as f64 { 0.0 } else { squares }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::statistics::golden::{assert_digits, assert_near};
    use crate::statistics::grid::tests::{golden_grid, level};

    #[test]
    fn independent_replicates_of_the_golden_grid_agree_with_statsmodels() {
        // statsmodels 0.15: anova_lm(ols("y ~ C(A) * C(B)")); the last digits by NumPy 2.4 and SciPy 1.17.
        let anova = anova(&golden_grid(), Design::Independent, 2).unwrap();
        let goldens = [
            ("158.609294485", "2.309479794673e-10", "0.727787863", "0.719896021"),
            ("15.375012606", "1.275495539399e-4", "0.141098258", "0.131318580"),
            ("5.287047798", "1.562068611961e-2", "0.048519845", "0.039163029"),
        ];
        for (effect, (f, p, eta_squared, omega_squared)) in anova.effects.iter().zip(goldens) {
            assert_digits(effect.f.unwrap().0, f);
            assert_near(effect.f.unwrap().1, p.parse().unwrap(), 1e-9);
            assert_digits(effect.eta_squared.unwrap(), eta_squared);
            assert_digits(effect.omega_squared.unwrap(), omega_squared);
        }
        assert_eq!((anova.error.unwrap().degrees, anova.block), (18, None));
    }

    #[test]
    fn blocked_replicates_of_the_golden_grid_agree_with_statsmodels() {
        // statsmodels 0.15: anova_lm(ols("y ~ C(A) * C(B) + C(replicate)")).
        let anova = anova(&golden_grid(), Design::Blocked, 2).unwrap();
        let goldens = [
            ("541.054476710", "3.501050193913e-13", "0.797692358"),
            ("52.447868374", "1.696900538277e-7", "0.151983080"),
            ("18.035392496", "1.021857750073e-4", "0.050324562"),
        ];
        for (effect, (f, p, share)) in anova.effects.iter().zip(goldens) {
            assert_digits(effect.f.unwrap().0, f);
            assert_near(effect.f.unwrap().1, p.parse().unwrap(), 1e-9);
            assert_digits(effect.share.unwrap(), share);
        }
        assert_digits(anova.block.unwrap().1.unwrap().0, "15.467444047");
        assert_eq!(anova.error.unwrap().degrees, 15);
    }

    #[test]
    fn effects_are_listed_by_size_and_place() {
        assert_eq!(subsets(3, 3), [vec![0], vec![1], vec![2], vec![0, 1], vec![0, 2], vec![1, 2], vec![0, 1, 2]]);
        assert_eq!(subsets(3, 2).len(), 6);
        assert_eq!(subsets(1, 2), [vec![0]]);
    }

    #[test]
    fn one_replicate_has_squares_but_no_error_term() {
        let grid = Grid::new(&[2, 2], &[[1.0, 2.0, 3.0, 5.0].map(Some).to_vec()]).unwrap();
        let anova = anova(&grid, Design::Blocked, 2).unwrap();
        assert_eq!((anova.error, anova.block), (None, None));
        assert!(anova.effects.iter().all(|effect| effect.f.is_none() && effect.share.is_none()));
        assert_near(anova.effects[0].squares.sum, 6.25, 1e-12);
    }

    #[test]
    fn equal_values_share_nothing_out_and_never_divide_by_zero() {
        let grid = Grid::new(&[2, 2], &vec![vec![Some(0.3); 4]; 7]).unwrap();
        for design in [Design::Independent, Design::Blocked] {
            for effect in anova(&grid, design, 2).unwrap().effects {
                assert_eq!((effect.f, effect.share, effect.eta_squared), (None, None, None));
            }
        }
    }

    #[test]
    fn effects_that_add_up_exactly_leave_no_error_term_of_rounding() {
        let rows = [0.0, 0.1, 0.7].map(|shift| [0.1, 0.2, 0.3, 0.4].map(|value| Some(value + shift)).to_vec());
        let anova = anova(&Grid::new(&[2, 2], &rows).unwrap(), Design::Blocked, 2).unwrap();
        assert_eq!(anova.error, Some(Squares { sum: 0.0, degrees: 6 }));
        assert!(anova.effects.iter().all(|effect| effect.f.is_none()));
        for (effect, golden) in anova.effects.iter().zip([0.8, 0.2, 0.0]) {
            assert_near(effect.share.unwrap(), golden, 1e-9);
        }
    }

    /// The residual sum of squares of a least-squares fit to the columns, by Gram-Schmidt.
    fn residual(columns: &[Vec<f64>], values: &[f64]) -> f64 {
        let dot = |one: &[f64], other: &[f64]| one.iter().zip(other).map(|(one, other)| one * other).sum::<f64>();
        let without = |vector: &[f64], unit: &[f64]| {
            let along = dot(vector, unit);
            vector.iter().zip(unit).map(|(value, unit)| value - along * unit).collect::<Vec<f64>>()
        };
        let mut units: Vec<Vec<f64>> = Vec::new();
        for column in columns {
            let rest = units.iter().chain(&units).fold(column.clone(), |rest, unit| without(&rest, unit));
            let length = dot(&rest, &rest).sqrt();
            if length > 1e-9 {
                units.push(rest.iter().map(|value| value / length).collect());
            }
        }
        let rest = units.iter().fold(values.to_vec(), |rest, unit| without(&rest, unit));
        dot(&rest, &rest)
    }

    /// Sum-to-zero columns of an effect, over all replicates.
    fn columns(grid: &Grid, axes: &[usize]) -> Vec<Vec<f64>> {
        let coded = |cell: usize, axis: usize, column: usize| {
            let level = level(grid, cell, axis);
            if level == column { 1.0 } else { -f64::from(u8::from(level + 1 == grid.levels()[axis])) }
        };
        let mut choices: Vec<Vec<usize>> = vec![Vec::new()];
        for axis in axes {
            choices = choices
                .iter()
                .flat_map(|choice| (0..grid.levels()[*axis] - 1).map(|column| [&choice[..], &[column]].concat()))
                .collect();
        }
        let product = |cell: usize, choice: &[usize]| {
            axes.iter().zip(choice).map(|(axis, column)| coded(cell, *axis, *column)).product::<f64>()
        };
        let cells = || (0..grid.replicates()).flat_map(|_| 0..grid.cells());
        choices.iter().map(|choice| cells().map(|cell| product(cell, choice)).collect()).collect()
    }

    #[test]
    fn types_one_two_and_three_of_sums_of_squares_agree_with_the_decomposition() {
        let grid = golden_grid();
        let values: Vec<f64> = grid.rows().iter().flatten().copied().collect();
        let fit = |terms: &[&[usize]]| {
            let columns: Vec<Vec<f64>> = terms.iter().flat_map(|axes| columns(&grid, axes)).collect();
            residual(&columns, &values)
        };
        let (one, a, b, ab): (&[usize], &[usize], &[usize], &[usize]) = (&[], &[0], &[1], &[0, 1]);
        let types = [
            [
                fit(&[one]) - fit(&[one, a]),
                fit(&[one, a]) - fit(&[one, a, b]),
                fit(&[one, a, b]) - fit(&[one, a, b, ab]),
            ],
            [
                fit(&[one, b]) - fit(&[one, a, b]),
                fit(&[one, a]) - fit(&[one, a, b]),
                fit(&[one, a, b]) - fit(&[one, a, b, ab]),
            ],
            [
                fit(&[one, b, ab]) - fit(&[one, a, b, ab]),
                fit(&[one, a, ab]) - fit(&[one, a, b, ab]),
                fit(&[one, a, b]) - fit(&[one, a, b, ab]),
            ],
        ];
        let found = anova(&grid, Design::Independent, 2).unwrap();
        for squares in types {
            for (squares, effect) in squares.iter().zip(&found.effects) {
                assert_near(*squares, effect.squares.sum, 1e-9);
            }
        }
    }

    proptest! {
        #[test]
        fn the_parts_sum_to_the_total_and_permuting_replicates_changes_no_bit(
            rows in prop::collection::vec(prop::collection::vec(-1.0..1.0_f64, 12), 1..5),
            turn in 0..5_usize,
            largest in 1..4_usize,
        ) {
            let present = |rows: &[Vec<f64>]| {
                rows.iter().map(|row| row.iter().copied().map(Some).collect()).collect::<Vec<Vec<Option<f64>>>>()
            };
            let mut turned = rows.clone();
            turned.rotate_left(turn % rows.len());
            for design in [Design::Independent, Design::Blocked] {
                let found = anova(&Grid::new(&[2, 3, 2], &present(&rows)).unwrap(), design, largest).unwrap();
                prop_assert_eq!(&anova(&Grid::new(&[2, 3, 2], &present(&turned)).unwrap(), design, largest).unwrap(), &found);
                let effects = found.effects.iter().chain(&found.higher).map(|effect| effect.squares);
                let parts: Vec<Squares> =
                    effects.chain(found.block.map(|(squares, _)| squares)).chain(found.error).collect();
                let together: f64 = parts.iter().map(|squares| squares.sum).sum();
                prop_assert!((together - found.total.sum).abs() <= 1e-9 * found.total.sum);
                prop_assert_eq!(parts.iter().map(|squares| squares.degrees).sum::<usize>(), found.total.degrees);
            }
        }
    }
}
