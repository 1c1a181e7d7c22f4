//! The HTML page of a sweep in which every text from outside is hostile, for a browser to show that nothing of it runs.
//!
//! `cargo run --locked -p swath-report --example hostile_page > FILE`

#[path = "../src/tests/hostile.rs"]
mod hostile;

use std::io::Write;

use swath_report::plot::{Shown, TabledPlots};
use swath_report::predictions::{KeptPredictions, predicted_points};
use swath_report::sections::page;
use swath_report::write::{Data, html};
use swath_report::{Answer, Results};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let payloads = hostile::payloads()?;
    let (manifest, outcomes) = hostile::sweep(&payloads);
    let results = Results::new(&manifest, |key| outcomes.get(key));
    let mut answer = Answer::new(&results);
    let said = hostile::predictions(&payloads, &manifest, &predicted_points(&results, &answer));
    answer.predict(&results, KeptPredictions::new(&results, &answer, Some(Ok(said))));
    let shown = Shown::new(&results, &answer);
    let text = html(
        &page(&results, &answer, &shown, &TabledPlots::new(&results), None),
        &Data::new(&results, &answer, &shown),
    );
    Ok(std::io::stdout().write_all(text.as_bytes())?)
}
