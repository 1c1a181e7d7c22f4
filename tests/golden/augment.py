"""Augmented training rows by NumPy and SciPy in f64, from the definitions alone: see README.md.

Random streams (Philox 4x32-10), what each word of them decides, turned pictures (`scipy.ndimage.affine_transform`), noise
and mixtures. Nothing is shared with the Rust code but the definitions.
"""

import json
import math

import numpy
import scipy
from scipy import ndimage

SEED, REPLICATE, EPOCH = 7, 2, 3
AUGMENTATION, NOISE, MIXUP = 8, 9, 10
ROWS = 12
CASES = {
    "flip": {"flip": True},
    "rotate": {"rotate": 40.0},
    "scale": {"scale": 0.4},
    "shift": {"shift": 2},
    "cutout": {"cutout": 3},
    "even_cutout": {"cutout": 4},
    "noise": {"noise": 0.25},
    "mixup": {"mixup": 0.3},
    "mixup_above_1": {"mixup": 2.5},
    "all": {"flip": True, "rotate": 25.0, "scale": 0.2, "shift": 1, "cutout": 2, "noise": 0.1, "mixup": 0.6},
}
SHAPES = {"grey": (7, 6, 1), "colour": (4, 5, 3)}


def philox(counter, key):
    counter, key = list(counter), list(key)
    for turn in range(10):
        if turn > 0:
            key = [(key[0] + 0x9E3779B9) % 2**32, (key[1] + 0xBB67AE85) % 2**32]
        first, second = counter[0] * 0xD2511F53, counter[2] * 0xCD9E8D57
        counter = [
            (second >> 32) ^ counter[1] ^ key[0],
            second % 2**32,
            (first >> 32) ^ counter[3] ^ key[1],
            first % 2**32,
        ]
    return counter


def block(purpose, index):
    return philox([index, EPOCH, purpose, REPLICATE], [SEED % 2**32, SEED >> 32])


def pixels(shape):
    height, width, channels = shape
    count = height * width * channels
    row, column = numpy.meshgrid(numpy.arange(ROWS), numpy.arange(count), indexing="ij")
    numbers = ((row * row * 31 + row * 7919 + column * 104_729) % 1025 - 512) / 256
    return numbers.reshape(ROWS, height, width, channels)


def symmetric(word):
    return 2 * word / 2**32 - 1


def below(word, bound):
    return word * bound >> 32


def picture(case, image, background, row):
    down, right, angle, factor = block(AUGMENTATION, 2 * row)
    mirror, top, left, _ = block(AUGMENTATION, 2 * row + 1)
    height, width, channels = image.shape
    if case.get("flip") and mirror >> 31:
        image = image[:, ::-1]
    shift = case.get("shift", 0)
    moved = numpy.array([below(down, 2 * shift + 1) - shift, below(right, 2 * shift + 1) - shift])
    angle = math.radians(symmetric(angle) * case.get("rotate", 0.0))
    factor = 1 + symmetric(factor) * case.get("scale", 0.0)
    back = numpy.array([[math.cos(angle), math.sin(angle)], [-math.sin(angle), math.cos(angle)]]) / factor
    centre = (numpy.array([height, width]) - 1) / 2
    offset = centre - back @ (centre + moved)
    changed = numpy.stack(
        [
            ndimage.affine_transform(
                image[..., channel], back, offset, order=1, mode="grid-constant", cval=background[channel]
            )
            for channel in range(channels)
        ],
        axis=-1,
    )
    if "cutout" in case:
        side = case["cutout"]
        top, left = below(top, height) - side // 2, below(left, width) - side // 2
        changed[max(top, 0) : max(top + side, 0), max(left, 0) : max(left + side, 0)] = background
    return changed


def noise(count, row):
    numbers = []
    of_a_row = -(-count // 4)
    for index in range(of_a_row):
        words = block(NOISE, row * of_a_row + index)
        for radius, angle in (words[:2], words[2:]):
            length = math.sqrt(-2 * math.log(((radius >> 8) + 1) / 2**24))
            turn = 2 * math.pi * (angle >> 8) / 2**24
            numbers += [length * math.cos(turn), length * math.sin(turn)]
    return numpy.array(numbers[:count])


def mixture(alpha, row):
    partner = below(block(MIXUP, 64 * row)[0], ROWS)
    for attempt in range(1, 64):
        first, second = ((word + 0.5) / 2**32 for word in block(MIXUP, 64 * row + attempt)[:2])
        if alpha <= 1:
            x, y = first ** (1 / alpha), second ** (1 / alpha)
            if x + y <= 1:
                return partner, x / (x + y)
        else:
            across = 2 * second - 1
            square = first**2 + across**2
            if square <= 1:
                spread = math.sqrt(1 - square ** (2 / (2 * alpha - 1)))
                return partner, 0.5 + first * across / square * spread
    raise ValueError("no share was drawn")


def augmented(case, shape):
    background = [-0.75 + 0.5 * channel for channel in range(shape[2])]
    rows = numpy.stack([picture(case, image, background, row) for row, image in enumerate(pixels(shape))])
    rows = rows.reshape(ROWS, -1)
    if "noise" in case:
        rows = rows + case["noise"] * numpy.stack([noise(rows.shape[1], row) for row in range(ROWS)])
    found = {}
    if "mixup" in case:
        drawn = [mixture(case["mixup"], row) for row in range(ROWS)]
        partners, shares = [list(column) for column in zip(*drawn)]
        own = numpy.array(shares)
        rows = own[:, None] * rows + (1 - own[:, None]) * rows[partners]
        numbers = numpy.arange(ROWS) / 8
        found = {
            "partners": partners,
            "shares": [1 - share for share in shares],
            "numbers": list(own * numbers + (1 - own) * numbers[partners]),
        }
    return {"inputs": [round(number, 7) for number in rows.ravel()], **found}


made = {f"{name} {shape}": augmented(case, size) for name, case in CASES.items() for shape, size in SHAPES.items()}
lines = [f'"numpy": "{numpy.__version__}"', f'"scipy": "{scipy.__version__}"']
lines += [f"{json.dumps(name)}: {json.dumps(case)}" for name, case in made.items()]
print("{" + ",\n".join(lines) + "}")
