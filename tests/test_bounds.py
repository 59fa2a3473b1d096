"""Where the range of an argument ends: the last value inside is taken, the first one outside is refused."""

import re

import numpy as np
import pytest
import torch

from course_lib import datasets, schedules, surfaces, theory
from course_lib.numpy_nn import (
    activations,
    analysis,
    ensembles,
    gradients,
    layers,
    linear_models,
    losses,
    regularizers,
    training,
)
from course_lib.numpy_nn import optimizers as opt
from course_lib.torch_nn import activations as torch_activations
from course_lib.torch_nn import analysis as torch_analysis
from course_lib.torch_nn import ensembles as torch_ensembles
from course_lib.torch_nn import layers as torch_layers
from course_lib.torch_nn import losses as torch_losses
from course_lib.torch_nn import optimizers as torch_opt
from course_lib.torch_nn import regularizers as torch_regularizers
from course_lib.torch_nn import training as torch_training

LITTLE = 1e-9


def rng():
    return np.random.default_rng(0)


def parameters():
    return [torch.zeros(1, requires_grad=True)]


LINE = datasets.line(rng(), 10)  # 8 samples to train on
DENSE = layers.Dense(1, 1)
PARAMS = DENSE.init(rng())
X, Y = LINE.x_train, LINE.y_train
BOWL = surfaces.quadratic((1.0, 2.0))
IMAGES = np.zeros((2, 4, 4))


def train(epochs=1, batch_size=2, **more):
    settings = {"epochs": epochs, "batch_size": batch_size, "rng": rng()} | more
    return training.train(DENSE, PARAMS, losses.mse, opt.SGD(0.1), LINE, **settings)


def torch_train(epochs=1, batch_size=2, **more):
    model = torch_layers.Dense(1, 1)
    optimizer = torch_opt.SGD(model.parameters(), lr=0.1)
    settings = {"epochs": epochs, "batch_size": batch_size} | more
    return torch_training.train(model, torch_losses.mse, optimizer, LINE, **settings)


def split(**sizes):
    settings = {"validation_size": 0.25, "test_size": 0.25} | sizes
    return datasets.train_validation_test_split(np.arange(10), **settings, rng=rng())


def start():
    return training.start_training(DENSE, PARAMS, losses.mse, opt.SGD(0.1), LINE, batch_size=2, rng=rng())


def lr_range(low=0.1, high=1.0, n_updates=4, batch_size=2):
    return training.range_test(DENSE, PARAMS, losses.mse, LINE, low, high, n_updates, batch_size, rng())


def torch_square(w):
    return (w * w).sum()


