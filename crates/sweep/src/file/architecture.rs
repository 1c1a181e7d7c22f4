//! `[architectures]`: variants of the model by name, each from the model or from another one.

use std::collections::HashMap;
use std::ops::Range;

use swath_core::spec::ImageLayer;

use super::check::check_table;
use super::fields::Fields;
use super::keys::{ARCHITECTURE, MOST_UNITS};
use super::model::{self, Draft};
use super::nearest;
use super::problem::{Found, Problem};
use super::tree::{Node, Table, number_text, shown};

/// What points without an architecture are called on the axis of architectures.
pub(super) const PLAIN_MODEL: &str = "model";

/// Architectures that a file may have at most: each may come from any other.
const MOST: usize = 1000;

/// The architectures of a file, each checked, in its order.
#[derive(Debug, Default)]
pub(super) struct Architectures {
    list: Vec<Architecture>,
    by_name: HashMap<String, usize>,
}

#[derive(Debug)]
struct Architecture {
    name: String,
    span: Range<usize>,
    table: Table,
    /// Itself and what it comes from, the last first; empty where that cannot be told.
    chain: Vec<usize>,
}

impl Architectures {
    /// Checks and reads the section.
    pub(super) fn read(section: Option<&Node>, found: &mut Found) -> Self {
        let Some((table, span)) = section.and_then(|node| Some((node.table()?, &node.span))) else {
            return Self::default();
        };
        let mut list = Vec::new();
        if table.entries.len() > MOST {
            let help = "let `\"model.hidden\"` be an axis instead".to_owned();
            found.report(span, format!("more than {MOST} architectures"), "too many", help);
        }
        for entry in table.entries.iter().take(MOST) {
            check_name(&entry.key, &entry.key_span, found);
            let path = format!("architectures.{}", shown(&entry.key));
            let Some(settings) = entry.node.table() else {
                let message = format!("`{path}` must be a table, not {}", entry.node.describe());
                let help = format!("for example `{} = {{ width = 2 }}`", shown(&entry.key));
                found.report(&entry.node.span, message, "expected a table", help);
                continue;
            };
            check_table(settings, &entry.node.span, ARCHITECTURE, &path, found);
            list.push(Architecture {
                name: entry.key.clone(),
                span: entry.key_span.clone(),
                table: settings.clone(),
                chain: Vec::new(),
            });
        }
        let by_name = list.iter().enumerate().map(|(index, architecture)| (architecture.name.clone(), index)).collect();
        let mut architectures = Self { list, by_name };
        for index in 0..architectures.list.len() {
            let chain = architectures.follow(index, found);
            if let Some(architecture) = architectures.list.get_mut(index) {
                architecture.chain = chain;
            }
        }
        architectures
    }

    /// The names, in the order of the file.
    pub(super) fn names(&self) -> Vec<&str> {
        self.list.iter().map(|architecture| architecture.name.as_str()).collect()
    }

    /// The place of an architecture's name.
    pub(super) fn span(&self, index: usize) -> Range<usize> {
        self.list.get(index).map(|architecture| architecture.span.clone()).unwrap_or_default()
    }

    /// The first `layers` that stands in an architecture.
    pub(super) fn span_of_layers(&self) -> Option<Range<usize>> {
        self.list.iter().find_map(|architecture| Some(architecture.table.get("layers")?.span.clone()))
    }

    /// What an architecture makes of a model; `None` where something is wrong.
    pub(super) fn apply(&self, index: usize, model: &Draft, found: &mut Found) -> Option<Draft> {
        let architecture = self.list.get(index)?;
        if architecture.chain.is_empty() {
            return None;
        }
        let mut draft = model.clone();
        for &step in &architecture.chain {
            draft = self.list.get(step)?.step(draft, found)?;
        }
        Some(draft)
    }

    /// Follows `from` to the model; empty where it leads nowhere or in a circle.
    fn follow(&self, start: usize, found: &mut Found) -> Vec<usize> {
        let mut chain = vec![start];
        let mut current = start;
        while let Some(architecture) = self.list.get(current) {
            let Some(from) = architecture.table.get("from") else {
                chain.reverse();
                return chain;
            };
            let Some(name) = from.text() else { return Vec::new() };
            let Some(&next) = self.by_name.get(name) else {
                // Whoever comes from this one finds the same, and it is told once.
                if current == start {
                    let message = format!("there is no architecture `{}`", shown(name));
                    found.report(&from.span, message, "not in `[architectures]`", nearest::help(name, &self.names()));
                }
                return Vec::new();
            };
            if let Some(position) = chain.iter().position(|&step| step == next) {
                // A circle is told once, from the first of its members in the file.
                let circle = chain.get(position..).unwrap_or_default();
                if circle.iter().min() == Some(&start) {
                    self.report_circle(circle, found);
                }
                return Vec::new();
            }
            chain.push(next);
            current = next;
        }
        Vec::new()
    }

