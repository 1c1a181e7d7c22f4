//! Every kind of mistake with its message, as snapshots.

use std::fmt::Write;
use std::path::Path;

use super::{Problems, parse};

pub(super) const DATA: &str = "[data]\npath = \"houses.csv\"\ntarget = \"price\"\n";
pub(super) const MODEL: &str = "[model]\nhidden = [8, 4]\n";

/// Line and column of a place, both from 1.
fn place(text: &str, offset: usize) -> String {
    let before = &text[..offset];
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    format!("{}:{column}", before.matches('\n').count() + 1)
}

fn rendered(problems: &Problems) -> String {
    let mut out = String::new();
    for problem in &problems.list {
        let underlined = &problems.text[problem.span.clone()];
        let first_line = underlined.lines().next().unwrap_or_default();
        writeln!(out, "{} {}", place(&problems.text, problem.span.start), problem.message).unwrap();
        writeln!(out, "    at `{first_line}`: {}", problem.label).unwrap();
        for (span, label) in &problem.also {
            writeln!(out, "    also {} `{}`: {label}", place(&problems.text, span.start), &problems.text[span.clone()])
                .unwrap();
        }
        if let Some(help) = &problem.help {
            writeln!(out, "    help: {help}").unwrap();
        }
    }
    out
}

/// The mistakes of several files, each as its text (shown from the third line of `[data]` on) and its problems.
fn mistakes(cases: &[String]) -> String {
    let mut out = String::new();
    for text in cases {
        let Err(problems) = parse(Path::new("sweeps/test.toml"), text) else {
            panic!("no mistake was found in\n{text}");
        };
        assert!(!problems.list.is_empty());
        assert!(problems.list.is_sorted_by_key(|problem| problem.span.start));
        for problem in &problems.list {
            assert!(!problem.message.starts_with(char::is_uppercase) || problem.message.starts_with("Nesterov"));
        }
        let shown = text.strip_prefix(DATA).unwrap_or(text);
        let shown = shown.strip_suffix(MODEL).unwrap_or(shown);
        for line in shown.lines().take(30) {
            writeln!(out, "| {line}").unwrap();
        }
        writeln!(out, "{}", rendered(&problems)).unwrap();
    }
    out
}

/// Files with sound data and model, and some more text.
fn sound_but(parts: &[&str]) -> String {
    mistakes(&parts.iter().map(|part| format!("{DATA}{part}\n{MODEL}")).collect::<Vec<_>>())
}

/// Files with sound data and some more text.
fn after_data(parts: &[&str]) -> String {
    mistakes(&parts.iter().map(|part| format!("{DATA}{part}\n")).collect::<Vec<_>>())
}

#[test]
fn mistakes_at_the_top() {
    let texts = [
        "sede = 7\n",
        "seed = -1\n",
        "seed = 99999999999999999999999999\n",
        "replicates = 0\n",
        "replicates = \"five\"\n",
        "name = \"../up\"\n",
        "name = \"\"\n",
        "epochs = 10\n",
        "max_trials = 1e6\n",
        "confirm = 0\n",
        "confirm = -3\n",
        "confirm = \"yes\"\n",
        "max_trials = 30\nconfirm = 16\n",
    ];
    let cases: Vec<String> = texts.iter().map(|text| format!("{text}{DATA}{MODEL}")).collect();
    insta::assert_snapshot!(mistakes(&cases));
}

#[test]
fn metrics_that_do_not_fit() {
    let of = |metric: &str, task: &str| format!("metric = {metric}\n{DATA}task = \"{task}\"\n{MODEL}");
    insta::assert_snapshot!(mistakes(&[
        of("\"r2\"", "classification"),
        of("\"macro_f1\"", "regression"),
        of("\"acuracy\"", "classification"),
        of("\"auc\"", "classification"),
        of("[\"mae\"]", "regression"),
        of("\"\"", "regression"),
        format!("{DATA}{MODEL}[grid]\nmetric = [\"mae\", \"mse\"]\n"),
        format!("{DATA}{MODEL}[train]\nmetric = \"mae\"\n"),
    ]));
}

