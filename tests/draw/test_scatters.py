"""The Moran scatter: where points lie, their colours, and the slope that is Moran's I."""

from __future__ import annotations

import pandas as pd
import pytest

import geoinno as gi
from geoinno.draw import palette


@pytest.fixture(scope="module")
def income(lattice):
    level = pd.Series([float(i[0]) * 10 + float(i[1]) for i in lattice.index], index=lattice.index)
    return level.rename("income_per_head")


def test_the_slope_is_moran(lattice, income):
    near = gi.weigh.contiguity(lattice)
    local = gi.measure.local_moran(income, near, permutations=999)
    whole = gi.measure.moran(income, near, permutations=99)
    axes = gi.draw.moran_scatter(income, local, regions=lattice, title="T").axes[0]
    labels = [text.get_text() for text in axes.get_legend().get_texts()]
    assert f"slope {whole.statistic:.3g}" in labels
    x, y = axes.get_lines()[0].get_data()
    assert (y[1] - y[0]) / (x[1] - x[0]) == pytest.approx(whole.statistic)
    named = [text.get_text() for text in axes.texts]
    assert local["statistic"].astype(float).idxmax() in {"00", "55"}
    assert {"Region 0-0", "Region 5-5"} <= set(named)
    # Names at the right turn to the left, so that the plot need not make room for them.
    sides = {text.get_text(): text.get_ha() for text in axes.texts}
    assert (sides["Region 0-0"], sides["Region 5-5"]) == ("left", "right")


def test_points_have_the_colours_of_the_cluster_map(lattice, income):
    local = gi.measure.local_moran(income, gi.weigh.contiguity(lattice), permutations=999)
    kinds = gi.classify.clusters(local, max_q=0.2).value_counts()
    axes = gi.draw.moran_scatter(income, local, max_q=0.2).axes[0]
    drawn = {points.get_label(): len(points.get_offsets()) for points in axes.collections}
    assert kinds["HH"] > 0
    assert drawn[f"high among high ({kinds['HH']})"] == kinds["HH"]
    high = next(points for points in axes.collections if points.get_label().startswith("high among high"))
    red = tuple(int(palette.CLUSTERS["HH"][i : i + 2], 16) / 255 for i in (1, 3, 5))
    assert tuple(high.get_facecolor()[0][:3]) == pytest.approx(red)


def test_isolates_are_left_out(lattice, income):
    away = lattice.drop(index=["01", "10", "11"])
    level = income.loc[away.index]
    local = gi.measure.local_moran(level, gi.weigh.contiguity(away), permutations=999)
    axes = gi.draw.moran_scatter(level, local).axes[0]
    assert sum(len(points.get_offsets()) for points in axes.collections) == len(away) - 1


def test_other_tables_and_flat_values_are_refused(lattice, income):
    near = gi.weigh.contiguity(lattice)
    spots = gi.measure.local_getis_ord(income, near, permutations=1999)
    with pytest.raises(gi.ColumnError, match="local_moran"):
        gi.draw.moran_scatter(income, spots)
    local = gi.measure.local_moran(income, near, permutations=999)
    with pytest.raises(gi.ColumnError, match="local_moran"):
        gi.draw.moran_scatter(income, gi.weigh.contiguity(lattice))
    with pytest.raises(gi.ColumnError, match="All values are equal"):
        gi.draw.moran_scatter(income * 0, local)
    with pytest.raises(gi.AlignmentError):
        gi.draw.moran_scatter(income.iloc[1:], local)


def test_a_figure_shows_itself_in_a_notebook(lattice, income):
    local = gi.measure.local_moran(income, gi.weigh.contiguity(lattice), permutations=1999)
    figure = gi.draw.moran_scatter(income, local)
    assert figure._repr_png_().startswith(b"\x89PNG")