# argument -> (call with a value, its range). A range is written as mathematicians do; N means whole numbers.
RANGES = {
    # data
    "line n": (lambda v: datasets.line(rng(), v), "N [2, ∞)"),
    "moons n": (lambda v: datasets.moons(rng(), v), "N [2, ∞)"),
    "blobs n": (lambda v: datasets.blobs(rng(), v), "N [2, ∞)"),
    "blobs noise": (lambda v: datasets.blobs(rng(), noise=v), "[0, ∞)"),
    "moons noise": (lambda v: datasets.moons(rng(), noise=v), "[0, ∞)"),
    "line noise": (lambda v: datasets.line(rng(), noise=v), "[0, ∞)"),
    "spirals turns": (lambda v: datasets.spirals(rng(), turns=v), "(0, ∞)"),
    "k_fold n": (lambda v: list(datasets.k_fold(v, 2, rng())), "N [2, ∞)"),
    "stratified k": (lambda v: list(datasets.stratified_k_fold([0, 0, 0, 1, 1, 1], v, rng())), "N [2, 3]"),
    "k_fold k": (lambda v: datasets.k_fold(5, v, rng()), "N [2, 5]"),
    "line test_size": (lambda v: datasets.line(rng(), test_size=v), "(0, 1)"),
    "train_test_split test_size": (
        lambda v: datasets.train_test_split(np.arange(5), test_size=v, rng=rng()),
        "(0, 1)",
    ),
    "train_validation_test_split test_size": (lambda v: split(test_size=v), "(0, 0.75)"),
    "train_validation_test_split validation_size": (lambda v: split(validation_size=v), "(0, 0.75)"),
    "polynomial_features degree": (lambda v: datasets.polynomial_features([1.0], v), "N [0, ∞)"),
    "leave_one_out n": (lambda v: list(datasets.leave_one_out(v)), "N [2, ∞)"),
    "noise deviation": (lambda v: datasets.augmentation.noise(IMAGES, v, rng()), "[0, ∞)"),
    "random_flip p": (lambda v: datasets.augmentation.random_flip(v)(IMAGES, rng()), "[0, 1]"),
    "random_noise deviation": (datasets.augmentation.random_noise, "[0, ∞)"),
    "random_affine pixels": (lambda v: datasets.augmentation.random_affine(pixels=v), "[0, ∞)"),
    "random_affine degrees": (lambda v: datasets.augmentation.random_affine(degrees=v), "[0, ∞)"),
    "random_affine zoom": (lambda v: datasets.augmentation.random_affine(zoom=v), "[0, 1)"),
    "scale factor": (lambda v: datasets.augmentation.scale(IMAGES, v), "(0, ∞)"),
    # closed forms and surfaces
    "momentum_rate lr": (lambda v: theory.momentum_rate(v, 0.5, 1.0), "[0, ∞)"),
    "best_momentum highest": (lambda v: theory.best_momentum(1.0, v), "[1, ∞)"),
    "escape lr": (lambda v: theory.escape_probability(v, 1.0, 1.0, 1.0, 3), "(0, ∞)"),
    "escape curvature": (lambda v: theory.escape_probability(0.1, v, 1.0, 1.0, 3), "(0, ∞)"),
    "escape distance": (lambda v: theory.escape_probability(0.1, 1.0, v, 1.0, 3), "(0, ∞)"),
    "escape deviation": (lambda v: theory.escape_probability(0.1, 1.0, 1.0, [1.0, v], 3), "(0, ∞)"),
    "escape n_steps": (lambda v: theory.escape_probability(0.1, 1.0, 1.0, 1.0, v), "N [0, ∞)"),
    "noisy deviation": (lambda v: surfaces.noisy(BOWL, v, rng()), "[0, ∞)"),
    "classify tolerance": (lambda v: surfaces.classify(np.eye(2), v), "(0, ∞)"),
    "fixed alpha": (surfaces.fixed, "(0, ∞)"),
    "momentum_rate momentum": (lambda v: theory.momentum_rate(0.1, v, 1.0), "[0, 1)"),
    "largest_stable_rate momentum": (lambda v: theory.largest_stable_rate(v, 1.0), "[0, 1)"),
    "largest_stable_rate curvature": (lambda v: theory.largest_stable_rate(0.0, v), "(0, ∞)"),
    "best_momentum lowest": (lambda v: theory.best_momentum(v, 1.0), "(0, ∞)"),
    "ravine angle": (lambda v: surfaces.ravine(angle=v), "[-90, 90]"),
    "wells sharp": (lambda v: surfaces.sharp_and_flat(sharp=v), "[0.5, 1000]"),
    "wells flat": (lambda v: surfaces.sharp_and_flat(flat=v), "[0.5, 1000]"),
    # schedules
    "constant lr": (schedules.constant, "(0, ∞)"),
    "step_decay every": (lambda v: schedules.step_decay(0.1, v), "N [1, ∞)"),
    "step_decay factor": (lambda v: schedules.step_decay(0.1, 5, v), "(0, 1]"),
    "multi_step milestones": (lambda v: schedules.multi_step(0.1, [v]), "N [1, ∞)"),
    "multi_step factor": (lambda v: schedules.multi_step(0.1, [5], v), "(0, 1]"),
    "exponential_decay factor": (lambda v: schedules.exponential_decay(0.1, v), "(0, 1]"),
    "inverse_time_decay decay": (lambda v: schedules.inverse_time_decay(0.1, v), "[0, ∞)"),
    "polynomial_decay n_updates": (lambda v: schedules.polynomial_decay(0.1, v), "N [1, ∞)"),
    "polynomial_decay power": (lambda v: schedules.polynomial_decay(0.1, 5, v), "(0, ∞)"),
    "polynomial_decay lr_end": (lambda v: schedules.polynomial_decay(0.1, 5, lr_end=v), "[0, ∞)"),
    "exponential_range n_updates": (lambda v: schedules.exponential_range(0.1, 1, v), "N [2, ∞)"),
    "cosine_annealing n_updates": (lambda v: schedules.cosine_annealing(0.1, v), "N [1, ∞)"),
    "cosine_annealing lr_min": (lambda v: schedules.cosine_annealing(0.1, 5, v), "[0, ∞)"),
    "cosine_restarts n_updates": (lambda v: schedules.cosine_restarts(0.1, v), "N [1, ∞)"),
    "cosine_restarts multiplier": (lambda v: schedules.cosine_restarts(0.1, 5, multiplier=v), "N [1, ∞)"),
    "cosine_restarts lr_min": (lambda v: schedules.cosine_restarts(0.1, 5, lr_min=v), "[0, ∞)"),
    "cyclic n_up": (lambda v: schedules.cyclic(0.1, 1.0, v), "N [1, ∞)"),
    "cyclic n_down": (lambda v: schedules.cyclic(0.1, 1.0, 5, v), "N [1, ∞)"),
    "cyclic factor": (lambda v: schedules.cyclic(0.1, 1.0, 5, factor=v), "(0, 1]"),
    "one_cycle n_updates": (lambda v: schedules.one_cycle(0.1, v, warmup=0.9), "N [2, ∞)"),
    "one_cycle warmup": (lambda v: schedules.one_cycle(0.1, 10**10, warmup=v), "(0, 1)"),
    "one_cycle warmup, three phases": (
        lambda v: schedules.one_cycle(0.1, 10**10, warmup=v, three_phase=True),
        "(0, 0.5)",
    ),
    "one_cycle div_factor": (lambda v: schedules.one_cycle(0.1, 10, div_factor=v), "(0, ∞)"),
    "one_cycle final_div_factor": (lambda v: schedules.one_cycle(0.1, 10, final_div_factor=v), "(0, ∞)"),
    "linear_warmup n_updates": (lambda v: schedules.linear_warmup(0.1, v), "N [1, ∞)"),
    "linear_warmup start_factor": (lambda v: schedules.linear_warmup(0.1, 5, v), "[0, 1]"),
    "linear_warmup schedule": (lambda v: schedules.linear_warmup(lambda t: v, 5), "[0, ∞)"),
    "rates n_updates": (lambda v: schedules.rates(schedules.constant(0.1), v), "N [1, ∞)"),
    "rates schedule": (lambda v: schedules.rates(lambda t: [0.1, v], 3), "[0, ∞)"),
    "plateau patience": (lambda v: schedules.ReduceOnPlateau(patience=v), "N [0, ∞)"),
    "plateau factor": (lambda v: schedules.ReduceOnPlateau(factor=v), "(0, 1)"),
    "plateau cooldown": (lambda v: schedules.ReduceOnPlateau(cooldown=v), "N [0, ∞)"),
    "plateau min_scale": (lambda v: schedules.ReduceOnPlateau(min_scale=v), "[0, 1]"),
    "plateau threshold": (lambda v: schedules.ReduceOnPlateau(threshold=v), "[0, 1)"),
    "plateau threshold in units of the loss": (
        lambda v: schedules.ReduceOnPlateau(threshold=v, threshold_mode="abs"),
        "[0, ∞)",
    ),
    "early_stopping patience": (schedules.EarlyStopping, "N [1, ∞)"),
    "early_stopping patience of a run": (lambda v: schedules.EarlyStopping([3, v]), "N [1, ∞)"),
    "early_stopping min_delta": (lambda v: schedules.EarlyStopping(3, v), "[0, ∞)"),
    # layers and what is made of them
    "leaky_relu alpha": (activations.leaky_relu, "[0, ∞)"),
    "elu alpha": (activations.elu, "[0, ∞)"),
    "swish beta": (activations.swish, "[0, ∞)"),
    "ranking_hinge margin": (losses.ranking_hinge, "[0, ∞)"),
    "multiclass_hinge margin": (losses.multiclass_hinge, "[0, ∞)"),
    "dropout p": (layers.Dropout, "[0, 1)"),
    "batch_norm momentum": (lambda v: layers.BatchNorm(3, momentum=v), "[0, 1]"),
    "batch_norm n": (layers.BatchNorm, "N [1, ∞)"),
    "batch_norm eps": (lambda v: layers.BatchNorm(3, eps=v), "(0, ∞)"),
    "layer_norm n": (layers.LayerNorm, "N [1, ∞)"),
    "layer_norm eps": (lambda v: layers.LayerNorm(3, eps=v), "(0, ∞)"),
    "dense n_in": (lambda v: layers.Dense(v, 1), "N [1, ∞)"),
    "dense n_out": (lambda v: layers.Dense(1, v), "N [1, ∞)"),
    "flatten n_axes": (layers.Flatten, "N [1, ∞)"),
    "mlp size": (lambda v: layers.mlp([v, 1]), "N [1, ∞)"),
    "one_hot n_classes": (lambda v: losses.one_hot([0], v), "N [1, ∞)"),
    "check_gradients h": (lambda v: gradients.check_gradients(DENSE, PARAMS, X, rng=rng(), h=v), "(0, ∞)"),
    "numerical_gradient h": (lambda v: gradients.numerical_gradient(np.sum, np.zeros(2), h=v), "(0, ∞)"),
    "mc_dropout n_passes": (
        lambda v: ensembles.mc_dropout(layers.Dropout(0.5), {}, X, v, rng()),
        "N [1, ∞)",
    ),
    # optimizers
    "sgd lr": (opt.SGD, "(0, ∞)"),
    "sgd lr, the first of a schedule": (lambda v: opt.SGD(lambda t: v), "[0, ∞)"),
    "momentum": (lambda v: opt.Momentum(0.1, v), "[0, 1)"),
    "momentum dampening": (lambda v: opt.Momentum(0.1, dampening=v), "[0, 1]"),
    "nesterov momentum": (lambda v: opt.Nesterov(0.1, v), "[0, 1)"),
    "rmsprop decay": (lambda v: opt.RMSProp(0.1, v), "[0, 1)"),
    "rmsprop momentum": (lambda v: opt.RMSProp(0.1, momentum=v), "[0, 1)"),
    "rmsprop eps": (lambda v: opt.RMSProp(eps=v), "[0, ∞)"),
    "adagrad eps": (lambda v: opt.AdaGrad(eps=v), "[0, ∞)"),
    "adagrad lr_decay": (lambda v: opt.AdaGrad(lr_decay=v), "[0, ∞)"),
    "adagrad initial_accumulator": (lambda v: opt.AdaGrad(initial_accumulator=v), "[0, ∞)"),
    "adam b1": (lambda v: opt.Adam(0.1, v), "[0, 1)"),
    "adam b2": (lambda v: opt.Adam(0.1, 0.9, v), "[0, 1)"),
    "adam eps": (lambda v: opt.Adam(eps=v), "[0, ∞)"),
    "adamw weight_decay": (lambda v: opt.AdamW(weight_decay=v), "[0, ∞)"),
    "weight_decay": (opt.WeightDecay, "[0, ∞)"),
    "clip_by_value limit": (opt.ClipByValue, "(0, ∞)"),
    "clip_by_norm limit": (opt.ClipByNorm, "(0, ∞)"),
    "newton n_steps": (lambda v: opt.newton(BOWL, [1.0, 1.0], v), "N [0, ∞)"),
    "newton damping": (lambda v: opt.newton(BOWL, [1.0, 1.0], 1, damping=v), "[0, ∞)"),
    "newton tolerance": (lambda v: opt.newton(BOWL, [1.0, 1.0], 1, tolerance=v), "[0, ∞)"),
    "bfgs tolerance": (lambda v: opt.bfgs(BOWL, [1.0, 1.0], 1, tolerance=v), "[0, ∞)"),
    "lbfgs n_steps": (lambda v: opt.lbfgs(BOWL, [1.0, 1.0], v), "N [0, ∞)"),
    "lbfgs memory": (lambda v: opt.lbfgs(BOWL, [1.0, 1.0], 1, memory=v), "N [1, ∞)"),
    "proximal lr": (lambda v: regularizers.ProximalL1(0.1, lr=v), "(0, ∞)"),
    "proximal lam": (lambda v: regularizers.ProximalL1(v, lr=0.1), "[0, ∞)"),
    "elastic l1": (lambda v: regularizers.ElasticNet(v, 0.1), "[0, ∞)"),
    "elastic l2": (lambda v: regularizers.ElasticNet(0.1, v), "[0, ∞)"),
    "L1": (regularizers.L1, "[0, ∞)"),
    "L2": (regularizers.L2, "[0, ∞)"),
    "lasso lam": (lambda v: linear_models.lasso(X, Y, v), "[0, ∞)"),
    "lasso tolerance": (lambda v: linear_models.lasso(X, Y, 0.1, tolerance=v), "(0, ∞)"),
    "lasso max_sweeps": (lambda v: linear_models.lasso(X, Y, 0.1, max_sweeps=v), "N [1, ∞)"),
    "ridge lam": (lambda v: linear_models.ridge(X, Y, v), "[0, ∞)"),
    "elastic_net l1": (lambda v: linear_models.elastic_net(X, Y, v, 0.1), "[0, ∞)"),
    "elastic_net l2": (lambda v: linear_models.elastic_net(X, Y, 0.1, v), "[0, ∞)"),
    # training and analysis
    "train epochs": (lambda v: train(epochs=v), "N [0, ∞)"),
    "train batch_size": (lambda v: train(batch_size=v), "N [1, 8]"),
    "train batch_size of an epoch": (lambda v: train(batch_size=lambda epoch: v), "N [1, 8]"),
    "train batch_size of a later epoch": (lambda v: train(2, lambda epoch: v if epoch else 2), "N [1, 8]"),
    "train accumulate": (lambda v: train(accumulate=v), "N [1, ∞)"),
    "descend n_steps": (lambda v: training.descend(BOWL, opt.SGD(0.1), [1.0, 1.0], v), "N [0, ∞)"),
    "advance": (lambda v: start().advance(v), "N [0, ∞)"),
    "advance_epochs": (lambda v: start().advance_epochs(v), "N [0, ∞)"),
    "range_test lr_low": (lambda v: lr_range(low=v), "(0, ∞)"),
    "range_test lr_high": (lambda v: lr_range(high=v), "(0.1, ∞)"),
    "range_test n_updates": (lambda v: lr_range(n_updates=v), "N [2, ∞)"),
    "range_test batch_size": (lambda v: lr_range(batch_size=v), "N [1, 8]"),
    "sharpness n_iterations": (
        lambda v: analysis.sharpness(DENSE, PARAMS, losses.mse, X, Y, rng=rng(), n_iterations=v),
        "N [1, ∞)",
    ),
    "hessian_vector_product h": (
        lambda v: analysis.hessian_vector_product(DENSE, PARAMS, losses.mse, X, Y, PARAMS, h=v),
        "(0, ∞)",
    ),
    "batch_variance variance": (lambda v: analysis.batch_variance(v, 2), "[0, ∞)"),
    "batch_variance batch_size": (lambda v: analysis.batch_variance(1.0, [2, v], n=8), "N [1, 8]"),
    "batch_gradients batch_size": (lambda v: analysis.batch_gradients(X, v, 1, rng()), "N [1, 8]"),
    "batch_gradients batch_size, with replacement": (
        lambda v: analysis.batch_gradients(X, v, 1, rng(), replace=True),
        "N [1, ∞)",
    ),
    "batch_gradients n_batches": (lambda v: analysis.batch_gradients(X, 2, v, rng()), "N [1, ∞)"),
    "noise_floor lr": (lambda v: analysis.noise_floor(v, [1.0], [1.0]), "[0, ∞)"),
    # PyTorch's twins
    "torch leaky_relu alpha": (torch_activations.leaky_relu, "[0, ∞)"),
    "torch elu alpha": (torch_activations.elu, "[0, ∞)"),
    "torch swish beta": (torch_activations.swish, "[0, ∞)"),
    "torch ranking_hinge margin": (torch_losses.ranking_hinge, "[0, ∞)"),
    "torch multiclass_hinge margin": (torch_losses.multiclass_hinge, "[0, ∞)"),
    "torch sgd lr": (lambda v: torch_opt.SGD(parameters(), v), "(0, ∞)"),
    "torch dense n_in": (lambda v: torch_layers.Dense(v, 1), "N [1, ∞)"),
    "torch dense n_out": (lambda v: torch_layers.Dense(1, v), "N [1, ∞)"),
    "torch flatten n_axes": (torch_layers.Flatten, "N [1, ∞)"),
    "torch mlp size": (lambda v: torch_layers.mlp([v, 1]), "N [1, ∞)"),
    "torch dropout p": (torch_layers.Dropout, "[0, 1)"),
    "torch batch_norm n": (torch_layers.BatchNorm, "N [1, ∞)"),
    "torch batch_norm momentum": (lambda v: torch_layers.BatchNorm(3, momentum=v), "[0, 1]"),
    "torch batch_norm eps": (lambda v: torch_layers.BatchNorm(3, eps=v), "(0, ∞)"),
    "torch layer_norm n": (torch_layers.LayerNorm, "N [1, ∞)"),
    "torch layer_norm eps": (lambda v: torch_layers.LayerNorm(3, eps=v), "(0, ∞)"),
    "torch one_hot n_classes": (lambda v: torch_losses.one_hot(torch.tensor([0]), v), "N [1, ∞)"),
    "torch mc_dropout n_passes": (
        lambda v: torch_ensembles.mc_dropout(torch_layers.Dropout(0.5), torch.zeros(2, 1), v),
        "N [1, ∞)",
    ),
    "torch adam lr": (lambda v: torch_opt.Adam(parameters(), v), "(0, ∞)"),
    "torch adam b1": (lambda v: torch_opt.Adam(parameters(), 0.1, v), "[0, 1)"),
    "torch adam b2": (lambda v: torch_opt.Adam(parameters(), 0.1, 0.9, v), "[0, 1)"),
    "torch adam eps": (lambda v: torch_opt.Adam(parameters(), eps=v), "[0, ∞)"),
    "torch adamw weight_decay": (lambda v: torch_opt.AdamW(parameters(), weight_decay=v), "[0, ∞)"),
    "torch adagrad lr": (lambda v: torch_opt.AdaGrad(parameters(), v), "(0, ∞)"),
    "torch adagrad eps": (lambda v: torch_opt.AdaGrad(parameters(), eps=v), "[0, ∞)"),
    "torch adagrad lr_decay": (lambda v: torch_opt.AdaGrad(parameters(), lr_decay=v), "[0, ∞)"),
    "torch adagrad initial_accumulator": (
        lambda v: torch_opt.AdaGrad(parameters(), initial_accumulator=v),
        "[0, ∞)",
    ),
    "torch rmsprop lr": (lambda v: torch_opt.RMSProp(parameters(), v), "(0, ∞)"),
    "torch rmsprop decay": (lambda v: torch_opt.RMSProp(parameters(), 0.1, v), "[0, 1)"),
    "torch rmsprop eps": (lambda v: torch_opt.RMSProp(parameters(), eps=v), "[0, ∞)"),
    "torch rmsprop momentum": (lambda v: torch_opt.RMSProp(parameters(), momentum=v), "[0, 1)"),
    "torch momentum lr": (lambda v: torch_opt.Momentum(parameters(), v), "(0, ∞)"),
    "torch momentum": (lambda v: torch_opt.Momentum(parameters(), 0.1, v), "[0, 1)"),
    "torch momentum dampening": (lambda v: torch_opt.Momentum(parameters(), 0.1, dampening=v), "[0, 1]"),
    "torch nesterov lr": (lambda v: torch_opt.Nesterov(parameters(), v), "(0, ∞)"),
    "torch nesterov momentum": (lambda v: torch_opt.Nesterov(parameters(), 0.1, v), "[0, 1)"),
    "torch clip_by_value limit": (lambda v: torch_opt.ClipByValue(parameters(), v), "(0, ∞)"),
    "torch clip_by_norm limit": (lambda v: torch_opt.ClipByNorm(parameters(), v), "(0, ∞)"),
    "torch weight_decay": (lambda v: torch_opt.WeightDecay(parameters(), v), "[0, ∞)"),
    "torch newton n_steps": (lambda v: torch_opt.newton(torch_square, [1.0], v), "N [0, ∞)"),
    "torch newton damping": (lambda v: torch_opt.newton(torch_square, [1.0], 1, damping=v), "[0, ∞)"),
    "torch newton tolerance": (lambda v: torch_opt.newton(torch_square, [1.0], 1, tolerance=v), "[0, ∞)"),
    "torch bfgs tolerance": (lambda v: torch_opt.bfgs(torch_square, [1.0], 1, tolerance=v), "[0, ∞)"),
    "torch lbfgs n_steps": (lambda v: torch_opt.lbfgs(torch_square, [1.0], v), "N [0, ∞)"),
    "torch lbfgs memory": (lambda v: torch_opt.lbfgs(torch_square, [1.0], 1, memory=v), "N [1, ∞)"),
    "torch L1": (torch_regularizers.L1, "[0, ∞)"),
    "torch L2": (torch_regularizers.L2, "[0, ∞)"),
    "torch elastic l1": (lambda v: torch_regularizers.ElasticNet(v, 0.1), "[0, ∞)"),
    "torch elastic l2": (lambda v: torch_regularizers.ElasticNet(0.1, v), "[0, ∞)"),
    "torch proximal lam": (lambda v: torch_regularizers.ProximalL1(parameters(), v, 0.1), "[0, ∞)"),
    "torch proximal lr": (lambda v: torch_regularizers.ProximalL1(parameters(), 0.1, v), "(0, ∞)"),
    "torch descend n_steps": (
        lambda v: torch_training.descend(torch_square, lambda p: torch_opt.SGD(p, lr=0.1), [1.0], v),
        "N [0, ∞)",
    ),
    "torch train epochs": (lambda v: torch_train(epochs=v), "N [0, ∞)"),
    "torch train batch_size": (lambda v: torch_train(batch_size=v), "N [1, 8]"),
    "torch train batch_size of an epoch": (lambda v: torch_train(batch_size=lambda epoch: v), "N [1, 8]"),
    "torch train batch_size of a later epoch": (
        lambda v: torch_train(2, lambda epoch: v if epoch else 2),
        "N [1, 8]",
    ),
    "torch train accumulate": (lambda v: torch_train(accumulate=v), "N [1, ∞)"),
    "torch largest_eigenvalue n_iterations": (
        lambda v: torch_analysis.largest_eigenvalue(lambda u: 2 * u, torch.ones(2), n_iterations=v),
        "N [1, ∞)",
    ),
}


