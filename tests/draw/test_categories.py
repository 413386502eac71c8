"""Categories and roles: the right class, the right legend, colours that do not shift."""

from __future__ import annotations

import pickle

import numpy as np
import pandas as pd
import pytest

import geoinno as gi
from geoinno._language.phrases import Country
from geoinno.draw import palette


def test_types_keep_their_colours_when_some_are_absent(central_asia):
    regions = central_asia.regions
    pole = regions["city_population"] > 1_000_000
    layer = gi.draw.roles(regions, pole.map({True: "pole", False: "corridor"}))
    keys = layer.legends[0].keys
    assert [key.label for key in keys] == list(palette.SPACES)
    assert [key.fill for key in keys] == list(palette.SPACES.values())
    assert (keys[0].count, keys[2].count) == (pole.sum(), (~pole).sum())
    assert (layer.shapes.loc[pole, "code"] == 0).all()


def test_uncertain_types_are_dotted(central_asia):
    regions = central_asia.regions
    types = pd.DataFrame({"type": "periphery", "agreement": np.linspace(0, 1, 48)}, index=regions.index)
    layer = gi.draw.roles(regions, types)
    assert layer.shapes["dotted"].sum() == (types["agreement"] < 0.8).sum()
    assert layer.legends[0].keys[-1].label == "uncertain"
    with pytest.raises(gi.errors.ColumnError, match="labels other than pole"):
        gi.draw.roles(regions, types.assign(type="capital"))


def test_areas_that_meet_differ_where_kinds_are_many(austria):
    regions = austria.regions
    near = gi.weigh.contiguity(regions)
    layer = gi.draw.categories(regions, regions["name"] + regions.index)
    codes = layer.shapes["code"]
    links = near.adjacency.reset_index()
    links = links[links["weight"] > 0]
    assert (codes[links["focal"]].to_numpy() != codes[links["neighbor"]].to_numpy()).all()
    assert len(layer.legends[0].keys) <= len(palette.CATEGORIES)


def test_own_colours_must_cover_every_kind(austria):
    regions = austria.regions
    with pytest.raises(gi.errors.ColumnError, match="'CHE'"):
        gi.draw.categories(regions, regions["country"], colours={"AUT": "#ff0000"})


def test_many_areas_are_named_and_the_note_says_that_they_share_colours(austria):
    regions = austria.regions
    legend = gi.draw.categories(regions, regions["name"] + regions.index).legends[0]
    assert all(" more" in key.label for key in legend.keys)
    assert "There are more areas (92) than colours" in legend.note
    assert not gi.draw.categories(regions, regions["country"]).legends[0].note


def test_a_region_without_a_label_is_not_counted_as_uncertain(central_asia):
    regions = central_asia.regions
    labels = pd.Series("a", index=regions.index).where(regions.index != "KAZ-3195")
    layer = gi.draw.categories(regions, labels, uncertain=pd.Series(data=True, index=regions.index))
    assert layer.legends[0].keys[-1].count == layer.shapes["dotted"].sum() == 47


def test_kinds_under_arrows_are_light(austria):
    regions = austria.regions
    fill = gi.draw.categories(regions, regions["country"])
    sheet = gi.draw.sheet(fill, gi.draw.flow_lines(austria.flows, regions), source="tests")
    for plain, light in zip(fill.legends[0].keys, sheet.layers[0].legends[0].keys, strict=True):
        assert light.fill == palette.lightened(plain.fill)
        assert light.label == plain.label


def test_labels_come_from_a_column_and_never_from_an_array(central_asia):
    regions = central_asia.regions
    layer = gi.draw.categories(regions, "country")
    assert layer.legends == gi.draw.categories(regions, regions["country"]).legends
    for array in (regions["country"].to_numpy(), list(regions["country"])):
        with pytest.raises(gi.ColumnError, match="labels must be a Series indexed by region id"):
            gi.draw.categories(regions, array)
    with pytest.raises(gi.ColumnError, match="no column 'nation'"):
        gi.draw.categories(regions, "nation")


def test_types_come_from_a_column_and_never_from_an_array(central_asia):
    regions = central_asia.regions
    typed = regions.assign(role=["pole", *["periphery"] * 47])
    assert gi.draw.roles(typed, "role").legends[0].keys[0].count == 1
    with pytest.raises(gi.ColumnError, match="types must be a Series indexed by region id"):
        gi.draw.roles(typed, typed["role"].to_numpy())


def test_uncertain_is_a_column_of_booleans_and_never_text(central_asia):
    regions = central_asia.regions
    flagged = regions.assign(vague=[True, *[False] * 47], text="False")
    assert gi.draw.categories(flagged, "country", uncertain="vague").shapes["dotted"].sum() == 1
    with pytest.raises(gi.ColumnError, match="must be True or False"):
        gi.draw.categories(flagged, "country", uncertain="text")
    with pytest.raises(gi.ColumnError, match="uncertain must be a Series indexed by region id"):
        gi.draw.categories(flagged, "country", uncertain=flagged["vague"].to_numpy())


@pytest.mark.parametrize(
    "tone",
    [
        '#fff"/><script>window.hit=1</script>',
        "url(http://127.0.0.1:9/a)",
        "red;x",
        "#ff",
        "#fffffff",
        "#12345g",
        "red\n",
        "",
        None,
        5,
        "var(--x)",
        "currentColor",
    ],
)
def test_what_is_no_colour_is_refused(lattice, tone):
    labels = lattice["country"]
    with pytest.raises(gi.errors.OptionError, match="must be a colour such as"):
        gi.draw.categories(lattice, labels, colours={"A": tone, "B": "teal", "C": "#000"})


