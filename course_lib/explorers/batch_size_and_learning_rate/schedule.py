"""A learning-rate schedule as it is designed, and what it does to a training."""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace

import numpy as np

from course_lib import schedules
from course_lib.core import tree_map
from course_lib.explorers.batch_size_and_learning_rate import small_nets
from course_lib.live import Choice, Explorer, Seed, Slider
from course_lib.numpy_nn import activations as act
from course_lib.numpy_nn.layers import mlp
from course_lib.numpy_nn.losses import cross_entropy
from course_lib.numpy_nn.optimizers import SGD
from course_lib.numpy_nn.training import start_training
from course_lib.plots import BLUE, GRAY, LIGHT, ORANGE, SKY, frames

_UPDATES = 256  # 8 epochs of 32
_BATCH = 4
_SEEDS = 6
_EVERY = 8  # updates between two looks at the loss
_PARTS = 8
_KINDS = ("constant", "step", "exponential", "1/t", "linear", "cosine", "restarts", "cyclic", "one cycle")


def designed(kind: str, lr: float, warmup: int, share: float, parts: int) -> schedules.Schedule:
    """A schedule over all updates that ends at a share of its rate, after a linear warmup."""
    left = _UPDATES - warmup
    least = share * lr
    length = -(-left // parts)
    after = {
        "constant": lambda: schedules.constant(lr),
        "step": lambda: schedules.step_decay(lr, -(-left // (parts + 1)), share ** (1 / parts)),
        "exponential": lambda: schedules.exponential_decay(lr, share ** (1 / left)),
        "1/t": lambda: schedules.inverse_time_decay(lr, (1 / share - 1) / left),
        "linear": lambda: schedules.polynomial_decay(lr, left, lr_end=least),
        "cosine": lambda: schedules.cosine_annealing(lr, left, least),
        "restarts": lambda: schedules.cosine_restarts(lr, length, lr_min=least),
        "cyclic": lambda: schedules.cyclic(least, lr, max(length // 2, 1)),
        "one cycle": lambda: schedules.one_cycle(lr, left, div_factor=max(1 / share, 1.0)),
    }[kind]()
    return schedules.linear_warmup(after, warmup) if warmup else after


def _trained(schedule: schedules.Schedule, lr: float, seed: int) -> Iterator[tuple[float, np.ndarray]]:
    """Train with the schedule and with the rate kept, all seeds of both at once.

    Yields:
        The part that is done, and the losses so far: (looks, 2, seeds), those of the schedule first.
    """
    data, model = small_nets.noisy_circles(seed), mlp([2, 16, 2], activation=act.relu)
    start = model.init(np.random.default_rng([seed, 2]), (_SEEDS,))
    start = tree_map(lambda p: np.concatenate([p, p]).astype(np.float32), start)
    rngs = [np.random.default_rng([seed, run]) for _ in range(2) for run in range(_SEEDS)]
    both = SGD(lambda t: np.repeat([schedule(t), lr], _SEEDS))
    trainer = start_training(model, start, cross_entropy, both, data, rng=rngs, batch_size=_BATCH)
    losses = []
    for done in range(0, _UPDATES + 1, _EVERY):
        trainer.advance(done - trainer.n_updates)
        with np.errstate(all="ignore"):
            pred, _ = model.forward(trainer.params, data.x_train)
        losses.append(cross_entropy.value(pred, data.y_train).reshape(2, _SEEDS))
        if done and done % (_UPDATES // _PARTS) == 0:
            yield done / _UPDATES, np.array(losses)


class ScheduleExplorer(Explorer):
    """Design a schedule, and watch a training follow it beside one whose rate is kept."""

    name = "schedule"
    size = (9.0, 3.5)
    ghosts = ("rate", "loss")
    controls = (
        Choice("kind", "Schedule", _KINDS, default="cosine"),
        Slider("lr", "Learning rate η", 0.02, 3.0, default=0.8, log=True),
        Slider("warmup", "Warmup (updates)", 0, 64, default=0, integer=True, step=4),
        Slider("share", "Falls to this share", 0.001, 1.0, default=0.01, log=True),
        Slider("parts", "Steps, cycles", 1, 6, default=3, integer=True),
        Seed(few=2),
    )
    presets = {
        "cosine": dict(),
        "steps": dict(kind="step"),
        "exponential": dict(kind="exponential"),
        "1/t": dict(kind="1/t"),
        "restarts": dict(kind="restarts"),
        "cyclic": dict(kind="cyclic", share=0.05),
        "one cycle": dict(kind="one cycle", lr=1.5),
        "small rate": dict(lr=0.05),
    }
    look_for = {
        "cosine": "The kept rate is quick and then it shakes. The falling one settles lower.",
        "steps": "Each drop of the rate is followed by a drop of the loss. Then nothing more is gained.",
        "exponential": "It has fallen to a tenth halfway. Is that too early?",
        "1/t": "Steep at first, then a long tail.",
        "restarts": "Each restart throws the loss up again. At which moments would you stop?",
        "cyclic": "Up and down along lines. The loss follows, a little late.",
        "one cycle": "It starts low, rises to a rate that is too large to keep, and falls far.",
        "small rate": "The kept rate has not arrived. Letting it fall makes that worse.",
    }

    def compute(self, kind, lr, warmup, share, parts, seed):
        schedule = designed(kind, lr, warmup, share, parts)
        rates = schedules.rates(schedule, _UPDATES)
        for fraction, losses in _trained(schedule, lr, seed):
            result = SimpleNamespace(kind=_KINDS.index(kind), lr=lr, warmup=warmup, rates=rates)
            result.losses, result.kept = losses[:, 0], losses[:, 1]
            yield fraction, result

    def stage(self, figure):
        left, right = frames.panels(figure, ["rate", "loss"])
        frames.loss_panel(left, _UPDATES, 1e-3, 10, xlabel="updates t", ylabel="")
        left.set_title("Learning rate η(t)")
        frames.loss_panel(right, _UPDATES, 0.2, 2, xlabel="updates t", ylabel="")
        right.set_yticks((0.2, 0.3, 0.5, 1, 2), ["0.2", "0.3", "0.5", "1", "2"])
        right.minorticks_off()
        right.set_title(f"Training loss, {_SEEDS} runs each")
        for ax in (left, right):
            ax.set_xticks(range(0, _UPDATES + 1, 64))
        band = {"alpha": 0.35}
        artists = {
            "constant": frames.moving_line(left, ":", color=GRAY, label="kept"),
            "rate": frames.moving_line(left, color=ORANGE, linewidth=2.2, label="schedule"),
            "kept_band": frames.moving_band(right, color=LIGHT, alpha=0.8),
            "loss_band": frames.moving_band(right, color=SKY, **band),
            "kept": frames.moving_line(right, ":", color=GRAY, label="kept rate"),
            "loss": frames.moving_line(right, color=BLUE, label="with the schedule"),
        }
        frames.legend(left)
        frames.legend(right, [artists["kept"], artists["loss"]])
        return artists

    def draw(self, artists, r):
        artists["constant"].set_data([0, _UPDATES], [r.lr, r.lr])
        artists["rate"].set_data(np.arange(_UPDATES), np.maximum(r.rates, 1e-9))
        for name, losses in (("kept", r.kept), ("loss", r.losses)):
            inside = frames.within(artists["loss"].axes, losses)
            at = _EVERY * np.arange(len(losses))
            artists[name].set_data(at, np.median(inside, axis=1))
            artists[f"{name}_band"].set_data(at, inside.min(axis=1), inside.max(axis=1))

    def describe(self, r):
        end, kept = (float(np.median(losses[-1])) for losses in (r.losses, r.kept))
        warm = f"{r.warmup} updates of warmup, then " if r.warmup else ""
        done = _EVERY * (len(r.losses) - 1)
        return (
            f"{warm}{_KINDS[r.kind]}, η = {r.lr:.2g}: the rate ends at {r.rates[-1]:.2g}. "
            f"After {done} updates the loss is typically {_short(end)}; "
            f"with the rate kept it ends at {_short(kept)}."
        )


def _short(loss: float) -> str:
    return f"{loss:.2g}" if loss < 10 else "above 10"
