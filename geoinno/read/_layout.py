"""How a table is laid out in its file: separators, encoding, sheet, title rows, and the rows to keep."""

from __future__ import annotations

import codecs
from dataclasses import dataclass
from typing import Literal, TypedDict

from geoinno import _contract
from geoinno.errors import OptionError

DECIMALS = (".", ",")
THOUSANDS = (".", ",", " ", "'", "\u2019", "\u00a0", "\u202f", "\u2009")


class TableOptions(TypedDict, total=False):
    """The options that every reader of tables takes; ``gi.read.table`` explains them."""

    decimal: Literal[".", ","] | None
    thousands: str | None
    encoding: str | None
    sheet: str | int | None
    skip: int
    where: str | None


@dataclass(frozen=True, slots=True)
class Layout:
    """The same options, checked."""

    decimal: str | None = None
    thousands: str | None = None
    encoding: str | None = None
    sheet: str | int | None = None
    skip: int = 0
    where: str | None = None

    def __post_init__(self) -> None:
        """Refuse what no file can be like."""
        if self.decimal is not None:
            _contract.option(self.decimal, DECIMALS, name="decimal")
        if self.thousands is not None:
            _contract.option(self.thousands, THOUSANDS, name="thousands")
        if self.decimal is not None and self.decimal == self.thousands:
            message = f"decimal and thousands are both {self.decimal!r}; one sign cannot be both."
            raise OptionError(message)
        if self.sheet is not None and (isinstance(self.sheet, bool) or not isinstance(self.sheet, str | int)):
            message = f"sheet must be the name of a sheet or its number (0 is the first); not {self.sheet!r}."
            raise OptionError(message)
        _contract.whole(self.skip, name="skip", least=0)
        self._known_encoding()

    def _known_encoding(self) -> None:
        """Refuse an encoding that Python does not know."""
        if self.encoding is None:
            return
        try:
            codecs.lookup(self.encoding)
        except (LookupError, TypeError) as error:
            message = (
                f"There is no encoding {self.encoding!r}. Common ones: 'utf-8', 'utf-16', 'cp1252' "
                "(Western Europe), 'cp1250' (Central Europe), 'cp1251' (Cyrillic)."
            )
            raise OptionError(message) from error

    @property
    def point(self) -> str | None:
        """Return the decimal sign as far as the options settle it: a thousands dot leaves only the comma."""
        if self.decimal is None and self.thousands in DECIMALS:
            return DECIMALS[1 - DECIMALS.index(self.thousands)]
        return self.decimal
