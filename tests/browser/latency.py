"""From key press to painted picture, measured in the page.

A press is timed from its `keydown` event to the moment after the frame with the new picture was handed to the
screen: the picture changed, the next animation frame ran, and a message posted from it has arrived.
"""

from __future__ import annotations

import random
import re
import statistics
from collections.abc import Iterable
from dataclasses import dataclass

import nbformat
from playwright.sync_api import Locator

from course_lib.explorers import EXPLORERS
from tests.browser.lab import COURSE
from tests.browser.notebook import Notebook
from tests.browser.panel import IS_BUSY, SLIDER

PRESSES = 30

# `interact` redraws the same kind of two-panel picture with pyplot; `echo` does nothing but the round trip.
YARDSTICKS = {
    "interact": """
import matplotlib.pyplot as plt
import numpy as np
from ipywidgets import FloatLogSlider, interact

grid = np.linspace(-2, 2, 60)
bowl = 0.5 * (grid[None, :] ** 2 + 10 * grid[:, None] ** 2)

def draw(lr):
    path = np.array([1.8, 1.2]) * (1 - lr * np.array([1, 10])) ** np.arange(40)[:, None]
    figure, (left, right) = plt.subplots(1, 2, figsize=(8.4, 3.4), dpi=100)
    left.contour(grid, grid, bowl, levels=12)
    left.plot(*path.T, "o-")
    left.set(xlabel="w1", ylabel="w2", xlim=(-2, 2), ylim=(-2, 2), title="the path")
    right.semilogy(0.5 * (path**2 * [1, 10]).sum(1))
    right.set(xlabel="step", ylabel="loss", ylim=(1e-8, 1e4), title="the loss")
    plt.show()

_ = interact(draw, lr=FloatLogSlider(value=0.05, min=-2.5, max=-0.7, step=0.02))
""",
    "echo": """
import anywidget
import traitlets

class Echo(anywidget.AnyWidget):
    count = traitlets.Int().tag(sync=True)
    _esm = '''
    export default { render({ model, el }) {
      el.classList.add("course-explorer", "course-explorer-echo");
      el.innerHTML = `<div class="course-figure"><canvas></canvas></div>
        <div class="course-control course-control-value"><input type="range"></div>`;
      const canvas = el.querySelector("canvas");
      const show = () => { canvas.dataset.frame = model.get("count"); };
      el.querySelector("input").addEventListener("input", () => model.send({}));
      el.addEventListener("keydown", (event) => event.stopPropagation());
      model.on("change:count", show);
      show();
    } };
    '''

def count(echo, *_):
    echo.count += 1

echo = Echo()
echo.on_msg(count)
echo
""",
}

# Both return a promise of milliseconds, or of null when no new picture came: the kernel, and the work that a
# progress bar tells of, have been done for 200 ms.
_TIME_CANVAS = """
(root) => {
  const canvas = root.querySelector('.course-figure canvas');
  const watch = (seen) => {
    const observer = new MutationObserver(() => { observer.disconnect(); seen(); });
    observer.observe(canvas, { attributes: true, attributeFilter: ['data-frame'] });
  };
"""
_TIME_IMAGE = """
(root) => {
  const watch = (seen) => {
    const observer = new MutationObserver(() => {
      const image = root.querySelector('img:not([data-timed])');
      if (!image) return;
      observer.disconnect();
      image.dataset.timed = '';
      image.decode().then(seen);
    });
    root.querySelectorAll('img').forEach((image) => { image.dataset.timed = ''; });
    observer.observe(root, { childList: true, subtree: true });
  };
"""
_FROM_KEY_TO_SCREEN = f"""
  const busy = {IS_BUSY.strip()};
  window.courseLatency = new Promise((resolve) => {{
    const time = ({{ timeStamp: pressed }}) => {{
      let quiet = 0;
      const idle = setInterval(() => {{
        quiet = window.coursePending.size > 0 || busy(root) ? 0 : quiet + 1;
        if (quiet === 10) answer(null);
      }}, 20);
      const answer = (milliseconds) => {{ clearInterval(idle); resolve(milliseconds); }};
      watch(() => requestAnimationFrame(() => {{
        const channel = new MessageChannel();
        channel.port1.onmessage = () => answer(performance.now() - pressed);
        channel.port2.postMessage(null);
      }}));
    }};
    addEventListener('keydown', time, {{ capture: true, once: true }});
  }});
}}
"""


@dataclass(frozen=True)
class Latency:
    """Milliseconds from key press to picture of one slider."""

    explorer: str
    slider: str
    times: tuple[float, ...]
    unchanged: int  # presses after which no new picture came: this slider does not show in this picture

    @property
    def median(self) -> float:
        return statistics.median(self.times)

    @property
    def p95(self) -> float:
        return sorted(self.times)[round(0.95 * (len(self.times) - 1))]

    def row(self, baseline: float) -> str:
        name = f"{self.explorer:24} {self.slider:16}"
        if not self.times:
            return f"{name} the picture does not depend on it here"
        return f"{name} {self.median:7.1f} {self.p95:7.1f} {baseline / self.median:8.1f} x"


