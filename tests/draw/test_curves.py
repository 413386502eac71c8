"""Decay curves: every family through one at the median cost, the best first, in the unit of the cost."""

from __future__ import annotations

import numpy as np
import pytest

import geoinno as gi


@pytest.fixture(scope="module")
def km(austria):
    return gi.weigh.distances(austria.regions)


@pytest.fixture(scope="module")
def fits(austria, km):
    return gi.measure.decay_fit(austria.flows, km, options=gi.measure.GravityOptions(folds=2))


def test_curves_meet_at_the_median_cost_and_fall(fits, km):
    lines = gi.draw.decay_curves(fits, km).axes[0].get_lines()
    middle = np.median(km.to_numpy()[~np.eye(len(km), dtype=bool)])
    for line in lines:
        x, y = line.get_data()
        # Halfway between two of 300 points, a curve is near the straight line between them.
        assert np.interp(middle, x, y) == pytest.approx(1.0, rel=0.02)
        assert (np.diff(y) <= 1e-12).all()


def test_the_best_families_come_first_and_no_more_than_asked(fits, km):
    lines = gi.draw.decay_curves(fits, km, top=2).axes[0].get_lines()
    ranked = fits.table.sort_values("aic")["family"]
    ranked = [family for family in ranked if family in fits.decays]
    assert [line.get_label().split(" (")[0] for line in lines] == [
        f.replace("_", " ").capitalize() for f in ranked[:2]
    ]
    with pytest.raises(gi.OptionError, match="top must be a whole number"):
        gi.draw.decay_curves(fits, km, top=0)


def test_points_are_the_flows_of_the_model_and_the_unit_is_named(austria, fits, km):
    model = gi.measure.gravity(austria.flows, km)
    axes = gi.draw.decay_curves(fits, km, fitted=model, unit="minutes", title="Decay").axes[0]
    assert len(axes.collections[0].get_offsets()) == (model.fitted["value"] > 0).sum()
    assert axes.get_xlabel() == "minutes"
    assert axes.get_title(loc="left") == "Decay"


def test_the_legend_stays_on_the_figure(austria, fits, km):
    figure = gi.draw.decay_curves(fits, km, fitted=gi.measure.gravity(austria.flows, km))
    figure.draw_without_rendering()
    box = figure.legends[0].get_window_extent()
    assert box.x0 >= 0
    assert box.x1 <= figure.bbox.x1
    assert box.y1 <= figure.axes[0].get_window_extent().y0
