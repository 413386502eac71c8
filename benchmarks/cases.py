"""What is timed: for each kernel, how its data are laid out and what each side does with them.

A side gets what was laid out and returns a few numbers, so that it can be seen whether all sides gave one
answer. Sides whose package is not installed are left out, by name.
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import autocorrelation
import contiguity
import gravity
import numpy as np
import pandas as pd
import potential

import geoinno as gi

if TYPE_CHECKING:
    from collections.abc import Callable

OURS = "geoinno"
SEEDS = "geoinno, 39 other seeds"
DRAWS = 999
SAME = 1e-6
TESTED = 0.02, 0.4
NEAR = gi.weigh.exponential(100)


@dataclass(frozen=True)
class Kernel:
    """A kernel: how it is laid out for ``n``, who does it, and to what size each can be waited for."""

    lay_out: Callable[[int], Any]
    sides: dict[str, Callable[[Any], Any]]
    sizes: tuple[int, ...]
    largest: dict[str, int] = field(default_factory=dict)
    agree: Callable[[Any, Any, Any], bool] | None = (
        None  # None where answers differ by definition, as degrees do
    )


def equal(ours, theirs, _):
    """Return whether the first numbers are the same."""
    return bool(ours[0] == theirs[0])


def close(ours, theirs, _):
    """Return whether the first numbers agree to a millionth."""
    return bool(abs(ours[0] / theirs[0] - 1) < SAME)


def within_chance(ours, theirs, others):
    """Return whether counts of draws in the smaller tail differ no more than those of our own seeds do.

    A Monte-Carlo test at 1 in 40: regions share draws, so the sum of squares has no table to be looked up in.
    """
    return not others or chi_square(ours, theirs) <= max(others)


def chi_square(ours, theirs):
    """Return the mean over regions of (a - b)^2 / (2 draws p (1 - p)), which is one on the average."""
    a, b = np.asarray(ours, float), np.asarray(theirs, float)
    p = (a + b) / 2 / DRAWS
    low, high = TESTED  # few draws are no chi-square; at the middle, which tail is the smaller is chance
    tested = (p >= low) & (p < high)
    terms = (a - b)[tested] ** 2 / (2 * DRAWS * p[tested] * (1 - p[tested]))
    return float(terms.mean())


def links(graph):
    table = graph.adjacency
    return [float((table > 0).sum()), float(table.sum())]


def pygeoda_queen(regions):
    import pygeoda

    numbered = regions.reset_index(drop=True).assign(value=1.0)
    weights = pygeoda.queen_weights(pygeoda.open(numbered))
    return [float(sum(len(weights.get_neighbors(i)) for i in range(weights.num_obs)))]


def libpysal_queen(regions):
    from libpysal.graph import Graph

    return links(Graph.build_contiguity(regions, rook=False))


def libpysal_lengths(regions):
    from libpysal.graph import Graph

    return links(Graph.build_contiguity(regions, by_perimeter=True, strict=True))


def spdep_queen(regions):
    """Time R's spdep on the same polygons; what R takes to read the file is not counted."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "regions.gpkg"
        regions.to_file(path)
        program = (
            "suppressMessages({library(sf); library(spdep)}); sf_use_s2(FALSE);"
            f"g <- st_read('{path}', quiet=TRUE);"
            "t <- proc.time()[['elapsed']]; nb <- suppressWarnings(poly2nb(g, queen=TRUE));"
            "cat(proc.time()[['elapsed']] - t, sum(card(nb)))"
        )
        done = subprocess.run(["Rscript", "-e", program], capture_output=True, text=True, check=True)
    seconds, count = map(float, done.stdout.split())
    return Timed(seconds, [count, count])


@dataclass(frozen=True)
class Timed:
    """An answer with its own time, of a side that runs in another program."""

    seconds: float
    answer: Any


def laid_links(count):
    ids, ends, values = autocorrelation.triangles(count)
    near = autocorrelation.graph(ids, ends, np.ones(len(ends)))
    uneven = autocorrelation.graph(ids, ends, np.random.default_rng(1).uniform(0.1, 1, len(ends)))
    return values, near, uneven, ends


def tails(p):
    """Return how many of the draws lay in the smaller tail, from a two-sided p-value."""
    return np.rint(p.to_numpy() * (DRAWS + 1) / 2 - 1)


def our_moran(laid, seed=0):
    return tails(gi.measure.local_moran(laid[0], laid[1], permutations=DRAWS, seed=seed)["p"])


def own_spread(laid):
    first = our_moran(laid)
    return [chi_square(first, our_moran(laid, seed)) for seed in range(1, 40)]


def esda_moran(laid):
    import esda

    values, near, *_ = laid
    found = esda.Moran_Local(values.to_numpy(), near, permutations=DRAWS, n_jobs=1, seed=0)
    return np.rint(found.p_sim * (DRAWS + 1) - 1)


def pygeoda_moran(laid, method):
    import pygeoda

    values, _, _, ends = laid
    own = autocorrelation.pygeoda_weights(ends, len(values))
    options = {"permutations": DRAWS, "permutation_method": method, "cpu_threads": 2}
    found = pygeoda.local_moran(own, values.to_list(), **options)
    return np.rint(np.array(found.lisa_pvalues()) * (DRAWS + 1) - 1)


def our_potential(laid, accuracy):
    mass, regions = laid
    found = gi.measure.market_potential(mass, regions, decay=NEAR, accuracy=accuracy)["domestic"]
    return [float(found.sum())]


def peer_potential(laid, sums, rows=2_000):
    mass, regions = laid
    xyz, share = potential.sphere(regions), min(1.0, rows / len(mass))
    start = time.perf_counter()
    sums(xyz, mass.to_numpy(), decay=NEAR, rows=min(rows, len(mass)))
    # A share of the rows is timed, and their time scaled up: all of them would take minutes.
    return Timed((time.perf_counter() - start) / share, [])


