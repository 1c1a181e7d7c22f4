"""The peak memory of a process and all that it started."""

import threading
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

INTERVAL_SECONDS = 0.5


@dataclass
class Peak:
    """`None` where the system does not say (it does on Linux)."""

    bytes: int | None = None


@contextmanager
def watched(root):
    """Looks twice a second; pages that processes share are divided among them."""
    peak, ended = Peak(), threading.Event()

    def watch():
        while not ended.wait(INTERVAL_SECONDS):
            now = sum(map(proportional, family(root)))
            if now:
                peak.bytes = max(peak.bytes or 0, now)

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield peak
    finally:
        ended.set()
        watcher.join()


def family(root):
    """This process and its descendants."""
    parents = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            # The name in brackets may hold anything; the state and the parent follow it.
            parents[int(folder.name)] = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue
    found = {root}
    while more := {child for child, parent in parents.items() if parent in found} - found:
        found |= more
    return found


def proportional(process):
    """Bytes, 0 for a process that has ended."""
    try:
        for line in Path(f"/proc/{process}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    except OSError:
        pass
    return 0
