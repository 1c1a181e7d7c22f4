"""What every peer's script takes and prints."""

import argparse
import json
import sys
from importlib.metadata import version

from trials import ARCHITECTURES, BATCH_SIZES, EPOCHS, SCHEDULES

POINTS = len(ARCHITECTURES) * len(EPOCHS) * len(BATCH_SIZES) * len(SCHEDULES)


def arguments(description, default=768):
    """A parser that knows `--trials N`."""
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--trials", type=int, default=default, help="a multiple of 24, at most 768, the whole sweep")
    return parser


def grid_arguments(description):
    """As `arguments`, for a program that walks a grid of its own; returns the number of replicates of the whole grid,
    and whether trials are to be empty."""
    parser = arguments(description)
    parser.add_argument("--empty", action="store_true", help="train nothing: what a trial costs in itself")
    given = parser.parse_args()
    replicates, rest = divmod(given.trials, POINTS)
    if rest or not 0 < replicates <= 8:
        raise SystemExit(f"the number of trials must be a multiple of {POINTS} up to 768, not {given.trials}")
    return replicates, given.empty


def show(peer, packages, trials, curves, seconds, **others):
    """One line of JSON: how long the training took, and what it came to. `packages` are names, or names and versions;
    `curves` holds each trial's validation loss after every epoch; `seconds` covers all training and evaluation, and
    neither imports nor compilation."""
    assert [len(curve) for curve in curves] == [trial.epochs for trial in trials]
    final = [float(curve[-1]) for curve in curves]
    of = {name: [loss for trial, loss in zip(trials, final) if trial.architecture == name] for name in ARCHITECTURES}
    json.dump({
        "peer": peer,
        "versions": packages if isinstance(packages, dict) else {package: version(package) for package in packages},
        "trials": len(trials),
        "steps": sum(trial.steps for trial in trials),
        "seconds": seconds,
        **others,
        "mean_validation_loss": {name: sum(losses) / len(losses) for name, losses in of.items()},
        "outcomes": [{**trial.settings(), "validation_loss": loss} for trial, loss in zip(trials, final)],
    }, sys.stdout)
    print()
    sys.stdout.flush()

