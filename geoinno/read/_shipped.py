"""Files that ship with the project."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from pathlib import Path


@cache
def folder() -> Path:
    """Return where the data lie: inside an installed package, or beside it in a clone."""
    installed = Path(str(files("geoinno") / "data"))
    return installed if installed.is_dir() else Path(__file__).parents[2] / "data"
