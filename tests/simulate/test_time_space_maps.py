"""Time-space maps: geography from its own distances, scikit-learn's stress, and what is refused."""

from __future__ import annotations

import numpy as np
import pytest

import geoinno as gi
from geoinno.simulate import _smacof


def test_distances_give_geography_back(lattice):
    found = gi.simulate.time_space(gi.weigh.distances(lattice), lattice)
    assert found.stress < 1e-3
    assert found.places["moved_km"].max() < 1
    assert found.km_per_cost == pytest.approx(1, rel=1e-3)


def test_minutes_in_place_of_km_change_the_scale_alone(lattice):
    minutes = gi.weigh.travel_minutes(lattice, speed_kmh=30, detour=1)
    found = gi.simulate.time_space(minutes, lattice)
    assert found.km_per_cost == pytest.approx(0.5, rel=1e-3)
    assert found.places["moved_km"].max() < 1


def test_a_wait_at_borders_pushes_countries_apart(lattice):
    minutes = gi.weigh.travel_minutes(lattice, speed_kmh=60, border_minutes=120)
    found = gi.simulate.time_space(minutes, lattice)
    assert found.stress < found.geographic_stress
    shift = found.change["x_km"].groupby(lattice["country"]).mean()
    assert shift["A"] < shift["B"] < shift["C"]
    assert "stress" in str(found)


@pytest.mark.oracle
@pytest.mark.filterwarnings("ignore")
def test_stress_is_as_low_as_that_of_scikit_learn():
    manifold = pytest.importorskip("sklearn.manifold")
    random = np.random.default_rng(4)
    start = random.normal(size=(40, 2)) * 100
    apart = np.hypot(*(start[:, None] - start).transpose(2, 0, 1))
    costs = apart * random.uniform(0.7, 1.5, apart.shape)
    costs = (costs + costs.T) / 2
    np.fill_diagonal(costs, 0)
    ours, _ = _smacof.scaled(costs, start, most=1_000)
    theirs, _ = manifold.smacof(
        costs, metric=True, n_components=2, init=start, n_init=1, max_iter=3_000, eps=1e-12
    )
    assert _smacof.stress(costs, ours) <= _smacof.stress(costs, theirs) * (1 + 1e-4)


def test_alignment_undoes_a_turn_a_mirror_a_move_and_a_scale():
    random = np.random.default_rng(5)
    target = random.normal(size=(12, 2))
    turn = np.array([[np.cos(2), -np.sin(2)], [np.sin(2), np.cos(2)]])
    other = 3 * (target * [1, -1]) @ turn + [5, -7]
    back, scale = _smacof.aligned_to(target, other)
    assert back == pytest.approx(target)
    assert scale == pytest.approx(1 / 3)


def test_regions_across_the_date_line_lie_next_to_each_other(lattice):
    shifted = lattice.set_geometry(lattice.translate(xoff=178.5))
    wrapped = shifted.cx[:180, :]
    found = gi.simulate.time_space(gi.weigh.distances(wrapped), wrapped)
    assert found.places["moved_km"].max() < 1


def test_one_way_costs_are_averaged(lattice):
    km = gi.weigh.distances(lattice)
    uphill = km * np.where(np.arange(36)[:, None] > np.arange(36), 1.2, 0.8)
    found = gi.simulate.time_space(uphill, lattice)
    assert found.stress < 1e-3


@pytest.mark.parametrize("spoil", [lambda c: c * np.nan, lambda c: c * 0, lambda c: -c])
def test_unsound_costs_are_refused(lattice, spoil):
    with pytest.raises(gi.ColumnError, match="above zero between different regions"):
        gi.simulate.time_space(spoil(gi.weigh.distances(lattice)), lattice)


def test_two_regions_are_no_map(lattice):
    with pytest.raises(gi.RegionError, match="three regions or more"):
        gi.simulate.time_space(gi.weigh.distances(lattice.iloc[:2]), lattice.iloc[:2])
