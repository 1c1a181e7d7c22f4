"""Writes sweep files that are large in one way each, from million.toml: `python3 benches/large_sweeps.py FOLDER`.

Reports of them are measured with outcomes that `synthetic_journal` makes up; nothing is trained.
"""

import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
RATE = '"train.optimizer.learning_rate"'
DECAY = '"train.optimizer.weight_decay"'


def levels(count, factor, first=1e-5):
    """So many numbers, each by a factor larger than the one before."""
    return "[" + ", ".join(f"{first * factor**place:.12g}" for place in range(count)) + "]"


SWEEPS = {
    # name: replicates, epochs, grid
    "points": (3, 10, [f"{RATE} = {levels(1_000, 1.005)}", f"{DECAY} = {levels(100, 1.05)}"]),
    "zipped": (3, 10, [f"zip = [[{RATE}, {DECAY}]]", f"{RATE} = {levels(10_000, 1.0005)}", f"{DECAY} = {levels(10_000, 1.0005)}"]),
    "replicates": (1_000, 10, [f"{RATE} = [0.01, 0.02]", "batch_size = [16, 32]"]),
    "epochs": (3, 2_000, [f"{RATE} = [0.01, 0.02, 0.03]", "batch_size = [16, 32]"]),
}


def main():
    folder = Path(sys.argv[1])
    text = (HERE / "million.toml").read_text()
    head = text[text.index("name =") : text.index("[grid]")]
    for name, (replicates, epochs, grid) in SWEEPS.items():
        text = head.replace('"million"', f'"{name}"').replace("../data", str(HERE.parent / "data"))
        text = text.replace("replicates = 1000", f"replicates = {replicates}").replace("epochs = 10", f"epochs = {epochs}")
        (folder / f"{name}.toml").write_text("\n".join([text + "[grid]", *grid, ""]))


main()
