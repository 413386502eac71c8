"""Market potential side by side: NumPy, SciPy and scikit-learn over all pairs, and this project's sums.

    python benchmarks/potential.py --count 10000 100000 --rows 2000

All run in one process on the same points, clustered around 300 towns of a continent, with geodesic
distances (the peers: great circles from chords of the sphere). Peers hold a block of the pairs at once, and
how large decides how fast they are: each is timed with blocks of one, five and fifty million pairs, and its
best counts (in brackets, millions). Peers and all pairs cost as the square of the count; above ``--rows``
points the peers run for so many rows, and their time is scaled up to all (marked ~). Ours is the best of
``--repeats`` runs. The error is the largest relative error of the tree against all pairs, at every point up
to 200,000 points, beyond that at ``--checked`` of them.
"""

from __future__ import annotations

import argparse
import resource
import time

import geopandas
import numpy as np
import pandas as pd
from scipy.spatial.distance import cdist

import geoinno as gi

RADIUS_KM = 6371.0088
CELLS = (1_000_000, 5_000_000, 50_000_000)  # of a block of the pairs held at once
ALL_CHECKED = 200_000
DECAYS = {
    "exponential 100 km": gi.weigh.exponential(100),
    "exponential 1000 km": gi.weigh.exponential(1000),
    "gaussian 300 km": gi.weigh.gaussian(300),
    "gaussian 50 km": gi.weigh.gaussian(50),
    "root 40 km": gi.weigh.exponential_sqrt(40),
    "tanner": gi.weigh.tanner(-0.6, 0.005),
    "lognormal": gi.weigh.lognormal(0.15),
    "logistic": gi.weigh.logistic(400, 0.01),
    "offset power": gi.weigh.offset_power(50, 1),
}


def places(count):
    rng = np.random.default_rng(0)
    towns = rng.uniform((-10, 36), (40, 68), (300, 2))
    at = towns[rng.integers(0, 300, count)] + rng.normal(0, 1, (count, 2)) * rng.uniform(0.1, 1, (count, 1))
    ids = np.arange(count).astype(str)
    regions = geopandas.GeoDataFrame(index=ids, geometry=geopandas.points_from_xy(*at.T), crs=4326)
    return pd.Series(rng.lognormal(0, 1.5, count), index=ids, name="mass"), regions


def sphere(regions):
    lon, lat = np.radians(regions.geometry.x.to_numpy()), np.radians(regions.geometry.y.to_numpy())
    return np.column_stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)])


def blocks(rows, columns, cells=CELLS[0]):
    step = max(1, cells // columns)
    return (slice(low, min(low + step, rows)) for low in range(0, rows, step))


def numpy_sums(xyz, mass, *, decay, rows, cells=CELLS[0]):
    for part in blocks(rows, len(mass), cells):
        dot = np.clip(xyz[part] @ xyz.T, -1, 1)
        decay(RADIUS_KM * np.arccos(dot)) @ mass


def scipy_sums(xyz, mass, *, decay, rows, cells=CELLS[0]):
    for part in blocks(rows, len(mass), cells):
        chord = cdist(xyz[part], xyz)
        decay(2 * RADIUS_KM * np.arcsin(np.minimum(chord / 2, 1))) @ mass


def scikit_sums(xyz, mass, *, decay, rows, cells=CELLS[0]):
    from sklearn.metrics.pairwise import haversine_distances

    lonlat = np.column_stack([np.arcsin(xyz[:, 2]), np.arctan2(xyz[:, 1], xyz[:, 0])])
    for part in blocks(rows, len(mass), cells):
        decay(RADIUS_KM * haversine_distances(lonlat[part], lonlat)) @ mass


PEERS = {"numpy": numpy_sums, "scipy": scipy_sums, "scikit-learn": scikit_sums}


def timed(work):
    start = time.perf_counter()
    answer = work()
    return time.perf_counter() - start, answer


def best_peer(sums, xyz, mass, *, decay, rows):
    """Return the seconds for all rows with the best size of blocks, and that size."""
    scale = len(mass) / rows
    found = [
        (timed(lambda cells=cells: sums(xyz, mass, decay=decay, rows=rows, cells=cells))[0] * scale, cells)
        for cells in CELLS
    ]
    return min(found)


def ours(mass, regions, *, decay, accuracy):
    # The table is made once: what is compared is sums, not the reading of geometries.
    return timed(
        lambda: gi.measure.market_potential(mass, regions, decay=decay, accuracy=accuracy)["domestic"]
    )


def error(mass, regions, *, decay, tree, exact, rows):
    if exact is None:
        from geoinno.measure._geodesy import ellipsoid

        some = np.random.default_rng(1).choice(len(mass), min(rows, len(mass)), replace=False)
        xyz = ellipsoid.unit_vectors(regions.geometry.x.to_numpy(), regions.geometry.y.to_numpy())
        exact = np.empty(len(some))
        for part in blocks(len(some), len(mass)):
            weight = decay(ellipsoid.kilometres(xyz[some[part]], xyz))
            exact[part] = weight @ mass.to_numpy() - mass.to_numpy()[some[part]] * decay(0.0)
        tree = tree.iloc[some]
    return float(np.abs(tree.to_numpy() / np.asarray(exact) - 1).max())


def row(count, name, options):
    mass, regions = places(count)
    decay, xyz = DECAYS[name], sphere(regions)
    rows = min(count, options.rows)
    peers = {
        peer: best_peer(sums, xyz, mass.to_numpy(), decay=decay, rows=rows)
        for peer, sums in PEERS.items()
        if peer in options.peers
    }
    tree_s, tree = fastest(mass, regions, decay=decay, accuracy=options.accuracy, repeats=options.repeats)
    exact_s, exact = np.nan, None
    if count <= ALL_CHECKED:
        exact_s, exact = fastest(mass, regions, decay=decay, accuracy=None, repeats=options.repeats)
    found = {
        "points": count,
        "decay": name,
        **{
            f"{peer} s{'~' if rows < count else ''}": f"{seconds:.3g} ({cells // 1_000_000})"
            for peer, (seconds, cells) in peers.items()
        },
        "exact s": exact_s,
        "tree s": tree_s,
        "worst error": error(mass, regions, decay=decay, tree=tree, exact=exact, rows=options.checked),
        "peak MiB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }
    if "scipy" in peers:
        found |= {"exact x": peers["scipy"][0] / exact_s, "tree x": peers["scipy"][0] / tree_s}
    return found


def fastest(mass, regions, *, decay, accuracy, repeats):
    runs = [ours(mass, regions, decay=decay, accuracy=accuracy) for _ in range(repeats)]
    return min(runs, key=first)


def first(pair):
    return pair[0]


def main():
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--count", type=lambda text: int(float(text)), nargs="+", default=[10_000, 100_000])
    ask.add_argument("--decay", choices=DECAYS, nargs="+", default=list(DECAYS))
    ask.add_argument("--peers", choices=PEERS, nargs="*", default=list(PEERS))
    ask.add_argument("--rows", type=int, default=2000)
    ask.add_argument("--checked", type=int, default=200)
    ask.add_argument("--accuracy", type=float, default=1e-3)
    ask.add_argument("--repeats", type=int, default=3)
    options = ask.parse_args()
    warm = places(2000)
    for accuracy in (None, options.accuracy):
        ours(*warm, decay=DECAYS["exponential 100 km"], accuracy=accuracy)
    table = pd.DataFrame([row(n, name, options) for n in options.count for name in options.decay])
    print(table.to_string(index=False, float_format=lambda x: f"{x:.3g}"))


if __name__ == "__main__":
    main()
