//! `learning_curve.csv`: a row a number of training rows, with the law that fits them.

use polars::prelude::{DataFrame, PolarsResult};

use super::columns::Columns;
use crate::plot::MoreDataPlot;
use crate::plot::more_data::{Fitted, Rows, RowsCurve};
use crate::statistics::Summary;
use crate::text::csv_cell;

/// A column of a law, and where its value stands.
type OfLaw = (&'static str, fn(&Fitted) -> Option<f64>);

const LAW: [OfLaw; 8] = [
    ("floor", |fitted| Some(fitted.law.floor)),
    ("scale", |fitted| Some(fitted.law.scale)),
    ("exponent", |fitted| Some(fitted.law.exponent)),
    ("relative_error", |fitted| Some(fitted.law.error)),
    ("twice_loss", |fitted| Some(fitted.twice.loss)),
    ("twice_low", |fitted| fitted.twice.interval.map(|interval| interval.low)),
    ("twice_high", |fitted| fitted.twice.interval.map(|interval| interval.high)),
    ("twice_ratio", |fitted| Some(fitted.twice.ratio)),
];

/// The table of the curves over rows, the fewest rows first.
///
/// # Errors
/// None that input can reach.
pub fn table(plots: &[MoreDataPlot]) -> PolarsResult<DataFrame> {
    let rows: Vec<(&MoreDataPlot, &RowsCurve, &Rows)> = plots
        .iter()
        .flat_map(|plot| {
            plot.curves.iter().flat_map(move |curve| curve.sizes.iter().map(move |size| (plot, curve, size)))
        })
        .collect();
    let mut columns = Columns::new(rows.len());
    columns.add("axis", rows.iter().map(|(plot, _, _)| csv_cell(&plot.name)).collect::<Vec<_>>());
    columns.add("architecture", rows.iter().map(|(_, curve, _)| csv_cell(&curve.label)).collect::<Vec<_>>());
    columns.add("training_rows", rows.iter().map(|(_, _, size)| size.rows).collect::<Vec<_>>());
    let of =
        |size: &Rows| [("train_loss", size.training), ("validation_loss", size.validation), ("test_loss", size.test)];
    let read = |place: usize, read: fn(&Summary) -> Option<f64>| -> Vec<Option<f64>> {
        rows.iter().map(|(_, _, size)| of(size).get(place)?.1.as_ref().and_then(read)).collect()
    };
    for (place, name) in ["train_loss", "validation_loss", "test_loss"].into_iter().enumerate() {
        let n = rows
            .iter()
            .map(|(_, _, size)| of(size).get(place).and_then(|(_, found)| *found).map_or(0, |found| found.n as u64));
        columns.add(&format!("{name}_n"), n.collect::<Vec<_>>());
        columns.add(&format!("{name}_mean"), read(place, |summary| Some(summary.mean)));
        columns.add(&format!("{name}_low"), read(place, |summary| summary.interval.map(|interval| interval.low)));
        columns.add(&format!("{name}_high"), read(place, |summary| summary.interval.map(|interval| interval.high)));
    }
    let laws: Vec<Option<&Fitted>> = rows.iter().map(|(_, curve, _)| curve.law.as_ref().ok()).collect();
    let by_the_law =
        laws.iter().zip(&rows).map(|(fitted, (_, _, size))| fitted.map(|fitted| fitted.law.at(size.rows as f64)));
    columns.add("by_the_law", by_the_law.collect::<Vec<_>>());
    for (name, read) in LAW {
        columns.add(name, laws.iter().map(|fitted| fitted.and_then(read)).collect::<Vec<_>>());
    }
    columns.finish()
}

#[cfg(test)]
mod tests {
    use crate::number::figure;
    use crate::plot::more_data::tests::sweep;
    use crate::tests::fixture::Sweep;

    #[test]
    fn the_table_says_what_the_page_says() {
        let sweep = sweep(&["400", "100", "200", "800"], |rows| 0.02 + 3.0 / rows.sqrt());
        let table = sweep.file("learning_curve.csv");
        let mut lines = table.lines().map(|line| line.split(',').collect::<Vec<_>>());
        let header = lines.next().unwrap();
        let rows: Vec<Vec<&str>> = lines.collect();
        let at = |row: usize, column: &str| rows[row][header.iter().position(|name| *name == column).unwrap()];
        assert_eq!((0..4).map(|row| at(row, "training_rows")).collect::<Vec<_>>(), ["100", "200", "400", "800"]);
        assert_eq!(at(0, "validation_loss_n"), "3");
        let page = sweep.file("report.md");
        for column in ["floor", "scale", "exponent", "twice_loss", "twice_low", "twice_high"] {
            let value: f64 = at(3, column).parse().unwrap();
            assert!(page.contains(&figure(value)), "{column} {value}");
        }
        assert!(Sweep::architectures().render().iter().all(|file| file.name != "learning_curve.csv"));
    }
}
