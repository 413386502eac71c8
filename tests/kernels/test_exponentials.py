"""Exponentials, logarithms and sums of logarithms against those of the C library and of SciPy."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import special

from geoinno._kernels import closeness, exponentials


def test_exponentials_are_exact_to_rounding():
    values = np.concatenate([np.linspace(-700, 700, 40_001), np.linspace(-1, 1, 1001), [0.0]])
    ours = values.copy()
    exponentials.exponentials(ours)
    np.testing.assert_allclose(ours, np.exp(values), rtol=4e-16)
    far = np.array([-709.0, -1e9])
    exponentials.exponentials(far)
    assert (far < 1e-307).all()


def test_logarithms_are_exact_to_rounding():
    random = np.random.default_rng(0)
    values = np.concatenate(
        [np.exp(random.uniform(-690, 700, 40_000)), random.uniform(0.5, 2, 10_000), [1.0]]
    )
    ours = values.copy()
    exponentials.logarithms(ours)
    np.testing.assert_allclose(ours, np.log(values), rtol=5e-16, atol=1e-17)


@pytest.mark.parametrize("size", [1e-9, 0.5, 20.0, 1e12])
def test_closeness_sums_what_scipy_sums(size):
    random = np.random.default_rng(1)
    flow = random.exponential(size, 3_000) * (random.random(3_000) < 0.6)
    whole = random.poisson(min(size, 1e6), 3_000).astype(float)
    for y in (flow, whole):
        mean = random.exponential(size, y.size)
        common, saturated, factorials = closeness.closeness(y, mean)
        assert common == pytest.approx(np.minimum(y, mean).sum(), rel=1e-12)
        assert saturated == pytest.approx((special.xlogy(y, y) - y).sum(), rel=1e-12)
        assert factorials == pytest.approx(special.gammaln(y + 1).sum(), rel=1e-12, abs=1e-10)
