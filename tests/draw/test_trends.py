"""Lines over the years, with bands."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import geoinno as gi

TABLE = pd.DataFrame({"gini": [0.4, 0.3, 0.2], "cv": [8.0, 6.0, 7.0]}, index=[1990, 2000, 2010])


def test_a_line_for_each_column_named_at_its_end():
    axes = gi.draw.trend_lines(TABLE, title="T", unit="Index").axes[0]
    np.testing.assert_allclose([line.get_ydata() for line in axes.lines], TABLE.T)
    assert {text.get_text() for text in axes.texts} == {"Gini index", "coefficient\nof variation"}
    assert axes.get_ylabel() == "Index"


def test_lines_as_shares_of_their_first_number():
    low, high = 0.9 * TABLE, 1.1 * TABLE
    axes = gi.draw.trend_lines(TABLE.iloc[::-1], low=low, high=high, relative=True).axes[0]
    np.testing.assert_allclose(axes.lines[0].get_ydata(), [1, 0.75, 0.5])
    assert axes.get_ylabel() == "first year = 1"
    band = axes.collections[0].get_paths()[0].vertices[:, 1]
    assert (band.min(), band.max()) == pytest.approx((0.45, 1.1))


def test_a_series_and_a_gap():
    line = pd.Series([1.0, np.nan, 3.0], [1990, 2000, 2010], name="theil")
    axes = gi.draw.trend_lines(line).axes[0]
    assert np.isnan(axes.lines[0].get_ydata()[1])


def test_names_of_lines_that_end_together_lie_apart():
    close = pd.DataFrame({"a": [1.0, 2.0], "b": [1.0, 2.001], "c": [0.0, 2.002]}, index=[1, 2])
    heights = sorted(text.xy[1] for text in gi.draw.trend_lines(close).axes[0].texts)
    assert min(np.diff(heights)) > 0.05


@pytest.mark.parametrize(
    ("table", "options", "error", "message"),
    [
        (TABLE.iloc[:1], {}, gi.errors.ColumnError, "two years or more"),
        (TABLE.set_axis(["a", "b", "c"]), {}, gi.errors.ColumnError, "two years or more"),
        (TABLE.assign(cv="x"), {}, gi.errors.ColumnError, "'cv'"),
        (TABLE.assign(cv=0.0), {"relative": True}, gi.errors.ColumnError, "'cv'.* do not start above zero"),
        (TABLE, {"low": TABLE, "high": TABLE.iloc[1:]}, gi.errors.AlignmentError, "years and columns"),
        ([1, 2], {}, gi.errors.ColumnError, "years in rows"),
    ],
)
def test_what_is_no_table_by_year_is_refused(table, options, error, message):
    with pytest.raises(error, match=message):
        gi.draw.trend_lines(table, **options)


def test_lines_show_themselves_in_a_notebook_and_name_what_no_font_has():
    figure = gi.draw.trend_lines(TABLE, title="\U0001f9ff")
    with pytest.warns(gi.DataWarning):
        picture = figure._repr_png_()
    assert picture.startswith(b"\x89PNG")