def edges(text):
    """The last values inside a range and the first ones outside."""
    whole, left, low, high, right = re.fullmatch(r"(N )?([\[(])(\S+), (\S+)([\])])", text).groups()
    inside, outside = [], []
    for end, closed, sign in ((low, left == "[", 1), (high, right == "]", -1)):
        if end == "∞":
            continue
        value = int(end) if whole else float(end)
        step = sign * (1 if whole else LITTLE)
        inside.append(value if closed else value + step)
        outside.append(value - step if closed else value)
    return inside, outside


def test_edges_are_read_as_they_are_written():
    assert edges("N [1, 8]") == ([1, 8], [0, 9])
    assert edges("[0, 1)") == ([0.0, 1 - LITTLE], [-LITTLE, 1.0])
    assert edges("(0, ∞)") == ([LITTLE], [0.0])


@pytest.mark.parametrize("name", RANGES)
def test_the_range_ends_where_it_is_said_to(name):
    call, text = RANGES[name]
    inside, outside = edges(text)
    for value in inside:
        call(value)
    for value in outside:
        with pytest.raises(ValueError, match=r"must .*got"):
            call(value)


def test_a_net_needs_two_sizes():
    assert len(layers.mlp([2, 1]).layers) == 1
    assert len(torch_layers.mlp([2, 1])) == 1
    for mlp in (layers.mlp, torch_layers.mlp):
        with pytest.raises(ValueError, match=r"sizes must name .* got \[2\]"):
            mlp([2])


def test_a_rate_is_measured_from_three_points_up():
    two, three = (training.descend(BOWL, opt.SGD(0.1), [1.0, 1.0], n) for n in (1, 2))
    theory.measured_rate(three, [0.0, 0.0])
    with pytest.raises(ValueError, match=r"path must"):
        theory.measured_rate(two, [0.0, 0.0])


def test_one_axis_is_one_feature():
    """Where samples come as a plain list of numbers, they are not taken for one sample of many features."""
    with pytest.raises(ValueError, match=r"x must have shape"):
        datasets.StandardScaler.fit(np.arange(5.0))
    scaler = datasets.StandardScaler.fit(np.arange(5.0)[:, None])
    assert scaler.mean.shape == (1,)
    assert scaler.transform([2.0]) == pytest.approx([0.0])  # one sample of one feature
    with pytest.raises(ValueError, match=r"x must have the 1 features"):
        scaler.transform(2.0)
    np.testing.assert_array_equal(datasets.polynomial_features([2.0, 3.0], 1), [[2, 1], [3, 1]])
    np.testing.assert_array_equal(datasets.polynomial_features([[2.0], [3.0]], 1), [[2, 1], [3, 1]])
