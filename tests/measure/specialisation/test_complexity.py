"""Complexity by independent software and closed forms, and outlook by finite differences."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis.extra.numpy import arrays

import geoinno as gi

ROWS = ["110100110", "101110010", "011001000", "000111100"]
ROWS += ["110010001", "001001110", "100100000", "111111011"]


def table(rows):
    cells = [list(map(int, row)) for row in rows]
    return pd.DataFrame(cells, [f"r{i}" for i in range(len(cells))], [f"a{j}" for j in range(len(cells[0]))])


HAS = table(ROWS)
# ecomplexity 0.5.3: ecomplexity(..., presence_test="manual"), and econcomplex 1.0.1 for regions.
ECI = [
    -0.06379941772741882, -0.2588925959946529, 1.0548098247745672, 0.641908843789777,
    -1.4322825854982513, 1.6128019133874008, -1.298503988668967, -0.2560419940624546,
]  # fmt: skip
PCI = [
    -1.1895158850280003, -0.31863441333504156, 0.9539911916595393, -0.4485538747999917, -0.5901260944337005,
    1.3562320577955442, 1.2971715702925748, 0.45449115680233776, -1.5150557089532626,
]  # fmt: skip


def test_eigenvectors_are_those_of_ecomplexity():
    found = gi.measure.complexity(HAS)
    np.testing.assert_allclose(found.regions, ECI, rtol=1e-9)
    np.testing.assert_allclose(found.activities, PCI, rtol=1e-9)
    assert found.diversity_correlation == pytest.approx(np.corrcoef(ECI, HAS.sum(axis=1))[0, 1])
    assert "r5 is the most complex of the 8 regions" in str(found)
    assert "Outside" not in str(found)


def test_activities_have_the_sign_of_the_regions_that_have_them():
    """Chosen apart by ubiquity (econcomplex 1.0.1), the sign of activities is the opposite one here."""
    found = gi.measure.complexity(HAS)
    means = HAS.mul(found.regions, axis=0).sum() / HAS.sum()
    assert means.corr(found.activities) == pytest.approx(1)
    assert found.activities.corr(HAS.sum()) > 0
    assert found.regions.corr(HAS.sum(axis=1)) > 0


def test_fitness_is_that_of_econcomplex():
    # econcomplex 1.0.1: eci_pci(HAS, method="fitness", iterations=100000).
    regions = [
        0.9707515682132263, 0.9347907729930288, 0.6611574904551721, 0.8427591432651087,
        1.3266068054347726, 0.9408547332273076, 0.21972817357927377, 2.103351312832109,
    ]  # fmt: skip
    activities = [
        0.42756366562792913, 0.8932686723859132, 0.8176785909311052, 0.4053045849902274, 0.966638439960912,
        0.7951359294661366, 1.0273558885791245, 0.926090682686435, 2.7409635453722174,
    ]  # fmt: skip
    found = gi.measure.complexity(HAS, method="fitness")
    np.testing.assert_allclose(found.regions, regions, rtol=1e-8)
    np.testing.assert_allclose(found.activities, activities, rtol=1e-8)
    assert found.change < 1e-9
    assert "correlation of 0.92" in str(found)


def test_fitness_that_falls_without_end_says_so():
    # With M = [[1, 1], [0, 1]] the fitness of the second region falls as 1 / n (Pugliese et al. 2016).
    found = gi.measure.complexity(table(["11", "01"]), method="fitness")
    assert found.regions["r1"] < 0.01
    assert found.change > 1e-6
    assert "read the ranks, not the values" in str(found)


def test_reflections_are_the_plain_recursion_and_go_to_the_eigenvector():
    # Plain recursion in exact arithmetic, and econcomplex 1.0.1 with iterations=6 for regions.
    six = [
        -0.3985924037279788, 0.09955882275569682, -0.06965164108649975, -1.045820508174759,
        2.0707060252824947, -1.4309855538231415, 0.16724375580567538, 0.6075415029684468,
    ]  # fmt: skip
    np.testing.assert_allclose(
        gi.measure.complexity(HAS, method="reflections", steps=6).regions, six, rtol=1e-10
    )
    many = gi.measure.complexity(HAS, method="reflections", steps=400)
    np.testing.assert_allclose(np.abs(many.regions), np.abs(ECI), rtol=1e-9)
    np.testing.assert_allclose(np.abs(many.activities), np.abs(PCI), rtol=1e-9)


def test_what_lies_outside_the_core_is_missing():
    padded = HAS.assign(nobody=0)
    padded.loc["empty"] = 0
    found = gi.measure.complexity(padded)
    assert found.regions.index[-1] == "empty"
    assert np.isnan(found.regions["empty"])
    assert np.isnan(found.activities["nobody"])
    np.testing.assert_allclose(found.regions.drop("empty"), ECI, rtol=1e-9)
    assert "without a score: 1 region and 1 activity." in str(found)
    # r6 has two activities. Without it each of the others still has three.
    smaller = gi.measure.complexity(HAS, least_diversity=3)
    assert smaller.regions.isna().sum() == 1
    np.testing.assert_allclose(
        smaller.regions.dropna(), gi.measure.complexity(HAS.drop("r6")).regions, rtol=1e-9
    )


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        (["111", "111", "111"], "no region differs"),
        (["1100", "0110", "0011", "1001"], "second and third eigenvalues are equal"),
        (["1100", "1100", "0011"], r"2 parts that share no activity.*'r2' \(1 in all\)"),
        (["111"], "the core has 1 and 3"),
        (["1", "1"], "the core has 2 and 1"),
        (["000", "000"], "the core has 0 and 0"),
    ],
)
def test_an_order_that_is_not_identified_is_refused(rows, words):
    with pytest.raises(gi.errors.ColumnError, match=words):
        gi.measure.complexity(table(rows))


def test_a_sign_that_nothing_chooses_is_refused():
    # A chain: both ends are alike but for the sign, so diversity says nothing.
    chain = table(["1100", "0110", "0011"])
    with pytest.raises(gi.errors.ColumnError, match="sign cannot be chosen"):
        gi.measure.complexity(chain)
    with pytest.raises(gi.errors.ColumnError, match="order nothing"):
        gi.measure.complexity(chain, method="reflections")


def test_options_are_checked():
    with pytest.raises(gi.errors.OptionError, match="method must be one of"):
        gi.measure.complexity(HAS, method="magic")
    with pytest.raises(gi.errors.OptionError, match="steps must be even"):
        gi.measure.complexity(HAS, method="reflections", steps=5)


def space(has):
    return has, gi.measure.proximity(has)


def test_the_outlook_index_is_that_of_econcomplex():
    # econcomplex 1.0.1: coi(HAS, PCI, use_rca=False, threshold=.5), with the complexities above.
    expected = [
        0.1321723588030017, 0.5245485590166343, -0.6447290436025829, -0.6118821896957969,
        1.3109962300140714, -1.5443883295403653, 0.23685556016646248, 1.2971715702925728,
    ]  # fmt: skip
    found = gi.measure.outlook(*space(HAS), gi.measure.complexity(HAS))
    np.testing.assert_allclose(found.index, expected, rtol=1e-9)
    assert "best in r4" in str(found)
    # Its cog leaves out that a taken option is one no longer, and returns -0.207 here.
    assert found.gain.loc["r2", "a0"] == pytest.approx(0.10900785959233833, rel=1e-9)


@given(arrays(bool, (5, 6)))
def test_the_gain_is_the_change_of_the_index(cells):
    has = pd.DataFrame(cells.astype(int), list("vwxyz"), list("abcdef"))
    phi = gi.measure.proximity(has)
    assume((phi.sum() > 0).all())
    value = pd.Series(np.sin(np.arange(6.0)), has.columns)
    here = gi.measure.outlook(has, phi, value)
    for region in has.index:
        for activity in has.columns:
            more = has.copy()
            more.loc[region, activity] = 1
            change = gi.measure.outlook(more, phi, value).index[region] - here.index[region]
            assert here.gain.loc[region, activity] == pytest.approx(change, abs=1e-12)


def test_activities_of_unknown_complexity_count_for_nothing():
    value = pd.Series(PCI, HAS.columns)
    value["a0"] = np.nan
    found = gi.measure.outlook(*space(HAS), value)
    zero = gi.measure.outlook(*space(HAS), value.fillna(0))
    pd.testing.assert_series_equal(found.index, zero.index)
    assert found.gain["a0"].isna().all()
    assert found.gain.drop(columns="a0").notna().all(axis=None)


def test_unsound_complexities_are_refused():
    value = pd.Series(PCI, HAS.columns)
    with pytest.raises(gi.errors.AlignmentError, match="different activities: 'a8'"):
        gi.measure.outlook(*space(HAS), value.iloc[:-1])
    with pytest.raises(gi.errors.ColumnError, match="list was given"):
        gi.measure.outlook(*space(HAS), PCI)
    with pytest.raises(gi.errors.ColumnError, match="No activity has a known complexity"):
        gi.measure.outlook(*space(HAS), value * np.nan)
    with pytest.raises(gi.errors.ColumnError, match="finite"):
        gi.measure.outlook(*space(HAS), value.replace(value["a0"], np.inf))
