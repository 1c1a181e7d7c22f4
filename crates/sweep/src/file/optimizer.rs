//! `optimizer` as meant: the update rule and the rate it starts from.

use std::ops::Range;

use swath_core::spec::{AdagradForm, AdamForm, AdamSettings, Optimizer, RmsPropForm, SgdForm};

use super::fields::Fields;
use super::keys::{OPTIMIZERS, TRAIN};
use super::problem::Found;
use super::tree::Table;

/// Reads the checked key `optimizer` of `[train]`; `None` where something is wrong.
pub(super) fn read(train: Option<&Table>, found: &mut Found) -> Option<(Optimizer, f64)> {
    let (word, settings) = Fields::new(train, TRAIN).choice("optimizer", OPTIMIZERS)?;
    match word {
        "sgd" => sgd(train, settings, found),
        "adam" => Some((Optimizer::Adam(adam(settings)?), settings.number("learning_rate")?)),
        "adamw" => {
            let weight_decay = settings.number("weight_decay")?;
            Some((Optimizer::AdamW { adam: adam(settings)?, weight_decay }, settings.number("learning_rate")?))
        }
        "rmsprop" => rmsprop(settings),
        "adagrad" => adagrad(settings),
        _ => None,
    }
}

fn sgd(train: Option<&Table>, settings: Fields<'_>, found: &mut Found) -> Option<(Optimizer, f64)> {
    let momentum = settings.number("momentum")?;
    let dampening = settings.number("dampening")?;
    let nesterov = settings.boolean("nesterov")?;
    let form = settings.word("form")?;
    let place = |key: &str| -> Range<usize> {
        let optimizer = train.and_then(|train| train.get("optimizer"));
        let setting = optimizer.and_then(|node| node.table()?.get(key));
        setting.or(optimizer).map(|node| node.span.clone()).unwrap_or_default()
    };
    if nesterov && momentum == 0.0 {
        let help = "write `momentum = 0.9`, or leave `nesterov` out".to_owned();
        found.report(&place("nesterov"), "Nesterov's momentum needs momentum above 0", "there is no momentum", help);
        return None;
    }
    if dampening != 0.0 && (nesterov || form == SgdForm::Keras) {
        let other = if nesterov { "Nesterov's momentum" } else { "the Keras form" };
        let message = format!("{other} knows no dampening");
        found.report(&place("dampening"), message, "must be 0 here", "leave `dampening` out".to_owned());
        return None;
    }
    Some((Optimizer::Sgd { momentum, dampening, nesterov, form }, settings.number("learning_rate")?))
}

fn adam(settings: Fields<'_>) -> Option<AdamSettings> {
    let form: AdamForm = settings.word("form")?;
    Some(AdamSettings {
        beta_1: settings.number("beta_1")?,
        beta_2: settings.number("beta_2")?,
        epsilon: settings.number_or("epsilon", form.epsilon())?,
        amsgrad: settings.boolean("amsgrad")?,
        form,
    })
}

fn rmsprop(settings: Fields<'_>) -> Option<(Optimizer, f64)> {
    let form = settings.word("form")?;
    let rate = match form {
        RmsPropForm::Torch => 0.01,
        RmsPropForm::Keras => 0.001,
    };
    let optimizer = Optimizer::RmsProp {
        rho: settings.number_or("rho", form.rho())?,
        epsilon: settings.number_or("epsilon", form.epsilon())?,
        momentum: settings.number("momentum")?,
        centered: settings.boolean("centered")?,
        form,
    };
    Some((optimizer, settings.number_or("learning_rate", rate)?))
}

fn adagrad(settings: Fields<'_>) -> Option<(Optimizer, f64)> {
    let form = settings.word("form")?;
    let rate = match form {
        AdagradForm::Torch => 0.01,
        AdagradForm::Keras => 0.001,
    };
    let optimizer = Optimizer::Adagrad {
        initial_accumulator: settings.number_or("initial_accumulator", form.initial_accumulator())?,
        epsilon: settings.number_or("epsilon", form.epsilon())?,
        form,
    };
    Some((optimizer, settings.number_or("learning_rate", rate)?))
}
