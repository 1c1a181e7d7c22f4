//! From the text of a sweep file to the sweep, or to all that is wrong with it.

use std::collections::HashSet;
use std::path::Path;

use swath_core::spec::ModelSpec;
use toml::de::DeTable;

use super::architecture::Architectures;
use super::axes::{self, Grid};
use super::check::check_table;
use super::fields::Fields;
use super::keys::{MAX_TRIALS, MODEL, TOP};
use super::levels::Union;
use super::model::Draft;
use super::points::{Base, DataList, Reader, finish};
use super::problem::{Found, Problems, count};
use super::train::TaskPlace;
use super::tree::{Node, Table, Value, shown};
use super::{augmentation, confirm, data, ensemble, gate, limits, metric, model};
use crate::sweep::{DataSpans, Point, Settings, Sweep};

/// Bytes of the largest file that is read.
pub const LARGEST: usize = 1 << 20;

/// Reads a sweep file.
///
/// `path` is the file as given: relative paths in it start at its folder, and it gives the sweep its name where the
/// text has none. Nothing is opened.
///
/// # Errors
/// All mistakes that do not hide each other, by position. After a mistake of syntax, only what stands before it is
/// looked at.
pub fn parse(path: &Path, text: &str) -> Result<Sweep, Problems> {
    let mut found = Found::default();
    if text.len() > LARGEST {
        let message =
            format!("the file has {}, more than the {LARGEST} that are read", count(text.len() as u64, "byte"));
        found.report(&(0..0), message, "too large", "a sweep file is a page of settings".to_owned());
        return Err(found.into_problems(path, ""));
    }
    let (document, errors) = DeTable::parse_recoverable(text);
    let root = Table::from_toml(document.get_ref());
    let folder = path.parent().unwrap_or_else(|| Path::new(""));
    report_syntax(text, &errors, &mut found);
    if let Some(first) = errors.iter().filter_map(|error| Some(error.span()?.start)).min() {
        let mut before = Found::ignoring_absences();
        check_table(&root, &(0..0), TOP, "", &mut before);
        found.take_before(first, before);
    }
    let sweep = if errors.is_empty() { read(path, folder, text, &root, &mut found) } else { None };
    if let (Some(sweep), true) = (sweep, found.is_empty()) {
        return Ok(sweep);
    }
    if found.is_empty() {
        found.report(&(0..0), "the file is no sweep", "for a reason that was not told", None);
    }
    Err(found.into_problems(path, text))
}

/// Reports mistakes of syntax, less those that only follow from one before: what comes after an unclosed list is read as
/// its entries.
fn report_syntax(text: &str, errors: &[toml::de::Error], found: &mut Found) {
    let line = |offset: usize| text.bytes().take(offset).filter(|byte| *byte == b'\n').count();
    let mut last_line: Option<usize> = None;
    let mut in_list = false;
    for error in errors {
        let span = error.span().unwrap_or_default();
        let line = line(span.start);
        let follows = last_line.is_some_and(|last| line == last || (in_list && line <= last + 1));
        last_line = Some(line);
        if follows {
            continue;
        }
        in_list = error.message().contains("array");
        let help = in_list.then(|| "is a `]` or a comma missing before this place?".to_owned());
        found.report(&span, error.message().trim_end(), "here the file is no TOML", help);
    }
}

