"""Golden trainings for the engines: 50 steps per case and optimiser, by PyTorch and by NumPy, all in f64.

The random streams, the initial weights, the order of the rows and the dropout masks are made here again from their
definitions, so that the Rust code shares nothing with this script but the definitions. The torch forms of the
optimisers are PyTorch's own, with its automatic differentiation; the Keras forms are the formulas of Keras 3.15,
with derivatives by hand. Batch and layer normalisation and clipping by value and by global norm are PyTorch's own too;
their Keras forms and clipping by norm are formulas.

    python train.py > train.json
"""

import json
import math
import platform

import numpy
import torch

SEED, REPLICATE = 42 + (7 << 32), 3
ROWS, VALIDATION_ROWS, BATCH, EPOCHS = 72, 24, 16, 10
INITIALIZE, ORDER, DROPOUT, DROP_CONNECT = 3, 4, 5, 6
WORD = 0xFFFFFFFF


class Stream:
    """Philox4x32-10; the key is the seed, the counter is (block, part, purpose, replicate)."""

    def __init__(self, purpose, part):
        self.name, self.block, self.words = (part, purpose, REPLICATE), 0, []

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

    def unit_f32(self):
        return (self.u32() >> 8) / 2**24

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


def data():
    """Inputs are multiples of 1/256 from -2 to 2, so that every figure is exact in f32."""
    rows = numpy.arange(ROWS + VALIDATION_ROWS)
    inputs = numpy.stack([(rows * rows * 31 + rows * 7919 + column * 104729) % 1025 - 512 for column in range(4)], 1)
    inputs = inputs / 256
    sums = inputs[:, 0] + inputs[:, 1]
    return inputs, {
        "numbers": (inputs[:, 0] - inputs[:, 1] / 2 + inputs[:, 2] * inputs[:, 3] / 4)[:, None],
        "three": numpy.where(sums < -0.5, 0, numpy.where(sums < 0.5, 1, 2)),
        "two": (sums > 0).astype(int),
    }


CASES = {
    "relu_mse": {"layers": [4, 8, 4, 1], "activation": "relu", "loss": "mse", "targets": "numbers", "dropout": 0},
    "tanh_huber_dropout": {"layers": [4, 6, 5, 1], "activation": "tanh", "loss": "huber", "targets": "numbers",
                           "dropout": 0.25},
    "gelu_cross_entropy": {"layers": [4, 8, 3], "activation": "gelu", "loss": "cross_entropy", "targets": "three",
                           "dropout": 0},
    "log_cosh": {"layers": [4, 8, 4, 1], "activation": "tanh", "loss": "log_cosh", "targets": "numbers", "dropout": 0},
    "silu_binary": {"layers": [4, 8, 1], "activation": "silu", "loss": "binary_cross_entropy", "targets": "two",
                    "dropout": 0},
}
CASES |= {name: {**CASES["relu_mse"], "activation": name} for name in ["gelu_tanh", "selu", "identity"]}
CLASSES = {"layers": [4, 8, 4, 3], "activation": "tanh", "loss": "cross_entropy", "targets": "three", "dropout": 0}
CASES |= {
    "smoothed": {**CLASSES, "smoothing": 0.1},
    "weighted": {**CLASSES, "weights": [0.5, 2.0, 1.25]},
    "smoothed_weighted": {**CLASSES, "smoothing": 0.2, "weights": [0.5, 2.0, 1.25]},
    "smoothed_binary": {**CASES["silu_binary"], "smoothing": 0.1},
    "weighted_binary": {**CASES["silu_binary"], "weights": [0.5, 3.0]},
}
NORMALIZED = {**CASES["relu_mse"], "activation": "tanh"}
CASES |= {
    "batch_norm": {**NORMALIZED, "normalization": "batch_norm"},
    "keras_batch_norm": {**NORMALIZED, "normalization": "keras_batch_norm"},
    "layer_norm": {**NORMALIZED, "normalization": "layer_norm"},
    "layer_norm_dropout": {**CASES["tanh_huber_dropout"], "normalization": "layer_norm"},
    "l2": {**CASES["relu_mse"], "l2": 0.01},
    "drop_connect": {**CASES["relu_mse"], "drop_connect": 0.2},
    "drop_connect_and_more": {**CASES["tanh_huber_dropout"], "normalization": "layer_norm", "l2": 0.01,
                              "clip": ("norm", 0.1), "drop_connect": 0.2},
    "clip_value": {**CASES["relu_mse"], "clip": ("value", 0.05)},
    "clip_norm": {**CASES["relu_mse"], "clip": ("norm", 0.1)},
    "clip_global_norm": {**CASES["relu_mse"], "clip": ("global_norm", 0.2)},
    "keras_clip_global_norm": {**CASES["relu_mse"], "clip": ("keras_global_norm", 0.2)},
    "batch_norm_l2_clip_norm": {**NORMALIZED, "normalization": "batch_norm", "l2": 0.02, "clip": ("norm", 0.1)},
}

