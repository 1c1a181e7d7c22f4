//! What `docs/journal.md` shows is what is written.

use super::*;

const DOCUMENT: &str = include_str!("../../../../../docs/journal.md");

/// The outcomes of the document's example.
fn example() -> Vec<Outcome> {
    let score = |validation_loss, validation_metric, test_loss, test_metric| Score {
        validation_loss,
        validation_metric,
        test_loss: Some(test_loss),
        test_metric: Some(test_metric),
    };
    let curves = Curves {
        train_loss_running: vec![0.912_345_7, 0.412_345_68, 0.212_345_68],
        train_loss: Vec::new(),
        validation_loss: vec![0.612_345_7, 0.312_345_68, 0.352_345_68],
        validation_metric: vec![0.75, 0.887_5, 0.875],
        learning_rate: vec![0.01, 0.01, 0.005],
    };
    let key = |text: &str| text.parse().unwrap();
    let scores = Scores {
        last: score(0.352_345_68, 0.875, 0.332_345_7, 0.862_5),
        train_loss: 0.201_234_57,
        restored_epoch: None,
        best_epoch: 2,
        best: score(0.312_345_68, 0.887_5, 0.322_345_7, 0.9),
    };
    let effort = Effort { seconds: 0.012_345_679, worker: 1, steps_trained: f64::from(100.0_f32 / 3.0) };
    let first = curves.validation_loss[0];
    let cut = Curves {
        train_loss_running: vec![3.5],
        train_loss: Vec::new(),
        validation_loss: vec![first],
        validation_metric: vec![0.5],
        learning_rate: vec![10.0],
    };
    vec![
        Outcome {
            key: key("0f1e2d3c4b5a69788796a5b4c3d2e1f0"),
            ending: Ending::Finished(scores),
            curves: curves.pack(),
            effort,
        },
        Outcome {
            key: key("00112233445566778899aabbccddeeff"),
            ending: Ending::Diverged { epoch: 2 },
            curves: cut.pack(),
            effort: Effort { seconds: 0.002, worker: 0, steps_trained: 40.0 },
        },
        failed(key("ffeeddccbbaa99887766554433221100"), "out of memory: a layer of 1000000 units"),
    ]
}

#[test]
fn the_example_of_the_document_is_what_the_code_writes() {
    let written = String::from_utf8(journal_of(&example())).unwrap();
    assert!(DOCUMENT.contains(&format!("```json\n{written}```")), "docs/journal.md should show\n{written}");
}

#[test]
fn the_sizes_of_the_document_are_those_of_real_lines() {
    const SAMPLE: u64 = 2000;
    let size = |epochs: usize| {
        let outcomes: Vec<_> = (0..SAMPLE).map(|number| finished(number, epochs)).collect();
        (journal_of(&outcomes).len() as f64 / SAMPLE as f64).round()
    };
    let sentence = format!(
        "A trial of 10 epochs takes about {} bytes, a million of them {:.2} GB; a trial of 30 epochs takes about {} bytes",
        size(10),
        size(10) / 1e3,
        size(30)
    );
    assert!(DOCUMENT.contains(&sentence), "docs/journal.md should say: {sentence}");
}
