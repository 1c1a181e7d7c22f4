"""The pages that the tests look at, and the one browser that shows them."""

import atexit
import functools
import os
import subprocess
import tempfile
import unittest
from pathlib import Path

from devtools import Browser, Page

ROOT = Path(__file__).resolve().parents[2]
BUILT = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")) / "debug"


@functools.cache
def folder():
    made = tempfile.TemporaryDirectory(prefix="swath-pages-")
    atexit.register(made.cleanup)
    return Path(made.name)


@functools.cache
def browser():
    started = Browser()
    atexit.register(started.close)
    return started


@functools.cache
def main_sweep():
    """The page of the main sweep, trained by the built program."""
    sweep = ROOT / "sweeps" / "width_vs_depth.toml"
    command = [BUILT / "swath", "run", sweep, "--results", folder(), "--quiet"]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return folder() / "width_vs_depth" / "report.html"


@functools.cache
def hostile_names():
    """The page of a sweep in which every text from outside is hostile."""
    page = folder() / "hostile.html"
    made = subprocess.run([BUILT / "examples" / "hostile_page"], check=True, stdout=subprocess.PIPE)
    page.write_bytes(made.stdout)
    return page


BOTH = {"the main sweep": main_sweep, "hostile names": hostile_names}


class PageTest(unittest.TestCase):
    """A test that opens pages. Every page that it opens has to be quiet until the test ends."""

    def open(self, made, width=1280, height=900, **how):
        page = Page(browser(), made(), width, height, **how)
        self.addCleanup(page.close)
        self.addCleanup(self.assert_quiet, page)
        return page

    def assert_quiet(self, page):
        self.assertEqual(page.complaints(), [], "errors, violations of the policy, requests or dialogs")
