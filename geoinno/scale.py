"""Long work in blocks, run by any executor, and kept on disk so that a run that died goes on.

The same functions that answer on a laptop take ``executor=``, anything with ``submit``: a thread pool, loky,
or a Dask ``Client``; and ``store=``, a folder. Blocks are of fixed size, so answers are the same to the last
bit whoever runs them. What they need is written to the store once and mapped into memory by whoever needs
it: a copy that one worker holds would be lost with that worker. This file starts no processes and imports no
engine.
"""

from __future__ import annotations

import hashlib
import io
import logging
import zipfile
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, nullcontext
from dataclasses import dataclass
from functools import cache
from itertools import islice
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

import numpy as np

from geoinno._files import written
from geoinno._kernels.threads import run_parts, thread_count
from geoinno.errors import OptionError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Generator, Iterable, Iterator, Sequence
    from contextlib import AbstractContextManager

    Block = tuple[int, int]
    Arrays = tuple[np.ndarray[Any, Any], ...]

Step = TypeVar("Step")
_LOG = logging.getLogger(__name__)
# Seconds between two words of progress.
_PAUSE_S = 5.0
# Blocks to each thread between two looks at the clock.
_ROUND = 4
# Blocks handed in ahead of the one that is waited for: enough for a cluster, few enough to hold.
_AHEAD = 256


class Future(Protocol):
    """An answer that is on its way."""

    def result(self) -> Arrays:
        """Wait for the answer."""
        ...

    def cancel(self) -> object:
        """Give the answer up."""
        ...


class Executor(Protocol):
    """Whatever runs a function elsewhere: ``concurrent.futures``, loky, a Dask ``Client``."""

    def submit(self, function: Callable[..., Arrays], /, *arguments: object) -> Future:
        """Return what will hold the answer."""
        ...


@dataclass(frozen=True, slots=True)
class Engine:
    """Who runs the blocks (None: threads of this process) and where they are kept (None: nowhere)."""

    executor: Executor | None = None
    store: Path | None = None

    @property
    def plain(self) -> bool:
        """Whether nothing was asked for: the usual path of one machine will do."""
        return self.executor is None and self.store is None


PLAIN = Engine()


def engine(executor: Executor | None, store: str | Path | None = None) -> Engine:
    """Return a checked engine."""
    if executor is not None and not callable(getattr(executor, "submit", None)):
        message = (
            "executor must have a method submit(function, *arguments), as a ThreadPoolExecutor or a Dask "
            f"Client has; {type(executor).__name__} was given."
        )
        raise OptionError(message)
    if store is None:
        return Engine(executor)
    if not isinstance(store, (str, Path)) or Path(store).is_file():
        message = (
            f"store must be the path of a folder, which is made if it is not there; {store!r} was given."
        )
        raise OptionError(message)
    return Engine(executor, Path(store).resolve())


def parted(count: int, size: int) -> list[Block]:
    """Return the start and end of blocks of ``size`` that make up ``count``."""
    return [(start, min(start + size, count)) for start in range(0, count, size)]


def run_blocks(
    task: Callable[..., Arrays], blocks: Sequence[Block], inputs: tuple[object, ...], *, engine: Engine
) -> Generator[Arrays]:
    """Yield ``task(block, *inputs)``, a tuple of arrays, for each block in their order.

    Whoever takes the blocks closes the generator. An interrupt that is heard between two blocks would
    otherwise leave it waiting in the traceback, and every block that was handed in would still be run.

    Blocks that the store holds are read, not run. Inputs are arrays and plain values; their content is part
    of the key under which blocks are kept, as is every source of the package: blocks of other data, options
    or versions are never taken. A damaged file is run anew.
    """
    kept = None if engine.store is None else _Kept.of(engine.store, task, (tuple(blocks), *inputs))
    handed = inputs if kept is None else kept.written_inputs(inputs)
    known = {} if kept is None else kept.finished(len(blocks))
    absent = [number for number in range(len(blocks)) if number not in known]
    calls = [_Call(task, block, handed) for block in blocks]
    if known:
        _LOG.info("%d of %d blocks are taken from %s.", len(known), len(blocks), engine.store)
    with (
        _open(engine.executor) as executor,
        closing(_run(executor, (calls[number] for number in absent))) as ran,
    ):
        for number in range(len(blocks)):
            answer = None if number not in known or kept is None else kept.block(number)
            if answer is None:
                # A damaged block was not handed in with the others: it is run here.
                answer = next(ran) if number not in known else _run_call(calls[number])
                if kept is not None:
                    kept.keep(number, answer)
                _LOG.info("Block %d of %d is done.", number + 1, len(blocks))
            yield answer


def follow(steps: Collection[Step], what: str) -> Iterator[Step]:
    """Yield the steps of long work, and log every few seconds how many of them are done."""
    heard = monotonic()
    for done, step in enumerate(steps, 1):
        yield step
        if monotonic() - heard >= _PAUSE_S:
            _LOG.info("%s %d of %d is done.", what, done, len(steps))
            heard = monotonic()


