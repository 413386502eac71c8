"""Labels of local clusters."""

from __future__ import annotations

import pandas as pd
import pytest

import geoinno as gi


@pytest.fixture
def local():
    return pd.DataFrame(
        {
            "statistic": [1.0, -1.0, 0.2, None],
            "quadrant": ["HH", "LH", "LL", None],
            "q": [0.01, 0.05, 0.2, None],
        },
        index=list("abcd"),
    )


def test_kinds_stand_where_q_is_small(local):
    assert gi.classify.clusters(local).to_list() == ["HH", "LH", "not significant", "isolate"]
    assert gi.classify.clusters(local, max_q=0.01).to_list()[1] == "not significant"


def test_all_kinds_are_categories_in_one_order(local):
    kinds = ["HH", "LL", "HL", "LH", "not significant", "isolate"]
    assert gi.classify.clusters(local).cat.categories.to_list() == kinds


def test_spots_are_hot_or_cold(local):
    spots = gi.classify.clusters(local.drop(columns="quadrant"))
    assert spots.to_list() == ["hot", "cold", "not significant", "isolate"]


def test_likeness_is_said_in_words(local):
    table = local.drop(columns="quadrant").assign(likeness=["alike", "unlike", "alike", None])
    assert gi.classify.clusters(table).to_list() == ["alike", "unlike", "not significant", "isolate"]


def test_other_tables_are_refused(local):
    with pytest.raises(gi.ColumnError, match="'q'"):
        gi.classify.clusters(local.drop(columns="q"))
    for wrong in (2, -0.1, "0.05", None):
        with pytest.raises(gi.OptionError, match="max_q"):
            gi.classify.clusters(local, max_q=wrong)
    with pytest.raises(gi.ColumnError, match="Series was given"):
        gi.classify.clusters(local["q"])
    # A table of another statistic, whose sign says nothing of hot and cold.
    with pytest.raises(gi.ColumnError, match="other columns: 'residual'"):
        gi.classify.clusters(local.drop(columns="quadrant").assign(residual=1.0))


def test_border_types_follow_the_parts():
    # By hand: of the border regions a to e the median share of ways is .2, the median distance 100 km.
    board = pd.DataFrame(
        {
            "on_border": [True, True, True, True, True, False],
            "gain_ratio": [1.5, 1.2, 1.1, 0.9, 1.0, None],
            "betweenness": [0.3, 0.1, 0.2, 0.4, 0.2, None],
            "pole_km": [200.0, 50.0, 100.0, 100.0, 20.0, None],
        },
        index=list("abcdef"),
    )
    kinds = ["springboard", "springboard", "latent", "transit", "cul-de-sac", "interior"]
    assert gi.classify.border_types(board).to_list() == kinds
    firm = gi.classify.border_types(board, least=0.4)
    assert firm.to_list() == ["springboard", "cul-de-sac", "cul-de-sac", "transit", "cul-de-sac", "interior"]
    for wrong in ("high", -0.1, float("nan")):
        with pytest.raises(gi.OptionError, match="least"):
            gi.classify.border_types(board, least=wrong)
    with pytest.raises(gi.ColumnError, match="no column 'gain_ratio'"):
        gi.classify.border_types(board.drop(columns="gain_ratio"))
    with pytest.raises(gi.ColumnError, match="float was given"):
        gi.classify.border_types(1.0)
