"""Permeability: planted openness found wherever borders lie, ranks by hand, and what is not identified."""

from __future__ import annotations

import warnings

import geopandas
import numpy as np
import pandas as pd
import pytest
from shapely.geometry import box

import geoinno as gi

Options = gi.measure.GravityOptions


def board(cut, *, rows=6, lands="ABC"):
    """Return a board of seven columns, whose countries begin at the columns of ``cut``."""
    cells = [(r, c) for r in range(rows) for c in range(7)]
    country = [lands[int(np.searchsorted(cut, c, side="right"))] for _, c in cells]
    return geopandas.GeoDataFrame(
        {"country": country},
        index=[f"r{r}{c}" for r, c in cells],
        geometry=[box(c / 2, 47 + r / 2, c / 2 + 0.5, 47.5 + r / 2) for r, c in cells],
        crs=4326,
    )


def planted(regions, openness, *, seed=0, decay=lambda km: km**-1.3):
    """Return flows without noise: sizes of both ends, decay, and the openness of each border."""
    random = np.random.default_rng(seed)
    km = gi.weigh.distances(regions)
    land = regions["country"].to_numpy()
    share = np.array([[1.0 if a == b else openness["".join(sorted(a + b))] for b in land] for a in land])
    size = np.exp(random.normal(0, 1, (2, len(land))))
    value = 1e4 * size[0][:, None] * size[1] * decay(km.to_numpy() + np.eye(len(land))) * share
    here, there = np.nonzero(~np.eye(len(land), dtype=bool))
    ends = {"origin": regions.index[here], "destination": regions.index[there]}
    return pd.DataFrame({**ends, "value": value[here, there]}), km


@pytest.mark.parametrize("cut", [(2, 5), (1, 2), (3, 6)])
def test_planted_openness_is_found_wherever_the_borders_lie(cut):
    regions, openness = board(cut), {"AB": 0.8, "BC": 0.2, "AC": 0.5}
    edges = gi.measure.segments(regions)
    table = gi.measure.permeability(*planted(regions, openness), edges, permutations=9)
    pair = edges["first_country"] + edges["second_country"]
    expected = pair.map({**openness, "BA": 0.8, "CB": 0.2}).fillna(1.0)
    np.testing.assert_allclose(table["permeability"], expected, rtol=1e-6)
    assert table.attrs["openness"] == pytest.approx({"A|B": 0.8, "A|C": 0.5, "B|C": 0.2})


@pytest.mark.parametrize("cut", [(1, 9), (3, 9), (5, 9)])
def test_one_border_is_as_open_as_planted(cut):
    # Against a fit without a border term, the same .30 came out as .37 or .54 by where the border lay.
    regions = board(cut)
    flows, km = planted(regions, {"AB": 0.3}, decay=lambda km: np.exp(-km / 80))
    table = gi.measure.permeability(flows, km, gi.measure.segments(regions), decay="exponential")
    abroad = table["kind"] == "foreign"
    np.testing.assert_allclose(table.loc[abroad, "permeability"], 0.3, rtol=1e-6)
    np.testing.assert_allclose(table.loc[~abroad, "permeability"], 1, rtol=1e-6)
    assert table.attrs["group"]["difference"] == pytest.approx(np.log(0.3), abs=1e-6)


def test_one_country_has_no_border_term():
    regions = board((9, 9))
    flows, km = planted(regions, {})
    random = np.random.default_rng(0)
    flows["value"] *= random.gamma(4, 0.25, len(flows))
    edges = gi.measure.segments(regions)
    table = gi.measure.permeability(flows, km, edges, permutations=9)
    fitted = gi.measure.gravity(flows, km).fitted.set_index(["origin", "destination"])
    a, b = edges.iloc[3][["first", "second"]]
    both = fitted.loc[[(a, b), (b, a)], ["value", "expected"]].sum()
    assert table.iloc[3]["deficit"] == pytest.approx(np.log(both["value"] / both["expected"]), abs=1e-9)
    assert table.attrs["openness"] == {}
    assert np.isnan(table.attrs["group"]["p"])


