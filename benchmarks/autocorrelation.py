"""Local Moran beside esda and pygeoda, all in one run: seconds, and how many times faster.

    python benchmarks/autocorrelation.py [number of regions]

Each is timed at its second call, so that nobody pays for compilation; the last line is the first call in a
fresh process, where everybody does.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.spatial import Delaunay

import geoinno as gi

FRESH = """
import numpy as np, pandas as pd, time
from libpysal.graph import Graph
{setup}
side = 10
ids = [f"r{{i:03d}}" for i in range(side**2)]
pairs = [(i, j) for i in range(side**2) for j in (i - 1, i + 1, i - side, i + side)
         if 0 <= j < side**2 and abs(i % side - j % side) < 2]
near = Graph.from_arrays([ids[i] for i, _ in pairs], [ids[j] for _, j in pairs], np.ones(len(pairs)))
values = pd.Series(np.random.default_rng(0).gamma(2, size=side**2), ids)
start = time.perf_counter()
{call}
print(time.perf_counter() - start)
"""
OURS_FRESH = ("import geoinno as gi; gi.measure", "gi.measure.local_moran(values, near, permutations=999)")
ESDA_FRESH = ("import esda", "esda.Moran_Local(values.to_numpy(), near, permutations=999)")


def triangles(count):
    """Return ids, the two ends of each link of a Delaunay triangulation, and values."""
    rng = np.random.default_rng(0)
    corners = Delaunay(rng.random((count, 2))).simplices
    links = np.unique(
        np.sort(np.vstack([corners[:, [0, 1]], corners[:, [1, 2]], corners[:, [0, 2]]])), axis=0
    )
    links = np.vstack([links, links[:, ::-1]])
    links = links[np.lexsort((links[:, 1], links[:, 0]))]
    ids = np.array([f"r{i:07d}" for i in range(count)])
    return ids, links, pd.Series(rng.gamma(2, size=count), ids)


def graph(ids, links, weight):
    from libpysal.graph import Graph

    return Graph.from_arrays(ids[links[:, 0]], ids[links[:, 1]], weight)


def write_gal(links, count, path):
    starts = np.searchsorted(links[:, 0], np.arange(count + 1))
    with path.open("w") as file:
        file.write(f"0 {count} links id\n")
        for i in range(count):
            others = links[starts[i] : starts[i + 1], 1]
            file.write(f"{i} {len(others)}\n{' '.join(map(str, others))}\n")


def pygeoda_weights(links, count):
    """Return pygeoda's own weights, read from a gal file."""
    import pygeoda

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "links.gal"
        write_gal(links, count, path)
        return pygeoda.read_gal(str(path), [str(i) for i in range(count)])


def seconds(call):
    """Return the time of the second call."""
    call()
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


def fresh(setup, call):
    """Return the time of a first call in a process of its own."""
    program = FRESH.format(setup=setup, call=call)
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", program], capture_output=True, text=True, check=True
    )
    return float(done.stdout)


def peers(values, near, links):
    """Yield the name and seconds of each peer at 999 draws."""
    import esda
    import pygeoda

    own = pygeoda_weights(links, len(values))
    numbers = values.to_list()
    yield (
        "esda",
        seconds(lambda: esda.Moran_Local(values.to_numpy(), near, permutations=999, n_jobs=1, seed=0)),
    )
    for method in ("complete", "lookup-table"):
        options = {"permutations": 999, "permutation_method": method, "cpu_threads": 2}
        yield (
            f"pygeoda, {method}",
            seconds(lambda options=options: pygeoda.local_moran(own, numbers, **options)),
        )


def main():
    warnings.simplefilter("ignore")
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    ids, links, values = triangles(count)
    near = graph(ids, links, np.ones(len(links)))
    unequal = graph(ids, links, np.random.default_rng(1).uniform(0.1, 1, len(links)))
    others = list(peers(values, near, links))
    measure = gi.measure
    for name, call, draws in (
        ("local Moran, equal weights", lambda d: measure.local_moran(values, near, permutations=d), 999),
        ("local Moran, unequal weights", lambda d: measure.local_moran(values, unequal, permutations=d), 999),
        ("local Geary", lambda d: measure.local_geary(values, near, permutations=d), 999),
        ("local Moran, equal weights", lambda d: measure.local_moran(values, near, permutations=d), 99_999),
        ("local Moran, equal weights", lambda d: measure.local_moran(values, near, permutations=d), 999_999),
    ):
        ours = seconds(lambda call=call, draws=draws: call(draws))
        ratios = "; ".join(f"{theirs / ours:6.1f} x {peer} ({theirs:.2f} s)" for peer, theirs in others)
        head = f"{count:,} regions, {draws:,} draws, {name}"
        print(f"{head}: {ours:.3f} s; at 999 draws {ratios}")
    print(f"first call, 100 regions: {fresh(*OURS_FRESH):.3f} s; esda {fresh(*ESDA_FRESH):.1f} s")


if __name__ == "__main__":
    main()
