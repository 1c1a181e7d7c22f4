//! `clip` as meant.

use swath_core::spec::{Clip, ClipForm};

use super::fields::Fields;
use super::keys::{CLIP, TRAIN};
use super::problem::Found;
use super::tree::{Table, Value};
use super::words::ClipBy;

/// Reads the checked key `clip` of `[train]`; the outer `None`: it is wrong.
#[expect(clippy::option_option, reason = "wrong, absent and present are three things")]
pub(super) fn read(train: Option<&Table>, found: &mut Found) -> Option<Option<Clip>> {
    let Some(node) = train.and_then(|train| train.get("clip")) else {
        return Some(None);
    };
    if matches!(node.value, Value::Boolean(false)) {
        return Some(None);
    }
    let table = Fields::new(train, TRAIN).written("clip")?.table()?;
    let settings = Fields::new(Some(table), CLIP);
    let (by, at, form): (ClipBy, f64, ClipForm) =
        (settings.word("by")?, settings.number("at")?, settings.word("form")?);
    if let (ClipBy::Value | ClipBy::Norm, Some(written)) = (by, table.get("form")) {
        let help = "leave `form` out, or write `by = \"global_norm\"`".to_owned();
        found.report(&written.span, "only clipping by global norm has forms", "not known here", help);
        return None;
    }
    Some(Some(match by {
        ClipBy::Value => Clip::Value(at),
        ClipBy::Norm => Clip::Norm(at),
        ClipBy::GlobalNorm => Clip::GlobalNorm { at, form },
    }))
}
