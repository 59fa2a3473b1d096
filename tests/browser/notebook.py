"""A notebook open in JupyterLab: run it, and hear of everything that goes wrong on the way."""

from __future__ import annotations

import re

from playwright.sync_api import ConsoleMessage, Locator, Page, Request, Response

from tests.browser.lab import Lab

# What JupyterLab itself says on every start, with a word on why it is no fault of a notebook.
_HARMLESS = (
    # It asks a fresh kernel, which has not imported ipywidgets yet, for widgets to restore.
    r"No such comm target registered: jupyter\.widget\.control",
    r"No such comm: [0-9a-f-]{36}",
)

_WATCH_KERNEL = """
() => {
  const app = window.jupyterapp;
  const session = app.shell.currentWidget.sessionContext;
  window.courseFaults = [];
  window.coursePending = new Set();  // messages that the kernel has not finished with
  const hear = (_, message) => {
    const { msg_type } = message.header;
    const { name, text, ename, evalue } = message.content;
    if (msg_type === 'error') window.courseFaults.push(`error ${ename}: ${evalue}`);
    if (msg_type === 'stream' && name === 'stderr') window.courseFaults.push(`stderr: ${text}`);
  };
  session.iopubMessage.connect(hear);
  session.session.kernel.anyMessage.connect((_, { msg, direction }) => {
    if (direction === 'send' && msg.channel === 'shell') window.coursePending.add(msg.header.msg_id);
    if (direction === 'recv' && msg.content.execution_state === 'idle') {
      window.coursePending.delete(msg.parent_header.msg_id);
    }
  });
  session.statusChanged.connect((_, status) => {
    if (/dead|restarting/.test(status)) window.courseFaults.push(`kernel ${status}`);
  });
}
"""
_KERNEL_IS_IDLE = """
() => {
  const widget = window.jupyterapp?.shell?.currentWidget;
  return widget?.content?.model && widget.revealed !== undefined
    && widget.sessionContext?.isReady && widget.sessionContext.session?.kernel?.status === 'idle';
}
"""
_START_ALL = """
() => {
  window.courseDone = false;
  window.jupyterapp.commands.execute('notebook:run-all-cells').finally(() => { window.courseDone = true; });
}
"""
_RUN_CODE = """
async (code) => {
  const kernel = window.jupyterapp.shell.currentWidget.sessionContext.session.kernel;
  let text = '';
  const future = kernel.requestExecute({ code, store_history: false });
  future.onIOPub = (message) => { if (message.header.msg_type === 'stream') text += message.content.text; };
  await future.done;
  return text;
}
"""


class Notebook:
    """One notebook in one page.

    `faults` collects what a learner would see in red, or what would fail without a network: errors and
    warnings of the page, failed requests, requests that leave the machine, errors and stderr of the kernel.
    """

    def __init__(self, page: Page, lab: Lab, path: str):
        self.page, self.lab, self.path = page, lab, path
        self._faults: list[str] = []
        page.on("console", self._on_console)
        page.on("pageerror", lambda error: self._faults.append(f"page error: {error}"))
        page.on("request", self._on_request)
        page.on("response", self._on_response)

    def open(self) -> Notebook:
        self.page.goto(self.lab.url(self.path))
        self.wait_until_idle()
        self.page.evaluate(_WATCH_KERNEL)
        return self

    def run_all(self, seconds: float = 180) -> Notebook:
        self.page.evaluate(_START_ALL)
        self.page.wait_for_function("() => window.courseDone", timeout=1000 * seconds)
        return self.wait_until_idle(seconds)

    def wait_until_idle(self, seconds: float = 60) -> Notebook:
        self.page.wait_for_function(_KERNEL_IS_IDLE, timeout=1000 * seconds)
        return self

    def run_code(self, code: str) -> str:
        """Run code in the kernel, unseen, and return what it prints."""
        return self.page.evaluate(_RUN_CODE, code)

    def outputs(self) -> list[dict]:
        """The outputs of all code cells."""
        return self.page.evaluate(
            """() => window.jupyterapp.shell.currentWidget.content.model.toJSON().cells
                 .flatMap((cell) => cell.outputs ?? [])"""
        )

    def explorers(self) -> Locator:
        return self.page.locator(".jp-OutputArea-output .course-explorer")

    @property
    def faults(self) -> list[str]:
        heard = self._faults + self.page.evaluate("() => window.courseFaults ?? []")
        return [fault for fault in heard if not any(re.search(text, fault) for text in _HARMLESS)]

    def close(self) -> None:
        self.page.context.close()
        self.lab.stop_kernels()

    def _on_console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self._faults.append(f"console {message.type}: {message.text} ({message.location.get('url', '')})")

    def _on_request(self, request: Request) -> None:
        if not request.url.startswith((self.lab.address, "data:", "blob:", "about:")):
            self._faults.append(f"a request leaves the machine: {request.url}")

    def _on_response(self, response: Response) -> None:
        if response.status >= 400:
            self._faults.append(f"{response.status} for {response.url}")
