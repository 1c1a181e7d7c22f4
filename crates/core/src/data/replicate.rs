//! From encoded columns to the rows of one replicate: cut, filled, scaled.

use super::cut::{CutFault, Cutter};
use super::dataset::Dataset;
use super::error::{DataError, shown};
use super::input::{Input, gather};
use super::problem::Problem;
use super::scale::{Fit, range};
use super::split::{Image, Part, Split, TargetScale, Targets};
use super::target::Target;
use crate::spec::ImageShape;

/// The rows of one replicate, and what is known of them.
#[derive(Debug, Clone, PartialEq)]
pub struct Replicate {
    /// The rows.
    pub split: Split,
    /// Names of the inputs that are constant over the training rows, and therefore 0, though not over all rows.
    pub constant_inputs: Vec<String>,
    /// Where the rows that are predicted stand in the file.
    pub places: Places,
}

/// Where the rows of a replicate stand in the data file, counted from 0 without its header.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Places {
    /// Of the validation rows, in their order.
    pub validation: Vec<u32>,
    /// Of the test rows, in their order.
    pub test: Vec<u32>,
}

impl Dataset {
    /// The rows of one replicate, and what is known of them. A pure function of dataset, seed and replicate.
    ///
    /// # Errors
    /// A target that is constant over the training rows, an input without one value in them, or numbers that do not
    /// fit into 32-bit floating point.
    pub fn replicate(&self, seed: u64, replicate: u32) -> Result<Replicate, DataError> {
        let cut = self.cutter().cut(seed, replicate).map_err(|fault| self.cut_error(fault))?;
        let parts = [&cut.train, &cut.validation, &cut.test];
        let mut inputs = parts.map(|rows| vec![0f32; rows.len() * self.inputs.len()]);
        let mut constant = Vec::new();
        let fills: Vec<f64> = self.inputs.iter().map(|input| self.fill(input, &cut.train)).collect::<Result<_, _>>()?;
        let (fits, image) = match self.image {
            Some(shape) => {
                let of_channels = self.fit_channels(shape, &fills, &cut.train);
                (
                    of_channels.iter().copied().cycle().take(fills.len()).collect(),
                    Some(self.image(shape, &of_channels)?),
                )
            }
            None => (self.fit_columns(&fills, &cut.train), None),
        };
        for (index, ((input, fill), fit)) in self.inputs.iter().zip(fills).zip(fits).enumerate() {
            if fit.is_constant && !input.is_constant() {
                constant.push(input.name.clone());
            }
            for (rows, matrix) in parts.iter().zip(&mut inputs) {
                let cells = matrix.iter_mut().skip(index).step_by(self.inputs.len());
                for (value, cell) in input.filled(fill, rows).zip(cells) {
                    *cell = fit.apply(value).ok_or_else(|| self.column_error(&input.name, Problem::ScaleOverflow))?;
                }
            }
        }
        // Over all that the split leaves: the loss is in units of this scale, which must not depend on how many of them are
        // learnt from, or how often.
        let target_fit = self.fit_target(&cut.left_to_train)?;
        let part = |rows, inputs| -> Result<Part, DataError> {
            Ok(Part { inputs, columns: self.inputs.len(), targets: self.targets(rows, target_fit)? })
        };
        let [train, validation, test] = inputs;
        let train = part(&cut.train, train)?;
        let validation = part(&cut.validation, validation)?;
        let test = part(&cut.test, test)?;
        let transform = match self.target {
            Target::Numbers { transform, .. } => transform,
            Target::Classes { .. } => None,
        };
        let target_scale = TargetScale { shift: target_fit.shift, factor: target_fit.factor, transform };
        let places = |rows: &[u32]| rows.iter().filter_map(|row| self.places.get(*row as usize).copied()).collect();
        Ok(Replicate {
            split: Split { train, validation, test, target_scale, image },
            constant_inputs: constant,
            places: Places { validation: places(&cut.validation), test: places(&cut.test) },
        })
    }

