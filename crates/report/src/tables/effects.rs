//! `effects.csv`: what each axis and each pair of axes contributes, with contrasts within replicates.

use polars::prelude::{DataFrame, PolarsResult};

use super::columns::Columns;
use super::comparisons::compared;
use crate::answer::Answer;
use crate::effects::{Contrast, Effect, Effects};
use crate::figure::Figure;
use crate::results::Results;
use crate::text::csv_cell;

/// What stands between the names of the factors of an interaction, and between their levels.
const CROSS: &str = " x ";

/// A row: an effect, or one of its contrasts.
struct Row<'a> {
    effects: &'a Effects,
    effect: &'a Effect,
    contrast: Option<&'a Contrast>,
}

/// The table of effects: first on the test rows (where there are any), then on the validation rows; each effect before
/// its contrasts. No row where the points make no full grid. `answer` is what was found in the same results.
///
/// # Errors
/// None that input can reach: the names of the columns are fixed.
pub fn table(results: &Results<'_>, answer: &Answer) -> PolarsResult<DataFrame> {
    let of_figure = |figure: Figure| {
        if figure == answer.compared_by { answer.effects.clone() } else { Effects::new(results, figure) }
    };
    let found: Vec<Effects> = compared(results).into_iter().filter_map(|figure| of_figure(figure).ok()).collect();
    let rows: Vec<Row<'_>> = found.iter().flat_map(rows_of).collect();
    let texts = |read: &dyn Fn(&Row<'_>) -> String| rows.iter().map(read).collect::<Vec<_>>();
    let levels = |read: fn(&Contrast) -> Vec<usize>| -> Vec<Option<String>> {
        let label = |row: &Row<'_>| {
            row.contrast.map(|contrast| csv_cell(&labels_of(results, row.effects, row.effect, &read(contrast))))
        };
        rows.iter().map(label).collect()
    };
    let numbers = |read: &dyn Fn(&Row<'_>) -> Option<f64>| rows.iter().map(read).collect::<Vec<_>>();
    let counts = |read: &dyn Fn(&Row<'_>) -> Option<u64>| rows.iter().map(read).collect::<Vec<_>>();
    let of_effect = |row: &Row<'_>, read: fn(&Effect) -> Option<f64>| match row.contrast {
        None => read(row.effect),
        Some(_) => None,
    };
    let mut columns = Columns::new(rows.len());
    columns.add("metric", texts(&|row| results.column(row.effects.figure)));
    columns.add("row", texts(&|row| if row.contrast.is_some() { "contrast" } else { "effect" }.to_owned()));
    columns.add("kind", texts(&|row| kind(row.effect).to_owned()));
    columns.add("axes", texts(&|row| csv_cell(&name(results, row.effects, row.effect))));
    columns.add("levels", levels(|contrast| contrast.levels.clone()));
    columns.add("against", levels(|contrast| vec![0; contrast.levels.len()]));
    columns.add("share", numbers(&|row| of_effect(row, |effect| effect.share)));
    columns.add("share_with_noise", numbers(&|row| of_effect(row, |effect| effect.raw_share)));
    columns.add("sum_of_squares", numbers(&|row| of_effect(row, |effect| Some(effect.sum_of_squares))));
    columns.add("df", counts(&|row| row.contrast.is_none().then_some(row.effect.degrees as u64)));
    columns.add(
        "df_error",
        counts(&|row| row.effects.error_degrees.filter(|_| row.contrast.is_none()).map(|degrees| degrees as u64)),
    );
    columns.add("f", numbers(&|row| of_effect(row, |effect| effect.f.map(|(f, _)| f))));
    columns.add("f_p", numbers(&|row| of_effect(row, |effect| effect.f.map(|(_, p)| p))));
    columns.add("n", counts(&|row| Some(row.contrast.map_or(row.effects.replicates, |contrast| contrast.n) as u64)));
    columns.add("difference", numbers(&|row| row.contrast.map(|contrast| contrast.mean)));
    columns.add("low", numbers(&|row| row.contrast?.interval.map(|interval| interval.low)));
    columns.add("high", numbers(&|row| row.contrast?.interval.map(|interval| interval.high)));
    columns.add("p", numbers(&|row| row.contrast?.p));
    columns.add("p_holm", numbers(&|row| row.contrast.map_or(row.effect.p_holm(), |contrast| contrast.p_holm)));
    columns.finish()
}

/// The word in the column `kind`.
fn kind(effect: &Effect) -> &'static str {
    match effect.factors.len() {
        0 => "higher",
        1 => "main",
        _ => "interaction",
    }
}

/// The factors of an effect by name; of the higher interactions, that they are these.
pub fn name(results: &Results<'_>, effects: &Effects, effect: &Effect) -> String {
    if effect.factors.is_empty() {
        return "three and more".to_owned();
    }
    let names = effects.factors_of(effect).into_iter().map(|factor| factor.name(results.manifest()));
    names.collect::<Vec<_>>().join(CROSS)
}

/// Levels of the factors of an effect.
pub fn labels_of(results: &Results<'_>, effects: &Effects, effect: &Effect, levels: &[usize]) -> String {
    let factors = effects.factors_of(effect);
    let labels = factors.iter().zip(levels).map(|(factor, level)| factor.label(results.manifest(), *level));
    labels.collect::<Vec<_>>().join(CROSS)
}

fn rows_of(effects: &Effects) -> impl Iterator<Item = Row<'_>> {
    effects.effects.iter().chain(&effects.higher).flat_map(move |effect| {
        let contrasts = effect.contrasts.iter().map(Some);
        std::iter::once(None).chain(contrasts).map(move |contrast| Row { effects, effect, contrast })
    })
}
