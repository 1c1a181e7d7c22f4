//! How large a model should be: loss over parameters, who overfits and who underfits, and what stopping early saves.

use crate::answer::Answer;
use crate::axes;
use crate::contrast::{ALPHA, settings};
use crate::draw;
use crate::figure::Figure;
use crate::level_losses::LevelLosses;
use crate::number::{MISSING, count, figure, p_value, percent};
use crate::page::{Block, Table};
use crate::plot::{ComplexityPlot, VerdictMap};
use crate::results::Results;
use crate::sentences::{counted, with_interval};
use crate::statistics::{MeanTest, mean};

/// Settings that the table of early stops shows.
const MOST_ROWS: usize = 100;

/// The curves over parameters and the map of verdicts; nothing where all points have one number of parameters.
pub(super) fn complexity(results: &Results<'_>, answer: &Answer) -> Vec<Block> {
    let curves = ComplexityPlot::all(results).into_iter().map(|plot| draw::complexity::picture(&plot));
    let map = VerdictMap::new(results, answer).map(|map| draw::verdict_map::picture(&map));
    let pictures: Vec<Block> = curves.chain(map).map(|picture| Block::Picture(Box::new(picture))).collect();
    if pictures.is_empty() {
        return Vec::new();
    }
    [Block::Heading(2, "How complex a model should be".to_owned())].into_iter().chain(pictures).collect()
}

/// Trainings with and without an early end, paired at the same settings and replicates; nothing where that is no axis.
pub(super) fn early_stopping(results: &Results<'_>) -> Vec<Block> {
    let manifest = results.manifest();
    let Some((axis, described)) =
        axes::of_setting(manifest, "train.early_stopping").and_then(|axis| Some((axis, manifest.axes.get(axis)?)))
    else {
        return Vec::new();
    };
    let stops = |point: usize| manifest.points.get(point).is_some_and(|point| point.settings.stops_early);
    let mut table = Table::new()
        .words(["at", "stops"])
        .numbers(["n", "epochs run", "of", "saved", "validation loss, less that without"])
        .numbers(["p"]);
    if results.is_tested() {
        table = table.numbers(["test loss, less that without", "p"]);
    }
    let mut found: Vec<(&str, usize, usize)> = Vec::new();
    for points in settings(manifest, axis, |_| true) {
        let Some((_, whole)) = points.iter().find(|(_, point)| !stops(*point)) else { continue };
        for (level, stopped) in points.iter().filter(|(_, point)| stops(*point)) {
            let label = described.levels.get(*level).map_or("", |level| level.label.as_str());
            found.push((label, *stopped, *whole));
        }
    }
    if found.is_empty() {
        return Vec::new();
    }
    let compared = found.len();
    for (label, stopped, whole) in found.into_iter().take(MOST_ROWS) {
        table.row(row(results, axis, label, stopped, whole));
    }
    let words = "Each training that may stop early against the one that goes on to its last epoch, in the same replicates and \
                 with the same settings otherwise. The epochs saved cost nothing where the loss is the same or smaller; where \
                 training on would overfit, it is smaller. Intervals are plain 95 % ones of each row, and p is not adjusted \
                 for the number of rows.";
    vec![
        Block::Heading(2, "What stopping early saves".to_owned()),
        Block::Paragraph(words.to_owned()),
        if table.rows.len() > 12 {
            let shown = match compared {
                0..=MOST_ROWS => String::new(),
                more => format!(" (the first {MOST_ROWS} of {})", counted(more as u64, "setting")),
            };
            Block::Folded(format!("With an early stop against without{shown}"), table)
        } else {
            Block::Table(table)
        },
    ]
}

fn row(results: &Results<'_>, axis: usize, label: &str, stopped: usize, whole: usize) -> Vec<String> {
    let manifest = results.manifest();
    let others: Vec<String> = (0..manifest.axes.len())
        .filter(|other| *other != axis)
        .filter_map(|other| Some(format!("{} {}", manifest.axes.get(other)?.name, manifest.label(stopped, other))))
        .collect();
    let finished = results.point(stopped).filter(|trial| trial.scores().is_some());
    let epochs: Vec<f64> = finished.filter_map(|trial| trial.epochs_run()).map(f64::from).collect();
    let (run, asked) = (mean(&epochs), manifest.points.get(stopped).map(|point| point.epochs));
    let saved = run.zip(asked).map(|(run, asked)| 1.0 - run / f64::from(asked));
    let mut cells = vec![
        others.join(", "),
        label.to_owned(),
        count(epochs.len() as u64),
        run.map_or_else(|| MISSING.to_owned(), figure),
        asked.map_or_else(|| MISSING.to_owned(), |asked| count(u64::from(asked))),
        saved.map_or_else(|| MISSING.to_owned(), percent),
    ];
    let figures = [Figure::VALIDATION_LOSS, Figure::TEST_LOSS];
    for compared in figures.into_iter().filter(|figure| !figure.is_test() || results.is_tested()) {
        let test = LevelLosses::difference(&results.values(stopped, compared), &results.values(whole, compared));
        let cell = |write: &dyn Fn(&MeanTest) -> String| test.as_ref().map_or_else(|| MISSING.to_owned(), write);
        cells.push(cell(&|test| with_interval(test.mean(), Some(test.interval(ALPHA)))));
        cells.push(cell(&|test| p_value(test.p())));
    }
    cells
}

#[cfg(test)]
mod tests {
    use swath_results::manifest::Task;
    use swath_results::row::Ending;

    use super::*;
    use crate::tests::fixture::Sweep;

    #[test]
    fn epochs_saved_and_loss_kept_are_paired_at_the_same_settings() {
        let axes: [(&str, &[&str]); 2] =
            [("architecture", &["baseline", "wide"]), ("train.early_stopping", &["false", "{patience=2}"])];
        let mut sweep = Sweep::new(Task::Regression, &axes, 3).without_test();
        for point in 0..4 {
            sweep.manifest.points[point].settings.stops_early = point % 2 == 1;
            for replicate in 0..3 {
                if point % 2 == 1 {
                    sweep.cut_curves(point, replicate as u32, 4);
                }
                let key = sweep.manifest.key(point, replicate as u32).unwrap();
                let outcome = sweep.outcomes.get_mut(&key).unwrap();
                let Ending::Finished(scores) = &mut outcome.ending else { panic!() };
                scores.last.validation_loss =
                    [1.0, 0.5, 1.0, 1.0][point] + [0.0, 0.25, 0.125][replicate] * point as f32;
            }
        }
        let blocks = early_stopping(&sweep.results());
        let Block::Table(table) = &blocks[2] else { panic!() };
        // Differences -0.5, -0.25, -0.375 (t = -5.196, p = .0351); then 0, 0.25, 0.125 (t = 1.732, p = .225). SciPy 1.17.
        assert_eq!(
            table.rows[0].cells,
            ["architecture baseline", "{patience=2}", "3", "4.000", "10", "60.0 %", "-0.3750 ± 0.3105", "0.035"]
        );
        assert_eq!(table.rows[1].cells[6..], ["0.125 ± 0.311", "0.225"]);
        assert_eq!(early_stopping(&Sweep::architectures().results()), []);
    }
}