    fn report_circle(&self, circle: &[usize], found: &mut Found) {
        let members: Vec<&Architecture> = circle.iter().filter_map(|&index| self.list.get(index)).collect();
        let Some(first) = members.first() else { return };
        let mut names: Vec<String> = members.iter().map(|member| format!("`{}`", shown(&member.name))).collect();
        names.push(format!("`{}`", shown(&first.name)));
        let also = members.iter().skip(1).map(|member| (member.span.clone(), "in the circle".to_owned())).collect();
        found.add(Problem {
            message: format!("architectures come from each other in a circle: {}", names.join(" from ")),
            span: first.span.clone(),
            label: "the circle begins here".to_owned(),
            help: Some("let one of them stand alone: take its `from` out and give it `hidden`".to_owned()),
            also,
        });
    }
}

impl Architecture {
    /// One step of a chain: what is written replaces, then `width` multiplies.
    fn step(&self, mut draft: Draft, found: &mut Found) -> Option<Draft> {
        let fields = Fields::new(Some(&self.table), ARCHITECTURE);
        if let Some((image_layers, hidden)) = model::hidden_layers(Some(&self.table), fields)? {
            (draft.image_layers, draft.hidden) = (image_layers, hidden);
        }
        if self.table.get("normalization").is_some() {
            draft.normalization = model::normalization(fields)?;
        }
        if self.table.get("activation").is_some() {
            draft.activation = model::activation(fields)?;
        }
        if self.table.get("dropout").is_some() {
            draft.dropout = fields.number("dropout")?;
        }
        if self.table.get("drop_connect").is_some() {
            draft.drop_connect = fields.number("drop_connect")?;
        }
        if self.table.get("initializer").is_some() {
            draft.initializer = model::initializer(fields)?;
        }
        if let (Some(node), Some(hidden)) = (self.table.get("width"), &draft.hidden) {
            let width = fields.number("width")?;
            let filters = draft.image_layers.iter().filter_map(|layer| layer.filters());
            let all: Vec<u32> = filters.chain(hidden.iter().copied()).collect();
            let mut wider = self.widen(&all, width, &node.span, found)?.into_iter();
            for layer in &mut draft.image_layers {
                if let ImageLayer::Convolution(convolution) = layer {
                    convolution.filters = wider.next()?;
                }
            }
            draft.hidden = Some(wider.collect());
        }
        Some(draft)
    }

    fn widen(&self, hidden: &[u32], width: f64, span: &Range<usize>, found: &mut Found) -> Option<Vec<u32>> {
        let mut wider = Vec::with_capacity(hidden.len());
        for &units in hidden {
            let exact = f64::from(units) * width;
            let whole = exact.round();
            // A third, written with all its digits, is a third.
            let is_whole = (exact - whole).abs() <= 1e-9 * exact && whole >= 1.0;
            if is_whole && whole <= MOST_UNITS as f64 {
                wider.push(whole as u32);
                continue;
            }
            let message = format!(
                "`architectures.{}` makes a layer of {units} units {} units wide",
                shown(&self.name),
                number_text((exact * 1e6).round() / 1e6),
            );
            let (label, help) = if is_whole {
                ("too wide", format!("a layer has at most {MOST_UNITS} units"))
            } else {
                ("not a whole number of units", width_that_works(hidden, width))
            };
            found.report(span, message, label, help);
            return None;
        }
        Some(wider)
    }
}

/// The nearest width that leaves every layer whole.
fn width_that_works(hidden: &[u32], width: f64) -> String {
    let divisor = f64::from(hidden.iter().copied().fold(0, greatest_common_divisor).max(1));
    let parts = (width * divisor).round().max(1.0);
    let works = parts / divisor;
    let units: Vec<String> = hidden.iter().map(|&units| number_text((f64::from(units) * works).round())).collect();
    format!("`width = {}` would work: [{}]", number_text(works), units.join(", "))
}

fn greatest_common_divisor(a: u32, b: u32) -> u32 {
    if b == 0 { a } else { greatest_common_divisor(b, a % b) }
}

fn check_name(name: &str, span: &Range<usize>, found: &mut Found) {
    if name == PLAIN_MODEL {
        let message = format!("an architecture cannot be called `{PLAIN_MODEL}`");
        found.report(span, message, "this is what the plain `[model]` is called", "choose another name".to_owned());
        return;
    }
    let allowed = |character: char| character.is_ascii_alphanumeric() || matches!(character, '.' | '_' | '-');
    if name.len() > 64 || !name.starts_with(|first: char| first.is_ascii_alphanumeric()) || !name.chars().all(allowed) {
        let message = format!("an architecture cannot be called `{}`", shown(name));
        let help = "use 1 to 64 letters, digits, `.`, `_` and `-`, beginning with a letter or digit";
        found.report(span, message, "not a name", help.to_owned());
    }
}
