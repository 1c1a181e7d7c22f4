//! What sound sweep files mean.

#![expect(clippy::float_cmp, reason = "numbers as written must arrive exactly")]

use std::num::NonZeroU32;
use std::path::{Path, PathBuf};

use swath_core::spec::{
    Activation, AdamForm, AdamSettings, Augmentation, BatchNormForm, Clip, ClipForm, Distribution, EarlyStopping,
    EvaluateTraining, Initializer, Loss, Missing, Normalization, Optimizer, Scale, Schedule, Task, TimeUnit, Transform,
    Validation, VarianceScaling, WarmUp,
};

use super::parse;
use crate::sweep::Sweep;

const DATA: &str = "[data]\npath = \"houses.csv\"\ntarget = \"price\"\n";

fn sweep(text: &str) -> Sweep {
    match parse(Path::new("sweeps/test.toml"), text) {
        Ok(sweep) => sweep,
        Err(problems) => panic!("{:#?}\nin\n{text}", problems.list),
    }
}

/// A sweep on sound data with `[model]` of two layers, and more.
fn with(more: &str) -> Sweep {
    sweep(&format!("{DATA}{more}\n"))
}

fn count(number: u32) -> NonZeroU32 {
    NonZeroU32::new(number).unwrap()
}

fn shipped(name: &str) -> Sweep {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../sweeps").join(name);
    let text = fs_err::read_to_string(&path).unwrap();
    match parse(&path, &text) {
        Ok(sweep) => sweep,
        Err(problems) => panic!("{:#?}", problems.list),
    }
}

fn labels(sweep: &Sweep, axis: usize) -> Vec<&str> {
    sweep.axes[axis].levels.iter().map(|level| level.label.as_str()).collect()
}

#[test]
fn the_main_sweep_has_96_points_of_8_replicates() {
    let sweep = shipped("width_vs_depth.toml");
    assert_eq!((sweep.points.len(), sweep.replicates.get()), (96, 8));
    assert_eq!(sweep.name.to_string(), "width_vs_depth");
    assert_eq!(sweep.seed, 7);
    let names: Vec<&str> = sweep.axes.iter().map(|axis| axis.name.as_str()).collect();
    assert_eq!(names, ["architecture", "epochs", "batch_size", "schedule"]);
    assert_eq!(
        labels(&sweep, 3),
        ["constant", "step(factor=0.5, every=10)", "cosine", "reduce_on_plateau(factor=0.5, patience=3)"]
    );
    assert_eq!(sweep.axes[1].levels[1].number, Some(30.0));
    assert_eq!(sweep.points[0].levels, [0, 0, 0, 0]);
    assert_eq!(sweep.points[1].levels, [0, 0, 0, 1]);
    let hidden: Vec<&[u32]> = sweep.architectures.iter().map(|(_, model)| model.hidden.as_slice()).collect();
    assert_eq!(hidden, [&[8, 4][..], &[16, 8], &[4, 8, 8, 4], &[8, 16, 16, 8]]);
    assert_eq!(sweep.data, std::slice::from_ref(&sweep.base.data));
    assert_eq!(sweep.base.data.validation, Validation::Share(0.2));
    assert_eq!(sweep.base.data.transform, [("price".to_owned(), Transform::Log)]);
    assert_eq!(sweep.base.data.ordinal[1].1.len(), 7);
    assert!(sweep.base.data.path.ends_with("sweeps/../data/diamonds.csv"));
    let last = &sweep.points[95];
    assert_eq!(last.model.hidden, [8, 16, 16, 8]);
    assert_eq!((last.train.epochs.get(), last.train.batch_size.get()), (30, 64));
    assert!(matches!(last.train.schedule, Schedule::ReduceOnPlateau(plateau) if plateau.patience == 3));
    let text = |span: &Option<std::ops::Range<usize>>| sweep.text[span.clone().unwrap()].to_owned();
    assert_eq!(text(&sweep.spans.batch_size), "[16, 32, 64]");
    assert_eq!(text(&sweep.spans.target), "\"price\"");
    assert_eq!(sweep.spans.inputs.len(), 4);
}

