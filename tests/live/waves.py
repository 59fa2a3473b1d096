"""The smallest explorers there are, quick and slow, and a hand that moves them as the browser does."""

import time
from types import SimpleNamespace

import numpy as np

from course_lib.live import Choice, Explorer, Seed, Several, Slider, Toggle
from course_lib.plots import frames


class Wave(Explorer):
    """A sine wave: the smallest explorer there is."""

    name = "wave"
    controls = (
        Slider("height", "Height", 0.0, 2.0, default=1.0),
        Choice("shape", "Shape", ("sine", "cosine"), default="sine"),
        Toggle("twice", "Twice as fast", default=False),
        Several("marks", "Marks", ("dots", "grid"), default=("dots",)),
        Seed(),
    )
    presets = {"low": dict(height=0.2)}
    look_for = {"low": "It is nearly flat."}

    def __init__(self, **settings):
        self.computed = 0
        super().__init__(**settings)

    def compute(self, height, shape, twice, marks, seed):
        self.computed += 1
        x = np.linspace(0, 6, 50)
        return SimpleNamespace(
            x=x, y=height * getattr(np, shape[:3])(x * (1 + twice)) + 0.01 * seed, height=height
        )

    def stage(self, figure):
        (axes,) = frames.panels(figure, ["wave"])
        axes.set(xlim=(0, 6), ylim=(-2, 2))
        return {"line": frames.moving_line(axes)}

    def draw(self, artists, r):
        artists["line"].set_data(r.x, r.y)

    def describe(self, r):
        return f"A wave of height {r.height:.2f}."

    def handles(self, r):
        return [("wave", 3.0, r.height, ("height",))]

    def pointer(self, axes, x, y):
        return {"height": y}


class SlowWave(Wave):
    """The same, in ten parts that each take a moment."""

    def compute(self, **settings):
        yield 0.0, None
        for part in range(1, 11):
            time.sleep(0.02)
            result = Wave.compute(self, **settings)
            result.part = part
            yield part / 10, result


def live(cls, **settings):
    """An explorer with its view, as after being shown in a notebook."""
    explorer = cls(**settings)
    bundle, _ = explorer._repr_mimebundle_()
    return explorer, explorer._panel, bundle


def send(panel, kind, **message):
    """Do what the browser does: send a message; return what is sent back beside the frame."""
    told, panel.view.send = [], lambda content, buffers=None: told.append(content)
    try:
        panel._on_message(panel.view, {"kind": kind, **message}, [])
    finally:
        del panel.view.send
    return told


def slide(panel, name, value):
    """Move a slider to the position of a value."""
    return send(panel, "set", name=name, value=panel.positions[name].index(value))


def wait_for(condition, seconds=5.0):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.005)
