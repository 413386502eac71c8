"""Sheets: layers composed into one map, with title, legend, source and alt text."""

from __future__ import annotations

import warnings
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from geoinno._contract import instance, option
from geoinno._files import written
from geoinno.draw import _render, palette
from geoinno.draw._gis.files import layers_file
from geoinno.draw._layers import translated
from geoinno.draw._layers.alt import described
from geoinno.draw._layers.layer import Key, Layer, Legend, notebook_displays
from geoinno.draw._layers.line_words import with_names
from geoinno.draw._layers.names import lead_columns
from geoinno.draw._layers.phrases import Phrase
from geoinno.draw._layers.words import WORDS
from geoinno.draw._scene.composition import Composition
from geoinno.draw._scene.edges import parted
from geoinno.draw._scene.scene import scene
from geoinno.draw._scene.stacking import overlapping
from geoinno.errors import GeoinnoError, MissingSourceWarning

if TYPE_CHECKING:
    import folium
    import geopandas as gpd
    import pyproj
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from geoinno.draw._scene.scene import Scene

_SUFFIXES = (".html", ".png", ".svg", ".pdf", ".geojson", ".gpkg")


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Sheet(Composition):
    """A composed map: layers, projection, classes, legend and words, held once for every renderer.

    `sheet` composes it and its methods render it. It never changes.
    """

    def folium(self) -> folium.Map:
        """Return the map as a `folium.Map` that needs no network.

        Markers, GeoJson and other folium elements in latitude and longitude land in the right
        place, whatever the projection. Raises `MapTooLargeError` beyond 40,000 regions or 3,000
        arrows: such maps are drawn with MapLibre by ``html`` and ``save``.
        """
        return _render.folium_map(self)

    def figure(self, width_mm: float = 190, ax: Axes | None = None) -> Figure:
        """Return the same map in matplotlib, ``width_mm`` wide, or drawn into ``ax``."""
        return _render.figure(self, width_mm=width_mm, ax=ax)

    def html(self) -> str:
        """Return the map as one self-contained HTML document.

        Up to 40,000 regions and 3,000 arrows it is drawn with Leaflet, beyond with MapLibre on the
        graphics card (extra ``big``); words, classes, colours and legend are the same.
        """
        return _render.document(self)

    def save(self, path: str | Path) -> Path:
        """Write the map in the format of the suffix, atomically.

        Suffixes are .html, .png, .svg, .pdf, .geojson (the first layer), and .gpkg: all layers with their
        styles, and a project that QGIS opens in the projection of the map.
        """
        target = Path(path)
        suffix = option(target.suffix.lower(), _SUFFIXES, name="The suffix of the path")
        if suffix == ".html":
            return written(target, self.html().encode())
        if suffix == ".gpkg":
            layers = parted(self.layers, self.scene)
            return layers_file(target, layers, opening=(self.scene.projection.crs, self.scene.frame))
        if suffix == ".geojson":
            return written(target, self._geojson().encode())
        return written(target, _render.printed(self, suffix[1:]))

    def audit(self) -> list[str]:
        """Return what a careful editor would object to; an empty list means nothing."""
        objections = [concern for layer in self.layers for concern in layer.concerns]
        if not self.source:
            objections.append("No source is stated: sheet(..., source=...).")
        if not self.title:
            objections.append("The map has no title that states variable, unit, year and area.")
        return objections + self._overlaps()

    def _overlaps(self) -> list[str]:
        """Return which regions cover the same ground, once for each set of regions that is drawn."""
        first = dict(zip(reversed(self.scene.set_of), reversed(self.layers), strict=True))
        found = [overlapping(layer.shapes) for set_, layer in sorted(first.items()) if set_ >= 0]
        return [words for words in found if words]

    def _geojson(self) -> str:
        """Return the first layer in longitude and latitude with its numbers."""
        first = self.layers[0]
        shapes = first.shapes[[first.shapes.geometry.name]].to_crs(4326)
        # No column of values has the name of the shapes then.
        shape = "_".join(["geometry", *map(str, first.table.columns)])
        return str(shapes.rename_geometry(shape).join(first.table).to_json())

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:  # noqa: ANN401 - the notebook's protocol
        """Return the forms in which a notebook may show the map; on paper, its printed twin."""
        forms = {"text/html": _render.embedded(self), "text/plain": self.alt}
        picture = _render.picture(self)
        return {**forms, "image/png": picture} if picture else forms

    def __str__(self) -> str:
        """Return the map in words."""
        return self.alt

    def __repr__(self) -> str:
        return f"<Sheet: {self.title}>"


