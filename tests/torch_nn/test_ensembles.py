"""Ensembles: both packages, closed forms, and a theorem."""

import numpy as np
import pytest
import torch

from course_lib.numpy_nn import ensembles, layers
from course_lib.torch_nn import ensembles as torch_ensembles
from course_lib.torch_nn import layers as torch_layers
from tests.registry import torch_dense

rng_of = np.random.default_rng


def test_both_packages_agree():
    preds, target = rng_of(0).normal(size=(5, 7, 3)), rng_of(1).normal(size=(7, 3))
    for name in ("mean_prediction", "mean_probability"):
        ours = getattr(ensembles, name)(preds)
        np.testing.assert_allclose(ours, getattr(torch_ensembles, name)(torch.tensor(preds)), rtol=1e-12)
    theirs = torch_ensembles.ambiguity(torch.tensor(preds), torch.tensor(target))
    np.testing.assert_allclose(ensembles.ambiguity(preds, target), torch.stack(theirs), rtol=1e-12)


def test_an_ensemble_gains_what_its_members_differ():
    preds, target = rng_of(0).normal(size=(6, 4, 30, 2)), rng_of(1).normal(size=(30, 2))
    ensemble, members, spread = ensembles.ambiguity(preds, target)  # 6 members of each of 4 ensembles
    np.testing.assert_allclose(ensemble, members - spread, rtol=1e-12)
    assert (ensemble < members).all()
    alone = ensembles.ambiguity(preds[:, 2], target)
    np.testing.assert_allclose([ensemble[2], members[2], spread[2]], alone, rtol=1e-12)


def test_independent_members_have_an_error_of_one_over_m():
    ensemble, members, _ = ensembles.ambiguity(rng_of(0).normal(size=(10, 20_000, 1)), np.zeros((20_000, 1)))
    assert ensemble / members == pytest.approx(0.1, rel=0.05)


def test_mean_probabilities_are_probabilities():
    p = ensembles.mean_probability(rng_of(0).normal(0, 500, (3, 8, 10)))
    np.testing.assert_allclose(p.sum(axis=-1), 1)
    assert (p >= 0).all()


def test_mc_dropout_has_the_mean_and_the_spread_of_a_masked_sum():
    p, x = 0.3, np.array([[1.0, -2.0, 3.0]])
    model = layers.Sequential([layers.Dropout(p), layers.Dense(3, 1)])
    params = model.init(rng_of(0))
    terms = x * params[1]["W"].T  # each is kept with probability 1 - p, and then divided by it
    wanted = terms.sum(), np.sqrt((terms**2).sum() * p / (1 - p))
    ours = ensembles.mc_dropout(model, params, x, 20_000, rng_of(1))
    torch_model = torch_layers.Sequential(
        torch_layers.Dropout(p, generator=torch.Generator().manual_seed(0)), torch_dense(params[1])
    ).eval()
    theirs = torch_ensembles.mc_dropout(torch_model, torch.tensor(x), 20_000)
    for mean, std in (ours, theirs):
        assert float(mean[0, 0]) == pytest.approx(wanted[0], abs=0.05 * wanted[1])
        assert float(std[0, 0]) == pytest.approx(wanted[1], rel=0.03)
    assert not torch_model[0].training


def test_mc_dropout_leaves_batch_norm_alone():
    norm = torch_layers.BatchNorm(2)
    model = torch_layers.Sequential(norm, torch_layers.Dropout(0.5)).train()
    torch_ensembles.mc_dropout(model, torch.ones(4, 2, dtype=torch.float64), 3)
    assert norm.training
    assert norm.running_mean.tolist() == [0, 0]


def test_runs_with_generators_of_their_own_are_the_runs_alone():
    model = layers.Sequential([layers.Dense(2, 3), layers.Dropout(0.5)])
    params, x = model.init(rng_of(0), runs=(3,)), np.ones((4, 2))
    mean, std = ensembles.mc_dropout(model, params, x, 5, [rng_of(i) for i in range(3)])
    for i in range(3):
        alone = [{name: p[i] for name, p in layer.items()} for layer in params]
        one = ensembles.mc_dropout(model, alone, x, 5, rng_of(i))
        np.testing.assert_array_equal(mean[i], one[0])
        np.testing.assert_array_equal(std[i], one[1])


def test_one_number_a_member_is_a_prediction_too():
    preds = np.array([[1.0, 2.0], [3.0, 6.0]])
    np.testing.assert_array_equal(ensembles.mean_prediction(preds), [2, 4])
    np.testing.assert_array_equal(torch_ensembles.mean_prediction(torch.tensor(preds)), [2, 4])
