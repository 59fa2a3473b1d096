"""Generators keep their promises, and data files are what they were."""

import shutil

import numpy as np
import pytest
from sklearn import datasets as sklearn_datasets

from course_lib import datasets
from course_lib.datasets import Dataset, bundled

GENERATORS = [
    datasets.line,
    datasets.noisy_quadratic,
    datasets.noisy_polynomial,
    datasets.blobs,
    datasets.xor,
    datasets.moons,
    datasets.circles,
    datasets.spirals,
]


def all_samples(data):
    return np.concatenate([data.x_train, data.x_test]), np.concatenate([data.y_train, data.y_test])


@pytest.mark.parametrize("generate", GENERATORS)
def test_a_seed_gives_the_same_data_again(generate):
    first, again, other = (generate(np.random.default_rng(seed), 20) for seed in (0, 0, 1))
    np.testing.assert_array_equal(first.x_train, again.x_train)
    np.testing.assert_array_equal(first.y_test, again.y_test)
    assert (first.x_train != other.x_train).any()


@pytest.mark.parametrize("generate", GENERATORS)
def test_sizes_and_types(generate):
    data = generate(np.random.default_rng(0), 50, test_size=0.3)
    assert (len(data.x_train), len(data.x_test)) == (35, 15)
    assert data.x_train.dtype == data.x_test.dtype == np.float64
    if generate in (datasets.line, datasets.noisy_quadratic, datasets.noisy_polynomial):
        assert data.y_train.shape == (35, 1)
    else:
        assert data.y_train.shape == (35,)
        assert data.y_train.dtype == np.int64
        assert np.bincount(all_samples(data)[1]).tolist() == [25, 25]


def test_the_curve_and_its_noise_are_those_promised():
    data = datasets.noisy_quadratic(np.random.default_rng(0), 20_000, noise=0.3, weights=(1.5, -1.0, 2.0))
    x, y = (part[:, 0] for part in all_samples(data))
    np.testing.assert_allclose(np.polyfit(x, y, 2), (1.5, -1.0, 2.0), atol=0.02)
    assert np.std(y - np.polyval((1.5, -1.0, 2.0), x)) == pytest.approx(0.3, rel=0.03)


def test_a_polynomial_of_any_degree_has_the_weights_and_the_noise_promised():
    for weights in ((0.5,), (2.0, -1.0, 0.0, 3.0)):
        data = datasets.noisy_polynomial(np.random.default_rng(0), 20_000, noise=0.2, weights=weights)
        x, y = (part[:, 0] for part in all_samples(data))
        np.testing.assert_allclose(np.polyfit(x, y, len(weights) - 1), weights, atol=0.03)
        assert np.std(y - np.polyval(weights, x)) == pytest.approx(0.2, rel=0.03)
        assert np.abs(x).max() <= 1


def test_a_line_without_noise_is_a_line():
    x, y = all_samples(datasets.line(np.random.default_rng(0), noise=0, weights=(3.0, -1.0)))
    np.testing.assert_allclose(y, 3 * x - 1)


def test_circles_and_moons_lie_on_their_curves():
    x, label = all_samples(datasets.circles(np.random.default_rng(0), noise=0))
    np.testing.assert_allclose(np.hypot(*x.T), np.where(label == 0, 1.0, 0.5))
    x, label = all_samples(datasets.moons(np.random.default_rng(0), noise=0))
    center = np.where(label[:, None] == 0, (0.0, 0.0), (1.0, 0.5))
    np.testing.assert_allclose(np.hypot(*(x - center).T), 1)
    assert ((x - center)[:, 1] * (1 - 2 * label) >= 0).all()  # one opens down, the other up


def test_spirals_are_each_other_turned_by_half_a_turn():
    x, label = all_samples(datasets.spirals(np.random.default_rng(0), noise=0, turns=2))
    radius, angle = np.hypot(*x.T), np.arctan2(x[:, 1], x[:, 0])
    turned = (angle - np.pi * label - 2 * np.pi * 2 * radius) / (2 * np.pi)
    np.testing.assert_allclose(turned, np.rint(turned), atol=1e-9)


def test_xor_labels_tell_whether_the_signs_differ():
    x, label = all_samples(datasets.xor(np.random.default_rng(0), noise=0))
    np.testing.assert_array_equal(label == 1, x[:, 0] * x[:, 1] < 0)
    assert len(np.unique(x, axis=0)) == 4


