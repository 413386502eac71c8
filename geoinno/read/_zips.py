"""Zipped shapes: the one file among the members that is meant, unpacked into a folder of its own."""

from __future__ import annotations

import tempfile
import zipfile
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from geoinno.errors import RegionError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_BESIDE = {".shp": (".shp", ".shx", ".dbf", ".prj", ".cpg")}
_BLOCK = 1 << 20


@contextmanager
def unpacked(file: Path, *, kinds: Sequence[str], layer: str | None) -> Iterator[tuple[Path, str | None]]:
    """Yield the file of shapes in a zip, unpacked, and the layer to be read in it.

    ``layer`` names one of several files, by its name with or without folders and suffix, or a layer
    of the only one.
    """
    with zipfile.ZipFile(file) as packed:
        members = _members(packed)
        shapes = sorted(name for name in members if name.suffix.lower() in kinds)
        member = _meant(shapes, layer, file=file)
        inner = None if len(shapes) > 1 or layer in _names(member) else layer
        with tempfile.TemporaryDirectory(prefix="geoinno-") as folder:
            for name in members:
                if name == member or _beside(name, member):
                    _unpack(packed, name, Path(folder) / f"{member.stem}{name.suffix.lower()}")
            yield Path(folder) / f"{member.stem}{member.suffix.lower()}", inner


def _members(packed: zipfile.ZipFile) -> list[PurePosixPath]:
    """Return the files in a zip, less what macOS adds beside each file."""
    members = [PurePosixPath(name) for name in packed.namelist() if not name.endswith("/")]
    return [name for name in members if "__MACOSX" not in name.parts and not name.name.startswith("._")]


def _meant(shapes: list[PurePosixPath], layer: str | None, *, file: Path) -> PurePosixPath:
    """Return the member that is meant: the only one, or the one that is named."""
    named = [name for name in shapes if layer in _names(name)]
    if len(named) == 1 or len(shapes) == 1:
        return named[0] if len(named) == 1 else shapes[0]
    if not shapes:
        message = f"{file.name} holds no file of shapes: no shapefile, GeoPackage, GeoJSON or FlatGeobuf."
        raise RegionError(message)
    listed = ", ".join(repr(str(name.with_suffix(""))) for name in shapes)
    found = f"no file {layer!r}" if layer is not None else f"{len(shapes)} files of shapes"
    message = f"{file.name} holds {found}; name one of them, layer=...: {listed}."
    raise RegionError(message)


def _names(member: PurePosixPath) -> set[str]:
    """Return the names by which a member can be called."""
    return {str(member), str(member.with_suffix("")), member.name, member.stem}


def _beside(name: PurePosixPath, member: PurePosixPath) -> bool:
    """Return whether a member belongs to a shapefile: the same name, in the same folder."""
    kinds = _BESIDE.get(member.suffix.lower(), ())
    return name.with_suffix("") == member.with_suffix("") and name.suffix.lower() in kinds


def _unpack(packed: zipfile.ZipFile, name: PurePosixPath, target: Path) -> None:
    """Write a member to a file."""
    with packed.open(str(name)) as source, target.open("wb") as sink:
        while block := source.read(_BLOCK):
            sink.write(block)
