//! What must be known of the data to name trials and count their steps: learnt once from the rows, kept in `run.toml`.

use swath_core::constant::{ConstantLoss, constant_loss};
use swath_core::data::Split;
use swath_core::spec::{ImageShape, Loss, ModelSpec, Network};
use swath_results::run::{ConstantRecord, DataVariant};
use thiserror::Error;

/// What one `[data]` setting came to.
#[derive(Debug, Clone, PartialEq)]
pub struct DataFacts {
    /// Hash of the used columns' content.
    pub digest: [u8; 32],
    /// Columns that enter the network, after one-hot encoding.
    pub inputs: u32,
    /// Classes of the target; 0 for regression.
    pub classes: u32,
    /// Rows of the training part of the first replicate (with folds, others may have one row more or less).
    pub training_rows: u64,
    /// Rows of its validation part.
    pub validation_rows: u64,
    /// Rows of the test part.
    pub test_rows: u64,
    /// Remarks that a reader must know.
    pub remarks: Vec<String>,
    /// What the best constant prediction costs under each loss that points use; means over the replicates' rows.
    pub constants: Vec<(String, ConstantLoss)>,
}

/// A digest in `run.toml` that is no digest.
#[derive(Debug, Error)]
#[error("`{0}` is no digest: 64 hexadecimal digits are expected")]
pub struct NoDigest(String);

impl DataFacts {
    /// The network of a model on these data, whose inputs may be the pixels of an image.
    pub fn network(&self, image: Option<ImageShape>, model: &ModelSpec, loss: Loss) -> Network {
        Network { inputs: self.inputs, image, outputs: loss.outputs(self.classes), model: model.clone() }
    }

    /// What the best constant prediction costs under a loss; `None` where that is not known.
    pub fn constant_loss(&self, loss: Loss) -> Option<ConstantLoss> {
        let wanted = label(loss);
        self.constants.iter().find(|(known, _)| *known == wanted).map(|(_, constant)| *constant)
    }

    /// As `run.toml` keeps it.
    pub fn to_record(&self) -> DataVariant {
        DataVariant {
            digest: blake3::Hash::from_bytes(self.digest).to_hex().to_string(),
            inputs: self.inputs,
            classes: self.classes,
            training_rows: self.training_rows,
            validation_rows: self.validation_rows,
            test_rows: self.test_rows,
            remarks: self.remarks.clone(),
            constants: self.constants.iter().map(to_record).collect(),
        }
    }

    /// From `run.toml`.
    ///
    /// # Errors
    /// A digest that is none.
    pub fn from_record(record: &DataVariant) -> Result<Self, NoDigest> {
        let digest = blake3::Hash::from_hex(&record.digest).map_err(|_| NoDigest(record.digest.clone()))?;
        Ok(Self {
            digest: *digest.as_bytes(),
            inputs: record.inputs,
            classes: record.classes,
            training_rows: record.training_rows,
            validation_rows: record.validation_rows,
            test_rows: record.test_rows,
            remarks: record.remarks.clone(),
            constants: record.constants.iter().map(from_record).collect(),
        })
    }
}

/// A loss with its settings, as constants are found by.
pub fn label(loss: Loss) -> String {
    match loss {
        Loss::Huber { delta } => format!("{}(delta={delta})", loss.name()),
        Loss::Mse | Loss::Mae | Loss::LogCosh | Loss::CrossEntropy | Loss::BinaryCrossEntropy => loss.name().to_owned(),
    }
}

/// The mean over the splits of what the best constant prediction costs; `None` where one of them has none.
pub fn mean_constant_loss<'a>(loss: Loss, splits: impl ExactSizeIterator<Item = &'a Split>) -> Option<ConstantLoss> {
    let count = splits.len() as f64;
    let mut total = ConstantLoss { training: 0.0, validation: 0.0 };
    for split in splits {
        let found = constant_loss(loss, split)?;
        total =
            ConstantLoss { training: total.training + found.training, validation: total.validation + found.validation };
    }
    (count > 0.0)
        .then_some(ConstantLoss { training: total.training / count, validation: total.validation / count })
        .filter(|mean| mean.training.is_finite() && mean.validation.is_finite())
}

fn to_record((loss, constant): &(String, ConstantLoss)) -> ConstantRecord {
    ConstantRecord { loss: loss.clone(), training: constant.training, validation: constant.validation }
}

fn from_record(record: &ConstantRecord) -> (String, ConstantLoss) {
    (record.loss.clone(), ConstantLoss { training: record.training, validation: record.validation })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn facts_survive_the_way_through_run_toml() {
        let facts = DataFacts {
            digest: [7; 32],
            inputs: 4,
            classes: 0,
            training_rows: 1200,
            validation_rows: 400,
            test_rows: 400,
            remarks: vec!["3 rows were dropped".to_owned()],
            constants: vec![
                (label(Loss::Mse), ConstantLoss { training: 1.0, validation: 1.01 }),
                (label(Loss::Huber { delta: 0.5 }), ConstantLoss { training: 0.25, validation: 1.0 / 3.0 }),
            ],
        };
        assert_eq!(DataFacts::from_record(&facts.to_record()).unwrap(), facts);
        assert_eq!(facts.constant_loss(Loss::Huber { delta: 0.5 }), Some(facts.constants[1].1));
        assert_eq!(facts.constant_loss(Loss::Huber { delta: 1.0 }), None);
        let broken = DataVariant { digest: "xyz".to_owned(), ..facts.to_record() };
        assert!(DataFacts::from_record(&broken).unwrap_err().to_string().contains("`xyz` is no digest"));
    }
}
