//! `trials.csv` read back: points, keys and outcomes, as far as the table says.

use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;

use swath_results::manifest::{Axis, Level, Point};
use swath_results::row::{Effort, Ending, NoTrialKey, Outcome, PackedCurves, Score, Scores};
use swath_results::settings::PointSettings;
use swath_results::{Outcomes, TrialKey};

use super::baseline::BaselineError;
use crate::cells::cells;
use crate::figure::{Figure, Part, Quantity, When};

/// What a table of trials says.
#[derive(Debug)]
pub(super) struct TrialsTable {
    /// Its axes, with their levels in the order in which they first stand.
    pub(super) axes: Vec<Axis>,
    /// Its points, of which it knows the levels alone.
    pub(super) points: Vec<Point>,
    /// Replicates of each point.
    pub(super) replicates: u32,
    /// One key a row.
    pub(super) keys: Vec<TrialKey>,
    /// The metric's name in columns; empty where there is none.
    pub(super) metric: String,
    /// What came of the trials, without curves and effort.
    pub(super) outcomes: Outcomes,
}

impl TrialsTable {
    /// Reads a table, row by row.
    ///
    /// # Errors
    /// [`BaselineError::Table`].
    pub(super) fn read(text: &str) -> Result<Self, BaselineError> {
        let mut rows = cells(text).map(|row| row.map_err(|line| wrong(line, "a quote is not closed")));
        let header = rows.next().transpose()?.ok_or_else(|| wrong(1, "it is empty"))?;
        let columns = Columns::new(&header)?;
        let mut builder = Builder::new(&columns);
        let mut last = 1;
        for row in rows {
            let row = row?;
            last += 1;
            if row.len() != header.len() {
                return Err(wrong(last, format!("{} cells under {} names", row.len(), header.len())));
            }
            builder.add(&row).map_err(|reason| wrong(last, reason))?;
        }
        let replicates = builder.replicates.unwrap_or(builder.next_replicate);
        if builder.points.is_empty() || builder.next_replicate != replicates {
            return Err(wrong(last, "trials are missing at its end"));
        }
        let Builder { axes, points, keys, outcomes, .. } = builder;
        Ok(Self { axes, points, replicates, keys, metric: columns.metric, outcomes })
    }
}

fn wrong(line: usize, reason: impl Into<String>) -> BaselineError {
    BaselineError::Table { line, reason: reason.into() }
}

/// Where the columns stand; `None` where there is no such column.
struct Columns {
    key: usize,
    replicate: usize,
    axes: Range<usize>,
    /// The names of `axes`.
    axis_names: Vec<String>,
    status: usize,
    train_loss: usize,
    last: ScoreColumns,
    best_epoch: usize,
    best: ScoreColumns,
    restored_epoch: Option<usize>,
    diverged_epoch: Option<usize>,
    message: Option<usize>,
    metric: String,
}

/// Where the columns of a score stand; `None` where there is no such column.
struct ScoreColumns {
    validation_loss: Option<usize>,
    validation_metric: Option<usize>,
    test_loss: Option<usize>,
    test_metric: Option<usize>,
}

impl Columns {
    fn new(header: &[Cow<'_, str>]) -> Result<Self, BaselineError> {
        let place = |name: &str| header.iter().position(|known| known == name);
        let needed = |name: &str| place(name).ok_or_else(|| wrong(1, format!("there is no column `{name}`")));
        let (key, train_loss) = (needed("key")?, needed("train_loss")?);
        needed("validation_loss")?;
        let (best_epoch, replicate, status) = (needed("best_epoch")?, needed("replicate")?, needed("status")?);
        let metric = header.iter().filter_map(|name| name.strip_prefix("validation_")).find(|name| *name != "loss");
        let metric = metric.unwrap_or_default();
        let score = |when: When| {
            let held = |part, quantity| place(&Figure::Held { part, when, quantity }.column(metric));
            ScoreColumns {
                validation_loss: held(Part::Validation, Quantity::Loss),
                validation_metric: held(Part::Validation, Quantity::Metric),
                test_loss: held(Part::Test, Quantity::Loss),
                test_metric: held(Part::Test, Quantity::Metric),
            }
        };
        let axes = replicate + 1..status;
        Ok(Self {
            axis_names: header.get(axes.clone()).unwrap_or_default().iter().map(ToString::to_string).collect(),
            key,
            replicate,
            axes,
            status,
            train_loss,
            last: score(When::End),
            best_epoch,
            best: score(When::BestEpoch),
            restored_epoch: place("restored_epoch"),
            diverged_epoch: place("diverged_epoch"),
            message: place("message"),
            metric: metric.to_owned(),
        })
    }
}

/// The cell of a row at a place; empty where there is none.
fn cell<'a>(row: &'a [Cow<'_, str>], place: impl Into<Option<usize>>) -> &'a str {
    place.into().and_then(|place| row.get(place)).map_or("", |cell| cell)
}

/// Points and outcomes, row by row.
struct Builder<'a> {
    columns: &'a Columns,
    axes: Vec<Axis>,
    /// For each axis the places of its labels.
    places: Vec<HashMap<String, u32>>,
    points: Vec<Point>,
    keys: Vec<TrialKey>,
    outcomes: Outcomes,
    /// Of each point; known once a second one begins.
    replicates: Option<u32>,
    next_replicate: u32,
}

impl<'a> Builder<'a> {
    fn new(columns: &'a Columns) -> Self {
        let names = &columns.axis_names;
        Self {
            columns,
            axes: names.iter().map(|name| Axis { name: name.clone(), levels: Vec::new() }).collect(),
            places: vec![HashMap::new(); names.len()],
            points: Vec::new(),
            keys: Vec::new(),
            outcomes: Outcomes::default(),
            replicates: None,
            next_replicate: 0,
        }
    }

