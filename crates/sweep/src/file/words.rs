//! The words of a sweep file that stand for one of a few things: one table each, read both ways.

use swath_core::spec::{
    AdagradForm, AdamForm, BatchNormForm, ClipForm, EvaluateTraining, Missing, Padding, PoolKind, RmsPropForm, Scale,
    SgdForm, Task, TimeUnit, Transform,
};

use crate::gate::GateFigure;

/// A choice among words.
pub(crate) trait Word: Copy + PartialEq + 'static {
    /// Every word with its meaning.
    const WORDS: &'static [(&'static str, Self)];

    /// What a word means.
    fn from_word(word: &str) -> Option<Self> {
        Self::WORDS.iter().find(|(known, _)| *known == word).map(|(_, meaning)| *meaning)
    }

    /// The word for a meaning.
    fn word(self) -> &'static str {
        Self::WORDS.iter().find(|(_, meaning)| *meaning == self).map_or("", |(word, _)| word)
    }
}

/// The words of a choice, in order.
pub(crate) fn words<T: Word>() -> Vec<&'static str> {
    T::WORDS.iter().map(|(word, _)| *word).collect()
}

impl Word for Task {
    const WORDS: &'static [(&'static str, Self)] =
        &[("regression", Self::Regression), ("classification", Self::Classification)];
}

impl Word for GateFigure {
    const WORDS: &'static [(&'static str, Self)] = &Self::WORDS;
}

impl Word for Missing {
    const WORDS: &'static [(&'static str, Self)] =
        &[("error", Self::Error), ("drop", Self::Drop), ("mean", Self::Mean)];
}

impl Word for Padding {
    const WORDS: &'static [(&'static str, Self)] = &[("valid", Self::Valid), ("same", Self::Same)];
}

impl Word for PoolKind {
    const WORDS: &'static [(&'static str, Self)] = &[("max", Self::Max), ("average", Self::Average)];
}

impl Word for Scale {
    const WORDS: &'static [(&'static str, Self)] =
        &[("standard", Self::Standard), ("minmax", Self::MinMax), ("none", Self::None)];
}

impl Word for Transform {
    const WORDS: &'static [(&'static str, Self)] = &[("log", Self::Log), ("log1p", Self::Log1p), ("sqrt", Self::Sqrt)];
}

impl Word for EvaluateTraining {
    const WORDS: &'static [(&'static str, Self)] = &[("last", Self::Last), ("every", Self::Every)];
}

impl Word for BatchNormForm {
    const WORDS: &'static [(&'static str, Self)] = &[("torch", Self::Torch), ("keras", Self::Keras)];
}

/// What a clipping limits.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum ClipBy {
    /// Each element.
    Value,
    /// The norm of each tensor.
    Norm,
    /// The norm of all tensors.
    GlobalNorm,
}

impl Word for ClipBy {
    const WORDS: &'static [(&'static str, Self)] =
        &[("value", Self::Value), ("norm", Self::Norm), ("global_norm", Self::GlobalNorm)];
}

impl Word for ClipForm {
    const WORDS: &'static [(&'static str, Self)] = &[("torch", Self::Torch), ("keras", Self::Keras)];
}

impl Word for TimeUnit {
    const WORDS: &'static [(&'static str, Self)] = &[("epoch", Self::Epoch), ("step", Self::Step)];
}

impl Word for SgdForm {
    const WORDS: &'static [(&'static str, Self)] = &[("torch", Self::Torch), ("keras", Self::Keras)];
}

impl Word for AdamForm {
    const WORDS: &'static [(&'static str, Self)] = &[("paper", Self::Paper), ("keras", Self::Keras)];
}

impl Word for AdagradForm {
    const WORDS: &'static [(&'static str, Self)] = &[("torch", Self::Torch), ("keras", Self::Keras)];
}

impl Word for RmsPropForm {
    const WORDS: &'static [(&'static str, Self)] = &[("torch", Self::Torch), ("keras", Self::Keras)];
}