def share_out(task: Callable[[Block], None], blocks: Sequence[Block], *, what: str) -> None:
    """Call ``task(block)``, which writes to its own place, for all blocks on the threads of this process.

    What is done is logged as in `follow`; an interrupt is heard when the running blocks end.
    """
    for first, last in follow(parted(len(blocks), _ROUND * thread_count()), what):
        run_parts(lambda part, some=blocks[first:last]: task(some[part]), last - first)


def _open(executor: Executor | None) -> AbstractContextManager[Executor]:
    """Return the caller's executor, left open afterwards, or threads of our own."""
    if executor is not None:
        return nullcontext(executor)
    return ThreadPoolExecutor(thread_count(), thread_name_prefix="geoinno")


def _run(executor: Executor, calls: Iterable[_Call]) -> Generator[Arrays]:
    """Yield the answers in order, some blocks always handed in ahead; what waits is cancelled at an error."""
    queue = iter(calls)
    futures = deque(executor.submit(_run_call, call) for call in islice(queue, _AHEAD))
    try:
        while futures:
            yield futures[0].result()
            futures.popleft()
            futures.extend(executor.submit(_run_call, call) for call in islice(queue, 1))
    finally:
        for future in futures:
            future.cancel()


@dataclass(frozen=True, slots=True)
class _Call:
    """One block as it is handed to an executor."""

    task: Callable[..., Arrays]
    block: Block
    inputs: tuple[object, ...]


def _run_call(call: _Call) -> Arrays:
    """Run one block where the executor put it."""
    return call.task(call.block, *(_loaded(value) for value in call.inputs))


@dataclass(frozen=True, slots=True)
class _ArrayFile:
    """An input that is read where it is needed."""

    path: str


def _loaded(value: object) -> object:
    """Return an input, mapped into memory where it is a file.

    Pages are read as they are touched and belong to no process, so that data may be larger than memory.
    Copy-on-write, although nobody writes: kernels are compiled once, for arrays that may be written to.
    """
    if isinstance(value, _ArrayFile):
        return np.asarray(np.load(value.path, mmap_mode="c", allow_pickle=False))
    return value


@dataclass(frozen=True, slots=True)
class _Kept:
    """The folder of one call: its inputs, and a file for each finished block."""

    folder: Path

    @classmethod
    def of(cls, store: Path, task: Callable[..., Arrays], inputs: tuple[object, ...]) -> _Kept:
        """Return the folder of a task with these inputs."""
        digest = hashlib.sha256(f"{task.__module__}.{task.__qualname__} {source_hash()}".encode())
        for value in inputs:
            digest.update(_digest(value))
        return cls(store / f"{task.__qualname__.strip('_')}-{digest.hexdigest()[:16]}")

    def written_inputs(self, inputs: tuple[object, ...]) -> tuple[object, ...]:
        """Return the inputs, arrays as files that any worker can read."""
        return tuple(
            self._written(f"input-{place}.npy", value) if isinstance(value, np.ndarray) else value
            for place, value in enumerate(inputs)
        )

    def _written(self, name: str, array: np.ndarray[Any, Any]) -> _ArrayFile:
        path = self.folder / name
        # Written anew where a run before left it: it costs little, and no damaged file is taken.
        content = io.BytesIO()
        np.save(content, array, allow_pickle=False)
        written(path, content.getvalue())
        return _ArrayFile(str(path))

    def finished(self, count: int) -> set[int]:
        """Return the numbers of the blocks that are there."""
        return {number for number in range(count) if self._path(number).exists()}

    def block(self, number: int) -> Arrays | None:
        """Return a block, or nothing where its file is damaged."""
        try:
            with self._path(number).open("rb") as raw, np.load(raw, allow_pickle=False) as content:
                return tuple(content[name] for name in content.files)
        except (OSError, ValueError, EOFError, zipfile.BadZipFile) as error:
            _LOG.warning("A damaged block is run anew (%s: %s).", self._path(number).name, error)
            return None

    def keep(self, number: int, arrays: Arrays) -> None:
        """Write a finished block, whole or not at all; the archive carries checksums."""
        content = io.BytesIO()
        np.savez(content, *arrays)
        written(self._path(number), content.getvalue())

    def _path(self, number: int) -> Path:
        return self.folder / f"block-{number}.npz"


def _digest(value: object) -> bytes:
    """Return a hash of what an input holds, read where it lies: a copy might not fit into memory."""
    if isinstance(value, np.ndarray):
        digest = hashlib.sha256(f"{value.dtype.str} {value.shape}".encode())
        digest.update(np.ascontiguousarray(value).reshape(-1).view(np.uint8))
        return digest.digest()
    return hashlib.sha256(repr(value).encode()).digest()


@cache
def source_hash() -> str:
    """Return a hash of all sources of the package: what is kept by one version is not taken by another."""
    digest = hashlib.sha256()
    house = Path(__file__).parent
    for path in sorted(house.rglob("*.py")):
        digest.update(str(path.relative_to(house)).encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:16]
