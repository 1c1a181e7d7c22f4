//! Data sets read, splits made, everything checked before anything is trained.

use std::collections::{BTreeSet, HashMap};
use std::ops::Range;
use std::path::PathBuf;
use std::sync::Arc;

use swath_core::class_weights::{ClassWeightsError, class_weights, class_weights_help};
use swath_core::data::{DataError, Dataset, Part, Places, Problem as DataProblem, Split, Table, Targets, listed};
use swath_core::engine::steps_per_epoch;
use swath_core::spec::{DataSpec, Loss, ModelSpec, Normalization, TrainSpec};
use swath_metrics::{Metric, RegressionMetric, r2};
use swath_results::pictures::Pictures;
use thiserror::Error;

use crate::facts::{DataFacts, label, mean_constant_loss};
use crate::memory;
use crate::pictures::pictures;
use crate::sweep::{Point, Sweep};

/// The rows of every replicate, and what is known of them.
#[derive(Debug)]
pub struct Prepared {
    /// One entry for each of [`Sweep::data`].
    pub facts: Vec<DataFacts>,
    /// What augmentation makes of training rows that are pictures.
    pub pictures: Option<Pictures>,
    /// For each of them the names of the classes, in the order of their numbers; none for regression.
    class_names: Vec<Vec<String>>,
    /// For each of them the splits that differ; replicates take them in turn.
    splits: Vec<Vec<Arc<Split>>>,
    /// Beside each split where its rows stand in the file.
    places: Vec<Vec<Places>>,
}

impl Prepared {
    /// The rows of a replicate under one of [`Sweep::data`].
    pub fn split(&self, data: usize, replicate: u32) -> Option<&Arc<Split>> {
        let splits = self.splits.get(data)?;
        splits.get((replicate as usize).checked_rem(splits.len())?)
    }

    /// Where the rows of a replicate under one of [`Sweep::data`] stand in the data file.
    pub fn places(&self, data: usize, replicate: u32) -> Option<&Places> {
        let places = self.places.get(data)?;
        places.get((replicate as usize).checked_rem(places.len())?)
    }

    /// The names of the classes under one of [`Sweep::data`], in the order of their numbers; none for regression.
    pub fn class_names(&self, data: usize) -> &[String] {
        self.class_names.get(data).map(Vec::as_slice).unwrap_or_default()
    }

    /// The weights of the classes in a point's replicate, if its classes have any.
    ///
    /// # Errors
    /// Weights that do not fit the classes; a sweep that was prepared has none.
    pub fn class_weights(&self, point: &Point, replicate: u32) -> Result<Option<Arc<[f32]>>, ClassWeightsError> {
        let names = self.class_names.get(point.data).map(Vec::as_slice).unwrap_or_default();
        match (&point.train.class_weights, self.split(point.data, replicate)) {
            (Some(weights), Some(split)) => class_weights(weights, names, &split.train.targets).map(Some),
            _ => Ok(None),
        }
    }
}

/// What only the data can show to be wrong.
#[derive(Debug, Error)]
pub enum PreparationError {
    /// The data cannot be read, or do not fit what the sweep file says of them.
    #[error("{source}")]
    Data {
        /// What is wrong.
        source: DataError,
        /// Where the sweep file speaks of it, in bytes.
        span: Option<Range<usize>>,
    },
    /// A setting of `[train]` does not fit the data.
    #[error("{message}")]
    Misfit {
        /// What does not fit what.
        message: String,
        /// What to write instead.
        help: String,
        /// Where the sweep file says it, in bytes.
        span: Option<Range<usize>>,
    },
}

