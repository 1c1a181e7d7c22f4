//! Which engine trains: as asked for, and for each model.

use swath_core::engine::{AutoEngine, BurnEngine, Chosen, LanesEngine};
use swath_core::spec::ModelSpec;

use crate::trial::EngineLabel;

/// Does work with the engine of a choice, whose type each has for itself: `with_engine!(choice, engine => work(engine))`.
macro_rules! with_engine {
    ($choice:expr, $engine:ident => $work:expr) => {
        match $choice {
            $crate::engine_choice::EngineChoice::Auto => {
                let $engine = &swath_core::engine::AutoEngine::default();
                $work
            }
            $crate::engine_choice::EngineChoice::Lanes => {
                let $engine = &swath_core::engine::LanesEngine::new();
                $work
            }
            $crate::engine_choice::EngineChoice::Burn => {
                let $engine = &swath_core::engine::BurnEngine;
                $work
            }
        }
    };
}
pub(crate) use with_engine;

/// What trains.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum EngineChoice {
    /// The fastest engine that can train the model.
    #[default]
    Auto,
    /// Many trials side by side, one in each lane of the processor's vectors.
    Lanes,
    /// burn's autodiff on burn-ndarray.
    Burn,
}

impl EngineChoice {
    /// The choice of this name.
    pub fn named(name: &str) -> Option<Self> {
        [Self::Auto, Self::Lanes, Self::Burn].into_iter().find(|choice| choice.name() == name)
    }

    /// The engine that trains a model.
    pub(crate) fn label(self, model: &ModelSpec) -> EngineLabel<'static> {
        let chosen = match self {
            Self::Auto => AutoEngine::chosen(model),
            Self::Lanes => Chosen::Lanes,
            Self::Burn => Chosen::Burn,
        };
        match chosen {
            Chosen::Lanes => EngineLabel { name: LanesEngine::NAME, arithmetic: LanesEngine::ARITHMETIC },
            Chosen::Burn => EngineLabel { name: BurnEngine::NAME, arithmetic: BurnEngine::ARITHMETIC },
        }
    }

    /// As the command line and `run.toml` write it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Lanes => "lanes",
            Self::Burn => "burn",
        }
    }
}
