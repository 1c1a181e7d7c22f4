"""The tables of `docs/benchmarks.md` from the raw figures.

    python tables.py benches/results/2026-11-peers.jsonl
"""

import json
import sys
from statistics import median

from trials import ARCHITECTURES, stratified

STEPS = sum(trial.steps for trial in stratified(768))


def all_of(lines):
    """The sweep, the agreement of its outcomes, empty trials and wide networks; what was not measured is left out."""
    sweeps = grouped(line for line in lines if "agreement" in line or line["peer"] == "swath")
    empty = grouped(line for line in lines if line.get("empty"))
    wide = [line for line in lines if "layers" in line]
    tables = [sweep_table(sweeps), agreement_table(sweeps), empty_table(empty), wide_table(wide)]
    return "\n\n".join(table for table in tables if table)


def grouped(lines):
    """The rounds of each peer."""
    groups = {}
    for line in lines:
        groups.setdefault(line["peer"], []).append(line)
    return groups


def whole(line):
    """Wall seconds of the whole sweep: what is spent once, and the training in proportion to its steps."""
    return line["wall_seconds"] - line["seconds"] + line["seconds"] * STEPS / line["steps"]


def sweep_table(groups):
    fastest = median(map(whole, groups["swath"]))
    rows = []
    for peer, rounds in sorted(groups.items(), key=lambda group: median(map(whole, group[1]))):
        seconds, trials = median(map(whole, rounds)), rounds[0]["trials"]
        step = median(line["seconds"] / line["steps"] for line in rounds) * 1e6
        compile_seconds = [line["compile_seconds"] for line in rounds if "compile_seconds" in line]
        peaks = [line["peak_bytes"] for line in rounds if line["peak_bytes"]]
        rows.append([
            peer, f"{step:.3g}", f"{median(compile_seconds):.1f}" if compile_seconds else "-", f"{seconds:.1f}",
            "measured" if trials == 768 else f"extrapolated from {trials}", f"{seconds / fastest:,.0f}",
            f"{median(peaks) / 2**20:.0f}" if peaks else "-", versions(rounds[0]),
        ])
    heads = ["program", "µs a trial-step", "compiling, s", "whole sweep, s", "trials", "to swath", "peak MiB",
             "versions"]
    return markdown(heads, "lrrrlrrl", rows)


def agreement_table(groups):
    rows = []
    for peer, rounds in groups.items():
        if peer != "swath":
            figures = rounds[0]["agreement"]
            rows.append([peer, *(compared(figures[name]) for name in ARCHITECTURES)])
    return markdown(["program", *ARCHITECTURES], "lrrrr", rows) if rows else ""


def compared(figures):
    """The peer's mean, swath's, and the standard error of the difference where there is one."""
    error = "" if figures["standard_error"] is None else f" (± {figures['standard_error']:.4f})"
    return f"{figures['mean']:.4f} to {figures['swath_mean']:.4f}{error}"


def empty_table(groups):
    rows = [[peer, f"{median(line['seconds'] / line['trials'] for line in rounds) * 1e3:.2g}", versions(rounds[0])]
            for peer, rounds in groups.items()]
    return markdown(["program", "ms an empty trial", "versions"], "lrl", rows) if rows else ""


def wide_table(lines):
    cells = {}
    for line in lines:
        network = "-".join(map(str, line["layers"]))
        cells.setdefault((network, line["batch_size"]), []).extend(line["microseconds_a_step"])
    rows = [[layers, str(batch_size), f"{median(figures):.0f}"] for (layers, batch_size), figures in cells.items()]
    return markdown(["network", "batch size", "PyTorch, µs a step"], "lrr", rows) if rows else ""


def versions(line):
    return ", ".join(f"{package} {version}" for package, version in line["versions"].items())


def markdown(heads, sides, rows):
    """A table whose columns are as wide as their widest cell; `sides` says l or r for each."""
    widths = [max(map(len, column)) for column in zip(heads, *rows)]
    padded = [[cell.ljust(width) if side == "l" else cell.rjust(width) for cell, width, side in zip(row, widths, sides)]
              for row in [heads, *rows]]
    rules = ["-" * width + ("-" if side == "l" else ":") for width, side in zip(widths, sides)]
    lines = ["| " + " | ".join(row) + " |" for row in padded]
    lines.insert(1, "|" + "|".join("-" + rule for rule in rules) + "|")
    return "\n".join(lines)


if __name__ == "__main__":
    with open(sys.argv[1]) as file:
        print(all_of([json.loads(line) for line in file][1:]))
