//! Class weights by the number of the class, from those of a specification.

use std::sync::Arc;

use thiserror::Error;

use crate::data::{Targets, listed};
use crate::spec::ClassWeights;

/// Classes that `class_weights` and the data do not have in common.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ClassWeightsError {
    /// A class that the target does not have.
    #[error("`class_weights` names the class \"{0}\", which the target does not have")]
    Unknown(String),
    /// A class without a weight.
    #[error("`class_weights` has no weight for the class \"{0}\"")]
    Missing(String),
    /// The target has no classes.
    #[error("`class_weights` is for classes, and the target holds numbers")]
    NoClasses,
}

/// The weight of each class, in the order of `names`. Those of a balanced training depend on its training rows; a class
/// without any has the weight 0.
///
/// # Errors
/// A name that is no class, or a class that has no weight.
pub fn class_weights(
    weights: &ClassWeights,
    names: &[String],
    training: &Targets,
) -> Result<Arc<[f32]>, ClassWeightsError> {
    let Targets::Classes(classes) = training else { return Err(ClassWeightsError::NoClasses) };
    match weights {
        ClassWeights::Balanced => Ok(balanced(names.len(), classes).into()),
        ClassWeights::Listed(list) => {
            if let Some((unknown, _)) = list.iter().find(|(name, _)| !names.contains(name)) {
                return Err(ClassWeightsError::Unknown(unknown.clone()));
            }
            let weight = |name: &String| {
                let known = list.iter().find(|(listed, _)| listed == name);
                known.map(|(_, weight)| *weight as f32).ok_or_else(|| ClassWeightsError::Missing(name.clone()))
            };
            names.iter().map(weight).collect()
        }
    }
}

fn balanced(count: usize, classes: &[u32]) -> Vec<f32> {
    let mut rows = vec![0_u32; count];
    for &class in classes {
        if let Some(rows) = rows.get_mut(class as usize) {
            *rows += 1;
        }
    }
    let weight = |&rows: &u32| if rows == 0 { 0.0 } else { classes.len() as f64 / (count as f64 * f64::from(rows)) };
    rows.iter().map(|rows| weight(rows) as f32).collect()
}

/// What to write so that every class has a weight.
pub fn class_weights_help(names: &[String]) -> String {
    let bare = |name: &str| {
        !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
    };
    let key = |name: &String| if bare(name) { name.clone() } else { format!("{name:?}") };
    if names.len() > 8 {
        return format!("give each of the {} classes a weight: {}", names.len(), listed(names));
    }
    let entries: Vec<String> = names.iter().map(|name| format!("{} = 1.0", key(name))).collect();
    format!("give each class a weight, for example `class_weights = {{ {} }}`", entries.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    /// Figures by scikit-learn's `compute_class_weight("balanced", ...)`.
    #[test]
    fn balanced_weights_are_scikit_learns() {
        let training = Targets::Classes(vec![0, 2, 0, 1, 2, 0, 1, 0, 2, 0]);
        let weights = class_weights(&ClassWeights::Balanced, &names(&["a", "b", "c"]), &training).unwrap();
        for (weight, wanted) in weights.iter().zip([2.0 / 3.0, 5.0 / 3.0, 10.0 / 9.0]) {
            assert!((weight - wanted).abs() < 1e-6, "{weights:?}");
        }
    }

    #[test]
    fn listed_weights_stand_in_the_order_of_the_classes() {
        let training = Targets::Classes(vec![0, 1]);
        let list = |list: &[(&str, f64)]| {
            ClassWeights::Listed(list.iter().map(|&(name, weight)| (name.to_owned(), weight)).collect())
        };
        let names = names(&["no", "yes"]);
        let weights = |list: ClassWeights| class_weights(&list, &names, &training);
        assert_eq!(weights(list(&[("yes", 3.0), ("no", 0.5)])).unwrap()[..], [0.5, 3.0]);
        let unknown = weights(list(&[("yes", 3.0), ("No", 0.5)])).unwrap_err();
        assert_eq!(unknown.to_string(), "`class_weights` names the class \"No\", which the target does not have");
        let missing = weights(list(&[("yes", 3.0)])).unwrap_err();
        assert_eq!(missing.to_string(), "`class_weights` has no weight for the class \"no\"");
        assert_eq!(
            class_weights_help(&names),
            "give each class a weight, for example `class_weights = { no = 1.0, yes = 1.0 }`"
        );
        let odd = self::names(&["a b", "1.5"]);
        assert!(class_weights_help(&odd).ends_with("`class_weights = { \"a b\" = 1.0, \"1.5\" = 1.0 }`"));
    }

    #[test]
    fn numbers_have_no_class_weights() {
        let numbers = Targets::Numbers { scaled: vec![0.0], own: vec![0.0] };
        assert_eq!(class_weights(&ClassWeights::Balanced, &[], &numbers), Err(ClassWeightsError::NoClasses));
    }
}
