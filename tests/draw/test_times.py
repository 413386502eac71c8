"""Times: one set of classes, a slider on the web, small maps in print."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg

import geoinno as gi
from geoinno.draw import palette


@pytest.fixture(scope="module")
def income(north_america):
    return north_america.panel["income"].unstack()[[1929, 1949, 1969, 1989, 1999, 2004, 2009]].dropna()  # noqa: PD010 - wide


@pytest.fixture(scope="module")
def states(north_america, income):
    return north_america.regions.loc[income.index]


def test_all_times_have_the_same_classes(states, income):
    layers = gi.draw.over_time(states, income, legend="Income")
    words = {tuple((key.label, key.fill) for key in layer.legends[0].keys) for layer in layers}
    assert len(words) == 1
    # Quintiles of all times together: a fifth of all values in each class.
    counts = np.array([[key.count for key in layer.legends[0].keys] for layer in layers]).sum(axis=0)
    assert counts.sum() == income.size
    assert np.ptp(counts) <= 2


def test_a_column_of_a_panel_is_a_panel(states, income):
    long = income.stack().rename("income")  # noqa: PD013 - long again
    first, second = (gi.draw.over_time(states, panel) for panel in (income, long))
    assert [layer.name for layer in first] == [layer.name for layer in second]
    assert all((a.shapes["code"] == b.shapes["code"]).all() for a, b in zip(first, second, strict=True))


def test_many_times_slide_and_few_are_chosen(states, income):
    many = gi.draw.sheet(*gi.draw.over_time(states, income), source="tests").html()
    few = gi.draw.sheet(*gi.draw.over_time(states, income[[1929, 2009]]), source="tests").html()
    assert 'type="range"' in many
    assert 'type="range"' not in few
    assert few.count("data-pick") >= 2


def test_print_shows_every_time_beside_one_legend(states, income):
    figure = gi.draw.sheet(*gi.draw.over_time(states, income), title="Income", source="tests").figure()
    told = [text.get_text() for text in figure.texts]
    assert {str(year) for year in income.columns} <= set(told)
    assert len(figure.axes) == income.shape[1] + 1


def test_one_time_is_no_series(states, income):
    with pytest.raises(gi.errors.ColumnError, match="two times"):
        gi.draw.over_time(states, income[[1929]])
    with pytest.raises(gi.errors.AlignmentError):
        gi.draw.over_time(states, pd.concat([income, income.head(1).rename(index=lambda i: i + "x")]))


def test_times_may_be_columns_of_the_regions_and_never_an_array(central_asia):
    regions = central_asia.regions
    before = regions.assign(now=regions["primacy"], later=regions["primacy"] * 2)
    names = [layer.name for layer in gi.draw.over_time(before, ["now", "later"])]
    assert names == ["now", "later"]
    with pytest.raises(gi.ColumnError, match="panel must be a table"):
        gi.draw.over_time(before, before[["now", "later"]].to_numpy())
    with pytest.raises(gi.ColumnError, match="no column 'never'"):
        gi.draw.over_time(before, ["now", "never"])


@pytest.fixture
def scenarios(lattice):
    cells = pd.MultiIndex.from_product([[f"{k}0% open" for k in range(8)], lattice.index[::-1]])
    gain = np.outer(np.arange(8), np.linspace(-1, 3, 36)).ravel()
    return pd.DataFrame({"welfare": gain, "income": 2 * gain, "role": "outsider"}, index=cells)


def test_a_slider_moves_map_tooltips_and_notes(lattice, scenarios):
    notes = pd.Series({f"{k}0% open": f"Winners at {k}." for k in range(8)})
    layers = gi.draw.over_scenarios(lattice, scenarios, "welfare", notes=notes, midpoint=(-0.1, 0.1))
    assert [layer.period for layer in layers] == notes.index.to_list()
    assert layers[3].legends[0].note == "Winners at 3."
    assert {"welfare", "income", "role"} <= {*layers[3].tips}
    # The order of the regions, whatever that of the table.
    assert layers[7].tips.index.equals(lattice.index)
    page = gi.draw.sheet(*layers, title="Open", source="tests").html()
    assert "data-slide" in page
    assert "Winners at 7." in page
    assert {f"{k}0% open" for k in range(8)} <= {*layers[0].table}


def test_what_does_not_change_has_a_class_and_a_colour_of_its_own(lattice, scenarios):
    layers = gi.draw.over_scenarios(lattice, scenarios, "welfare", midpoint=(-0.1, 0.1))
    (unchanged,) = [key for key in layers[0].legends[0].keys if key.count == 36]
    assert unchanged.fill == palette.DIVERGING[len(palette.DIVERGING) // 2]
    fills = [key.fill for key in layers[0].legends[0].keys]
    assert len(set(fills)) == len(fills)


def test_printed_scenarios_share_one_legend_without_the_note_of_one(lattice, scenarios):
    notes = pd.Series({f"{k}0% open": f"Winners at {k}." for k in range(8)})
    layers = gi.draw.over_scenarios(lattice, scenarios, "welfare", notes=notes)
    figure = gi.draw.sheet(*layers, title="Open", source="tests").figure()
    texts = [text.get_text() for ax in figure.axes for text in ax.texts]
    assert not any("Winners" in text for text in texts)


def test_unsound_scenarios_are_refused(lattice, scenarios):
    with pytest.raises(gi.ColumnError, match="by scenario and region"):
        gi.draw.over_scenarios(lattice, scenarios.droplevel(0), "welfare")
    with pytest.raises(gi.ColumnError, match="no column 'gain'"):
        gi.draw.over_scenarios(lattice, scenarios, "gain")
    with pytest.raises(gi.AlignmentError, match="notes and the scenarios"):
        gi.draw.over_scenarios(lattice, scenarios, "welfare", notes=pd.Series({"open": "x"}))
    with pytest.raises(gi.AlignmentError, match="panel and the regions"):
        gi.draw.over_scenarios(lattice.iloc[1:], scenarios, "welfare")


def test_insets_of_small_maps_are_named_as_far_as_there_is_room(north_america):
    states = north_america.regions
    states = states[states["country"] == "USA"]
    values = pd.DataFrame(dict.fromkeys(range(2000, 2009), states["city_population"]))
    several = gi.draw.sheet(*gi.draw.over_time(states, values), title="t", source="s")
    alone = gi.draw.sheet(gi.draw.choropleth(states, "city_population"), title="t", source="s")
    for sheet in (several, alone):
        figure = sheet.figure()
        renderer = FigureCanvasAgg(figure).get_renderer()
        figure.canvas.draw()
        ax = figure.axes[0]
        for inset in sheet.scene.insets:
            (x0, y0), (x1, y1) = ax.transData.transform(np.reshape(inset.box, (2, 2)))
            name = inset.names[0][:3]
            text = next(t for t in ax.texts if t.get_text().startswith(name))
            extent = text.get_window_extent(renderer)
            # Inside its frame, and above what the inset shows.
            assert x0 <= extent.x0 <= extent.x1 <= x1
            assert extent.y0 >= y1 - 0.4 * (y1 - y0)


def names_above(sheet, words):
    """The boxes of the names above the maps of a figure, and of the maps, in pixels."""
    figure = sheet.figure()
    renderer = FigureCanvasAgg(figure).get_renderer()
    texts = [text for text in figure.texts if text.get_text().split("\n")[0].split(" ")[0] in words]
    maps = [ax.get_window_extent(renderer) for ax in figure.axes if ax.axison]
    return [text.get_window_extent(renderer) for text in texts], maps


@pytest.mark.parametrize("times", [True, False])
def test_long_names_above_maps_break_and_touch_nothing(lattice, times):
    values = pd.DataFrame(
        {f"{k}th stage of the opening of all borders in the union": 1.0 + k for k in range(4)}, lattice.index
    )
    values = values.mul(np.arange(36), axis=0)
    if times:
        layers = gi.draw.over_time(lattice, values)
    else:
        layers = [
            gi.draw.choropleth(lattice, values[name], title=f"{name}, by how much it grew") for name in values
        ]
    boxes, maps = names_above(gi.draw.sheet(*layers, title="Title", source="S"), {f"{k}th" for k in range(4)})
    assert len(boxes) == len(maps) == 4
    for box in boxes:
        others = [other for other in boxes if other is not box]
        assert not any(box.overlaps(other) for other in [*others, *maps])


def test_the_legend_of_all_times_does_not_bear_the_name_of_one(lattice):
    values = pd.DataFrame({"1990": range(36), "2000": range(1, 37)}, lattice.index)
    for legend, headings in (("", []), ("Rate", ["Rate"])):
        layers = gi.draw.over_time(lattice, values, legend=legend)
        figure = gi.draw.sheet(*layers, title="T", source="S").figure()
        bold = [text for text in figure.axes[-1].texts if text.get_weight() == "bold"]
        texts = list(filter(None, (text.get_text() for text in bold)))
        assert texts == headings
