//! `verdicts.csv`: a row a point: whether it was trained too long or too short, and the evidence.

use polars::prelude::{DataFrame, PolarsResult};

use super::columns::Columns;
use crate::answer::{Answer, name_of};
use crate::fit::{Beaten, Evidence, Fit, Tested};
use crate::results::Results;
use crate::text::csv_cell;

/// Where one of the tests stands in the evidence.
type ReadTest = fn(&Evidence) -> Option<Tested>;

/// The table of verdicts, in the manifest's order. `answer` is what was found in the same results.
///
/// # Errors
/// Where an axis bears the name of another column.
pub fn table(results: &Results<'_>, answer: &Answer) -> PolarsResult<DataFrame> {
    let fits = &answer.fits;
    let evidence = || fits.iter().map(|fit| fit.evidence.as_deref());
    let numbers = |read: &dyn Fn(&Evidence) -> Option<f64>| -> Vec<Option<f64>> {
        evidence().map(|evidence| evidence.and_then(read)).collect()
    };
    let counts = |read: fn(&Evidence) -> usize| -> Vec<Option<u64>> {
        evidence().map(|evidence| evidence.map(|evidence| read(evidence) as u64)).collect()
    };
    let beaten = |read: fn(&Beaten) -> f64| numbers(&|evidence| evidence.beaten.as_ref().map(read));

    let mut columns = Columns::new(fits.len());
    columns.add_axes(results, &fits.iter().map(|fit| fit.point))?;
    columns.add("verdict", fits.iter().map(Fit::words).collect::<Vec<_>>());
    columns.add("n", fits.iter().map(|fit| fit.n as u64).collect::<Vec<_>>());
    columns.add("epochs_compared", counts(|evidence| evidence.epochs));
    columns.add("best_epoch", counts(|evidence| evidence.best_epoch));
    columns.add("restored", counts(|evidence| evidence.restored));

    let tests: [(&str, ReadTest); 2] = [("rise", |evidence| evidence.rise), ("fall", |evidence| evidence.fall)];
    for (name, read) in tests {
        columns.add(name, numbers(&|evidence| read(evidence).map(|test| test.mean)));
        columns.add(&format!("{name}_low"), numbers(&|evidence| read(evidence).map(|test| test.interval.low)));
        columns.add(&format!("{name}_high"), numbers(&|evidence| read(evidence).map(|test| test.interval.high)));
        columns.add(&format!("{name}_p"), numbers(&|evidence| read(evidence).map(|test| test.p)));
        columns.add(&format!("{name}_p_holm"), numbers(&|evidence| read(evidence).map(|test| test.p_holm)));
    }
    columns.add("generalization_loss", numbers(&|evidence| evidence.generalization_loss));

    let curves = evidence().map(|evidence| evidence.map(|evidence| evidence.training_curve.column()));
    columns.add("training_curve", curves.collect::<Vec<_>>());
    columns.add("training_at_best", numbers(&|evidence| evidence.training_at_best));
    columns.add("training_at_end", numbers(&|evidence| evidence.training_at_end));
    columns.add("gap", numbers(&|evidence| evidence.gap.map(|gap| gap.mean)));
    columns.add("gap_low", numbers(&|evidence| evidence.gap?.interval.map(|interval| interval.low)));
    columns.add("gap_high", numbers(&|evidence| evidence.gap?.interval.map(|interval| interval.high)));
    columns.add("constant_train_loss", numbers(&|evidence| evidence.constant_loss.map(|constant| constant.training)));
    columns.add(
        "constant_validation_loss",
        numbers(&|evidence| evidence.constant_loss.map(|constant| constant.validation)),
    );
    let names = evidence().map(|evidence| Some(csv_cell(&name_of(results, evidence?.beaten?.by))));
    columns.add("better_point", names.collect::<Vec<_>>());
    columns.add("better_train_loss", beaten(|beaten| beaten.training));
    columns.add("better_validation_loss", beaten(|beaten| beaten.validation));
    columns.add("better_p", beaten(|beaten| beaten.p));
    columns.add("better_p_holm", beaten(|beaten| beaten.p_holm));
    columns.finish()
}
