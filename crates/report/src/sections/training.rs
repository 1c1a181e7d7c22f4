//! How training went: learning curves of the points that a reader asks for first, and the learning rates that trainings had.

use crate::answer::Answer;
use crate::draw;
use crate::page::Block;
use crate::plot::{LearningPlot, RatesPlot, Shown, SurfacePlot};
use crate::results::Results;

/// The learning curves, and the learning rates where these change; nothing where no trial completed an epoch or diverged.
pub(super) fn training(results: &Results<'_>, answer: &Answer, shown: &Shown) -> Vec<Block> {
    let Some(curves) = LearningPlot::new(results, answer, shown) else { return Vec::new() };
    let rates = RatesPlot::new(results, shown).map(|plot| draw::rates::picture(&plot));
    let surface = SurfacePlot::new(results).map(|plot| draw::surface::picture(&plot));
    let pictures = [draw::learning::picture(&curves)].into_iter().chain(rates).chain(surface);
    let heading = Block::Heading(2, "How training went".to_owned());
    [heading].into_iter().chain(pictures.map(|picture| Block::Picture(Box::new(picture)))).collect()
}
