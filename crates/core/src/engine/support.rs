//! Which models the engines train: all that a specification can say, except those that contradict themselves.

use crate::spec::{AdamSettings, Loss, Network, Normalization, Optimizer, SgdForm};

/// Whether the model is free of contradictions.
///
/// # Errors
/// The part that contradicts, and what to do instead.
pub(crate) fn check(network: &Network, optimizer: &Optimizer, loss: Loss) -> Result<(), String> {
    check_network(network)?;
    check_outputs(network.outputs, loss)?;
    check_optimizer(optimizer)
}

fn check_network(network: &Network) -> Result<(), String> {
    if network.inputs == 0 {
        return Err("the network has no inputs; give it at least one column".to_owned());
    }
    check_image_layers(network)?;
    if let Some(layer) = network.model.hidden.iter().position(|&units| units == 0) {
        return Err(format!("hidden layer {} has no units; give it at least one, or leave it out", layer + 1));
    }
    check_normalization(network.model.normalization)?;
    let dropout = network.model.dropout;
    if !(0.0..1.0).contains(&dropout) {
        return Err(format!("a dropout of {dropout} keeps nothing; take one from 0 to below 1"));
    }
    let drop_connect = network.model.drop_connect;
    if !(0.0..1.0).contains(&drop_connect) {
        return Err(format!("a drop_connect of {drop_connect} keeps no weight; take one from 0 to below 1"));
    }
    Ok(())
}

fn check_image_layers(network: &Network) -> Result<(), String> {
    if network.model.image_layers.is_empty() {
        return Ok(());
    }
    let Some(image) = network.image else {
        return Err("convolutions and pooling need an image; say `image = [height, width]` in `[data]`".to_owned());
    };
    if image.inputs() != u64::from(network.inputs) {
        return Err(format!("{} inputs are no image of {image}", network.inputs));
    }
    match network.misfit() {
        Some((index, layer, image)) => {
            Err(format!("image layer {} ({layer}) does not fit the {image} image that enters it", index + 1))
        }
        None => Ok(()),
    }
}

fn check_normalization(normalization: Option<Normalization>) -> Result<(), String> {
    let epsilon = match normalization {
        None => return Ok(()),
        Some(Normalization::Batch { epsilon, momentum, .. }) => {
            share("the momentum of batch normalization", momentum)?;
            epsilon
        }
        Some(Normalization::Layer { epsilon }) => epsilon,
    };
    if epsilon > 0.0 && epsilon.is_finite() {
        return Ok(());
    }
    Err(format!("the epsilon of the normalization is {epsilon}; take one above 0"))
}

fn check_outputs(outputs: u32, loss: Loss) -> Result<(), String> {
    let name = loss.name();
    match loss {
        Loss::CrossEntropy if outputs < 2 => Err(format!(
            "{name} needs one output per class, at least 2, not {outputs}; for one use binary_cross_entropy"
        )),
        Loss::CrossEntropy => Ok(()),
        _ if outputs != 1 => Err(format!("{name} needs one output, not {outputs}")),
        Loss::Huber { delta } if !(delta > 0.0 && delta.is_finite()) => {
            Err(format!("{name} has the delta {delta}; take one above 0"))
        }
        _ => Ok(()),
    }
}

fn check_optimizer(optimizer: &Optimizer) -> Result<(), String> {
    match *optimizer {
        Optimizer::Sgd { momentum, dampening, nesterov, form } => {
            share("momentum", momentum)?;
            if nesterov && momentum == 0.0 {
                return Err("nesterov needs a momentum above 0".to_owned());
            }
            if dampening != 0.0 && (nesterov || form == SgdForm::Keras) {
                return Err("dampening belongs to the torch form without nesterov; leave it out".to_owned());
            }
            share("dampening", dampening)
        }
        Optimizer::Adam(settings) => check_adam(settings),
        Optimizer::AdamW { adam, weight_decay } => {
            at_least_0("weight_decay", weight_decay)?;
            check_adam(adam)
        }
        Optimizer::RmsProp { rho, epsilon, momentum, .. } => {
            share("rho", rho)?;
            share("momentum", momentum)?;
            at_least_0("epsilon", epsilon)
        }
        Optimizer::Adagrad { initial_accumulator, epsilon, .. } => {
            at_least_0("initial_accumulator", initial_accumulator)?;
            at_least_0("epsilon", epsilon)
        }
    }
}

fn check_adam(settings: AdamSettings) -> Result<(), String> {
    share("beta_1", settings.beta_1)?;
    share("beta_2", settings.beta_2)?;
    at_least_0("epsilon", settings.epsilon)
}

fn share(name: &str, value: f64) -> Result<(), String> {
    if (0.0..1.0).contains(&value) { Ok(()) } else { Err(format!("{name} is {value}; take one from 0 to below 1")) }
}

fn at_least_0(name: &str, value: f64) -> Result<(), String> {
    if value >= 0.0 && value.is_finite() { Ok(()) } else { Err(format!("{name} is {value}; take one of at least 0")) }
}
