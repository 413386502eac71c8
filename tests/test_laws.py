"""Laws that hold whatever the numbers: what scale, shift, names and the place on the globe may change."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

import geoinno as gi

COUNT = 36
numbers = arrays(float, COUNT, elements=st.floats(0.1, 1e3, allow_subnormal=False), unique=True)
factors = st.floats(0.01, 100)
shifts = st.floats(-1e3, 1e3)
FEW = {"permutations": 199}
FAMILIES = {
    "exponential": (80,),
    "gaussian": (80,),
    "offset_power": (80, 2),
    "logistic": (80, 0.05),
}


@pytest.fixture(scope="session")
def near(lattice):
    return gi.weigh.contiguity(lattice)


@pytest.fixture(scope="session")
def series(lattice):
    def made(drawn):
        assume(np.std(drawn) > 0.1)  # nearly equal values leave nothing but rounding
        return pd.Series(drawn, lattice.index, name="drawn")

    return made


@given(drawn=numbers, factor=factors, shift=shifts)
@pytest.mark.parametrize("name", ["moran", "geary"])
def test_units_do_not_change_whole_map_autocorrelation(name, near, series, drawn, factor, shift):
    measure = getattr(gi.measure, name)
    values = series(drawn)
    here, there = measure(values, near, **FEW), measure(factor * values + shift, near, **FEW)
    assert there.statistic == pytest.approx(here.statistic, rel=1e-6, abs=1e-8)


@given(drawn=numbers, factor=factors)
def test_scale_does_not_change_getis_ord(near, series, drawn, factor):
    values = series(drawn)
    here, there = (
        gi.measure.getis_ord(values, near, **FEW),
        gi.measure.getis_ord(factor * values, near, **FEW),
    )
    assert there.statistic == pytest.approx(here.statistic, rel=1e-9)


@given(drawn=numbers)
def test_names_do_not_change_moran(lattice, near, series, drawn):
    values = series(drawn)
    renamed = lattice.rename(index=lambda name: f"region {name[::-1]}")
    other = gi.measure.moran(values.set_axis(renamed.index), gi.weigh.contiguity(renamed), **FEW)
    assert other.statistic == pytest.approx(gi.measure.moran(values, near, **FEW).statistic, rel=1e-9)


@given(drawn=numbers)
def test_local_moran_adds_up_to_moran(near, series, drawn):
    values = series(drawn)
    local = gi.measure.local_moran(values, near, **FEW)
    whole = gi.measure.moran(values, near, **FEW)
    assert local["statistic"].mean() == pytest.approx(whole.statistic, rel=1e-9, abs=1e-12)


@given(drawn=numbers)
@pytest.mark.parametrize("name", ["local_moran", "local_getis_ord", "local_geary"])
def test_probabilities_are_probabilities(name, near, series, drawn):
    local = getattr(gi.measure, name)(series(drawn), near, **FEW)
    assert local["p"].between(2 / (FEW["permutations"] + 1), 1).all()
    assert local["q"].between(local["p"], 1).all()


@given(degrees=st.floats(-180, 177))
def test_a_turn_of_the_globe_changes_no_neighbour_and_no_distance(lattice, near, degrees):
    turned = lattice.set_geometry(lattice.translate(degrees - degrees % 0.5))
    assume(turned.total_bounds[0] >= -180 and turned.total_bounds[2] <= 180)
    pd.testing.assert_series_equal(gi.weigh.contiguity(turned).adjacency, near.adjacency)
    km, turned_km = gi.weigh.distances(lattice), gi.weigh.distances(turned)
    np.testing.assert_allclose(turned_km, km, rtol=1e-9, atol=1e-6)


def test_distances_are_distances(lattice):
    km = gi.weigh.distances(lattice).to_numpy()
    assert np.array_equal(km, km.T)
    assert np.array_equal(np.diag(km), np.zeros(COUNT))
    assert (km[:, None, :] <= km[:, :, None] + km[None, :, :] + 1e-9).all()


def test_domestic_and_cross_border_neighbours_are_all_neighbours(lattice, near):
    within = gi.weigh.domestic(near, lattice["country"])
    across = gi.weigh.cross_border(near, lattice["country"])
    total = within.sparse + across.sparse
    assert abs(total - near.sparse).max() == 0


@given(drawn=numbers, factor=factors)
def test_potential_is_linear_in_mass_and_adds_up(lattice, series, drawn, factor):
    mass, decay = series(drawn), gi.weigh.exponential(60)
    here = gi.measure.market_potential(mass, lattice, decay=decay, country="country")
    there = gi.measure.market_potential(factor * mass, lattice, decay=decay, country="country")
    parts = ["own", "domestic", "foreign"]
    np.testing.assert_allclose(there[parts], factor * here[parts], rtol=1e-9)
    np.testing.assert_allclose(here[parts].sum(axis=1), here["total"], rtol=1e-9)
    assert here["exogenous_share"].between(0, 1).all()


@given(drawn=numbers, share=st.floats(0, 1))
def test_a_border_scales_the_foreign_part_alone(lattice, series, drawn, share):
    mass, decay = series(drawn), gi.weigh.exponential(60)
    free = gi.measure.market_potential(mass, lattice, decay=decay, country="country")
    shut = gi.measure.market_potential(mass, lattice, decay=decay, country="country", border_factor=share)
    np.testing.assert_allclose(shut["foreign"], share * free["foreign"], rtol=1e-9)
    np.testing.assert_allclose(shut[["own", "domestic"]], free[["own", "domestic"]], rtol=1e-9)


@given(km=arrays(float, 20, elements=st.floats(0, 5e3)))
@pytest.mark.parametrize("family", FAMILIES)
def test_decay_falls_from_one_and_never_below_nothing(family, km):
    weight = getattr(gi.weigh, family)(*FAMILIES[family])(np.sort(km))
    assert (np.diff(weight) <= 0).all()
    assert ((weight >= 0) & (weight <= 1)).all()


@given(drawn=numbers, factor=st.sampled_from([0.125, 0.5, 2, 8]))
def test_units_do_not_change_quantile_classes(series, drawn, factor):
    values = series(drawn)
    here, there = gi.classify.classes(values), gi.classify.classes(factor * values)
    assert list(here.cat.codes) == list(there.cat.codes)
    assert here.cat.codes[values.sort_values().index].is_monotonic_increasing


@given(factor=factors)
def test_the_unit_of_flows_does_not_change_the_cost_of_distance(lattice, factor):
    costs = gi.weigh.distances(lattice)
    pairs = costs.rename_axis("origin").reset_index().melt("origin", var_name="destination", value_name="km")
    pairs = pairs[pairs["origin"] != pairs["destination"]]
    noise = np.random.default_rng(5).gamma(2, 0.5, len(pairs))
    flows = pairs[["origin", "destination"]].assign(value=1e3 * noise * pairs["km"].to_numpy() ** -1.5)
    here = gi.measure.gravity(flows, costs).coefficients.loc["cost", "estimate"]
    other = flows.assign(value=factor * flows["value"])
    assert gi.measure.gravity(other, costs).coefficients.loc["cost", "estimate"] == pytest.approx(
        here, rel=1e-6
    )


@given(drawn=numbers, factor=factors)
def test_units_of_mass_change_neither_poles_nor_shares(lattice, near, series, drawn, factor):
    mass = series(drawn)
    options = gi.measure.PoleOptions(permutations=999)
    one, other = (
        gi.measure.growth_poles(m, near, regions=lattice, options=options) for m in (mass, factor * mass)
    )
    pd.testing.assert_frame_equal(one, other, rtol=1e-6)
    pole, costs = mass > mass.median(), gi.weigh.distances(lattice)
    here, there = (
        gi.measure.pull(m, costs, pole, decay=gi.weigh.exponential(80)) for m in (mass, factor * mass)
    )
    np.testing.assert_allclose(there["total"], factor * here["total"], rtol=1e-9)
    np.testing.assert_allclose(there["contestedness"], here["contestedness"], atol=1e-9)
    assert here["contestedness"].between(0, 1).all()


@given(drawn=numbers, factor=factors, shift=shifts)
def test_contrasts_grow_with_the_scale_and_forget_the_shift(lattice, series, drawn, factor, shift):
    edges = gi.measure.segments(lattice)
    values = series(drawn)
    here, there = (gi.measure.contrast(v, edges) for v in (values, factor * values + shift))
    np.testing.assert_allclose(there, factor * here, rtol=1e-6, atol=1e-6 * factor)
    ratios = [gi.measure.dissimilarity(v, edges, permutations=9).ratio for v in (values, factor * values)]
    assert ratios[1] == pytest.approx(ratios[0], rel=1e-9)


@given(drawn=numbers, factor=factors)
def test_inequality_knows_no_unit(series, drawn, factor):
    values = series(drawn)
    assert gi.measure.gini(factor * values) == pytest.approx(gi.measure.gini(values), abs=1e-12)
    assert 0 <= gi.measure.gini(values) < 1
    one, other = (gi.measure.theil(v)["total"] for v in (values, factor * values))
    assert other == pytest.approx(one, abs=1e-12)
    assert 0 <= one <= np.log(COUNT)