def test_blobs_sit_around_their_centers():
    centers = ((0.0, 0.0, 5.0), (5.0, 0.0, 0.0), (0.0, 5.0, 0.0))
    x, label = all_samples(datasets.blobs(np.random.default_rng(0), 3000, 0.5, centers=centers))
    for k, center in enumerate(centers):
        np.testing.assert_allclose(x[label == k].mean(axis=0), center, atol=0.1)
        np.testing.assert_allclose(x[label == k].std(axis=0), 0.5, atol=0.05)


# What each generator promises by default: samples, part to test on, deviation of the noise.
PROMISED = {
    datasets.line: (100, 0.1),
    datasets.noisy_quadratic: (100, 0.3),
    datasets.noisy_polynomial: (100, 0.3),
    datasets.blobs: (200, 1.0),
    datasets.xor: (200, 0.2),
    datasets.moons: (200, 0.1),
    datasets.circles: (200, 0.1),
    datasets.spirals: (200, 0.05),
}
CURVES = {  # the weights, and the range of x
    datasets.line: ((2.0, 0.5), 2.0),
    datasets.noisy_quadratic: ((1.0, -2.0, 0.5), 2.0),
    datasets.noisy_polynomial: ((2.5, 4.0, -5.0, -5.0, 2.0, 0.75), 1.0),
}


@pytest.mark.parametrize("generate", GENERATORS)
def test_sizes_and_noise_are_those_promised(generate):
    n, noise = PROMISED[generate]
    data = generate(np.random.default_rng(0))
    assert (len(data.x_train), len(data.x_test)) == (0.8 * n, 0.2 * n)
    # One stream of chance, with the noise and without it: what differs is the noise.
    noisy, clean = (
        generate(np.random.default_rng(1), 20_000, **settings) for settings in ({}, {"noise": 0.0})
    )
    if generate in CURVES:
        difference = noisy.y_train - clean.y_train
    else:
        difference = noisy.x_train - clean.x_train
    assert difference.mean() == pytest.approx(0, abs=0.03 * noise)
    assert difference.std() == pytest.approx(noise, rel=0.02)
    if difference.shape[1] == 2:
        assert abs(np.corrcoef(difference.T)[0, 1]) < 0.03  # each coordinate has its own


@pytest.mark.parametrize("generate", CURVES)
def test_curves_are_those_promised(generate):
    weights, end = CURVES[generate]
    x, y = (part[:, 0] for part in all_samples(generate(np.random.default_rng(0), 2000, noise=0.0)))
    np.testing.assert_allclose(np.polyfit(x, y, len(weights) - 1), weights, atol=1e-9)
    assert (x.min(), x.max()) == pytest.approx((-end, end), abs=0.01 * end)
    assert abs(x).max() <= end
    assert x.mean() == pytest.approx(0, abs=0.05 * end)


def test_every_coordinate_of_a_blob_has_a_noise_of_its_own():
    x = datasets.blobs(np.random.default_rng(0), 5000, centers=((0.0,) * 4,)).x_train
    np.testing.assert_allclose(np.cov(x.T), np.eye(4), atol=0.08)


def test_blobs_and_spirals_are_those_promised():
    x, label = all_samples(datasets.blobs(np.random.default_rng(0), noise=0.0))
    np.testing.assert_array_equal(x, np.where(label[:, None] == 0, (-2.0, 0.0), (2.0, 0.0)))
    x, label = all_samples(datasets.spirals(np.random.default_rng(0), 4000, noise=0.0))
    radius = np.hypot(*x.T)
    assert radius.max() == pytest.approx(1, abs=0.01)
    assert np.mean(radius < 0.5) == pytest.approx(0.25, abs=0.02)  # evenly spread over the disc
    along = np.sort(radius[label == 0])
    points = x[label == 0][np.argsort(radius[label == 0])]
    angle = np.unwrap(np.arctan2(points[:, 1], points[:, 0])[along > 0.1])
    assert np.polyfit(along[along > 0.1], angle, 1)[0] == pytest.approx(2 * np.pi * 1.5, rel=1e-6)