TORCH_OPTIMIZERS = {
    "sgd": lambda w: torch.optim.SGD(w, 0.05),
    "momentum": lambda w: torch.optim.SGD(w, 0.05, momentum=0.8),
    "momentum_dampening": lambda w: torch.optim.SGD(w, 0.05, momentum=0.8, dampening=0.3),
    "nesterov": lambda w: torch.optim.SGD(w, 0.05, momentum=0.8, nesterov=True),
    "adam": lambda w: torch.optim.Adam(w, 0.05, betas=(0.9, 0.999), eps=1e-8),
    "amsgrad": lambda w: torch.optim.Adam(w, 0.05, betas=(0.9, 0.9), eps=1e-8, amsgrad=True),
    "adamw": lambda w: torch.optim.AdamW(w, 0.05, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.1),
    "rmsprop": lambda w: torch.optim.RMSprop(w, 0.05, alpha=0.99, eps=1e-8),
    "adagrad": lambda w: torch.optim.Adagrad(w, 0.05, eps=1e-10),
    "rmsprop_centered": lambda w: torch.optim.RMSprop(w, 0.05, alpha=0.99, eps=1e-8, momentum=0.5, centered=True),
}

class KerasBatchNorm(torch.nn.Module):
    """As Keras 3.15: epsilon 1e-3, momentum 0.99, and the biased variance also in the moving one."""

    def __init__(self, units):
        super().__init__()
        self.weight = torch.nn.Parameter(torch.ones(units))
        self.bias = torch.nn.Parameter(torch.zeros(units))
        self.register_buffer("running_mean", torch.zeros(units))
        self.register_buffer("running_var", torch.ones(units))

    def forward(self, values):
        mean, variance = self.running_mean, self.running_var
        if self.training:
            mean = values.mean(0)
            variance = (values**2).mean(0) - mean**2
            self.running_mean = 0.99 * self.running_mean + 0.01 * mean.detach()
            self.running_var = 0.99 * self.running_var + 0.01 * variance.detach()
        return self.weight * (values - mean) / torch.sqrt(variance + 1e-3) + self.bias


NORMALIZERS = {
    "batch_norm": lambda units: torch.nn.BatchNorm1d(units, eps=1e-5, momentum=0.1),
    "keras_batch_norm": KerasBatchNorm,
    "layer_norm": lambda units: torch.nn.LayerNorm(units, eps=1e-5),
}

OPTIMIZERS_OF_CASE = {
    "relu_mse": list(TORCH_OPTIMIZERS),
    "batch_norm": ["sgd", "momentum", "adam", "adamw"],
    "layer_norm": ["sgd", "adam", "rmsprop"],
    "drop_connect": ["sgd", "momentum", "adam", "adamw"],
    "l2": ["sgd", "nesterov", "adam", "adamw"],
    "clip_value": ["momentum", "adam", "adamw"],
    "clip_norm": ["momentum", "adam", "rmsprop"],
    "clip_global_norm": ["momentum", "nesterov", "adamw"],
    "batch_norm_l2_clip_norm": ["nesterov", "adamw"],
}

