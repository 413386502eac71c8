"""What other packages do with the same data; each is imported where it is called, in a process of its own."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import time
from contextlib import redirect_stdout
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from io import StringIO
from pathlib import Path
from typing import Any

import autocorrelation
import numpy as np
import pandas as pd
import potential
from agreement import DRAWS

import geoinno as gi

MODULES = {
    "SciPy~": "scipy",
    "scikit-learn~": "sklearn",
    "pygeoda alone": "pygeoda",
    "imports alone": "libpysal",
    "pygeoda complete": "pygeoda",
    "pygeoda lookup": "pygeoda",
    "convergence-clubs": "convergence_clubs",
}
R_PACKAGES = {"R spdep": "spdep"}


@dataclass(frozen=True)
class Timed:
    """An answer with its own time, of a side that runs in another program or is scaled up."""

    seconds: float
    answer: Any


@cache
def is_installed(side):
    """Return whether the package that a side is named after is there."""
    if side.startswith(gi.__name__):
        return True
    if side in R_PACKAGES:
        return has_r_package(R_PACKAGES[side])
    return find_spec(MODULES.get(side, side)) is not None


def has_r_package(name):
    if shutil.which("Rscript") is None:
        return False
    program = f"quit(status = !requireNamespace('{name}', quietly = TRUE))"
    return subprocess.run(["Rscript", "-e", program], capture_output=True, check=False).returncode == 0


def links(graph):
    table = graph.adjacency
    return [float((table > 0).sum()), float(table.sum())]


def opened(regions):
    """Return regions as pygeoda holds them."""
    import pygeoda

    return pygeoda.open(regions.reset_index(drop=True).assign(value=1.0))


def pygeoda_links(weights):
    count = float(sum(len(weights.get_neighbors(i)) for i in range(weights.num_obs)))
    return [count, count]


def pygeoda_queen(regions):
    import pygeoda

    return pygeoda_links(pygeoda.queen_weights(opened(regions)))


def alone(weigh, regions):
    """Time what pygeoda does with regions that it has taken over already."""
    own = opened(regions)
    start = time.perf_counter()
    weights = weigh(own)
    seconds = time.perf_counter() - start
    return Timed(seconds, pygeoda_links(weights))


def pygeoda_queen_alone(regions):
    import pygeoda

    return alone(pygeoda.queen_weights, regions)


def pygeoda_rook_alone(regions):
    import pygeoda

    return alone(pygeoda.rook_weights, regions)


def libpysal_queen(regions):
    from libpysal.graph import Graph

    return links(Graph.build_contiguity(regions, rook=False))


def libpysal_lengths(regions):
    from libpysal.graph import Graph

    return links(Graph.build_contiguity(regions, by_perimeter=True, strict=True))


def answer_of_r(program):
    """Return the numbers that a program in R prints, the first of them the seconds that count."""
    done = subprocess.run(["Rscript", "-e", program], capture_output=True, text=True, check=True)
    seconds, *answer = map(float, done.stdout.split())
    return Timed(seconds, answer)


def spdep_queen(regions):
    """Time R's spdep on the same polygons; what R takes to read the file is not counted."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "regions.gpkg"
        regions.to_file(path)
        return answer_of_r(
            "suppressMessages({library(sf); library(spdep)}); invisible(sf_use_s2(FALSE));"
            f"g <- st_read('{path}', quiet=TRUE);"
            "t <- proc.time()[['elapsed']]; nb <- suppressWarnings(poly2nb(g, queen=TRUE));"
            "cat(proc.time()[['elapsed']] - t, sum(card(nb)), sum(card(nb)))"
        )


def spdep_moran(laid):
    """Time the conditional permutations of R's spdep, whose folded p-values count the smaller tail."""
    values, _, _, ends = laid
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "links.gal"
        autocorrelation.write_gal(ends, len(values), path)
        values.to_csv(path.with_suffix(".csv"), index=False)
        return answer_of_r(
            "suppressMessages(library(spdep)); set.seed(1);"
            f"x <- read.csv('{path.with_suffix('.csv')}')[[1]];"
            f"near <- nb2listw(read.gal('{path}', override.id=TRUE), style='W');"
            f"t <- proc.time()[['elapsed']]; found <- localmoran_perm(x, near, nsim={DRAWS});"
            "took <- proc.time()[['elapsed']] - t;"
            f"cat(took, round(found[, 'Pr(folded) Sim'] * {DRAWS + 1}) - 1)"
        )


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
    numbers = values.to_list()
    start = time.perf_counter()
    found = pygeoda.local_moran(own, numbers, **options)
    seconds = time.perf_counter() - start
    return Timed(seconds, np.rint(np.array(found.lisa_pvalues()) * (DRAWS + 1) - 1))


