"""Errors: what geoinno refuses, and the warnings it gives where it goes on."""

from __future__ import annotations

__all__ = [
    "AlignmentError",
    "ColumnError",
    "CrsError",
    "DataWarning",
    "FlowError",
    "GeoinnoError",
    "MapTooLargeError",
    "MissingFileError",
    "MissingSourceWarning",
    "OptionError",
    "OutputError",
    "RegionError",
]


class GeoinnoError(ValueError):
    """Any input that geoinno refuses; the message names what is wrong, where, and the remedy."""


class RegionError(GeoinnoError):
    """Regions that are not sound: missing or repeated ids, empty or broken geometry."""


class ColumnError(GeoinnoError):
    """A column that is absent, of the wrong kind, or has values that the measure cannot use."""


class OptionError(GeoinnoError):
    """An option that is not one of its words, or a number or type that it cannot take."""


class CrsError(GeoinnoError):
    """A coordinate reference system that is missing or unfit for the question asked."""


class AlignmentError(GeoinnoError):
    """Two tables that speak of different regions."""


class MissingFileError(GeoinnoError, FileNotFoundError):
    """A path at which there is no file."""


class OutputError(GeoinnoError, OSError):
    """A file that cannot be written; what stood there before still stands."""


class FlowError(GeoinnoError):
    """A flow table that is not sound: unknown regions, repeated pairs, negative values."""


class MapTooLargeError(GeoinnoError):
    """A map too large for one web page; the message proposes a way out."""


class DataWarning(UserWarning):
    """Data that geoinno keeps, though a reader of the result should know of it."""


class MissingSourceWarning(DataWarning):
    """A map without a stated source."""