KERAS_OPTIMIZERS = ["keras_momentum", "keras_nesterov", "keras_adam", "keras_adamw", "keras_rmsprop",
                    "keras_rmsprop_centered", "keras_adagrad"]


def first_rate(optimizer):
    """Low for RMSprop, whose first steps are up to ten times the rate and would amplify f32's rounding."""
    return 0.005 if "rmsprop" in optimizer else 0.05


def rate(optimizer, epoch):
    """Halved in the middle, where the two forms of momentum part. Rounded to f32, as the engine takes it."""
    return float(numpy.float32(first_rate(optimizer) / (1 if epoch < EPOCHS // 2 else 2)))


def initial(layers):
    """Glorot uniform, row-major [in, out]; biases 0."""
    weights = []
    for index, (inputs, outputs) in enumerate(zip(layers, layers[1:])):
        stream, limit = Stream(INITIALIZE, index), math.sqrt(3 * (2 / (inputs + outputs)))
        drawn = [limit * (2 * stream.unit_f64() - 1) for _ in range(inputs * outputs)]
        weights += [numpy.float32(drawn).astype(float).reshape(inputs, outputs), numpy.zeros(outputs)]
    return weights


def batches(case, epoch):
    """Rows and dropout masks of every step of an epoch."""
    order, stream = Stream(ORDER, epoch).permutation(ROWS), Stream(DROPOUT, epoch)
    for start in range(0, ROWS, BATCH):
        rows, masks = order[start:start + BATCH], []
        for units in case["layers"][1:-1] if case["dropout"] else []:
            drawn = [0 if stream.unit_f32() < case["dropout"] else 1 / (1 - case["dropout"])
                     for _ in range(len(rows) * units)]
            masks.append(numpy.float32(drawn).astype(float).reshape(len(rows), units))
        yield rows, masks


def connections(case, epoch):
    """Masks of the weights into hidden layers, step by step without end; none without drop_connect."""
    rate, stream = case.get("drop_connect", 0), Stream(DROP_CONNECT, epoch)
    while True:
        masks = []
        for inputs, outputs in zip(case["layers"], case["layers"][1:-1]) if rate else []:
            drawn = [0 if stream.unit_f32() < rate else 1 / (1 - rate) for _ in range(inputs * outputs)]
            masks.append(torch.tensor(numpy.float32(drawn).astype(float).reshape(inputs, outputs)))
        yield masks


def normalizers(case):
    """One a hidden layer, in training mode."""
    make = NORMALIZERS.get(case.get("normalization"))
    return [make(units).double() for units in case["layers"][1:-1]] if make else []


def activate(name, values):
    match name:
        case "gelu_tanh":
            return torch.nn.functional.gelu(values, approximate="tanh")
        case "identity":
            return values
    return getattr(torch.nn.functional, name)(values)


def torch_forward(case, weights, inputs, masks=(), norms=(), connected=()):
    values = inputs
    for index in range(0, len(weights), 2):
        kernel = weights[index] * connected[index // 2] if index // 2 < len(connected) else weights[index]
        values = values @ kernel + weights[index + 1]
        if index + 2 < len(weights):
            values = norms[index // 2](values) if norms else values
            values = activate(case["activation"], values)
            if masks:
                values = values * torch.tensor(masks[index // 2])
    return values


def torch_loss(case, outputs, targets):
    functional = torch.nn.functional
    match case["loss"]:
        case "mse":
            return functional.mse_loss(outputs, targets)
        case "huber":
            return functional.huber_loss(outputs, targets, delta=0.7)
        case "log_cosh":
            return torch.log(torch.cosh(outputs - targets)).mean()
        case "cross_entropy":
            return functional.cross_entropy(outputs, targets)
        case "binary_cross_entropy":
            return functional.binary_cross_entropy_with_logits(outputs[:, 0], targets.double())


def torch_objective(case, outputs, targets):
    """What is minimised: with smoothed labels, and each row weighted by its class."""
    functional, smoothing = torch.nn.functional, case.get("smoothing", 0)
    if case["loss"] not in ("cross_entropy", "binary_cross_entropy"):
        return torch_loss(case, outputs, targets)
    if case["loss"] == "cross_entropy":
        losses = functional.cross_entropy(outputs, targets, reduction="none", label_smoothing=smoothing)
    else:
        soft = targets.double() * (1 - smoothing) + smoothing / 2
        losses = functional.binary_cross_entropy_with_logits(outputs[:, 0], soft, reduction="none")
    weights = torch.tensor(case.get("weights", [1.0] * 3), dtype=torch.float64)[targets]
    return (weights * losses).sum() / weights.sum()


def clip(case, parameters):
    by, at = case.get("clip", (None, None))
    match by:
        case "value":
            torch.nn.utils.clip_grad_value_(parameters, at)
        case "global_norm":
            torch.nn.utils.clip_grad_norm_(parameters, at)
        case "norm" | "keras_global_norm":
            norms = [parameter.grad.pow(2).sum() for parameter in parameters]
            for parameter, norm in zip(parameters, norms):
                norm = math.sqrt(norm if by == "norm" else sum(norms))
                parameter.grad *= min(1, at / norm) if norm > 0 else 1


def train_by_torch(case, name):
    inputs, targets = data()
    inputs, targets = torch.tensor(inputs), torch.tensor(targets[case["targets"]])
    weights = [torch.tensor(value, requires_grad=True) for value in initial(case["layers"])]
    norms = normalizers(case)
    parameters = weights + [parameter for norm in norms for parameter in norm.parameters()]
    optimizer = TORCH_OPTIMIZERS[name](parameters)
    for epoch in range(EPOCHS):
        optimizer.param_groups[0]["lr"] = rate(name, epoch)
        running = 0
        for (rows, masks), connected in zip(batches(case, epoch), connections(case, epoch)):
            optimizer.zero_grad()
            outputs = torch_forward(case, weights, inputs[rows], masks, norms, connected)
            loss = torch_loss(case, outputs, targets[rows])
            penalty = case.get("l2", 0) * sum((kernel**2).sum() for kernel in weights[::2])
            (torch_objective(case, outputs, targets[rows]) + penalty).backward()
            clip(case, parameters)
            optimizer.step()
            running += loss.item() * len(rows) / ROWS
    return [value.detach().numpy() for value in weights], running, norms


def by_hand(weights, inputs, targets):
    """Loss and gradients of relu and mse."""
    values, kept = inputs, [inputs]
    for index in range(0, len(weights), 2):
        values = values @ weights[index] + weights[index + 1]
        if index + 2 < len(weights):
            values = numpy.maximum(values, 0)
        kept.append(values)
    error, gradients = values - targets, []
    back = 2 * error / error.size
    for index in range(len(weights) - 2, -1, -2):
        below = kept[index // 2]
        gradients = [below.T @ back, back.sum(0), *gradients]
        back = back @ weights[index].T * (below > 0)
    return (error * error).mean(), gradients


def keras_step(name, step, eta, weight, gradient, memory):
    """One step of one parameter, as Keras 3.15 has it; 1 - beta^t in f64."""
    if name in ("keras_momentum", "keras_nesterov"):
        memory["m"] = 0.8 * memory.get("m", 0) - eta * gradient
        return weight + (0.8 * memory["m"] - eta * gradient if name == "keras_nesterov" else memory["m"])
    if name in ("keras_adam", "keras_adamw"):
        if name == "keras_adamw":
            weight = weight - weight * 0.1 * eta
        memory["m"] = memory.get("m", 0) + (gradient - memory.get("m", 0)) * (1 - 0.9)
        memory["v"] = memory.get("v", 0) + (gradient**2 - memory.get("v", 0)) * (1 - 0.999)
        alpha = eta * math.sqrt(1 - 0.999**step) / (1 - 0.9**step)
        return weight - memory["m"] * alpha / (numpy.sqrt(memory["v"]) + 1e-7)
    if name == "keras_adagrad":
        memory["a"] = memory.get("a", 0.1) + gradient**2
        return weight - eta * gradient / numpy.sqrt(memory["a"] + 1e-7)
    centered = name == "keras_rmsprop_centered"
    memory["v"] = 0.9 * memory.get("v", 0) + (1 - 0.9) * gradient**2
    memory["a"] = 0.9 * memory.get("a", 0) + (1 - 0.9) * gradient
    denominator = memory["v"] - (memory["a"]**2 if centered else 0) + 1e-7
    memory["b"] = (0.5 if centered else 0) * memory.get("b", 0) + eta * gradient / numpy.sqrt(denominator)
    return weight - memory["b"]


def train_by_hand(case, name):
    inputs, targets = data()
    targets, weights, step = targets[case["targets"]], initial(case["layers"]), 0
    memories = [{} for _ in weights]
    for epoch in range(EPOCHS):
        running = 0
        for rows, _ in batches(case, epoch):
            step += 1
            loss, gradients = by_hand(weights, inputs[rows], targets[rows])
            weights = [keras_step(name, step, rate(name, epoch), *parameter)
                       for parameter in zip(weights, gradients, memories)]
            running += loss * len(rows) / ROWS
    return weights, running


def flat(weights, norms):
    """Layer by layer: weights, biases, and of a normalised one gamma, beta, and the moving mean and variance, if any."""
    tensors = []
    for index in range(0, len(weights), 2):
        tensors += weights[index:index + 2]
        for norm in norms[index // 2:index // 2 + 1]:
            tensors += [norm.weight, norm.bias]
            tensors += [norm.running_mean, norm.running_var] if hasattr(norm, "running_mean") else []
    return [number for value in tensors for number in torch.as_tensor(value).detach().numpy().ravel()]


def result(name, optimizer, weights, running, norms=()):
    case, (inputs, targets) = CASES[name], data()
    inputs, targets = torch.tensor(inputs), torch.tensor(targets[case["targets"]])
    for norm in norms:
        norm.eval()
    with torch.no_grad():
        outputs = torch_forward(case, [torch.tensor(value) for value in weights], inputs, norms=norms)
    if case["targets"] == "numbers":
        metric = (outputs - targets).abs()[ROWS:].mean()
    else:
        predicted = outputs.argmax(1) if case["targets"] == "three" else (outputs[:, 0] > 0).long()
        metric = (predicted == targets)[ROWS:].double().mean()
    return {
        "case": name,
        "optimizer": optimizer,
        "first_rate": first_rate(optimizer),
        "train_loss_running": running,
        "train_loss": torch_loss(case, outputs[:ROWS], targets[:ROWS]).item(),
        "validation_loss": torch_loss(case, outputs[ROWS:], targets[ROWS:]).item(),
        "validation_metric": metric.item(),
        "weights": [float(f"{number:.9g}") for number in flat(weights, norms)],
    }


def main():
    results = []
    for name, case in CASES.items():
        for optimizer in OPTIMIZERS_OF_CASE.get(name, ["momentum", "adam"]):
            results.append(result(name, optimizer, *train_by_torch(case, optimizer)))
    for optimizer in KERAS_OPTIMIZERS:
        results.append(result("relu_mse", optimizer, *train_by_hand(CASES["relu_mse"], optimizer)))
    by_torch = train_by_torch(CASES["relu_mse"], "sgd")[0]
    gradients = by_hand(by_torch, data()[0][:ROWS], data()[1]["numbers"][:ROWS])[1]
    tracked = [torch.tensor(value, requires_grad=True) for value in by_torch]
    torch_loss(CASES["relu_mse"], torch_forward(CASES["relu_mse"], tracked, torch.tensor(data()[0][:ROWS])),
               torch.tensor(data()[1]["numbers"][:ROWS])).backward()
    assert all(numpy.allclose(a, b.grad.numpy(), rtol=1e-12, atol=1e-14) for a, b in zip(gradients, tracked))
    programs = {"python": platform.python_version(), "torch": torch.__version__, "numpy": numpy.__version__}
    body = ",\n".join(json.dumps(entry) for entry in results)
    print(f'{{"programs": {json.dumps(programs)},\n"results": [\n{body}\n]}}')


if __name__ == "__main__":
    main()
