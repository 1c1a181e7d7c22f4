"""PyTorch on one core, networks that are wide enough for its matrix products: microseconds a step.

Adam and cross entropy over 10 classes on random data; prints one line of JSON per network and batch size."""

import json
import time

import torch

LAYERS = [[784, 128, 10], [64, 256, 256, 10]]
BATCH_SIZES = [32, 128]
STEPS, REPEATS = 200, 5


def network(layers):
    modules = []
    for inputs, outputs in zip(layers, layers[1:]):
        modules += [torch.nn.Linear(inputs, outputs), torch.nn.ReLU()]
    return torch.nn.Sequential(*modules[:-1])


def microseconds(layers, batch_size):
    """Microseconds a step, the mean of 200 steps, five times over."""
    model = network(layers)
    optimizer = torch.optim.Adam(model.parameters(), 0.01, fused=True)
    inputs, targets = torch.randn(STEPS * batch_size, layers[0]), torch.randint(layers[-1], (STEPS * batch_size,))
    batches = list(zip(inputs.split(batch_size), targets.split(batch_size)))
    figures = []
    for _ in range(1 + REPEATS):  # the first one warms up
        begin = time.perf_counter()
        for x, y in batches:
            optimizer.zero_grad(set_to_none=True)
            torch.nn.functional.cross_entropy(model(x), y).backward()
            optimizer.step()
        figures.append((time.perf_counter() - begin) / STEPS * 1e6)
    return figures[1:]


def main():
    torch.set_num_threads(1)
    torch.manual_seed(0)
    for layers in LAYERS:
        for batch_size in BATCH_SIZES:
            print(json.dumps({"peer": "PyTorch, a loop", "versions": {"torch": torch.__version__}, "layers": layers,
                              "batch_size": batch_size, "microseconds_a_step": microseconds(layers, batch_size)}))


if __name__ == "__main__":
    main()
