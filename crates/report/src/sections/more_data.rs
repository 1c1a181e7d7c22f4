//! What more rows bring: loss over rows, the law that it follows, and twice the data.

use crate::draw;
use crate::number::{count, figure, percent};
use crate::page::{Block, Table};
use crate::plot::MoreDataPlot;
use crate::plot::more_data::{Doubt, Fitted, NoLaw, RowsCurve};
use crate::statistics::Interval;

/// The curves over rows; nothing where there are none.
pub(super) fn more_data(plots: &[MoreDataPlot]) -> Vec<Block> {
    if plots.is_empty() {
        return Vec::new();
    }
    let mut blocks = vec![Block::Heading(2, "What more data brings".to_owned())];
    for plot in plots {
        blocks.push(Block::Picture(Box::new(draw::more_data::picture(plot))));
        blocks.push(Block::List(plot.curves.iter().map(|curve| sentence(plot, curve)).collect()));
        blocks.extend(laws(plot));
    }
    let units = if plots.iter().any(|plot| plot.name == "data.rows") {
        " With data.rows the rows that validate and test change as well, and so do the units of a scaled target: \
         data.training_rows judges every number of rows by the same ones."
    } else {
        ""
    };
    blocks.push(Block::Paragraph(format!(
        "The law has the smallest sum of squared relative errors of the mean validation losses. The interval is that of the \
         replicates alone, drawn again jointly for all sizes: it says nothing of whether the law goes on.{units} \
         learning_curve.csv has the figures."
    )));
    blocks
}

/// What the law of a curve says, and whether to believe it.
fn sentence(plot: &MoreDataPlot, curve: &RowsCurve) -> String {
    let name = if curve.label.is_empty() { String::new() } else { format!("{}: ", curve.label) };
    match &curve.law {
        Err(NoLaw::FewSizes(sizes)) => {
            format!("{name}no law is fitted: it takes at least 4 different numbers of rows, and {sizes} have a loss.")
        }
        Err(NoLaw::NoFit) => {
            format!("{name}no law is fitted: no replicate finished at every number of rows, or a loss is not above 0.")
        }
        Ok(fitted) => {
            let most = curve.sizes.last().map_or_else(|| plot.most(), |size| size.rows);
            let twice = &fitted.twice;
            let change = 1.0 - twice.ratio;
            let ends = |interval: Interval, write: &dyn Fn(f64) -> String| {
                format!(" ({} to {})", write(interval.low), write(interval.high))
            };
            let loss = twice.interval.map_or_else(String::new, |interval| ends(interval, &figure));
            let share = twice.ratio_interval.map_or_else(String::new, |interval| {
                ends(Interval { low: 1.0 - interval.high, high: 1.0 - interval.low }, &percent)
            });
            format!(
                "{name}twice the data, {} training rows instead of {}, would bring the validation loss to {}{loss}: {}{share} less. {}",
                count(2 * most),
                count(most),
                figure(twice.loss),
                percent(change),
                doubts(fitted)
            )
        }
    }
}

fn doubts(fitted: &Fitted) -> String {
    if fitted.doubts.is_empty() {
        return "Nothing seen speaks against the law; beyond the rows that were tried it is still a guess.".to_owned();
    }
    let reason = |doubt: &Doubt| match doubt {
        Doubt::Undetermined => Some("the losses do not determine its exponent"),
        Doubt::Strays => Some("the losses stray from it by more than 10 %"),
        Doubt::NarrowSpan => Some("the most rows are less than four times the fewest"),
        Doubt::MayNotHelp => None,
    };
    let reasons: Vec<&str> = fitted.doubts.iter().filter_map(reason).collect();
    let mut words = Vec::new();
    if fitted.doubts.contains(&Doubt::MayNotHelp) {
        words.push("The interval holds no gain as well: more replicates would tell.".to_owned());
    }
    if !reasons.is_empty() {
        words.push(format!("Do not believe the law: {}.", reasons.join("; ")));
    }
    words.join(" ")
}

/// The parameters of the laws.
fn laws(plot: &MoreDataPlot) -> Option<Block> {
    let mut table = Table::new();
    if plot.curves.len() > 1 {
        table = table.words(["architecture"]);
    }
    table = table.numbers(["floor", "scale", "exponent", "mean error", "loss after a doubling, above the floor"]);
    for curve in &plot.curves {
        let Ok(Fitted { law, .. }) = &curve.law else { continue };
        let mut cells = if plot.curves.len() > 1 { vec![curve.label.clone()] } else { Vec::new() };
        cells.extend([
            figure(law.floor),
            figure(law.scale),
            figure(law.exponent),
            percent(law.error),
            format!("x {}", figure(libm::pow(2.0, -law.exponent))),
        ]);
        table.row(cells);
    }
    (!table.rows.is_empty()).then_some(Block::Table(table))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plot::more_data::tests::sweep;
    use crate::tests::fixture::Sweep;

    fn blocks_of(sweep: &Sweep) -> Vec<Block> {
        more_data(&MoreDataPlot::all(&sweep.results()))
    }

    #[test]
    fn twice_the_data_is_told_with_its_interval_and_with_what_speaks_against_it() {
        let law = |rows: f64| 0.02 + 3.0 / rows.sqrt();
        let blocks = blocks_of(&sweep(&["100", "200", "400", "800", "1600"], law));
        insta::assert_snapshot!(crate::write::markdown(&blocks));
        let few = blocks_of(&sweep(&["100", "200", "400"], law));
        let Block::List(items) = &few[2] else { panic!() };
        assert_eq!(items, &["no law is fitted: it takes at least 4 different numbers of rows, and 3 have a loss."]);
        assert_eq!(blocks_of(&Sweep::architectures()), []);
    }
}
