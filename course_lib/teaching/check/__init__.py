"""Checks of the exercises: each says right, or names the likely mistake, and never raises.

`check.<exercise>(answer)` gives a verdict to read. Its `.answer` is yours when it is right and the reference
otherwise, so that later cells run either way. An answer left as `...` is "not tried yet".
`check.hint("<exercise>")` gives one hint after the other, and then the solution.
"""

import difflib

from course_lib.teaching.check.activations import (
    activation_backward,
    elu_slope,
    gelu_tanh,
    leaky_slope,
    merged_bias,
    relu_bends,
    sigmoid_slope,
    stable_softplus,
    tanh_slope,
)
from course_lib.teaching.check.backpropagation import (
    batch_gradient,
    bias_gradient,
    central_slope,
    delta_step,
    paths_add,
    weight_gradient,
    xor_net,
)
from course_lib.teaching.check.batch_size_and_learning_rate import (
    accumulate,
    batch_noise,
    cosine_annealing,
    scaled_rate,
    updates_in_all,
    warmup,
)
from course_lib.teaching.check.gradient_descent import (
    fit_line,
    gradient_step,
    halving_descent,
    linear_regression,
    rate_limit,
    updates_per_epoch,
)
from course_lib.teaching.check.initialization import (
    clip_by_norm,
    he_std,
    logistic_start,
    residual_backward,
    signal_size,
    uniform_bound,
    xavier_bound,
)
from course_lib.teaching.check.losses import (
    logistic_regression,
    mean_cross_entropy,
    mended_loss,
    one_hot,
    softmax_regression,
    stable_softmax,
    untrained_loss,
)
from course_lib.teaching.check.optimizers import (
    adagrad_update,
    adam_update,
    adamw_update,
    best_settings,
    escape_curvature,
    momentum_update,
    newton_step,
)
from course_lib.teaching.check.regularization import (
    diagnosis,
    dropout_forward,
    l2_gradient,
    ridge_weights,
    soft_threshold,
    stop_early,
    training_fold,
)
from course_lib.teaching.check.start_here import (
    count_updates,
    mean_squared_error,
    one_epoch,
    prepare,
    project_faults,
)
from course_lib.teaching.hints import hint as hint

EXERCISES = {
    "00_start_here": (mean_squared_error, count_updates, prepare, one_epoch, project_faults),
    "01_gradient_descent": (
        gradient_step,
        rate_limit,
        halving_descent,
        updates_per_epoch,
        linear_regression,
        fit_line,
    ),
    "02_losses": (
        logistic_regression,
        one_hot,
        stable_softmax,
        untrained_loss,
        mean_cross_entropy,
        softmax_regression,
        mended_loss,
    ),
    "03_activations": (
        merged_bias,
        sigmoid_slope,
        tanh_slope,
        leaky_slope,
        elu_slope,
        stable_softplus,
        gelu_tanh,
        activation_backward,
        relu_bends,
    ),
    "04_backpropagation": (
        weight_gradient,
        delta_step,
        batch_gradient,
        bias_gradient,
        paths_add,
        central_slope,
        xor_net,
    ),
    "05_initialization": (
        logistic_start,
        signal_size,
        uniform_bound,
        xavier_bound,
        he_std,
        clip_by_norm,
        residual_backward,
    ),
    "06_optimizers": (
        escape_curvature,
        best_settings,
        momentum_update,
        adagrad_update,
        adam_update,
        adamw_update,
        newton_step,
    ),
    "07_regularization": (
        diagnosis,
        l2_gradient,
        ridge_weights,
        soft_threshold,
        dropout_forward,
        stop_early,
        training_fold,
    ),
    "08_batch_size_and_learning_rate": (
        batch_noise,
        updates_in_all,
        accumulate,
        scaled_rate,
        cosine_annealing,
        warmup,
    ),
}


def by_name() -> dict:
    """All exercises by their names, each with its chapter: (chapter, exercise)."""
    return {exercise.name: (chapter, exercise) for chapter, row in EXERCISES.items() for exercise in row}


def __getattr__(name: str):
    """Only asked for what is not there: an exercise whose name has a typo, most often."""
    if name.startswith("__"):
        raise AttributeError(name)
    near = difflib.get_close_matches(name, [*by_name(), "hint"], cutoff=0.5)
    meant = f" Is {' or '.join(f'check.{other}' for other in near)} meant?" if near else ""
    raise AttributeError(f"There is no exercise {name!r}.{meant}")
