"""The law of p-values: at 5%, nothing is found in 3-7% of maps of nothing, and what is there is found.

A measure enters the table with its p-values for a map of values. Tests of autocorrelation itself are held to
independent values alone: correlated ones are what they are to find. All others also meet noise whose
range is a quarter of the map.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import SimpleNamespace
from typing import TYPE_CHECKING

import geopandas
import numpy as np
import pandas as pd
import pytest
from shapely.geometry import box

import geoinno as gi
from geoinno import measure as m

if TYPE_CHECKING:
    from collections.abc import Callable

SIDE = 9
ALPHA = 0.05
FEW = {"permutations": 199}


@dataclass(frozen=True, slots=True)
class Law:
    """How a measure is called on a map of values, which p-values it gives, and what it is to find."""

    p_values: Callable[[SimpleNamespace, pd.Series], object]
    effect: Callable[[SimpleNamespace], object]
    draws: int = 1000
    correlated: bool = False


def gradient(place):
    """Return values that rise from west to east, with little noise."""
    return place.column + np.random.default_rng(3).normal(size=len(place.column))


def cluster(place):
    """Return values that are high in one corner."""
    corner = (place.column < 4) & (place.row < 4)
    return 4.0 * corner + np.random.default_rng(3).normal(size=len(corner))


def on_x(place):
    """Return values that follow the covariate."""
    return 2.0 * place.x + place.noise(np.random.default_rng(3).normal(size=len(place.x)))


def uneven(place):
    """Return values that vary more in the west."""
    return np.random.default_rng(3).normal(size=len(place.column)) * np.where(place.column < 4, 8.0, 0.2)


def two_steps(place):
    """Return values that differ between the countries."""
    return 2.0 * (place.column // 3) + np.random.default_rng(3).normal(size=len(place.column))


def slope_t(place, values):
    """Return the t of the slope of values on the covariate, by the textbook."""
    x, y = place.x - place.x.mean(), values.to_numpy() - values.mean()
    slope = x @ y / (x @ x)
    return slope / np.sqrt(((y - slope * x) ** 2).sum() / (len(x) - 2) / (x @ x))


def regression_p(place, values):
    """Return the noise placebo of a regression on a covariate that is as smooth as the noise."""
    terms = pd.DataFrame({"x": place.x}, values.index)
    return m.noise_placebo(lambda y: slope_t(place, y), values, place.regions, regressors=terms, draws=199).p


LAWS = {
    "moran": Law(lambda o, y: m.moran(y, o.near, **FEW).p, gradient),
    "geary": Law(lambda o, y: m.geary(y, o.near, **FEW).p, gradient),
    "getis_ord": Law(lambda o, y: m.getis_ord(y - y.min(), o.near, **FEW).p, cluster),
    "join_counts": Law(lambda o, y: m.join_counts(y > 1, o.near, **FEW).table.loc["BW", "p"], cluster),
    "local_moran": Law(lambda o, y: m.local_moran(y, o.near, permutations=999)["p"], cluster, 200),
    "local_getis_ord": Law(lambda o, y: m.local_getis_ord(y, o.near, permutations=999)["p"], cluster, 200),
    "local_geary": Law(lambda o, y: m.local_geary(y, o.near, permutations=999)["p"], gradient, 200),
    "losh": Law(lambda o, y: m.losh(y, o.near, permutations=999)["p"], uneven, 200),
    "bivariate_moran": Law(
        lambda o, y: m.bivariate_moran(pd.Series(o.x, y.index), y, o.near, **FEW).p, on_x, 400
    ),
    "bivariate_local_moran": Law(
        lambda o, y: m.bivariate_local_moran(pd.Series(o.x, y.index), y, o.near, permutations=999)["p"],
        on_x,
        100,
    ),
    "lee": Law(lambda o, y: m.lee(pd.Series(o.white, y.index), y, o.near, **FEW).p, None, 300),
    "cross_border_moran": Law(
        lambda o, y: (
            m.cross_border_moran(y, o.near, o.country, permutations=999)
            .table[["p_domestic", "p_foreign", "p_domestic_within", "p_foreign_within"]]
            .to_numpy()
            .ravel()
        ),
        gradient,
        100,
    ),
    "correlogram": Law(
        lambda o, y: m.correlogram(y, o.regions, edges_km=[0, 60, 120], **FEW)["p"], gradient, 300
    ),
    "dissimilarity": Law(lambda o, y: m.dissimilarity(y, o.segments, **FEW).p, None, 200),
    "noise_placebo": Law(regression_p, on_x, 300, correlated=True),
}
"""Measures whose p-values are held to their level."""


@pytest.fixture(scope="module")
def place():
    cells = [(row, column) for row in range(SIDE) for column in range(SIDE)]
    row, column = np.array(cells).T
    regions = geopandas.GeoDataFrame(
        {"country": ["ABC"[c // 3] for c in column]},
        geometry=[box(c / 2, 47 + r / 3, c / 2 + 0.5, 47 + (r + 1) / 3) for r, c in cells],
        index=[f"r{r}{c}" for r, c in cells],
        crs=4326,
    )
    km = gi.weigh.distances(regions).to_numpy()
    # Exponential: at three times its scale, a quarter of the map's side, correlation is down to .05.
    lower = np.linalg.cholesky(np.exp(-km / (SIDE * 37.5 / 4 / 3)))
    return SimpleNamespace(
        regions=regions,
        row=row,
        column=column,
        country=regions["country"],
        near=gi.weigh.contiguity(regions),
        segments=m.segments(regions),
        noise=lambda draws: lower @ draws,
        white=np.random.default_rng(98).normal(size=len(regions)),
        x=lower @ np.random.default_rng(99).normal(size=len(regions)),
    )


def found(law, place, maps):
    """Return the share of p-values up to the level."""
    p = np.concatenate(
        [
            np.atleast_1d(np.asarray(law.p_values(place, pd.Series(y, place.regions.index, name="y"))))
            for y in maps
        ]
    )
    return float(np.mean(p[~np.isnan(p)] <= ALPHA))


def assert_level(share, law):
    """Hold the share to 3-7%, and to three standard errors more where draws are few."""
    slack = 0.0 if law.draws >= 1000 else 3 * np.sqrt(ALPHA * (1 - ALPHA) / law.draws) - 0.02
    assert 0.03 - max(slack, 0) <= share <= 0.07 + max(slack, 0), share


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:With")
@pytest.mark.parametrize("name", LAWS)
def test_independent_noise_is_found_as_often_as_announced(name, place):
    law = LAWS[name]
    maps = np.random.default_rng(11).normal(size=(law.draws, len(place.regions)))
    assert_level(found(law, place, maps), law)


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:With")
@pytest.mark.parametrize("name", [name for name, law in LAWS.items() if law.correlated])
def test_correlated_noise_is_found_as_often_as_announced(name, place):
    law = LAWS[name]
    maps = place.noise(np.random.default_rng(12).normal(size=(len(place.regions), law.draws))).T
    assert_level(found(law, place, maps), law)


@pytest.mark.filterwarnings("ignore:With")
@pytest.mark.parametrize("name", [name for name, law in LAWS.items() if law.effect])
def test_an_effect_that_is_there_is_found(name, place):
    law = LAWS[name]
    assert found(law, place, [law.effect(place)]) > 2 * ALPHA
