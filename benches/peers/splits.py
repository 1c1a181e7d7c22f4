"""The rows of every replicate of `sweeps/width_vs_depth.toml`, made again from their definitions.

Nothing is shared with the Rust code but the definitions: random streams (Philox4x32-10), the sample of 2,000 rows, the
cut into training, validation and test rows, and the scaling. `same_training.py` checks them against swath's figures.
Every peer reads the files that `write` leaves, so that preparing data is no part of any figure.

    python splits.py      # writes target/peers/splits
"""

import csv
import math
from dataclasses import dataclass
from pathlib import Path

import numpy

PROJECT = Path(__file__).resolve().parents[2]
FOLDER = PROJECT / "target" / "peers" / "splits"

SEED, REPLICATES = 7, 8
ROWS, TEST_ROWS, VALIDATION_ROWS = 2000, 400, 400
SAMPLE, SPLIT, INITIALIZE, ORDER = 1, 2, 3, 4
WORD = 0xFFFFFFFF

ORDINAL = {
    "cut": ["Fair", "Good", "Very Good", "Premium", "Ideal"],
    "color": ["J", "I", "H", "G", "F", "E", "D"],
    "clarity": ["I1", "SI2", "SI1", "VS2", "VS1", "VVS2", "VVS1", "IF"],
}


class Stream:
    """Philox4x32-10; the key is the seed, the counter is (block, part, purpose, replicate)."""

    def __init__(self, replicate, purpose, part):
        self.name, self.block, self.words = (part, purpose, replicate), 0, []

    def u32(self):
        if not self.words:
            counter, key = [self.block, *self.name], [SEED & WORD, SEED >> 32]
            for _ in range(10):
                first, second = counter[0] * 0xD2511F53, counter[2] * 0xCD9E8D57
                counter = [(second >> 32) ^ counter[1] ^ key[0], second & WORD,
                           (first >> 32) ^ counter[3] ^ key[1], first & WORD]
                key = [(key[0] + 0x9E3779B9) & WORD, (key[1] + 0xBB67AE85) & WORD]
            self.block, self.words = self.block + 1, counter
        return self.words.pop(0)

    def unit_f64(self):
        high, low = self.u32(), self.u32()
        return ((high << 32 | low) >> 11) / 2**53

    def below(self, bound):
        while True:
            product = self.u32() * bound
            if product & WORD >= (2**32 - bound) % bound:
                return product >> 32

    def permutation(self, count):
        order = list(range(count))
        for last in range(count - 1, 0, -1):
            chosen = self.below(last + 1)
            order[last], order[chosen] = order[chosen], order[last]
        return order


@dataclass(frozen=True)
class Split:
    """Scaled rows, float32: inputs [rows, 4], targets [rows, 1]."""

    train_inputs: numpy.ndarray
    train_targets: numpy.ndarray
    validation_inputs: numpy.ndarray
    validation_targets: numpy.ndarray


def columns():
    """carat, cut, color, clarity and the logarithm of the price of every diamond, float64."""
    with open(PROJECT / "data" / "diamonds.csv", newline="") as file:
        rows = list(csv.DictReader(file))
    words = {name: {word: code for code, word in enumerate(order)} for name, order in ORDINAL.items()}
    return numpy.array([[float(row["carat"]), *(words[name][row[name]] for name in ORDINAL),
                         math.log(float(row["price"]))] for row in rows])


def cuts(rows):
    """Training and validation rows of each replicate, ascending numbers into the sample; the test rows are left out."""
    test = set(Stream(0, SPLIT, 0).permutation(rows)[:TEST_ROWS])
    rest = [row for row in range(rows) if row not in test]
    for replicate in range(REPLICATES):
        order = Stream(replicate, SPLIT, 1).permutation(len(rest))
        validation = sorted(rest[index] for index in order[:VALIDATION_ROWS])
        train = sorted(rest[index] for index in order[VALIDATION_ROWS:])
        yield train, validation


def write():
    """Writes `train-R.f32` and `validation-R.f32`: rows of five little-endian float32, four inputs and the target."""
    table = columns()
    table = table[sorted(Stream(0, SAMPLE, 0).permutation(len(table))[:ROWS])]
    FOLDER.mkdir(parents=True, exist_ok=True)
    for replicate, (train, validation) in enumerate(cuts(ROWS)):
        mean, deviation = table[train].mean(0), table[train].std(0)
        for name, rows in (("train", train), ("validation", validation)):
            scaled = ((table[rows] - mean) / deviation).astype("<f4")
            scaled.tofile(FOLDER / f"{name}-{replicate}.f32")


def read():
    """The split of each replicate, in order."""
    def part(name, replicate):
        rows = numpy.fromfile(FOLDER / f"{name}-{replicate}.f32", "<f4").reshape(-1, 5)
        return numpy.ascontiguousarray(rows[:, :4]), numpy.ascontiguousarray(rows[:, 4:])

    return [Split(*part("train", replicate), *part("validation", replicate)) for replicate in range(REPLICATES)]


if __name__ == "__main__":
    write()
