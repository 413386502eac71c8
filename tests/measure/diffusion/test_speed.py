"""Diffusion speed: planted fronts and delays in km, whatever the CRS, and what has no front."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import geoinno as gi
from geoinno.measure import diffusion_speed


@pytest.fixture(scope="module")
def states():
    return gi.read.sample("policies").regions


@pytest.fixture(scope="module")
def front(states):
    """Return the periods of a front that leaves California at 100 km a period, by geodesic distance."""
    return 1950 + gi.weigh.distances(states)["USA-3521"] / 100


@pytest.fixture(scope="module")
def halves(states):
    return pd.Series(np.where(gi.weigh.places(states)["lon"] > -95, "east", "west"), states.index)


def noise(states, sd, seed):
    return pd.Series(np.random.default_rng(seed).normal(0, sd, len(states)), states.index)


def test_a_planted_front_has_its_speed(states, front):
    found = diffusion_speed(front, states, country=None)
    assert found.km_per_period.estimate == pytest.approx(100, rel=0.02)
    assert np.isnan(found.delay_at_border.estimate)
    # Away from California, in the direction from it, and nowhere in degrees.
    texas = found.table.loc["USA-3536"]
    assert texas["km_per_period"] == pytest.approx(100, rel=0.1)
    assert 90 < texas["bearing"] < 120


def test_speed_and_delay_lie_in_their_intervals(states, front, halves):
    inside = np.zeros(2)
    for seed in range(20):
        arrival = front + 4 * (halves == "east") + noise(states, 1, seed)
        found = diffusion_speed(arrival, states, country=halves)
        inside += [
            found.km_per_period.low <= 100 <= found.km_per_period.high,
            found.delay_at_border.low <= 4 <= found.delay_at_border.high,
        ]
    assert inside.min() >= 16  # of 20; fewer would be a chance of one in five hundred at 95%


def test_no_crs_changes_the_speed(states, front):
    plain = diffusion_speed(front + noise(states, 1, 0), states)
    other = diffusion_speed(front + noise(states, 1, 0), states.to_crs(5070))
    assert other.km_per_period.estimate == pytest.approx(plain.km_per_period.estimate, rel=2e-3)


def test_the_unit_of_periods_scales_the_speed(states, front):
    years = diffusion_speed(front + noise(states, 1, 0), states).km_per_period
    months = diffusion_speed((front + noise(states, 1, 0)) * 12, states).km_per_period
    assert np.multiply(months, 12) == pytest.approx(years, rel=1e-6)


def test_regions_that_have_not_adopted_stay_missing(states, front):
    late = front.where(front < front.quantile(0.8))
    found = diffusion_speed(late, states)
    assert found.table["arrival"].isna().equals(late.isna())
    assert found.adopters == late.notna().sum()
    assert "the true speed may be lower" in str(found)


def test_words_tell_a_delay(states, front, halves):
    found = diffusion_speed(front + 4 * (halves == "east"), states, country=halves)
    assert found.delay_at_border.estimate == pytest.approx(4, abs=0.5)
    assert "later than distance explains" in str(found)


def test_a_delay_is_counted_from_the_country_that_adopted_first(states, halves):
    """The map seen from its other end: a front from Maine, which crosses to the west."""
    maine = states.index[states["name"] == "Maine"][0]
    arrival = 1950 + gi.weigh.distances(states)[maine] / 100 + 4 * (halves == "west")
    found = diffusion_speed(arrival + noise(states, 0.5, 1), states, country=halves)
    assert found.delay_at_border.low < 4 < found.delay_at_border.high
    assert found.delay_at_border.low > 0


def test_too_few_and_no_front_are_refused(states, front):
    with pytest.raises(gi.ColumnError, match="at least 15 regions that adopted; there are 14"):
        diffusion_speed(front.where(front.rank() <= 14), states)
    with pytest.raises(gi.ColumnError, match="same value"):
        diffusion_speed(front * 0 + 1990, states)
    with pytest.raises(gi.ColumnError, match="no front"):
        diffusion_speed(1950 + noise(states, 5, 3), states)
    with pytest.raises(gi.ColumnError, match="Pass a Series"):
        diffusion_speed(front.to_numpy(), states)
