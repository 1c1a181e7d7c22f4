"""PyTorch, all 64 trials of an architecture and batch size at once by torch.func.vmap, in two processes.

A step is made of small kernels and costs nearly the same for 64 trials as for one. So both lengths are trained
together, and the shorter trials leave when they end. Adam, whose rate differs from trial to trial, is written out
over the stacked parameters."""

import time
from concurrent.futures import ProcessPoolExecutor
from itertools import groupby
from multiprocessing import get_context

import torch
from torch.func import functional_call, grad, stack_module_state, vmap

from outcome import arguments, show
from pytorch_loop import data, network, start
from trials import BETAS, EPSILON, Rates, stratified

PROCESSES = 2


class Adam:
    """Over stacked parameters, with a rate for each trial; in place, all tensors in one call."""

    def __init__(self, weights):
        self.weights = weights
        self.first = [torch.zeros_like(weight) for weight in self.weights]
        self.second = [torch.zeros_like(weight) for weight in self.weights]
        self.done = 0

    def keep(self, count):
        """Lets all but the first trials go."""
        for tensors in (self.weights, self.first, self.second):
            tensors[:] = [tensor[:count].clone() for tensor in tensors]

    def step(self, gradients, rates):
        """`rates` holds one tensor [trials, 1, ...] per parameter."""
        self.done += 1
        torch._foreach_lerp_(self.first, gradients, 1 - BETAS[0])
        torch._foreach_mul_(self.second, BETAS[1])
        torch._foreach_addcmul_(self.second, gradients, gradients, 1 - BETAS[1])
        divisors = torch._foreach_sqrt(self.second)
        torch._foreach_div_(divisors, (1 - BETAS[1] ** self.done) ** 0.5)
        torch._foreach_add_(divisors, EPSILON)
        updates = torch._foreach_mul(self.first, rates)
        torch._foreach_addcdiv_(self.weights, updates, divisors, -1 / (1 - BETAS[0] ** self.done))


def train(trials):
    """The validation losses of each trial, epoch by epoch. The longer trials come first."""
    torch.manual_seed(trials[0].seed)
    model = network(trials[0].layers).to("meta")
    weights, _ = stack_module_state([network(trials[0].layers) for _ in trials])
    names, optimizer = list(weights), Adam([weight.detach() for weight in weights.values()])

    def loss(weights, x, y):
        return torch.nn.functional.mse_loss(functional_call(model, weights, (x,)), y)

    gradients, losses = vmap(grad(loss)), vmap(loss)
    rates, curves = [Rates(trial) for trial in trials], [[] for _ in trials]
    parts = [torch.stack(part) for part in zip(*(data()[trial.replicate] for trial in trials))]
    for epoch in range(trials[0].epochs):
        count = sum(trial.epochs > epoch for trial in trials)
        if count < len(parts[0]):
            optimizer.keep(count)
            parts = [part[:count] for part in parts]
        inputs, targets, validation_inputs, validation_targets = parts
        now = torch.tensor([rate.next() for rate in rates[:count]])
        now = [now.view(-1, *[1] * (weight.dim() - 1)) for weight in optimizer.weights]
        order = torch.rand(count, inputs.shape[1]).argsort(1)
        every = torch.arange(count)[:, None]
        weights = dict(zip(names, optimizer.weights))
        with torch.no_grad():
            batches = (part[every, order].split(trials[0].batch_size, 1) for part in (inputs, targets))
            for x, y in zip(*batches):
                optimizer.step(list(gradients(weights, x, y).values()), now)
            validation = losses(weights, validation_inputs, validation_targets).tolist()
        for curve, rate, value in zip(curves, rates, validation):
            curve.append(value)
            rate.observe(value)
    return curves


def main():
    trials = stratified(arguments(__doc__).parse_args().trials)
    trials.sort(key=lambda trial: (trial.batch_size, trial.architecture, -trial.epochs))
    groups = [list(group) for _, group in groupby(trials, lambda trial: (trial.batch_size, trial.architecture))]
    with ProcessPoolExecutor(PROCESSES, get_context("fork"), start) as executor:
        list(executor.map(time.sleep, [0.2] * PROCESSES))  # both processes have started
        begin = time.perf_counter()
        curves = list(executor.map(train, groups))
        seconds = time.perf_counter() - begin
    show("PyTorch, torch.func.vmap", ["torch"], trials, [curve for group in curves for curve in group], seconds)


if __name__ == "__main__":
    main()
