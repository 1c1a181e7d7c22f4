//! The JSON schema of sweep files, for editors: completion, hovers, and red lines while one writes.
//!
//! It is made from the same tables that check a file, so the two cannot disagree on a key.

use serde_json::{Map, Value, json};

use crate::file::keys::{
    ACTIVATIONS, Bounds, Choice, Fallback, INITIALIZERS, Key, Kind, LOSSES, MOST_LAYERS, NORMALIZATIONS, OPTIMIZERS,
    SCHEDULES, TOP,
};
use crate::file::path;

/// The schema (JSON Schema, draft 7), indented and with a final newline.
pub fn json_schema() -> String {
    let mut schema = json!({
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "swath sweep file",
        "description": "A hyperparameter sweep over small networks.",
    });
    merge(&mut schema, object(TOP, None));
    let mut definitions = Map::new();
    for (name, choices) in [
        ("normalization", NORMALIZATIONS),
        ("activation", ACTIVATIONS),
        ("initializer", INITIALIZERS),
        ("optimizer", OPTIMIZERS),
        ("loss", LOSSES),
        ("schedule", SCHEDULES),
    ] {
        definitions.insert(name.to_owned(), choice(choices));
    }
    definitions.insert("grid".to_owned(), grid());
    merge(&mut schema, json!({ "definitions": definitions }));
    // A `Value` always has a text.
    format!("{schema:#}\n")
}

fn merge(into: &mut Value, from: Value) {
    if let (Some(into), Value::Object(from)) = (into.as_object_mut(), from) {
        into.extend(from);
    }
}

/// A table of known keys; of a choice with its word as `name`.
fn object(keys: &[Key], name: Option<&str>) -> Value {
    let mut properties = Map::new();
    let mut required: Vec<&str> = Vec::new();
    if let Some(name) = name {
        properties.insert("name".to_owned(), json!({ "const": name }));
        required.push("name");
    }
    for key in keys {
        properties.insert(key.name.to_owned(), property(key));
        if key.is_required() {
            required.push(key.name);
        }
    }
    let mut schema = json!({ "type": "object", "additionalProperties": false, "properties": properties });
    if !required.is_empty() {
        merge(&mut schema, json!({ "required": required }));
    }
    schema
}

fn property(key: &Key) -> Value {
    let mut schema = json!({ "description": description(key) });
    match key.fallback {
        Fallback::Number(number, _) => merge(&mut schema, json!({ "default": number })),
        Fallback::Integer(integer, _) => merge(&mut schema, json!({ "default": integer })),
        Fallback::Boolean(boolean, _) => merge(&mut schema, json!({ "default": boolean })),
        Fallback::Word(word, _) => merge(&mut schema, json!({ "default": word })),
        Fallback::Required | Fallback::Described(_) => {}
    }
    let value = value(key);
    // In draft 7 nothing may stand beside a reference.
    merge(&mut schema, if value.get("$ref").is_some() { json!({ "allOf": [value] }) } else { value });
    schema
}

/// A definition by the name of the key whose values it describes.
fn reference(name: &str) -> Value {
    json!({ "$ref": format!("#/definitions/{name}") })
}

fn description(key: &Key) -> String {
    let default = if key.is_required() { "Required.".to_owned() } else { format!("Default: {}.", key.default_text()) };
    format!("{} {default} Example: {} = {}", key.about, key.name, key.example)
}

