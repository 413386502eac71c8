"""Decay families on flows of which most pairs are unknown: real ones, and ones with a known answer."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import geoinno as gi
from geoinno.measure.interaction import _family_fits


@pytest.mark.filterwarnings("error::RuntimeWarning")
def test_all_families_fit_commuting_with_unknown_pairs(strangers):
    geopandas = pytest.importorskip("geopandas")
    folder = strangers / "grand_est_commuting"
    table = pd.read_csv(folder / "flows_commuters_2011.csv", dtype={"i": str, "j": str})
    flows = table.rename(columns={"i": "origin", "j": "destination", "fij": "value"})
    costs = gi.weigh.distances(geopandas.read_file(folder / "urban_areas.gpkg").set_index("ID"))
    fits = gi.measure.decay_fit(flows, costs)
    assert fits.table["family"].iloc[0] == "offset_power"
    # pyfixest 0.60.0: fepois("value ~ cost | origin + destination"), cost ln km and km: the deviances.
    deviance = fits.table.set_index("family")["deviance"]
    assert deviance["power"] == pytest.approx(91254.205553, rel=1e-9)
    assert deviance["exponential"] == pytest.approx(163038.925320, rel=1e-9)
    # Regions with a single pair have no prediction without it, and must not make up most of the sum.
    assert fits.table.set_index("family")["cpc"].drop("gaussian").between(0.58, 0.7).all()


@pytest.mark.parametrize("constraint", ["both", "origin", "destination"])
def test_pairs_of_regions_without_another_pair_are_not_held_against_a_fit(constraint):
    # Closed form: the model that made the flows predicts each pair that it can predict without error.
    random = np.random.default_rng(3)
    ids = pd.Index([f"r{k:02d}" for k in range(22)])
    x, y = random.uniform(0, 500, (2, 22))
    costs = pd.DataFrame(np.hypot(x[:, None] - x, y[:, None] - y) + 1, ids, ids)
    here, there = np.nonzero(~np.eye(20, dtype=bool))
    # One region sends to a single other one, one receives from a single other one.
    here, there = np.append(here, [20, 0]), np.append(there, [0, 21])
    size = random.normal(0, 2, (2, 22))
    effects = {
        "both": size[0][here] + size[1][there],
        "origin": size[0][here],
        "destination": size[1][there],
    }[constraint]
    value = np.exp(effects) * costs.to_numpy()[here, there] ** -1.5
    flows = pd.DataFrame({"origin": ids[here], "destination": ids[there], "value": value})
    fits = gi.measure.decay_fit(flows, costs, families=("power", "offset_power"), constraint=constraint)
    assert fits.table.set_index("family")["cpc"]["power"] == pytest.approx(1, abs=1e-6)


def test_no_common_part_is_claimed_where_no_pair_can_be_predicted():
    table = pd.DataFrame(
        {"family": ["power"], "aic": [1.0], "half": [np.nan], "cpc": [np.nan], "bound": [False]}
    )
    words = _family_fits.in_words(table, 3)
    assert "nan" not in words
    assert words == "Of 1 decay family on 3 pairs, power fits best (AIC 1.0)."
