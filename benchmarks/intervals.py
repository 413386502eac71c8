"""How often 95% intervals of gravity hold the truth: eight layouts of 9 to 49 regions, overdispersed flows.

Run: python benchmarks/intervals.py [--draws N] [--origin], by default 200 draws of each layout. For the
elasticity of cost, the border, the half-distance of an exponential decay, and the width of the border (the
multiple of distance that hinders as much), prints the share of intervals that hold the truth, and how wide
they are (their median) beside the middle 95% of the estimates. Pairs vary independently (gamma of shape 2
times Poisson); with --origin, the flows of an origin vary together where their destinations are near each
other (a correlation of .05 at a quarter of the map), and errors clustered by origin stand beside hc3.
"""

from __future__ import annotations

import sys
import time
import warnings

import numpy as np
import pandas as pd

import geoinno as gi

COST, BORDER, RATE = -1.0, -1.0, -2.0
WIDEST = 1000.0
VARIANCE = 0.5  # of a gamma of shape 2 and mean 1


def square(side):
    """Return the places of a lattice."""
    x, y = np.meshgrid(np.linspace(0, WIDEST, side), np.linspace(0, WIDEST, side))
    return x.ravel(), y.ravel()


def scattered(count, *, groups=0):
    """Return random places, or places in so many groups."""
    random = np.random.default_rng(count)
    places = random.uniform(0, WIDEST, (2, count))
    if groups:
        middles = random.uniform(0, WIDEST, (2, groups))
        places = middles[:, np.arange(count) % groups] + random.normal(0, 80, (2, count))
    return tuple(places)


LAYOUTS = {
    "9 on a lattice": square(3),
    "12 scattered": scattered(12),
    "16 on a lattice": square(4),
    "16 in a row": (np.linspace(0, WIDEST, 16), np.zeros(16)),
    "25 scattered": scattered(25),
    "30 in five groups": scattered(30, groups=5),
    "36 on a lattice": square(6),
    "49 scattered": scattered(49),
}


def half_distance(flows, costs, options):
    """Return the half-distance of an exponential decay with its interval."""
    table = gi.measure.decay_fit(flows, costs, families=("exponential",), options=options).table
    return table.iloc[0][["half", "half_low", "half_high"]].to_numpy(float)


def answer(measure):
    """Return three numbers, missing where flows do not fall with cost, so that the measure is refused."""
    try:
        return measure()
    except gi.errors.ColumnError:
        return [np.nan] * 3


class Layout:
    """Places with sizes and countries, and the flows that are drawn between them."""

    def __init__(self, places):
        x, y = places
        count = len(x)
        self.ids = pd.Index([f"r{k:02d}" for k in range(count)])
        km = np.hypot(x[:, None] - x, y[:, None] - y)
        self.costs = pd.DataFrame(km + 10 * (1 - np.eye(count)), self.ids, self.ids)
        self.country = pd.Series(np.where(x <= np.median(x), "A", "B"), self.ids)
        self.here, self.there = np.nonzero(~np.eye(count, dtype=bool))
        self.cost = self.costs.to_numpy()[self.here, self.there]
        self.unit = np.median(self.cost)
        land = self.country.to_numpy()
        self.foreign = land[self.here] != land[self.there]
        self.size = np.random.default_rng(count).normal(0, 1, (2, count))
        self.near = np.linalg.cholesky(np.exp(-12 * km / WIDEST) + 1e-9 * np.eye(count))

    def draw(self, random, distance, *, by_origin):
        """Return a table of flows of a mean that falls with the term of ``distance``, and at the border."""
        term = self.size[0][self.here] + self.size[1][self.there] + distance + BORDER * self.foreign
        mean = 200 * np.exp(term) / np.exp(term).mean()
        if by_origin:
            spread = np.log(1 + VARIANCE)
            field = random.normal(size=(len(self.ids), len(self.ids))) @ self.near.T
            factor = np.exp(np.sqrt(spread) * field[self.here, self.there] - spread / 2)
        else:
            factor = random.gamma(1 / VARIANCE, VARIANCE, len(mean))
        ends = {"origin": self.ids[self.here], "destination": self.ids[self.there]}
        return pd.DataFrame({**ends, "value": random.poisson(mean * factor).astype(float)})

    def intervals(self, random, errors, *, by_origin):
        """Return estimate, low, high and truth of each quantity for one draw, missing where it is refused."""
        options = gi.measure.GravityOptions(errors=errors, folds=2)
        fall = COST * np.log(self.cost / self.unit)
        flows = self.draw(random, fall, by_origin=by_origin)
        fit = gi.measure.gravity(flows, self.costs, border=self.country, options=options)
        rows = fit.coefficients.loc[["cost", "border"], ["estimate", "low", "high"]].to_numpy()
        multiple = answer(lambda: list(gi.measure.border_effect(fit).multiple))
        decaying = self.draw(
            random, RATE * self.cost / self.unit - BORDER * self.foreign, by_origin=by_origin
        )
        half = answer(lambda: half_distance(decaying, self.costs, options))
        truths = [COST, BORDER, np.log(2) / -RATE * self.unit, np.exp(BORDER / COST)]
        return np.column_stack([[*rows, half, multiple], truths])


def summary(found):
    """Return coverage, how wide intervals are beside the estimates, and the draws that were refused."""
    estimate, low, high, truth = np.moveaxis(found, 2, 0)
    known = ~np.isnan(estimate)
    covered = ((low <= truth) & (truth <= high)).sum(axis=0) / known.sum(axis=0)
    # Quantiles stand for the spread: a ratio of weak estimates has no moments.
    spread = np.subtract(*np.nanquantile(estimate, [0.975, 0.025], axis=0))
    return covered, np.nanmedian(high - low, axis=0) / spread, int((~known).any(axis=1).sum())


def line(name, errors, draws, *, by_origin):
    """Print and return the coverage of a layout."""
    layout, random = Layout(LAYOUTS[name]), np.random.default_rng(1)
    start = time.process_time()
    found = [layout.intervals(random, errors, by_origin=by_origin) for _ in range(draws)]
    covered, length, refused = summary(np.array(found))
    cells = " ".join(f"{c:>6.3f} ({w:4.2f})" for c, w in zip(covered, length, strict=True))
    took = time.process_time() - start
    print(f"{name:<18} {errors:<7} {cells} {refused:>7} {took:>7.0f}", flush=True)
    return covered


def main():
    warnings.simplefilter("ignore")
    draws = int(sys.argv[sys.argv.index("--draws") + 1]) if "--draws" in sys.argv else 200
    by_origin = "--origin" in sys.argv
    heads = ("cost", "border", "half", "width", "refused", "seconds")
    print("{:<18} {:<7} {:>13} {:>13} {:>13} {:>13} {:>7} {:>7}".format("layout", "errors", *heads))
    for errors in ("hc3", "origin") if by_origin else ("hc3",):
        covered = np.array([line(name, errors, draws, by_origin=by_origin) for name in LAYOUTS])
        means = ", ".join(f"{c:.3f}" for c in covered.mean(axis=0))
        print(f"{errors}: mean coverage {means}; least {covered.min():.3f} ({draws:,} draws of each layout)")


if __name__ == "__main__":
    main()
