"""Options and partners by brute force, and declared priorities beside them."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import geoinno as gi

NEAR = gi.weigh.exponential(100)


@pytest.fixture(scope="module")
def has(lattice):
    cells = np.random.default_rng(0).random((36, 7)) < 0.4
    return pd.DataFrame(cells.astype(int), lattice.index, [f"a{j}" for j in range(7)])


def options(has, regions, **more):
    settings = {"decay": NEAR, "country": "country", "border_factor": 0.4, **more}
    return gi.measure.complements(has, gi.measure.proximity(has), regions, **settings)


def test_partners_add_the_most_of_what_a_region_lacks(has, lattice):
    phi, km = gi.measure.proximity(has), gi.weigh.distances(lattice)
    density = gi.measure.relatedness_density(has, phi)
    found = options(has, lattice)
    assert len(found) == (has == 0).to_numpy().sum()
    for row in found.iloc[::7].itertuples():
        shares = phi.loc[row.activity] / phi.loc[row.activity].sum()
        lacking = 1 - has.loc[row.region]
        offered = pd.Series({s: (shares * has.loc[s] * lacking).sum() for s in has.index if s != row.region})
        offered *= 0.5 ** (km.loc[row.region, offered.index] / 100)
        home = lattice["country"][offered.index] == lattice["country"][row.region]
        assert row.density == pytest.approx(density.loc[row.region, row.activity], rel=1e-12)
        assert row.home_support == pytest.approx(offered[home].max(), rel=1e-12)
        assert row.abroad_support == pytest.approx(0.4 * offered[~home].max(), rel=1e-12)
        assert offered[row.home] == pytest.approx(offered[home].max(), rel=1e-12)
        assert offered[row.abroad] == pytest.approx(offered[~home].max(), rel=1e-12)
    support = found[["home_support", "abroad_support"]].max(axis=1)
    rank = gi.measure.complexity(has).activities.rank(pct=True)
    expected = (found["density"] + support) * found["activity"].map(rank)
    np.testing.assert_allclose(found["priority"], expected, rtol=1e-12)
    assert set(found["option"]) == {"high road", "slow road", "casino", "dead end"}


def test_without_countries_or_with_closed_borders_nobody_is_abroad(has, lattice):
    for found in (options(has, lattice, country=None), options(has, lattice, border_factor=0)):
        assert found["abroad"].isna().all()
        assert (found["abroad_support"] == 0).all()
    assert options(has, lattice, country=None)["home"].notna().all()


def test_declared_priorities_stand_beside_what_is_measured(has, lattice):
    declared = pd.DataFrame({"region": lattice.index[0], "activity": has.columns})
    found = options(has, lattice, declared=declared).set_index(["region", "activity"])
    first = found.loc[lattice.index[0]]
    assert set(first.index) == set(has.columns)
    there = has.loc[lattice.index[0]] == 1
    assert (first.loc[there[there].index, "verdict"] == "declared, already present").all()
    assert first.loc[there[there].index, "priority"].isna().all()
    words = first["option"].map(
        {"high road": "declared and supported", "slow road": "declared and supported"}
    )
    expected = words.fillna("declared, not supported")[~there.reindex(first.index)]
    assert (first["verdict"][~there.reindex(first.index)] == expected).all()
    rest = found.drop(lattice.index[0], level="region")
    assert set(rest["verdict"]) == {"supported, not declared", "neither"}
    with pytest.raises(gi.errors.AlignmentError, match=r"'activity' of the declared.*'a9'"):
        options(has, lattice, declared=declared.replace("a0", "a9"))
    with pytest.raises(gi.errors.ColumnError, match="columns"):
        options(has, lattice, declared=declared[["region"]])


def test_unidentified_complexity_leaves_priorities_missing(lattice):
    alike = pd.DataFrame({"a": 1, "b": 1, "c": 0}, index=lattice.index)
    found = options(alike, lattice)
    assert list(found["activity"].unique()) == ["c"]
    assert found[["complexity", "priority", "option", "home", "abroad"]].isna().all(axis=None)
    given = options(alike, lattice, complexity=pd.Series([1.0, 2.0, 3.0], list("abc")))
    assert (given["complexity"] == 3).all()


def test_unsound_input_is_refused(has, lattice):
    with pytest.raises(gi.errors.OptionError, match="decay must be a Decay"):
        options(has, lattice, decay=100)
    with pytest.raises(gi.errors.OptionError, match="border_factor"):
        options(has, lattice, border_factor=-1)
    with pytest.raises(gi.errors.AlignmentError, match="in the presence table but not in the regions"):
        options(has, lattice.iloc[1:])
    with pytest.raises(gi.errors.ColumnError, match="no column 'land'"):
        options(has, lattice, country="land")
