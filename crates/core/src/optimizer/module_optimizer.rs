//! The optimiser of a whole module.

use burn::optim::momentum::MomentumConfig;
use burn::optim::{ModuleOptimizer, SgdConfig};

use super::adagrad::Adagrad;
use super::adam::Adam;
use super::rms_prop::RmsProp;
use super::rule::ByRule;
use super::sgd::KerasMomentum;
use crate::spec::{Optimizer, SgdForm};

/// The optimiser of this specification, before its first step. It clips nothing itself; biases are updated as weights are.
pub fn module_optimizer(optimizer: &Optimizer) -> ModuleOptimizer {
    match *optimizer {
        Optimizer::Sgd { momentum, nesterov, form: SgdForm::Keras, .. } if momentum > 0.0 => {
            ByRule(KerasMomentum { momentum, nesterov }).into()
        }
        Optimizer::Sgd { momentum, dampening, nesterov, .. } => {
            let momentum = (momentum > 0.0).then_some(MomentumConfig { momentum, dampening, nesterov });
            SgdConfig::new().with_weight_decay(None).with_momentum(momentum).with_gradient_clipping(None).init()
        }
        Optimizer::Adam(settings) => ByRule(Adam { settings, weight_decay: 0.0 }).into(),
        Optimizer::AdamW { adam, weight_decay } => ByRule(Adam { settings: adam, weight_decay }).into(),
        Optimizer::RmsProp { rho, epsilon, momentum, centered, form } => {
            ByRule(RmsProp { rho, epsilon, momentum, centered, form }).into()
        }
        Optimizer::Adagrad { initial_accumulator, epsilon, form } => {
            ByRule(Adagrad { initial_accumulator, epsilon, form }).into()
        }
    }
}
