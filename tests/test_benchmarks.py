"""The comparison of two benchmark runs finds what became slower, fails or differs, and nothing else."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

ROWS = [
    {"kernel": "k", "side": "geoinno", "n": 1000, "seconds": 1.0, "megabytes": 1, "ratio": 1.0},
    {"kernel": "k", "side": "peer", "n": 1000, "seconds": 9.0, "megabytes": 1, "ratio": 9.0, "agrees": True},
]


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
def test_two_runs_are_compared(cpu, change, worse, tmp_path, repository):
    paths = [tmp_path / "before.json", tmp_path / "after.json"]
    after = [{**row, **change.get(k, {})} for k, row in enumerate(ROWS)]
    paths[0].write_text(json.dumps({"machine": {"cpu": "a"}, "rows": ROWS}))
    paths[1].write_text(json.dumps({"machine": {"cpu": cpu}, "rows": after}))
    command = [sys.executable, str(repository / "benchmarks" / "suite.py"), "--compare", *map(str, paths)]
    run = subprocess.run(command, check=False, capture_output=True, text=True)
    assert run.returncode == (worse > 0), run.stderr
    assert f"{worse} of 2 cases are worse" in run.stdout
