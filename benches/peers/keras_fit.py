"""Keras: `fit` with its own callbacks, in two processes, on JAX.

A model is compiled once per architecture and batch size and then set back to new weights, because compiling takes
longer than a training; all steps of an epoch are one execution. `--backend torch` runs it on PyTorch, which took
about eight times as long."""

import os
import time
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from itertools import groupby
from multiprocessing import get_context

import splits
from outcome import arguments, show
from trials import (BETAS, EPSILON, LEARNING_RATE, PLATEAU_FACTOR, PLATEAU_MIN_DELTA, PLATEAU_PATIENCE, rate_at,
                    stratified)

PROCESSES = 2


def start(backend):
    """What each process does once."""
    os.environ.update(KERAS_BACKEND=backend, XLA_FLAGS="--xla_cpu_multi_thread_eigen=false", OMP_NUM_THREADS="1")
    import keras
    if backend == "torch":
        import torch
        torch.set_num_threads(1)
    keras.utils.set_random_seed(os.getpid())  # the order of the rows


@cache
def data():
    return splits.read()


def model(trial):
    """A compiled model for trials like this one."""
    import keras
    hidden = [keras.layers.Dense(units, "relu") for units in trial.layers[1:-1]]
    made = keras.Sequential([keras.Input(trial.layers[:1]), *hidden, keras.layers.Dense(1)])
    made.compile(keras.optimizers.Adam(LEARNING_RATE, *BETAS, epsilon=EPSILON), "mse",
                 steps_per_execution=1 if keras.backend.backend() == "torch" else trial.steps_per_epoch)
    made.optimizer.build(made.trainable_variables)
    return made


def reset(made, variables, seed):
    """New weights, and the optimiser as it was."""
    import keras
    glorot = keras.initializers.GlorotUniform(keras.random.SeedGenerator(seed))
    for layer in made.layers:
        layer.kernel.assign(glorot(layer.kernel.shape))
        layer.bias.assign(keras.ops.zeros(layer.bias.shape))
    for variable, value in zip(made.optimizer.variables, variables):
        variable.assign(value)


def callbacks(trial):
    """What sets the rate of each epoch."""
    import keras
    match trial.schedule:
        case "constant":
            return []
        case "reduce_on_plateau":
            return [keras.callbacks.ReduceLROnPlateau(
                "val_loss", PLATEAU_FACTOR, PLATEAU_PATIENCE, min_delta=PLATEAU_MIN_DELTA)]
        case schedule:
            return [keras.callbacks.LearningRateScheduler(
                lambda epoch: rate_at(schedule, epoch, trial.epochs, LEARNING_RATE))]


def fit(made, trial, **settings):
    split = data()[trial.replicate]
    history = made.fit(
        split.train_inputs, split.train_targets, batch_size=trial.batch_size, verbose=0,
        validation_data=(split.validation_inputs, split.validation_targets),
        validation_batch_size=len(split.validation_inputs), **settings)
    return history.history["val_loss"]


def train(trials):
    """The validation losses of trials with one architecture and batch size, epoch by epoch, and the seconds that the
    first epoch took, which compiles."""
    begin = time.perf_counter()
    made = model(trials[0])
    variables = [variable.numpy() for variable in made.optimizer.variables]
    fit(made, trials[0], epochs=1)
    compile_seconds, curves = time.perf_counter() - begin, []
    for trial in trials:
        reset(made, variables, trial.seed)
        curves.append(fit(made, trial, epochs=trial.epochs, callbacks=callbacks(trial)))
    return curves, compile_seconds


def main():
    parser = arguments(__doc__)
    parser.add_argument("--backend", default="jax", choices=["jax", "torch"])
    given = parser.parse_args()
    trials = sorted(stratified(given.trials), key=lambda trial: (trial.batch_size, trial.architecture))
    cells = [list(cell) for _, cell in groupby(trials, lambda trial: (trial.batch_size, trial.architecture))]
    with ProcessPoolExecutor(PROCESSES, get_context("spawn"), start, (given.backend,)) as executor:
        list(executor.map(time.sleep, [1] * PROCESSES))  # both processes have started
        begin = time.perf_counter()
        curves, compile_seconds = zip(*executor.map(train, cells))
        seconds = time.perf_counter() - begin
    compile_seconds = sum(compile_seconds) / PROCESSES
    show("Keras, fit", ["keras", "jax" if given.backend == "jax" else "torch"], trials,
         [curve for cell in curves for curve in cell], seconds - compile_seconds, compile_seconds=compile_seconds)


if __name__ == "__main__":
    main()
