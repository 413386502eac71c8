"""Benchmarks: two runs are compared, agreement is tested, growth is measured, and what is absent is named."""

from __future__ import annotations

import importlib
import json
import math
import sys

import numpy as np
import pytest

ROWS = [
    {"kernel": "k", "side": "geoinno", "n": 1000, "seconds": 1.0, "megabytes": 1, "ratio": 1.0},
    {"kernel": "k", "side": "peer", "n": 1000, "seconds": 9.0, "megabytes": 1, "ratio": 9.0, "agrees": True},
]


@pytest.fixture
def benchmark_room(repository, monkeypatch):
    """Return a file of the benchmarks, which stand beside each other and are no package."""
    monkeypatch.syspath_prepend(str(repository / "benchmarks"))
    before = set(sys.modules)
    yield importlib.import_module
    for name in {path.stem for path in (repository / "benchmarks").glob("*.py")} - before:
        sys.modules.pop(name, None)


@pytest.mark.parametrize(
    ("cpu", "change", "worse"),
    [
        ("a", {}, 0),
        ("a", {0: {"seconds": 1.5}}, 1),
        ("a", {1: {"seconds": 90.0}}, 0),  # a slower peer is no fault of ours
        ("a", {1: {"agrees": False}}, 1),
        ("a", {0: {"failed": "MemoryError"}}, 1),
        ("b", {0: {"seconds": 5.0}, 1: {"seconds": 45.0}}, 0),  # another machine: only ratios count
        ("b", {1: {"ratio": 4.0}}, 1),
    ],
)
def test_two_runs_are_compared(cpu, change, worse, benchmark_room, tmp_path, capsys):
    paths = [tmp_path / "before.json", tmp_path / "after.json"]
    after = [{**row, **change.get(k, {})} for k, row in enumerate(ROWS)]
    paths[0].write_text(json.dumps({"machine": {"cpu": "a"}, "rows": ROWS}))
    paths[1].write_text(json.dumps({"machine": {"cpu": cpu}, "rows": after}))
    assert benchmark_room("results").compare(*paths) == worse
    assert f"{worse} of 2 cases are worse" in capsys.readouterr().out


def counts(seed, p):
    """Return how many of 999 draws lay in the smaller tail, for regions with these chances."""
    return np.random.default_rng(seed).binomial(999, p).tolist()


@pytest.mark.parametrize(
    ("peer", "agrees"),
    [
        (lambda p: counts(99, p), True),
        (lambda p: counts(99, p * 1.1), False),  # draws with replacement, say
        (lambda p: counts(99, np.minimum(2 * p, 1)), False),  # two-sided, not one-sided
        (lambda p: counts(99, np.random.default_rng(5).permutation(p)), False),  # regions in another order
    ],
)
def test_counts_of_draws_agree_within_chance_and_not_beyond(peer, agrees, benchmark_room):
    room = benchmark_room("agreement")
    p = np.random.default_rng(0).uniform(0.02, 0.4, 400)
    ours = counts(0, p)
    own = [room.chi_square(ours, counts(seed, p)) for seed in range(1, 40)]
    assert np.mean(own) == pytest.approx(1, abs=0.05)
    found = room.within_chance(ours, peer(p), own)
    assert (found.agrees, found.p >= room.LEVEL) == (agrees, agrees)


def test_without_other_seeds_nothing_is_said_of_agreement(benchmark_room):
    assert benchmark_room("agreement").within_chance([5.0], [500.0], None) is None


def test_growth_is_that_between_the_largest_sizes(benchmark_room):
    room = benchmark_room("results")
    rows = [
        {"kernel": "k", "side": side, "n": n, "seconds": seconds(n)}
        for side, seconds in (("geoinno", lambda n: n * math.log(n)), ("peer", lambda n: n**2))
        for n in (10, 10_000, 100_000)
    ]
    ours, peer = room.growth([*rows, {"kernel": "k", "side": "none", "n": 10, "absent": True}])
    assert ours["beyond_log"] == pytest.approx(1)
    assert (peer["exponent"], peer["from"], peer["to"]) == (pytest.approx(2), 10_000, 100_000)
    assert "STEEP" not in room.growth_line(ours)
    assert room.growth_line({**ours, "beyond_log": 1.2}).endswith("STEEP")