/// Reads every data set of a sweep and cuts it for every replicate.
///
/// # Errors
/// The first thing that does not fit.
pub fn prepare(sweep: &Sweep) -> Result<Prepared, PreparationError> {
    let mut tables: HashMap<PathBuf, Table> = HashMap::new();
    let mut facts = Vec::with_capacity(sweep.data.len());
    let mut splits = Vec::with_capacity(sweep.data.len());
    let mut class_names = Vec::with_capacity(sweep.data.len());
    let mut places = Vec::with_capacity(sweep.data.len());
    let mut needed = 0;
    for (index, spec) in sweep.data.iter().enumerate() {
        let located = |source: DataError| {
            let span = span_of(sweep, spec, &source);
            PreparationError::Data { source, span }
        };
        if !tables.contains_key(&spec.path) {
            tables.insert(spec.path.clone(), Table::read(&spec.path).map_err(located)?);
        }
        let Some(table) = tables.get(&spec.path) else { continue };
        let dataset = Dataset::new(table, spec, sweep.seed).map_err(located)?;
        // The fresh replicates as well: what does not fit is told before anything is trained.
        let distinct = dataset.distinct_splits(sweep.all_replicates());
        check_room(&dataset, distinct, &mut needed)?;
        let mut of_replicates: Vec<Arc<Split>> = Vec::with_capacity(distinct as usize);
        let mut places_of_replicates = Vec::with_capacity(distinct as usize);
        let mut constant = BTreeSet::new();
        for replicate in 0..distinct {
            let found = dataset.replicate(sweep.seed, replicate).map_err(located)?;
            of_replicates.push(Arc::new(found.split));
            places_of_replicates.push(found.places);
            constant.extend(found.constant_inputs);
        }
        let mut remarks = dataset.remarks().to_vec();
        if !constant.is_empty() {
            let names = listed(&Vec::from_iter(constant));
            remarks
                .push(format!("constant in the training rows of some replicate, and 0 there after scaling: {names}"));
        }
        // Points are judged on the replicates of the grid, and so is the trivial predictor.
        let of_grid = dataset.distinct_splits(sweep.replicates.get()) as usize;
        let of_grid = of_replicates.get(..of_grid).unwrap_or(&of_replicates);
        facts.push(learn_facts(&dataset, of_grid, remarks, &losses_on(sweep, index)));
        class_names.push(dataset.class_names().to_vec());
        splits.push(of_replicates);
        places.push(places_of_replicates);
    }
    let mut prepared = Prepared { facts, pictures: None, class_names, splits, places };
    check_metric(sweep, &prepared)?;
    prepared.pictures = pictures(sweep, |data| prepared.split(data, 0));
    check_training(sweep, &prepared)?;
    Ok(prepared)
}

/// Refuses replicates whose rows do not fit into memory, each with splits of its own. `needed` adds up over data sets.
fn check_room(dataset: &Dataset, splits: u32, needed: &mut u64) -> Result<(), PreparationError> {
    // The target stands twice beside the inputs: scaled and in its own units.
    let numbers = dataset.rows() as u64 * (u64::from(dataset.inputs()) + 2);
    *needed = needed.saturating_add(numbers.saturating_mul(4).saturating_mul(splits.into()));
    match memory::available() {
        Some(available) if *needed > available => Err(PreparationError::Misfit {
            message: format!(
                "the rows of {splits} replicates, each with a split of its own, take about {}, but {} of memory are free",
                memory::in_words(*needed),
                memory::in_words(available)
            ),
            help: "ask for fewer replicates, or for fewer `rows` in `[data]`".to_owned(),
            span: None,
        }),
        _ => Ok(()),
    }
}

/// The losses that points use on one of [`Sweep::data`], each once.
fn losses_on(sweep: &Sweep, data: usize) -> Vec<Loss> {
    let mut losses: Vec<Loss> = Vec::new();
    for loss in sweep.points.iter().filter(|point| point.data == data).map(|point| point.train.loss) {
        if !losses.contains(&loss) {
            losses.push(loss);
        }
    }
    losses
}

fn learn_facts(dataset: &Dataset, splits: &[Arc<Split>], remarks: Vec<String>, losses: &[Loss]) -> DataFacts {
    let constant = |loss: &Loss| {
        let mean = mean_constant_loss(*loss, splits.iter().map(AsRef::as_ref))?;
        Some((label(*loss), mean))
    };
    let rows = |part: fn(&Split) -> usize| splits.first().map_or(0, |split| part(split) as u64);
    DataFacts {
        digest: dataset.digest(),
        inputs: dataset.inputs(),
        classes: dataset.class_names().len() as u32,
        training_rows: rows(|split| split.train.rows()),
        validation_rows: rows(|split| split.validation.rows()),
        test_rows: rows(|split| split.test.rows()),
        remarks,
        constants: losses.iter().filter_map(constant).collect(),
    }
}

fn check_training(sweep: &Sweep, prepared: &Prepared) -> Result<(), PreparationError> {
    // Folds need not be of one size.
    let rows_of = |splits: &Vec<Arc<Split>>| splits.iter().map(|split| split.train.rows() as u64).collect();
    let training_rows: Vec<BTreeSet<u64>> = prepared.splits.iter().map(rows_of).collect();
    for point in &sweep.points {
        let (Some(facts), Some(rows)) = (prepared.facts.get(point.data), training_rows.get(point.data)) else {
            continue;
        };
        check_loss(sweep, &point.train, facts)?;
        check_class_weights(sweep, point, prepared)?;
        check_batches(sweep, &point.train, rows.first().copied().unwrap_or(0))?;
        check_batch_norm(sweep, &point.model, &point.train, rows)?;
        check_image_layers(sweep, point, facts)?;
    }
    Ok(())
}

