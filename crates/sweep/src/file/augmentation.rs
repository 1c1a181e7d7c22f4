//! `augmentation` as meant: how training rows are changed at random.

use std::ops::Range;

use swath_core::spec::{Augmentation, DataSpec, ImageShape};

use super::axes::Grid;
use super::fields::Fields;
use super::keys::{AUGMENTATION, TRAIN};
use super::problem::Found;
use super::tree::{Entry, Node, Table, Value, number_text};
use crate::sweep::Point;

/// The path of its axis.
pub(super) const PATH: &str = "train.augmentation";

/// Reads the checked key `augmentation` of `[train]`; the outer `None`: it is wrong. A table of transformations that all
/// do nothing is none.
#[expect(clippy::option_option, reason = "wrong, absent and present are three things")]
pub(super) fn read(train: Option<&Table>, found: &mut Found) -> Option<Option<Augmentation>> {
    if train.is_none_or(|train| train.get("augmentation").is_none()) {
        return Some(None);
    }
    let node = Fields::new(train, TRAIN).written("augmentation")?;
    let Value::Table(table) = &node.value else { return Some(None) };
    if table.entries.is_empty() {
        let help = "name a transformation, for example `{ noise = 0.05 }`, or write \"none\"".to_owned();
        found.report(&node.span, "`train.augmentation` is an empty table", "nothing is done", help);
        return None;
    }
    let settings = Fields::new(Some(table), AUGMENTATION);
    let augmentation = Augmentation {
        flip: settings.boolean("flip")?,
        rotate: settings.number("rotate")?,
        scale: settings.number("scale")?,
        shift: settings.integer("shift")?,
        cutout: settings.integer("cutout")?,
        noise: settings.number("noise")?,
        mixup: settings.number("mixup")?,
    };
    Some((!augmentation.is_none()).then_some(augmentation))
}

/// How a level is named: `none`, `shift=1`, `rotate=15, noise=0.05`, `flip`.
pub(super) fn label(node: &Node) -> String {
    let Some(table) = node.table() else { return node.label() };
    let setting = |entry: &Entry| match entry.node.value {
        Value::Boolean(true) => entry.key.clone(),
        _ => format!("{}={}", entry.key, entry.node.label()),
    };
    table.entries.iter().map(setting).collect::<Vec<_>>().join(", ")
}

/// Refuses transformations of pictures where the inputs are none, and those that leave nothing of one.
pub(super) fn check_images(
    data: &[DataSpec],
    points: &[Point],
    train: Option<&Table>,
    grids: &[Grid],
    found: &mut Found,
) {
    for point in points {
        let Some(augmentation) = point.train.augmentation else { continue };
        let Some(name) = augmentation.of_pictures() else { continue };
        let image = data.get(point.data).and_then(|data| data.image);
        let problem = match image {
            None => Some((name, without_image(name))),
            Some(image) => too_much(&augmentation, image),
        };
        if let Some((name, (message, help))) = problem {
            let label = if image.is_none() { "of pictures" } else { "too much" };
            return found.report(&span(name, train, grids), message, label, help);
        }
    }
}

fn without_image(name: &str) -> (String, String) {
    (
        format!("`{name}` is for pictures, and `[data]` does not say that the inputs are one"),
        "write `image = [height, width]` in `[data]`, or take it out; `noise` and `mixup` are for tables too"
            .to_owned(),
    )
}

fn too_much(augmentation: &Augmentation, image: ImageShape) -> Option<(&'static str, (String, String))> {
    let shorter = image.height.min(image.width);
    let longer = image.height.max(image.width);
    if augmentation.shift >= shorter {
        let message =
            format!("a shift of {} pixels can move everything out of a picture of {image}", augmentation.shift);
        let most = shorter - 1;
        let help = if most == 0 { "take it out".to_owned() } else { format!("write `shift = {most}` or less") };
        return Some(("shift", (message, help)));
    }
    if augmentation.cutout >= longer {
        let message = format!("a square of {} pixels can blot out all of a picture of {image}", augmentation.cutout);
        let most = longer - 1;
        let help = if most == 0 { "take it out".to_owned() } else { format!("write `cutout = {most}` or less") };
        return Some(("cutout", (message, help)));
    }
    None
}

/// Where the file speaks of a transformation: the first level that has it, an axis of its own, or `[train]`.
fn span(name: &str, train: Option<&Table>, grids: &[Grid]) -> Range<usize> {
    let own = format!("{PATH}.{name}");
    let axes = || grids.iter().flat_map(|grid| &grid.axes);
    let within = |node: &Node| Some(node.table()?.entry(name)?.key_span.clone());
    axes()
        .filter(|axis| axis.path == PATH)
        .flat_map(|axis| &axis.values)
        .find_map(within)
        .or_else(|| axes().find(|axis| axis.path == own).map(|axis| axis.span.clone()))
        .or_else(|| within(train?.get("augmentation")?))
        .unwrap_or_default()
}

/// As a sweep file would say it: what is done, in order.
pub(super) fn resolved(augmentation: &Augmentation) -> toml::Value {
    let Augmentation { flip, rotate, scale, shift, cutout, noise, mixup } = *augmentation;
    let mut table = toml::Table::new();
    let mut put = |name: &str, is_done: bool, value: toml::Value| {
        if is_done {
            table.insert(name.to_owned(), value);
        }
    };
    put("flip", flip, flip.into());
    put("rotate", rotate > 0.0, rotate.into());
    put("scale", scale > 0.0, scale.into());
    put("shift", shift > 0, i64::from(shift).into());
    put("cutout", cutout > 0, i64::from(cutout).into());
    put("noise", noise > 0.0, noise.into());
    put("mixup", mixup > 0.0, mixup.into());
    table.into()
}

/// How an augmentation is named where it may stand in several ways: what is done, in order.
pub(crate) fn label_of(augmentation: &Augmentation) -> String {
    let toml::Value::Table(table) = resolved(augmentation) else { return String::new() };
    let setting = |(name, value): (&String, &toml::Value)| match value {
        toml::Value::Boolean(_) => name.clone(),
        toml::Value::Float(number) => format!("{name}={}", number_text(*number)),
        other => format!("{name}={other}"),
    };
    table.iter().map(setting).collect::<Vec<_>>().join(", ")
}