#[test]
fn the_digits_sweep_has_two_grids_of_14_points() {
    let sweep = shipped("digits.toml");
    assert_eq!((sweep.points.len(), sweep.replicates.get(), sweep.excluded_points), (14, 3, 2));
    let names: Vec<&str> = sweep.axes.iter().map(|axis| axis.name.as_str()).collect();
    assert_eq!(names, ["architecture", "model.dropout", "epochs", "train.optimizer", "batch_size"]);
    assert_eq!(sweep.base.train.loss, Loss::CrossEntropy);
    assert_eq!(sweep.base.data.validation, Validation::Folds(count(5)));
    // The points of the first grid take the optimizer and batch size of [train].
    let first = &sweep.points[0];
    assert_eq!(labels(&sweep, 3)[first.levels[3] as usize], "adamw(learning_rate=0.003, weight_decay=0.01)");
    assert_eq!(labels(&sweep, 4)[first.levels[4] as usize], "64");
    // Those of the second have no dropout and 15 epochs.
    let last = &sweep.points[13];
    assert_eq!(labels(&sweep, 1)[last.levels[1] as usize], "0");
    assert_eq!((labels(&sweep, 2)[last.levels[2] as usize], last.train.epochs.get()), ("15", 15));
}

#[test]
fn a_file_of_the_least_has_every_default() {
    let sweep = with("[model]\nhidden = [8, 4]");
    assert_eq!(sweep.name.to_string(), "test");
    assert_eq!((sweep.seed, sweep.replicates.get()), (0, 5));
    assert_eq!((sweep.axes.len(), sweep.points.len(), sweep.points[0].levels.len()), (0, 1, 0));
    let data = &sweep.base.data;
    assert_eq!(data.path, PathBuf::from("sweeps/houses.csv"));
    assert_eq!((data.task, data.missing, data.scale), (Task::Regression, Missing::Error, Scale::Standard));
    assert_eq!((data.rows, data.validation, data.test, data.resplit), (None, Validation::Share(0.2), 0.2, true));
    assert_eq!((&data.inputs, data.transform.len(), data.ordinal.len()), (&None, 0, 0));
    let model = &sweep.base.model;
    assert_eq!((model.normalization, model.activation), (None, Activation::Relu));
    assert_eq!((model.dropout, model.drop_connect), (0.0, 0.0));
    assert_eq!(model.initializer, Initializer::VarianceScaling(VarianceScaling::Glorot, Distribution::Uniform));
    let train = &sweep.base.train;
    let adam = AdamSettings { beta_1: 0.9, beta_2: 0.999, epsilon: 1e-8, amsgrad: false, form: AdamForm::Paper };
    assert_eq!((train.optimizer, train.learning_rate), (Optimizer::Adam(adam), 0.001));
    assert_eq!((train.loss, train.epochs, train.batch_size), (Loss::Mse, count(10), count(32)));
    assert_eq!((train.drop_last, &train.schedule, train.early_stopping), (false, &Schedule::Constant, None));
    assert_eq!((train.l2, train.clip, train.evaluate_training), (0.0, None, EvaluateTraining::Last));
    assert_eq!(&sweep.points[0].train, train);
}

#[test]
fn defaults_follow_the_form() {
    let rate = |optimizer: &str| {
        let train = with(&format!("[model]\nhidden = []\n[train]\noptimizer = {optimizer}")).base.train;
        (train.learning_rate, train.optimizer)
    };
    assert_eq!(rate("\"sgd\"").0, 0.01);
    assert_eq!(rate("\"adamw\"").0, 0.001);
    let (torch, keras) = (rate("\"rmsprop\""), rate("{ name = \"rmsprop\", form = \"keras\" }"));
    assert!(matches!(torch, (0.01, Optimizer::RmsProp { rho: 0.99, epsilon: 1e-8, momentum: 0.0, .. })));
    assert!(matches!(keras, (0.001, Optimizer::RmsProp { rho: 0.9, epsilon: 1e-7, momentum: 0.0, .. })));
    assert!(matches!(rate("{ name = \"adam\", form = \"keras\" }").1, Optimizer::Adam(adam) if adam.epsilon == 1e-7));
    assert!(matches!(rate("\"adamw\"").1, Optimizer::AdamW { weight_decay: 0.01, .. }));
}