/// Convolutions and pooling need an image that they fit.
fn check_image_layers(sweep: &Sweep, point: &Point, facts: &DataFacts) -> Result<(), PreparationError> {
    if point.model.image_layers.is_empty() {
        return Ok(());
    }
    let misfit = |message: String, help: String| {
        Err(PreparationError::Misfit { message, help, span: sweep.spans.layers.clone() })
    };
    let Some(image) = sweep.data.get(point.data).and_then(|data| data.image) else {
        let side = facts.inputs.isqrt();
        let example = if side * side == facts.inputs { [side, side] } else { [1, facts.inputs] };
        return misfit(
            "convolutions and pooling need inputs that are the pixels of an image".to_owned(),
            format!("say which in `[data]`: `image = {example:?}` for example, for its {} inputs", facts.inputs),
        );
    };
    match facts.network(Some(image), &point.model, point.train.loss).misfit() {
        Some((index, layer, left)) => misfit(
            format!("`{layer}`, layer {} of a network, does not fit the {left} image that enters it", index + 1),
            "take fewer or smaller layers before it, a smaller kernel or pool, or `padding = \"same\"`".to_owned(),
        ),
        None => Ok(()),
    }
}

/// R2 has no value where the target does not vary.
fn check_metric(sweep: &Sweep, prepared: &Prepared) -> Result<(), PreparationError> {
    if sweep.metric != Some(Metric::Regression(RegressionMetric::R2)) {
        return Ok(());
    }
    let parts = |(replicate, split): (usize, &Arc<Split>)| {
        let constant = |part: &Part| match &part.targets {
            Targets::Numbers { own, .. } => own.first().copied().filter(|_| r2(own, own).is_none()),
            Targets::Classes(_) => None,
        };
        [("validation", constant(&split.validation)), ("test", constant(&split.test))]
            .map(|(name, constant)| constant.map(|value| (replicate, name, value)))
    };
    let mut found = prepared.splits.iter().flat_map(|splits| splits.iter().enumerate().flat_map(parts)).flatten();
    let Some((replicate, part, value)) = found.next() else { return Ok(()) };
    Err(PreparationError::Misfit {
        message: format!(
            "`r2` has no value where the target does not vary, and in the {part} rows of replicate {replicate} it is \
             always {value}"
        ),
        help: format!("take another metric, for example `rmse`, or more {part} rows"),
        span: sweep.spans.metric.clone(),
    })
}

fn check_loss(sweep: &Sweep, train: &TrainSpec, facts: &DataFacts) -> Result<(), PreparationError> {
    if train.loss != Loss::BinaryCrossEntropy || facts.classes == 2 {
        return Ok(());
    }
    Err(PreparationError::Misfit {
        message: format!("`binary_cross_entropy` is for 2 classes, but the target has {}", facts.classes),
        help: "write loss = \"cross_entropy\"".to_owned(),
        span: sweep.spans.loss.clone(),
    })
}

fn check_class_weights(sweep: &Sweep, point: &Point, prepared: &Prepared) -> Result<(), PreparationError> {
    let misfit = |error: ClassWeightsError| PreparationError::Misfit {
        message: error.to_string(),
        help: class_weights_help(prepared.class_names.get(point.data).map(Vec::as_slice).unwrap_or_default()),
        span: sweep.spans.class_weights.clone(),
    };
    prepared.class_weights(point, 0).map_err(misfit).map(drop)
}

fn check_batches(sweep: &Sweep, train: &TrainSpec, rows: u64) -> Result<(), PreparationError> {
    let batch_size = train.batch_size.get();
    if steps_per_epoch(rows, batch_size, train.drop_last) > 0 {
        return Ok(());
    }
    Err(PreparationError::Misfit {
        message: format!(
            "with `drop_last = true` a batch size of {batch_size} leaves no batch of the {rows} training rows"
        ),
        help: format!("write a batch size of at most {rows}, or drop_last = false"),
        span: sweep.spans.batch_size.clone(),
    })
}