#[test]
fn a_confirmation_on_rows_that_chose_the_winner() {
    insta::assert_snapshot!(mistakes(&[
        format!("confirm = 5\n{DATA}resplit = false\ntest = 0\n{MODEL}"),
        format!("confirm = 5\n{DATA}test = 0\n{MODEL}[grid]\n\"data.resplit\" = [true, false]\n"),
    ]));
}

#[test]
fn ensembles_of_points_that_there_are_not_or_that_nothing_can_judge() {
    let grid = "[grid]\nepochs = [1, 2, 3]\n";
    insta::assert_snapshot!(mistakes(&[
        format!("ensemble = 3\n{DATA}{MODEL}{grid}"),
        format!("{DATA}{MODEL}{grid}[ensemble]\n"),
        format!("{DATA}{MODEL}{grid}[ensemble]\npoints = 1\n"),
        format!("{DATA}{MODEL}{grid}[ensemble]\npoint = 2\npoints = \"all\"\n"),
        format!("{DATA}{MODEL}{grid}[ensemble]\npoints = 4\n"),
        format!("{DATA}{MODEL}[ensemble]\npoints = 2\n"),
        format!("{DATA}test = 0\n{MODEL}{grid}[ensemble]\npoints = 2\n"),
        format!("{DATA}{MODEL}[grid]\n\"data.test\" = [0.0, 0.2]\n[ensemble]\npoints = 2\n"),
    ]));
}

#[test]
fn lacking_sections() {
    insta::assert_snapshot!(mistakes(&[
        String::new(),
        "[data]\n".to_owned(),
        DATA.to_owned(),
        format!("data = 3\n{MODEL}"),
    ]));
}

#[test]
fn mistakes_in_data() {
    insta::assert_snapshot!(sound_but(&[
        "task = \"regresion\"",
        "task = true",
        "inputs = \"carat\"",
        "inputs = [\"carat\", \"carat\", 3]",
        "inputs = []",
        "inputs = [\"carat\", \"price\"]",
        "rows = 0",
        "rows = \"every\"",
        "validation = 1",
        "validation = 0.5\ntest = 0.5",
        "validation = 0.2\nfolds = 5",
        "folds = 1",
        "test = nan",
        "resplit = \"yes\"",
        "bootstrap = 0.632",
        "seed = 3",
        "hidden = [4]",
        "training_rows = 0",
        "image = 8",
        "image = [8]",
        "image = [8, 0]",
        "image = [4, 8]\n[train]\naugmentation = { shift = 4 }",
        "image = [4, 8]\n[train]\naugmentation = { cutout = 8 }",
        "transform = { price = \"ln\" }",
        "task = \"classification\"\ntransform = { price = \"log\" }",
        "transform = { cut = \"log\" }\nordinal = { cut = [\"Fair\", \"Good\"] }",
        "[data.ordinal]\ncut = [\"Fair\", \"Fair\"]\ncolor = \"red\"",
    ]));
}

#[test]
fn mistakes_in_the_model() {
    insta::assert_snapshot!(after_data(&[
        "[model]\nhidden = 8",
        "[model]\nhidden = [8, 0, 4.0, 1_000_000]",
        "[model]\nhidden = [8]\nactivaton = \"relu\"",
        "[model]\nhidden = [8]\nactivation = \"relou\"",
        "[model]\nhidden = [8]\nactivation = { slope = 0.1 }",
        "[model]\nhidden = [8]\nactivation = { name = \"leaky_relu\", slope = 1.5, slop = 1 }",
        "[model]\nhidden = [8]\nactivation = { name = \"tanh\", slope = 0.1 }",
        "[model]\nhidden = [8]\ndropout = 1",
        "[model]\nhidden = [8]\ndrop_connect = 1",
        "[model]\nhidden = [8]\ninitializer = \"he\"",
        "[model]\nhidden = [8]\nnormalization = \"batchnorm\"",
        "[model]\nhidden = [8]\nnormalization = false",
        "[model]\nhidden = [8]\nnormalization = { name = \"batch_norm\", epsilon = 0, momentum = 1, form = \"tf\" }",
        "[model]\nhidden = [8]\nnormalization = { name = \"layer_norm\", momentum = 0.9 }",
        "[model]\nactivation = \"relu\"",
    ]));
}

