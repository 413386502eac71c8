"""Methods with their references, and the source of the data."""

from __future__ import annotations

import ast
import inspect
import re
import textwrap
from typing import TYPE_CHECKING

from geoinno import measure, simulate
from geoinno._language import translated
from geoinno.report._atlas.chapters import convergence
from geoinno.report._atlas.draft import Chapter, Note
from geoinno.report._atlas.headings import HEADINGS
from geoinno.report._atlas.sentences import SENTENCES

if TYPE_CHECKING:
    from collections.abc import Callable

    from geoinno.report._atlas.subject import Subject


def chapter(subject: Subject) -> Chapter | None:
    """Return the chapter."""
    used = [method for needed, methods in _methods(subject) if needed for method in methods]
    lines = "\n".join(f"- `{method.__name__}`: {_described(method, subject.lang)}" for method in used)
    data = translated(HEADINGS["data"], subject.lang).format(source=translated(subject.source, subject.lang))
    conventions = translated(SENTENCES["sources.conventions"], subject.lang)
    return Chapter("sources", (Note(f"{conventions}\n\n{lines}\n\n{data}"),))


def _methods(subject: Subject) -> list[tuple[bool, list[Callable[..., object]]]]:
    """Return the methods of the chapters in their order, and whether the atlas has these chapters."""
    options, abroad = subject.options, len(subject.countries) > 1
    return [
        (True, [measure.market_potential, measure.moran, measure.local_moran]),
        (True, [measure.growth_poles, measure.pull, measure.gini]),
        (abroad, [measure.segments, measure.dissimilarity, measure.springboard, measure.theil]),
        (subject.flows is not None, [measure.gravity]),
        (
            convergence.is_long_enough(subject),
            [measure.sigma_convergence, measure.beta_convergence, measure.rank_mobility],
        ),
        (subject.adoptions is not None, [measure.diffusion_hazard]),
        (options.index is not None, [measure.composite_index, measure.rank_intervals]),
        (options.specialisation is not None, [measure.location_quotient, measure.krugman]),
        (options.specialisation is not None, [measure.complexity, measure.complements]),
        (options.goals is not None, [measure.attainable]),
        (subject.trade is not None, [simulate.opening, simulate.accession]),
        (True, [simulate.compression]),
    ]


def _described(method: Callable[..., object], lang: str) -> str:
    """Return what a method does, and where it comes from."""
    return f"{translated(_first_line(method), lang)} {_reference(method)}"


def _first_line(method: Callable[..., object]) -> str:
    """Return the first line of a docstring."""
    return _documentation(method).split("\n", 1)[0]


def _reference(method: Callable[..., object]) -> str:
    """Return the first reference of a docstring."""
    found = re.search(r"References\n-+\n(.+?)(?:\n\S+, [A-Z]\.|\n\n|\Z)", _documentation(method), re.DOTALL)
    return "" if found is None else " ".join(found.group(1).split()).replace("*", "")


def _documentation(method: Callable[..., object]) -> str:
    """Return the docstring of a method, from its source where Python was told to drop docstrings (-OO)."""
    there = inspect.getdoc(method)
    if there is not None:
        return there
    function = ast.parse(textwrap.dedent(inspect.getsource(method))).body[0]
    return ast.get_docstring(function) or "" if isinstance(function, ast.FunctionDef) else ""
