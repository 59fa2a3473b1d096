"""Bad inputs: each call is refused with a message that names the argument and shows what it got."""

import re

import numpy as np
import pytest
import torch

from course_lib import (
    augmentation,
    datasets,
    early_stopping,
    preprocessing,
    splits,
    surfaces,
    trees,
    validation,
)
from course_lib.core import lead
from course_lib.numpy_nn import (
    activations,
    autograd,
    ensembles,
    gradient_noise,
    gradients,
    layers,
    linear_models,
    losses,
    optimizers,
    range_test,
    regularizers,
    second_order,
    sharpness,
    training,
)
from course_lib.torch_nn import activations as torch_activations
from course_lib.torch_nn import ensembles as torch_ensembles
from course_lib.torch_nn import layers as torch_layers
from course_lib.torch_nn import losses as torch_losses
from course_lib.torch_nn import optimizers as torch_optimizers
from course_lib.torch_nn import regularizers as torch_regularizers
from course_lib.torch_nn import second_order as torch_second_order
from course_lib.torch_nn import training as torch_training

RNG = np.random.default_rng(0)
BOWL, SGD, DENSE, LINE = surfaces.quadratic(), optimizers.SGD(0.1), layers.Dense(1, 1), datasets.line(RNG, 10)
PARAMS = DENSE.init(RNG)
NET = DENSE, PARAMS, losses.mse
WIDER, NORM = layers.Dense(1, 2), layers.BatchNorm(2)
ZEROS = np.zeros


def torch_zeros(*shape):
    return torch.zeros(*shape, dtype=torch.float64)


def train(**changes):
    settings = {"epochs": 1, "batch_size": 2, "rng": RNG, "params": PARAMS} | changes
    params = settings.pop("params")
    return training.train(DENSE, params, losses.mse, SGD, LINE, **settings)


def torch_train(**changes):
    model = torch_layers.Dense(1, 1)
    optimizer = torch_optimizers.SGD(model.parameters(), lr=0.1)
    settings = {"epochs": 1, "batch_size": 2} | changes
    return torch_training.train(model, torch_losses.mse, optimizer, LINE, **settings)


def split3(**changes):
    return splits.train_validation_test_split(np.arange(10), **({"rng": RNG} | changes))


