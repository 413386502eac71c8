"""Compilation of the kernels, kept on disk for as long as none of their sources has changed.

Numba keeps what it compiled, but looks for changes in the file of the function alone. A kernel that calls
another file's kernel would run that one's old code after an update, and give wrong numbers without a word.
So the kernels are cached in a folder named by a hash of all their sources; each file carries a checksum,
because machine code that is damaged does not fail, it runs.
"""

from __future__ import annotations

import hashlib
import logging
import shutil
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from numba import njit
from numba.core.caching import FunctionCache, IndexDataCacheFile

if TYPE_CHECKING:
    from collections.abc import Callable

_LOG = logging.getLogger(__name__)
_PREFIX = "geoinno-kernels-"


def compiled(**options: Any) -> Callable[[Callable[..., Any]], Any]:
    """Return a decorator that compiles a kernel at its first call, or takes it from the disk."""

    def decorate(function: Callable[..., Any]) -> Any:
        kernel = njit(**options)(function)
        try:
            kernel._cache = KernelCache(function)  # noqa: SLF001 - where numba's own cache=True puts it
        except (OSError, RuntimeError) as error:  # no folder can be written: compile anew in each process
            _LOG.info("Kernels are compiled anew in each process: %s", error)
        return kernel

    return decorate


@cache
def source_hash(folder: Path) -> str:
    """Return a hash of all kernel sources in ``folder``."""
    digest = hashlib.sha256()
    for path in sorted(folder.glob("*.py")):
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


@cache
def cache_folder(base: Path, stamp: str) -> Path:
    """Return the folder for kernels of this stamp below ``base``, made anew, those of others removed."""
    folder = base / f"{_PREFIX}{stamp}"
    folder.mkdir(parents=True, exist_ok=True)
    for old in base.glob(f"{_PREFIX}*"):
        if old != folder:
            shutil.rmtree(old, ignore_errors=True)
    return folder


class KernelCache(FunctionCache):
    """Numba's cache of one function, in the folder of the sources as they are now."""

    def __init__(self, function: Callable[..., Any]) -> None:
        super().__init__(function)
        stamp = source_hash(Path(function.__code__.co_filename).parent)
        folder = cache_folder(Path(self._cache_path), stamp)
        self._cache_path = str(folder)
        self._checked = CheckedFile(str(folder), self._impl.filename_base, stamp)
        self._cache_file = self._checked

    def load_overload(self, sig: Any, target_context: Any) -> Any:
        """Return the compiled code, or nothing where the file is not what was written."""
        try:
            return super().load_overload(sig, target_context)
        except Exception as error:  # noqa: BLE001 - whatever a damaged file does to the reader
            _LOG.warning("A damaged file of compiled kernels is replaced (%s).", error)
            self._checked.discard()
            return None

    def save_overload(self, sig: Any, data: Any) -> None:
        """Keep the compiled code, or go on without where the disk takes no more."""
        try:
            super().save_overload(sig, data)
        except OSError as error:
            _LOG.info("A compiled kernel could not be kept: %s", error)


class CheckedFile(IndexDataCacheFile):
    """Numba's index and data files, of which the data begin with their checksum."""

    def discard(self) -> None:
        """Remove the index, so that everything is compiled and written anew."""
        Path(self._index_path).unlink(missing_ok=True)

    def _dump(self, obj: Any) -> bytes:
        data: bytes = super()._dump(obj)
        return hashlib.sha256(data).digest() + data

    def _load_data(self, name: str) -> Any:
        return _unpacked(Path(self._data_path(name)).read_bytes())

    def _load_index(self) -> dict[Any, str]:
        try:
            data = Path(self._index_path).read_bytes()
        except FileNotFoundError:
            return {}
        version, overloads = _unpacked(data)
        return overloads if version == self._version else {}

    def _save_index(self, overloads: dict[Any, str]) -> None:
        with self._open_for_write(self._index_path) as file:
            file.write(self._dump((self._version, overloads)))


def _unpacked(data: bytes) -> Any:
    """Return what was written, or raise where the checksum says that it is not."""
    import pickle

    size = hashlib.sha256().digest_size
    if hashlib.sha256(data[size:]).digest() != data[:size]:
        message = "its checksum does not match"
        raise ValueError(message)
    return pickle.loads(data[size:])  # noqa: S301 - our own cache, in the user's own folder, as numba keeps it
