"""Atlas: a place described on one page, in words and maps."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from geoinno import _contract, read
from geoinno._display import in_markdown
from geoinno._files import written
from geoinno._language import translated
from geoinno.draw import Sheet, web
from geoinno.errors import GeoinnoError
from geoinno.read.samples import Sample
from geoinno.report._atlas import captions, spec, writing
from geoinno.report._atlas import subject as about
from geoinno.report._atlas.claims import Evidence, evidence_of
from geoinno.report._atlas.language import Language
from geoinno.report._atlas.options import AtlasOptions
from geoinno.report._atlas.writing import blocks_of, text_of
from geoinno.report._document import Picture, composed, on_paper

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    import pandas as pd
    from geopandas import GeoDataFrame

    from geoinno.report._atlas.draft import Chapter


# The column of a panel whose convergence an atlas describes.
_INCOME = "income"


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Atlas:
    """A place in words and maps, with the tables that every number in its words comes from.

    Attributes
    ----------
    title
        Of the page.
    chapters
        In reading order, the findings first.
    figures
        By key: what each figure in the words is (``what``), its ``value``, and how it is written.
    table
        By region: ``name`` and each quantity that the words rank.
    """

    title: str
    chapters: tuple[Chapter, ...]
    figures: pd.DataFrame
    table: pd.DataFrame
    language: Language

    @property
    def blocks(self) -> tuple[str | Sheet | Picture, ...]:
        """Return words, as Markdown, maps and plots in reading order."""
        return tuple(block for chapter in self.chapters for block in text_of(chapter, self.language))

    @property
    def sheets(self) -> tuple[Sheet, ...]:
        """Return only the maps."""
        return tuple(block for block in self.blocks if isinstance(block, Sheet))

    def audit(self) -> list[str]:
        """Return which sentences, alt texts and legends the tables do not bear out; an empty list means none.

        A sentence is written from ``figures`` and ``table`` together with the conditions under which it is
        true; the words of a map are held against the table behind the map.
        """
        evidence = self._evidence()
        claims = (claim for chapter in self.chapters for claim in chapter.claims)
        sentences = [words for claim in claims for words in claim.objections(evidence, self.language)]
        return sentences + [words for sheet in self.sheets for words in captions.objections(sheet)]

    def html(self) -> str:
        """Return the page: one document that needs no network, each number a link to its row."""
        return composed(self.title, self._page(), lang=self.language.code, chapters=True)

    def save(self, path: str | Path) -> Path:
        """Write the page to ``path`` (.html)."""
        target = Path(path)
        if target.suffix.lower() not in {".html", ".htm"}:
            message = (
                f"An atlas is saved as .html; {target.name!r} was given. For PDF: "
                "gi.report.pdf(atlas.html(), path)."
            )
            raise GeoinnoError(message)
        return written(target, self.html().encode())

    def _page(self) -> list[object]:
        """Return the blocks of the page."""
        return blocks_of(self.chapters, self._evidence(), self.language)

    def _evidence(self) -> Evidence:
        """Return the tables that claims are checked against."""
        return evidence_of(self.figures, self.table)

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:  # noqa: ANN401 - the notebook's protocol
        """Return the forms in which a notebook may show the atlas; on paper, its words and pictures."""
        twin = on_paper(self.title, self.blocks)
        return {
            "text/html": web.embedded_page(self.html(), title=self.title, twin=twin),
            "text/markdown": f"# {in_markdown(self.title)}\n\n{self}",
            "text/plain": f"{self.title}\n\n{self}",
        }

    def __repr__(self) -> str:
        return f"<Atlas: {self.title}>"

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
    options: AtlasOptions | None = None,
    progress: Callable[[Iterable[writing.Write]], Iterable[writing.Write]] | None = None,
) -> Atlas:
    """Describe a place on one page: potential, clusters, poles, borders, flows, disparities, scenarios.

    The page opens with its key findings. Every number in its words is computed from the data and leads
    to its row in a table at the end; `Atlas.audit` checks each sentence against these tables.

    Parameters
    ----------
    place
        The name of a sample, a sample, regions with their columns, or a TOML file (see Notes).
    mass
        Column of a mass that can be summed, such as people or jobs; zero or more.
    indicator
        Column whose clusters, contrasts and disparities are described; mass per km² by default.
    half_km
        Distance in km at which a mass counts for half.
    border_factor
        What foreign mass counts for, relative to domestic mass: 0 to 1.
    title
        Title of the page.
    options
        Labels and units of columns, the language, and whether islands have neighbours: see `AtlasOptions`.
    progress
        Wraps the iterable of chapters to show progress, for example ``tqdm.tqdm``.

    Returns
    -------
    Atlas
        With ``.html()``, ``.save(path)`` and ``.sheets``; ``str(atlas)`` returns its words.

    Raises
    ------
    GeoinnoError
        If a column is missing or a line of the TOML file is wrong; the message names it.

    Notes
    -----
    A TOML file names files and columns: ``regions``, ``id``, ``mass``, ``source``; optionally
    ``country``, ``name``, ``indicator``, ``table`` and ``table_id``, ``flows`` with ``origin``,
    ``destination`` and ``value``; how they are read: ``layer``, ``crs``, ``encoding``, ``where``, and of
    the table ``decimal``, ``thousands``, ``table_encoding``, ``sheet``, ``skip``, ``table_where``; which
    regions are kept: ``filter = "country == 'AT' and income > 100"``; and settings: ``title``, ``half_km``,
    ``border_factor``, ``permutations``, ``seed``, ``islands``, ``lang``, and the tables ``[labels]``
    and ``[units]`` by column. It replaces the other arguments.

    Some chapters need more. *Index*, *specialisation* and *goals*: the tables ``[index]``,
    ``[specialisation]`` and ``[goals]``, whose lines are the attributes of `IndexChapter`,
    `SpecialisationChapter` and `GoalsChapter`; activities are ``columns`` of the regions, or a ``file`` with
    its ``id`` and, where each row is one region and one activity, ``activity`` and ``value``. *Trade*: flows
    in money, and ``production``, the column of what each region produces in their unit; optionally the
    ``elasticity`` of trade, and of a bloc that grows its ``members`` and those ``joining`` (lists of
    countries) with the ``effect`` of membership on the log of trade. *Diffusion*: ``adoptions``, a table with
    columns ``adoption_region``, ``innovation``, ``period`` and ``ended`` (lines of these names say what yours
    are called). From Python: `AtlasOptions`.

    A sample whose panel has the column income has a chapter on convergence, if at least thirty regions have
    an income in every year.

    Examples
    --------
    >>> import geoinno as gi
    >>> story = gi.report.atlas("austria", half_km=60)
    >>> len(story.sheets)
    8
    """
    subject = _subject(
        place,
        mass=mass,
        indicator=indicator,
        half_km=half_km,
        border_factor=border_factor,
        title=title,
        options=options,
    )
    language = Language(subject.lang)
    writers = tuple(room.chapter for room in writing.ORDER)
    steps = writers if progress is None else progress(writers)
    found, evidence = writing.chapters(subject, steps)
    chapters = tuple(writing.fixed(found, evidence, language))
    return Atlas(subject.title, chapters, evidence.figures, evidence.regions, language)


def _subject(
    place: str | Path | Sample | GeoDataFrame,
    *,
    title: str,
    half_km: float,
    border_factor: float,
    mass: str,
    indicator: str,
    options: AtlasOptions | None,
) -> about.Subject:
    """Return what the atlas is about, from any of the forms in which it may be given."""
    if str(place).endswith(".toml"):
        return spec.subject_of_spec(spec.spec_of(Path(str(place))))
    if isinstance(place, Path):
        message = f"{str(place)!r} is not a TOML file. Describe your files in one: see help(gi.report.atlas)."
        raise GeoinnoError(message)
    words = options if options is not None else AtlasOptions()
    _contract.instance(words, AtlasOptions, name="options", example="gi.report.AtlasOptions()")
    heading = title or _usual_title(place, words.lang)
    known = read.sample(place) if isinstance(place, str) else place
    regions, source, panel = known, "provided by the user", None
    if isinstance(known, Sample):
        regions, source, panel = known.regions, known.source, _panel(known, words)
        words = _with_tables(words, known)
    return about.subject(
        regions,
        words.flows,
        mass=mass,
        indicator=indicator,
        title=heading,
        source=source,
        half_km=half_km,
        border_factor=border_factor,
        permutations=9999,
        seed=0,
        options=words,
        panel=panel,
    )


def _with_tables(options: AtlasOptions, known: Sample) -> AtlasOptions:
    """Return options with the flows and adoptions of a sample, unless others were given."""
    flows = options.flows if options.flows is not None or known.flows.empty else known.flows
    adoptions = known.adoptions if options.adoptions is None else options.adoptions
    return replace(options, flows=flows, adoptions=adoptions)


def _panel(known: Sample, options: AtlasOptions) -> pd.Series | None:
    """Return income by region and year under its label, where a sample has it."""
    return options.named(known.panel[_INCOME]) if _INCOME in known.panel and len(known.panel) else None


def _usual_title(place: str | Sample | GeoDataFrame, lang: str) -> str:
    """Return the title of an atlas that is given none."""
    if not isinstance(place, str):
        return translated("Atlas", lang)
    name = translated(place.replace("_", " ").title(), lang)
    return translated("Atlas of {place}", lang).format(place=name)