fn read(path: &Path, folder: &Path, text: &str, root: &Table, found: &mut Found) -> Option<Sweep> {
    check_table(root, &(0..0), TOP, "", found);
    let fields = Fields::new(Some(root), TOP);
    let name = read_name(path, root, found);
    let seed = match root.get("seed").map(|node| &node.value) {
        Some(Value::Integer(seed)) => u64::try_from(*seed).ok(),
        Some(_) => None,
        None => Some(0),
    };
    let replicates = fields.count("replicates");
    let max_trials = fields.integer("max_trials").unwrap_or(MAX_TRIALS);

    let nothing = Node { value: Value::Table(Table::default()), span: 0..0 };
    let data_section = root.get("data").unwrap_or(&nothing);
    let model_section = root.get("model");
    let train_table = root.get("train").and_then(Node::table);
    let architectures = Architectures::read(root.get("architectures"), found);
    let task_span = data_section.table().and_then(|table| table.get("task")).map(|node| node.span.clone());
    let base = Base {
        folder,
        data: data_section,
        model: model_section.and_then(Node::table),
        model_span: model_section.map_or(0..0, |node| node.span.clone()),
        train: train_table,
        task: TaskPlace { task: data::task(data_section.table()), span: task_span },
        architectures: &architectures,
    };
    let metric = metric::read(root, &base.task, found);
    // A lacking section is told once, not key by key.
    let base_data = root.get("data").and_then(|_| data::read(data_section, folder, found));
    let base_train = Reader::new(&base, &Grid::default()).train(&[], found);
    let base_draft = model::read(base.model, MODEL);

    let grids = axes::read(root.get("grid"), &architectures, found);
    if !limits::hold_before(&grids, replicates, max_trials, found) {
        return None;
    }
    // A section that is no table is told as such; whatever it lacks would only follow from that.
    let sections = ["data", "model", "train", "architectures", "ensemble"];
    if sections.iter().any(|section| root.get(section).is_some_and(|node| node.table().is_none())) {
        return None;
    }
    let (data, points, axes, excluded_points) = expand(&base, &grids, root.get("data").is_some(), found)?;
    limits::hold_after(points.len(), replicates, max_trials, &grids, found);
    augmentation::check_images(&data, &points, base.train, &grids, found);
    let confirm = confirm::read(root, &fields, &data, max_trials, found)?;
    let ensemble = ensemble::read(root, &data, points.len(), found)?;

    let base_draft = base_draft?;
    let layered = with_first_layers(&base_draft, &grids);
    let listed = list_architectures(&base, &base_draft, layered.as_ref(), found)?;
    // Where `[model]` leaves the layers to an axis or to the architectures, those of the first point stand in.
    let first = points.first().map(|point| point.model.clone());
    let model = base_draft.finished().or_else(|| layered.and_then(Draft::finished)).or(first)?;
    let settings = Settings { data: base_data?, model, train: base_train? };
    let (data, points) = base_first(&settings, data, points);
    Some(Sweep {
        path: path.to_owned(),
        text: text.to_owned(),
        name: name?,
        seed: seed?,
        replicates: replicates?,
        confirm,
        gate: gate::read(root)?,
        ensemble,
        metric: metric?,
        axes,
        data,
        points,
        excluded_points,
        architectures: listed,
        spans: DataSpans { metric: root.get("metric").map(|node| node.span.clone()), ..spans(&base, &grids) },
        base: settings,
    })
}

fn read_name<T: std::str::FromStr<Err: std::fmt::Display>>(path: &Path, root: &Table, found: &mut Found) -> Option<T> {
    if let Some(node) = root.get("name") {
        let name = node.text().filter(|name| !name.is_empty())?;
        return match name.parse() {
            Ok(name) => Some(name),
            Err(error) => {
                let help = "use 1 to 64 letters, digits, `.`, `_` and `-`, beginning with a letter or digit";
                found.report(
                    &node.span,
                    format!("the sweep cannot have this name: {error}"),
                    "not a name",
                    help.to_owned(),
                );
                None
            }
        };
    }
    let stem = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
    let name = stem.parse().ok();
    if name.is_none() {
        let message = format!("the file's name, `{}`, cannot name the sweep", shown(&stem));
        found.report_absence(
            &(0..0),
            message,
            "needs `name`".to_owned(),
            "write `name = \"my_sweep\"` at the top".to_owned(),
        );
    }
    name
}

type Expanded = (Vec<swath_core::spec::DataSpec>, Vec<Point>, Vec<swath_results::manifest::Axis>, u64);

