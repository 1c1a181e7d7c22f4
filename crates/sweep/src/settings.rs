//! What the report is told of the settings of a point.

use std::collections::HashSet;
use std::sync::Arc;

use swath_core::engine::steps_per_epoch;
use swath_core::spec::{
    Activation, AdagradForm, AdamForm, AdamSettings, ModelSpec, Optimizer, RmsPropForm, SgdForm, TrainSpec,
};
use swath_results::settings::{Activation as ActivationFact, PointSettings};

use crate::facts::DataFacts;

/// Update rules that were named, so that the points of one rule share its name.
#[derive(Debug, Default)]
pub(crate) struct Names(HashSet<Arc<str>>);

impl Names {
    fn of(&mut self, name: String) -> Arc<str> {
        if let Some(known) = self.0.get(name.as_str()) {
            return Arc::clone(known);
        }
        let name: Arc<str> = name.into();
        self.0.insert(Arc::clone(&name));
        name
    }
}

/// The settings of a point on data of these facts.
pub(crate) fn of_point(facts: &DataFacts, model: &ModelSpec, train: &TrainSpec, names: &mut Names) -> PointSettings {
    let batch_size = u64::from(train.batch_size.get());
    let steps = steps_per_epoch(facts.training_rows, train.batch_size.get(), train.drop_last);
    PointSettings {
        training_rows: facts.training_rows,
        batch_size,
        rows_per_epoch: facts.training_rows.min(steps * batch_size),
        activation: activation(model.activation),
        update_rule: names.of(update_rule(&train.optimizer)),
        learning_rate: train.learning_rate,
        stops_early: train.early_stopping.is_some(),
    }
}

fn activation(activation: Activation) -> ActivationFact {
    match activation {
        Activation::Relu => ActivationFact::Relu,
        Activation::LeakyRelu { slope } => ActivationFact::LeakyRelu { slope },
        Activation::Tanh => ActivationFact::Tanh,
        Activation::Sigmoid => ActivationFact::Sigmoid,
        Activation::Gelu => ActivationFact::Gelu,
        Activation::Silu => ActivationFact::Silu,
        Activation::Elu => ActivationFact::Elu,
        Activation::Softplus => ActivationFact::Softplus,
        Activation::GeluTanh => ActivationFact::GeluTanh,
        Activation::Selu => ActivationFact::Selu,
        Activation::Identity => ActivationFact::Identity,
    }
}

/// A number that is written unless it is the default.
fn number(name: &str, value: f64, default: f64) -> Option<String> {
    (value.total_cmp(&default).is_ne()).then(|| format!("{name}={value}"))
}

/// The rule with the settings that are not the defaults of its form.
fn update_rule(optimizer: &Optimizer) -> String {
    let word = |is: bool, word: &str| is.then(|| word.to_owned());
    let (name, settings) = match *optimizer {
        Optimizer::Sgd { momentum, dampening, nesterov, form } => (
            "sgd",
            vec![
                number("momentum", momentum, 0.0),
                number("dampening", dampening, 0.0),
                word(nesterov, "nesterov"),
                word(form == SgdForm::Keras, "form=keras"),
            ],
        ),
        Optimizer::Adam(adam) => ("adam", of_adam(&adam).to_vec()),
        Optimizer::AdamW { adam, weight_decay } => {
            ("adamw", [vec![number("weight_decay", weight_decay, 0.01)], of_adam(&adam).to_vec()].concat())
        }
        Optimizer::RmsProp { rho, epsilon, momentum, centered, form } => {
            let settings = vec![
                number("rho", rho, form.rho()),
                number("epsilon", epsilon, form.epsilon()),
                number("momentum", momentum, 0.0),
                word(centered, "centered"),
                word(form == RmsPropForm::Keras, "form=keras"),
            ];
            ("rmsprop", settings)
        }
        Optimizer::Adagrad { initial_accumulator, epsilon, form } => {
            let settings = vec![
                number("initial_accumulator", initial_accumulator, form.initial_accumulator()),
                number("epsilon", epsilon, form.epsilon()),
                word(form == AdagradForm::Keras, "form=keras"),
            ];
            ("adagrad", settings)
        }
    };
    let settings: Vec<String> = settings.into_iter().flatten().collect();
    if settings.is_empty() { name.to_owned() } else { format!("{name}({})", settings.join(", ")) }
}

fn of_adam(adam: &AdamSettings) -> [Option<String>; 5] {
    [
        number("beta_1", adam.beta_1, 0.9),
        number("beta_2", adam.beta_2, 0.999),
        number("epsilon", adam.epsilon, adam.form.epsilon()),
        adam.amsgrad.then(|| "amsgrad".to_owned()),
        (adam.form == AdamForm::Keras).then(|| "form=keras".to_owned()),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_update_rule_is_named_with_what_is_not_its_default() {
        let sgd = |momentum, nesterov| Optimizer::Sgd { momentum, dampening: 0.0, nesterov, form: SgdForm::Torch };
        assert_eq!(update_rule(&sgd(0.0, false)), "sgd");
        assert_eq!(update_rule(&sgd(0.9, true)), "sgd(momentum=0.9, nesterov)");
        let adam = AdamSettings { beta_1: 0.9, beta_2: 0.99, epsilon: 1e-7, amsgrad: true, form: AdamForm::Keras };
        assert_eq!(update_rule(&Optimizer::Adam(adam)), "adam(beta_2=0.99, amsgrad, form=keras)");
        let usual = AdamSettings { beta_2: 0.999, amsgrad: false, epsilon: 1e-8, form: AdamForm::Paper, ..adam };
        assert_eq!(update_rule(&Optimizer::AdamW { adam: usual, weight_decay: 0.1 }), "adamw(weight_decay=0.1)");
        let keras =
            Optimizer::RmsProp { rho: 0.9, epsilon: 1e-7, momentum: 0.5, centered: true, form: RmsPropForm::Keras };
        assert_eq!(update_rule(&keras), "rmsprop(momentum=0.5, centered, form=keras)");
        let adagrad = Optimizer::Adagrad { initial_accumulator: 0.1, epsilon: 1e-10, form: AdagradForm::Torch };
        assert_eq!(update_rule(&adagrad), "adagrad(initial_accumulator=0.1)");
    }

    #[test]
    fn points_of_one_rule_share_its_name() {
        let mut names = Names::default();
        let (one, other) = (names.of("sgd".to_owned()), names.of("sgd".to_owned()));
        assert!(Arc::ptr_eq(&one, &other));
    }
}
