"""Threads of the kernels: every part once, errors raised, forks and interrupts survived."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from geoinno._kernels import threads
from geoinno._kernels.threads import run_parts, thread_count

HOUSE = str(Path(threads.__file__).parents[2])
POINTS = """
import signal
signal.signal(signal.SIGINT, signal.default_int_handler)  # jobs in the background start with it ignored
import geopandas, numpy as np, geoinno as gi
def points(n):
    rng = np.random.default_rng(0)
    places = geopandas.points_from_xy(rng.uniform(0, 20, n), rng.uniform(40, 60, n), crs=4326)
    regions = geopandas.GeoDataFrame(geometry=places, index=[f"r{i}" for i in range(n)])
    return regions.assign(mass=rng.random(n))
def sums(n, **options):
    regions = points(n)
    return gi.measure.market_potential(regions["mass"], regions, decay=gi.weigh.exponential(100), **options)
"""


@pytest.mark.parametrize("count", ["1", "4"])
@pytest.mark.parametrize("parts", [0, 1, 3, 100])
def test_every_part_runs_once(count, parts, monkeypatch):
    monkeypatch.setenv("GEOINNO_THREADS", count)
    seen = np.zeros(parts, int)
    run_parts(lambda part, step: seen.__setitem__(part, seen[part] + step), parts, 2)
    assert (seen == 2).all()


def blas_threads():
    pools = threads._linear_algebra().info()
    return {pool["num_threads"] for pool in pools if pool["user_api"] == "blas"}


def test_the_last_to_leave_gives_linear_algebra_its_threads_back():
    """Two overlap, and the first to come is the first to leave: the second still has one thread."""
    with threads._linear_algebra().limit(limits=3, user_api="blas"):
        first, second = threads.single_blas_thread(), threads.single_blas_thread()
        first.__enter__()
        second.__enter__()
        first.__exit__(None, None, None)
        assert blas_threads() == {1}
        second.__exit__(None, None, None)
        assert blas_threads() == {3}


@pytest.mark.parametrize("count", ["1", "4"])
def test_an_error_in_a_part_is_raised_and_ends_the_others(count, monkeypatch):
    monkeypatch.setenv("GEOINNO_THREADS", count)
    seen = []

    def work(part):
        seen.append(part)
        if part == 5:
            message = "part 5"
            raise ZeroDivisionError(message)
        time.sleep(0.001)

    with pytest.raises(ZeroDivisionError, match="part 5"):
        run_parts(work, 100_000)
    assert len(seen) < 50_000


@pytest.mark.parametrize("unfit", ["", "0", "-2", "many"])
def test_what_is_no_number_of_threads_is_passed_over(unfit, monkeypatch):
    monkeypatch.setenv("GEOINNO_THREADS", unfit)
    assert thread_count() >= 1


@pytest.fixture
def start():
    """Start processes that have a program and the house; none outlives its test."""
    running = []

    def go(program):
        process = subprocess.Popen(
            [sys.executable, "-c", POINTS + program],
            env={**os.environ, "PYTHONPATH": HOUSE, "GEOINNO_THREADS": "2"},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        running.append(process)
        return process

    yield go
    for process in running:
        process.kill()
        process.communicate()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="This system does not fork")
def test_a_process_that_forks_afterwards_does_not_wait_for_ever(start):
    program = """
import multiprocessing
total = sums(3_000, accuracy=1e-3)["total"].sum()
with multiprocessing.get_context("fork").Pool(2) as pool:
    found = pool.map(total_of, [3_000, 3_000])
print(all(abs(f / total - 1) < 1e-12 for f in found))
"""
    ahead = 'def total_of(n):\n    return sums(n, accuracy=1e-3)["total"].sum()\n'
    run = start(ahead + program)
    out, _ = run.communicate(timeout=600)
    assert out.strip() == "True"


def test_an_interrupt_ends_long_sums_on_the_way(start):
    program = 'import logging\nlogging.basicConfig(level="INFO")\nsums(200_000)\nprint("done", flush=True)\n'
    run = start(program)
    first = next(line for line in run.stderr if "Block 1 of" in line)
    count = int(first.split("of ")[1].split()[0])
    run.send_signal(signal.SIGINT)
    out, words = run.communicate(timeout=600)
    assert "KeyboardInterrupt" in words
    assert "done" not in out
    assert words.count(" is done.") + 1 < count
