//! Errors as people see them: source, line, caret, and what to write instead.

use std::io::IsTerminal;
use std::ops::Range;

use miette::{
    Diagnostic, GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteDiagnostic, NamedSource, Report, Severity,
};
use swath_sweep::file::{Problem, Problems};
use swath_sweep::preparation::PreparationError;
use swath_sweep::run::RunError;
use swath_sweep::sweep::Sweep;

use crate::exit::Failure;
use crate::output::{printable, to_stderr};

/// Shows a failure on standard error.
pub(crate) fn show(failure: &Failure) {
    match failure {
        Failure::Problems(problems) => show_problems(problems),
        Failure::Run { error: RunError::Preparation(error), sweep: Some(sweep) } => show_preparation(error, sweep),
        other => to_stderr(&format!("error: {}\n", printable(&other.to_string()))),
    }
}

fn show_problems(problems: &Problems) {
    let source = |problem: &Problem| {
        let diagnostic = MietteDiagnostic::new(printable(&problem.message))
            .with_severity(Severity::Error)
            .with_labels(labels(&problem.span, &problem.label, &problem.also));
        match &problem.help {
            Some(help) => diagnostic.with_help(printable(help)),
            None => diagnostic,
        }
    };
    let path = problems.path.display().to_string();
    let mut text = String::new();
    for problem in &problems.list {
        draw(source(problem), &path, &problems.text, &mut text);
    }
    let count = problems.list.len();
    let noun = if count == 1 { "mistake" } else { "mistakes" };
    text.push_str(&format!("{count} {noun} in {}; nothing was written\n", printable(&path)));
    to_stderr(&text);
}

fn labels(span: &Range<usize>, label: &str, also: &[(Range<usize>, String)]) -> Vec<LabeledSpan> {
    let labelled = |span: &Range<usize>, label: &str| {
        let text = (!label.is_empty()).then(|| printable(label));
        LabeledSpan::new(text, span.start, span.end.saturating_sub(span.start))
    };
    let mut labels = vec![labelled(span, label)];
    labels.extend(also.iter().map(|(span, label)| labelled(span, label)));
    labels
}

fn show_preparation(error: &PreparationError, sweep: &Sweep) {
    let (message, help, span) = match error {
        PreparationError::Data { source, span } => (source.to_string(), Some(source.help()), span),
        PreparationError::Misfit { message, help, span } => (message.clone(), Some(help.clone()), span),
    };
    let mut diagnostic = MietteDiagnostic::new(printable(&message)).with_severity(Severity::Error);
    if let Some(help) = help.filter(|help| !help.is_empty()) {
        diagnostic = diagnostic.with_help(printable(&help));
    }
    if let Some(span) = span {
        diagnostic = diagnostic.with_labels(labels(span, "", &[]));
    }
    let mut text = String::new();
    draw(diagnostic, &sweep.path.display().to_string(), &sweep.text, &mut text);
    to_stderr(&text);
}

fn draw(diagnostic: MietteDiagnostic, path: &str, source: &str, text: &mut String) {
    let report = Report::from(diagnostic).with_source_code(NamedSource::new(path, source.to_owned()));
    let diagnostic: &dyn Diagnostic = report.as_ref();
    // Writing into a String cannot fail.
    let _ = handler().render_report(text, diagnostic);
}

/// Colours on a terminal that wants them (`NO_COLOR` is heeded), the same text without them elsewhere.
fn handler() -> GraphicalReportHandler {
    let coloured = std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
    let theme = if coloured { GraphicalTheme::unicode() } else { GraphicalTheme::unicode_nocolor() };
    GraphicalReportHandler::new_themed(theme).with_width(100).with_context_lines(1)
}
