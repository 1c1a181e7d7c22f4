"""The trials of `sweeps/width_vs_depth.toml`, and what each of them asks for."""

import itertools
import math
from dataclasses import asdict, dataclass
from zlib import crc32

ARCHITECTURES = {
    "baseline": [4, 8, 4, 1],
    "wide": [4, 16, 8, 1],
    "deep": [4, 4, 8, 8, 4, 1],
    "wide_deep": [4, 8, 16, 16, 8, 1],
}
EPOCHS = [10, 30]
BATCH_SIZES = [16, 32, 64]
SCHEDULES = ["constant", "step", "cosine", "reduce_on_plateau"]
REPLICATES = range(8)
TRAIN_ROWS = 1200

LEARNING_RATE, BETAS, EPSILON = 0.01, (0.9, 0.999), 1e-8
PLATEAU_FACTOR, PLATEAU_PATIENCE, PLATEAU_MIN_DELTA = 0.5, 3, 1e-4


@dataclass(frozen=True)
class Trial:
    """One training; `settings` names it in every language."""

    architecture: str
    batch_size: int
    epochs: int
    schedule: str
    replicate: int

    @property
    def layers(self):
        return ARCHITECTURES[self.architecture]

    @property
    def steps_per_epoch(self):
        return math.ceil(TRAIN_ROWS / self.batch_size)

    @property
    def steps(self):
        return self.epochs * self.steps_per_epoch

    @property
    def seed(self):
        """Another one for each trial, the same in every run; 31 bits, which every library takes."""
        return crc32(repr(self).encode()) >> 1

    def settings(self):
        return asdict(self)


def stratified(count):
    """So many trials, a multiple of 24: each architecture and batch size has as many, half of them with 10 epochs and
    half with 30, and their schedules and replicates are spread evenly. All 768 are the whole sweep."""
    cells = list(itertools.product(ARCHITECTURES, BATCH_SIZES))
    each, rest = divmod(count, len(cells))
    if rest or each % len(EPOCHS) or not 0 < each <= len(EPOCHS) * len(SCHEDULES) * len(REPLICATES):
        raise SystemExit(f"the number of trials must be a multiple of 24 up to 768, not {count}")
    return [
        Trial(architecture, batch_size, EPOCHS[index % 2], SCHEDULES[(index // 2 + cell) % 4],
              REPLICATES[(index // 8 + cell) % 8])
        for cell, (architecture, batch_size) in enumerate(cells)
        for index in range(each)
    ]


def longest_first(trials):
    """Two processes that take trials in this order end at nearly the same time."""
    return sorted(trials, key=lambda trial: -trial.steps)


class Rates:
    """The rate of each epoch of a trial, asked once an epoch; `observe` takes the validation loss that ends it.

    `reduce_on_plateau` is Keras' rule, not PyTorch's: the loss must fall by an absolute 1e-4, and the rate is cut
    after the third epoch without."""

    def __init__(self, trial):
        self.trial, self.epoch, self.rate, self.best, self.wait = trial, 0, LEARNING_RATE, math.inf, 0

    def next(self):
        return rate_at(self.trial.schedule, self.epoch, self.trial.epochs, self.rate)

    def observe(self, validation_loss):
        self.epoch += 1
        if validation_loss < self.best - PLATEAU_MIN_DELTA:
            self.best, self.wait = validation_loss, 0
            return
        self.wait += 1
        if self.wait >= PLATEAU_PATIENCE:
            self.rate, self.wait = self.rate * PLATEAU_FACTOR, 0


def rate_at(schedule, epoch, epochs, plateau_rate):
    """The learning rate of an epoch."""
    match schedule:
        case "constant":
            return LEARNING_RATE
        case "step":
            return LEARNING_RATE * 0.5 ** (epoch // 10)
        case "cosine":
            return LEARNING_RATE * 0.5 * (1 + math.cos(math.pi * epoch / epochs))
        case _:
            return plateau_rate
