"""Optuna: `GridSampler` around the PyTorch loop, in two processes.

Each process has a study in memory over half of the schedules: threads of one process would share its interpreter, and a
storage that both processes reach costs more. `--empty` trains nothing and shows what a trial costs in itself."""

import time
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context

import optuna

from outcome import grid_arguments, show
from pytorch_loop import start, train
from trials import ARCHITECTURES, BATCH_SIZES, EPOCHS, SCHEDULES, Trial

PROCESSES = 2


def study(replicates, empty, schedules):
    """The trials in the order in which they were trained, each with its validation losses."""
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    grid = {"architecture": list(ARCHITECTURES), "batch_size": BATCH_SIZES, "epochs": EPOCHS, "schedule": schedules,
            "replicate": list(range(replicates))}
    done = []

    def objective(suggestion):
        trial = Trial(**{name: suggestion.suggest_categorical(name, values) for name, values in grid.items()})
        curve = [0.0] * trial.epochs if empty else train(trial)
        done.append((trial, curve))
        return curve[-1]

    optuna.create_study(sampler=optuna.samplers.GridSampler(grid)).optimize(objective)
    return done


def main():
    replicates, empty = grid_arguments(__doc__)
    shares = [SCHEDULES[process::PROCESSES] for process in range(PROCESSES)]
    with ProcessPoolExecutor(PROCESSES, get_context("fork"), start) as executor:
        list(executor.map(time.sleep, [0.2] * PROCESSES))  # both processes have started
        begin = time.perf_counter()
        trials, curves = zip(*sum(executor.map(partial(study, replicates, empty), shares), []))
        seconds = time.perf_counter() - begin
    show("Optuna, GridSampler", ["optuna", "torch"], trials, curves, seconds, empty=empty)


if __name__ == "__main__":
    main()