def test_prediction_keeps_the_callers_covariates():
    regions = board((3, 9))
    flows, km = planted(regions, {"AB": 0.3})
    west = np.array([int(i[2]) < 2 for i in regions.index])
    tongue = pd.DataFrame((west[:, None] & west).astype(float), km.index, km.index)
    at = [km.index.get_indexer(flows[end]) for end in ("origin", "destination")]
    flows["value"] *= np.where(tongue.to_numpy()[at[0], at[1]] > 0, 2.0, 1.0)
    options = Options(covariates={"tongue": tongue.iloc[::-1]})
    table = gi.measure.permeability(flows, km, gi.measure.segments(regions), options=options)
    np.testing.assert_allclose(table["permeability"], np.where(table["kind"] == "foreign", 0.3, 1), rtol=1e-6)


def test_equal_deficits_tie_and_ranks_are_exact():
    # Without noise every deficit is 0 but for rounding: no segment stands out, and no rounding decides.
    regions = board((9, 9))
    table = gi.measure.permeability(*planted(regions, {}), gi.measure.segments(regions))
    assert (table["p"] == 1).all()
    # One flow of a hundred kilometres halved in a stratum of n: its p is 2 / n.
    flows, km = planted(regions, {})
    edges = gi.measure.segments(regions)
    a, b = edges.iloc[30][["first", "second"]]
    flows.loc[flows[["origin", "destination"]].isin([a, b]).all(axis=1), "value"] *= 0.5
    lowest = gi.measure.permeability(flows, km, edges)
    size = 2 / lowest.iloc[30]["p"]
    assert lowest["deficit"].idxmin() == f"{a}|{b}"
    assert size == pytest.approx(round(size))
    assert 10 <= size <= len(edges)


def test_columns_of_costs_in_another_order_change_nothing():
    regions = board((2, 5))
    flows, km = planted(regions, {"AB": 0.8, "BC": 0.2, "AC": 0.5})
    flows["value"] *= np.random.default_rng(1).gamma(4, 0.25, len(flows))
    edges = gi.measure.segments(regions)
    once = gi.measure.permeability(flows, km, edges)
    again = gi.measure.permeability(flows.iloc[::-1], km.iloc[:, ::-1], edges.sample(frac=1, random_state=1))
    pd.testing.assert_frame_equal(once, again.loc[once.index], rtol=1e-12)
    assert once.attrs["group"] == again.attrs["group"]


def test_a_country_without_domestic_flows_is_left_unknown():
    # Country C is one region: its border cannot be told from its size. A and B are as planted.
    regions = board((3, 9))
    regions.loc["r06", "country"] = "C"
    flows, km = planted(regions, {"AB": 0.3, "BC": 0.5, "AC": 0.6})
    edges = gi.measure.segments(regions)
    table = gi.measure.permeability(flows, km, edges)
    at_c = (edges[["first_country", "second_country"]] == "C").any(axis=1)
    assert table.loc[at_c, ["expected", "permeability", "p"]].isna().all(axis=None)
    assert table.attrs["openness"] == pytest.approx({"A|B": 0.3})
    rest = table[~at_c]
    np.testing.assert_allclose(rest["permeability"], np.where(rest["kind"] == "foreign", 0.3, 1), rtol=1e-6)
    # With its own flows it is known.
    own = pd.DataFrame({"origin": ["r06"], "destination": ["r06"], "value": [50.0]})
    home = km + np.diag(np.where(km.index == "r06", 20.0, 30.0))
    both = pd.concat([flows, own])
    table = gi.measure.permeability(both, home, edges, options=Options(own="keep"))
    assert table["permeability"].notna().all()