#[test]
fn normalizations_have_the_defaults_of_their_form() {
    let read = |text: &str| with(&format!("[model]\nhidden = [2]\nnormalization = {text}")).base.model.normalization;
    let batch = |form, epsilon, momentum| Some(Normalization::Batch { form, epsilon, momentum });
    assert_eq!(read("\"none\""), None);
    assert_eq!(read("\"batch_norm\""), batch(BatchNormForm::Torch, 1e-5, 0.9));
    assert_eq!(read("{ name = \"batch_norm\", form = \"keras\" }"), batch(BatchNormForm::Keras, 1e-3, 0.99));
    let table = "{ name = \"batch_norm\", form = \"keras\", epsilon = 1e-4, momentum = 0 }";
    assert_eq!(read(table), batch(BatchNormForm::Keras, 1e-4, 0.0));
    assert_eq!(read("\"layer_norm\""), Some(Normalization::Layer { epsilon: 1e-5 }));
    assert_eq!(read("{ name = \"layer_norm\", epsilon = 0.1 }"), Some(Normalization::Layer { epsilon: 0.1 }));
}

#[test]
fn a_clipping_says_what_it_limits() {
    let read = |text: &str| with(&format!("[model]\nhidden = [2]\n[train]\nclip = {text}")).base.train.clip;
    assert_eq!(read("false"), None);
    assert_eq!(read("{ by = \"value\", at = 0.5 }"), Some(Clip::Value(0.5)));
    assert_eq!(read("{ by = \"norm\", at = 1 }"), Some(Clip::Norm(1.0)));
    let global = |form| Some(Clip::GlobalNorm { at: 2.0, form });
    assert_eq!(read("{ by = \"global_norm\", at = 2 }"), global(ClipForm::Torch));
    assert_eq!(read("{ by = \"global_norm\", at = 2, form = \"keras\" }"), global(ClipForm::Keras));
}

#[test]
fn normalization_penalty_and_clipping_are_axes() {
    let sweep = with(
        "[model]\nhidden = [8]\n[architectures]\nplain = { normalization = \"none\" }\nown = {}\n[grid]\n\
         architecture = [\"plain\", \"own\"]\n\"model.normalization\" = [\"layer_norm\", { name = \"batch_norm\", momentum = 0.5 }]\n\
         \"train.l2\" = [0, 0.001]\n\"train.clip\" = [false, { by = \"norm\", at = 1.0 }]",
    );
    assert_eq!(sweep.points.len(), 16);
    assert_eq!(labels(&sweep, 1), ["layer_norm", "batch_norm(momentum=0.5)"]);
    assert_eq!((labels(&sweep, 2), sweep.axes[2].levels[1].number), (vec!["0", "0.001"], Some(0.001)));
    assert_eq!(labels(&sweep, 3), ["false", "{by=norm, at=1}"]);
    assert!(sweep.points[..8].iter().all(|point| point.model.normalization.is_none()));
    let last = &sweep.points[15];
    let batch = Normalization::Batch { form: BatchNormForm::Torch, epsilon: 1e-5, momentum: 0.5 };
    assert_eq!((last.model.normalization, last.train.l2, last.train.clip), (Some(batch), 0.001, Some(Clip::Norm(1.0))));

    let inner = with(
        "[model]\nhidden = [8]\nnormalization = \"batch_norm\"\n[train]\nclip = { by = \"global_norm\", at = 1 }\n[grid]\n\
         \"model.normalization.epsilon\" = [0.1]\n\"train.clip.at\" = [3]\n\"train.clip.form\" = [\"keras\"]",
    );
    let only = &inner.points[0];
    assert!(matches!(only.model.normalization, Some(Normalization::Batch { epsilon: 0.1, .. })));
    assert_eq!(only.train.clip, Some(Clip::GlobalNorm { at: 3.0, form: ClipForm::Keras }));
}

#[test]
fn integers_stand_for_numbers_and_radixes_for_integers() {
    let sweep = sweep(&format!("seed = 0xff\n{DATA}test = 0\n[model]\nhidden = [0b100]\ndropout = 0\n"));
    assert_eq!((sweep.seed, sweep.base.data.test, sweep.base.model.hidden), (255, 0.0, vec![4]));
}

#[test]
fn a_byte_order_mark_is_passed_over() {
    let sweep = sweep(&format!("\u{feff}{DATA}[model]\nhidden = [8]\n"));
    let target = sweep.spans.target.unwrap();
    assert_eq!(&sweep.text[target], "\"price\"");
}

#[test]
fn windows_line_ends_are_read() {
    let text = format!("{DATA}[model]\nhidden = [8]\n[grid]\nepochs = [1, 2]\n").replace('\n', "\r\n");
    assert_eq!(sweep(&text).points.len(), 2);
}