/// Batch normalisation cannot learn from a batch of one row, whose variance is 0.
fn check_batch_norm(
    sweep: &Sweep,
    model: &ModelSpec,
    train: &TrainSpec,
    training_rows: &BTreeSet<u64>,
) -> Result<(), PreparationError> {
    let normalizes = matches!(model.normalization, Some(Normalization::Batch { .. })) && !model.hidden.is_empty();
    let batch_size = u64::from(train.batch_size.get());
    let lonely = training_rows.iter().find(|rows| has_batch_of_one_row(**rows, batch_size, train.drop_last));
    let (true, Some(rows)) = (normalizes, lonely) else { return Ok(()) };
    Err(PreparationError::Misfit {
        message: format!(
            "`batch_norm` needs batches of at least 2 rows, but a batch size of {batch_size} leaves a batch of 1 of the \
             {rows} training rows"
        ),
        help: batch_sizes_that_work(training_rows, batch_size, train.drop_last),
        span: sweep.spans.batch_size.clone(),
    })
}

fn has_batch_of_one_row(rows: u64, batch_size: u64, drop_last: bool) -> bool {
    (batch_size == 1 && rows > 0) || (!drop_last && rows % batch_size == 1)
}

/// The nearest batch sizes, below and above, that leave no batch of one row in any replicate.
fn batch_sizes_that_work(training_rows: &BTreeSet<u64>, batch_size: u64, drop_last: bool) -> String {
    let works =
        |size: &u64| *size > 1 && !training_rows.iter().any(|rows| has_batch_of_one_row(*rows, *size, drop_last));
    let most = training_rows.last().copied().unwrap_or(0);
    let below = (2..batch_size).rev().find(works);
    let above = (batch_size + 1..=most).find(works);
    let sizes: Vec<String> = below.into_iter().chain(above).map(|size| size.to_string()).collect();
    match (sizes.as_slice(), batch_size) {
        ([], _) => "give it more rows, or take `layer_norm`".to_owned(),
        (sizes, 1) => format!("write a batch size of {}, for example", sizes.join(" or ")),
        (sizes, _) => format!("write a batch size of {}, for example, or drop_last = true", sizes.join(" or ")),
    }
}

/// Where the sweep file speaks of what the data error is about.
fn span_of(sweep: &Sweep, spec: &DataSpec, error: &DataError) -> Option<Range<usize>> {
    let spans = &sweep.spans;
    if matches!(error.problem, DataProblem::TooFewToLearnFrom { .. } | DataProblem::ClassNotReached { .. }) {
        return spans.training_rows.clone();
    }
    if matches!(error.problem, DataProblem::NoSuchImage { .. }) {
        return spans.image.clone();
    }
    let named = |list: &[(String, Range<usize>)], name: &str| {
        list.iter().find(|(known, _)| known == name).map(|(_, span)| span.clone())
    };
    if let Some(column) = error.place.column.as_deref() {
        let place = named(&spans.inputs, column)
            .or_else(|| named(&spans.ordinal, column))
            .or_else(|| named(&spans.transform, column));
        return if column == spec.target { place.or_else(|| spans.target.clone()) } else { place };
    }
    spans.path.clone()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn batches_of_one_row_are_found_also_at_the_end_of_an_epoch() {
        for (rows, batch_size, drop_last, wanted) in [
            (33, 16, false, true),
            (33, 16, true, false),
            (32, 16, false, false),
            (34, 16, false, false),
            (10, 1, false, true),
            (10, 1, true, true),
            (1, 8, false, true),
            (1, 8, true, false),
        ] {
            assert_eq!(has_batch_of_one_row(rows, batch_size, drop_last), wanted, "{rows} rows by {batch_size}");
        }
    }

    #[test]
    fn the_nearest_batch_sizes_that_work_for_every_fold_are_named() {
        let help = |rows: &[u64], batch_size| batch_sizes_that_work(&rows.iter().copied().collect(), batch_size, false);
        assert_eq!(help(&[33], 16), "write a batch size of 15 or 17, for example, or drop_last = true");
        assert_eq!(help(&[80, 81], 16), "write a batch size of 15 or 17, for example, or drop_last = true");
        // 3 and 5 leave one row of 81 or of 61; 2, too.
        assert_eq!(help(&[61, 81], 4), "write a batch size of 7, for example, or drop_last = true");
        assert_eq!(help(&[10], 1), "write a batch size of 2, for example");
        assert_eq!(help(&[1], 4), "give it more rows, or take `layer_norm`");
    }
}
