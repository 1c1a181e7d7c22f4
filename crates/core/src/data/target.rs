//! From the target's column to numbers or classes.

use super::encode::{Column, Values};
use super::error::{DataError, shown};
use super::input::{gather, transformed};
use super::problem::Problem;
use super::scale::range;
use super::table::Table;
use crate::spec::{Task, Transform};

/// What is predicted.
#[derive(Debug, Clone)]
pub(super) enum Target {
    Numbers { own: Vec<f64>, transformed: Vec<f64>, transform: Option<Transform> },
    Classes { names: Vec<String> },
}

/// The target, and the class of every sampled row (0 for regression).
pub(super) fn encode_target(
    table: &Table,
    task: Task,
    column: &Column,
    transform: Option<Transform>,
    kept: &[u32],
    sample: &[u32],
) -> Result<(Target, Vec<u32>), DataError> {
    let refused = |problem| DataError::of_column(table.path(), &column.name, problem);
    match (task, &column.values) {
        (Task::Classification, _) if transform.is_some() => Err(refused(Problem::TransformOfWords)),
        (Task::Regression, Values::Numbers(numbers)) => {
            let transformed: Vec<f64> =
                gather(&transformed(table, &column.name, numbers, transform)?, sample).collect();
            let own: Vec<f64> = gather(numbers, sample).collect();
            let (low, high) = range(&own);
            if low >= high {
                return Err(refused(Problem::ConstantTarget(low, "row")));
            }
            Ok((Target::Numbers { own, transformed, transform }, vec![0; sample.len()]))
        }
        (Task::Regression, Values::Words { list, .. }) => {
            Err(refused(Problem::TargetNotNumeric(list.first().map(|word| shown(word)).unwrap_or_default())))
        }
        (Task::Classification, Values::Numbers(numbers)) => {
            // Adding 0 makes -0 the same class as 0.
            let class_of = |row: &u32| numbers.get(*row as usize).map_or(f64::NAN, |number| number + 0.0);
            let mut classes: Vec<f64> = kept.iter().map(class_of).collect();
            classes.sort_unstable_by(f64::total_cmp);
            classes.dedup();
            let names = classes.iter().map(f64::to_string).collect();
            let index = |row: &u32| classes.partition_point(|class| *class < class_of(row)) as u32;
            class_target(names, sample.iter().map(index).collect()).map_err(refused)
        }
        (Task::Classification, Values::Words { list, codes }) => {
            let code_of = |row: &u32| codes.get(*row as usize).copied().unwrap_or_default();
            let mut classes: Vec<u32> = kept.iter().map(code_of).collect();
            classes.sort_unstable();
            classes.dedup();
            let names = classes.iter().filter_map(|&code| list.get(code as usize).cloned()).collect();
            let index = |row: &u32| classes.partition_point(|class| *class < code_of(row)) as u32;
            class_target(names, sample.iter().map(index).collect()).map_err(refused)
        }
    }
}

fn class_target(names: Vec<String>, indices: Vec<u32>) -> Result<(Target, Vec<u32>), Problem> {
    match names.as_slice() {
        [] | [_] => Err(Problem::OneClass(names.first().map(|name| shown(name)).unwrap_or_default())),
        _ => Ok((Target::Classes { names }, indices)),
    }
}
