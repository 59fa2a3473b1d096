"""Early stopping, as a rule on its own: against the definition, followed one run at a time."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from course_lib.schedules import EarlyStopping


def follow(rule, losses):
    state = rule.init(np.shape(losses)[1:])
    for loss in losses:
        state = rule.update(loss, state)
    return state


@given(st.lists(st.integers(0, 6), min_size=1, max_size=25), st.integers(1, 5), st.sampled_from([0, 1, 2]))
def test_the_rule_stops_where_the_definition_says(losses, patience, min_delta):
    best, best_epoch, stopped = float("inf"), 0, False
    for epoch, loss in enumerate(losses, 1):
        if best - loss > min_delta:
            best, best_epoch = loss, epoch
        elif epoch - best_epoch == patience:
            stopped = True
            break
    state = follow(EarlyStopping(patience, min_delta), [float(loss) for loss in losses])
    assert (state.best_loss, state.best_epoch, state.stopped) == (best, best_epoch, stopped)
    assert state.best_epoch + state.waited == epoch


def test_every_run_stops_for_itself():
    losses = np.random.default_rng(0).random((12, 3, 4))
    patience, min_delta = np.arange(1, 13).reshape(3, 4), np.full((3, 4), 0.01)
    together = follow(EarlyStopping(patience, min_delta), losses)
    assert 0 < together.stopped.sum() < 12
    for i in np.ndindex(3, 4):
        alone = follow(EarlyStopping(int(patience[i]), 0.01), losses[:, *i])
        for name in together._fields:
            assert getattr(together, name)[i] == getattr(alone, name), name


def test_nan_is_no_improvement():
    state = follow(EarlyStopping(2), [1.0, np.nan, np.nan, 0.5])
    assert (state.best_epoch, state.waited, bool(state.stopped)) == (1, 2, True)