def potential_of(sums, laid, *, decay, rows=1_000):
    """Time a share of the rows, and scale their time up: all of them would take minutes."""
    mass, regions = laid
    sized = {"decay": decay, "rows": min(rows, len(mass))}
    seconds, _ = potential.best_peer(sums, potential.sphere(regions), mass.to_numpy(), **sized)
    return Timed(seconds, [])


def fresh_moran(program):
    return Timed(autocorrelation.fresh(*program), [])


def process(*arguments):
    """Return the seconds of a Python process from its start to its end."""
    start = time.perf_counter()
    subprocess.run([sys.executable, "-W", "ignore", *arguments], capture_output=True, check=True)
    return Timed(time.perf_counter() - start, [])


def first_call(_):
    """Time a whole script in a fresh process: from a sample to a map as HTML and as a picture."""
    with tempfile.TemporaryDirectory() as folder:
        return process(str(Path(__file__).with_name("first_call.py")), folder)


def imports_alone(_):
    return process("-c", "import geopandas, matplotlib.pyplot, libpysal.graph")


def gegravity_opening(laid):
    """Time the experiment alone: what gegravity takes to rebuild the trade of before is not counted.

    Its full equilibrium keeps shares as they were, so what is compared is the conditional one.
    """
    trade, change = laid
    model, table = gegravity_baseline(trade)
    opened = table.assign(cost=table["cost"] + change.to_numpy().ravel())
    with redirect_stdout(StringIO()):
        start = time.perf_counter()
        model.define_experiment(opened)
        model.simulate()
        seconds = time.perf_counter() - start
    nations = [model.country_set[name] for name in trade.index]
    # gegravity keeps the ratios of resistances in equilibrium under private names alone.
    outward = np.array([nation._conditional_omr_ratio for nation in nations])  # noqa: SLF001
    inward = np.array([nation._conditional_imr_ratio for nation in nations])  # noqa: SLF001
    after = (trade * np.exp(change)).to_numpy() * outward[:, None] * inward
    return Timed(seconds, [float(after[change.to_numpy() != 0].sum())])


def gegravity_baseline(trade):
    """Return gegravity's model of the trade of before, and its table.

    The only cost is what trade is, in logarithms, beyond the product of its margins: so all resistances of
    before are one, and no scale has to be searched for.
    """
    import gegravity

    ids = trade.index
    margins = np.outer(trade.sum(axis=1), trade.sum(axis=0)) / trade.to_numpy().sum()
    table = pd.DataFrame(
        {
            "exporter": np.repeat(ids, len(ids)),
            "importer": np.tile(ids, len(ids)),
            "year": "2000",
            "trade": trade.to_numpy().ravel(),
            "Y": np.repeat(trade.sum(axis=1).to_numpy(), len(ids)),
            "E": np.tile(trade.sum(axis=0).to_numpy(), len(ids)),
            "cost": np.log(trade.to_numpy() / margins).ravel(),
        }
    )
    names = {"imp_var_name": "importer", "exp_var_name": "exporter", "year_var_name": "year"}
    columns = {"expend_var_name": "E", "output_var_name": "Y"}
    slopes = pd.DataFrame({"var": ["cost"], "coeff": [1.0]})
    with redirect_stdout(StringIO()):
        model = gegravity.OneSectorGE(
            gegravity.BaselineData(table, trade_var_name="trade", **names, **columns),
            year="2000",
            reference_importer=ids[-1],
            sigma=5,
            cost_variables=["cost"],
            cost_coeff_values=gegravity.CostCoeffs(slopes, identifier_col="var", coeff_col="coeff"),
            quiet=True,
            **columns,
        )
        model.build_baseline()
    return model, table


def peer_clubs(panel):
    import convergence_clubs

    return convergence_clubs.find_clubs(panel).summary()["n_units"].astype(float).to_list()