def our_gravity(errors):
    return lambda laid: list(gravity.ours(*laid, errors=errors))


def summits(laid):
    mass, regions, near = laid
    found = gi.measure.prominence(mass, regions, weights=near, reach_km=30)
    return [float(np.isfinite(found["prominence"]).sum())]


def laid_trade(count):
    """Return trade between places on a plane, and a border through the middle that opens."""
    random = np.random.default_rng(3)
    x, y = random.uniform(0, 1000, (2, count))
    mass, ids = random.lognormal(0, 1, count), [f"R{k:05d}" for k in range(count)]
    trade = np.outer(mass, mass) / (np.hypot(x[:, None] - x, y[:, None] - y) + 30)
    trade[np.diag_indices(count)] *= 5
    half = np.arange(count) < count // 2
    change = np.where(half[:, None] != half, 0.5, 0.0)
    return pd.DataFrame(trade, ids, ids), pd.DataFrame(change, ids, ids)


def our_opening(laid):
    return [float(gi.simulate.opening(*laid).table["welfare"].sum())]


def laid_coalitions(count):
    """Return trade between 44 countries, and so many members that they form ``count`` coalitions."""
    return laid_trade(44)[0], count.bit_length() - 1


def our_coalitions(laid):
    trade, joining = laid
    ids = trade.index.to_list()
    grown = gi.simulate.accession(trade, ids[:5], joining=ids[5 : 5 + joining], effect=0.4)
    return [float(grown.curve["mean"].iloc[-1])]


def our_placebo(laid):
    mass, regions, _ = laid
    return [gi.measure.noise_placebo(lambda y: float(y.std() / y.abs().mean()), mass, regions).p]


def our_poles(laid):
    mass, regions, near = laid
    return [float(gi.measure.growth_poles(mass, near, regions=regions)["pole"].sum())]


def laid_masses(count):
    regions = contiguity.coverage(count)
    mass = pd.Series(np.random.default_rng(2).lognormal(0, 1, len(regions)), regions.index)
    return mass, regions, gi.weigh.contiguity(regions)


KERNELS = {
    "contiguity, queen": Kernel(
        contiguity.coverage,
        {
            OURS: lambda regions: links(gi.weigh.contiguity(regions)),
            "libpysal": libpysal_queen,
            "pygeoda": pygeoda_queen,
            **({"R spdep": spdep_queen} if shutil.which("Rscript") else {}),
        },
        (1_000, 10_000, 100_000, 1_000_000),
        {"libpysal": 100_000, "pygeoda": 100_000, "R spdep": 10_000},
        agree=equal,
    ),
    "kilometres of border": Kernel(
        contiguity.coverage,
        # libpysal measures degrees, so answers differ by definition.
        {
            OURS: lambda regions: links(gi.weigh.border_lengths(regions)),
            "libpysal": libpysal_lengths,
        },
        (1_000, 10_000, 100_000, 1_000_000),
        {"libpysal": 100_000},
    ),
    "local Moran, 999 draws": Kernel(
        laid_links,
        {
            OURS: our_moran,
            SEEDS: own_spread,
            "esda": esda_moran,
            "pygeoda complete": lambda laid: pygeoda_moran(laid, "complete"),
            "pygeoda lookup": lambda laid: pygeoda_moran(laid, "lookup-table"),
        },
        (1_000, 10_000, 100_000, 1_000_000),
        {SEEDS: 10_000, "esda": 100_000, "pygeoda complete": 100_000, "pygeoda lookup": 100_000},
        agree=within_chance,
    ),
    "local Moran, unequal weights": Kernel(
        laid_links,
        {OURS: lambda laid: tails(gi.measure.local_moran(laid[0], laid[2], permutations=DRAWS)["p"])},
        (1_000, 10_000, 100_000, 1_000_000),
    ),
    "market potential, 1e-3": Kernel(
        potential.places,
        {
            OURS: lambda laid: our_potential(laid, 1e-3),
            "SciPy~": lambda laid: peer_potential(laid, potential.scipy_sums),
            "scikit-learn~": lambda laid: peer_potential(laid, potential.scikit_sums),
        },
        (1_000, 10_000, 100_000, 1_000_000),
        {"SciPy~": 100_000, "scikit-learn~": 100_000},
    ),
    "market potential, all pairs": Kernel(
        potential.places,
        {
            OURS: lambda laid: our_potential(laid, None),
            "SciPy~": lambda laid: peer_potential(laid, potential.scipy_sums),
        },
        (1_000, 10_000, 100_000),
    ),
    "gravity, both effects": Kernel(
        gravity.planted,
        {
            OURS: our_gravity("poisson"),
            "geoinno hc3": our_gravity("hc3"),
            "pyfixest": lambda laid: list(gravity.pyfixest(*laid)),
            "spint": lambda laid: list(gravity.spint(*laid)),
        },
        (200, 500, 1_000, 2_000),
        {"spint": 1_000, "pyfixest": 1_000},
        agree=close,
    ),
    "prominence": Kernel(laid_masses, {OURS: summits}, (1_000, 10_000, 100_000)),
    "growth poles, with draws": Kernel(laid_masses, {OURS: our_poles}, (1_000, 10_000)),
    "noise placebo, 499 maps": Kernel(laid_masses, {OURS: our_placebo}, (500, 2_000)),
    "opening a border, in equilibrium": Kernel(laid_trade, {OURS: our_opening}, (44, 1_000)),
    "coalitions of 44 countries": Kernel(laid_coalitions, {OURS: our_coalitions}, (256, 1_024)),
}