#[test]
fn mistakes_in_architectures() {
    insta::assert_snapshot!(sound_but(&[
        "[architectures]\nwide = { width = 1.3 }",
        "[architectures]\nwide = { width = 0.1 }",
        "[architectures]\nwide = { width = 100_000 }",
        "[architectures]\nwide = { width = -2 }",
        "[architectures]\nwide = { widht = 2 }",
        "[architectures]\nwide = 2",
        "[architectures]\ndeep = {}\nwide = { from = \"dep\" }",
        "[architectures]\na = { from = \"c\" }\nb = { from = \"a\" }\nc = { from = \"b\" }\nd = { from = \"a\" }",
        "[architectures]\na = { from = \"a\" }",
        "[architectures]\n\"../x\" = {}\nmodel = {}",
    ]));
    let without_layers =
        "[model]\n[architectures]\nplain = {}\ndeep = { hidden = [4, 4] }\n[grid]\narchitecture = [\"deep\"]";
    insta::assert_snapshot!("an_architecture_without_layers", after_data(&[without_layers]));
}

#[test]
fn mistakes_in_training() {
    insta::assert_snapshot!(sound_but(&[
        "[train]\nepochs = 10.0",
        "[train]\nbatch_size = 5_000_000_000",
        "[train]\nlearning_rate = 0.1",
        "[train]\nepoch = 10",
        "[train]\nloss = \"cross_entropy\"",
        "[train]\nloss = { name = \"huber\", delta = 0 }",
        "[train]\nearly_stopping = true",
        "[train]\nearly_stopping = { patience = -1, min_delta = -0.1, baseline = inf, restore = true }",
        "[train]\nl2 = -0.1",
        "[train]\naugmentation = true",
        "[train]\naugmentation = \"shift\"",
        "[train]\naugmentation = {}",
        "[train]\naugmentation = { noise = -1, mixup = inf, rotate = 270, scale = 1, shift = 0.5, flip = 1 }",
        "[train]\naugmentation = { blur = 2 }",
        "[train]\naugmentation = { noise = 0.1, rotate = 15 }",
        "[grid]\n\"train.augmentation\" = [\"none\", { noise = 0.1 }, { shift = 1 }]",
        "[grid]\n\"train.augmentation.cutout\" = [0, 3]",
        "[train]\nclip = 1.0",
        "[train]\nclip = true",
        "[train]\nclip = { by = \"norms\", at = 0 }",
        "[train]\nclip = { at = 1.0 }",
        "[train]\nclip = { by = \"norm\", at = 1.0, form = \"keras\" }",
        "[train]\nclip = { by = \"global_norm\", limit = 1.0 }",
        "[train]\nevaluate_training = \"always\"",
        "[train]\noptimizer = \"adm\"",
        "[train]\noptimizer = { learning_rate = 0.1 }",
        "[train]\noptimizer = { name = \"adam\", learning_rate = 0, momentum = 0.9 }",
        "[train]\noptimizer = { name = \"adam\", learning_rate = 1e-60, beta1 = 0.9 }",
        "[train]\noptimizer = { name = \"sgd\", nesterov = true }",
        "[train]\noptimizer = { name = \"sgd\", momentum = 0.9, dampening = 0.1, form = \"keras\" }",
        "[train]\noptimizer = { name = \"adam\", form = \"torch\" }",
    ]));
    insta::assert_snapshot!(
        "what_changes_the_loss_of_classes",
        sound_but(&[
            "task = \"regression\"\n[train]\nlabel_smoothing = 0.1\nclass_weights = \"balanced\"",
            "[train]\nclass_weights = { a = 1.0, b = 2.0 }",
            "task = \"classification\"\n[train]\nlabel_smoothing = 1\nclass_weights = \"balancd\"",
            "task = \"classification\"\n[train]\nclass_weights = { a = 0, b = \"much\" }",
            "task = \"classification\"\n[train]\nclass_weights = {}",
            "task = \"classification\"\n[train]\nclass_weights = [1.0, 2.0]",
        ])
    );
    let classes = "task = \"classification\"\n[train]\nloss = \"mse\"";
    insta::assert_snapshot!("a_loss_for_numbers_on_classes", sound_but(&[classes]));
}

