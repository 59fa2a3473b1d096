"""The part of an explorer that is the same for all: settings, cached results, one blitted picture.

An explorer is one picture and the few sliders that move it. This module needs no widget and no browser;
`Panel` puts the live controls around it.
"""

from __future__ import annotations

import functools
import inspect
import itertools
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

import numpy as np
from matplotlib.artist import Artist
from matplotlib.figure import Figure

from course_lib.live.controls import Control, Seed
from course_lib.live.picture import Picture
from course_lib.live.undisturbed import usual_errors

_CACHED = 128  # results kept: one drag there and back


class Explorer:
    """One picture and the few sliders that move it.

    A subclass declares `name`, `controls` and `presets` and writes four methods:

    * `compute(**settings)`: settings to a result of numbers. Pure; its results are cached. Work above
      100 ms is a generator of `(fraction_done, result_so_far)`: it then runs beside the kernel, shows a
      progress bar and can be stopped between two yields. The first comes at once; None is not drawn.
    * `stage(figure)`: draws what never moves, once; returns the artists that do, by name.
    * `draw(artists, result)`: moves those artists (`set_data` and the like); never clears, never re-plots.
    * `describe(result)`: one sentence with the numbers. It is the caption, the alternative text and what
      the notebook tests compare. Called without an argument it describes the present picture.

    Where something is dragged or clicked, also `handles(result)` and `pointer(axes, x, y)`; where a drag may
    cross another handle, `drag(held, axes, x, y)`.

    Args:
        **settings: values of controls; defaults for the others.

    Raises:
        TypeError, ValueError: for a setting that does not exist or a value out of range.

    Example:
        >>> from course_lib.explorers import EXPLORERS
        >>> explorer = EXPLORERS["learning_rate"](lr=0.2)
        >>> explorer.settings["lr"]
        0.2
    """

    name: ClassVar[str]
    controls: ClassVar[tuple[Control, ...]] = ()
    presets: ClassVar[dict[str, dict[str, Any]]] = {}
    look_for: ClassVar[dict[str, str]] = {}  # a preset's name -> what to look for
    size: ClassVar[tuple[float, float]] = (8.4, 3.5)  # inches of 100 CSS pixels
    ghosts: ClassVar[tuple[str, ...] | None] = None  # artists that Pin keeps; every line if None
    apart: ClassVar[tuple[str, ...]] = ()  # settings whose effects do not meet, such as a rate for each racer

    def __init_subclass__(cls, **kwargs):
        super().__init_subclass__(**kwargs)
        if "describe" in cls.__dict__:  # the hook takes a result, so that it is pure; users may leave it out
            describe = cls.__dict__["describe"]

            @functools.wraps(describe)
            def of_present_if_missing(self, result=None):
                result = self.result if result is None else result
                with usual_errors():
                    return describe(self, result)

            cls.describe = of_present_if_missing

    def __init__(self, **settings):
        self._settings = self.defaults()
        self._cache: OrderedDict[tuple, Any] = OrderedDict()
        self._result = None
        self._pinned: tuple[dict, Any] | None = None
        self._panel = None
        self._settings |= self.validate(settings)

    # -- what a subclass writes ------------------------------------------------------------------

    def compute(self, **settings) -> Any:
        raise NotImplementedError

    def stage(self, figure: Figure) -> Mapping[str, Artist]:
        raise NotImplementedError

    def draw(self, artists: Mapping[str, Artist], result) -> None:
        raise NotImplementedError

    def describe(self, result) -> str:
        raise NotImplementedError

    def handles(self, result) -> list[tuple[str, float, float, tuple[str, ...]]]:
        """What can be dragged: (label of the axes, x, y, names of the settings it moves)."""
        return []

    def pointer(self, axes: str, x: float, y: float) -> dict[str, Any]:
        """The settings for a press or drag at data point (x, y) of the axes with that label."""
        return {}

    def drag(self, held: tuple[str, ...], axes: str, x: float, y: float) -> dict[str, Any]:
        """The settings while the handle of the settings `held` is dragged; where it stands, if not given."""
        return self.pointer(axes, x, y)

    # -- settings --------------------------------------------------------------------------------

    @classmethod
    def control(cls, name: str) -> Control:
        for control in cls.controls:
            if control.name == name:
                return control
        known = ", ".join(control.name for control in cls.controls)
        raise TypeError(f"{cls.__name__} has no setting {name!r}; its settings are {known}")

    @classmethod
    def validate(cls, settings: Mapping[str, Any]) -> dict[str, Any]:
        return {name: cls.control(name).validate(value) for name, value in settings.items()}

    @classmethod
    def corner_settings(cls) -> list[dict[str, Any]]:
        """Every combination of the extremes of all controls; those `apart` are at their ends together."""
        meeting = [control for control in cls.controls if control.name not in cls.apart]
        corners = [
            dict(zip([control.name for control in meeting], corner, strict=True))
            for corner in itertools.product(*(control.corners() for control in meeting))
        ]
        if not cls.apart:
            return corners
        ends = [{name: cls.control(name).corners()[end] for name in cls.apart} for end in (0, -1)]
        return [corner | end for corner in corners for end in ends]

    @classmethod
    def random_settings(cls, rng: np.random.Generator) -> dict[str, Any]:
        """One setting of every control, drawn from its range."""
        return {control.name: control.random(rng) for control in cls.controls}

    @classmethod
    def defaults(cls) -> dict[str, Any]:
        return {control.name: control.default for control in cls.controls}

    @property
    def settings(self) -> dict[str, Any]:
        return dict(self._settings)

    def change(self, **settings) -> None:
        """Change some settings; the work they ask for is done when the result is needed."""
        self._settings |= self.validate(settings)
        if not self.takes_long or self._panel is None:  # else the last picture stays until the first part
            self._result = None

    def set(self, **settings) -> Explorer:
        """Change some settings, as the sliders do, and finish the work they ask for."""
        self.change(**settings)
        self._result = None
        return self._followed()

    def reset(self) -> Explorer:
        """Back to the defaults, with nothing pinned."""
        self._pinned = None
        return self.set(**self.defaults())

    def next_seeds(self) -> dict[str, int]:
        """What New seed sets; empty where there is no chance."""
        seeds = (control.name for control in self.controls if isinstance(control, Seed))
        return {name: self._settings[name] + 1 for name in seeds}

    def new_seed(self) -> Explorer:
        """The same settings, other chance."""
        return self.set(**self.next_seeds())

    def _followed(self) -> Explorer:
        if self._panel is not None:
            self._panel.follow()
        return self

    # -- results ---------------------------------------------------------------------------------

    @property
    def has_pointer(self) -> bool:
        """Whether a press on the picture sets something."""
        return type(self).pointer is not Explorer.pointer

    @property
    def is_slow(self) -> bool:
        """Whether `compute` works in parts, beside the kernel."""
        return inspect.isgeneratorfunction(type(self).compute)

    @property
    def takes_long(self) -> bool:
        """Whether the present settings still ask for work in parts; a subclass may know of more at hand."""
        return self.is_slow and tuple(self._settings.values()) not in self._cache

    def results(self) -> Iterator[tuple[float, Any]]:
        """The result for the present settings as it grows: (fraction done, result so far)."""
        settings = self.settings
        key = tuple(settings.values())
        if key in self._cache:
            self._cache.move_to_end(key)
            parts = iter([(1.0, self._cache[key])])
        elif self.is_slow:
            parts = self.compute(**settings)
        else:
            parts = self._at_once(settings)
        while True:
            with usual_errors():  # for each part: between two of them other code runs
                fraction, result = next(parts, (None, None))
            if fraction is None:
                return
            if fraction >= 1:
                self._cache[key] = result
                while len(self._cache) > _CACHED:
                    self._cache.popitem(last=False)
            yield fraction, result

    def _at_once(self, settings: dict[str, Any]) -> Iterator[tuple[float, Any]]:
        yield 1.0, self.compute(**settings)

    @property
    def result(self) -> Any:
        """The numbers behind the present picture."""
        if self._result is None:
            for _, result in self.results():
                self._result = result
        return self._result

    def show_part(self, result) -> None:
        """Take a result that is still growing as the present one."""
        self._result = result

    # -- picture ---------------------------------------------------------------------------------

    @functools.cached_property
    def picture(self) -> Picture:
        return Picture(self.size, self.stage, self.draw, self.ghosts)

    def pin(self) -> Explorer:
        """Keep the present curves as a gray ghost, to compare the next setting with."""
        self._pinned = (self.settings, self.result)
        return self._followed()

    def unpin(self) -> Explorer:
        self._pinned = None
        return self._followed()

    @property
    def pinned(self) -> dict[str, Any] | None:
        """The settings that are pinned, or None."""
        return self._pinned[0] if self._pinned else None

    @property
    def caption(self) -> str:
        """`describe()`, and what is pinned."""
        if self._pinned is None:
            return self.describe()
        changed = {k: v for k, v in self._pinned[0].items() if v != self._settings[k]}
        listed = ", ".join(f"{self._label(k)} {_plain(v)}" for k, v in changed.items())
        return f"{self.describe()} In gray, pinned: {listed or 'this same setting'}."

    def show(self, pixel_ratio: float = 1.0) -> None:
        """Bring the picture up to date with the present result."""
        self.picture.show(self.result, self._pinned[1] if self._pinned else None, pixel_ratio)

    def png(self, pixel_ratio: float = 1.0) -> bytes:
        """The present picture as a PNG file."""
        with self.picture.lock:
            self.show(pixel_ratio)
            return self.picture.png()

    @property
    def code(self) -> str:
        """The Python line that makes this very picture, with the name that every chapter imports."""
        changed = [
            f"{control.name}={self._settings[control.name]!r}"
            for control in self.controls
            if self._settings[control.name] != control.default
        ]
        return f'EXPLORERS["{self.name}"]({", ".join(changed)})'

    def close(self) -> None:
        """Take it off the screen, and let go of all that its settings can bring back."""
        if self._panel is not None:
            self._panel.close()
        settings = self.settings
        vars(self).clear()  # the picture, the results, and whatever a subclass keeps
        self.__init__(**settings)

    def _label(self, name: str) -> str:
        return getattr(self.control(name), "label", name).lower()

    def __repr__(self) -> str:
        return self.code

    def _repr_mimebundle_(self, include=None, exclude=None):
        """The live widget; where there is none, the picture and its description."""
        from course_lib.live.cells import remember  # widgets are only needed once something is shown
        from course_lib.live.panel import Panel

        if self._panel is None:
            self._panel = Panel(self)
        remember(self)
        view, _ = self._panel.view._repr_mimebundle_()
        with self.picture.lock:
            self.show()
            png = self.picture.png(note="A picture of the first setting. Run this cell to move it.")
        said = self.describe()
        return view | {"text/plain": said, "image/png": png}, {"image/png": {"alt": said}}


def _plain(value) -> str:
    return f"{value:.3g}" if isinstance(value, float) else str(value)
