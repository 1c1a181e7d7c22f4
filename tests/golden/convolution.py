"""Golden trainings of convolutions: 25 steps per case, by PyTorch in f64, with the streams of train.py.

Images have their channels last; a kernel stands as Keras writes it, [row, column, channel, filter].

    python convolution.py > convolution.json
"""

import json
import math
import platform

import numpy
import torch
from torch.nn import functional

from train import BATCH, DROPOUT, INITIALIZE, ORDER, Stream

ROWS, VALIDATION_ROWS, EPOCHS, RATE = 72, 24, 5, 0.01
HEIGHT, WIDTH, CHANNELS, CLASSES = 7, 6, 2, 3

# A layer: ("conv", filters, kernel, stride, padding), ("pool", size, kind), ("dense", units).
CASES = {
    "valid_max": {"layers": [("conv", 4, 3, 1, "valid"), ("pool", 2, "max"), ("dense", 5)], "activation": "relu"},
    "same_average": {"layers": [("conv", 3, 3, 1, "same"), ("pool", 2, "average"), ("conv", 4, 2, 1, "same")],
                     "activation": "tanh", "l2": 0.01},
    "stride": {"layers": [("conv", 4, 3, 2, "same"), ("conv", 3, 2, 2, "valid"), ("dense", 4)],
               "activation": "silu", "dropout": 0.25},
    "batch_norm": {"layers": [("conv", 4, 3, 1, "valid"), ("pool", 2, "max"), ("dense", 5)], "activation": "tanh",
                   "normalization": "batch_norm"},
    "layer_norm": {"layers": [("conv", 4, 4, 1, "same"), ("pool", 3, "max"), ("dense", 5)], "activation": "tanh",
                   "normalization": "layer_norm"},
}


def data():
    """Inputs are multiples of 1/256 from -2 to 2; the class follows from a few pixels."""
    rows = numpy.arange(ROWS + VALIDATION_ROWS)
    columns = [(rows * rows * 31 + rows * 7919 + column * 104729 + column * column * 57) % 1025 - 512
               for column in range(HEIGHT * WIDTH * CHANNELS)]
    inputs = numpy.stack(columns, 1) / 256
    sums = inputs[:, 0] + inputs[:, 29]
    classes = numpy.where(sums < -0.5, 0, numpy.where(sums < 0.5, 1, 2))
    return torch.tensor(inputs), torch.tensor(classes)