#[test]
fn mistakes_in_schedules() {
    insta::assert_snapshot!(sound_but(&[
        "[train]\nschedule = \"step\"",
        "[train]\nschedule = \"cosin\"",
        "[train]\nschedule = 3",
        "[train]\nschedule = { factor = 0.5 }",
        "[train]\nschedule = { name = \"step\", factor = 0.5, evry = 10 }",
        "[train]\nschedule = { name = \"multi_step\", milestones = [20, 10] }",
        "[train]\nschedule = { name = \"multi_step\", milestones = [] }",
        "[train]\nschedule = { name = \"piecewise\", boundaries = [10, 20], values = [0.1, 0.01] }",
        "[train]\nschedule = { name = \"piecewise\", boundaries = [20], values = [0.1, 0.01, 0.001] }",
        "[train]\nschedule = { name = \"piecewise\", boundaries = [10, 10], values = [0.1, 0.01, 0.001] }",
        "[train]\nschedule = { name = \"piecewise\", boundaries = [10], values = [0.1, \"low\"] }",
        "[train]\nschedule = { name = \"piecewise\", boundaries = [10], values = [-0.1, 1e60] }",
        "[train]\nschedule = { name = \"piecewise\", boundaries = [10], values = 0.1 }",
        "[train]\nschedule = \"cosine_restarts\"",
        "[train]\nschedule = { name = \"cosine_restarts\", over = 10, t_mul = 0.5 }",
        "[train]\nschedule = { name = \"linear\", start = 2 }",
        "[train]\nschedule = { name = \"one_cycle\", over = 10 }",
        "[train]\nschedule = { name = \"cosine\", warm_up = { over = 5 } }",
        "[train]\nschedule = { name = \"cosine\", warm_up = 5 }",
        "[train]\nschedule = { name = \"reduce_on_plateau\", factor = 1.0 }",
        "[train]\nschedule = { name = \"exponential\", by = \"steps\" }",
    ]));
}

#[test]
fn mistakes_in_the_grid() {
    insta::assert_snapshot!(sound_but(&[
        "[grid]\nepochs = 10",
        "[grid]\n\"model.dropout\" = 0.1",
        "[grid]\nepochs = []",
        "[grid]\nepochs = [10, 20, 1e1]",
        "[grid]\nschedule = [\"cosine\", { name = \"cosine\" }]",
        "[grid]\nepochs = [10]\n\"train.epochs\" = [20]",
        "[grid]\narchitecture = [\"wide\"]",
        "[architectures]\nwide = { width = 2 }\n[grid]\narchitecture = [\"wied\", 3]",
        "[grid]\nmodel.dropout = [0.0, 0.1]",
        "[grid]\ndropout = [0.1]",
        "[grid]\n\"train.learning_rate\" = [0.1]",
        "[grid]\n\"data.path\" = [\"a.csv\"]",
        "[grid]\nseed = [1, 2]",
        "[grid]\ncolour = [1, 2]",
        "[grid]\nbatch_size = [16, 0, \"big\"]",
        "[grid]\nschedule = [\"constant\", \"step\", { name = \"cosine\", alfa = 0.1 }]",
        "[grid]\n\"train.schedule.every\" = [10, 20]",
        "[grid]\n\"train.optimizer\" = [\"sgd\", \"adam\"]\n\"train.optimizer.momentum\" = [0.0, 0.9]",
        "[architectures]\nwide = { width = 1.5 }\n[grid]\narchitecture = [\"wide\"]\n\"model.hidden\" = [[4], [5]]",
        "[[grid]]\nepochs = [10]\n[[grid]]\nepoch = [10]",
        "grid = 3\n",
        "replicates = 2\n",
    ]));
}

