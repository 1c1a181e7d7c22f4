"""JAX: one compiled epoch per architecture and batch size, over 32 trials at once by vmap, scanning over its steps.

Two threads train a group of trials each; XLA's own threads do not help with matrices of this size. 32 trials at once
were as fast as 64; faster were: rows gathered once an epoch than once a step, random numbers by NumPy than by JAX,
batched matrix products than sums of products with the trials along the last axis."""

import os

os.environ.setdefault("XLA_FLAGS", "--xla_cpu_multi_thread_eigen=false")

import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import groupby

import jax
import jax.numpy as jnp
import numpy

import splits
from outcome import arguments, show
from trials import BETAS, EPSILON, Rates, stratified

THREADS = 2


def initial(layers, count, random):
    """Parameters of so many trials, both moments and the number of steps done."""
    weights = []
    for size in zip(layers, layers[1:]):
        limit = (6 / sum(size)) ** 0.5
        kernel = random.uniform(-limit, limit, (count, *size)).astype("f4")
        weights.append((kernel, numpy.zeros((count, size[1]), "f4")))
    zeros = jax.tree.map(numpy.zeros_like, weights)
    return weights, zeros, zeros, numpy.zeros(count, "f4")


def predict(weights, inputs):
    for kernel, bias in weights[:-1]:
        inputs = jax.nn.relu(inputs @ kernel + bias)
    kernel, bias = weights[-1]
    return inputs @ kernel + bias


def loss(weights, inputs, targets, counts):
    """The mean over the rows that count: the last batch of an epoch is filled up with rows that do not."""
    return (counts * (predict(weights, inputs) - targets)[:, 0] ** 2).sum() / counts.sum()


def epoch(batch_size, state, order, rate, inputs, targets, validation_inputs, validation_targets):
    """The state after an epoch, and the validation loss."""
    def step(state, batch):
        weights, first, second, done = state
        gradients, done = jax.grad(loss)(weights, *batch), done + 1
        first = jax.tree.map(lambda moment, g: BETAS[0] * moment + (1 - BETAS[0]) * g, first, gradients)
        second = jax.tree.map(lambda moment, g: BETAS[1] * moment + (1 - BETAS[1]) * g * g, second, gradients)
        first_share, second_share = 1 - BETAS[0] ** done, 1 - BETAS[1] ** done
        weights = jax.tree.map(
            lambda w, m, v: w - rate * (m / first_share) / (jnp.sqrt(v / second_share) + EPSILON),
            weights, first, second)
        return (weights, first, second, done), None

    rows = len(inputs)
    steps = -(-rows // batch_size)
    filling = steps * batch_size - rows
    order = jnp.concatenate([order, order[:filling]]).reshape(steps, batch_size)
    counts = (jnp.arange(steps * batch_size) < rows).astype(jnp.float32).reshape(steps, batch_size)
    state, _ = jax.lax.scan(step, state, (inputs[order], targets[order], counts))
    return state, jnp.mean((predict(state[0], validation_inputs) - validation_targets) ** 2)


class Group:
    """The trials of one architecture, batch size and length, trained at once."""

    def __init__(self, trials, data):
        self.trials = trials
        self.data = [jnp.stack([split[part] for split in (data[trial.replicate] for trial in trials)])
                     for part in range(4)]

    def shape(self):
        return tuple(self.trials[0].layers), self.trials[0].batch_size, len(self.trials)

    def compile(self):
        """The program that trains an epoch."""
        layers, batch_size, count = self.shape()
        random = numpy.random.default_rng(0)
        state, rates = initial(layers, count, random), numpy.zeros(count, "f4")
        train = jax.jit(jax.vmap(partial(epoch, batch_size)), donate_argnums=0)
        return train.lower(state, self.orders(random), rates, *self.data).compile()

    def orders(self, random):
        """The rows of every trial in random order."""
        rows = numpy.arange(self.data[0].shape[1], dtype="i4")
        return random.permuted(numpy.tile(rows, (len(self.trials), 1)), axis=1)

    def train(self, program):
        """The validation losses of each trial, epoch by epoch."""
        layers, batch_size, count = self.shape()
        random = numpy.random.default_rng(self.trials[0].seed)
        state = jax.device_put(initial(layers, count, random))
        rates, curves = [Rates(trial) for trial in self.trials], []
        for _ in range(self.trials[0].epochs):
            now = numpy.array([rate.next() for rate in rates], "f4")
            state, losses = program(state, self.orders(random), now, *self.data)
            curves.append(numpy.asarray(losses))
            for rate, value in zip(rates, curves[-1].tolist()):
                rate.observe(value)
        return numpy.stack(curves, 1).tolist()


def main():
    trials = stratified(arguments(__doc__).parse_args().trials)
    trials.sort(key=lambda trial: (-trial.steps, trial.architecture))
    data = [(split.train_inputs, split.train_targets, split.validation_inputs, split.validation_targets)
            for split in splits.read()]
    groups = [Group(list(group), data)
              for _, group in groupby(trials, lambda trial: (trial.steps, trial.architecture))]
    shapes = {group.shape(): group for group in groups}
    with ThreadPoolExecutor(THREADS) as executor:
        begin = time.perf_counter()
        programs = dict(zip(shapes, executor.map(Group.compile, shapes.values())))
        compiled = time.perf_counter()
        curves = list(executor.map(lambda group: group.train(programs[group.shape()]), groups))
        end = time.perf_counter()
    show("JAX, vmap and scan", ["jax", "jaxlib"], trials, [curve for group in curves for curve in group],
         end - compiled, compile_seconds=compiled - begin)


if __name__ == "__main__":
    main()