def test_a_closed_border_lets_nothing_through():
    regions = board((2, 5))
    flows, km = planted(regions, {"AB": 0.4, "BC": 0.0, "AC": 0.5})
    table = gi.measure.permeability(flows, km, gi.measure.segments(regions))
    shut = table["flow"] == 0
    assert shut.sum() == 6
    assert (table.loc[shut, "permeability"] == 0).all()
    assert (table.loc[shut, "deficit"] == -np.inf).all()
    assert table.loc[shut, "expected"].gt(0).all()
    assert table.attrs["openness"]["B|C"] == 0
    # Absent pairs that are zero say the same.
    known = flows[flows["value"] > 0]
    same = gi.measure.permeability(known, km, gi.measure.segments(regions), options=Options(complete=True))
    pd.testing.assert_frame_equal(table, same)


def test_pairs_without_flows_are_missing_and_countries_can_be_given():
    regions = board((3, 9))
    flows, km = planted(regions, {"AB": 0.3})
    edges = gi.measure.segments(regions)
    a, b = edges.iloc[0][["first", "second"]]
    fewer = flows[~flows[["origin", "destination"]].isin([a, b]).all(axis=1)]
    table = gi.measure.permeability(fewer, km, edges)
    assert table.iloc[0][["flow", "expected", "deficit", "p"]].isna().all()
    assert table["deficit"].notna().sum() == len(edges) - 1
    bare = edges[["first", "second", "kind"]]
    given = gi.measure.permeability(fewer, km, bare, country=regions["country"])
    pd.testing.assert_frame_equal(given, table)


def test_terms_of_borders_are_those_of_pyfixest():
    # Flows with noise, a fifth of the pairs unknown and a tenth zero; five countries, ten borders.
    pyfixest = pytest.importorskip("pyfixest")
    regions = board((1, 3, 4, 6), lands="ABCDE")
    random = np.random.default_rng(6)
    openness = {a + b: random.uniform(0.2, 0.9) for a in "ABCDE" for b in "ABCDE" if a < b}
    flows, km = planted(regions, openness)
    flows["value"] *= random.gamma(2, 0.5, len(flows)) * (random.random(len(flows)) > 0.1)
    flows = flows[random.random(len(flows)) > 0.2]
    table = gi.measure.permeability(flows, km, gi.measure.segments(regions), permutations=9)
    ends = [regions.index.get_indexer(flows[side]) for side in ("origin", "destination")]
    land = regions["country"].to_numpy()
    data = flows.assign(km=np.log(km.to_numpy()[tuple(ends)]))
    for pair in openness:
        data[pair] = [float("".join(sorted(land[a] + land[b])) == pair) for a, b in zip(*ends, strict=True)]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        formula = f"value ~ km + {' + '.join(openness)} | origin + destination"
        fit = pyfixest.fepois(formula, data, fixef_tol=1e-12, iwls_tol=1e-12)
    expected = {f"{pair[0]}|{pair[1]}": np.exp(fit.coef()[pair]) for pair in openness}
    assert table.attrs["openness"] == pytest.approx(expected, rel=1e-6)


def test_hundreds_of_borders_take_no_more_than_a_few():
    # Closed form: planted openness of each of 276 borders. With a dense term for each, this took minutes.
    random = np.random.default_rng(4)
    ids = pd.Index([f"r{k:03d}" for k in range(144)])
    x, y = random.uniform(0, 3000, (2, 144))
    costs = pd.DataFrame(np.hypot(x[:, None] - x, y[:, None] - y) + 5, ids, ids)
    country = pd.Series([f"C{k // 6:02d}" for k in range(144)], ids)
    codes = pd.factorize(country)[0]
    share = random.uniform(0.1, 1, (24, 24))
    share = np.where(np.eye(24, dtype=bool), 1, np.minimum(share, share.T))
    here, there = np.nonzero(~np.eye(144, dtype=bool))
    size = np.exp(random.normal(0, 1, (2, 144)))
    value = size[0][here] * size[1][there] * share[codes[here], codes[there]]
    value *= costs.to_numpy()[here, there] ** -1.2
    flows = pd.DataFrame({"origin": ids[here], "destination": ids[there], "value": value})
    chosen = random.random(len(here)) < 0.02
    first, second = ids[here[chosen]], ids[there[chosen]]
    foreign = codes[here[chosen]] != codes[there[chosen]]
    edges = pd.DataFrame({"first": first, "second": second, "kind": np.where(foreign, "foreign", "domestic")})
    table = gi.measure.permeability(flows, costs, edges, country=country, permutations=9)
    planted_share = share[codes[here[chosen]], codes[there[chosen]]]
    np.testing.assert_allclose(table["permeability"], planted_share, rtol=1e-7)
    assert len(table.attrs["openness"]) == 276