def test_circles_and_xor_go_all_the_way_round():
    for label in (0, 1):
        x, labels = all_samples(datasets.circles(np.random.default_rng(0), 2000, noise=0.0))
        angles = np.sort(np.arctan2(*x[labels == label].T))
        assert np.diff(angles).max() < 0.1
        quarters = np.bincount(((angles + np.pi) // (np.pi / 2)).astype(int))
        np.testing.assert_allclose(quarters, 250, atol=60)  # evenly, and once
        x, labels = all_samples(datasets.xor(np.random.default_rng(0), 2000, noise=0.0))
        corners, counts = np.unique(x[labels == label], axis=0, return_counts=True)
        np.testing.assert_array_equal(abs(corners), 1)
        np.testing.assert_allclose(counts, 500, atol=60)


def test_moons_are_half_circles_that_reach_into_each_other():
    x, label = all_samples(datasets.moons(np.random.default_rng(0), 4000, noise=0.0))
    for k, left, right in ((0, -1.0, 1.0), (1, 0.0, 2.0)):
        moon = x[label == k]
        assert moon[:, 0].min() == pytest.approx(left, abs=0.01)
        assert moon[:, 0].max() == pytest.approx(right, abs=0.01)
    assert x[label == 0, 1].min() == pytest.approx(0, abs=0.01)
    assert x[label == 1, 1].max() == pytest.approx(0.5, abs=0.01)


def test_a_dataset_needs_as_many_targets_as_inputs():
    with pytest.raises(ValueError, match="x_test and y_test must hold equally many"):
        Dataset("bad", np.zeros((2, 1)), np.zeros((2, 1)), np.zeros((2, 1)), np.zeros((1, 1)))


# ---- the files in data/


def test_digits_are_those_of_scikit_learn():
    table, original = datasets.load_digits(), sklearn_datasets.load_digits()
    np.testing.assert_array_equal(table.x, original.data)
    np.testing.assert_array_equal(table.y, original.target)


def test_diabetes_has_532_complete_rows():
    table = datasets.load_diabetes()
    assert table.x.shape == (532, 7)
    assert np.bincount(table.y).tolist() == [355, 177]
    assert table.columns[-1] == "diabetes"
    assert (table.x[:, 1:] > 0).all()  # zeros stood for holes in older copies of this table


def test_names_and_sunspots():
    names, spots = datasets.load_names(), datasets.load_sunspots()
    assert (names.sex == "F").sum() == 4275
    assert (names.sex == "M").sum() == 1219
    assert set("".join(names.name)) == set("abcdefghijklmnopqrstuvwxyz")
    np.testing.assert_array_equal(spots.year, np.arange(1700, 2009))
    assert spots.sunspots.max() == 190.2  # 1957


LOADERS = {
    "digits.csv.gz": datasets.load_digits,
    "pima_diabetes.csv": datasets.load_diabetes,
    "names.csv": datasets.load_names,
    "sunspots.csv": datasets.load_sunspots,
}


@pytest.fixture
def data_copy(tmp_path, monkeypatch):
    copy = shutil.copytree(bundled.DATA, tmp_path / "data")
    monkeypatch.setattr(bundled, "DATA", copy)
    return copy


@pytest.mark.parametrize("file", LOADERS)
def test_one_flipped_bit_is_found(file, data_copy):
    raw = bytearray((data_copy / file).read_bytes())
    raw[len(raw) // 2] ^= 1
    (data_copy / file).write_bytes(raw)
    with pytest.raises(ValueError, match=rf"{file}.*SHA-256.*installing course_lib again"):
        LOADERS[file]()


@pytest.mark.parametrize("file", LOADERS)
def test_a_missing_file_is_named(file, data_copy):
    (data_copy / file).unlink()
    with pytest.raises(FileNotFoundError, match=rf"{file} is missing.*installing course_lib again"):
        LOADERS[file]()


def test_a_clone_gives_a_file_back_by_git(tmp_path, monkeypatch):
    clone = tmp_path / "course"
    copy = shutil.copytree(bundled.DATA, clone / "course_lib" / "datasets" / "data")
    (clone / ".git").mkdir()
    (clone / "requirements.txt").touch()
    monkeypatch.setattr(bundled, "DATA", copy)
    (copy / "names.csv").unlink()
    with pytest.raises(FileNotFoundError, match=r"git -C .*course checkout -- .*/datasets/data/names\.csv"):
        datasets.load_names()


def test_every_file_has_a_checksum_and_a_paragraph():
    files = {path.name for path in bundled.DATA.iterdir() if path.suffix in (".csv", ".gz")}
    assert files == set(LOADERS)
    sums = (bundled.DATA / "SHA256SUMS").read_text()
    readme = (bundled.DATA / "README.md").read_text()
    for line in sums.splitlines():
        digest, file = line.split()
        assert file in files
        assert digest in readme
        assert f"`{file}`" in readme


def test_the_tables_are_found_from_any_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for load in LOADERS.values():
        load()
