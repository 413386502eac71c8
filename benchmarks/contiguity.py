"""Contiguity and kilometres of shared border beside libpysal and pygeoda, in one run.

    python benchmarks/contiguity.py [number of regions, 10000 by default]

Regions are Voronoi cells of clustered points. Every side starts from the same GeoDataFrame, so the
time in which pygeoda takes it over counts; the median of three runs is shown.
"""

from __future__ import annotations

import sys
from statistics import median
from time import perf_counter

import geopandas as gpd
import numpy as np
import shapely

import geoinno as gi


def coverage(count):
    rng = np.random.default_rng(0)
    centres = rng.uniform([0, 40], [20, 60], (max(count // 200, 1), 2))
    points = centres[rng.integers(len(centres), size=count)] + rng.normal(0, 0.5, (count, 2))
    cells = shapely.get_parts(shapely.voronoi_polygons(shapely.multipoints(points)))
    return gpd.GeoDataFrame(geometry=cells, index=[f"r{i}" for i in range(len(cells))], crs=4326)


def waves(count):
    """Return a lattice of wavy cells of about thirty vertices: neighbours share every one."""
    side = int(np.ceil(np.sqrt(count)))
    rng = np.random.default_rng(0)
    step, inner = 8, np.arange(1, 8) / 8
    bends = rng.normal(0, 0.06, (2, side + 1, side + 1, step - 1))
    cells = []
    for row, column in np.ndindex(side, side):
        south, north = (np.column_stack([column + inner, r + bends[0, r, column]]) for r in (row, row + 1))
        west, east = (np.column_stack([c + bends[1, row, c], row + inner]) for c in (column, column + 1))
        corner = np.array([[column, row], [column + 1, row], [column + 1, row + 1], [column, row + 1]])
        parts = [corner[:1], south, corner[1:2], east, corner[2:3], north[::-1], corner[3:], west[::-1]]
        cells.append(shapely.Polygon(np.concatenate(parts) * [20 / side, 12 / side] + [5, 44]))
    kept = shapely.make_valid(np.array(cells[:count]))
    names = [f"r{i:05}" for i in range(count)]
    return gpd.GeoDataFrame({"name": names}, geometry=kept, index=names, crs=4326)


def seconds(work):
    def once():
        start = perf_counter()
        work()
        return perf_counter() - start

    return median(once() for _ in range(3))


def main(count):
    import pygeoda
    from libpysal.graph import Graph

    regions = coverage(count)
    numbered = regions.reset_index(drop=True).assign(value=1.0)
    opened = pygeoda.open(numbered)
    rows = {
        "geoinno queen": lambda: gi.weigh.contiguity(regions),
        "geoinno rook": lambda: gi.weigh.contiguity(regions, rule="rook"),
        "geoinno lengths": lambda: gi.weigh.border_lengths(regions),
        "libpysal queen": lambda: Graph.build_contiguity(regions, rook=False),
        "libpysal lengths": lambda: Graph.build_contiguity(regions, by_perimeter=True, strict=True),
        "pygeoda open + queen": lambda: pygeoda.queen_weights(pygeoda.open(numbered)),
        "pygeoda queen alone": lambda: pygeoda.queen_weights(opened),
        "read the vertices": lambda: shapely.get_coordinates(regions.geometry.to_numpy()),
    }
    took = {name: seconds(work) for name, work in rows.items()}
    print(f"{count:,} regions {'':>10} seconds   x geoinno queen   x geoinno lengths")
    for name, time in took.items():
        print(
            f"{name:<22} {time:12.4f} {time / took['geoinno queen']:17.1f}"
            f" {time / took['geoinno lengths']:19.1f}"
        )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