def test_a_border_term_without_an_estimate_is_named():
    regions = board((3, 9))
    flows, km = planted(regions, {"AB": 0.3})
    # The only region of A with flows at home sends none abroad: its border cannot be told from sizes.
    away = flows["origin"].str[2].astype(int).lt(3) & flows["destination"].str[2].astype(int).lt(3)
    one = flows[["origin", "destination"]].isin(["r00", "r10"]).all(axis=1)
    across = flows[["origin", "destination"]].isin(["r00", "r10"]).any(axis=1)
    kept = flows[(~away & ~across) | one]
    with pytest.raises(gi.errors.FlowError, match=r"explain in full: 'border A\|B'"):
        gi.measure.permeability(kept, km, gi.measure.segments(regions))


def test_what_cannot_be_compared_is_refused():
    regions = board((3, 9))
    flows, km = planted(regions, {"AB": 0.3})
    edges = gi.measure.segments(regions)
    with pytest.raises(gi.errors.ColumnError, match="give country="):
        gi.measure.permeability(flows, km, edges[["first", "second", "kind"]])
    with pytest.raises(gi.errors.ColumnError, match="do not give the country of 'r00'"):
        gi.measure.permeability(flows, km, edges[~edges[["first", "second"]].eq("r00").any(axis=1)])
    with pytest.raises(gi.errors.ColumnError, match="No country is given for 'r00'"):
        gi.measure.permeability(flows, km, edges, country=regions["country"].mask(regions.index == "r00"))
    with pytest.raises(gi.errors.AlignmentError, match="'elsewhere'"):
        gi.measure.permeability(flows, km, edges.replace({"first": {"r00": "elsewhere"}}))
    with pytest.raises(gi.errors.FlowError, match="Every flow is zero"):
        gi.measure.permeability(flows.assign(value=0.0), km, edges)


@pytest.mark.slow
def test_without_a_border_the_test_of_all_borders_has_its_size():
    # 100 draws of flows with gamma overdispersion, then with pair effects correlated over a quarter of
    # the map: the share of p <= .05 has a standard error of .022.
    regions = board((2, 5), rows=4)
    edges, km = gi.measure.segments(regions), gi.weigh.distances(regions)
    reach = np.linalg.cholesky(np.exp(-km.to_numpy() / (km.to_numpy().max() / 4)))
    random = np.random.default_rng(5)
    p = []
    for seed in range(100):
        flows, _ = planted(regions, {"AB": 1, "BC": 1, "AC": 1}, seed=seed)
        loose = flows["value"] * random.gamma(2, 0.5, len(flows))
        smooth = reach @ random.normal(size=km.shape) @ reach.T
        tied = flows["value"] * np.exp(0.5 * smooth[~np.eye(len(km), dtype=bool)])
        draws = [
            gi.measure.permeability(flows.assign(value=v), km, edges, permutations=99) for v in (loose, tied)
        ]
        p.append([draw.attrs["group"]["p"] for draw in draws])
    rejected = (np.array(p) <= 0.05).mean(axis=0)
    assert 0.01 <= rejected[0] <= 0.1, rejected
    assert rejected[1] <= 0.1, rejected