fn value(key: &Key) -> Value {
    match &key.kind {
        Kind::Text => json!({ "type": "string", "minLength": 1 }),
        Kind::Texts => texts(),
        Kind::Boolean => json!({ "type": "boolean" }),
        Kind::Integer { least, most } => integer(*least, *most),
        Kind::IntegerOrAll => json!({ "anyOf": [integer(1, u32::MAX.into()), { "const": "all" }] }),
        Kind::Integers { least, most, shortest, longest } => {
            json!({ "type": "array", "minItems": shortest, "maxItems": longest, "items": integer(*least, *most) })
        }
        Kind::Numbers { bounds, shortest, longest } => {
            json!({ "type": "array", "minItems": shortest, "maxItems": longest, "items": number(*bounds) })
        }
        Kind::Number(bounds) => number(*bounds),
        Kind::Word(words) | Kind::WordOfTask(words) => json!({ "enum": words() }),
        Kind::WordOrClasses(words, bounds) => json!({ "anyOf": [
            { "enum": words },
            { "type": "object", "minProperties": 1, "additionalProperties": number(*bounds) },
        ] }),
        Kind::Choice(_) => reference(key.name),
        Kind::Layers(choices) => {
            let items: Vec<Value> = choices.iter().map(layer).collect();
            json!({ "type": "array", "minItems": 1, "maxItems": MOST_LAYERS, "items": { "anyOf": items } })
        }
        Kind::Table(keys) => object(keys, None),
        Kind::TableOrFalse(keys) => json!({ "anyOf": [object(keys, None), { "const": false }] }),
        Kind::TableOrNone(keys) => json!({ "anyOf": [object(keys, None), { "const": "none" }] }),
        Kind::ColumnWords(words) => json!({ "type": "object", "additionalProperties": { "enum": words() } }),
        Kind::ColumnTexts => json!({ "type": "object", "additionalProperties": texts() }),
        Kind::Named(keys) => json!({
            "type": "object",
            "propertyNames": { "pattern": "^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$" },
            "additionalProperties": object(keys, None),
        }),
        Kind::Grid => {
            json!({ "anyOf": [reference("grid"), { "type": "array", "minItems": 1, "items": reference("grid") }] })
        }
    }
}

/// A table with the key of this choice.
fn layer(choice: &Choice) -> Value {
    let mut form = json!({ "description": format!("{} Example: {}", choice.about, choice.example) });
    merge(&mut form, object(choice.keys, None));
    form
}

fn texts() -> Value {
    json!({ "type": "array", "minItems": 1, "uniqueItems": true, "items": { "type": "string" } })
}

fn integer(least: u64, most: u64) -> Value {
    json!({ "type": "integer", "minimum": least, "maximum": most })
}

fn number(bounds: Bounds) -> Value {
    match bounds {
        Bounds::Above0 => json!({ "type": "number", "exclusiveMinimum": 0 }),
        Bounds::From0 => json!({ "type": "number", "minimum": 0 }),
        Bounds::From1 => json!({ "type": "number", "minimum": 1 }),
        Bounds::From0Below1 => json!({ "type": "number", "minimum": 0, "exclusiveMaximum": 1 }),
        Bounds::From0To1 => json!({ "type": "number", "minimum": 0, "maximum": 1 }),
        Bounds::From0To180 => json!({ "type": "number", "minimum": 0, "maximum": 180 }),
        Bounds::Within0And1 => json!({ "type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 1 }),
        Bounds::Finite => json!({ "type": "number" }),
    }
}

/// A word, or a table with that word as its `name`.
fn choice(choices: &[Choice]) -> Value {
    let alone = choices.iter().filter(|choice| !choice.keys.iter().any(Key::is_required)).map(|choice| choice.name);
    let mut forms = vec![json!({ "enum": alone.collect::<Vec<_>>() })];
    for choice in choices {
        let mut form = json!({ "description": format!("{} Example: {}", choice.about, choice.example) });
        merge(&mut form, object(choice.keys, Some(choice.name)));
        forms.push(form);
    }
    json!({ "anyOf": forms })
}

fn grid() -> Value {
    let mut properties = Map::new();
    let names = path::all();
    for name in &names {
        let keys = path::keys_at(path::full(name));
        let mut values: Vec<Value> = Vec::new();
        for item in keys.iter().map(|key| value(key)) {
            if !values.contains(&item) {
                values.push(item);
            }
        }
        let items = match values.as_slice() {
            [] => json!({ "type": "string" }),
            [only] => only.clone(),
            _ => json!({ "anyOf": values }),
        };
        let about = keys.first().map_or("Which of the words.", |key| key.about);
        let about = if name == path::ARCHITECTURE { "Names from [architectures]." } else { about };
        properties.insert(
            name.clone(),
            json!({ "description": about, "type": "array", "minItems": 1, "uniqueItems": true, "items": items }),
        );
    }
    properties.insert(
        "zip".to_owned(),
        json!({
            "description": "Axes that walk together: lists of names of axes of equal lengths.",
            "type": "array",
            "items": { "type": "array", "minItems": 2, "items": { "enum": names } },
        }),
    );
    properties.insert(
        "exclude".to_owned(),
        json!({
            "description": "Points to leave out: those that match all values of an entry.",
            "type": "array",
            "items": { "type": "object", "minProperties": 1, "propertyNames": { "enum": names } },
        }),
    );
    json!({ "type": "object", "additionalProperties": false, "properties": properties })
}
