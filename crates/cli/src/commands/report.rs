//! `swath report DIR`: makes the tables and the report again from the journal and `run.toml`, also while a run is at work.

use std::sync::Arc;

use serde_json::{Value, json};
use swath_results::folder::Folder;
use swath_results::lock::Occupation;
use swath_results::{Disk, RunRecord};

use super::left::{Left, look_for_a_run, read};
use super::tables::{self, Written};
use crate::args::{Format, ReportArguments};
use crate::exit::{Exit, Failure};
use crate::output::{printable, to_stderr, to_stdout};

/// Makes them, and prints the answer.
pub(crate) fn run(arguments: &ReportArguments) -> Result<Exit, Failure> {
    let folder = Folder::open(Arc::new(Disk), &arguments.folder)?;
    look_for_a_run(&folder)?;
    // The lock comes before the reading: a run that ends meanwhile writes its tables before or after both.
    let lock = folder.lock_tables()?;
    let left = read(&folder)?;
    let occupation = folder.occupation()?;
    let fresh_keys = |point| left.fresh_keys(point);
    let report = tables::write(&folder, &lock, &left.held(&fresh_keys), &left.record, None)?;
    if let Some(remark) = remark(&occupation, &left.record) {
        to_stderr(&printable(&remark));
    }
    to_stdout(&match arguments.format {
        Format::Text => {
            let files = report.files.join(", ");
            printable(&format!("{}\n\n{}: {files}\n", report.headline().join("\n"), folder.path().display()))
        }
        Format::Json => json(&folder, &left, &occupation, report),
    })?;
    Ok(Exit::Done)
}

/// What a reader must know of the run: whether it goes on, or was interrupted.
fn remark(occupation: &Occupation, record: &RunRecord) -> Option<String> {
    let holder = match occupation {
        Occupation::Held(Some(holder)) => holder.to_string(),
        Occupation::Held(None) => "another process".to_owned(),
        Occupation::Free if record.run.complete => return None,
        Occupation::Free => {
            return Some("note: the latest run was interrupted; run the sweep again to go on\n".to_owned());
        }
    };
    Some(format!("note: {holder} is at work here; this is what was recorded so far, and is made again at its end\n"))
}

fn json(folder: &Folder, left: &Left, occupation: &Occupation, report: Written) -> String {
    let run = &left.record.run;
    let mut document = report.document;
    document.insert(
        "run".to_owned(),
        json!({
            "at_work": matches!(occupation, Occupation::Held(_)),
            "complete": run.complete,
            "started": run.started,
            "seconds": run.seconds,
            "threads": run.threads,
            "engine": run.engine,
            "trained": run.trained,
            "reused": run.reused,
            "steps_asked": run.steps_asked,
            "steps_trained": run.steps_trained,
            "swath": left.record.swath,
        }),
    );
    document.insert("folder".to_owned(), json!(folder.path().display().to_string()));
    document.insert("files".to_owned(), json!(report.files));
    format!("{:#}\n", Value::Object(document))
}
