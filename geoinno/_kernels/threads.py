"""Threads for the kernels: parts of fixed size, shared out to as many threads as there are processors.

Plain threads rather than numba's own: those wait for ever in a process that was forked after they had
started, and hear no Ctrl-C until the last loop has ended. Parts are the same whatever the number of threads,
and each writes to its own place, so that answers are the same to the last bit.
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import ExitStack, contextmanager
from functools import cache, partial
from threading import Event, Lock
from typing import TYPE_CHECKING, Any

from threadpoolctl import ThreadpoolController

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


def thread_count() -> int:
    """Return how many threads to run: ``GEOINNO_THREADS``, or the processors that this process may use."""
    chosen = os.environ.get("GEOINNO_THREADS", "")
    if chosen.isdigit() and int(chosen) > 0:
        return int(chosen)
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class _Holders:
    """Who holds linear algebra to one thread: the limit is that of the process, not of a thread of ours.

    The first to come sets it and the last to leave lifts it. Were each to restore what it had found, one
    that leaves early would free the others in mid-sum, and the last would restore the limit for good.
    """

    def __init__(self) -> None:
        self._lock, self._count = Lock(), 0
        self._limit = ExitStack()

    def enter(self) -> None:
        """Set the limit, unless others have."""
        with self._lock:
            if self._count == 0:
                self._limit.enter_context(_linear_algebra().limit(limits=1, user_api="blas"))
            self._count += 1

    def leave(self) -> None:
        """Lift the limit, unless others need it."""
        with self._lock:
            self._count -= 1
            if self._count == 0:
                self._limit.close()


_HOLDERS = _Holders()


@contextmanager
def single_blas_thread() -> Iterator[None]:
    """Hold linear algebra to one thread.

    Threads that wait for each other cost more than they save where many small systems are solved, above all
    on a busy machine; and sums in one order are the same to the last bit wherever they are run.
    """
    _HOLDERS.enter()
    try:
        yield
    finally:
        _HOLDERS.leave()


@cache
def _linear_algebra() -> ThreadpoolController:
    """Return the libraries of NumPy and SciPy; to look for them anew takes longer than a small fit."""
    import scipy.linalg  # noqa: F401 - loads its library, if nothing has yet

    return ThreadpoolController()


def run_parts(kernel: Callable[..., Any], parts: int, *arguments: Any) -> None:
    """Call ``kernel(part, *arguments)`` for each part; an interrupt is heard when the running parts end."""
    if parts == 1:
        kernel(0, *arguments)
        return
    stop, waiting = Event(), iter(range(parts))
    count = min(thread_count(), parts)
    if count <= 1:
        _work(kernel, arguments, waiting, stop)
    else:
        _share(partial(_work, kernel, arguments, waiting, stop), count, stop)


def _work(
    kernel: Callable[..., Any], arguments: tuple[Any, ...], waiting: Iterator[int], stop: Event
) -> None:
    """Take parts until there are no more, or until another thread has failed."""
    # Taking the next of a range is one step of the interpreter, so no two threads take the same part.
    try:
        for part in waiting:
            kernel(part, *arguments)
            if stop.is_set():
                return
    except BaseException:
        stop.set()
        raise


def _share(work: Callable[[], None], count: int, stop: Event) -> None:
    """Run ``work`` on this many threads; an interrupt stops them, and the first error is raised.

    This thread is one of them: should all helpers be busy with the work of others, it does everything.
    """
    futures = [_helpers(count - 1).submit(work) for _ in range(count - 1)]
    try:
        work()
    except BaseException:
        stop.set()
        raise
    finally:
        begun = [future for future in futures if not future.cancel()]
        wait(begun)
    for future in begun:
        future.result()


@cache
def _helpers(count: int) -> ThreadPoolExecutor:
    """Return threads that wait for work: to start them takes longer than a short loop."""
    return ThreadPoolExecutor(count, thread_name_prefix="geoinno")


if hasattr(os, "register_at_fork"):
    # A process that was forked has none of the threads of its parent.
    os.register_at_fork(after_in_child=_helpers.cache_clear)
