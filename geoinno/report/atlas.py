"""Atlas: the whole story of a place, in words and maps, in one page."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from geoinno import read
from geoinno._files import written
from geoinno.draw import Sheet
from geoinno.errors import GeoinnoError
from geoinno.read.samples import Sample
from geoinno.report._atlas import chapters
from geoinno.report._atlas import spec as _atlas_spec
from geoinno.report._document import composed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from geopandas import GeoDataFrame

_ORDER: tuple[Callable[..., list[object]], ...] = (
    chapters.place,
    chapters.potential,
    chapters.clusters,
    chapters.poles,
    chapters.borders,
    chapters.flows,
    chapters.disparities,
    chapters.scenario,
    chapters.sources,
)


@dataclass(frozen=True, slots=True, eq=False)
class Atlas:
    """A place in words and maps: what stands on the page, in reading order."""

    title: str
    blocks: tuple[object, ...]

    @property
    def sheets(self) -> tuple[Sheet, ...]:
        """Return the maps alone."""
        return tuple(block for block in self.blocks if isinstance(block, Sheet))

    def html(self) -> str:
        """Return the page: one document that asks nothing of the network."""
        return composed(self.title, self.blocks, chapters=True)

    def save(self, path: str | Path) -> Path:
        """Write the page to ``path`` (.html), whole or not at all."""
        target = Path(path)
        if target.suffix.lower() not in {".html", ".htm"}:
            message = (
                f"An atlas is an HTML page; {target.name!r} ends otherwise. Print it to PDF from a browser."
            )
            raise GeoinnoError(message)
        return written(target, self.html().encode())

    def __str__(self) -> str:
        """Return the words of the atlas."""
        return "\n\n".join(block for block in self.blocks if isinstance(block, str))


def atlas(
    place: str | Path | Sample | GeoDataFrame,
    *,
    mass: str = "city_population",
    indicator: str = "",
    half_km: float = 200.0,
    border_factor: float = 0.25,
    title: str = "",
    progress: Callable[[Iterable[Callable[..., list[object]]]], Iterable[Callable[..., list[object]]]]
    | None = None,
) -> Atlas:
    """Tell the whole story of a place: potential, clusters, poles, borders, flows, disparities.

    Every number in the words is computed from the data.

    Parameters
    ----------
    place
        The name of a sample, a sample, regions with their columns, or a TOML file (see Notes).
    mass
        Column of what attracts and can be added up, such as people or jobs, zero or more.
    indicator
        Column to look for clusters in; mass per square kilometre unless given.
    half_km
        Distance at which half of a mass is out of reach.
    border_factor
        What foreign mass counts against domestic mass, 0 to 1.
    title
        Title of the page.
    progress
        Wraps the chapters as they are written, such as ``tqdm.tqdm``.

    Returns
    -------
    Atlas
        With ``.html()``, ``.save(path)``, ``.sheets``; as text, its words.

    Raises
    ------
    GeoinnoError
        If a column is missing or a line of the TOML file is wrong; the message names it.

    Notes
    -----
    A TOML file names files and columns: ``regions``, ``id``, ``mass``, ``source``; where they exist
    ``country``, ``name``, ``indicator``, ``table`` and ``table_id``, ``flows`` with ``origin``,
    ``destination`` and ``value``; and the settings ``title``, ``half_km``, ``border_factor``,
    ``permutations``, ``seed``. It replaces the other arguments.

    Examples
    --------
    >>> import geoinno as gi
    >>> story = gi.report.atlas("austria", half_km=60)
    >>> len(story.sheets)
    7
    """
    subject = _subject(
        place, mass=mass, indicator=indicator, half_km=half_km, border_factor=border_factor, title=title
    )
    steps = _ORDER if progress is None else progress(_ORDER)
    blocks = [block for chapter in steps for block in chapter(subject)]
    return Atlas(subject.title, tuple(blocks))


def _subject(
    place: str | Path | Sample | GeoDataFrame,
    *,
    title: str,
    half_km: float,
    border_factor: float,
    mass: str,
    indicator: str,
) -> _atlas_spec.Subject:
    """Return what the atlas is about, from any of the forms in which it may be given."""
    if str(place).endswith(".toml"):
        return _atlas_spec.subject_of_spec(_atlas_spec.spec_of(Path(str(place))))
    if isinstance(place, Path):
        message = f"{str(place)!r} is no TOML file: describe your files in one, see help(gi.report.atlas)."
        raise GeoinnoError(message)
    heading = title or (f"Atlas of {place.replace('_', ' ').title()}" if isinstance(place, str) else "Atlas")
    known = read.sample(place) if isinstance(place, str) else place
    regions, flows, source = known, None, "as given by the user"
    if isinstance(known, Sample):
        regions, flows, source = known.regions, known.flows if len(known.flows) else None, known.source
    return _atlas_spec.subject(
        regions,
        flows,
        mass=mass,
        indicator=indicator,
        title=heading,
        source=source,
        half_km=half_km,
        border_factor=border_factor,
        permutations=9999,
        seed=0,
    )
