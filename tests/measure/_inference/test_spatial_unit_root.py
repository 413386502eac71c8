"""Spatial unit roots by spur-python, by dense matrices, and on maps that have one or none."""

from __future__ import annotations

import geopandas
import numpy as np
import pandas as pd
import pytest
from shapely.geometry import box

import geoinno as gi
from geoinno.measure._inference import spatial_unit_root


def lattice_of(rows, columns):
    """Return squares of half a degree."""
    cells = [(r, c) for r in range(rows) for c in range(columns)]
    return geopandas.GeoDataFrame(
        index=[f"{r:02d}{c:02d}" for r, c in cells],
        geometry=[box(c / 2, 47 + r / 2, c / 2 + 0.5, 47.5 + r / 2) for r, c in cells],
        crs=4326,
    )


def walk(km, seed):
    """Return Levy's Brownian motion from the first place: covariances (d_i0 + d_j0 - d_ij) / 2."""
    covariance = (km[:, :1] + km[:1] - km) / 2
    root = np.linalg.cholesky(covariance[1:, 1:])
    return np.append(0.0, root @ np.random.default_rng(seed).normal(size=len(km) - 1)) / np.sqrt(km.max())


def test_a_spatial_unit_root_is_warned_of_in_words():
    regions = lattice_of(10, 12)
    km = gi.weigh.distances(regions).to_numpy()
    start = pd.Series(np.exp(walk(km, 1)), regions.index)
    drifting = start * np.exp(walk(km, 2))
    found = gi.measure.beta_convergence(start, drifting, years=10, regions=regions)
    roots = found.unit_root
    assert list(roots.index) == ["growth", "start", "residuals"]
    assert (roots["p_unit_root"] > 0.05).all()
    assert (roots["p_weak"] < 0.05).all()
    assert "Be careful: residuals may have a spatial unit root" in str(found)
    rough = start * np.exp(0.1 * np.random.default_rng(3).normal(size=len(start)))
    quiet = gi.measure.beta_convergence(start, rough, years=10, regions=regions)
    assert quiet.unit_root.loc["residuals", "p_weak"] > 0.05
    assert "Be careful" not in str(quiet)


def test_few_regions_have_no_test_of_a_unit_root(lattice):
    few = lattice.iloc[:31]
    start = pd.Series(np.linspace(1, 2, 31), few.index)
    end = start * (1 + np.random.default_rng(0).uniform(size=31))
    assert gi.measure.beta_convergence(start, end, years=5, regions=few).unit_root is None
    assert gi.measure.beta_convergence(start, end, years=5).unit_root is None


def test_a_spatial_unit_root_by_its_authors_program():
    # spur-python 0.1.1 (MIT) needs scpc-python; both with pip install --no-deps.
    spur = pytest.importorskip("spur", reason="pip install --no-deps spur-python scpc-python")
    table = spur.load_chetty_data()
    table = table[~table["state"].isin(["AK", "HI"])][["am", "lat", "lon"]].dropna()
    from spur.utils.dist import get_cbar, normalized_distmat

    distance = normalized_distmat(table[["lat", "lon"]].to_numpy())
    constant = np.ones((len(table), 1))
    y = table["am"].to_numpy()
    options = {"lon": "lon", "lat": "lat", "q": 15, "nrep": 5_000, "seed": 42}
    strong = spur.spurtest_i1("am", table, **options)
    weak = spur.spurtest_i0("am", table, **options)
    components = spatial_unit_root.principal_components(distance, constant)
    averages, motion = components.T @ y, components.T @ (-distance / 2) @ components
    at_rate = spatial_unit_root.Alternatives(components, distance).at_rate
    # At the alternative that their search stops at, the ratios are the same to rounding.
    ratio = spatial_unit_root.ratio(averages, motion, at_rate(strong.ha_param))
    assert ratio == pytest.approx(strong.LR, rel=1e-8)
    null = at_rate(get_cbar(0.001, distance))
    ratio = spatial_unit_root.ratio(averages, null, null + weak.ha_param * motion)
    assert ratio == pytest.approx(weak.LR, rel=1e-8)
    # Their search stops within .01 of a power of one half, ours within rounding of the draws.
    found = spatial_unit_root.unit_root(y, constant, distance, seed=42)
    assert found.p_unit_root == pytest.approx(strong.pvalue, abs=0.02)
    assert found.p_weak == pytest.approx(weak.pvalue, abs=0.004)
    assert (found.lr_unit_root, found.lr_weak) == pytest.approx((strong.LR, weak.LR), rel=0.05)


def test_likelihood_ratios_by_dense_matrices():
    # The ratio of quadratic forms, written out with projections and inverses.
    km = gi.weigh.distances(lattice_of(5, 8)).to_numpy()
    design = np.column_stack([np.ones(40), np.arange(40.0) % 7])
    y = np.sin(np.arange(40.0))
    out = np.eye(40) - design @ np.linalg.inv(design.T @ design) @ design.T
    values, vectors = np.linalg.eigh(out @ -km @ out)
    top = vectors[:, np.argsort(values)[-15:]]
    mixed = top.T @ np.exp(-8 * km / km.max()) @ top
    strong = top.T @ -km @ top / km.max() / 2
    expected = (y @ top @ np.linalg.inv(strong) @ top.T @ y) / (y @ top @ np.linalg.inv(mixed) @ top.T @ y)
    components = spatial_unit_root.principal_components(km / km.max(), design)
    motion = components.T @ (-km / km.max() / 2) @ components
    alternative = spatial_unit_root.Alternatives(components, km / km.max()).at_rate(8.0)
    assert spatial_unit_root.ratio(components.T @ y, motion, alternative) == pytest.approx(expected, rel=1e-8)


@pytest.mark.slow
def test_unit_roots_and_weak_dependence_are_rejected_as_often_as_announced():
    km = gi.weigh.distances(lattice_of(8, 8)).to_numpy()
    constant = np.ones((64, 1))
    walks = [spatial_unit_root.unit_root(walk(km, s), constant, km, seed=0).p_unit_root for s in range(150)]
    # 150 draws: three standard errors around 5%.
    assert 0.0 < np.mean(np.array(walks) <= 0.05) < 0.104
    noise = np.random.default_rng(1).normal(size=(60, 64))
    weak = [spatial_unit_root.unit_root(y, constant, km, seed=0) for y in noise]
    assert np.mean([p.p_weak <= 0.05 for p in weak]) < 0.1
    assert np.mean([p.p_unit_root <= 0.05 for p in weak]) > 0.7