def zeros(kernel, stride, side):
    """Before and after, as Keras pads to "same"."""
    total = max((-(-side // stride) - 1) * stride + kernel - side, 0)
    return total // 2, total - total // 2


def drawn(index, inputs, outputs, places):
    """Glorot uniform; an output is computed at so many places of what an input reaches."""
    stream, limit = Stream(INITIALIZE, index), math.sqrt(3 * (2 / (inputs + outputs * places)))
    values = [limit * (2 * stream.unit_f64() - 1) for _ in range(inputs * outputs)]
    return torch.tensor(numpy.float32(values).astype(float).reshape(inputs, outputs), requires_grad=True)


class Network:
    def __init__(self, case):
        self.case, self.weights, self.norms, self.sizes = case, [], [], []
        height, width, channels, flat = HEIGHT, WIDTH, CHANNELS, None
        for layer in [*case["layers"], ("dense", CLASSES)]:
            if layer[0] == "pool":
                height, width = height // layer[1], width // layer[1]
                continue
            if layer[0] == "conv":
                _, filters, kernel, stride, padding = layer
                inputs, outputs, places = kernel * kernel * channels, filters, kernel * kernel
                if padding == "same":
                    height, width = -(-height // stride), -(-width // stride)
                else:
                    height, width = (height - kernel) // stride + 1, (width - kernel) // stride + 1
                channels = filters
                self.sizes.append(height * width * channels)
            else:
                inputs, outputs, places = flat or height * width * channels, layer[1], 1
                flat = outputs
                self.sizes.append(outputs)
            index = len(self.weights) // 2
            self.weights += [drawn(index, inputs, outputs, places),
                             torch.zeros(outputs, dtype=torch.float64, requires_grad=True)]
            make = {"batch_norm": torch.nn.BatchNorm1d, "layer_norm": torch.nn.LayerNorm}
            if "normalization" in case:
                self.norms.append(make[case["normalization"]](outputs, eps=1e-5).double())
        self.norms, self.sizes = self.norms[:-1], self.sizes[:-1]

    def parameters(self):
        return self.weights + [parameter for norm in self.norms for parameter in norm.parameters()]

    def finish(self, values, index, masks):
        if self.norms:
            values = self.norms[index](values.reshape(-1, values.shape[-1])).reshape(values.shape)
        values = getattr(functional, self.case["activation"])(values)
        return values * masks[index].reshape(values.shape) if masks else values

    def forward(self, inputs, masks=()):
        values, index = inputs.reshape(-1, HEIGHT, WIDTH, CHANNELS), 0
        for layer in self.case["layers"]:
            first = values.permute(0, 3, 1, 2) if layer[0] != "dense" else None
            if layer[0] == "pool":
                pool = functional.max_pool2d if layer[2] == "max" else functional.avg_pool2d
                values = pool(first, layer[1]).permute(0, 2, 3, 1)
                continue
            kernel, bias = self.weights[2 * index:2 * index + 2]
            if layer[0] == "conv":
                _, filters, side, stride, padding = layer
                if padding == "same":
                    above, below = zeros(side, stride, first.shape[2])
                    left, right = zeros(side, stride, first.shape[3])
                    first = functional.pad(first, (left, right, above, below))
                kernel = kernel.reshape(side, side, -1, filters).permute(3, 2, 0, 1)
                values = functional.conv2d(first, kernel, bias, stride).permute(0, 2, 3, 1)
            else:
                values = values.reshape(len(values), -1) @ kernel + bias
            values, index = self.finish(values, index, masks), index + 1
        return values.reshape(len(values), -1) @ self.weights[-2] + self.weights[-1]


def train(case, name):
    inputs, classes = data()
    network, share = Network(case), case.get("dropout", 0)
    optimizer = {"momentum": lambda w: torch.optim.SGD(w, RATE, momentum=0.8),
                 "adam": lambda w: torch.optim.Adam(w, RATE, betas=(0.9, 0.999), eps=1e-8)}[name](network.parameters())
    for epoch in range(EPOCHS):
        order, stream, running = Stream(ORDER, epoch).permutation(ROWS), Stream(DROPOUT, epoch), 0
        for start in range(0, ROWS, BATCH):
            rows = order[start:start + BATCH]
            masks = [torch.tensor(numpy.float32(
                [0 if stream.unit_f32() < share else 1 / (1 - share) for _ in range(len(rows) * size)]).astype(float))
                for size in network.sizes] if share else []
            optimizer.zero_grad()
            loss = functional.cross_entropy(network.forward(inputs[rows], masks), classes[rows])
            penalty = case.get("l2", 0) * sum((kernel**2).sum() for kernel in network.weights[::2])
            (loss + penalty).backward()
            optimizer.step()
            running += loss.item() * len(rows) / ROWS
    for norm in network.norms:
        norm.eval()
    with torch.no_grad():
        outputs = network.forward(inputs)
    tensors = []
    for index in range(0, len(network.weights), 2):
        tensors += network.weights[index:index + 2]
        for norm in network.norms[index // 2:index // 2 + 1]:
            tensors += [norm.weight, norm.bias]
            tensors += [norm.running_mean, norm.running_var] if hasattr(norm, "running_mean") else []
    return {
        "train_loss_running": running,
        "train_loss": functional.cross_entropy(outputs[:ROWS], classes[:ROWS]).item(),
        "validation_loss": functional.cross_entropy(outputs[ROWS:], classes[ROWS:]).item(),
        "validation_metric": (outputs.argmax(1) == classes)[ROWS:].double().mean().item(),
        "weights": [float(f"{number:.9g}") for tensor in tensors for number in tensor.detach().numpy().ravel()],
    }


def main():
    results = [{"case": name, "optimizer": optimizer, **train(case, optimizer)}
               for name, case in CASES.items() for optimizer in ["momentum", "adam"]]
    programs = {"python": platform.python_version(), "torch": torch.__version__, "numpy": numpy.__version__}
    body = ",\n".join(json.dumps(entry) for entry in results)
    print(f'{{"programs": {json.dumps(programs)},\n"results": [\n{body}\n]}}')


if __name__ == "__main__":
    main()
