"""What may be set: the sliders, choices, toggles and seeds of an explorer, without any widget.

A control knows its range. It can judge a value (`validate`), bring a number into range (`clip`) and name
its extremes (`corners`), so that every setting can be swept in a test without a browser.
"""

from __future__ import annotations

import functools
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from numbers import Integral, Real

import numpy as np


@dataclass(frozen=True)
class Slider:
    """A number between `low` and `high`.

    Args:
        name: the argument of `Explorer.compute` that it sets.
        label: what the learner reads beside it.
        low, high: the ends of the range, both included.
        default: the value after Reset.
        log: equal distances on the slider are about equal ratios of the value, which has two digits.
        integer: only whole numbers.
        step: the distance between neighboring values (linear sliders); 1/100 of the range if not given.
        stops: the only values there are, in order (log sliders), such as the columns of a map.
        play: the slider is a time axis and gets a Play button.
    """

    name: str
    label: str
    low: float
    high: float
    default: float
    log: bool = False
    integer: bool = False
    step: float | None = None
    stops: tuple[float, ...] | None = None
    play: bool = False

    def __post_init__(self):
        if not self.low < self.high:
            raise ValueError(f"slider {self.name!r}: low must be below high, got {self.low} and {self.high}")
        if self.log and self.low <= 0:
            raise ValueError(f"slider {self.name!r}: a log slider needs low > 0, got {self.low}")
        if self.stops and not (self.log and list(self.stops) == sorted({self.low, *self.stops, self.high})):
            raise ValueError(
                f"slider {self.name!r}: stops need log=True and lie in order from {self.low} to {self.high}, "
                f"got {self.stops}"
            )
        self.validate(self.default)

    @functools.cached_property
    def values(self) -> tuple:
        """The positions of the slider, in order: round numbers that can be said aloud."""
        if self.stops:
            return self.stops
        if self.log:
            grid, ends = np.geomspace(self.low, self.high, 121), (self.low, self.default, self.high)
            if self.integer:
                return tuple(sorted({round(value) for value in grid} | {int(end) for end in ends}))
            inner = {float(f"{value:.2g}") for value in grid}
            kept = {value for value in inner if self.low < value < self.high}
            return tuple(sorted(kept | {float(end) for end in ends}))
        step = self.step or (1 if self.integer else (self.high - self.low) / 100)
        grid = self.low + step * np.arange(round((self.high - self.low) / step) + 1)
        return tuple(int(value) if self.integer else round(float(value), 10) for value in grid)

    def validate(self, value) -> float | int:
        if isinstance(value, bool) or not isinstance(value, Real):
            raise TypeError(f"{self.name} must be a number from {self.low:g} to {self.high:g}, got {value!r}")
        if not self.low <= value <= self.high:  # also catches nan
            raise ValueError(f"{self.name} must lie from {self.low:g} to {self.high:g}, got {value!r}")
        if self.stops and value not in self.stops:
            raise ValueError(
                f"{self.name} stops at {len(self.stops)} values from {self.low:g} to {self.high:g}, "
                f"got {value!r}; the nearest is {self.clip(value)!r}"
            )
        if self.integer:
            if value != int(value):
                raise ValueError(f"{self.name} must be a whole number, got {value!r}")
            return int(value)
        return float(value)

    def clip(self, value: float) -> float | int:
        """The position of the slider that is nearest to a number, which may lie out of range."""
        value = min(max(float(value), self.low), self.high)
        return self.values[self.nearest(value, self.values)]

    def nearest(self, value: float, positions: Sequence[float]) -> int:
        """Which of some positions a value is nearest to, by its ratio to them where the slider is log."""
        scale = np.log if self.log else np.asarray
        return int(np.argmin(np.abs(scale(positions) - scale(value))))

    def text(self, value: float) -> str:
        """A value as a learner reads it."""
        if self.integer or self.log:
            return f"{value:.{12 if self.integer else 3}g}"
        step = self.values[1] - self.values[0]
        return f"{value:.{max(2, math.ceil(-math.log10(step) - 1e-9))}f}"

    def read(self, text: str) -> float | int:
        """The number that somebody typed; 0,3 and 0.3 are the same.

        Raises:
            ValueError: it is no number, or may mean two.
        """
        wanted = (
            f"{self.label}: type a number from {self.text(self.low)} to {self.text(self.high)}, not {text!r}"
        )
        plain = re.sub(r"\s", "", text).replace("−", "-")
        if not re.fullmatch(r"[-+]?(\d+([.,]\d*)?|[.,]\d+)([eE][-+]?\d+)?", plain):
            raise ValueError(wanted)
        value = float(plain.replace(",", "."))
        if re.fullmatch(r"[-+]?[1-9]\d{0,2},\d{3}", plain):  # 1,500 is 1.5 to some and 1500 to others
            other = float(plain.replace(",", ""))
            meant = [v for v in (value, other) if self.low <= v <= self.high]
            if len(meant) != 1:
                raise ValueError(f"{wanted}, which may be {value:g} or {other:g}")
            value = meant[0]
        if not math.isfinite(value):
            raise ValueError(wanted)
        return value

    def corners(self) -> tuple:
        return (self.validate(self.low), self.validate(self.high))

    def random(self, rng: np.random.Generator):
        if self.log:
            return self.clip(np.exp(rng.uniform(np.log(self.low), np.log(self.high))))
        return self.clip(rng.uniform(self.low, self.high))


