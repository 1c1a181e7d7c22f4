//! `swath gate DIR --baseline DIR`: a results folder held against a baseline; writes nothing.

use std::path::Path;
use std::sync::Arc;

use swath_report::compare::Side;
use swath_report::figure::Figure;
use swath_report::gate::{
    Baseline, BaselineError, Finding, Gate, RECORD, SUMS, TRIALS, Terms, checked, document, inspect, junit, page,
};
use swath_report::statistics::Alpha;
use swath_report::write::markdown;
use swath_results::Disk;
use swath_results::folder::Folder;
use swath_results::storage::StorageError;
use swath_sweep::gate::{GateFigure, GateSettings};

use super::left::{Left, open};
use crate::args::{GateArguments, GateFormat};
use crate::exit::{Exit, Failure};
use crate::output::{printable, to_stdout};

/// Judges and prints.
pub(crate) fn run(arguments: &GateArguments) -> Result<Exit, Failure> {
    let left = open(&arguments.folder)?;
    let baseline = read_baseline(&arguments.baseline)?;
    let gate = against(&left, &baseline)?;
    let folders = [&arguments.folder, &arguments.baseline].map(|folder| folder.display().to_string());
    to_stdout(&match arguments.format {
        GateFormat::Text => printable(&markdown(&page(&gate))),
        GateFormat::Markdown => markdown(&page(&gate)),
        GateFormat::Json => format!("{:#}\n", document(&gate, folders.each_ref().map(String::as_str))),
        GateFormat::Junit => junit(&gate),
    })?;
    Ok(match gate.finding {
        Finding::Passed => Exit::Done,
        Finding::Regressed => Exit::Regressed,
        Finding::CannotTell => Exit::CannotTell,
    })
}

/// What a run left, held against a baseline by the terms of its own sweep file.
pub(crate) fn against(left: &Left, baseline: &Baseline) -> Result<Gate, Failure> {
    let results = left.results();
    let before = baseline.results();
    let new = Side { results: &results, record: &left.record };
    let baseline = Side { results: &before, record: &baseline.record };
    inspect(new, baseline, terms(&left.known.sweep.gate)).map_err(Failure::Unusable)
}

fn terms(settings: &GateSettings) -> Terms {
    let figure = settings.figure.map(|figure| match figure {
        GateFigure::TrainLoss => Figure::TrainLoss,
        GateFigure::ValidationLoss => Figure::VALIDATION_LOSS,
        GateFigure::TestLoss => Figure::TEST_LOSS,
        GateFigure::ValidationMetric => Figure::VALIDATION_METRIC,
        GateFigure::TestMetric => Figure::TEST_METRIC,
    });
    // The sweep file takes no other alpha.
    Terms { margin: settings.margin, alpha: Alpha::new(settings.alpha).unwrap_or(Alpha::FIVE_PERCENT), figure }
}

/// The baseline in a folder.
pub(crate) fn read_baseline(path: &Path) -> Result<Baseline, Failure> {
    let folder = Folder::open(Arc::new(Disk), path)?;
    let bytes = |file: &'static str| {
        if folder.storage().kind(&folder.file(file)).map_err(StorageError::from)?.is_none() {
            return Err(Failure::NoBaseline { folder: path.to_owned(), missing: file });
        }
        Ok(folder.read(file)?)
    };
    let failed = |error: BaselineError| Failure::Baseline { folder: path.to_owned(), error };
    let sums = bytes(SUMS)?;
    let text = |file| checked(&sums, file, &bytes(file)?).map_err(failed);
    Baseline::read(&text(TRIALS)?, &text(RECORD)?).map_err(failed)
}
