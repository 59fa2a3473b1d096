"""Two classes of points and a straight boundary: who pulls at it, and how hard."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
from matplotlib.patches import Polygon

from course_lib.explorers.losses.common import three_digits
from course_lib.live import Choice, Explorer, Slider
from course_lib.numpy_nn.layers import Dense
from course_lib.numpy_nn.losses import binary_cross_entropy, mse, ranking_hinge
from course_lib.plots import BLACK, BLUE, GRAY, GREEN, ORANGE, VERMILION, frames

_YES = np.array([[1.2, 0.4], [0.6, 1.9], [2.1, 1.3], [1.5, -0.9], [2.8, 0.2]])
_NO = np.array([[-1.0, -0.2], [-1.9, 0.9], [-0.5, -1.8], [-2.4, -1.2], [-1.0, 1.6]])
_LOSSES = ("cross-entropy", "hinge", "squared error")
_EDGE = 4.5  # of the plane
_FARTHEST, _HIGHEST = 8.0, 6.0  # of the right panel
_LAYER = Dense(2, 1)


def _losses_and_slopes(scores: np.ndarray, sides: np.ndarray, loss: str) -> tuple[np.ndarray, np.ndarray]:
    """Of each sample: its loss and ∂/∂z of it, at scores z (n,) with sides ±1 (n,)."""
    z, t = scores[:, None, None], sides[:, None, None]  # every sample is a run of its own
    if loss == "hinge":
        hinge, rest = ranking_hinge(1.0), np.zeros_like(z)  # its margin is 1
        return hinge.value(t * z, rest), sides * hinge.grad(t * z, rest)[:, 0, 0]
    used, target = (mse, t) if loss == "squared error" else (binary_cross_entropy, (t + 1) / 2)
    return used.value(z, target), used.grad(z, target)[:, 0, 0]


class DecisionBoundaryExplorer(Explorer):
    """Drag a point of each class, turn the boundary, and see which points pull at it."""

    name = "decision_boundary"
    apart = ("yes_x", "yes_y", "no_x", "no_y")
    ghosts = ("boundary",)
    controls = (
        Slider("w1", "Weight w₁", -3.0, 3.0, default=0.6, step=0.05),
        Slider("w2", "Weight w₂", -3.0, 3.0, default=1.2, step=0.05),
        Slider("b", "Bias b", -6.0, 6.0, default=0.3, step=0.1),
        Choice("loss", "Loss", _LOSSES, default="cross-entropy"),
        Slider("yes_x", "Blue point, across", -4.0, 4.0, default=1.0, step=0.1),
        Slider("yes_y", "Blue point, up", -4.0, 4.0, default=3.0, step=0.1),
        Slider("no_x", "Orange point, across", -4.0, 4.0, default=-3.0, step=0.1),
        Slider("no_y", "Orange point, up", -4.0, 4.0, default=-2.5, step=0.1),
    )
    presets = {
        "badly turned": dict(),
        "a good boundary": dict(w1=1.5, w2=0.5, b=0.0),
        "knowing nothing": dict(w1=0.0, w2=0.0, b=0.0),
        "one on the wrong side": dict(w1=1.5, w2=0.5, b=0.0, yes_x=-2.0, yes_y=-0.5),
        "far, and right": dict(w1=1.5, w2=0.5, b=0.0, yes_x=4.0, yes_y=4.0),
        "far, right, squared": dict(w1=1.5, w2=0.5, b=0.0, yes_x=4.0, yes_y=4.0, loss="squared error"),
        "hinge": dict(w1=1.5, w2=0.5, b=0.0, loss="hinge"),
        "twice as steep": dict(w1=3.0, w2=1.0, b=0.0),
    }
    look_for = {
        "badly turned": "The two points on the wrong side have the largest rings: they pull hardest.",
        "a good boundary": "No errors. Those nearest to the line still pull; the far ones hardly do.",
        "knowing nothing": "All scores are 0: every point pulls equally, and the loss is ln 2 = 0.693.",
        "one on the wrong side": "One point makes up most of the gradient. Drag it farther: it pulls on.",
        "far, and right": "The blue point at the corner is right and far: it has no ring.",
        "far, right, squared": "The same point, the same line: now it pulls hardest of all, and backward.",
        "hinge": "Points beyond the dotted lines of score ±1 do not pull at all.",
        "twice as steep": "The same line with twice the weights: the same errors, another loss.",
    }

    def compute(self, w1, w2, b, loss, yes_x, yes_y, no_x, no_y):
        points = np.vstack([_YES, [[yes_x, yes_y]], _NO, [[no_x, no_y]]])  # (12, 2)
        sides = np.repeat([1.0, -1.0], [len(_YES) + 1, len(_NO) + 1])
        params = {"W": np.array([[w1], [w2]]), "b": np.array([b])}
        scores, cache = _LAYER.forward(params, points)
        losses, slopes = _losses_and_slopes(scores[:, 0], sides, loss)
        _, gradient = _LAYER.backward(params, cache, slopes[:, None] / len(points))
        pull = np.abs(slopes)
        grid = np.linspace(-_FARTHEST, _FARTHEST, 161)
        return SimpleNamespace(
            points=points,
            sides=sides,
            weights=np.array([w1, w2, b]),
            after=np.array([*(params["W"] - gradient["W"])[:, 0], *(params["b"] - gradient["b"])]),
            signed=sides * scores[:, 0],
            losses=losses,
            loss=float(losses.mean()),
            name=loss,
            share=pull / pull.sum() if pull.sum() > 0 else pull,
            wrong=(scores[:, 0] >= 0) != (sides > 0),
            curve=_losses_and_slopes(grid, np.ones_like(grid), loss)[0],
        )

    def stage(self, figure):
        left, right = frames.panels(figure, ["plane", "loss"], widths=[1, 1.15])
        left.set(xlim=(-_EDGE, _EDGE), ylim=(-_EDGE, _EDGE), xlabel="$x_1$ (drag the black circles)")
        left.set(title="Green ring: share of the gradient")
        left.set_ylabel("$x_2$", labelpad=0)
        right.set(xlim=(-_FARTHEST, _FARTHEST), ylim=(-0.3, _HIGHEST), ylabel="loss of one point")
        right.set(xlabel="score, counted toward the right side", title="The loss of each point")
        right.axvspan(-_FARTHEST, 0, color="#EFEFEF", zorder=0)
        artists = {
            "side": left.add_patch(Polygon(np.zeros((4, 2)), color="#E3EEF6", zorder=0)),
            "margins": frames.moving_line(left, ":", color=GRAY, linewidth=1.2),
            "after": frames.moving_line(left, "--", color=GREEN, label="after a step"),
            "boundary": frames.moving_line(left, color=BLACK, linewidth=2.2, label="score 0 (dotted: ±1)"),
            "curve": frames.moving_line(right, color=GRAY, linewidth=1.5, zorder=1),
            "mean": frames.moving_text(right, 0.97, 0.65, ha="right", va="top"),
        }
        for axes, kind in ((left, "plane"), (right, "loss")):
            rings = axes.scatter(np.zeros(12), np.zeros(12), facecolors="none", edgecolors=GREEN, zorder=4)
            rings.set_linewidth(1.6)
            artists[f"{kind}_rings"] = rings
            for side, color, marker in (("yes", BLUE, "o"), ("no", ORANGE, "s")):
                style = dict(marker=marker, color=color, linestyle="none", markersize=6, zorder=5)
                artists[f"{kind}_{side}"] = frames.moving_line(axes, **style, label=side)
            cross = dict(marker="x", color=VERMILION, linestyle="none", markersize=9, markeredgewidth=2)
            artists[f"{kind}_wrong"] = frames.moving_line(axes, **cross, label="wrong", zorder=6)
        artists["handles"] = frames.moving_line(left, zorder=7, **frames.start_style())
        frames.legend(left, [artists[name] for name in ("plane_yes", "plane_no", "boundary", "after")])
        frames.legend(right, [artists["loss_wrong"]])
        return artists

    def draw(self, artists, r):
        w1, w2, b = r.weights
        artists["boundary"].set_data(*_line(r.weights))
        artists["after"].set_data(*_line(r.after))
        above, below = (_line(np.array([w1, w2, b + shift])) for shift in (-1, 1))
        artists["margins"].set_data(*np.hstack([above, np.full((2, 1), np.nan), below]))
        artists["side"].set_xy(_half_plane(r.weights))
        at_edge = np.stack(
            [np.clip(r.signed, -_FARTHEST, _FARTHEST) * 0.97, np.minimum(r.losses, 0.97 * _HIGHEST)], axis=1
        )
        for kind, places in (("plane", r.points), ("loss", at_edge)):
            artists[f"{kind}_rings"].set_offsets(places)
            artists[f"{kind}_rings"].set_sizes(np.where(r.share > 0.005, 40 + 2600 * r.share, 0))
            artists[f"{kind}_yes"].set_data(*places[r.sides > 0].T)
            artists[f"{kind}_no"].set_data(*places[r.sides < 0].T)
            artists[f"{kind}_wrong"].set_data(*places[r.wrong].T)
        artists["handles"].set_data(*r.points[[5, 11]].T)
        grid = np.linspace(-_FARTHEST, _FARTHEST, len(r.curve))
        artists["curve"].set_data(grid, r.curve)
        artists["mean"].set_text(f"mean loss {three_digits(r.loss)}")

    def describe(self, r):
        w1, w2, b = r.weights
        said = (
            f"w = ({w1:.2f}, {w2:.2f}), b = {b:.2f}: {np.count_nonzero(r.wrong)} of 12 wrong, "
            f"{r.name} {three_digits(r.loss)}. "
        )
        most = int(np.argmax(r.share))
        if r.share[most] == 0:
            return said + "No point pulls at the boundary."
        if np.ptp(r.share) < 1e-9:
            return said + "All 12 points pull equally."
        x, y = r.points[most]
        side = "blue" if r.sides[most] > 0 else "orange"
        return (
            said + f"The {side} point at ({x:.1f}, {y:.1f}) pulls hardest: {r.share[most]:.0%} of all pull."
        )

    def handles(self, r):
        return [
            ("plane", *map(float, r.points[5]), ("yes_x", "yes_y")),
            ("plane", *map(float, r.points[11]), ("no_x", "no_y")),
        ]

    def pointer(self, axes, x, y):
        if axes != "plane":
            return {}
        now = self.settings
        from_yes, from_no = (np.hypot(x - now[f"{side}_x"], y - now[f"{side}_y"]) for side in ("yes", "no"))
        side = "yes" if from_yes <= from_no else "no"
        return {f"{side}_x": x, f"{side}_y": y}

    def drag(self, held, axes, x, y):
        return dict(zip(held, (x, y), strict=True)) if axes == "plane" else {}


def _line(weights: np.ndarray) -> np.ndarray:
    """The ends (2, 2) of the line where the score is 0, far outside the plane; nothing if there is none."""
    w, b = weights[:2], weights[2]
    length = np.hypot(*w)
    if length < 1e-6:
        return np.full((2, 2), np.nan)
    foot = np.clip(-b / length, -100, 100) * w / length
    along = np.array([-w[1], w[0]]) / length
    return np.stack([foot - 20 * along, foot + 20 * along], axis=1)


def _half_plane(weights: np.ndarray) -> np.ndarray:
    """The corners of the side with positive scores."""
    ends = _line(weights).T
    if np.isnan(ends).any():
        everything = _EDGE * np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]])
        return everything if weights[2] > 0 else np.zeros((4, 2))
    away = 40 * weights[:2] / np.hypot(*weights[:2])
    return np.vstack([ends, ends[::-1] + away])