def test_colours_are_names_of_css_or_hex(lattice):
    colours = {"A": "Teal", "B": "#0F0", "C": "#A0B1C2"}
    layer = gi.draw.categories(lattice, lattice["country"], colours=colours)
    assert {key.label: key.fill for key in layer.legends[0].keys} == {
        "A": "#008080",
        "B": "#00ff00",
        "C": "#a0b1c2",
    }


def test_every_colour_of_css_is_known():
    from matplotlib.colors import CSS4_COLORS

    from geoinno._contract import colour

    assert {name: colour(name, name="x") for name in CSS4_COLORS} == {
        name: code.lower() for name, code in CSS4_COLORS.items()
    }


EVIL = '"/><script>window.hit=1</script>'


@pytest.mark.parametrize(
    "change", [{"fill": EVIL}, {"pattern": EVIL}, {"symbol": EVIL}, {"size": EVIL}, {"size": float("nan")}]
)
def test_keys_hold_what_may_be_written_into_markup(change):
    from geoinno.draw._layers.layer import Key

    with pytest.raises(gi.errors.OptionError):
        Key(**{"label": "a", "fill": "#fff"} | change)


def test_layers_hold_colours_alone(lattice, austria):
    from dataclasses import replace

    fill = gi.draw.choropleth(lattice, pd.Series(range(36), index=lattice.index, name="rank"))
    moves = gi.draw.flow_lines(austria.flows, austria.regions)
    for layer, change in (
        (fill, {"muted": (EVIL,)}),
        (moves, {"shapes": moves.shapes.assign(fill=EVIL)}),
        (moves, {"nodes": moves.nodes.assign(fill=EVIL)}),
    ):
        with pytest.raises(gi.errors.OptionError, match="must be a colour"):
            replace(layer, **change)


def test_symbols_escape_whatever_they_are_given():
    from geoinno.draw._layers.layer import Key
    from geoinno.draw._web.symbols import symbol

    key = Key("a", "#fff", symbol="line", size=2)
    object.__setattr__(key, "fill", EVIL)
    for shape in ("box", "line", "arrow", "circle"):
        object.__setattr__(key, "symbol", shape)
        assert "<script" not in symbol(key, prefix=EVIL)


def test_palettes_take_colours_alone():
    for use in (
        lambda: palette.ramp(("#fff", EVIL), 3),
        lambda: palette.lightened(EVIL),
        lambda: palette.text_on(EVIL),
    ):
        with pytest.raises(gi.errors.OptionError, match="must be a colour"):
            use()
    assert palette.lightened("black") == palette.lightened("#000000")


def test_the_host_of_tiles_is_a_host(lattice):
    layer = gi.draw.categories(lattice, lattice["country"])
    for host in ("x; script-src *", 'x"><script>', "{s}.x *", "a@b"):
        with pytest.raises(gi.errors.GeoinnoError, match="Tiles have an address"):
            gi.draw.sheet(layer, source="S", basemap=f"https://{host}/{{z}}/{{x}}/{{y}}.png")


def test_interior_regions_on_the_border_of_a_country_off_the_map_are_said_so(central_asia):
    regions = central_asia.regions
    kinds = pd.Series("interior", index=regions.index)
    layer = gi.draw.categories(regions, kinds)
    beyond = layer.tips["borders off the map"]
    # Which regions lie on which border is on any map of the region.
    assert beyond["KAZ-3206"] == "China, Russia"
    assert beyond["KAZ-3204"] == "Russia"
    assert beyond["KGZ-1118"] == "China"
    assert beyond[["KAZ-4830", "UZB-4828", "KAZ-3197"]].isna().all()
    assert "not on the map" in layer.legends[0].note


@pytest.mark.parametrize(
    ("lang", "countries", "all_countries"),
    [
        ("de", "China, Russland", "Afghanistan, China, Iran, Russland"),
        ("ru", "Китай, Россия", "Афганистан, Китай, Иран, Россия"),
        ("uz", "Xitoy, Rossiya", "Afg\u02bboniston, Xitoy, Eron, Rossiya"),
    ],
)
def test_countries_off_the_map_are_named_in_its_language(central_asia, lang, countries, all_countries):
    kinds = pd.Series("interior", index=central_asia.regions.index)
    drawn = gi.draw.sheet(gi.draw.categories(central_asia.regions, kinds), title="T", source="S", lang=lang)
    assert drawn.layers[0].tips.iloc[:, -1]["KAZ-3206"] == countries
    assert f"({all_countries})" in drawn.layers[0].legends[0].note


def test_a_country_is_itself_when_copied():
    twin = pickle.loads(pickle.dumps(Country("Russia", code="RUS")))
    assert (twin, twin.written("fr"), twin.written("en")) == ("Russia", "Russie", "Russia")
    assert Country("N. {Cyprus}", code="CYN").written("de") == "N. {Cyprus}"


def test_other_kinds_say_nothing_of_what_lies_off_the_map(lattice):
    layer = gi.draw.categories(lattice, pd.Series("inner", index=lattice.index))
    assert not layer.legends[0].note
    assert "borders off the map" not in layer.tips


def test_codes_that_a_gap_made_decimal_are_whole_numbers_again(lattice):
    codes = pd.Series([1.0, 2.0, np.nan] * 12, index=lattice.index, name="code")
    layer = gi.draw.categories(lattice, codes, colours={"1": "red", "2": "blue"})
    assert [key.label for key in layer.legends[0].keys] == ["1", "2", "no data"]
    halves = gi.draw.categories(lattice, codes * 115.02499999999998 / 115)
    assert halves.legends[0].keys[0].label == "1.00022"
    # Words that would no longer differ stay as they are.
    close = gi.draw.categories(lattice, codes * 1e-9 + 1)
    assert len(close.legends[0].keys) == 3
