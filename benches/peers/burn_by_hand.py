"""burn, written by hand for this sweep: one trial after another on each of two threads.

The program is `crates/core/examples/burn_by_hand.rs`; the recipe builds it with optimisation."""

import json
import subprocess
import tomllib
from pathlib import Path

import splits
from outcome import arguments, show
from trials import stratified

PROGRAM = splits.PROJECT / "target" / "release" / "examples" / "burn_by_hand"


def burn_version():
    with open(splits.PROJECT / "Cargo.lock", "rb") as file:
        return next(package["version"] for package in tomllib.load(file)["package"] if package["name"] == "burn")


def main():
    parser = arguments(__doc__)
    parser.add_argument("--program", type=Path, default=PROGRAM)
    given = parser.parse_args()
    trials = stratified(given.trials)
    lines = "\n".join(json.dumps({**trial.settings(), "layers": trial.layers}) for trial in trials)
    run = subprocess.run([given.program, splits.FOLDER], input=lines, stdout=subprocess.PIPE, text=True, check=True)
    outcome = json.loads(run.stdout)
    show("burn, by hand", {"burn": burn_version()}, trials, outcome["curves"], outcome["seconds"])


if __name__ == "__main__":
    main()