#[test]
fn dotted_axes_reach_into_tables_and_words() {
    let sweep = with(
        "[model]\nhidden = [8]\n[train]\noptimizer = \"sgd\"\n[grid]\n\"train.optimizer.learning_rate\" = [0.1, 1]\n\
         \"train.early_stopping.patience\" = [3]\n\"train.schedule\" = [{ name = \"cosine\", warm_up = { over = 2, target = 1 } }]\n\
         \"model.activation.name\" = [\"tanh\"]\n\"data.rows\" = [100, \"all\"]\n\"model.hidden\" = [[8, 4], []]",
    );
    assert_eq!(sweep.points.len(), 8);
    assert_eq!(labels(&sweep, 2), ["cosine(warm_up={over=2, target=1})"]);
    assert_eq!(labels(&sweep, 5), ["[8, 4]", "[]"]);
    let last = &sweep.points[7];
    assert!(matches!(last.train.optimizer, Optimizer::Sgd { .. }));
    assert_eq!(last.train.learning_rate, 1.0);
    assert_eq!(
        last.train.early_stopping,
        Some(EarlyStopping {
            patience: 3,
            min_delta: 0.0,
            start_from_epoch: 0,
            baseline: None,
            restore_best_weights: false
        })
    );
    let warm_up = Some(WarmUp { over: count(2), target: 1.0 });
    assert_eq!(last.train.schedule, Schedule::Cosine { over: None, alpha: 0.0, warm_up, by: TimeUnit::Epoch });
    assert_eq!((last.model.activation, last.model.hidden.len()), (Activation::Tanh, 0));
    // The data without an axis applied comes first, although a point used the sample before it.
    assert_eq!((sweep.data.len(), sweep.data[0].rows, last.data), (2, None, 0));
    assert_eq!(sweep.data[sweep.points[0].data].rows, Some(count(100)));
}

#[test]
fn an_axis_wins_over_the_base_also_by_its_other_name() {
    let sweep = with(
        "validation = 0.3\n[model]\nhidden = [8]\n[train]\nepochs = 3\n[grid]\nepochs = [1]\n\"data.folds\" = [5]",
    );
    assert_eq!(sweep.points[0].train.epochs, count(1));
    assert_eq!(
        sweep.data,
        [swath_core::spec::DataSpec { validation: Validation::Folds(count(5)), ..sweep.base.data.clone() }]
    );
    assert_eq!(sweep.base.train.epochs, count(3));
}

#[test]
fn a_longer_path_refines_what_a_shorter_one_puts() {
    let sweep = with(
        "[model]\nhidden = [8]\n[grid]\n\"train.optimizer.learning_rate\" = [0.5]\n\"train.optimizer\" = [\"adam\", \"sgd\"]",
    );
    let rates: Vec<f64> = sweep.points.iter().map(|point| point.train.learning_rate).collect();
    assert_eq!(rates, [0.5, 0.5]);
    assert!(matches!(sweep.points[1].train.optimizer, Optimizer::Sgd { .. }));
}

#[test]
fn architectures_come_from_each_other_and_after_the_axes_of_the_model() {
    let sweep = with(
        "[model]\nhidden = [6]\ndropout = 0.1\n[architectures]\nwider = { from = \"wide\", width = 1.3333333333333333 }\n\
         wide = { width = 1.5, activation = \"tanh\" }\n[grid]\n\"model.hidden\" = [[2], [4, 2]]\narchitecture = [\"wide\", \"wider\"]",
    );
    let hidden: Vec<&[u32]> = sweep.points.iter().map(|point| point.model.hidden.as_slice()).collect();
    assert_eq!(hidden, [&[3][..], &[4], &[6, 3], &[8, 4]]);
    assert!(sweep.points.iter().all(|point| point.model.activation == Activation::Tanh && point.model.dropout == 0.1));
    assert_eq!(sweep.architectures[0].1.hidden, [12]);
}

#[test]
fn layers_may_be_left_to_architectures_or_to_an_axis() {
    let by_architectures = with(
        "[architectures]\na = { hidden = [3] }\nb = { from = \"a\", width = 2 }\n[grid]\narchitecture = [\"b\", \"a\"]",
    );
    assert_eq!(by_architectures.points[0].model.hidden, [6]);
    assert_eq!(by_architectures.base.model.hidden, [6]);
    let by_axis = with("[grid]\n\"model.hidden\" = [[5], [6]]");
    assert_eq!(by_axis.base.model.hidden, [5]);
}

