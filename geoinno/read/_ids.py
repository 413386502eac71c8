"""Columns and keys of a file: found by name, kept as strings, and compared where they do not agree."""

from __future__ import annotations

import unicodedata
from difflib import get_close_matches
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geoinno import _contract
from geoinno.errors import ColumnError, RegionError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

_SUGGESTIONS = 5
# Letters of other alphabets that look like Latin ones; typed by hand, they are found by nobody's eye.
_ALIKE = str.maketrans(
    "\u0410\u0412\u0415\u041a\u041c\u041d\u041e\u0420\u0421\u0422\u0423\u0425"
    "\u0430\u0435\u043e\u0440\u0441\u0443\u0445\u0406\u0456\u0408\u0405"
    "\u0391\u0392\u0395\u0396\u0397\u0399\u039a\u039c\u039d\u039f\u03a1\u03a4\u03a5\u03a7",
    "ABEKMHOPCTYXaeopcyxIiJSABEZHIKMNOPTYX",
)
_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"))
_CAUSES: dict[str, Callable[[str], str]] = {
    "leading zeros": lambda key: key.lstrip("0"),
    "upper and lower case": str.casefold,
    "white space": lambda key: "".join(key.split()),
    "letters of another alphabet that look alike": lambda key: key.translate(_ALIKE),
    "invisible signs": lambda key: key.translate(_INVISIBLE),
    "a decimal, '1.0' for '1'": lambda key: key.removesuffix(".0"),
    "Unicode form": lambda key: unicodedata.normalize("NFKC", key),
}

# What may be a shapefile without its table.
_SHAPEFILES = (".shp", ".zip")


def column(table: pd.DataFrame, name: str, *, file: Path) -> pd.Series:
    """Return a column of the table read from ``file``, or raise with the nearest name there is."""
    present(table.columns, [name], file=file)
    if list(table.columns).count(name) > 1:
        message = f"{file.name} has more than one column {name!r}. Give each its own name."
        raise ColumnError(message)
    found: pd.Series = table[name]
    return found


def present(columns: Iterable[str], names: Sequence[str], *, file: Path) -> None:
    """Raise where ``names`` are not all among the ``columns``."""
    listed = [str(name) for name in columns]
    for name in names:
        if name not in listed:
            close = nearest(name, listed)
            hint = f" Did you mean {close!r}?" if close else ""
            if listed == ["geometry"] and file.suffix.lower() in _SHAPEFILES:
                hint = " A shapefile keeps them in the .dbf file of its name: copy that beside it."
            message = f"{file.name} has no column {name!r}.{hint} Its columns: {_contract.named(listed)}."
            raise ColumnError(message)


def nearest(word: str, words: Sequence[str]) -> str | None:
    """Return the one of ``words`` most like ``word``, whatever their case, if any is like it."""
    folded = {other.casefold(): other for other in reversed(words)}
    close = get_close_matches(word.casefold(), folded, n=1)
    return folded[close[0]] if close else None


def strings(values: pd.Series, *, file: Path) -> pd.Series:
    """Return a key column as strings; whole numbers become their decimal string."""
    if pd.api.types.is_integer_dtype(values) and not values.isna().any():
        return values.astype(str)
    keys = pd.Series([_string(value) for value in values], index=values.index, dtype=object)
    bad = [value for value, key in zip(values.tolist(), keys, strict=True) if not key]
    if bad:
        message = (
            f"Column {values.name!r} of {file.name} cannot serve as a key: it holds {_contract.named(bad)}. "
            "Keys are text or whole numbers, and none is empty; store the column as text."
        )
        raise RegionError(message)
    return keys.astype(str)


def _string(value: object) -> str:
    """Return the key as a string, empty where it is none."""
    if isinstance(value, str):
        return value if value.strip() else ""
    if isinstance(value, int | np.integer) and not isinstance(value, bool):
        return str(int(value))
    return ""


def disagreement(wanted: pd.Index, others: pd.Index) -> str:
    """Say why keys in ``wanted`` and ``others``, none of which is in both, may not have met."""
    causes = [
        f"{count:,} of them differ only in {cause}"
        for cause, plain in _CAUSES.items()
        if (count := len(wanted.map(plain).intersection(others.map(plain))))
    ]
    if causes:
        return " " + "; ".join(causes).capitalize() + ": correct the keys on one side."
    listed = others.to_list()
    pairs = ((key, nearest(key, listed)) for key in wanted[:_SUGGESTIONS])
    close = [f"{key!r} and {other!r}" for key, other in pairs if other]
    return f" Alike: {', '.join(close)}." if close else ""