    fn add(&mut self, row: &[Cow<'_, str>]) -> Result<(), String> {
        let columns = self.columns;
        let key: TrialKey = cell(row, columns.key).parse().map_err(|error: NoTrialKey| error.to_string())?;
        let replicate: u32 = whole(cell(row, columns.replicate))?.ok_or("it has no `replicate`")?;
        let ending = ending(columns, row)?;
        if replicate == 0 {
            if !self.points.is_empty() && *self.replicates.get_or_insert(self.next_replicate) != self.next_replicate {
                return Err("the point before it has another number of replicates".to_owned());
            }
            let labels = row.get(columns.axes.clone()).unwrap_or_default();
            let axes = self.axes.iter_mut().zip(&mut self.places);
            let levels = axes.zip(labels).map(|((axis, places), label)| level(axis, places, label)).collect();
            self.points.push(Point {
                levels,
                parameters: 0,
                steps: 0,
                steps_per_epoch: 0,
                epochs: 0,
                engine: String::new(),
                constant_loss: None,
                settings: PointSettings::default(),
                is_bootstrap: false,
            });
        } else if replicate != self.next_replicate {
            return Err(format!("replicate {replicate} follows replicate {}", self.next_replicate.wrapping_sub(1)));
        }
        self.next_replicate = replicate + 1;
        self.keys.push(key);
        if let Some(ending) = ending {
            self.outcomes.insert(Outcome { key, ending, curves: PackedCurves::default(), effort: Effort::default() });
        }
        Ok(())
    }
}

/// The place of a label on its axis.
fn level(axis: &mut Axis, places: &mut HashMap<String, u32>, label: &str) -> u32 {
    if let Some(place) = places.get(label) {
        return *place;
    }
    let place = axis.levels.len() as u32;
    axis.levels.push(Level { label: label.to_owned(), number: label.parse().ok() });
    places.insert(label.to_owned(), place);
    place
}

fn ending(columns: &Columns, row: &[Cow<'_, str>]) -> Result<Option<Ending>, String> {
    let figure = |place: Option<usize>| number(cell(row, place));
    // What this version measures and the baseline did not have is not a number, which equals nothing.
    let measured = |place: Option<usize>| Ok::<f32, String>(figure(place)?.unwrap_or(f32::NAN));
    let score = |columns: &ScoreColumns| {
        Ok::<Score, String>(Score {
            validation_loss: measured(columns.validation_loss)?,
            validation_metric: measured(columns.validation_metric)?,
            test_loss: figure(columns.test_loss)?,
            test_metric: figure(columns.test_metric)?,
        })
    };
    let missing = |name: &str| format!("it has no `{name}`");
    Ok(Some(match cell(row, columns.status) {
        "finished" => Ending::Finished(Scores {
            last: score(&columns.last)?,
            train_loss: measured(Some(columns.train_loss))?,
            restored_epoch: whole(cell(row, columns.restored_epoch))?,
            best_epoch: whole(cell(row, columns.best_epoch))?.ok_or_else(|| missing("best_epoch"))?,
            best: score(&columns.best)?,
        }),
        "diverged" => {
            let epoch = whole(cell(row, columns.diverged_epoch))?.ok_or_else(|| missing("diverged_epoch"))?;
            Ending::Diverged { epoch }
        }
        "failed" => Ending::Failed { message: cell(row, columns.message).to_owned() },
        "missing" => return Ok(None),
        other => return Err(format!("`{other}` is no status")),
    }))
}

/// A number as it was written, bit for bit; `None` for an empty cell.
fn number(cell: &str) -> Result<Option<f32>, String> {
    if cell.is_empty() {
        return Ok(None);
    }
    cell.parse().map(Some).map_err(|_| format!("`{cell}` is no number"))
}

fn whole(cell: &str) -> Result<Option<u32>, String> {
    if cell.is_empty() {
        return Ok(None);
    }
    cell.parse().map(Some).map_err(|_| format!("`{cell}` is no whole number"))
}
