"""What is timed: for each kernel, how its data are laid out and what each side does with them.

A side gets what was laid out and returns a few numbers, so that it can be seen whether all sides gave one
answer.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

import autocorrelation
import contiguity
import gravity
import numpy as np
import pandas as pd
import peers
import potential
from agreement import DRAWS, Agreement, chi_square, close, equal, within_chance
from goals import EXACT, OURS, TO_A_MILLION

import geoinno as gi

if TYPE_CHECKING:
    from collections.abc import Callable

SEEDS = "geoinno, 39 other seeds"
ACCURACY = 1e-3
MOST = 10_000  # numbers in an answer that are compared


@dataclass(frozen=True)
class Kernel:
    """A kernel: how it is laid out for ``n``, who does it, and to what size each can be waited for.

    ``agree`` gets our answer, that of a peer and, where chance has a part, that of our other seeds; None
    where answers differ by definition, as degrees and kilometres do. The first call, which imports and
    compiles, is on ``warm`` regions at most.
    """

    lay_out: Callable[[int], Any]
    sides: dict[str, Callable[[Any], Any]]
    sizes: tuple[int, ...]
    largest: dict[str, int] = field(default_factory=dict)
    agree: Callable[[Any, Any, Any], Agreement | None] | None = None
    warm: int = 10_000


def our_queen(regions):
    return peers.links(gi.weigh.contiguity(regions))


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


def many_draws(laid, draws):
    """Draw more often than tables of p-values need; the answer is how many there are, not compared."""
    return [float(len(gi.measure.local_moran(laid[0], laid[1], permutations=draws)))]


def own_spread(laid):
    first = our_moran(laid)
    return [chi_square(first, our_moran(laid, seed)) for seed in range(1, 40)]


def our_potential(laid, decay, accuracy):
    mass, regions = laid
    found = gi.measure.market_potential(mass, regions, decay=decay, accuracy=accuracy)["domestic"]
    return found.to_numpy()[:: max(1, len(found) // MOST)]


def as_accurate(ours, exact, _):
    """Return whether sums are as near to those over all pairs as they promise."""
    return Agreement(bool(np.abs(np.asarray(ours) / np.asarray(exact) - 1).max() <= ACCURACY))


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
    """Return the trade across the border, of which gegravity knows the conditional equilibrium."""
    flows = gi.simulate.opening(*laid).flows
    return [float(flows["conditional"].to_numpy()[laid[1].to_numpy().ravel() != 0].sum())]


def laid_panel(count):
    """Return 30 years of three clubs of regions that come together, each with its own growth."""
    random, years = np.random.default_rng(4), np.arange(1, 31)
    club, gap = np.arange(count)[:, None] % 3, random.uniform(-0.5, 0.5, (count, 1))
    table = 10 - club + (0.03 - 0.01 * club) * years + gap * years**-0.5
    return pd.DataFrame(table, [f"R{k:05d}" for k in range(count)], 1990 + years)


def our_clubs(table):
    panel = table.rename_axis("region").reset_index().melt("region", var_name="year")
    return gi.measure.convergence_clubs(panel, draws=0).tests["regions"].astype(float).to_list()


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


UP_TO_A_MILLION = 1_000, 10_000, 100_000, 1_000_000
KERNELS = {
    "contiguity, queen": Kernel(
        contiguity.coverage,
        {
            OURS: our_queen,
            "libpysal": peers.libpysal_queen,
            "pygeoda": peers.pygeoda_queen,
            "pygeoda alone": peers.pygeoda_queen_alone,
            "R spdep": peers.spdep_queen,
        },
        UP_TO_A_MILLION,
        {"libpysal": 100_000, "pygeoda": 100_000, "pygeoda alone": 100_000, "R spdep": 10_000},
        agree=equal,
    ),
    "contiguity, rook": Kernel(
        contiguity.coverage,
        {
            OURS: lambda regions: peers.links(gi.weigh.contiguity(regions, rule="rook")),
            "pygeoda alone": peers.pygeoda_rook_alone,
        },
        (100_000,),
        agree=equal,
    ),
    "contiguity, lattice of waves": Kernel(
        contiguity.waves,
        {
            OURS: our_queen,
            "pygeoda alone": peers.pygeoda_queen_alone,
        },
        (100_000,),
        agree=equal,
    ),
    "kilometres of border": Kernel(
        contiguity.coverage,
        {
            OURS: lambda regions: peers.links(gi.weigh.border_lengths(regions)),
            "libpysal": peers.libpysal_lengths,
        },
        UP_TO_A_MILLION,
        {"libpysal": 100_000},
    ),
    "local Moran, 999 draws": Kernel(
        laid_links,
        {
            OURS: our_moran,
            SEEDS: own_spread,
            "esda": peers.esda_moran,
            "pygeoda complete": lambda laid: peers.pygeoda_moran(laid, "complete"),
            "pygeoda lookup": lambda laid: peers.pygeoda_moran(laid, "lookup-table"),
            "R spdep": peers.spdep_moran,
        },
        UP_TO_A_MILLION,
        {
            SEEDS: 100_000,
            "esda": 100_000,
            "pygeoda complete": 100_000,
            "pygeoda lookup": 100_000,
            "R spdep": 1_000,
        },
        agree=within_chance,
    ),
    "local Moran, unequal weights": Kernel(
        laid_links,
        {OURS: lambda laid: tails(gi.measure.local_moran(laid[0], laid[2], permutations=DRAWS)["p"])},
        UP_TO_A_MILLION,
    ),
    **{
        f"local Moran, {draws:,} draws": Kernel(
            laid_links, {OURS: partial(many_draws, draws=draws)}, (100_000,)
        )
        for draws in (99_999, 999_999)
    },
    "first local Moran in a fresh process": Kernel(
        int,
        {
            OURS: lambda _: peers.fresh_moran(autocorrelation.OURS_FRESH),
            "esda": lambda _: peers.fresh_moran(autocorrelation.ESDA_FRESH),
        },
        (100,),
    ),
    **{
        f"market potential, {name}": Kernel(
            potential.places,
            {
                OURS: partial(our_potential, decay=decay, accuracy=ACCURACY),
                EXACT: partial(our_potential, decay=decay, accuracy=None),
                "SciPy~": partial(peers.potential_of, potential.scipy_sums, decay=decay),
                "scikit-learn~": partial(peers.potential_of, potential.scikit_sums, decay=decay),
            },
            UP_TO_A_MILLION[1:] if name in TO_A_MILLION else (100_000,),
            {EXACT: 100_000, "SciPy~": 100_000, "scikit-learn~": 10_000},
            agree=as_accurate,
        )
        for name, decay in potential.DECAYS.items()
    },
    "gravity, both effects": Kernel(
        gravity.planted,
        {
            OURS: our_gravity("poisson"),
            "geoinno hc3": our_gravity("hc3"),
            "pyfixest": lambda laid: list(gravity.pyfixest(*laid)),
            "spint": lambda laid: list(gravity.spint(*laid)),
        },
        (200, 500, 1_000, 2_000),
        {"spint": 1_000},
        agree=close,
        warm=200,
    ),
    **{
        f"gravity, {shape}": Kernel(
            partial(gravity.of_shape, name=shape),
            {OURS: our_gravity("poisson"), "pyfixest": lambda laid: list(gravity.pyfixest(*laid))},
            (200, 1_000),
            agree=close,
            warm=200,
        )
        for shape in list(gravity.SHAPES)[1:]
    },
    "opening a border, in equilibrium": Kernel(
        laid_trade,
        {OURS: our_opening, "gegravity": peers.gegravity_opening},
        (44, 1_000),
        {"gegravity": 44},
        agree=close,
        warm=44,
    ),
    "first call": Kernel(int, {OURS: peers.first_call, "imports alone": peers.imports_alone}, (80,)),
    "coalitions of 44 countries": Kernel(laid_coalitions, {OURS: our_coalitions}, (256, 1_024)),
    "convergence clubs": Kernel(
        laid_panel, {OURS: our_clubs, "convergence-clubs": peers.peer_clubs}, (100, 1_000), agree=equal
    ),
    "prominence": Kernel(laid_masses, {OURS: summits}, UP_TO_A_MILLION),
    "growth poles, with draws": Kernel(laid_masses, {OURS: our_poles}, (1_000, 10_000), warm=1_000),
    "noise placebo, 499 maps": Kernel(laid_masses, {OURS: our_placebo}, (500, 2_000), warm=500),
}
