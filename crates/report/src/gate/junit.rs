//! The answer as a `JUnit` file, which forges and build servers show as tests: a case a point, and one over all.
//!
//! What regressed is a `failure`; what cannot be told is an `error`, since a skipped test would count as a silent pass.

use super::inspection::Gate;
use super::judgement::Finding;
use super::words::{detail, headline, in_words};
use crate::text::plain;

/// The file.
pub fn junit(gate: &Gate) -> String {
    let mut cases: Vec<(String, Finding, String)> = gate
        .points
        .iter()
        .map(|point| (point.name.clone(), point.state.finding(), detail(gate, &point.state)))
        .collect();
    cases.extend(gate.overall.iter().map(|overall| {
        let name = format!("overall, {}", gate.words(overall.figure));
        (name, overall.finding, in_words(gate, overall))
    }));
    let with = |finding| cases.iter().filter(|(_, known, _)| *known == finding).count();
    let (failures, errors) = (with(Finding::Regressed), with(Finding::CannotTell));
    let mut text = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    let name = escaped(&gate.name);
    let total = cases.len();
    text.push_str(&format!("<testsuites tests=\"{total}\" failures=\"{failures}\" errors=\"{errors}\">\n"));
    text.push_str(&format!(
        "  <testsuite name=\"{name}\" tests=\"{total}\" failures=\"{failures}\" errors=\"{errors}\">\n"
    ));
    for (case, finding, reason) in cases {
        let open = format!("    <testcase classname=\"{name}\" name=\"{}\"", escaped(&case));
        let kind = match finding {
            Finding::Passed => {
                text.push_str(&format!("{open}/>\n"));
                continue;
            }
            Finding::Regressed => "failure",
            Finding::CannotTell => "error",
        };
        let (word, reason) = (finding.word(), escaped(&reason));
        text.push_str(&format!("{open}>\n      <{kind} type=\"{word}\" message=\"{reason}\"/>\n    </testcase>\n"));
    }
    let said = escaped(&headline(gate).join(" "));
    text.push_str(&format!("    <system-out>{said}</system-out>\n  </testsuite>\n</testsuites>\n"));
    text
}

/// Text that is no markup, in an element or an attribute.
fn escaped(text: &str) -> String {
    let mut escaped = String::new();
    for character in plain(text).chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            // Noncharacters, which XML does not allow.
            '\u{FFFE}' | '\u{FFFF}' => escaped.push('\u{FFFD}'),
            other => escaped.push(other),
        }
    }
    escaped
}
