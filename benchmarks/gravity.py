"""Gravity with the effects of origins and destinations, beside pyfixest and spint, in one run.

Run: python benchmarks/gravity.py [regions ...], by default 200, 500 and 1000. Prints seconds (median after
a warm-up), peak memory beyond the flows, ratios to ours, and how far the estimates are apart.
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


def planted(count):
    """Return complete flows between places on a plane, with power decay, and their costs."""
    random = np.random.default_rng(0)
    ids = pd.Index([f"R{k:05d}" for k in range(count)])
    x, y = random.uniform(0, 1000, (2, count))
    km = np.hypot(x[:, None] - x, y[:, None] - y) + 5 * (1 - np.eye(count))
    here, there = np.nonzero(km)
    effects = random.normal(0, 1, count)[here] + random.normal(0, 1, count)[there] + 6
    value = random.poisson(np.exp(effects - 1.2 * np.log(km[here, there]))).astype(float)
    flows = pd.DataFrame({"origin": ids[here], "destination": ids[there], "value": value})
    return flows, pd.DataFrame(km, ids, ids), km[here, there]


def ours(flows, costs, _):
    return gi.measure.gravity(flows, costs).coefficients.loc["cost", ["estimate", "se"]].to_numpy()


def pyfixest(flows, _, cost):
    import pyfixest as pf

    fit = pf.fepois("value ~ cost | origin + destination", flows.assign(cost=np.log(cost)), vcov="hetero")
    return np.array([fit.coef()["cost"], fit.se()["cost"]])


def spint(flows, _, cost):
    from spint.gravity import Doubly

    origin, destination = (pd.factorize(flows[side])[0][:, None] for side in ("origin", "destination"))
    fit = Doubly(flows[["value"]].to_numpy(int), origin, destination, cost[:, None], "pow")
    return np.array([fit.params[-1], np.nan])


def median_seconds(fit, data):
    """Return what the fit answers and its median time after a first call."""
    answer = fit(*data)
    taken = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        fit(*data)
        taken.append(time.perf_counter() - start)
    return answer, float(np.median(taken))


def peak_megabytes(fit, data):
    """Return the most memory that Python and NumPy hold beyond the data."""
    tracemalloc.start()
    fit(*data)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak / 1e6


def main():
    warnings.simplefilter("ignore")
    heads = ("n", "flows", "package", "seconds", "ratio", "peak MB", "slope apart", "se apart")
    print("{:>6} {:>9} {:<9} {:>9} {:>6} {:>8} {:>12} {:>9}".format(*heads))
    for count in [int(word) for word in sys.argv[1:]] or [200, 500, 1000]:
        data = planted(count)
        reference, base = median_seconds(ours, data)
        for fit in (ours, pyfixest, spint):
            answer, seconds = (reference, base) if fit is ours else median_seconds(fit, data)
            apart = np.abs(answer / reference - 1)
            print(
                f"{count:>6} {len(data[0]):>9,} {fit.__name__:<9} {seconds:>9.4f} {seconds / base:>6.1f} "
                f"{peak_megabytes(fit, data):>8.0f} {apart[0]:>12.1e} {apart[1]:>9.1e}"
            )


if __name__ == "__main__":
    main()
