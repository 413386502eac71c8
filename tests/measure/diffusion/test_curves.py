"""Growth curves: R's nls on clothes dryers, planted curves, intervals, and what has no ceiling."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import geoinno as gi
from geoinno.measure import growth_curve

# Shipments of clothes dryers in the United States 1949-1961 in thousands, as in Bass (1969).
DRYERS = pd.Series(
    [106, 319, 492, 635, 737, 890, 1397, 1523, 1294, 1240, 1425, 1260, 1236], range(1949, 1962)
).cumsum()
# R 4.2.2, nls(s ~ G(t) - G(t - 1)), t = 1 .. 13; the logarithms of m, p and q have the errors SE_LOG.
BASS = [16497.0045266, 0.0135962431749, 0.326702396115]
SE_LOG = [0.0748223589985, 0.1691878698691, 0.1114551588136]
LOGISTIC = {"K": 14824.0527895, "a": 3.81461872293, "b": 0.416379278852, "se_a": 0.322287467512}
GOMPERTZ = {"K": 19987.86947270944, "a": 1.73515797061, "b": 0.19192996964, "se_a": 0.0933844349153}
T_10 = 2.2281388519649385  # the 97.5% point of Student's t with 13 - 3 degrees of freedom


def bass(s, m, p, q):
    return m * (1 - np.exp(-(p + q) * s)) / (1 + q / p * np.exp(-(p + q) * s))


def test_bass_is_that_of_r():
    found = growth_curve(DRYERS, model="bass").parameters
    assert list(found.index) == ["m", "p", "q"]
    assert found["estimate"].to_numpy() == pytest.approx(BASS, rel=1e-6)
    assert np.log(found["high"] / found["estimate"]).to_numpy() == pytest.approx(
        T_10 * np.array(SE_LOG), rel=1e-5
    )


@pytest.mark.parametrize(("model", "theirs"), [("logistic", LOGISTIC), ("gompertz", GOMPERTZ)])
def test_logistic_and_gompertz_are_those_of_r(model, theirs):
    counted = DRYERS.set_axis(range(1, 14))
    found = growth_curve(counted, model=model).parameters
    assert found["estimate"].to_dict() == pytest.approx({k: theirs[k] for k in "Kab"}, rel=1e-5)
    assert found.loc["a", "high"] - found.loc["a", "estimate"] == pytest.approx(
        T_10 * theirs["se_a"], rel=1e-4
    )


def test_years_move_only_a():
    by_year, counted = (growth_curve(t).parameters for t in (DRYERS, DRYERS.set_axis(range(1, 14))))
    assert by_year.loc[["K", "b"]].to_numpy() == pytest.approx(counted.loc[["K", "b"]].to_numpy(), rel=1e-6)
    shift = counted.loc["b", "estimate"] * 1948
    assert by_year.loc["a", "estimate"] == pytest.approx(counted.loc["a", "estimate"] + shift, rel=1e-6)


@pytest.mark.parametrize("unit", [1e-6, 1.0, 1e9])
def test_planted_curves_come_back_exactly_in_any_unit(unit):
    t = np.arange(1990, 2011)
    logistic = pd.Series(100 * unit / (1 + np.exp(-0.6 * (t - 1999))), t)
    found = growth_curve(logistic)
    assert found.parameters["estimate"].to_numpy() == pytest.approx([100 * unit, 0.6 * 1999, 0.6], rel=1e-6)
    assert found.inflection.estimate == pytest.approx(1999)
    assert found.fitted.to_numpy() == pytest.approx(logistic.to_numpy(), rel=1e-6)
    spread = pd.Series(bass(np.arange(1, 16), 1000 * unit, 0.02, 0.4), np.arange(1, 16))
    again = growth_curve(spread, model="bass")
    assert again.parameters["estimate"].to_numpy() == pytest.approx([1000 * unit, 0.02, 0.4], rel=1e-6)
    assert again.inflection.estimate == pytest.approx(np.log(20) / 0.42)


def test_intervals_cover_what_was_planted():
    rng, s = np.random.default_rng(0), np.arange(1, 16)
    planted = np.array([1000, 0.02, 0.4])
    inside = np.zeros(3)
    for _ in range(40):
        new = rng.poisson(np.diff(bass(s, *planted), prepend=0))
        table = growth_curve(pd.Series(new.cumsum(), s), model="bass").parameters
        inside += (table["low"] <= planted) & (planted <= table["high"])
    assert inside.min() >= 33  # of 40; fewer would be a chance of one in a thousand at 95%


def test_data_that_end_early_warn_or_are_refused():
    s = np.arange(1, 16)
    early = pd.Series(bass(s, 1000, 0.003, 0.35), s)
    with pytest.warns(gi.DataWarning, match="before growth is fastest"):
        found = growth_curve(early.head(11), model="bass")
    assert not found.complete
    assert "The data end before growth is fastest" in str(found)
    with pytest.raises(gi.ColumnError, match="without a ceiling"):
        growth_curve(pd.Series(np.exp(0.3 * s), s))


def test_two_waves_are_not_one_curve():
    waves = pd.Series([0, 2, 40, 42, 42, 42, 44, 47, 51, 56, 62, 68, 75, 83], range(14))
    with pytest.raises(gi.ColumnError, match="below the 83 that was reached"):
        growth_curve(waves)


def test_the_answer_has_the_index_of_the_question():
    mixed = DRYERS.sample(frac=1, random_state=1)
    found = growth_curve(mixed)
    assert list(found.fitted.index) == list(mixed.index)
    assert found.parameters.equals(growth_curve(DRYERS).parameters)


@pytest.mark.parametrize(
    ("adopters", "words"),
    [
        ([1, 2, 3], "must be a Series"),
        (pd.Series([1.0, 2], ["a", "b"]), "numbers such as years"),
        (DRYERS.astype(str), "must be numeric"),
        (DRYERS.diff(), "missing"),
        (DRYERS.iloc[::-1].set_axis(DRYERS.index), "fall in the periods"),
        (DRYERS.head(4), "at least 6 periods"),
        (pd.concat([DRYERS, DRYERS.tail(1)]), "given twice"),
    ],
)
def test_unsound_adopters_are_refused(adopters, words):
    with pytest.raises(gi.ColumnError, match=words):
        growth_curve(adopters)


def test_words_have_ceiling_and_inflection():
    text = str(growth_curve(DRYERS, model="bass"))
    assert "ceiling of 16,497 (95% interval 13,964 to 19,490)" in text
    assert "grow fastest in period 1957.3" in text
    with pytest.raises(gi.OptionError, match="model must be one of"):
        growth_curve(DRYERS, model="cubic")
