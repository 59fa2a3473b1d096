"""An explorer on the screen: what is seen of it, and its controls moved as a learner moves them."""

from __future__ import annotations

import json
from dataclasses import dataclass

from playwright.sync_api import Locator

from tests.browser.notebook import Notebook

SLIDER = "input[type=range]"

# The pixels are read from a copy: reading the canvas itself would take it off the fast path.
_LOOK = """
async (root) => {
  const canvas = root.querySelector('.course-figure canvas');
  const { width, height } = canvas;
  const copy = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true });
  copy.drawImage(canvas, 0, 0);
  const digest = await crypto.subtle.digest('SHA-1', copy.getImageData(0, 0, width, height).data);
  return {
    frame: Number(canvas.dataset.frame ?? 0),
    pixels: Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join(''),
    caption: root.querySelector('.course-caption').textContent,
    alt: canvas.getAttribute('aria-label'),
  };
}
"""
IS_BUSY = """
(root) => {
  const progress = root.querySelector('.course-progress');
  return progress !== null && getComputedStyle(progress).visibility !== 'hidden';
}
"""
# The kernel has finished with every message, no work goes on beside it, and for 60 ms no new frame came (a
# picture is decoded in a few). Asking the kernel would not do: it answers widgets on another thread.
_COME_TO_REST = f"""
async (root) => {{
  const canvas = root.querySelector('.course-figure canvas');
  const busy = {IS_BUSY.strip()};
  const pause = (time) => new Promise((resolve) => setTimeout(resolve, time));
  const deadline = performance.now() + 90_000;
  for (let still = 0, before = null; still < 3; ) {{
    if (performance.now() > deadline) throw new Error('it does not come to rest');
    const resting = window.coursePending.size === 0 && !busy(root) && canvas.dataset.frame === before;
    still = resting ? still + 1 : 0;
    before = canvas.dataset.frame;
    await pause(20);
  }}
}}
"""
_READOUTS = """
(root) => Object.fromEntries([...root.querySelectorAll('.course-control')].map((control) => [
  [...control.classList].find((name) => name.startsWith('course-control-')),
  control.querySelector('.course-number')?.value
    ?? control.querySelector('select')?.value
    ?? String(control.querySelector('input')?.checked),
]))
"""


@dataclass(frozen=True)
class Look:
    """What is seen of an explorer at one moment; `pixels` is a digest of the picture."""

    frame: int
    pixels: str
    caption: str
    alt: str


class Panel:
    """One explorer on the screen."""

    def __init__(self, root: Locator, notebook: Notebook):
        self.root, self.notebook, self.page = root, notebook, root.page
        classes = root.get_attribute("class").split()
        self.name = next(c.removeprefix("course-explorer-") for c in classes if "course-explorer-" in c)
        root.scroll_into_view_if_needed()
        root.locator("canvas[data-frame]").wait_for()

    def look(self) -> Look:
        return Look(**self.root.evaluate(_LOOK))

    def readouts(self) -> dict[str, str]:
        """What each control shows, by the name of its class."""
        return self.root.evaluate(_READOUTS)

    def is_busy(self) -> bool:
        """Whether the progress bar of slow work is shown."""
        return self.root.evaluate(IS_BUSY)

    def settled(self) -> Look:
        """The picture once all that was asked for is on the screen."""
        self.root.evaluate(_COME_TO_REST)
        return self.look()

    def fits(self) -> bool:
        """Whether all of it can be seen without scrolling sideways."""
        return self.root.evaluate(
            """(root) => {
              const right = root.closest('.jp-OutputArea-output').getBoundingClientRect().right;
              const parts = [root, ...root.querySelectorAll('canvas, .course-control, button')];
              return parts.every((part) => part.getBoundingClientRect().right <= right + 1);
            }"""
        )

    # -- controls --------------------------------------------------------------------------------

    def controls(self, holding: str) -> list[tuple[str, Locator]]:
        """The parts that match `holding` inside the controls, each with the name of its setting."""
        found = []
        for part in self.root.locator(f".course-control {holding}").all():
            classes = part.evaluate("(part) => part.closest('.course-control').className").split()
            found.append((next(c for c in classes if c.startswith("course-control-")), part))
        return found

    def press(self, slider: Locator, key: str) -> Look:
        """Press a key on a slider."""
        slider.press(key)
        return self.settled()

    def nudge(self, key: str, times: int = 3) -> Look:
        """Press a key a few times on every slider."""
        for _, slider in self.controls(SLIDER):
            for _ in range(times):
                slider.press(key)
        return self.settled()

    def choose(self, menu: Locator, option: str) -> Look:
        menu.select_option(label=option)
        return self.settled()

    def button(self, name: str) -> Locator:
        return self.root.locator(f"button.course-button-{name}")

    def click(self, button: Locator) -> Look:
        button.click()
        return self.settled()

    # -- pointer ---------------------------------------------------------------------------------

    def drag_points(self) -> list[dict]:
        """The points that can be dragged: x and y as fractions of the picture, and what they set."""
        return json.loads(self.root.locator("canvas").get_attribute("data-drag") or "[]")

    def drag(self, start: tuple[float, float], end: tuple[float, float], steps: int = 8) -> Look:
        """Drag on the picture, in fractions of it from the top left."""
        canvas = self.root.locator("canvas")
        canvas.scroll_into_view_if_needed()
        box = canvas.bounding_box()
        places = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in (start, end)]
        self.page.mouse.move(*places[0])
        self.page.mouse.down()
        self.page.mouse.move(*places[1], steps=steps)
        self.page.mouse.up()
        self.page.wait_for_timeout(300)  # the canvas sends one place of the pointer at a time
        return self.settled()