/// The points of all grids; `None` where something is wrong.
fn expand(base: &Base<'_>, grids: &[Grid], has_data: bool, found: &mut Found) -> Option<Expanded> {
    let mut union = Union::new(grids);
    let mut data = DataList::default();
    let mut points = Vec::new();
    let mut known: HashSet<Vec<u32>> = HashSet::new();
    let mut excluded_points = 0;
    for grid in grids {
        let expansion = grid.shape.expand();
        limits::check_excludes(grid, &expansion, found);
        excluded_points += expansion.removed.iter().sum::<u64>();
        let mut places = union.places(base, grid);
        let mut reader = Reader::new(base, grid);
        for own in expansion.points {
            let data = if has_data { reader.data(&own, &mut data, found) } else { None };
            let model = reader.model(&own, found);
            let train = reader.train(&own, found);
            let (Some(data), Some(model), Some(train)) = (data, model, train) else { continue };
            let levels = places.levels(&mut union, &own);
            if grids.len() == 1 || known.insert(levels.clone()) {
                points.push(Point { levels, data, model, train });
            }
        }
    }
    found.is_empty().then(|| (data.list, points, union.into_axes(), excluded_points))
}

/// The plain model with the first layers of the axis `model.hidden` or `model.layers`, if there is one.
fn with_first_layers(plain: &Draft, grids: &[Grid]) -> Option<Draft> {
    let mut axes = grids.iter().flat_map(|grid| &grid.axes);
    let axis = axes.find(|axis| ["model.hidden", "model.layers"].contains(&axis.path.as_str()))?;
    let mut table = Table::default();
    table.set(axis.path.strip_prefix("model.")?, axis.values.first()?.clone());
    let (image_layers, hidden) = model::hidden_layers(Some(&table), Fields::new(Some(&table), MODEL))??;
    Some(Draft { image_layers, hidden, ..plain.clone() })
}

/// What each architecture makes of the plain model; where the layers are an axis and the plain ones cannot be, of the
/// first of that axis.
fn list_architectures(
    base: &Base<'_>,
    plain: &Draft,
    layered: Option<&Draft>,
    found: &mut Found,
) -> Option<Vec<(String, ModelSpec)>> {
    let names = base.architectures.names();
    let model = |(index, name): (usize, &&str)| {
        let of_plain = finish(base, Some(index), plain, &mut Found::default());
        let spec = match (of_plain, layered) {
            (Some(spec), _) => spec,
            (None, layered) => finish(base, Some(index), layered.unwrap_or(plain), found)?,
        };
        Some(((*name).to_owned(), spec))
    };
    names.iter().enumerate().map(model).collect()
}

/// The data settings with those of the base first, if a point uses them.
fn base_first(
    settings: &Settings,
    mut data: Vec<swath_core::spec::DataSpec>,
    mut points: Vec<Point>,
) -> (Vec<swath_core::spec::DataSpec>, Vec<Point>) {
    if let Some(position) = data.iter().position(|spec| *spec == settings.data).filter(|position| *position > 0) {
        data.swap(0, position);
        for point in &mut points {
            point.data = match point.data {
                0 => position,
                moved if moved == position => 0,
                other => other,
            };
        }
    }
    (data, points)
}

fn spans(base: &Base<'_>, grids: &[Grid]) -> DataSpans {
    let axis = |path: &str| {
        grids.iter().flat_map(|grid| &grid.axes).find(|axis| axis.path == path).map(|axis| axis.list.clone())
    };
    let train = |key: &str| base.train.and_then(|table| table.get(key)).map(|node| node.span.clone());
    let spans = base.data.table().map(data::spans).unwrap_or_default();
    DataSpans {
        rows: axis("data.rows").or(spans.rows),
        training_rows: axis("data.training_rows").or(spans.training_rows),
        loss: axis("train.loss").or_else(|| train("loss")),
        batch_size: axis("train.batch_size").or_else(|| train("batch_size")),
        class_weights: axis("train.class_weights").or_else(|| train("class_weights")),
        layers: axis("model.layers")
            .or_else(|| base.model.and_then(|table| table.get("layers")).map(|node| node.span.clone()))
            .or_else(|| base.architectures.span_of_layers()),
        ..spans
    }
}
