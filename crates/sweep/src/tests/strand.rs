use crate::tests::fake_engine::{Fake, step, train, training, trial};

use swath_core::spec::{EarlyStopping, Schedule, TimeUnit};

use swath_core::engine::Engine;
use swath_core::spec::TrainSpec;
use swath_results::Outcome;
use swath_results::row::Ending;

use crate::strand::{Member, ReadyStrand, Strand};

/// Runs a strand of these trials to its end: outcomes by trial, and the steps that were computed.
fn run(engine: &Fake, trains: &[TrainSpec]) -> (Vec<Outcome>, u64, u64) {
    let training = training();
    let members = trains.iter().zip(0..).map(|(train, number)| Member::new(trial(number), train, &training)).collect();
    let mut waiting = vec![Strand::start(engine, training, members)];
    let (mut outcomes, mut trained, mut settled) = (Vec::new(), 0, 0);
    while let Some(strand) = waiting.pop() {
        for ReadyStrand { mut strand, rates } in strand.part() {
            let report = engine.train_epoch(&mut [strand.epoch_run(&rates)])[0];
            let advance = strand.observe(engine, &rates, report, 1.0, 0);
            outcomes.extend(advance.ended);
            trained += advance.steps_trained;
            settled += advance.steps_settled;
            waiting.push(strand);
        }
    }
    outcomes.sort_by_key(|outcome| outcome.key);
    (outcomes, trained, settled)
}

#[test]
fn trials_share_their_steps_until_their_rates_differ() {
    let trains = [train(10, Schedule::Constant), train(30, Schedule::Constant), train(30, step(10))];
    let (outcomes, trained, settled) = run(&Fake::falling(), &trains);
    assert_eq!(trained, 2 * (30 + 20), "ten epochs are shared by three, twenty more by nobody");
    assert_eq!(settled, 2 * (10 + 30 + 30));
    assert_eq!(outcomes.iter().map(|outcome| outcome.curves.epochs()).collect::<Vec<_>>(), [10, 30, 30]);
    assert_eq!(outcomes[2].curves.learning_rate()[9..11], [0.1, 0.05]);
    let seconds: f32 = outcomes.iter().map(|outcome| outcome.effort.seconds).sum();
    assert!((seconds - 50.0).abs() < 1e-3, "one second an epoch, whoever shared it: {seconds}");
}

#[test]
fn a_trial_among_others_scores_as_it_does_alone() {
    let trains = [
        train(10, Schedule::Constant),
        train(12, step(3)),
        train(7, step(3)),
        train(12, Schedule::Cosine { over: None, alpha: 0.0, warm_up: None, by: TimeUnit::Epoch }),
    ];
    let (together, ..) = run(&Fake::falling(), &trains);
    for (number, train) in trains.iter().enumerate() {
        let (alone, ..) = run(&Fake::falling(), std::slice::from_ref(train));
        assert_eq!(together[number].ending, alone[0].ending);
        assert_eq!(together[number].curves, alone[0].curves);
    }
}

#[test]
fn a_diverged_strand_ends_all_its_trials_with_the_epoch() {
    let engine = Fake::losing(|_, epochs| if epochs < 3 { 1.0 } else { f32::NAN });
    let (outcomes, trained, settled) = run(&engine, &[train(2, Schedule::Constant), train(9, Schedule::Constant)]);
    assert!(matches!(outcomes[0].ending, Ending::Finished(_)));
    assert_eq!(outcomes[1].ending, Ending::Diverged { epoch: 3 });
    assert_eq!(outcomes[1].curves.epochs(), 2, "the curves hold the epochs before");
    assert_eq!((trained, settled), (6, 2 * (2 + 9)));
}

#[test]
fn the_best_epoch_is_the_earliest_of_the_smallest_loss_and_its_weights_are_scored() {
    let engine = Fake::losing(|_, epochs| [0.0, 5.0, 2.0, 2.0, 3.0][epochs as usize]);
    let (outcomes, ..) = run(&engine, &[train(4, Schedule::Constant)]);
    let Ending::Finished(scores) = &outcomes[0].ending else { panic!("finished") };
    assert_eq!((scores.best_epoch, scores.best.validation_loss, scores.best.test_metric), (2, 2.0, Some(2.0)));
    assert_eq!((scores.last.validation_loss, scores.last.test_metric), (3.0, Some(4.0)));
    assert_eq!(scores.restored_epoch, None);
}

#[test]
fn early_stopping_ends_a_trial_and_restores_its_best_weights() {
    let engine = Fake::losing(|_, epochs| [0.0, 5.0, 2.0, 3.0, 4.0, 1.0][epochs as usize]);
    let rule =
        EarlyStopping { patience: 2, min_delta: 0.0, start_from_epoch: 0, baseline: None, restore_best_weights: true };
    let stopped = TrainSpec { early_stopping: Some(rule), ..train(5, Schedule::Constant) };
    let (outcomes, trained, settled) = run(&engine, &[stopped, train(5, Schedule::Constant)]);
    let Ending::Finished(scores) = &outcomes[0].ending else { panic!("finished") };
    assert_eq!(outcomes[0].curves.epochs(), 4);
    assert_eq!((scores.restored_epoch, scores.last.validation_loss), (Some(2), 2.0));
    assert_eq!(scores.last.test_metric, Some(2.0), "the weights of the second epoch are scored");
    assert_eq!(outcomes[1].curves.epochs(), 5);
    assert_eq!((trained, settled), (10, 20));
}

#[test]
fn a_plateau_parts_trials_only_where_it_falls() {
    let engine = Fake::losing(|_, epochs| if epochs < 4 { 1.0 / epochs as f32 } else { 0.5 });
    let plateau = Schedule::ReduceOnPlateau(swath_core::spec::Plateau {
        factor: 0.5,
        patience: 2,
        min_delta: 1e-4,
        cooldown: 0,
        min_learning_rate: 0.0,
    });
    let (outcomes, trained, _) = run(&engine, &[train(8, Schedule::Constant), train(8, plateau)]);
    assert_eq!(outcomes[1].curves.learning_rate(), [0.1, 0.1, 0.1, 0.1, 0.1, 0.05, 0.05, 0.025]);
    assert_eq!(trained, 2 * (5 + 3 + 3));
}
