//! Data sets read, splits made, everything checked before anything is trained.

use std::collections::{BTreeSet, HashMap};
use std::ops::Range;
use std::path::PathBuf;
use std::sync::Arc;

use swath_core::data::{DataError, Dataset, Split, Table, listed};
use swath_core::engine::steps_per_epoch;
use swath_core::spec::{DataSpec, Loss, TrainSpec};
use thiserror::Error;

use crate::facts::DataFacts;
use crate::sweep::Sweep;

/// The rows of every replicate, and what is known of them.
#[derive(Debug)]
pub struct Prepared {
    /// One entry for each of [`Sweep::data`].
    pub facts: Vec<DataFacts>,
    /// For each of them the splits that differ; replicates take them in turn.
    splits: Vec<Vec<Arc<Split>>>,
}

impl Prepared {
    /// The rows of a replicate under one of [`Sweep::data`].
    pub fn split(&self, data: usize, replicate: u32) -> Option<&Arc<Split>> {
        let splits = self.splits.get(data)?;
        splits.get((replicate as usize).checked_rem(splits.len())?)
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
    for spec in &sweep.data {
        let located = |source: DataError| {
            let span = span_of(sweep, spec, &source);
            PreparationError::Data { source, span }
        };
        if !tables.contains_key(&spec.path) {
            tables.insert(spec.path.clone(), Table::read(&spec.path).map_err(located)?);
        }
        let Some(table) = tables.get(&spec.path) else { continue };
        let dataset = Dataset::new(table, spec, sweep.seed).map_err(located)?;
        let mut of_replicates: Vec<Arc<Split>> = Vec::with_capacity(sweep.replicates.get() as usize);
        let mut constant = BTreeSet::new();
        for replicate in 0..dataset.distinct_splits(sweep.replicates.get()) {
            let (split, names) = dataset.split_with_constants(sweep.seed, replicate).map_err(located)?;
            of_replicates.push(Arc::new(split));
            constant.extend(names);
        }
        let mut remarks = dataset.remarks().to_vec();
        if !constant.is_empty() {
            let names = listed(&Vec::from_iter(constant));
            remarks
                .push(format!("constant in the training rows of some replicate, and 0 there after scaling: {names}"));
        }
        facts.push(learn_facts(&dataset, &of_replicates, remarks));
        splits.push(of_replicates);
    }
    let prepared = Prepared { facts, splits };
    check_training(sweep, &prepared)?;
    Ok(prepared)
}

fn learn_facts(dataset: &Dataset, splits: &[Arc<Split>], remarks: Vec<String>) -> DataFacts {
    let rows = |part: fn(&Split) -> usize| splits.first().map_or(0, |split| part(split) as u64);
    DataFacts {
        digest: dataset.digest(),
        inputs: dataset.inputs(),
        classes: dataset.class_names().len() as u32,
        training_rows: rows(|split| split.train.rows()),
        validation_rows: rows(|split| split.validation.rows()),
        test_rows: rows(|split| split.test.rows()),
        remarks,
    }
}

fn check_training(sweep: &Sweep, prepared: &Prepared) -> Result<(), PreparationError> {
    for point in &sweep.points {
        let Some(facts) = prepared.facts.get(point.data) else { continue };
        check_loss(sweep, &point.train, facts)?;
        let fewest = prepared.splits.get(point.data).into_iter().flatten().map(|split| split.train.rows() as u64).min();
        check_batches(sweep, &point.train, fewest.unwrap_or(0))?;
    }
    Ok(())
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

/// Where the sweep file speaks of what the data error is about.
fn span_of(sweep: &Sweep, spec: &DataSpec, error: &DataError) -> Option<Range<usize>> {
    let spans = &sweep.spans;
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
