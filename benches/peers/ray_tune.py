"""Ray Tune: `grid_search` around the PyTorch loop on two CPUs, without a scheduler.

What favours it: workers are used again for the next trial, a trial reports once, and the loggers that write files for
each trial are off. `--empty` trains nothing and shows what a trial costs in itself."""

import os
import secrets

# A token of our own keeps Ray from leaving one in the home folder.
os.environ.update(RAY_USAGE_STATS_ENABLED="0", RAY_AIR_NEW_OUTPUT="0", TUNE_DISABLE_AUTO_CALLBACK_LOGGERS="1",
                  RAY_AUTH_TOKEN=secrets.token_hex(32))

import logging
import tempfile
import time

import ray
from ray import tune

from outcome import grid_arguments, show
from trials import ARCHITECTURES, BATCH_SIZES, EPOCHS, SCHEDULES, Trial


def objective(config):
    """One trial."""
    config = dict(config)
    empty, trial = config.pop("empty"), Trial(**config)
    if empty:
        tune.report({"curve": [0.0] * trial.epochs})
        return
    import pytorch_loop
    pytorch_loop.start()
    tune.report({"curve": pytorch_loop.train(trial)})


def main():
    replicates, empty = grid_arguments(__doc__)
    values = {"architecture": list(ARCHITECTURES), "batch_size": BATCH_SIZES, "epochs": EPOCHS, "schedule": SCHEDULES,
              "replicate": list(range(replicates))}
    space = {name: tune.grid_search(of) for name, of in values.items()}
    # Metrics are read from the trials themselves; that their files are missing is no news.
    logging.getLogger("ray.tune").setLevel(logging.ERROR)
    ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False, logging_level=logging.ERROR)
    with tempfile.TemporaryDirectory() as folder:
        tuner = tune.Tuner(
            tune.with_resources(objective, {"cpu": 1}), param_space={**space, "empty": empty},
            tune_config=tune.TuneConfig(reuse_actors=True),
            run_config=tune.RunConfig(storage_path=folder, verbose=0))
        begin = time.perf_counter()
        results = tuner.fit()
        seconds = time.perf_counter() - begin
    trials = [Trial(**{name: result.config[name] for name in values}) for result in results]
    curves = [result.metrics["curve"] for result in results]
    ray.shutdown()
    show("Ray Tune, grid_search", ["ray", "torch"], trials, curves, seconds, empty=empty)


if __name__ == "__main__":
    main()
