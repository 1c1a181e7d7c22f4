"""Writes the picture of the README: the top of the main sweep's page. `just screenshot` runs it."""

import sys
from pathlib import Path

from devtools import Page
from pages import browser, main_sweep

MOST_BYTES = 200_000


def main():
    path = Path(sys.argv[1])
    path.parent.mkdir(parents=True, exist_ok=True)
    with Page(browser(), main_sweep(), width=1280, height=1180) as page:
        page.screenshot(path, 1280, 1180, scale=0.75)
    size = path.stat().st_size
    if size > MOST_BYTES:
        sys.exit(f"{path} has {size} bytes, more than {MOST_BYTES}")


main()