@dataclass(frozen=True)
class Choice:
    """One of a few named options."""

    name: str
    label: str
    options: Sequence[str]
    default: str

    def __post_init__(self):
        self.validate(self.default)

    def validate(self, value) -> str:
        if value not in tuple(self.options):
            known = ", ".join(repr(option) for option in self.options)
            raise ValueError(f"{self.name} must be one of {known}, got {value!r}")
        return value

    def corners(self) -> tuple:
        return tuple(self.options)

    def random(self, rng: np.random.Generator) -> str:
        return self.options[rng.integers(len(self.options))]


@dataclass(frozen=True)
class Several:
    """Any number of named options, given as a tuple in the order of the options."""

    name: str
    label: str
    options: Sequence[str]
    default: tuple[str, ...]

    def __post_init__(self):
        self.validate(self.default)

    def validate(self, value) -> tuple[str, ...]:
        known = ", ".join(repr(option) for option in self.options)
        if isinstance(value, str) or not isinstance(value, Sequence):
            raise TypeError(f"{self.name} must be a tuple of some of {known}, got {value!r}")
        for item in value:
            if item not in self.options:
                raise ValueError(f"{self.name} must hold some of {known}, got {item!r}")
        return tuple(option for option in self.options if option in value)

    def corners(self) -> tuple:
        return ((), tuple(self.options))

    def random(self, rng: np.random.Generator) -> tuple[str, ...]:
        return tuple(option for option in self.options if rng.integers(2))


@dataclass(frozen=True)
class Toggle:
    """Yes or no."""

    name: str
    label: str
    default: bool

    def validate(self, value) -> bool:
        if not isinstance(value, (bool, np.bool_)):
            raise TypeError(f"{self.name} must be True or False, got {value!r}")
        return bool(value)

    def corners(self) -> tuple:
        return (False, True)

    def random(self, rng: np.random.Generator) -> bool:
        return bool(rng.integers(2))


@dataclass(frozen=True)
class Seed:
    """The seed of all chance in a picture; it is set by the New seed button.

    Args:
        name: the argument of `Explorer.compute` that it sets.
        default: the value after Reset.
        few: how many seeds a sweep meets: less than 8 where each costs seconds of training.
    """

    name: str = "seed"
    default: int = 0
    few: int = 8

    def validate(self, value) -> int:
        if isinstance(value, bool) or not isinstance(value, Integral) or value < 0:
            raise ValueError(f"{self.name} must be a whole number from 0 up, got {value!r}")
        return int(value)

    def corners(self) -> tuple:
        return (self.default,)

    def random(self, rng: np.random.Generator) -> int:
        return int(rng.integers(self.few))  # few, so that a sweep meets the same data with many settings


Control = Slider | Choice | Several | Toggle | Seed
