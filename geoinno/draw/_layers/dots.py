"""Dots with whiskers: a row for each region."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from geoinno._types import Floats


@dataclass(frozen=True, slots=True, eq=False)
class Dots:
    """Rows from top to bottom: a dot at ``middle``, a line from ``low`` to ``high``, and a second mark.

    ``filled`` says which dots are full; ``words`` are the keys of dot, whisker and mark.
    """

    name: tuple[str, ...]
    middle: Floats
    low: Floats
    high: Floats
    mark: Floats
    filled: tuple[bool, ...]
    words: tuple[str, str, str]
    xlabel: str
    reverse: bool = False