#[test]
fn of_several_grids_the_axes_are_joined_and_points_that_are_the_same_are_one() {
    let sweep = with(
        "[model]\nhidden = [8]\n[architectures]\nwide = { width = 2 }\n[train]\nepochs = 10\n\
         [[grid]]\narchitecture = [\"wide\"]\n\"train.epochs\" = [10, 20]\n\
         [[grid]]\narchitecture = [\"wide\"]\n\
         [[grid]]\nschedule = [\"cosine\"]\nepochs = [10.0e0, 30]\n"
            .replace("10.0e0", "10")
            .as_str(),
    );
    let names: Vec<&str> = sweep.axes.iter().map(|axis| axis.name.as_str()).collect();
    assert_eq!(names, ["architecture", "train.epochs", "schedule"]);
    assert_eq!(labels(&sweep, 0), ["wide", "model"]);
    assert_eq!(labels(&sweep, 1), ["10", "20", "30"]);
    assert_eq!(labels(&sweep, 2), ["cosine", "constant"]);
    let levels: Vec<&[u32]> = sweep.points.iter().map(|point| point.levels.as_slice()).collect();
    assert_eq!(levels, [&[0, 0, 1][..], &[0, 1, 1], &[1, 0, 0], &[1, 2, 0]]);
}

#[test]
fn a_grid_without_an_axis_shows_what_another_axis_makes_of_it() {
    let sweep = with(
        "[model]\nhidden = [8]\n[[grid]]\n\"train.optimizer.learning_rate\" = [0.1]\n\
         [[grid]]\n\"train.optimizer\" = [{ name = \"sgd\", learning_rate = 0.5 }, \"sgd\", \"rmsprop\"]",
    );
    let rate = |point: usize| labels(&sweep, 0)[sweep.points[point].levels[0] as usize];
    assert_eq!([rate(0), rate(1), rate(2), rate(3)], ["0.1", "0.5", "0.01", "default"]);
    assert_eq!(labels(&sweep, 1)[sweep.points[0].levels[1] as usize], "adam(learning_rate=0.1)");
}

#[test]
fn excluded_points_are_not_read() {
    let sweep = with(
        "[model]\nhidden = [8]\n[grid]\n\"train.optimizer\" = [\"sgd\", \"adam\"]\n\"train.optimizer.momentum\" = [0, 0.9]\n\
         exclude = [{ \"train.optimizer\" = \"adam\" }]",
    );
    assert_eq!((sweep.points.len(), sweep.excluded_points), (2, 2));
}

#[test]
fn augmentations_are_named_by_what_they_do_and_may_be_refined_by_axes() {
    let sweep = with(
        "image = [8, 8]\n[model]\nhidden = [8]\n[grid]\n\"train.augmentation\" = [\"none\", { shift = 1 }, \
         { rotate = 15, noise = 0.05 }, { flip = true, mixup = 0.2 }]",
    );
    assert_eq!(labels(&sweep, 0), ["none", "shift=1", "rotate=15, noise=0.05", "flip, mixup=0.2"]);
    assert_eq!(sweep.points[0].train.augmentation, None);
    let third = Augmentation { rotate: 15.0, noise: 0.05, ..Augmentation::NONE };
    assert_eq!(sweep.points[2].train.augmentation, Some(third));
    let sweep = with("[model]\nhidden = [8]\n[grid]\n\"train.augmentation.noise\" = [0, 0.1]");
    let noise = Augmentation { noise: 0.1, ..Augmentation::NONE };
    assert_eq!([0, 1].map(|point| sweep.points[point].train.augmentation), [None, Some(noise)]);
}

