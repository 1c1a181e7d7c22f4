"""What swath recorded of a sweep."""

import base64
import csv
import json

from trials import Trial


def curves(folder):
    """The validation loss of each trial after every epoch, from the journal and the table in this folder."""
    with open(folder / "journal.jsonl") as file:
        by_key = {key(line): line["v"] for line in map(json.loads, file) if "k" in line}
    with open(folder / "trials.csv", newline="") as file:
        return {trial(row): by_key[row["key"]] for row in csv.DictReader(file)}


def trial(row):
    """A schedule with settings is written `step(factor=0.5, every=10)`."""
    schedule = row["schedule"].partition("(")[0]
    return Trial(row["architecture"], int(row["batch_size"]), int(row["epochs"]), schedule, int(row["replicate"]))


def key(line):
    """The trial's key as the table writes it."""
    return base64.urlsafe_b64decode(line["k"] + "==").hex()