def sheet(  # noqa: PLR0913 - a map is its layers, its words and its dress
    *layers: Layer,
    title: str = "",
    subtitle: str = "",
    source: str | None = None,
    alt: str | None = None,
    crs: str | int | pyproj.CRS = "auto",
    focus: gpd.GeoDataFrame | None = None,
    basemap: str = "land",
    lang: str = "en",
    theme: Literal["auto", "light", "dark"] = "auto",
) -> Sheet:
    """Compose layers into one map.

    Several layers of fills become views between which the reader switches, each with its own
    legend; flows lie above whichever view is shown.

    Parameters
    ----------
    layers
        Layers returned by the draw functions.
    title
        Variable, unit, year and area; the name of the first layer unless given.
    subtitle
        The method in one line.
    source
        Where the data come from, for the line under the map. Without it, a warning is raised.
    alt
        The map in one or two sentences for readers who cannot see it; written from the data
        unless given.
    crs
        ``auto``: an equal-area projection fitted to the regions; ``globe``: for maps of the world, a globe
        that the reader turns (extra ``big``; Equal Earth in print); or any projected CRS.
    focus
        Regions on which the map opens; all regions unless given.
    basemap
        ``land``, ``graticule`` (land with meridians and parallels), ``none``, or the address of online
        tiles, ``https://.../{z}/{x}/{y}.png``: only then does the map need the network; it is
        drawn in Web Mercator (and says so), and shows land in print.
    lang
        Language of the fixed words and of numbers on the map: ``en``, ``de``, ``es``, ``fr``, ``ru`` or
        ``uz`` (Latin script).
    theme
        On the web: ``light``, ``dark``, or ``auto``, which follows the reader's system where the map fills
        the page. Print is light.

    Returns
    -------
    Sheet
        With ``.folium()``, ``.figure()``, ``.html()``, ``.save(path)``, ``.table`` and ``.audit()``.

    Raises
    ------
    GeoinnoError
        If there is no layer, or the address of tiles lacks a part.
    CrsError
        If the CRS is not projected, or tiles are requested in another CRS than Web Mercator.

    Warns
    -----
    MissingSourceWarning
        If no source is stated.

    Examples
    --------
    >>> import geoinno as gi
    >>> place = gi.read.sample("central_asia")
    >>> fill = gi.draw.choropleth(place.regions, place.regions["primacy"], legend="Primacy")
    >>> gi.draw.sheet(fill, title="Primacy of the largest city", source=place.source).audit()
    []
    """
    if not layers:
        message = "A sheet needs at least one layer: sheet(choropleth(regions, values), ...)."
        raise GeoinnoError(message)
    for layer in layers:
        instance(layer, Layer, name="Each layer", example="gi.draw.choropleth(regions, values)")
    option(lang, tuple(WORDS), name="lang")
    if not source:
        warnings.warn("The map states no source: sheet(..., source=...).", MissingSourceWarning, stacklevel=2)
    outlined = _outlines(layers)
    fills = [layer for layer in (*layers, *outlined) if layer.kind == "fills"]
    called = tuple(with_names(layer, fills) for layer in layers)
    toned = tuple(translated.layer(layer, lang) for layer in (*_toned(called), *outlined))
    title = title or toned[0].name
    composed = scene(toned, crs=crs, focus=focus, ground=basemap)
    drawn = tuple(translated.layer(layer, lang) for layer in _as_drawn(toned, composed))
    return Sheet(
        layers=drawn,
        scene=composed,
        title=title,
        subtitle=subtitle,
        source=source,
        alt=alt or described(drawn, title, lang),
        lang=lang,
        theme=option(theme, ("auto", "light", "dark"), name="theme"),
    )


def _display(layer: Layer) -> dict[str, Any]:
    """Return the forms in which a notebook may show a layer: those of a map of it alone."""
    with warnings.catch_warnings():
        # Who looks at a layer has not come to its source yet; the line under the map says that there is none.
        warnings.simplefilter("ignore", MissingSourceWarning)
        return sheet(layer)._repr_mimebundle_()


notebook_displays.append(_display)


def _as_drawn(layers: tuple[Layer, ...], composed: Scene) -> tuple[Layer, ...]:
    """Return layers with the arrows and legends of flows and lines as the scene has room for them."""
    drawn = {"flows": iter(flows.layer for flows in composed.flows)}
    drawn["points"], drawn["lines"] = drawn["flows"], iter(lines.layer for lines in composed.strokes)
    return tuple(next(drawn[layer.kind]) if layer.kind in drawn else layer for layer in layers)


def _outlines(layers: tuple[Layer, ...]) -> tuple[Layer, ...]:
    """Return the outlines of the regions between which flows or lines run, where no layer fills regions."""
    regions = next((layer.regions for layer in layers if layer.regions is not None), None)
    if regions is None or any(layer.kind == "fills" for layer in layers):
        return ()
    if not regions.geom_type.isin(["Polygon", "MultiPolygon"]).all():
        return ()
    lead = lead_columns(regions)
    outlined = Layer(
        kind="fills",
        name=Phrase("Regions"),
        shapes=regions.assign(code=0, dotted=False),
        legends=(Legend("", (Key(Phrase("region"), palette.OUTLINED),)),),
        tips=lead,
        table=lead.rename(columns={"": "region"}),
    )
    return (outlined,)


def _toned(layers: tuple[Layer, ...]) -> tuple[Layer, ...]:
    """Return layers with the lighter ramp where arrows or lines lie above them."""
    if all(layer.kind not in {"flows", "lines"} for layer in layers):
        return layers
    return tuple(_muted(layer) if layer.muted else layer for layer in layers)


def _muted(layer: Layer) -> Layer:
    """Return a layer of fills in its lighter colours."""
    first = layer.legends[0]
    lighter = tuple(reversed(layer.muted))
    keys = tuple(
        replace(key, fill=lighter[i]) if i < len(lighter) else key for i, key in enumerate(first.keys)
    )
    return replace(layer, legends=(replace(first, keys=keys), *layer.legends[1:]))