#[test]
fn mistakes_in_layers() {
    insta::assert_snapshot!(sound_but(&[
        "[architectures]\nconv = { layers = [{ conv = 8, kernle = 3 }] }",
        "[architectures]\nconv = { layers = [{ convolution = 8 }, { pool = 2.5 }, 32] }",
        "[architectures]\nconv = { layers = [] }",
        "[architectures]\nconv = { layers = [{ dense = 32 }, { pool = 2 }] }",
        "[architectures]\nconv = { layers = [{ conv = 8, padding = \"full\" }, { pool = 2, kind = \"mean\" }] }",
        "[architectures]\nconv = { layers = [{ conv = 8 }], hidden = [4] }",
        "[architectures]\nconv = { layers = [{ conv = 3 }, { dense = 4 }], width = 1.5 }\n[grid]\narchitecture = [\"conv\"]",
        "[grid]\n\"model.layers\" = [[{ conv = 8 }]]",
    ]));
}

#[test]
fn mistakes_in_zip_and_exclude() {
    insta::assert_snapshot!(sound_but(&[
        "[grid]\nepochs = [10, 20]\nbatch_size = [8, 16, 32]\nzip = [[\"epochs\", \"batch_size\"]]",
        "[grid]\nepochs = [10, 20]\nzip = [[\"epochs\", \"bach_size\"]]",
        "[grid]\nepochs = [10, 20]\nzip = [\"epochs\"]",
        "[grid]\nepochs = [10, 20]\nzip = [[\"epochs\"]]",
        "[grid]\nepochs = [10, 20]\nbatch_size = [8, 16]\nzip = [[\"epochs\", \"batch_size\"], [\"epochs\", \"train.epochs\"]]",
        "[grid]\nepochs = [10, 20]\nexclude = [{ epochs = 30 }]",
        "[grid]\nepochs = [10, 20]\nexclude = [{ epoch = 10 }, 3, {}]",
        "[grid]\nschedule = [\"constant\", \"cosine\"]\nexclude = [{ schedule = \"cosin\" }]",
        "[grid]\nepochs = [10, 20]\nexclude = [{ epochs = 10 }, { epochs = 20 }]",
        "[grid]\nepochs = [10, 20]\nbatch_size = [8, 16]\nexclude = [{ epochs = 10 }, { epochs = 10, batch_size = 8 }]",
        "[grid]\nepochs = [10, 20]\nbatch_size = [8, 16]\nzip = [[\"epochs\", \"batch_size\"]]\nexclude = [{ epochs = 10, batch_size = 16 }]",
    ]));
}

#[test]
fn many_mistakes_of_one_file_are_told_at_once_and_in_order() {
    let text = "\
sede = 7
replicates = 2.5

[data]
path = \"../data/diamonds.csv\"
targte = \"price\"
validation = 2

[model]
hidden = [8, \"4\"]
activation = \"relou\"

[architectures]
wide = { width = 2, from = \"deap\" }
deep = { hidden = [4, 8] }

[train]
optimizer = { name = \"adam\", learning_rat = 0.01 }
epochs = 0
schedule = \"step\"

[grid]
architecture = [\"wide\", \"deeep\"]
batch_size = [16, 16]
schedule = [\"cosine\", { name = \"step\" }]
\"train.epochs\" = 10
";
    insta::assert_snapshot!(mistakes(&[text.to_owned()]));
}

#[test]
fn mistakes_of_syntax() {
    insta::assert_snapshot!(mistakes(&[
        format!("{DATA}rows = \n{MODEL}"),
        format!("{DATA}rows = 10\nrows = 20\n{MODEL}"),
        format!("{DATA}[model\nhidden = [8]\n"),
        format!("sede = 3\n{DATA}[model]\nhidden = [8\n[train]\nepochs = \"x\"\n"),
        format!("{DATA}[model]\nactivation = \"relu\nhidden = [8]\n"),
    ]));
}
