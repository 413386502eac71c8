"""Gravity with the effects of origins and destinations, beside pyfixest and spint, in one run.

Run: python benchmarks/gravity.py [regions ...], by default 200, 500 and 1000. Prints seconds (median after
a warm-up), peak memory beyond the flows, ratios to ours, and how far the estimates are apart. Both trust
Poisson errors (pyfixest: iid); what hc3 adds has a line of its own. With --shapes: these data and ten further
draws and shapes of each size, both packages by turns, and the worst ratio to pyfixest for each size. With
--processor: seconds of the processor instead of the clock, which hardly depend on what else is running.
"""

from __future__ import annotations

import sys
import time
import tracemalloc
import warnings

import numpy as np
import pandas as pd

import geoinno as gi

REPEATS = 5


def planted(count, *, seed=0, destinations=None, known=1.0, spread=1.0, tail=0.0, size=1.0):
    """Return flows between places on a plane, with power decay, and their costs.

    ``destinations``: as many other places that receive; ``known``: the share of pairs in the table;
    ``spread`` and ``tail``: of the effects of regions and of single flows, in logarithms; ``size``: what
    flows are multiplied by.
    """
    random = np.random.default_rng(seed)
    ids = pd.Index([f"R{k:05d}" for k in range(count)])
    x, y = random.uniform(0, 1000, (2, count))
    ends, to = ids, (x, y)
    if destinations is not None:
        ends = pd.Index([f"S{k:05d}" for k in range(destinations)])
        to = random.uniform(0, 1000, (2, destinations))
    km = np.hypot(x[:, None] - to[0], y[:, None] - to[1])
    km = km + 5 * (1 - np.eye(count) if destinations is None else 1)
    here, there = np.nonzero(km * (random.random(km.shape) < known) if known < 1 else km)
    effects = random.normal(0, spread, count)[here] + random.normal(0, spread, len(ends))[there] + 6
    mean = np.exp(effects - 1.2 * np.log(km[here, there]))
    value = random.poisson(mean).astype(float) if tail == 0 else mean * random.lognormal(0, tail, len(mean))
    flows = pd.DataFrame({"origin": ids[here], "destination": ends[there], "value": size * value})
    return flows, pd.DataFrame(km, ids, ends), km[here, there]


SHAPES = {
    "as planted": {},
    "another draw": {"seed": 1},
    "a third draw": {"seed": 2},
    "a fourth draw": {"seed": 3},
    "four times as many destinations": {"destinations": 4.0},
    "a quarter as many destinations": {"destinations": 0.25},
    "a third of pairs unknown": {"known": 0.67},
    "nine in ten pairs unknown": {"known": 0.1, "tail": 0.5},
    "heavy tails": {"spread": 2.0, "tail": 1.5},
    "times 1e-9": {"tail": 0.5, "size": 1e-9},
    "times 1e12": {"tail": 0.5, "size": 1e12},
}


def of_shape(count, name):
    """Return flows of the shape, with as many pairs as a square table of ``count`` at most."""
    setting = dict(SHAPES[name])
    ratio = setting.pop("destinations", None)
    if ratio is None:
        return planted(count, **setting)
    return planted(int(count / ratio**0.5), destinations=int(count * ratio**0.5), **setting)


def ours(flows, costs, _, errors="poisson"):
    options = gi.measure.GravityOptions(errors=errors)
    found = gi.measure.gravity(flows, costs, options=options).coefficients
    return np.array([found["estimate"].to_numpy()[0], found["se"].to_numpy()[0]])  # the cost comes first


def ours_hc3(flows, costs, cost):
    return ours(flows, costs, cost, errors="hc3")


def pyfixest(flows, _, cost):
    import pyfixest as pf

    fit = pf.fepois("value ~ cost | origin + destination", flows.assign(cost=np.log(cost)), vcov="iid")
    return np.array([fit.coef()["cost"], fit.se()["cost"]])


def spint(flows, _, cost):
    from spint.gravity import Doubly

    origin, destination = (pd.factorize(flows[side])[0][:, None] for side in ("origin", "destination"))
    fit = Doubly(flows[["value"]].to_numpy(int), origin, destination, cost[:, None], "pow")
    return np.array([fit.params[-1], np.nan])


def median_seconds(*fits, data, clock):
    """Return what each fit answers and its median time after a first call, the fits by turns."""
    answers = [fit(*data) for fit in fits]
    taken = np.empty((REPEATS, len(fits)))
    for turn in range(REPEATS):
        for k, fit in enumerate(fits):
            start = clock()
            fit(*data)
            taken[turn, k] = clock() - start
    return list(zip(answers, np.median(taken, axis=0).tolist(), strict=True))


def peak_megabytes(fit, data):
    """Return the most memory that Python and NumPy hold beyond the data."""
    tracemalloc.start()
    fit(*data)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak / 1e6


def compare(count, clock):
    """Print a line for each package on the planted flows."""
    data = planted(count)
    fits = (ours, ours_hc3, pyfixest, spint)
    found = median_seconds(*fits, data=data, clock=clock)
    reference, base = found[0]
    for fit, (answer, seconds) in zip(fits, found, strict=True):
        apart = np.abs(answer / reference - 1)
        print(
            f"{count:>6} {len(data[0]):>9,} {fit.__name__:<9} {seconds:>9.4f} {seconds / base:>6.1f} "
            f"{peak_megabytes(fit, data):>8.0f} {apart[0]:>12.1e} {apart[1]:>9.1e}"
        )


def compare_shapes(count, clock):
    """Print a line for each draw and shape of a size, and the worst ratio."""
    ratios = {}
    for name in SHAPES:
        data = of_shape(count, name)
        (answer, base), (other, seconds) = median_seconds(ours, pyfixest, data=data, clock=clock)
        ratios[name] = seconds / base
        apart = abs(answer[0] / other[0] - 1)
        print(
            f"{count:>6} {name:<32} {len(data[0]):>9,} {base:>9.4f} {seconds:>9.4f} {ratios[name]:>6.1f} "
            f"{apart:>9.1e}"
        )
    worst = min(ratios, key=ratios.get)
    print(f"{count:>6} worst: {ratios[worst]:.1f} times pyfixest ({worst})")


def main():
    warnings.simplefilter("ignore")
    flags = {word for word in sys.argv[1:] if word.startswith("--")}
    clock = time.process_time if "--processor" in flags else time.perf_counter
    counts = [int(word) for word in sys.argv[1:] if word not in flags] or [200, 500, 1000]
    if "--shapes" not in flags:
        heads = ("n", "flows", "package", "seconds", "ratio", "peak MB", "slope apart", "se apart")
        print("{:>6} {:>9} {:<9} {:>9} {:>6} {:>8} {:>12} {:>9}".format(*heads))
    for count in counts:
        (compare_shapes if "--shapes" in flags else compare)(count, clock)


if __name__ == "__main__":
    main()
