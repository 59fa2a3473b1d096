"""How much faster one call with 10,000 starting points is than 10,000 calls with one.

python tests/benchmarks/bench_descend.py
"""

import time
from collections.abc import Callable

import numpy as np

from course_lib.numpy_nn.optimizers import SGD
from course_lib.numpy_nn.training import descend
from course_lib.surfaces import SURFACES

N_RUNS, N_STEPS, N_SINGLE = 10_000, 500, 20


def seconds(f: Callable, *arguments) -> float:
    start = time.perf_counter()
    f(*arguments)
    return time.perf_counter() - start


def main() -> None:
    print(
        f"{N_RUNS:,} descents of {N_STEPS} steps: one call, and one at a time ({N_SINGLE} timed and scaled)"
    )
    for name, surface in SURFACES.items():
        low, high = np.transpose(surface.bounds)
        starts = np.random.default_rng(0).uniform(low, high, (N_RUNS, surface.dim))
        together = min(seconds(descend, surface, SGD(0.001), starts, N_STEPS) for _ in range(3))
        alone = sum(seconds(descend, surface, SGD(0.001), start, N_STEPS) for start in starts[:N_SINGLE])
        alone *= N_RUNS / N_SINGLE
        print(f"{name:>16}  {together:6.2f} s and {alone:6.1f} s  ratio {alone / together:5.0f}")


if __name__ == "__main__":
    main()
