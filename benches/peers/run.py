"""Trains the main sweep by swath and by its peers, one after the other and that several times over.

Every run is a process of its own. A line of JSON for each goes to `benches/results/`, and the tables of
`docs/benchmarks.md` to standard output. `just bench-peers` calls this with everything built and installed.

    python run.py --rounds 3
    python run.py --rounds 1 --trials 96 --only swath jax keras --output /dev/null
"""

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path

import agreement
import memory
import record
import splits
import tables
from splits import PROJECT

HERE = Path(__file__).parent
RESULTS = PROJECT / "benches" / "results"
SWATH = PROJECT / "target" / "release" / "swath"
SWEEP = "sweeps/width_vs_depth.toml"


@dataclass(frozen=True)
class Peer:
    """A script, and how many of the 768 trials it is given: what takes minutes is extrapolated from a part."""

    name: str
    script: str
    trials: int | None
    options: tuple = ()


PEERS = [
    Peer("burn", "burn_by_hand.py", 768),
    Peer("jax", "jax_vmap.py", 768),
    Peer("pytorch-vmap", "pytorch_vmap.py", 768),
    Peer("pytorch", "pytorch_loop.py", 192),
    Peer("keras", "keras_fit.py", 768),
    Peer("scikit-learn", "scikit_learn.py", 192),
    Peer("optuna", "optuna_grid.py", 192),
    Peer("ray", "ray_tune.py", 192),
    Peer("optuna-empty", "optuna_grid.py", 768, ("--empty",)),
    Peer("ray-empty", "ray_tune.py", 192, ("--empty",)),
    Peer("wide", "wide.py", None),
]


def measured(command):
    """What the command printed, its wall seconds and its peak memory in bytes."""
    begin = time.perf_counter()
    with subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, text=True) as process:
        with memory.watched(process.pid) as peak:
            printed, _ = process.communicate()
    seconds = time.perf_counter() - begin
    if process.returncode != 0:
        raise SystemExit(f"{' '.join(map(str, command))} ended with {process.returncode}")
    return printed, {"command": shown(command), "wall_seconds": seconds, "peak_bytes": peak.bytes}


def shown(command):
    """The command without paths of this machine."""
    return " ".join("python" if part == sys.executable else str(part).replace(f"{PROJECT}/", "") for part in command)


def run_swath(program):
    """A run into an empty folder, with all that it writes; and the validation losses that it recorded."""
    with tempfile.TemporaryDirectory() as folder:
        command = [program, "run", SWEEP, "--threads", "2", "--results", folder]
        _, figures = measured(command)
        losses = {trial: curve[-1] for trial, curve in record.curves(Path(folder) / "width_vs_depth").items()}
    version = subprocess.run([program, "--version"], stdout=subprocess.PIPE, text=True, check=True).stdout.split()
    figures["command"] = figures["command"].replace(folder, "FOLDER")
    steps = sum(trial.steps for trial in losses)
    return losses, {"peer": "swath", "versions": {version[0]: version[1]}, "trials": len(losses), "steps": steps,
                    "seconds": figures["wall_seconds"], **figures}


def run_peer(peer, trials, losses):
    """One line for the raw file per line that the script printed."""
    options = [] if peer.trials is None else ["--trials", str(trials or peer.trials)]
    printed, figures = measured([sys.executable, HERE / peer.script, *options, *peer.options])
    for line in map(json.loads, printed.splitlines()):
        outcomes = line.pop("outcomes", None)
        if outcomes and not line.get("empty"):
            line["agreement"] = agreement.with_swath(outcomes, losses)
        yield {**line, **figures}


def machine():
    """Where and on what this was measured."""
    def said(*command):
        return subprocess.run(command, cwd=PROJECT, stdout=subprocess.PIPE, text=True, check=True).stdout.strip()

    processors = [line.partition(":")[2].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")]
    return {
        "at": datetime.now(timezone.utc).isoformat(timespec="seconds"), "commit": said("git", "rev-parse", "HEAD"),
        "changed_files": len(said("git", "status", "--porcelain").splitlines()), "processor": processors[0],
        "cores": os.cpu_count(), "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(), "rustc": said("rustc", "--version"), "command": shown(sys.argv),
        "load_before": os.getloadavg()[0],
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", nargs="+", choices=["swath", *(peer.name for peer in PEERS)], help="default: all")
    parser.add_argument("--trials", type=int, help="for every peer; default: as each can bear")
    parser.add_argument("--swath", type=Path, default=SWATH, help="the program")
    default = RESULTS / f"{datetime.now():%Y-%m}-peers.jsonl"
    parser.add_argument("--output", type=Path, default=default, help="the raw figures")
    given = parser.parse_args()
    chosen = [peer for peer in PEERS if given.only is None or peer.name in given.only]
    splits.write()

    lines = []
    with open(given.output, "w") as output:
        def keep(line):
            output.write(json.dumps(line) + "\n")
            output.flush()
            lines.append(line)

        keep(machine())
        for number in range(1, given.rounds + 1):
            print(f"round {number}: swath", file=sys.stderr)
            losses, line = run_swath(given.swath)
            keep({"round": number, **line})
            for peer in chosen:
                print(f"round {number}: {peer.name}", file=sys.stderr)
                for line in run_peer(peer, given.trials, losses):
                    keep({"round": number, **line})
    print(tables.all_of(lines[1:]))


if __name__ == "__main__":
    main()
