"""Starts a private JupyterLab, as a learner would, and a headless browser, and opens notebooks in it."""

from __future__ import annotations

import json
import os
import secrets
import shutil
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

COURSE = Path(__file__).resolve().parents[2]
VIEWPORT = {"width": 1280, "height": 800}
NO_BROWSER = "NO BROWSER, so no slider was tried: install Chromium or Chrome, or set BROWSER_PATH to one"

_NAMES = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "chrome",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "msedge",
)
_FLAGS = [  # the browser talks to JupyterLab only, and runs in a container without a GPU as well
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-domain-reliability",
    "--disable-sync",
    "--no-first-run",
    "--no-sandbox",
]


def find_browser() -> str | None:
    """The path of a Chromium or Chrome, or None."""
    named = os.environ.get("BROWSER_PATH")
    found = [named] if named else [shutil.which(name) for name in _NAMES]
    return next(filter(None, found), None)


@contextmanager
def running_browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_browser(), args=_FLAGS)
        try:
            yield browser
        finally:
            browser.close()


class Lab:
    """A JupyterLab that serves one folder on localhost.

    Args:
        address: such as "http://127.0.0.1:40123/".
        token: what a page must present.
        log: the file with everything the server and the kernels print.
    """

    def __init__(self, address: str, token: str, log: Path):
        self.address, self.token, self.log = address, token, log

    def url(self, notebook: str) -> str:
        return f"{self.address}lab/tree/{notebook}?token={self.token}&reset"

    def request(self, path: str, method: str = "GET") -> bytes:
        headers = {"Authorization": f"token {self.token}"}
        request = urllib.request.Request(self.address + path, headers=headers, method=method)
        with urllib.request.urlopen(request, timeout=10) as reply:
            return reply.read()

    def stop_kernels(self) -> None:
        for kernel in json.loads(self.request("api/kernels")):
            self.request(f"api/kernels/{kernel['id']}", "DELETE")


@contextmanager
def running_lab(folder: Path, private: Path, desk: Path | None = None) -> Iterator[Lab]:
    """Serve `folder`, at a desk or without; settings, workspaces and logs are not the user's own."""
    token = secrets.token_hex(16)
    log = private / "jupyterlab.log"
    command = [sys.executable, str(COURSE / "tools" / "lab.py"), "--no-browser"]
    command += ["--ServerApp.port=0", f"--ServerApp.root_dir={folder}", f"--IdentityProvider.token={token}"]
    command += ["--LabApp.expose_app_in_browser=True"]
    with log.open("wb") as output:
        server = subprocess.Popen(
            command,
            env=private_environment(private, desk),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
        )
    try:
        yield Lab(_address(server, private / "runtime", log), token, log)
    finally:
        server.terminate()  # the server then stops its kernels
        try:
            server.wait(30)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def private_environment(private: Path, desk: Path | None = None) -> dict[str, str]:
    folders = {
        "JUPYTER_CONFIG_DIR": "config",
        "JUPYTER_DATA_DIR": "data",
        "JUPYTER_RUNTIME_DIR": "runtime",
        "JUPYTERLAB_SETTINGS_DIR": "settings",
        "JUPYTERLAB_WORKSPACES_DIR": "workspaces",
        "IPYTHONDIR": "ipython",
        "MPLCONFIGDIR": "matplotlib",
    }
    mine = {name: str(private / folder) for name, folder in folders.items()}
    return os.environ | mine | {"JUPYTER_PREFER_ENV_PATH": "1", "COURSE_DESK": str(desk or "")}


def _address(server: subprocess.Popen, runtime: Path, log: Path, seconds: float = 60) -> str:
    """Wait until the server answers; it writes its address to a file in the runtime folder."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and server.poll() is None:
        for file in runtime.glob("jpserver-*.json"):
            try:
                return json.loads(file.read_text())["url"]
            except ValueError:  # it is being written
                pass
        time.sleep(0.1)
    raise RuntimeError(f"JupyterLab did not start:\n{log.read_text()}")


def new_page(browser: Browser, lab: Lab) -> Page:
    """A fresh page that may use the clipboard, and from which nothing but the server can be reached."""
    context = browser.new_context(viewport=VIEWPORT)
    context.grant_permissions(["clipboard-read", "clipboard-write"], origin=lab.address.rstrip("/"))
    context.set_default_timeout(30_000)
    return context.new_page()
