//! A table after every used column was encoded and the sample of rows was taken.

use std::num::NonZeroU32;
use std::path::PathBuf;

use super::digest::digest;
use super::error::{DataError, listed, shown};
use super::image::check_image;
use super::input::{Input, encode_input};
use super::problem::Problem;
use super::rows::{kept_rows, sample};
use super::table::{MAX_CELLS, Table};
use super::target::{Target, encode_target};
use super::used::Used;
use crate::spec::{DataSpec, ImageShape, Scale, Validation};

/// Rows and columns that are learnt from, before they are cut and scaled.
///
/// Numbers stay numbers; ordered words become 0, 1, 2 and so on; other words become one column of 0 and 1 per word
/// of the whole file, in sorted order, whatever rows were sampled (two words make two columns). Classes are the
/// distinct target values of all rows that are not left out, sorted as numbers if all are, else by their bytes.
#[derive(Debug, Clone)]
pub struct Dataset {
    pub(super) path: PathBuf,
    /// For every row its place in the file, counted from 0.
    pub(super) places: Vec<u32>,
    pub(super) inputs: Vec<Input>,
    pub(super) target_name: String,
    pub(super) target: Target,
    /// Class of every row, 0 for regression.
    pub(super) strata: Vec<u32>,
    pub(super) validation: Validation,
    pub(super) test: f64,
    pub(super) resplit: bool,
    pub(super) training_rows: Option<NonZeroU32>,
    pub(super) bootstrap: bool,
    pub(super) scale: Scale,
    pub(super) image: Option<ImageShape>,
    pub(super) digest: [u8; 32],
    pub(super) remarks: Vec<String>,
}

impl Dataset {
    /// Encodes the columns that the specification uses. All cells of the file are checked, whether sampled or not;
    /// rows with an empty cell are left out before the sample is drawn. The sample is drawn without replacement from
    /// the stream (seed, 0, sample, 0), and its rows keep the file's order.
    ///
    /// # Errors
    /// A specification that the table does not fit, a cell that its column does not allow, a target without
    /// variation, or too few rows (of a class) to be cut as specified.
    pub fn new(table: &Table, spec: &DataSpec, seed: u64) -> Result<Self, DataError> {
        let used = Used::read(table, spec)?;
        let digest = digest(used.columns());
        let (kept, mut remarks) = kept_rows(table, spec, &used)?;
        let sample = sample(table, spec, seed, &kept)?;

        let transform_of = |name: &str| {
            spec.transform.iter().find(|(transformed, _)| transformed == name).map(|&(_, transform)| transform)
        };
        let mut inputs = Vec::new();
        for column in &used.inputs {
            encode_input(table, column, transform_of(&column.name), &sample, &mut inputs)?;
            let found = inputs.len() as u64 * sample.len() as u64;
            if found > 2 * MAX_CELLS {
                let problem = Problem::TooLarge { what: "encoded cells", found, limit: 2 * MAX_CELLS };
                return Err(DataError::of_column(table.path(), &column.name, problem));
            }
        }
        if let Some(shape) = spec.image {
            check_image(table.path(), shape, spec, &used, inputs.len() as u32)?;
        }
        let (target, strata) =
            encode_target(table, spec.task, &used.target, transform_of(&spec.target), &kept, &sample)?;

        // Pixels are scaled by their channel, so a constant one stays what it is.
        let scales_alone = spec.scale != Scale::None && spec.image.is_none();
        let is_constant = |input: &&Input| scales_alone && !input.is_one_hot && input.is_constant();
        let constant: Vec<String> = inputs.iter().filter(is_constant).map(|input| input.name.clone()).collect();
        if !constant.is_empty() {
            remarks.push(format!("constant in all rows, and 0 after scaling: {}", listed(&constant)));
        }
        remarks.extend(inputs.iter().filter_map(filled_remark));
        remarks.extend(used.remark);
        let dataset = Self {
            path: table.path().to_path_buf(),
            places: sample,
            inputs,
            target_name: spec.target.clone(),
            target,
            strata,
            validation: spec.validation,
            test: spec.test,
            resplit: spec.resplit,
            training_rows: spec.training_rows,
            bootstrap: spec.bootstrap,
            scale: spec.scale,
            image: spec.image,
            digest,
            remarks,
        };
        dataset.cutter().cut(seed, 0).map_err(|fault| dataset.cut_error(fault))?;
        Ok(dataset)
    }

    /// BLAKE3 of the used columns (inputs in their order, then the target): names, kinds, and the cells of the whole
    /// file, before rows were left out or sampled. The path, the format and unused columns do not enter.
    pub fn digest(&self) -> [u8; 32] {
        self.digest
    }

    /// How many rows there are, after the sample.
    pub fn rows(&self) -> usize {
        self.strata.len()
    }

    /// How many of the first `replicates` have rows of their own; the others have those of replicate 0, 1 and so on again.
    pub fn distinct_splits(&self, replicates: u32) -> u32 {
        match self.validation {
            _ if self.resplit || self.bootstrap => replicates,
            Validation::Share(_) => replicates.min(1),
            Validation::Folds(folds) => replicates.min(folds.get()),
        }
    }

    /// How many columns enter the network, one-hot columns counted each.
    pub fn inputs(&self) -> u32 {
        self.inputs.len() as u32
    }

    /// Names of the classes, in the order of their indices; empty for regression.
    pub fn class_names(&self) -> &[String] {
        match &self.target {
            Target::Numbers { .. } => &[],
            Target::Classes { names } => names,
        }
    }

    /// What a reader of the results should know: rows left out, cells filled, constant columns, words listed in vain.
    pub fn remarks(&self) -> &[String] {
        &self.remarks
    }
}

/// How many of an input's sampled cells are empty and take the mean of the training rows.
fn filled_remark(input: &Input) -> Option<String> {
    let empty = input.values.iter().filter(|value| value.is_nan()).count();
    let cells = if empty == 1 { "cell" } else { "cells" };
    (empty > 0).then(|| {
        format!("{empty} empty {cells} of column \"{}\", filled with the mean of the training rows", shown(&input.name))
    })
}
