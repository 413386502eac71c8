"""Spatial analysis of agglomeration and border effects in regional innovation.

The floors, in the order in which data moves: ``read``, ``weigh``, ``measure``, ``classify``,
``simulate``, ``draw``, ``report``. A floor loads when it is first named, so that importing
the package costs next to nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from geoinno import errors as errors
from geoinno.errors import AlignmentError as AlignmentError
from geoinno.errors import ColumnError as ColumnError
from geoinno.errors import CrsError as CrsError
from geoinno.errors import DataWarning as DataWarning
from geoinno.errors import FlowError as FlowError
from geoinno.errors import GeoinnoError as GeoinnoError
from geoinno.errors import MapTooLargeError as MapTooLargeError
from geoinno.errors import MissingFileError as MissingFileError
from geoinno.errors import MissingSourceWarning as MissingSourceWarning
from geoinno.errors import OptionError as OptionError
from geoinno.errors import OutputError as OutputError
from geoinno.errors import RegionError as RegionError

if TYPE_CHECKING:
    from types import ModuleType

    from geoinno import classify as classify
    from geoinno import draw as draw
    from geoinno import measure as measure
    from geoinno import read as read
    from geoinno import report as report
    from geoinno import simulate as simulate
    from geoinno import weigh as weigh

__version__ = "0.1.0"

_FLOORS = frozenset({"read", "weigh", "measure", "classify", "simulate", "draw", "report"})


def __getattr__(name: str) -> ModuleType:
    """Load a floor when it is first named (PEP 562)."""
    if name in _FLOORS:
        return import_module(f"geoinno.{name}")
    message = f"module 'geoinno' has no attribute {name!r}; the floors are {sorted(_FLOORS)}"
    raise AttributeError(message)


def __dir__() -> list[str]:
    """List the floors beside what is already loaded."""
    return sorted(_FLOORS | set(globals()))
