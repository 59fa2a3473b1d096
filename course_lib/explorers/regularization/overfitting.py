"""The explorer of overfitting: polynomials of every degree, on many draws of the same data."""

from __future__ import annotations

import functools
from types import SimpleNamespace

import numpy as np

from course_lib import datasets
from course_lib.datasets import polynomial_features
from course_lib.live import Explorer, Seed, Slider
from course_lib.numpy_nn.linear_models import ridge
from course_lib.plots import BLACK, BLUE, GREEN, LIGHT, ORANGE, PURPLE, SKY, VERMILION, frames

_DEGREES = np.arange(13)
_DRAWS = 40
_RANGE = (0.1, 0.5, 0.9)  # what is drawn of the draws: 8 of 10, and the middle
_GRID = np.linspace(-1, 1, 81)
_NOTHING = 1e-10  # the λ at the lower end: next to no penalty


@functools.lru_cache(maxsize=256)
def _smoothers(n: int, lam: float) -> np.ndarray:
    """What a fit makes of the targets, for each degree: (degrees, 81 + n, n).

    A fit is linear in y. So the fits to the n unit vectors tell those to every y.
    """
    x, rows = np.linspace(-1, 1, n), []
    for degree in _DEGREES:
        features, at = (polynomial_features(points, degree) for points in (x, np.append(_GRID, x)))
        fit = ridge(features, np.eye(n), lam / n)  # each column is a problem of its own, of n targets
        rows.append(at @ fit["W"] + fit["b"])
    return np.array(rows)


