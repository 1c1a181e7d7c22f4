//! The figures that a reader looks for first, to be seen at a glance.

use crate::answer::{Answer, Best};
use crate::contrast::FEWEST_REPLICATES;
use crate::number::count;
use crate::page::KeyFigure;
use crate::sentences::{counted, mean};

/// The best point, its loss and metric, its rivals, its cost, and how many trials finished.
pub(super) fn key_figures(answer: &Answer) -> Vec<KeyFigure> {
    let mut figures = Vec::new();
    if let Some(best) = &answer.best {
        figures.extend(of_the_best(answer, best));
    }
    figures.push(trials(answer));
    figures
}

fn of_the_best(answer: &Answer, best: &Best) -> Vec<KeyFigure> {
    let leader = &best.leader;
    let objective = &answer.objective;
    let is_tested = leader.test.is_some();
    let found = leader.test.unwrap_or(leader.validation);
    let replicates = counted(found.n as u64, "replicate");
    let over = if found.interval.is_some() {
        format!("with its 95 % interval, over {replicates}")
    } else {
        format!("over {replicates}")
    };
    let mut figures = vec![
        figure("best point", leader.name.clone(), &format!("by mean {}", objective.validation_words())),
        figure(&format!("its {}", objective.words(objective.compared(is_tested))), mean(Some(&found)), &over),
    ];
    if let Some(beside) = &leader.beside {
        figures.push(figure(&format!("its {}", objective.words(objective.beside(is_tested))), mean(Some(beside)), ""));
    }
    let others = best.eligible - 1;
    if others > 0 {
        let rivals = format!("{} of {}", count(best.not_told_apart.len() as u64 - 1), count(others as u64));
        let few = (answer.replicates as usize) < FEWEST_REPLICATES;
        let note =
            if few { "as there are too few replicates to tell" } else { "other points; their order may be the seed" };
        figures.push(figure("not told apart from it", rivals, note));
    }
    let parameters = counted(leader.parameters, "parameter");
    figures.push(figure("a trial of it takes", counted(leader.steps, "step"), &format!("of {parameters}")));
    figures
}

fn trials(answer: &Answer) -> KeyFigure {
    let counts = answer.counts;
    let unfinished = [(counts.diverged, "diverged"), (counts.failed, "failed"), (counts.missing, "not yet trained")];
    let unfinished: Vec<String> = unfinished
        .iter()
        .filter(|(number, _)| *number > 0)
        .map(|(number, what)| format!("{} {what}", count(*number)))
        .collect();
    let (value, note) = if unfinished.is_empty() {
        (count(counts.total()), "all finished".to_owned())
    } else {
        let finished = format!("{} of {}", count(counts.finished), count(counts.total()));
        (finished, format!("finished; {}", unfinished.join(", ")))
    };
    figure("trials", value, &note)
}

fn figure(title: &str, value: String, note: &str) -> KeyFigure {
    KeyFigure { title: title.to_owned(), value, note: note.to_owned() }
}
