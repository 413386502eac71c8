"""Shapes: read regions, check their topology and repair it."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely

from geoinno import _contract
from geoinno._display import Displayed
from geoinno.errors import DataWarning, RegionError
from geoinno.read import _coverage, _files, _layers, _mending

if TYPE_CHECKING:
    from pathlib import Path

    from geopandas import GeoDataFrame

_NARROW_M = _contract.NARROW_M
_SNAP_M = _contract.SNAP_M
_FLAT = ("Polygon", "MultiPolygon")


@dataclass(frozen=True, slots=True, eq=False)
class Topology(Displayed):
    """How regions cover the map.

    Attributes
    ----------
    invalid
        Why a shape is invalid, by region id; the other regions are left out.
    overlaps
        Pairs ``first`` and ``second`` that cover the same ground, ``km2`` (geodesic).
    gaps
        Ground inside the map that belongs to no region: ``km2``, mean ``width_m`` (2 area / perimeter),
        ``neighbours`` (ids around it) and ``geometry``. A wide gap is most often a lake or an enclave.
    near
        Pairs ``first`` and ``second`` between which a strip lies open to the outside of the map: its mean
        width ``gap_m``, ``length_km`` and ``geometry``. They come near each other without meeting there.
    isolates
        Ids of regions that touch no other, such as islands.
    parts
        Number of the connected part of the map that each region is in; part 1 has most regions.
    sound
        Whether ``repaired`` would find nothing to mend: no invalid shape, no overlap, and neither a gap nor
        an open strip narrower than ``max_gap_m``.
    max_gap_m
        Widest gap that counts as an error of the map, m.
    """

    invalid: pd.Series
    overlaps: pd.DataFrame
    gaps: GeoDataFrame
    near: GeoDataFrame
    isolates: pd.Index
    parts: pd.Series
    max_gap_m: float = _NARROW_M

    @property
    def sound(self) -> bool:
        """Return whether there is nothing to mend."""
        slivers = self.gaps["width_m"] <= self.max_gap_m
        return not (len(self.invalid) or len(self.overlaps) or len(self.near) or slivers.any())

    def __str__(self) -> str:
        """Return the report."""
        pairs = self.overlaps[["first", "second"]].itertuples(index=False, name=None)
        shared, open_km2 = self.overlaps["km2"].sum(), self.gaps["km2"].sum()
        verdict = (
            "sound" if self.sound else "not sound; gi.read.repaired(regions) repairs what can be repaired"
        )
        lines = [
            f"{len(self.parts):,} regions: {verdict}.",
            f"Invalid shapes: {_contract.named(self.invalid + ' in ' + self.invalid.index)}.",
            f"Overlaps, {shared:,.3g} km2: {_contract.named(pairs)}.",
            f"Gaps, {open_km2:,.3g} km2, between: {_contract.named(self.gaps['neighbours'])}.",
            f"Open strips of up to {self.max_gap_m:g} m, between: {_contract.named(self._strips())}.",
            f"Regions without a neighbour: {_contract.named(self.isolates)}{self._remedy()}.",
            f"Connected parts: {self.parts.nunique():,}, the largest of {(self.parts == 1).sum():,} regions.",
        ]
        return "\n".join(line.replace(":  (0 in all)", ": none") for line in lines)

    def _remedy(self) -> str:
        """Return how isolates can be linked, where there are any."""
        return "; gi.weigh.contiguity(regions, islands='bridge') links them" if len(self.isolates) else ""

    def _strips(self) -> list[str]:
        """Return the open strips in words."""
        table = self.near[["first", "second", "gap_m", "length_km"]]
        return [
            f"{first} and {second} ({gap_m:.2g} m wide, {km:,.3g} km long)"
            for first, second, gap_m, km in table.itertuples(index=False, name=None)
        ]


def regions(
    path: str | Path,
    *,
    id: str,  # noqa: A002 - the public word for a key
    country: str | None = None,
    name: str | None = None,
    layer: str | None = None,
    crs: object = None,
    encoding: str | None = None,
    where: str | None = None,
) -> GeoDataFrame:
    """Read regions from a file of shapes.

    Parameters
    ----------
    path
        Shapefile, GeoPackage, GeoJSON, FlatGeobuf, a zip that holds one of these, or GeoParquet.
    id
        Column of region ids. They stay strings: ``01`` never becomes 1. Ids stored as whole numbers
        become their decimal string.
    country, name
        Columns that hold the country and the name of each region; they come back as ``country`` and
        ``name``. A column of that name that the file has besides is kept as ``country_in_file`` or
        ``name_in_file``, with a ``DataWarning``.
    layer
        Layer of a file that has several, or the file that is meant in a zip that holds several.
    crs
        CRS in which the coordinates were drawn, such as ``4326`` or ``"EPSG:3035"``, for files that do not
        state it or state a wrong one. Coordinates stay as they are.
    encoding
        Encoding of text in a shapefile, such as ``"cp1251"``, for those that do not state it.
    where
        Condition in SQL on the columns of the file, such as ``"LEVL_CODE = 2"``; the other rows are left out.

    Returns
    -------
    GeoDataFrame
        Index ``region``, unique; the order, CRS and other columns of the file.

    Raises
    ------
    MissingFileError
        If there is no such file.
    RegionError
        If an id is missing, repeated, or neither text nor a whole number; if a region has no shape, or
        coordinates that are not numbers; if there is no such layer (the message lists those there are);
        if no row meets ``where``.
    ColumnError
        If there is no such column; the message gives the nearest name.
    CrsError
        If the file states no CRS, one without a place on the globe, or degrees for metres.
    GeoinnoError
        If the content is not of the kind that the suffix says, or refers to other files or addresses.

    Warns
    -----
    DataWarning
        If a shapefile has other than ASCII letters and does not state their encoding; if ``crs`` is not what
        the file states.

    Notes
    -----
    Reading opens the file itself alone (of a shapefile those of the same name beside it), and never
    the network.

    Examples
    --------
    >>> import geoinno as gi, pathlib, tempfile
    >>> path = pathlib.Path(tempfile.mkdtemp()) / "regions.gpkg"
    >>> gi.read.sample("austria").regions.reset_index().to_file(path)
    >>> gi.read.regions(path, id="region", country="country", name="name").index.name
    'region'
    """
    file = _files.sound_file(path, _layers.KINDS)
    roles = {role: column for role, column in (("country", country), ("name", name)) if column is not None}
    table = _layers.shapes(file, _layers.Reading(layer, crs, encoding, where))
    return _contract.finite(_contract.sound_regions(_layers.keyed(table, key=id, roles=roles, file=file)))


def topology(regions: GeoDataFrame, *, max_gap_m: float = _NARROW_M) -> Topology:
    """Report how regions cover the map: what is invalid, overlaps, lies open or stands alone.

    Parameters
    ----------
    regions
        Polygons in any CRS. Shapes that are invalid or no polygons are listed, and the rest of the
        report is about what they would be once made valid.
    max_gap_m
        Widest gap or open strip that counts as an error of the map, metres of mean width. What is
        wider, such as a river or a lake, is no error.

    Returns
    -------
    Topology
        Tables of each kind of trouble; as text, a report.

    Notes
    -----
    Gaps are the holes in the union of all regions: slivers between them, lakes, and land of others inside
    the map. Open strips are narrow channels between two regions that run out to the coast or to the edge
    of the map, as where two countries draw their common frontier each in its own way. Overlaps, gaps and
    strips of less than a centimetre mean width are rounding. Regions touch within a centimetre, in degrees
    also across the meridian where the coordinates start again (-180 and 180, or 0 and 360). Areas are
    geodesic.

    Examples
    --------
    >>> import geoinno as gi
    >>> report = gi.read.topology(gi.read.sample("central_asia").regions)
    >>> len(report.invalid), len(report.overlaps), report.parts.nunique()
    (0, 0, 1)
    """
    _contract.finite(_contract.identified(regions))
    _contract.positive(max_gap_m, name="max_gap_m", zero=True)
    drawn, index, crs = regions.geometry.to_numpy(), regions.index, regions.crs
    polygon = np.isin(regions.geom_type.to_numpy(object), _FLAT) & ~(shapely.is_missing(drawn))
    # What is polygon in a collection counts; lines and points have no ground.
    shapes = np.where(polygon, drawn, _coverage.polygonal(drawn))
    bad = ~polygon | shapely.is_empty(shapes) | ~shapely.is_valid(shapes)
    why = [
        _coverage.why_unsound(shape, flat=flat) for shape, flat in zip(drawn[bad], polygon[bad], strict=True)
    ]
    shapes = _coverage.valid(shapes)
    pairs = _coverage.touching(shapes, crs, snap_m=_SNAP_M)
    first, second, km2 = _coverage.overlaps(shapes, pairs, crs=crs, snap_m=_SNAP_M)
    met = np.isin(np.arange(len(index)), np.concatenate(pairs))
    return Topology(
        invalid=pd.Series(why, index=index[bad], name="reason", dtype=str),
        overlaps=pd.DataFrame({"first": index[first], "second": index[second], "km2": km2}),
        gaps=_coverage.gaps(shapes, index, crs=crs, snap_m=_SNAP_M),
        near=_coverage.open_strips(shapes, index, crs=crs, widths=(_SNAP_M, max_gap_m)),
        isolates=index[~met],
        parts=pd.Series(_coverage.components(*pairs, count=len(index)), index=index, name="part"),
        max_gap_m=max_gap_m,
    )


def repaired(regions: GeoDataFrame, *, max_gap_m: float = _NARROW_M, snap_m: float = _SNAP_M) -> GeoDataFrame:
    """Mend the shapes of regions and list what was changed.

    Invalid polygons are made valid, and of collections of geometries the polygons are kept; ground that
    two regions claim goes to the smaller of them; boundaries are made to meet vertex by vertex; a narrow
    strip that lies open between two regions goes to the larger of them, a narrow gap to the neighbour with
    the longest common border.

    Parameters
    ----------
    regions
        Polygons in any CRS.
    max_gap_m
        Widest gap to fill and widest open strip to close, metres of mean width (2 area / perimeter); 0 fills
        none. Wider gaps, such as lakes and rivers, stay.
    snap_m
        Vertices this close to each other become one where boundaries do not match, metres.

    Returns
    -------
    GeoDataFrame
        ``regions`` with mended shapes, all else as it was. ``.attrs["repairs"]`` is the log, one entry for
        each change: ``region``, ``repair`` (``made valid``, ``fitted to neighbours``, ``strip closed``,
        ``gap filled``) and ``km2`` gained or lost, for a strip also ``towards`` (the region that it now
        meets) and ``gap_m`` (how far its boundary moved); ``pd.DataFrame(...)`` makes it a table.

    Raises
    ------
    RegionError
        If a shape cannot be mended: no polygon, no area, or wholly under another region of its size.

    Warns
    -----
    DataWarning
        Where anything was changed, with the number of changes and the regions.

    Examples
    --------
    >>> import geoinno as gi
    >>> place = gi.read.sample("central_asia")
    >>> gi.read.repaired(place.regions).attrs["repairs"]
    []
    """
    _contract.sound_regions(regions)
    _contract.positive(max_gap_m, name="max_gap_m", zero=True)
    _contract.positive(snap_m, name="snap_m", zero=True)
    kinds = regions.geom_type
    ground = shapely.area(regions.geometry.to_numpy()) > 0
    other = regions.index[~kinds.isin(_FLAT) & ~(kinds.eq("GeometryCollection") & ground)]
    if len(other):
        message = f"Regions must be polygons to be mended; other geometry in {_contract.named(other)}."
        raise RegionError(message)
    shapes, log = _mending.mended(regions, max_gap_m=max_gap_m, snap_m=snap_m)
    result = regions.set_geometry(shapes, crs=regions.crs) if log else regions.copy()
    result.attrs["repairs"] = log
    if log:
        kinds = pd.DataFrame(log).groupby("repair", sort=False)["region"].unique()
        said = "; ".join(f"{repair}: {_contract.named(ids)}" for repair, ids in kinds.items())
        warnings.warn(f"Shapes were changed: {said}. See .attrs['repairs'].", DataWarning, stacklevel=2)
    return result