HEADING = f"{'explorer':24} {'slider':16} {'median':>7} {'p95':>7} {'interact':>10}"


def pooled(latencies: list[Latency]) -> Latency:
    """The presses on all sliders of an explorer, as one."""
    times = tuple(time for latency in latencies for time in latency.times)
    return Latency(
        latencies[0].explorer, "all sliders", times, sum(latency.unchanged for latency in latencies)
    )


def explorers_of_chapters() -> dict[str, list[str]]:
    """The explorers by the chapter that shows them first; those that no chapter shows come last, under ""."""
    chapters: dict[str, list[str]] = {}
    left = dict.fromkeys(EXPLORERS)
    for path in sorted((COURSE / "notebooks").glob("[0-9][0-9]_*.ipynb")):
        named = re.findall(
            r'EXPLORERS\["(\w+)"\]', "\n".join(cell.source for cell in nbformat.read(path, 4).cells)
        )
        shown = [name for name in dict.fromkeys(named) if name in left]
        if shown:
            chapters[path.name] = shown
        for name in shown:
            del left[name]
    return chapters | ({"": list(left)} if left else {})


def timing_notebook(explorers: Iterable[str]) -> nbformat.NotebookNode:
    """A notebook with the two things an explorer is compared with, and the explorers of these names."""
    notebook = nbformat.v4.new_notebook()
    notebook.metadata.kernelspec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    codes = [code.strip() for code in YARDSTICKS.values()]
    codes.append("from course_lib.explorers import EXPLORERS")
    codes += [f'EXPLORERS["{name}"]()' for name in explorers]
    notebook.cells = [nbformat.v4.new_code_cell(code) for code in codes]
    return notebook


def _measure_handle(root: Locator, handle: Locator, timer: str, presses: int) -> tuple[list[float], int]:
    """The times of presses that brought a new picture, and the number of those that did not."""
    page, pause = root.page, random.Random(0)
    times: list[float] = []
    unchanged = 0
    handle.focus()
    position = _position(handle)
    step = "ArrowRight" if position < 0.5 else "ArrowLeft"
    for _ in range(presses):
        step = {0: "ArrowRight", 1: "ArrowLeft"}.get(position, step)  # turn round at an end
        root.evaluate(timer + _FROM_KEY_TO_SCREEN)
        page.keyboard.press(step)
        took = page.evaluate("() => window.courseLatency")
        if took is None:
            unchanged += 1
        else:
            times.append(took)
        if unchanged > 2 * (1 + len(times)):
            break
        page.wait_for_timeout(pause.uniform(20, 60))  # so that presses do not fall in step with the screen
        position = _position(handle)
    return times, unchanged


def _position(handle: Locator) -> float:
    """Where a handle stands, from 0 at the lower end to 1 at the upper."""
    return handle.evaluate(
        """(handle) => {
          const of = handle.matches('input') // else a slider of ipywidgets
            ? (name) => handle[{ min: 'min', now: 'value', max: 'max' }[name]]
            : (name) => handle.getAttribute(`aria-value${name}`);
          const [low, now, high] = ['min', 'now', 'max'].map(of).map(Number);
          return (now - low) / (high - low);
        }"""
    )


def measure_explorer(root: Locator, presses: int = PRESSES) -> list[Latency]:
    """Every slider of one explorer, with so many presses each."""
    name = _suffix(root, "course-explorer-")
    root.locator(".course-figure").scroll_into_view_if_needed()
    root.locator("canvas[data-frame]").wait_for(state="attached")
    for reset in root.locator("button.course-button-reset").all():
        reset.click()
        root.page.wait_for_timeout(500)
    found = []
    for control in root.locator(f".course-control:has({SLIDER})").all():
        handle = control.locator(SLIDER)
        times, unchanged = _measure_handle(root, handle, _TIME_CANVAS, presses)
        if not times:  # the far end of a time axis may show nothing new
            root.page.keyboard.press("Home")
            times, unchanged = _measure_handle(root, handle, _TIME_CANVAS, presses)
        found.append(Latency(name, _suffix(control, "course-control-"), tuple(times), unchanged))
    return found


def explorer_of(notebook: Notebook, name: str) -> Locator:
    """The explorer of that name."""
    return notebook.page.locator(f".jp-OutputArea-output .course-explorer-{name}")


def measure_echo(notebook: Notebook, presses: int = PRESSES) -> Latency:
    """The empty round trip, in a notebook made by `timing_notebook`."""
    return measure_explorer(explorer_of(notebook, "echo"), presses)[0]


def measure_interact(notebook: Notebook, presses: int = PRESSES) -> Latency:
    """`interact`, in a notebook made by `timing_notebook`."""
    root = notebook.page.locator(".widget-interact")
    root.locator("img").wait_for()
    root.scroll_into_view_if_needed()
    times, unchanged = _measure_handle(root, root.locator(".noUi-handle"), _TIME_IMAGE, presses)
    return Latency("interact", "lr", tuple(times), unchanged)


def _suffix(element: Locator, prefix: str) -> str:
    classes = element.get_attribute("class").split()
    return next(name.removeprefix(prefix) for name in classes if name.startswith(prefix))
