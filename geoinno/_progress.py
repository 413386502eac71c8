"""Progress of long work on a terminal: a bar where tqdm is installed, else a line that is written anew."""

from __future__ import annotations

import sys
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

# To the start of the line, and away with what stands there.
_ANEW = "\r\x1b[K"


class Progress:
    """Steps of long work as they are done; silent where nobody looks at a terminal."""

    def __init__(self, steps: int) -> None:
        self.steps, self.done = steps, 0
        self._there = sys.stderr.isatty()
        self._bar: Any = _bar(steps) if self._there else None

    def step(self, words: str) -> None:
        """Say what begins now."""
        self.done += 1
        if self._bar is not None:
            self._bar.set_description(words)
            self._bar.update()
        elif self._there:
            sys.stderr.write(f"{_ANEW}{words} ({self.done} of {self.steps})")
            sys.stderr.flush()

    def close(self) -> None:
        """End the bar or the line."""
        if self._bar is not None:
            self._bar.close()
        elif self._there:
            sys.stderr.write(_ANEW)
            sys.stderr.flush()


def followed(steps: Iterable[Any]) -> Iterator[Any]:
    """Yield functions one after the other, and say which of them is under way."""
    listed: Sequence[Any] = list(steps)
    progress = Progress(len(listed))
    try:
        for function in listed:
            progress.step(function.__name__)
            yield function
    finally:
        progress.close()


def _bar(steps: int) -> Any:  # noqa: ANN401 - tqdm is installed, or it is not
    """Return a bar of tqdm, nothing where it is not installed."""
    try:
        return import_module("tqdm").tqdm(total=steps, unit="step", leave=False)
    except ImportError:
        return None