def test_what_is_not_installed_is_named(benchmark_room, monkeypatch):
    peers = benchmark_room("peers")
    monkeypatch.setitem(peers.MODULES, "esda", "no_such_package")
    peers.is_installed.cache_clear()
    row = {"kernel": "k", "side": "esda", "n": 10, **benchmark_room("suite").case_in_process("k", "esda", 10)}
    assert benchmark_room("results").line(row).endswith("esda                     not installed")
    assert peers.is_installed("SciPy~")
    assert peers.is_installed("geoinno hc3")


def test_a_busy_machine_is_described_by_how_much_slower_each_side_is(benchmark_room):
    room = benchmark_room("results")
    rows = [{**ROWS[0], "slowdown": times} for times in (1.5, 2.0, 4.0)]
    assert room.busy_lines([*rows, ROWS[1]]) == [
        "geoinno                  2.00 times slower beside busy processes (median; worst 4.00)"
    ]
    assert "1.50 x when busy" in room.line(rows[0])


def test_busy_processes_end_with_the_work(benchmark_room):
    suite = benchmark_room("suite")
    with suite.restless(2) as busy:
        assert [process.poll() for process in busy] == [None, None]
    assert all(process.returncode for process in busy)


def test_whatever_the_goals_need_can_be_run(benchmark_room):
    goals, kernels = benchmark_room("goals"), benchmark_room("cases").KERNELS
    for (kernel, n), sides in goals.needed().items():
        case = kernels[kernel]
        assert n in case.sizes
        assert [n <= case.largest.get(side, n) for side in sides if side in case.sides] == [True] * len(sides)
    assert set(benchmark_room("potential").DECAYS) == set(goals.DECAYS)
    assert {f"gravity, {shape}" for shape in goals.SHAPES} == {
        k for k in kernels if k.startswith("gravity, ")
    }


def written(path, **seconds):
    """Write a run of one kernel, with the seconds of each side."""
    rows = [
        {"kernel": "k", "n": 10, "side": side, "seconds": s, "megabytes": 1} for side, s in seconds.items()
    ]
    path.write_text(json.dumps({"rows": rows}))
    return path


@pytest.mark.parametrize(
    ("peers", "words", "missed"),
    [
        ([8.0, 6.0, 9.0], "6 at least 5", 0),
        ([8.0, 4.0, 9.0], "4 at least 5", 1),  # the worst run counts
        ([None, None, None], "at least 5", 0),  # not timed: neither met nor missed
    ],
)
def test_goals_are_judged_by_the_worst_run(
    peers, words, missed, benchmark_room, monkeypatch, tmp_path, capsys
):
    goals = benchmark_room("goals")
    monkeypatch.setattr(goals, "GOALS", (goals.times_as_fast(5, "peer", kernel="k", n=10),))
    sides = [{"geoinno": 1.0} | ({"peer": peer} if peer else {}) for peer in peers]
    paths = [written(tmp_path / f"{k}.json", **side) for k, side in enumerate(sides)]
    assert goals.judge(paths) == missed
    said = " ".join(capsys.readouterr().out.split())
    verdict = {0: "met", 1: "MISSED"}[missed] if all(peers) else "not timed"
    assert f"{words} {verdict}" in said
    assert (
        f"The worst of 3 runs: {missed} of 1 goals are missed, {0 if all(peers) else 1} were not timed."
        in said
    )


def test_seconds_and_memory_should_stay_below_their_goals(benchmark_room):
    goals = benchmark_room("goals")
    goal = goals.within(600, "k", 10, unit="megabytes")
    rows = [{"kernel": "k", "n": 10, "side": "geoinno", "seconds": 1.0, "megabytes": m} for m in (500, 700)]
    worst = goal.worst([goals.by_case([row]) for row in rows])
    assert (worst, goal.is_met(worst), goal.is_met(500)) == (700, False, True)
