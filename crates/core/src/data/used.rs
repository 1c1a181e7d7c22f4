//! The columns that a specification uses.

use std::collections::HashSet;

use super::encode::{Column, Role};
use super::error::{DataError, listed, shown};
use super::problem::Problem;
use super::table::Table;
use crate::spec::{DataSpec, Task};

/// The used columns of the whole file.
#[derive(Debug)]
pub(super) struct Used {
    /// In their order.
    pub(super) inputs: Vec<Column>,
    pub(super) target: Column,
    /// On ordered words that are listed in vain.
    pub(super) remark: Option<String>,
}

impl Used {
    /// Finds the columns that the specification names, and checks them cell by cell.
    pub(super) fn read(table: &Table, spec: &DataSpec) -> Result<Self, DataError> {
        let names = input_names(table, spec)?;
        let mut inputs = Vec::with_capacity(names.len());
        for name in &names {
            let words = spec.ordinal.iter().find(|(ordinal, _)| ordinal == name);
            let role = words.map_or(Role::Input, |(_, words)| Role::Ordinal(words));
            inputs.push(Column::read(table, name, role)?);
        }
        let role = match spec.task {
            Task::Regression => Role::RegressionTarget,
            Task::Classification => Role::ClassTarget,
        };
        let target = Column::read(table, &spec.target, role)?;

        let in_vain = spec.ordinal.iter().map(|(name, _)| name).filter(|name| !names.contains(name));
        let in_vain: Vec<String> = in_vain.cloned().collect();
        let remark = (!in_vain.is_empty())
            .then(|| format!("`ordinal` lists words of columns that are no inputs: {}", listed(&in_vain)));
        Ok(Self { inputs, target, remark })
    }

    /// The inputs, then the target.
    pub(super) fn columns(&self) -> impl ExactSizeIterator<Item = &Column> + Clone {
        let count = self.inputs.len() + 1;
        (0..count).map(|index| self.inputs.get(index).unwrap_or(&self.target))
    }
}

/// Names of the inputs, after all names in the specification were found to make sense.
fn input_names(table: &Table, spec: &DataSpec) -> Result<Vec<String>, DataError> {
    let of_column = |name: &str, problem| Err(DataError::of_column(table.path(), name, problem));
    let existing: HashSet<&String> = table.names().iter().collect();
    let known = |key, name: &String| {
        if existing.contains(name) { Ok(()) } else { Err(unknown_column(table, key, name)) }
    };
    known("target", &spec.target)?;
    let inputs = match &spec.inputs {
        None => table.names().iter().filter(|name| **name != spec.target).cloned().collect(),
        Some(inputs) => inputs.clone(),
    };
    if inputs.is_empty() {
        return Err(DataError::of_file(table.path(), Problem::NoInputs));
    }
    let mut seen = HashSet::new();
    for name in &inputs {
        known("inputs", name)?;
        if *name == spec.target {
            return of_column(name, Problem::TargetAmongInputs);
        }
        if !seen.insert(name) {
            return of_column(name, Problem::DoubledInput);
        }
    }
    for (name, _) in &spec.transform {
        known("transform", name)?;
        if *name != spec.target && !seen.contains(name) {
            return of_column(name, Problem::UnusedTransform);
        }
    }
    for (name, words) in &spec.ordinal {
        known("ordinal", name)?;
        if *name == spec.target {
            return of_column(name, Problem::OrdinalTarget);
        }
        let mut listed = HashSet::new();
        if let Some(word) = words.iter().find(|word| !listed.insert(word.trim())) {
            return of_column(name, Problem::DoubledOrdinalWord(shown(word)));
        }
    }
    Ok(inputs)
}

fn unknown_column(table: &Table, key: &'static str, name: &str) -> DataError {
    DataError::of_file(
        table.path(),
        Problem::UnknownColumn { key, name: name.to_owned(), existing: table.names().to_vec() },
    )
}
