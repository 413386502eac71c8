"""Spatial Gini by the package inequality and by brute force."""

from __future__ import annotations

import libpysal
import numpy as np
import pandas as pd
import pytest
from libpysal.graph import Graph

import geoinno as gi


def test_the_parts_are_those_of_inequality():
    # inequality 1.1.2: Gini_Spatial(income of Mexican states 1940, block_weights(hanson98)), 9,999
    # permutations with NumPy's seed 1; its p-value is one-sided.
    frame = mexico()
    found = gi.measure.spatial_gini(frame["pcgdp1940"], blocks(frame["hanson98"]), permutations=9999)
    assert found.gini == pytest.approx(0.3537237117345285, rel=1e-12)
    assert found.near == pytest.approx(0.059705723775483305, rel=1e-12)
    assert found.far == pytest.approx(0.2940179879590452, rel=1e-12)
    assert found.expected == pytest.approx(0.28030916529084027, rel=2e-3)
    assert found.p == pytest.approx(2 * 0.0245, abs=0.01)


def mexico():
    """Return the states of Mexico from libpysal, by name."""
    return pd.read_csv(libpysal.examples.get_path("mexico.csv"), index_col="State")


def blocks(groups):
    """Return weights that link all regions of one group."""
    pairs = [(i, j) for i in groups.index for j in groups.index if i != j and groups[i] == groups[j]]
    focal, neighbour = zip(*pairs, strict=True)
    return Graph.from_arrays(focal, neighbour, np.ones(len(pairs)))


def test_the_parts_by_brute_force_whatever_the_weights(lattice):
    values = pd.Series(np.random.default_rng(3).gamma(2, size=len(lattice)), lattice.index)
    near = gi.weigh.contiguity(lattice)
    linked = near.sparse.toarray() > 0
    gaps = np.abs(np.subtract.outer(values.to_numpy(), values.to_numpy()))
    scale = 2 * len(values) ** 2 * values.mean()
    found = gi.measure.spatial_gini(values, near, permutations=99)
    assert found.gini == pytest.approx(gaps.sum() / scale)
    assert found.near == pytest.approx(gaps[linked].sum() / scale)
    assert found.near + found.far == pytest.approx(found.gini, rel=1e-14)
    assert gi.measure.spatial_gini(values, near.transform("r"), permutations=99) == found
    assert gi.measure.spatial_gini(1e200 * values, near, permutations=99).far == pytest.approx(found.far)


def test_a_slope_is_found_and_noise_is_not(lattice):
    near = gi.weigh.contiguity(lattice)
    slope = gi.measure.spatial_gini(lattice.bounds["minx"] + 1, near)
    assert slope.p <= 0.01
    assert slope.far > slope.expected
    assert "more alike than regions in any order" in str(slope)
    checks = pd.Series([(int(r[0]) + int(r[1])) % 2 + 1 for r in lattice.index], lattice.index)
    rook = gi.weigh.contiguity(lattice, rule="rook")
    assert "more different than regions in any order" in str(gi.measure.spatial_gini(checks, rook))
    noise = pd.Series(np.random.default_rng(1).random(len(lattice)), lattice.index)
    assert "no more alike or different" in str(gi.measure.spatial_gini(noise, near))


@pytest.mark.slow
def test_the_test_holds_its_size(lattice):
    near, rng = gi.weigh.contiguity(lattice), np.random.default_rng(5)
    fields = rng.lognormal(size=(600, len(lattice)))
    p = [
        gi.measure.spatial_gini(pd.Series(x, lattice.index), near, permutations=199, seed=i).p
        for i, x in enumerate(fields)
    ]
    assert 0.03 <= np.mean(np.array(p) <= 0.05) <= 0.07


def test_unsound_values_are_named(lattice):
    near = gi.weigh.contiguity(lattice)
    values = pd.Series(np.arange(36.0), lattice.index, name="jobs")
    with pytest.raises(gi.errors.ColumnError, match=r"'jobs' has no value in '00' \(1 in all\)"):
        gi.measure.spatial_gini(values.replace(0, np.nan), near)
    with pytest.raises(gi.errors.ColumnError, match="negative in '00'"):
        gi.measure.spatial_gini(values - 0.5, near)
    with pytest.raises(gi.errors.ColumnError, match="same value in every region"):
        gi.measure.spatial_gini(values * 0 + 2, near)
    with pytest.raises(gi.errors.AlignmentError, match="different regions"):
        gi.measure.spatial_gini(values.drop("00"), near)