#[test]
fn what_is_resolved_reads_as_the_same_settings() {
    let texts = [
        "[model]\nhidden = [8, 4]",
        "folds = 3\nrows = 7\nmissing = \"mean\"\ninputs = [\"a\", \"b\"]\ntransform = { a = \"sqrt\" }\n\
         ordinal = { b = [\"x\", \"y\"] }\nresplit = false\n[model]\nhidden = []\nactivation = { name = \"leaky_relu\", slope = 0.2 }\n\
         initializer = { name = \"lecun_normal\", truncate = false }\n[train]\nloss = { name = \"huber\", delta = 2 }\n\
         optimizer = { name = \"sgd\", momentum = 0.9, nesterov = true }\n\
         schedule = { name = \"cosine\", over = 3, warm_up = { over = 2, target = 0.5 } }\n\
         early_stopping = { patience = 2, baseline = 0.1 }\nevaluate_training = \"every\"\ndrop_last = true",
        "[model]\nhidden = [1]\ninitializer = \"torch_default\"\n[train]\noptimizer = { name = \"rmsprop\", form = \"keras\" }\n\
         schedule = { name = \"multi_step\", milestones = [1, 1, 3], by = \"step\" }",
        "[model]\nhidden = [1]\n[train]\noptimizer = { name = \"adamw\", amsgrad = true }\nschedule = { name = \"exponential\", rate = 0.5 }",
        "[model]\nhidden = [1]\n[train]\nschedule = { name = \"polynomial\", cycle = true }",
        "[model]\nhidden = [1]\n[train]\nschedule = { name = \"step\", every = 3 }\n[architectures]\nw = { width = 2 }\n[grid]\nepochs = [1]",
        "[model]\nhidden = [1]\n[train]\nschedule = { name = \"inverse_time\", rate = 1, staircase = true }",
        "[model]\nhidden = [1]\n[train]\nschedule = \"reduce_on_plateau\"",
        "[model]\nhidden = [1]\nactivation = { name = \"gelu\", approximate = true }",
        "[model]\nhidden = [1]\ndrop_connect = 0.2\n[architectures]\na = { drop_connect = 0.5 }",
        "task = \"classification\"\n[model]\nhidden = [1]\n[train]\nlabel_smoothing = 0.1\nclass_weights = \"balanced\"",
        "task = \"classification\"\n[model]\nhidden = [1]\n[train]\nclass_weights = { \"a b\" = 1, \"1\" = 2.5 }",
        "[model]\nhidden = [1]\n[train]\nloss = \"log_cosh\"\noptimizer = \"adagrad\"",
        "[model]\nhidden = [1]\n[train]\noptimizer = { name = \"adagrad\", initial_accumulator = 0.5, form = \"keras\" }",
        "[model]\nhidden = [1]\nactivation = { name = \"gelu\", approximate = false }",
        "[model]\nhidden = [1]\nactivation = \"selu\"\n[architectures]\na = { activation = \"identity\" }",
        "[model]\nhidden = [1]\n[train]\nschedule = { name = \"cosine_restarts\", over = 3, m_mul = 0.5, by = \"step\" }",
        "[model]\nhidden = [1]\n[train]\nschedule = { name = \"cosine_annealing\", min_learning_rate = 1e-3 }",
        "[model]\nhidden = [1]\n[train]\nschedule = { name = \"cosine_annealing\", over = 3 }",
        "[model]\nhidden = [1]\n[train]\nschedule = { name = \"piecewise\", boundaries = [0, 7], values = [1, 0.5, 0] }",
        "[model]\nhidden = [1]\n[train]\nschedule = \"linear\"",
        "[model]\nhidden = [1]\n[train]\nschedule = \"one_cycle\"",
        "[model]\nhidden = [1]\n[train]\nschedule = { name = \"one_cycle\", max_learning_rate = 0.5, by = \"step\" }",
        "[model]\nhidden = [1]\nnormalization = { name = \"batch_norm\", form = \"keras\", momentum = 0.5 }\n\
         [train]\nl2 = 0.5\nclip = { by = \"value\", at = 2 }",
        "[model]\nhidden = [1]\nnormalization = \"layer_norm\"\n[train]\nclip = { by = \"norm\", at = 2 }\n\
         [architectures]\nb = { normalization = \"none\" }",
        "[model]\nhidden = [1]\n[train]\nclip = { by = \"global_norm\", at = 2, form = \"keras\" }",
        "image = [2, 3]\ntraining_rows = 5\n[model]\nhidden = [1]\n\
         [train]\naugmentation = { flip = true, rotate = 10, scale = 0.5, shift = 1, cutout = 2, noise = 0.5, mixup = 2 }",
        "image = [2, 3, 4]\n[model]\nhidden = [1]\n[train]\naugmentation = { shift = 1, noise = 0 }",
    ];
    for text in texts {
        let before = with(text);
        let mut table = before.resolved();
        let axes = table.remove("axes").unwrap();
        assert_eq!(axes.as_table().unwrap().len(), before.axes.len());
        let written = toml::to_string(&table).unwrap();
        let after = parse(Path::new("test.toml"), &written).unwrap_or_else(|problems| panic!("{problems:#?}"));
        assert_eq!(after.base, before.base, "{written}");
        assert_eq!(after.architectures, before.architectures);
        assert_eq!((after.name, after.seed, after.replicates), (before.name, before.seed, before.replicates));
    }
}
