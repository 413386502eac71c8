"""Compiled kernels: kept on disk, never older than any of their sources, and never damaged."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from geoinno._kernels import compiling

INNER = """
from geoinno._kernels.compiling import compiled
@compiled()
def inner(x):
    return {factor} * x
"""
OUTER = """
from geoinno._kernels.compiling import compiled
from inner import inner
@compiled()
def outer(x):
    return inner(x) + 1.0
"""


@pytest.fixture
def kernels(tmp_path):
    (tmp_path / "inner.py").write_text(INNER.format(factor="2.0"))
    (tmp_path / "outer.py").write_text(OUTER)
    return tmp_path


def answer(folder):
    """Return what a fresh process computes, and whether it took the kernel from the disk."""
    program = (
        "import logging; logging.basicConfig(level=logging.INFO, format='%(message)s');"
        "from outer import outer; y = outer(10.0);"
        "print(y, sum(outer.stats.cache_hits.values()))"
    )
    house = str(Path(compiling.__file__).parents[2])
    run = subprocess.run(
        [sys.executable, "-c", program],
        cwd=folder,
        # A cache named in the environment would lie outside the folder that is looked at.
        env={**{k: v for k, v in os.environ.items() if k != "NUMBA_CACHE_DIR"}, "PYTHONPATH": house},
        capture_output=True,
        text=True,
        check=True,
    )
    value, hits = run.stdout.split()
    return float(value), int(hits), run.stderr


def test_a_second_process_takes_what_the_first_compiled(kernels):
    assert answer(kernels)[:2] == (21.0, 0)
    assert answer(kernels)[:2] == (21.0, 1)


def test_a_change_in_one_file_reaches_callers_in_another(kernels):
    answer(kernels)
    # Of another length: Python tells sources apart by it, and by whole seconds.
    (kernels / "inner.py").write_text(INNER.format(factor="13.0"))
    assert answer(kernels)[:2] == (131.0, 0)
    # What no source stands behind any more is gone from the disk.
    assert len(list(kernels.glob("__pycache__/geoinno-kernels-*"))) == 1


@pytest.fixture(scope="module")
def compiled_once(tmp_path_factory):
    """Return a folder of kernels that are kept; each damage is mended before the next."""
    folder = tmp_path_factory.mktemp("compiled")
    (folder / "inner.py").write_text(INNER.format(factor="2.0"))
    (folder / "outer.py").write_text(OUTER)
    answer(folder)
    return folder


@pytest.mark.parametrize("suffix", ["nbi", "nbc"])
@pytest.mark.parametrize("damage", ["cut", "flipped"])
def test_a_damaged_file_is_replaced(compiled_once, suffix, damage):
    kernels = compiled_once
    for path in kernels.rglob(f"outer*.{suffix}"):
        data = bytearray(path.read_bytes())
        data[len(data) // 2] ^= 0xFF
        path.write_bytes(data[: len(data) // 3] if damage == "cut" else data)
    value, hits, words = answer(kernels)
    assert (value, hits) == (21.0, 0)
    assert "damaged" in words
    assert answer(kernels)[:2] == (21.0, 1)


def test_without_a_folder_to_write_to_kernels_run_all_the_same(monkeypatch):
    def refused(function):
        message = f"no locator available for {function.__name__}"
        raise RuntimeError(message)

    monkeypatch.setattr(compiling, "KernelCache", refused)

    @compiling.compiled()
    def double(x):
        return 2 * x

    assert double(4) == 8


def test_a_full_disk_does_not_stop_the_answer(kernels, monkeypatch):
    monkeypatch.setattr(
        compiling.CheckedFile, "_open_for_write", lambda *_: (_ for _ in ()).throw(OSError(28, "no space"))
    )
    monkeypatch.syspath_prepend(kernels)
    from outer import outer

    assert outer(1.0) == 3.0
