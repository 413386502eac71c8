"""The law of long work: it says how far it is, and an interrupt ends it and damages nothing."""

from __future__ import annotations

import importlib.util
import inspect
import logging
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import geoinno as gi
from geoinno import measure, scale

spec = importlib.util.spec_from_file_location("order", Path(__file__).parents[1] / "test_order.py")
order = importlib.util.module_from_spec(spec)
spec.loader.exec_module(order)
place = order.place

CALLS = {
    **order.BY_REGION,
    **order.OF_THE_MAP,
    # Others than in the table of orders, as small or as plain calls are done in one step.
    "moran": lambda p: measure.moran(p.income, p.weights, permutations=59_999),
    "inequality_intervals": lambda p: measure.inequality_intervals(p.income, draws=99),
    "opening": lambda p: gi.simulate.opening(trade(p), change(p), change_se=0.1, draws=20),
    "opening_grid": lambda p: gi.simulate.opening_grid(trade(p), change(p)),
    "accession": lambda p: gi.simulate.accession(
        trade(p), list(p.income.index[:2]), joining=list(p.income.index[2:6]), effect=0.3
    ),
    "distances": lambda p: gi.weigh.distances(p.regions),
    "network_minutes": lambda p: gi.weigh.network_minutes(p.regions.index, links(p)),
    "time_space": lambda p: gi.simulate.time_space(p.costs, p.regions),
    "best_links": lambda p: gi.simulate.best_links(
        "income",
        p.regions.assign(income=p.income),
        links(p).iloc[::3],
        budget=2,
        decay=gi.weigh.exponential(20),
        costs=p.costs,
    ),
    "spread": lambda p: gi.simulate.spread(hazard(p), periods=3, innovation="i0", draws=20),
}
COUNTED = {"draws", "permutations", "executor"}
# Done in one call of another package or of linear algebra, which an interrupt may end but nothing counts; or
# summed by compiled loops that have tests of their own.
IN_ONE_STEP = {
    "bivariate_moran": "esda permutes",
    "lee": "esda permutes",
    "borrowed_size": "one factorisation",
    "market_potential": "compiled sums",
    "latent_potential": "compiled sums",
}
OTHERS = ["growth_poles", "decay_fit", "opening", "opening_grid", "accession", "spread"]
OTHERS += ["distances", "network_minutes", "time_space", "best_links"]


def is_long(name):
    return not COUNTED.isdisjoint(inspect.signature(getattr(measure, name)).parameters)


LONG = sorted({*filter(is_long, order.MEASURES), *OTHERS} - set(IN_ONE_STEP))


def trade(p):
    table = 1e3 / (p.costs + 30)
    return table + np.diag([100.0] * len(table))


def change(p):
    abroad = p.country.to_numpy()[:, None] != p.country.to_numpy()
    return pd.DataFrame(np.where(abroad, 0.5, 0.0), p.country.index, p.country.index)


def hazard(p):
    return order.m.diffusion_hazard(p.adoptions, p.weights, permutations=19)


def links(p):
    """Return a road through all regions, there and back."""
    ids = p.regions.index
    ends = {"origin": ids[:-1].append(ids[1:]), "destination": ids[1:].append(ids[:-1])}
    return pd.DataFrame({**ends, "minutes": np.arange(1.0, 2 * len(ids) - 1)})


class Listener(logging.Handler):
    """Keeps what is said of progress, and interrupts the work at one of the words."""

    def __init__(self):
        super().__init__()
        self.words, self.stop_at = [], 0

    def emit(self, record):
        self.words.append(record.getMessage())
        if len(self.words) == self.stop_at:
            raise KeyboardInterrupt


@pytest.fixture
def listener(monkeypatch):
    """Hear of every step, however quickly it is done."""
    monkeypatch.setattr(scale, "_PAUSE_S", 0.0)
    logger, listener = logging.getLogger(scale.__name__), Listener()
    level = logger.level
    logger.addHandler(listener)
    logger.setLevel(logging.INFO)
    yield listener
    logger.removeHandler(listener)
    logger.setLevel(level)


@pytest.mark.parametrize("name", LONG)
def test_long_work_is_followed_and_an_interrupt_leaves_no_trace(name, place, listener):
    answer = CALLS[name](place)
    heard = [words for words in listener.words if words.endswith("is done.")]
    assert heard
    # In the middle of what was heard.
    listener.stop_at = len(listener.words) + 1 + len(listener.words) // 2
    with pytest.raises(KeyboardInterrupt):
        CALLS[name](place)
    listener.stop_at = 0
    order.assert_same(answer, CALLS[name](place))


def test_progress_is_said_every_few_seconds_only(listener, monkeypatch):
    clock = iter(range(100))
    monkeypatch.setattr(scale, "monotonic", lambda: next(clock))
    monkeypatch.setattr(scale, "_PAUSE_S", 3)
    assert list(scale.follow(range(7), "Draw")) == list(range(7))
    assert listener.words == ["Draw 3 of 7 is done.", "Draw 6 of 7 is done."]
