"""PyTorch, one trial after another in each of two processes with one thread each.

Rows are permuted once an epoch and cut into views, and Adam runs as one fused kernel, which took a third off each step.
Calling the functions of the layers without their modules took off another 10 to 20 %, but is no longer how PyTorch is
written."""

import time
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from multiprocessing import get_context

import torch

import splits
from outcome import arguments, show
from trials import BETAS, EPSILON, LEARNING_RATE, Rates, longest_first, stratified

PROCESSES = 2


def start():
    """What each process does once."""
    torch.set_num_threads(1)
    data()


@cache
def data():
    parts = ("train_inputs", "train_targets", "validation_inputs", "validation_targets")
    return [[torch.from_numpy(getattr(split, part)) for part in parts] for split in splits.read()]


def network(layers):
    modules = []
    for inputs, outputs in zip(layers, layers[1:]):
        linear = torch.nn.Linear(inputs, outputs)
        torch.nn.init.xavier_uniform_(linear.weight)
        torch.nn.init.zeros_(linear.bias)
        modules += [linear, torch.nn.ReLU()]
    return torch.nn.Sequential(*modules[:-1])


def train(trial):
    """The validation loss after each epoch."""
    torch.manual_seed(trial.seed)
    orders = iter(lambda: torch.randperm(len(data()[trial.replicate][0])), None)
    return train_network(trial, network(trial.layers), orders)


def train_network(trial, model, orders):
    """As `train`, with these initial weights, and the rows in these orders."""
    inputs, targets, validation_inputs, validation_targets = data()[trial.replicate]
    rates, curve = Rates(trial), []
    optimizer = torch.optim.Adam(model.parameters(), LEARNING_RATE, BETAS, EPSILON, fused=True)
    for _ in range(trial.epochs):
        optimizer.param_groups[0]["lr"] = rates.next()
        order = next(orders)
        for x, y in zip(inputs[order].split(trial.batch_size), targets[order].split(trial.batch_size)):
            optimizer.zero_grad(set_to_none=True)
            torch.nn.functional.mse_loss(model(x), y).backward()
            optimizer.step()
        with torch.inference_mode():
            curve.append(torch.nn.functional.mse_loss(model(validation_inputs), validation_targets).item())
        rates.observe(curve[-1])
    return curve


def main():
    trials = longest_first(stratified(arguments(__doc__).parse_args().trials))
    with ProcessPoolExecutor(PROCESSES, get_context("fork"), start) as executor:
        list(executor.map(time.sleep, [0.2] * PROCESSES))  # both processes have started
        begin = time.perf_counter()
        curves = list(executor.map(train, trials))
        seconds = time.perf_counter() - begin
    show("PyTorch, a loop", ["torch"], trials, curves, seconds)


if __name__ == "__main__":
    main()
