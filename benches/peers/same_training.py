"""Whether the peers train what swath trains: the PyTorch loop with swath's random numbers against swath's record.

The initial weights and the order of the rows are drawn from their definitions, the rows are those that every peer
reads, and the rest is the network, the optimiser and the schedules of `pytorch_loop.py`. The validation loss after
each epoch must then be swath's, trial by trial, but for the rounding of float32. That grows while a training goes on,
so the first epochs tell the most.

    python same_training.py results/width_vs_depth --trials 24
"""

import math
import statistics
from pathlib import Path

import torch

import pytorch_loop
import record
from outcome import arguments
from splits import INITIALIZE, ORDER, Stream
from trials import stratified

TOLERANCE = 1e-4


def swath_network(layers, replicate):
    """The network of the loop, with the initial weights that swath draws."""
    model = pytorch_loop.network(layers)
    for index, (inputs, outputs) in enumerate(zip(layers, layers[1:])):
        stream, limit = Stream(replicate, INITIALIZE, index), math.sqrt(3 * (2 / (inputs + outputs)))
        drawn = [limit * (2 * stream.unit_f64() - 1) for _ in range(inputs * outputs)]
        with torch.no_grad():
            model[2 * index].weight.copy_(torch.tensor(drawn).reshape(inputs, outputs).T)
    return model


def swath_orders(replicate, rows):
    """The order of the training rows, epoch after epoch."""
    epoch = 0
    while True:
        yield torch.tensor(Stream(replicate, ORDER, epoch).permutation(rows))
        epoch += 1


def main():
    parser = arguments(__doc__, default=24)
    parser.add_argument("folder", type=Path, help="what swath left, as results/width_vs_depth")
    given = parser.parse_args()
    curves, first, last = record.curves(given.folder), [], []
    for trial in stratified(given.trials):
        model = swath_network(trial.layers, trial.replicate)
        orders = swath_orders(trial.replicate, len(pytorch_loop.data()[trial.replicate][0]))
        ours, theirs = pytorch_loop.train_network(trial, model, orders), curves[trial]
        away = [abs(a - b) / b for a, b in zip(ours, theirs)]
        first.append(away[0])
        last.append(away[-1])
    print(f"{len(first)} trials; relative difference of the validation loss, median and largest:")
    print(f"after the first epoch {statistics.median(first):.1e} {max(first):.1e}")
    print(f"after the last epoch  {statistics.median(last):.1e} {max(last):.1e}")
    if max(first) > TOLERANCE:
        raise SystemExit("the trainings differ")


if __name__ == "__main__":
    main()