    /// How the rows are cut.
    pub(super) fn cutter(&self) -> Cutter<'_> {
        Cutter {
            classes: &self.strata,
            class_count: self.class_names().len().max(1),
            validation: self.validation,
            test: self.test,
            resplit: self.resplit,
            training_rows: self.training_rows,
            bootstrap: self.bootstrap,
        }
    }

    /// What missing values of an input become: the mean of the others.
    fn fill(&self, input: &Input, train: &[u32]) -> Result<f64, DataError> {
        if input.is_one_hot {
            return Ok(0.0);
        }
        let present = gather(&input.values, train).filter(|value| !value.is_nan());
        let (count, sum) = present.fold((0u32, 0.0), |(count, sum), value| (count + 1, sum + value));
        if count == 0 {
            return Err(self.column_error(&input.name, Problem::EmptyColumn));
        }
        Ok(sum / f64::from(count))
    }

    /// How each input is scaled, over its filled values.
    fn fit_columns(&self, fills: &[f64], train: &[u32]) -> Vec<Fit> {
        let fit = |(input, fill): (&Input, &f64)| {
            if input.is_one_hot {
                return Fit::IDENTITY;
            }
            Fit::new(self.scale, &input.filled(*fill, train).collect::<Vec<f64>>())
        };
        self.inputs.iter().zip(fills).map(fit).collect()
    }

    /// The image that the inputs are, whose channels are scaled like this.
    fn image(&self, shape: ImageShape, of_channels: &[Fit]) -> Result<Image, DataError> {
        let zero = |fit: &Fit| fit.apply(0.0).ok_or_else(|| DataError::of_file(&self.path, Problem::ScaleOverflow));
        Ok(Image { shape, background: of_channels.iter().map(zero).collect::<Result<_, _>>()? })
    }

    fn fit_target(&self, train: &[u32]) -> Result<Fit, DataError> {
        let Target::Numbers { own, transformed, .. } = &self.target else { return Ok(Fit::IDENTITY) };
        let values: Vec<f64> = gather(transformed, train).collect();
        let (low, high) = range(&values);
        let fit = Fit::new(self.scale, &values);
        if low >= high || fit.is_constant {
            let value = gather(own, train).next().unwrap_or(low);
            return Err(self.column_error(&self.target_name, Problem::ConstantTarget(value, "training row")));
        }
        Ok(fit)
    }

    fn targets(&self, rows: &[u32], fit: Fit) -> Result<Targets, DataError> {
        match &self.target {
            Target::Classes { .. } => {
                Ok(Targets::Classes(rows.iter().filter_map(|&row| self.strata.get(row as usize).copied()).collect()))
            }
            Target::Numbers { own, transformed, .. } => {
                let scaled = gather(transformed, rows).map(|value| fit.apply(value)).collect::<Option<_>>();
                let scaled = scaled.ok_or_else(|| self.column_error(&self.target_name, Problem::ScaleOverflow))?;
                Ok(Targets::Numbers { scaled, own: gather(own, rows).collect() })
            }
        }
    }

    fn column_error(&self, column: &str, problem: Problem) -> DataError {
        DataError::of_column(&self.path, column, problem)
    }

    /// The error of rows that cannot be cut.
    pub(super) fn cut_error(&self, fault: CutFault) -> DataError {
        match fault {
            CutFault::TooFewForFolds { rows, folds } => {
                DataError::of_file(&self.path, Problem::TooFewForFolds { rows, folds })
            }
            CutFault::TooFewRows { rows, test, validation, train } => {
                DataError::of_file(&self.path, Problem::TooFewRows { rows, test, validation, train })
            }
            CutFault::ClassTooSmall { class, rows, needed } => {
                let class = self.class_names().get(class).map(|name| shown(name)).unwrap_or_default();
                self.column_error(&self.target_name, Problem::ClassTooSmall { class, rows, needed })
            }
            CutFault::TooFewToLearnFrom { wanted, available } => {
                DataError::of_file(&self.path, Problem::TooFewToLearnFrom { wanted, available })
            }
            CutFault::ClassNotReached { class, wanted, needed } => {
                let class = self.class_names().get(class).map(|name| shown(name)).unwrap_or_default();
                self.column_error(&self.target_name, Problem::ClassNotReached { class, wanted, needed })
            }
        }
    }
}