# the call, the argument's name, the value as the message shows it
BAD_INPUTS = [
    (lambda: optimizers.SGD("fast"), "lr", "'fast'"),
    (lambda: optimizers.SGD(0), "lr", "0"),
    (lambda: optimizers.SGD(-0.1), "lr", "-0.1"),
    (lambda: optimizers.SGD(float("nan")), "lr", "nan"),
    (lambda: optimizers.SGD(float("inf")), "lr", "inf"),
    (lambda: optimizers.SGD(None), "lr", "None"),
    (lambda: optimizers.SGD(True), "lr", "True"),
    (lambda: optimizers.SGD(1j), "lr", "1j"),
    (lambda: optimizers.SGD([]), "lr", "[]"),
    (lambda: optimizers.SGD([0.1, -0.2]), "lr", "[0.1, -0.2]"),
    (lambda: optimizers.SGD([[0.1], [0.1, 0.2]]), "lr", "[[0.1], [0.1, 0.2]]"),
    (lambda: optimizers.SGD(lambda t: "fast"), "lr", "'fast'"),
    (lambda: optimizers.SGD(lambda t: -1.0), "lr", "-1.0"),
    (lambda: optimizers.ClipByNorm(0), "limit", "0"),
    (lambda: optimizers.ClipByValue([1.0, -1.0]), "limit", "[1.0, -1.0]"),
    (lambda: optimizers.Chain([SGD, "clip"]), "ops", "'clip'"),
    (lambda: torch_optimizers.ClipByNorm([torch.zeros(1)], -1), "limit", "-1"),
    (lambda: torch_optimizers.ClipByValue([torch.zeros(1)], "one"), "limit", "'one'"),
    (lambda: torch_optimizers.Chain([SGD]), "ops", "SGD"),
    (lambda: torch_optimizers.SGD([torch.zeros(1)], "fast"), "lr", "'fast'"),
    (lambda: torch_optimizers.SGD([torch.zeros(1)], 0), "lr", "0"),
    (lambda: torch_optimizers.SGD([torch.zeros(1)], [0.1]), "lr", "[0.1]"),
    (lambda: activations.leaky_relu(-0.1), "alpha", "-0.1"),
    (lambda: activations.elu("one"), "alpha", "'one'"),
    (lambda: activations.swish(np.inf), "beta", "inf"),
    (lambda: torch_activations.leaky_relu(None), "alpha", "None"),
    (lambda: torch_activations.elu(-1), "alpha", "-1"),
    (lambda: torch_activations.swish([1.0]), "beta", "[1.0]"),
    (lambda: layers.Dense(0, 1), "n_in", "0"),
    (lambda: layers.Dense(1, 2.5), "n_out", "2.5"),
    (lambda: torch_layers.Dense(-1, 1), "n_in", "-1"),
    (lambda: torch_layers.Dense(1, "two"), "n_out", "'two'"),
    (lambda: DENSE.init(0), "rng", "0"),
    (lambda: DENSE.forward(PARAMS, ZEROS((5, 2))), "x", "(5, 2)"),
    (lambda: DENSE.forward(PARAMS, ZEROS(5)), "x", "(5,)"),
    (lambda: DENSE.forward(PARAMS, ZEROS((3, 5, 1))), "x", "(3, 5, 1)"),
    (lambda: DENSE.forward(DENSE.init(RNG, runs=(3,)), ZEROS((2, 5, 1))), "x", "(2, 5, 1)"),
    (lambda: layers.Sequential([DENSE, "relu"]), "layers", "'relu'"),
    (lambda: layers.Activate("relu"), "activation", "'relu'"),
    (lambda: layers.Residual(np.tanh), "layer", "tanh"),
    (lambda: layers.Residual(DENSE).forward(DENSE.init(RNG), ZEROS((4, 2))), "x", "(4, 2)"),
    (lambda: layers.Residual(WIDER).forward(WIDER.init(RNG), ZEROS((4, 1))), "layer", "(4, 2)"),
    (lambda: layers.Flatten(0), "n_axes", "0"),
    (lambda: layers.Flatten().forward({}, ZEROS((4, 8, 8))), "x", "(4, 8, 8)"),
    (lambda: layers.mlp([3]), "sizes", "[3]"),
    (lambda: layers.mlp([3, 0]), "n_out", "0"),
    (lambda: layers.mlp([3, 2, 1], activation=np.tanh), "activation", "tanh"),
    (lambda: layers.Dropout(1.0), "p", "1.0"),
    (lambda: layers.Dropout(-0.1), "p", "-0.1"),
    (lambda: layers.Dropout("half"), "p", "'half'"),
    (lambda: layers.Dropout(0.5).forward({}, ZEROS((4, 2)), train=True), "rng", "None"),
    (lambda: layers.Dropout(0.5).forward({}, ZEROS((4, 2)), train=True, rng=[RNG, 1]), "rng", "1"),
    (lambda: layers.Dropout(0.5).forward({}, ZEROS((3, 4, 2)), train=True, rng=[RNG] * 2), "rng", "(2,)"),
    (lambda: layers.BatchNorm(0), "n", "0"),
    (lambda: layers.BatchNorm(2, momentum=1.5), "momentum", "1.5"),
    (lambda: layers.BatchNorm(2, eps=0), "eps", "0"),
    (lambda: NORM.forward(NORM.init(RNG), ZEROS((4, 3))), "x", "(4, 3)"),
    (lambda: NORM.forward(NORM.init(RNG), ZEROS((1, 2)), train=True), "x", "(1, 2)"),
    (lambda: NORM.forward(NORM.init(RNG, runs=(3,)), ZEROS((2, 4, 2))), "x", "(2, 4, 2)"),
    (lambda: layers.LayerNorm(2.0), "n", "2.0"),
    (lambda: layers.LayerNorm(2, eps=-1), "eps", "-1"),
    (lambda: layers.LayerNorm(2).forward(layers.LayerNorm(2).init(RNG), ZEROS(2)), "x", "(2,)"),
    (lambda: torch_layers.Activate("relu"), "activation", "'relu'"),
    (lambda: torch_layers.Residual("relu"), "layer", "'relu'"),
    (lambda: torch_layers.Residual(torch_layers.Dense(1, 2))(torch_zeros(4, 1)), "layer", "(4, 2)"),
    (lambda: torch_layers.Flatten(-1), "n_axes", "-1"),
    (lambda: torch_layers.Flatten()(torch_zeros(4, 8, 8)), "x", "(4, 8, 8)"),
    (lambda: torch_layers.mlp([3]), "sizes", "[3]"),
    (lambda: torch_layers.Dropout(1), "p", "1"),
    (lambda: torch_layers.BatchNorm(2, momentum=-1), "momentum", "-1"),
    (lambda: torch_layers.BatchNorm(2)(torch_zeros(1, 2)), "x", "(1, 2)"),
    (lambda: torch_layers.LayerNorm(0), "n", "0"),
    (lambda: losses.mse.value(ZEROS((4, 1)), ZEROS(4)), "target", "(4,)"),
    (lambda: losses.mse.grad(ZEROS(4), ZEROS((4, 1))), "pred", "(4,)"),
    (lambda: losses.mse.value(ZEROS((4, 1)), ZEROS((2, 4, 1))), "target", "(2, 4, 1)"),
    (lambda: losses.mse.value(ZEROS((4, 3)), ZEROS((4, 1))), "target", "(4, 1)"),
    (lambda: torch_losses.mse(torch.zeros(4, 1), torch.zeros(4)), "target", "(4,)"),
    (lambda: losses.binary_cross_entropy.value(ZEROS((4, 1)), ZEROS(4)), "target", "(4,)"),
    (lambda: losses.binary_cross_entropy.value(ZEROS((4, 1)), ZEROS((4, 1)) - 1), "target", "-1.0"),
    (lambda: losses.binary_cross_entropy.grad(ZEROS((4, 1)), ZEROS((4, 1)) + 2), "target", "2.0"),
    (lambda: torch_losses.binary_cross_entropy(torch.zeros(4, 1), torch.ones(4, 1) * 2), "target", "2.0"),
    (lambda: torch_losses.binary_cross_entropy(torch.zeros(4, 1), torch.ones(4)), "target", "(4,)"),
    (lambda: losses.cross_entropy.value(ZEROS((4, 3)), ZEROS((4, 3), int)), "target", "(4, 3)"),
    (lambda: losses.cross_entropy.value(ZEROS((4, 3)), ZEROS(5, int)), "target", "(5,)"),
    (lambda: losses.cross_entropy.value(ZEROS((4, 3)), ZEROS(4)), "target", "float64"),
    (lambda: losses.cross_entropy.value(ZEROS((4, 3)), np.full(4, 3)), "target", "3"),
    (lambda: losses.cross_entropy.grad(ZEROS((4, 3)), np.array([0, 0, 2, -1])), "target", "-1"),
    (lambda: losses.cross_entropy.grad(ZEROS(3), np.array(0)), "pred", "(3,)"),
    (lambda: torch_losses.cross_entropy(torch.zeros(4, 3), torch.zeros(4)), "target", "float32"),
    (lambda: torch_losses.cross_entropy(torch.zeros(4, 3), torch.full((4,), 3)), "target", "3"),
    (lambda: torch_losses.cross_entropy(torch.zeros(4, 3), torch.zeros(4, 1).long()), "target", "(4, 1)"),
    (lambda: losses.ranking_hinge(-1.0), "margin", "-1.0"),
    (lambda: losses.ranking_hinge().value(ZEROS((4, 1)), ZEROS(4)), "target", "(4,)"),
    (lambda: losses.multiclass_hinge("wide"), "margin", "'wide'"),
    (lambda: losses.multiclass_hinge().grad(ZEROS((4, 3)), np.full(4, 3)), "target", "3"),
    (lambda: torch_losses.ranking_hinge(-1.0), "margin", "-1.0"),
    (lambda: torch_losses.ranking_hinge()(torch.zeros(4, 1), torch.zeros(4)), "target", "(4,)"),
    (lambda: torch_losses.multiclass_hinge(np.nan), "margin", "nan"),
    (lambda: torch_losses.multiclass_hinge()(torch.zeros(4, 3), torch.full((4,), -1)), "target", "-1"),
    (lambda: losses.one_hot([0, 3], 3), "labels", "3"),
    (lambda: losses.one_hot([0.0, 1.0], 3), "labels", "float64"),
    (lambda: losses.one_hot([0, 1], 0), "n_classes", "0"),
    (lambda: torch_losses.one_hot(torch.tensor([0, 3]), 3), "labels", "3"),
    (lambda: torch_losses.one_hot(torch.tensor([0, 1]), 1.5), "n_classes", "1.5"),
    (lambda: lead(ZEROS(2), ZEROS((3, 2))), "h", "(2,)"),
    (lambda: gradients.numerical_gradient(np.sum, ZEROS(2), h=0), "h", "0"),
    (lambda: gradients.numerical_gradient(np.sum, ZEROS(2), method="middle"), "method", "'middle'"),
    (lambda: gradients.numerical_gradient(np.sum, "x"), "x", "'x'"),
    (lambda: gradients.check_gradients("relu", rng=RNG), "layer_or_loss", "'relu'"),
    (lambda: gradients.check_gradients(DENSE, PARAMS, ZEROS((2, 1)), rng=1), "rng", "1"),
    (lambda: autograd.Value("two"), "data", "'two'"),
    (lambda: autograd.Value(True), "data", "True"),
    (lambda: autograd.Value(1.0) * np.ones(2), "data", "1."),
    (lambda: autograd.Value(2.0) ** autograd.Value(3.0), "n", "3"),
    (lambda: autograd.Value(-1.0).log(), "data", "-1"),
    (lambda: autograd.Value(1.0) / 0, "divisor", "0"),
    (lambda: autograd.Value(0.0) ** -1, "data", "0"),
    (lambda: autograd.Value(-2.0) ** 0.5, "data", "-2"),
    (lambda: training.descend(BOWL, SGD, [1.0], 5), "start", "(1,)"),
    (lambda: training.descend(BOWL, SGD, 1.0, 5), "start", "()"),
    (lambda: training.descend(BOWL, SGD, [1.0, np.nan], 5), "start", "nan"),
    (lambda: training.descend(BOWL, SGD, "here", 5), "start", "'here'"),
    (lambda: training.descend(BOWL, SGD, [1.0, 1.0], -1), "n_steps", "-1"),
    (lambda: training.descend(BOWL, SGD, [1.0, 1.0], 2.5), "n_steps", "2.5"),
    (lambda: training.descend(BOWL, optimizers.SGD([0.1, 0.2]), ZEROS((3, 2)), 1), "runs", "(2,)"),
    (lambda: training.descend(BOWL, optimizers.SGD([0.1, 0.2]), ZEROS((2, 2, 2)), 1), "runs", "(2, 2)"),
    (lambda: train(batch_size=0), "batch_size", "0"),
    (lambda: train(batch_size=-3), "batch_size", "-3"),
    (lambda: train(batch_size=9), "batch_size", "9"),  # 8 to train on
    (lambda: train(batch_size=2.5), "batch_size", "2.5"),
    (lambda: train(batch_size="all"), "batch_size", "'all'"),
    (lambda: train(batch_size=True), "batch_size", "True"),
    (lambda: train(epochs=-1), "epochs", "-1"),
    (lambda: train(epochs=1.5), "epochs", "1.5"),
    (lambda: train(batch_size=lambda epoch: 9), "batch_size", "9"),
    (lambda: train(batch_size=lambda epoch: 0.5), "batch_size", "0.5"),
    (lambda: train(accumulate=0), "accumulate", "0"),
    (lambda: train(accumulate=1.5), "accumulate", "1.5"),
    (lambda: train(augment="shift"), "augment", "'shift'"),
    (lambda: train(regularizer=0.1), "regularizer", "0.1"),
    (lambda: train(early_stopping=3), "early_stopping", "3"),
    (lambda: train(plateau="auto"), "plateau", "'auto'"),
    (lambda: torch_train(batch_size=lambda epoch: 9), "batch_size", "9"),
    (lambda: torch_train(accumulate=0), "accumulate", "0"),
    (lambda: early_stopping.EarlyStopping(0), "patience", "0"),
    (lambda: early_stopping.EarlyStopping(2.5), "patience", "2.5"),
    (lambda: early_stopping.EarlyStopping([3, 0]), "patience", "0"),
    (lambda: early_stopping.EarlyStopping(3, min_delta=-0.1), "min_delta", "-0.1"),
    (lambda: splits.k_fold(5, 6, RNG), "k", "6"),
    (lambda: splits.k_fold(5, 1, RNG), "k", "1"),
    (lambda: splits.k_fold(5, 2, None), "rng", "None"),
    (lambda: splits.stratified_k_fold([0, 0, 0, 1], 2, RNG), "labels", "[3, 1]"),
    (lambda: splits.stratified_k_fold(ZEROS((4, 1)), 2, RNG), "labels", "(4, 1)"),
    (lambda: splits.leave_one_out(1), "n", "1"),
    (lambda: augmentation.rotate(ZEROS(9), 10), "x", "(9,)"),
    (lambda: augmentation.affine(ZEROS((8, 8)), np.eye(3), ZEROS(2)), "matrix", "(3, 3)"),
    (lambda: augmentation.scale(ZEROS((8, 8)), 0), "factor", "0"),
    (lambda: augmentation.random_affine(zoom=1), "zoom", "1"),
    (lambda: augmentation.random_flip(1.5), "p", "1.5"),
    (lambda: augmentation.random_noise(-1), "std", "-1"),
    (lambda: augmentation.compose("flip"), "parts", "'flip'"),
    (lambda: ensembles.mean_prediction(ZEROS(3)), "preds", "(3,)"),
    (lambda: ensembles.ambiguity(ZEROS((3, 4, 1)), ZEROS(4)), "target", "(4,)"),
    (lambda: ensembles.mc_dropout(layers.Dropout(0.5), {}, ZEROS((2, 2)), 0, RNG), "n_passes", "0"),
    (lambda: torch_ensembles.ambiguity(torch_zeros(3, 4, 1), torch_zeros(4)), "target", "(4,)"),
    (lambda: torch_ensembles.mc_dropout(torch_layers.Dropout(0.5), torch_zeros(2, 2), 0), "n_passes", "0"),
    (lambda: train(rng=0), "rng", "0"),
    (lambda: train(rng=[RNG, 1]), "rng", "1"),
    (lambda: train(rng=[RNG, RNG], params=DENSE.init(RNG, runs=(3,))), "runs", "(2,)"),
    (lambda: train(rng=[RNG], params=DENSE.init(RNG, runs=(3,))), "rng", "(1,)"),
    (lambda: torch_train(batch_size=0), "batch_size", "0"),
    (lambda: torch_train(batch_size=9), "batch_size", "9"),
    (lambda: torch_train(epochs=-1), "epochs", "-1"),
    (lambda: torch_training.descend(torch.sum, torch.optim.SGD, [[1.0]], 5), "start", "(1, 1)"),
    (lambda: torch_training.descend(torch.sum, torch.optim.SGD, [1.0], "five"), "n_steps", "'five'"),
    (lambda: surfaces.quadratic([]), "curvatures", "[]"),
    (lambda: surfaces.quadratic(3.0), "curvatures", "3.0"),
    (lambda: surfaces.quadratic((1.0, np.inf)), "curvatures", "inf"),
    (lambda: surfaces.least_squares(ZEROS(3), ZEROS(3)), "features", "(3,)"),
    (lambda: surfaces.least_squares(np.ones((3, 2)), ZEROS(4)), "targets", "(4,)"),
    (lambda: surfaces.least_squares(np.ones((3, 2)), ZEROS((3, 1))), "targets", "(3, 1)"),
    (lambda: surfaces.get_surface("rosenbrok"), "name", "'rosenbrok'"),
    (lambda: surfaces.get_surface(3), "name", "3"),
    (lambda: datasets.line(0), "rng", "0"),
    (lambda: datasets.line(RNG, n=1), "n", "1"),
    (lambda: datasets.line(RNG, noise=-1), "noise", "-1"),
    (lambda: datasets.line(RNG, weights=(1.0, 2.0, 3.0)), "weights", "(3,)"),
    (lambda: datasets.noisy_quadratic(RNG, weights=(1.0, 2.0)), "weights", "(2,)"),
    (lambda: datasets.noisy_quadratic(RNG, test_size=1.0), "test_size", "1.0"),
    (lambda: datasets.noisy_polynomial(RNG, weights=((1.0, 2.0),)), "weights", "(1, 2)"),
    (lambda: datasets.line(RNG, x_range=(2.0, -2.0)), "x_range", "(2.0, -2.0)"),
    (lambda: datasets.moons(RNG, n=10.0), "n", "10.0"),
    (lambda: datasets.circles(RNG, noise=[0.1, 0.2]), "noise", "[0.1, 0.2]"),
    (lambda: datasets.spirals(RNG, turns=0), "turns", "0"),
    (lambda: datasets.blobs(RNG, centers=[1.0, 2.0]), "centers", "[1.0, 2.0]"),
    (lambda: datasets.xor(RNG, test_size="some"), "test_size", "'some'"),
    (lambda: datasets.load_table(3), "path", "3"),
    (lambda: datasets.load_table("nowhere.csv"), "path", "'nowhere.csv'"),
    (lambda: datasets.load_table("nowhere.csv", task="ranking"), "task", "'ranking'"),
    (lambda: split3(test_size=0), "test_size", "0"),
    (lambda: split3(validation_size=1.5), "validation_size", "1.5"),
    (lambda: split3(validation_size=0.5, test_size=0.5), "validation_size", "0.5 + 0.5"),
    (lambda: split3(rng=None), "rng", "None"),
    (lambda: splits.train_test_split(ZEROS(3), ZEROS(4), rng=RNG), "arrays", "[3, 4]"),
    (lambda: splits.train_test_split(rng=RNG), "arrays", "[]"),
    (lambda: splits.train_test_split(ZEROS(1), rng=RNG), "arrays", "1"),
    (lambda: preprocessing.StandardScaler.fit(ZEROS(3)), "x", "(3,)"),
    (lambda: preprocessing.StandardScaler.fit([[1.0, np.nan]]), "x", "nan"),
    (lambda: preprocessing.StandardScaler.fit(ZEROS((2, 2))).transform(ZEROS((2, 3))), "x", "(2, 3)"),
    (lambda: preprocessing.polynomial_features(ZEROS((3, 2)), 2), "x", "(3, 2)"),
    (lambda: preprocessing.polynomial_features(ZEROS(3), -1), "degree", "-1"),
    (lambda: validation.in_interval("p", 1.5, 0, 1), "p", "1.5"),
    (lambda: regularizers.L1(-1), "lam", "-1"),
    (lambda: regularizers.L2("strong"), "lam", "'strong'"),
    (lambda: regularizers.ElasticNet(0.1, np.nan), "l2", "nan"),
    (lambda: regularizers.ProximalL1([0.1, -0.1], 0.1), "lam", "[0.1, -0.1]"),
    (lambda: regularizers.ProximalL1(0.1, 0), "lr", "0"),
    (lambda: torch_regularizers.L2([1.0]), "lam", "[1.0]"),
    (lambda: torch_regularizers.ElasticNet(-2, 1), "l1", "-2"),
    (lambda: torch_regularizers.ProximalL1([torch.zeros(1)], 0.1, 0), "lr", "0"),
    (lambda: linear_models.ridge(ZEROS((3, 2)), ZEROS((3, 1)), -1), "lam", "-1"),
    (lambda: linear_models.ridge(ZEROS(3), ZEROS((3, 1)), 1), "x", "(3,)"),
    (lambda: linear_models.lasso(ZEROS((3, 2)), ZEROS(3), 1), "y", "(3,)"),
    (lambda: linear_models.elastic_net(ZEROS((3, 2)), ZEROS((3, 1)), 1, "two"), "l2", "'two'"),
    (lambda: linear_models.lasso(ZEROS((3, 2)), ZEROS((3, 1)), 1, max_sweeps=0), "max_sweeps", "0"),
    (lambda: surfaces.ravine((1.0,)), "curvatures", "(1,)"),
    (lambda: surfaces.ravine(angle=100), "angle", "100"),
    (lambda: surfaces.sharp_and_flat(sharp=0), "sharp", "0"),
    (lambda: surfaces.sharp_and_flat(flat="wide"), "flat", "'wide'"),
    (lambda: surfaces.noisy(BOWL, -1, RNG), "std", "-1"),
    (lambda: surfaces.noisy(BOWL, 1, 0), "rng", "0"),
    (lambda: surfaces.classify(ZEROS((2, 3))), "hessian", "(2, 3)"),
    (lambda: surfaces.second_order_taylor(BOWL, [1.0]), "point", "(1,)"),
    (lambda: second_order.newton(BOWL, [1.0], 5), "start", "(1,)"),
    (lambda: second_order.newton(BOWL, [1.0, 1.0], 5, damping=-1), "damping", "-1"),
    (lambda: second_order.bfgs(BOWL, [1.0, 1.0], -1), "n_steps", "-1"),
    (lambda: second_order.bfgs(BOWL, [1.0, 1.0], 5, line_search=0), "alpha", "0"),
    (lambda: second_order.lbfgs(BOWL, [1.0, 1.0], 5, memory=0), "memory", "0"),
    (lambda: torch_second_order.newton(torch.sum, [[1.0]], 5), "start", "(1, 1)"),
    (lambda: torch_second_order.lbfgs(torch.sum, [1.0], 5, memory=2.5), "memory", "2.5"),
    (lambda: gradient_noise.batch_variance(-1.0, 2), "variance", "-1.0"),
    (lambda: gradient_noise.batch_variance(1.0, 9, n=8), "batch_size", "9"),
    (lambda: gradient_noise.batch_gradients(ZEROS((3, 2)), 4, 1, RNG), "batch_size", "4"),
    (lambda: gradient_noise.batch_gradients(ZEROS((3, 2)), 2, 1, 0), "rng", "0"),
    (lambda: gradient_noise.noise_floor(-0.1, [1.0], [1.0]), "lr", "-0.1"),
    (
        lambda: gradient_noise.per_sample_gradients(DENSE, PARAMS, losses.mse, ZEROS((3, 1)), ZEROS((2, 1))),
        "x",
        "3 and 2",
    ),
    (lambda: range_test.range_test(*NET, LINE, 1.0, 0.1, 10, 2, RNG), "lr_high", "0.1"),
    (lambda: range_test.range_test(*NET, LINE, 0.1, 1.0, 1, 2, RNG), "n_updates", "1"),
    (lambda: sharpness.largest_eigenvalue(abs, [1.0, np.nan]), "start", "nan"),
    (
        lambda: sharpness.hessian_vector_product(
            DENSE, PARAMS, losses.mse, ZEROS((1, 1)), ZEROS((1, 1)), PARAMS, h=0
        ),
        "h",
        "0",
    ),
    (lambda: trees.from_vector(ZEROS(3), PARAMS), "vector", "3"),
]


@pytest.mark.parametrize(("call", "argument", "value"), BAD_INPUTS)
def test_a_bad_input_is_named(call, argument, value):
    with pytest.raises((TypeError, ValueError, FileNotFoundError)) as error:
        call()
    message = str(error.value)
    assert re.search(rf"\b{argument}\b", message), message
    assert value in message
    assert re.search(r"\bmust\b", message), message  # says what would do
