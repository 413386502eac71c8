"""Maps of convergence clubs: a key for each club, and dots where membership is uncertain."""

from __future__ import annotations

from unittest.mock import Mock

import numpy as np
import pandas as pd
import pytest

import geoinno as gi


def result(ids, *, clubs, stays):
    """Return clubs in the form of a result."""
    table = pd.DataFrame({"club": pd.array(clubs, dtype="Int64"), "membership": stays}, index=ids)
    numbers = pd.RangeIndex(1, int(table["club"].max()) + 1, name="club")
    return Mock(spec=gi.measure.Clubs, table=table, tests=pd.DataFrame(index=numbers))


def test_keys_are_clubs_and_none_with_their_counts(lattice):
    clubs = [1] * 10 + [2] * 20 + [None] * 6
    stays = np.where(np.arange(36) < 3, 0.5, 0.9)
    layer = gi.draw.club_map(lattice, result(lattice.index, clubs=clubs, stays=stays))
    keys = {key.label: key.count for key in layer.legends[0].keys}
    assert keys == {"club 1": 10, "club 2": 20, "in no club": 6, "uncertain": 3}
    assert layer.shapes["dotted"].sum() == 3
    assert layer.tips["stays with it"].iloc[0] == "in 50% of samples"
    tones = [key.fill for key in layer.legends[0].keys]
    assert len({*tones[:3]}) == 3


def test_without_samples_nothing_is_dotted(lattice):
    layer = gi.draw.club_map(lattice, result(lattice.index, clubs=[1] * 36, stays=[np.nan] * 36))
    assert [key.label for key in layer.legends[0].keys] == ["club 1"]
    assert layer.tips["stays with it"].isna().all()


def test_regions_in_another_order_keep_their_club(lattice):
    clubs = [1] * 18 + [2] * 18
    layer = gi.draw.club_map(lattice.iloc[::-1], result(lattice.index, clubs=clubs, stays=[1.0] * 36))
    assert layer.table["Convergence clubs"].loc[lattice.index[0]] == "club 1"


def test_other_results_and_other_regions_are_refused(lattice):
    with pytest.raises(gi.errors.ColumnError, match="convergence_clubs"):
        gi.draw.club_map(lattice, "clubs")
    part = result(lattice.index[:30], clubs=[1] * 30, stays=[1.0] * 30)
    with pytest.raises(gi.errors.AlignmentError, match="clubs and the regions"):
        gi.draw.club_map(lattice, part)