@functools.lru_cache(maxsize=64)
def _draws(n: int, noise: float, seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The true curve over the grid, at the n places, and 40 draws of the targets there, (n, 40)."""
    truth = np.polyval(datasets.POLYNOMIAL, np.append(_GRID, np.linspace(-1, 1, n)))
    curve, at = np.split(truth, [len(_GRID)])
    return curve, at, at[:, None] + noise * np.random.default_rng([seed, n]).normal(size=(n, _DRAWS))


@functools.lru_cache(maxsize=64)
def _fitted(n: int, noise: float, lam: float, seed: int) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """The fits of all degrees to all draws, (degrees, 81, draws), and how wrong they are."""
    curve, at, targets = _draws(n, noise, seed)
    smoothers = _smoothers(n, lam)
    fits = smoothers @ targets  # (degrees, 81 + n, draws)
    on_grid, on_data = fits[:, : len(_GRID)], fits[:, len(_GRID) :]
    train = np.mean((on_data - targets) ** 2, axis=1)  # (degrees, draws)
    test = np.mean((on_grid - curve[:, None]) ** 2, axis=1) + noise**2
    spread = np.mean(on_grid.var(axis=-1, ddof=1), axis=-1)
    return (
        on_grid,
        {
            "train": train,
            "test": test,
            "train_range": np.quantile(train, _RANGE, axis=1),  # (3, degrees)
            "test_range": np.quantile(test, _RANGE, axis=1),
            # Theory: the mean fit is the fit to the mean targets, and the noise comes through squared.
            "bias": np.mean((smoothers[:, : len(_GRID)] @ at - curve) ** 2, axis=1),
            "variance": noise**2 * np.mean(np.sum(smoothers[:, : len(_GRID)] ** 2, axis=-1), axis=-1),
            # The mean of 40 fits has a 40th of their variance left, which is no bias.
            "measured_bias": np.mean((on_grid.mean(axis=-1) - curve) ** 2, axis=-1) - spread / _DRAWS,
            "measured_variance": spread,
        },
    )


class OverfittingExplorer(Explorer):
    """Fit polynomials of every degree to many draws of the data: too stiff, right, too pliable."""

    name = "overfitting"
    size = (9.2, 3.5)
    ghosts = ("fit", "train", "test")
    controls = (
        Slider("degree", "Degree", 0, 12, default=4, integer=True),
        Slider("n", "Samples n", 8, 100, default=16, integer=True),
        Slider("noise", "Noise σ", 0.0, 1.0, default=0.3, step=0.05),
        Slider("lam", "Penalty λ", _NOTHING, 10.0, default=_NOTHING, log=True),
        Slider("draw", "Draw shown", 1, _DRAWS, default=1, integer=True, play=True),
        Seed(),
    )
    presets = {
        "too stiff": dict(degree=1),
        "about right": dict(degree=4),
        "too pliable": dict(degree=12),
        "more data": dict(degree=12, n=100),
        "no noise": dict(degree=12, noise=0.0),
        "tamed by λ": dict(degree=12, lam=0.0005),
        "λ too large": dict(degree=12, lam=1.0),
    }
    look_for = {
        "too stiff": "All 40 lines agree, and all are wrong. Both errors are high: that is bias.",
        "about right": "The two errors are nearly the least they can be, and close together.",
        "too pliable": "The least training error, a high test error. Press Play: each draw bends otherwise.",
        "more data": "The same degree and 100 samples: hardly any gap is left between the errors.",
        "no noise": "Degree 12, and nothing to be misled by. A large model alone is not yet overfitting.",
        "tamed by λ": "Degree 12 again, with a penalty on the weights: about as good as the right degree.",
        "λ too large": "The weights are held so tight that the fits are nearly level: bias again.",
    }

    def compute(self, degree, n, noise, lam, draw, seed):
        curve, _, targets = _draws(n, noise, seed)
        fits, errors = _fitted(n, noise, lam, seed)
        return SimpleNamespace(
            degree=degree,
            draw=draw,
            n=n,
            noise=noise,
            lam=lam,
            x=np.linspace(-1, 1, n),
            y=targets[:, draw - 1],
            curve=curve,
            fit=fits[degree, :, draw - 1],
            band=np.quantile(fits[degree], (0.1, 0.9), axis=-1),
            **errors,
        )

    def stage(self, figure):
        left, middle, right = frames.panels(figure, ["fit", "errors", "parts"], widths=[1.15, 1, 1])
        left.set(xlim=(-1.05, 1.05), ylim=(-3, 3), xlabel="x", title="One draw of the data, and its fit")
        for ax, title in ((middle, "Mean squared error"), (right, "What the test error is made of")):
            frames.loss_panel(ax, 12, 1e-3, 1e2, xlabel="degree", ylabel="")
            ax.set(xlim=(-0.4, 12.4), xticks=range(0, 13, 2), title=title)
        style = {"color": SKY, "alpha": 0.4}
        artists = {
            "band": frames.moving_band(left, label="8 of 10 draws", **style),
            "truth": frames.moving_line(left, "--", color=ORANGE, label="truth"),
            "data": frames.moving_line(left, "o", color=BLACK, markersize=3.5),
            "fit": frames.moving_line(left, color=BLUE, linewidth=2.2, label="fit"),
            "floor": frames.moving_line(middle, "--", color=ORANGE, label="σ²"),
            "train_band": frames.moving_band(middle, **style | {"color": GREEN}),
            "test_band": frames.moving_band(middle, **style | {"color": VERMILION}),
            "train": frames.moving_line(middle, "s-", color=GREEN, markersize=4, label="training"),
            "test": frames.moving_line(middle, "o-", color=VERMILION, markersize=4, label="test"),
            "here": frames.moving_line(middle, color=LIGHT, linewidth=7, zorder=0),
            "here_too": frames.moving_line(right, color=LIGHT, linewidth=7, zorder=0),
            "bias_theory": frames.moving_line(right, "--", color=ORANGE, label="theory"),
            "variance_theory": frames.moving_line(right, "--", color=ORANGE),
            "bias": frames.moving_line(right, "s", color=PURPLE, markersize=4.5, label="bias²"),
            "variance": frames.moving_line(right, "o", color=BLUE, markersize=4.5, label="variance"),
        }
        frames.legend(left, [artists[name] for name in ("truth", "fit", "band")])
        frames.legend(middle, [artists[name] for name in ("train", "test", "floor")])
        frames.legend(right, [artists[name] for name in ("bias", "variance", "bias_theory")])
        return artists

    def draw(self, artists, r):
        artists["truth"].set_data(_GRID, r.curve)
        artists["data"].set_data(r.x, r.y)
        artists["fit"].set_data(_GRID, np.clip(r.fit, -50, 50))
        artists["band"].set_data(_GRID, *np.clip(r.band, -50, 50))
        axes = artists["train"].axes
        for name in ("train", "test"):
            low, middle, high = frames.within(axes, getattr(r, f"{name}_range"))
            artists[name].set_data(_DEGREES, middle)
            artists[f"{name}_band"].set_data(_DEGREES, low, high)
        floor = frames.within(axes, np.full(2, r.noise**2))
        artists["floor"].set_data([-0.4, 12.4], floor)
        for name in ("here", "here_too"):
            artists[name].set_data([r.degree] * 2, [1e-3, 1e2])
        for name in ("bias", "variance"):
            artists[name].set_data(_DEGREES, frames.within(axes, getattr(r, f"measured_{name}")))
            artists[f"{name}_theory"].set_data(_DEGREES, frames.within(axes, getattr(r, name)))

    def describe(self, r):
        train, test = (_rounded(errors[1]) for errors in (r.train_range, r.test_range))
        penalty = "next to no penalty" if r.lam <= _NOTHING else f"λ = {r.lam:.2g}"
        best = int(np.argmin(test))
        return (
            f"Degree {r.degree}, {r.n} samples, σ = {r.noise:.2g}, {penalty}: typical training error "
            f"{train[r.degree]:.2g}, test error {test[r.degree]:.2g} (draw {r.draw}: "
            f"{_small(r.train[r.degree, r.draw - 1])} and {_small(r.test[r.degree, r.draw - 1])}; least "
            f"at degree {best}). Bias² {_small(r.bias[r.degree])}, variance {_small(r.variance[r.degree])}."
        )


def _rounded(errors: np.ndarray) -> np.ndarray:
    """Two digits, and nothing below a thousandth of a thousandth: what is left is rounding."""
    return np.array([float(f"{max(error, 0):.2g}") if error > 1e-6 else 0.0 for error in errors])


def _small(value: float) -> str:
    return f"{value:.2g}" if value > 1e-6 else "0"
