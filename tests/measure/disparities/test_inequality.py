"""Inequality by closed forms, published examples and independent sums."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import geoinno as gi

FLOATS = st.lists(st.floats(0.01, 1e4), min_size=2, max_size=30)


def series(values):
    return pd.Series(values, index=[f"r{i}" for i in range(len(values))], dtype=float)


@given(FLOATS)
def test_gini_is_the_mean_difference_over_twice_the_mean(values):
    x = np.array(values)
    expected = np.abs(np.subtract.outer(x, x)).mean() / (2 * x.mean())
    assert gi.measure.gini(series(values)) == pytest.approx(expected, abs=1e-9)


@given(FLOATS, st.integers(1, 5))
def test_people_count_as_so_many_regions(values, times):
    people = series([times + i % 3 for i in range(len(values))])
    repeated = np.repeat(values, people.astype(int))
    assert gi.measure.gini(series(values), population=people) == pytest.approx(
        gi.measure.gini(series(repeated)), abs=1e-9
    )
    ours, theirs = gi.measure.theil(series(values), population=people), gi.measure.theil(series(repeated))
    assert ours["total"] == pytest.approx(theirs["total"], abs=1e-9)


def test_theil_of_one_who_has_all_is_the_logarithm_of_the_number():
    # Theil (1967): the maximum is ln n; zeros add nothing.
    assert gi.measure.theil(series([0, 0, 0, 5]))["total"] == pytest.approx(np.log(4))
    assert gi.measure.theil(series([2, 2, 2]))["total"] == pytest.approx(0, abs=1e-15)


def test_theil_parts_add_up_and_are_those_of_the_groups(central_asia):
    regions = central_asia.regions
    level, people = regions["primacy"], regions["city_population"]
    parts = gi.measure.theil(level, population=people, groups=regions["country"])
    assert parts["between"] + parts["within"] == pytest.approx(parts["total"])
    income = level * people / (level * people).sum()
    within = sum(
        income[members].sum() * gi.measure.theil(level[members], population=people[members])["total"]
        for members in regions.groupby("country").groups.values()
    )
    assert parts["within"] == pytest.approx(within)


def test_williamson_by_hand():
    income, people = series([10, 20]), series([3, 1])
    # Mean 12.5; sqrt(.75 * 2.5^2 + .25 * 7.5^2) / 12.5 = 4.330 / 12.5.
    assert gi.measure.williamson(income, population=people) == pytest.approx(np.sqrt(18.75) / 12.5)


def test_measures_do_not_depend_on_the_size_of_numbers():
    income, people = series([1, 2, 6]), series([3, 1, 2])
    for scale in (1e-300, 1e300):
        for measure in (gi.measure.gini, gi.measure.williamson, gi.measure.theil):
            here = measure(income, population=people)
            np.testing.assert_allclose(measure(scale * income, population=scale * people), here)


def test_income_where_nobody_lives_is_named():
    income, people = series([5, 0, 7, 0]), series([0, 3, 0, 4])
    for measure in (gi.measure.gini, gi.measure.theil, gi.measure.williamson):
        with pytest.raises(gi.errors.ColumnError, match=r"nobody lives, in 'r0', 'r2' \(2 in all\)"):
            measure(income, population=people)
    # One region of income with people is enough; an uninhabited one has no weight.
    assert gi.measure.gini(income, population=series([0, 3, 1, 4])) == pytest.approx(7 / 8)


def test_unsound_values_are_named():
    with pytest.raises(gi.errors.ColumnError, match="negative in 'r0'"):
        gi.measure.gini(series([-1, 2]))
    with pytest.raises(gi.errors.ColumnError, match="zero everywhere"):
        gi.measure.theil(series([0, 0]))


def test_atkinson_and_hoover_are_those_of_inequality():
    # inequality 1.1.2: Atkinson(x, e).A and Schutz(frame, "v").distance on these values.
    values = series([1, 2, 6, 9])
    expected = {0.5: 0.14114125456214321, 1: 0.2836200454509721, 3: 0.6087072095643852}
    for aversion, index in expected.items():
        assert gi.measure.atkinson(values, aversion=aversion) == pytest.approx(index, rel=1e-12)
    assert gi.measure.hoover(values) == pytest.approx(1 / 3)


@pytest.mark.parametrize("aversion", [0, 0.5, 1 - 1e-9, 1, 1 + 1e-9, 2, 60])
@given(FLOATS, st.integers(1, 4), st.floats(0.01, 100))
def test_laws_of_atkinson(aversion, values, times, factor):
    people = series([times + i % 3 for i in range(len(values))])
    found = gi.measure.atkinson(series(values), aversion=aversion, population=people)
    repeated = series(np.repeat(values, people.astype(int)) * factor)
    assert 0 <= found < 1
    assert gi.measure.atkinson(repeated, aversion=aversion) == pytest.approx(found, abs=1e-9)


@given(FLOATS, st.integers(1, 4))
def test_laws_of_hoover(values, times):
    people = series([times + i % 3 for i in range(len(values))])
    found = gi.measure.hoover(series(values), population=people)
    assert 0 <= found <= gi.measure.gini(series(values), population=people) + 1e-12 < 1
    repeated = series(np.repeat(values, people.astype(int)))
    assert gi.measure.hoover(repeated) == pytest.approx(found, abs=1e-9)


def test_atkinson_at_its_edges():
    some, none = series([0, 1, 3]), series([5, 5])
    assert gi.measure.atkinson(none, aversion=3) == pytest.approx(0, abs=1e-15)
    # With an aversion of one half, the square of the mean root over the mean: (1 + sqrt 3)^2 / 9 / (4 / 3).
    assert gi.measure.atkinson(some) == pytest.approx(1 - (1 + np.sqrt(3)) ** 2 / 9 / (4 / 3))
    assert gi.measure.atkinson(some, aversion=1) == gi.measure.atkinson(some, aversion=2) == 1
    # Where nobody lives, nobody is poor.
    assert gi.measure.atkinson(some, aversion=2, population=series([0, 1, 1])) == pytest.approx(0.25)
    assert gi.measure.atkinson(series([7]), aversion=2) == pytest.approx(0, abs=1e-15)
    with pytest.raises(gi.errors.OptionError, match="aversion must be"):
        gi.measure.atkinson(some, aversion=-1)


def nested_case():
    """Return twelve values and people, and three levels of groups of them."""
    values = series([3.0, 5, 2, 8, 9, 1, 4, 7, 6, 2, 5, 10])
    people = series([5.0, 1, 2, 3, 4, 1, 2, 2, 6, 1, 3, 2])
    names = values.index
    country = pd.Series(list("aaabbbccdddd"), names, name="country")
    bloc = country.map({"a": "east", "b": "east", "c": "west", "d": "west"}).rename("bloc")
    return values, people, bloc, country


def test_nested_parts_add_up_and_are_those_of_each_level():
    values, people, bloc, country = nested_case()
    parts = gi.measure.theil(values, population=people, groups=[bloc, country])
    assert list(parts.index) == ["total", "between", "country within bloc", "within"]
    assert parts.drop("total").sum() == pytest.approx(parts["total"], rel=1e-14)
    wide = gi.measure.theil(values, population=people, groups=bloc)
    narrow = gi.measure.theil(values, population=people, groups=country)
    assert parts["between"] == pytest.approx(wide["between"])
    assert parts["within"] == pytest.approx(narrow["within"])
    # Akita (2003): the middle part is the mean, by income, of Theil's T between countries of each bloc.
    income = values * people / (values @ people)
    middle = sum(
        income[inside].sum()
        * gi.measure.theil(values[inside], population=people[inside], groups=country[inside])["between"]
        for inside in bloc.groupby(bloc).groups.values()
    )
    assert parts["country within bloc"] == pytest.approx(middle)


def test_theil_and_its_parts_are_those_of_pysal():
    theil = pytest.importorskip("inequality.theil", reason="pip install --no-deps inequality")
    values, _, bloc, country = nested_case()
    for groups in (bloc, country):
        theirs = theil.TheilD(values.to_numpy(), groups.to_numpy())
        ours = gi.measure.theil(values, groups=groups)
        assert ours["total"] == pytest.approx(float(theirs.T), rel=1e-10)
        assert ours["between"] == pytest.approx(float(np.ravel(theirs.bg)[0]), rel=1e-10)


def test_groups_that_are_not_nested_are_refused():
    values, people, bloc, country = nested_case()
    with pytest.raises(
        gi.errors.ColumnError, match=r"'bloc' lie in more than one group of 'country'.*'east'"
    ):
        gi.measure.theil(values, population=people, groups=[country, bloc])
    with pytest.raises(gi.errors.ColumnError, match="Two levels of groups are called 'bloc'"):
        gi.measure.theil(values, groups=[bloc, country.rename("bloc")])
    with pytest.raises(gi.errors.ColumnError, match="There is no column 'bloc'"):
        gi.measure.theil(values, groups=["bloc", "country"])


def test_regions_that_are_equal_have_no_inequality_below_zero():
    parts = gi.measure.theil(series([5.0] * 49), groups=pd.Series("one", series([5.0] * 49).index))
    assert parts.to_list() == [0, 0, 0]
    uneven = series(np.random.default_rng(0).lognormal(size=200))
    assert (gi.measure.theil(uneven, groups=pd.Series("one", uneven.index)) >= 0).all()


def test_an_array_of_groups_is_refused_in_words():
    with pytest.raises(gi.ColumnError, match="groups must be a Series by region id"):
        gi.measure.theil(series([1.0, 2.0]), groups=np.array(["a", "b"]))
