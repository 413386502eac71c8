"""Compiled products over pairs in rings against their plain twin."""

from __future__ import annotations

import numpy as np
import pytest

from geoinno.measure._geodesy import ellipsoid
from geoinno.measure.autocorrelation import _rings

EDGES = np.array([0.0, 150.0, 300.0, 700.0, 1500.0])


def made(count):
    rng = np.random.default_rng(count)
    xyz = ellipsoid.unit_vectors(rng.uniform(170, 190, count), rng.uniform(-25, -5, count))
    xyz[-1] = xyz[0]
    return xyz, rng.normal(size=(count, 7))


def test_compiled_rings_equal_plain_ones():
    xyz, values = made(600)
    compiled, plain = (sums(xyz, EDGES, values) for sums in (_rings.compiled_products, _rings.plain_products))
    assert compiled.products == pytest.approx(plain.products, rel=1e-10, abs=1e-9)
    assert compiled.pairs.tolist() == plain.pairs.tolist()
    assert compiled.partnered.tolist() == plain.partnered.tolist()
    assert compiled.farthest_km == pytest.approx(plain.farthest_km, rel=1e-12)


@pytest.mark.parametrize("sums", [_rings.compiled_products, _rings.plain_products])
def test_each_pair_lies_in_one_ring(sums):
    xyz, values = made(80)
    km = ellipsoid.kilometres(xyz, xyz)
    first, second = np.triu_indices(80, 1)
    rings = sums(xyz, EDGES, values)
    for k in range(4):
        inside = (km[first, second] > EDGES[k]) & (km[first, second] <= EDGES[k + 1])
        inside |= (k == 0) & (km[first, second] == 0)
        expected = (values[first] * values[second])[inside].sum(axis=0)
        assert rings.products[k] == pytest.approx(expected, rel=1e-10, abs=1e-10)
        assert rings.pairs[k] == inside.sum()
        assert rings.partnered[k].sum() == len(set(first[inside]) | set(second[inside]))


def test_many_columns_are_summed_in_parts():
    xyz, values = made(900)
    wide = np.tile(values, (1, 80))
    rings = _rings.products(xyz, EDGES, wide)
    assert rings.products[:, :7] == pytest.approx(rings.products[:, -7:], rel=1e-12)


def test_rings_are_the_same_to_the_last_bit_on_any_number_of_threads(monkeypatch):
    xyz, values = made(900)
    both = []
    for threads in ("1", "3"):
        monkeypatch.setenv("GEOINNO_THREADS", threads)
        both.append(_rings.compiled_products(xyz, EDGES, values).products)
    assert (both[0] == both[1]).all()
