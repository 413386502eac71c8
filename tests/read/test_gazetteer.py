"""Large cities, and what they are called elsewhere."""

from __future__ import annotations

import numpy as np

import geoinno as gi


def test_cities_lie_in_their_countries():
    cities, land = gi.read.cities(), gi.read.land()
    assert cities["population"].is_monotonic_decreasing
    inside = cities.sjoin(land[["geometry"]], predicate="within")
    # Coasts are drawn coarsely, and some lands have a code of Natural Earth's own.
    known = inside.index[inside["country_right"].isin(cities["country"])]
    right = inside.loc[known, "country_left"] == inside.loc[known, "country_right"]
    assert right.mean() > 0.98
    assert len(inside) > 0.95 * len(cities)


def test_each_country_has_one_capital_at_most_and_most_have_theirs():
    capitals = gi.read.cities().query("capital").set_index("country")["name"]
    assert capitals.index.is_unique
    # As the United Nations list them (M49); those of other sizes than the largest city among them.
    listed = {
        "AUS": "Canberra",
        "BRA": "Brasília",
        "CHE": "Bern",
        "KAZ": "Astana",
        "NZL": "Wellington",
        "TUR": "Ankara",
        "USA": "Washington",
    }
    assert capitals[list(listed)].to_dict() == listed
    assert np.isin(["AND", "LIE", "TUV", "VUT"], capitals.index).all()


def test_other_names_are_few_plain_words():
    words = gi.read.cities()["other_names"].str.split(" ").explode()
    words = words[words != ""]
    assert words.str.fullmatch(r"[a-z0-9]{3,}").all()
    assert words.groupby(level=0).nunique().eq(words.groupby(level=0).size()).all()
    assert words.groupby(level=0).size().max() < 40
