"""Drives a headless Chromium through its DevTools protocol, over a pipe: nothing but Python's library is needed.

The protocol's messages are JSON, each ended by a zero byte: https://chromedevtools.github.io/devtools-protocol/
"""

import base64
import json
import os
import select
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

SECONDS = 60

FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
    "--no-first-run",
    "--remote-debugging-pipe",
]


class Failure(Exception):
    """The browser refused a command, or did not answer."""


class Browser:
    """A Chromium of its own, with an empty profile. Use it in a `with`."""

    def __init__(self):
        known = [shutil.which(name) for name in ["chromium", "chromium-browser", "google-chrome"]]
        program = os.environ.get("CHROMIUM") or next(filter(None, known), None)
        if program is None:
            raise Failure("no Chromium: install it (Debian: apt-get install chromium), or name it in CHROMIUM")
        self.profile = tempfile.TemporaryDirectory(prefix="swath-browser-", ignore_cleanup_errors=True)
        commands, self.commands = os.pipe()
        self.answers, answers = os.pipe()
        # Chromium reads commands from descriptor 3 and answers on 4, whatever their numbers are here.
        line = f'exec "$@" 3<&{commands} 4>&{answers}'
        arguments = [program, *FLAGS, f"--user-data-dir={self.profile.name}", "about:blank"]
        self.process = subprocess.Popen(
            ["bash", "-c", line, "chromium", *arguments],
            pass_fds=(commands, answers),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(commands)
        os.close(answers)
        self.buffer = b""
        self.last = 0
        self.events = []

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        """Ends the browser and removes its profile."""
        try:
            self.command("Browser.close")
            self.process.wait(timeout=10)
        except (Failure, OSError, subprocess.TimeoutExpired):
            self.process.kill()
            self.process.wait()
        os.close(self.commands)
        os.close(self.answers)
        self.profile.cleanup()

    def command(self, method, session=None, **parameters):
        """Sends a command and returns what it answers; events that come meanwhile are kept."""
        self.last += 1
        message = {"id": self.last, "method": method, "params": parameters}
        if session:
            message["sessionId"] = session
        data = json.dumps(message).encode() + b"\0"
        while data:
            data = data[os.write(self.commands, data) :]
        while True:
            answer = self.receive()
            if answer is None:
                raise Failure(f"{method}: no answer within {SECONDS} seconds")
            if answer.get("id") != self.last:
                self.events.append(answer)
            elif "error" in answer:
                raise Failure(f"{method}: {answer['error']['message']}")
            else:
                return answer["result"]

    def receive(self, seconds=SECONDS):
        """The next message; None where none comes in time."""
        until = time.monotonic() + seconds
        while b"\0" not in self.buffer:
            ready, _, _ = select.select([self.answers], [], [], max(0, until - time.monotonic()))
            if not ready:
                return None
            data = os.read(self.answers, 1 << 20)
            if not data:
                raise Failure("the browser ended")
            self.buffer += data
        message, _, self.buffer = self.buffer.partition(b"\0")
        return json.loads(message)

    def wait_for(self, session, method):
        """The next event of this name in a session."""
        while True:
            for event in self.events:
                if event.get("sessionId") == session and event.get("method") == method:
                    self.events.remove(event)
                    return event["params"]
            event = self.receive()
            if event is None:
                raise Failure(f"no {method} within {SECONDS} seconds")
            self.events.append(event)


class Page:
    """A tab of its own that shows one file, and what it logged, asked for and violated."""

    def __init__(self, browser, path, width=1280, height=900, dark=False, scripts=True, fragment=""):
        self.browser = browser
        self.url = Path(path).resolve().as_uri() + fragment
        self.target = browser.command("Target.createTarget", url="about:blank")["targetId"]
        attached = browser.command("Target.attachToTarget", targetId=self.target, flatten=True)
        self.session = attached["sessionId"]
        for domain in ["Page", "Runtime", "Log", "Network", "Audits"]:
            self.command(f"{domain}.enable")
        self.command("Emulation.setScriptExecutionDisabled", value=not scripts)
        self.resize(width, height)
        self.emulate(dark=dark)
        self.command("Page.navigate", url=self.url)
        browser.wait_for(self.session, "Page.loadEventFired")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        """Closes the tab."""
        self.browser.command("Target.closeTarget", targetId=self.target)
        self.browser.events = [event for event in self.browser.events if event.get("sessionId") != self.session]

    def command(self, method, **parameters):
        return self.browser.command(method, self.session, **parameters)

    def resize(self, width, height):
        """Width and height of what is seen; narrow ones as on a phone."""
        self.command(
            "Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=width < 600
        )

    def emulate(self, medium="", dark=False):
        """Screen or print, light or dark."""
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.command("Emulation.setEmulatedMedia", media=medium, features=[scheme])

    def value(self, expression):
        """What an expression of JavaScript comes to; it may be a promise."""
        answer = self.command("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in answer:
            details = answer["exceptionDetails"]
            raise Failure(details.get("exception", {}).get("description", details["text"]))
        return answer["result"].get("value")

    def wait_until(self, expression):
        """Waits until an expression is true; says whether it became so."""
        until = time.monotonic() + SECONDS
        while not self.value(expression):
            if time.monotonic() > until:
                return False
            time.sleep(0.02)
        return True

    def key(self, name):
        """Presses a key and lets it go."""
        codes = {"ArrowRight": 39, "ArrowLeft": 37, "Escape": 27}
        known = {"key": name, "code": name, "windowsVirtualKeyCode": codes[name]}
        for action in ["keyDown", "keyUp"]:
            self.command("Input.dispatchKeyEvent", type=action, **known)

    def point_at(self, selector):
        """Moves the mouse onto the first element of a selector, scrolled into view."""
        x, y = self.value(
            f"""(() => {{
                const element = document.querySelector({json.dumps(selector)});
                element.scrollIntoView({{ block: "center", behavior: "instant" }});
                const box = element.getBoundingClientRect();
                return [box.x + box.width / 2, box.y + box.height / 2];
            }})()"""
        )
        self.command("Input.dispatchMouseEvent", type="mouseMoved", x=x, y=y)
        return x, y

    def click(self, selector):
        """Clicks on the first element of a selector."""
        x, y = self.point_at(selector)
        for action in ["mousePressed", "mouseReleased"]:
            self.command("Input.dispatchMouseEvent", type=action, x=x, y=y, button="left", clickCount=1)

    def screenshot(self, path, width, height, scale=1):
        """Writes the page's upper left part as a PNG file."""
        part = {"x": 0, "y": 0, "width": width, "height": height, "scale": scale}
        picture = self.command("Page.captureScreenshot", format="png", captureBeyondViewport=True, clip=part)
        Path(path).write_bytes(base64.b64decode(picture["data"]))

    def pdf(self, path):
        """Writes the page as it is printed."""
        paper = self.command("Page.printToPDF", printBackground=False, preferCSSPageSize=True)
        Path(path).write_bytes(base64.b64decode(paper["data"]))

    def complaints(self):
        """All that a quiet page never does: errors, warnings, violations of its policy, requests, dialogs."""
        # A command that goes there and back, so that what came before it has arrived.
        self.command("Page.getFrameTree")
        found = []
        for event in self.browser.events:
            if event.get("sessionId") != self.session:
                continue
            method, parameters = event["method"], event["params"]
            if method == "Network.requestWillBeSent":
                if parameters["request"]["url"] != self.url.partition("#")[0]:
                    found.append(f"request: {parameters['request']['url']}")
            elif method in {
                "Runtime.exceptionThrown",
                "Runtime.consoleAPICalled",
                "Log.entryAdded",
                "Audits.issueAdded",
                "Page.javascriptDialogOpening",
                "Page.windowOpen",
                "Page.frameAttached",
                "Network.webSocketCreated",
                "Page.downloadWillBegin",
            }:
                found.append(f"{method}: {json.dumps(parameters)[:600]}")
        return found
