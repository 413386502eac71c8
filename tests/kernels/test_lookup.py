"""Look-ups of ids and orders of pairs against pandas and NumPy."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from geoinno._contract import costs, flows
from geoinno._kernels import lookup

IDS = [
    "",
    "a",
    "b",
    "ab",
    "R1",
    "R10",
    "01234567",
    "012345678",
    "01234567x",
    "Ñandú",
    "一二三",
    "z" * 40,
    "z" * 41,
    f"{'k' * 12}a{'k' * 12}",
    f"{'k' * 12}b{'k' * 12}",
]
STRANGERS = ["c", "R100", "0123456", "z" * 42, "z" * 39 + "y", f"{'k' * 12}c{'k' * 12}"]


def packed(strings):
    each = [text.encode() for text in strings]
    return np.cumsum([0, *map(len, each)], dtype=np.uint64), lookup.words(b"".join(each))


@pytest.mark.parametrize("seed", [0, 1])
def test_strings_are_found_where_they_stand(seed):
    random = np.random.default_rng(seed)
    names = [*IDS, *STRANGERS]
    strings = [names[k] for k in random.integers(0, len(names), 5_000)]
    strings += [names[k % len(IDS)] for k in range(500)]  # in one order again and again
    expected = pd.Index(IDS).get_indexer(strings)
    np.testing.assert_array_equal(lookup.positions(packed(strings), packed(IDS)), expected)


@pytest.mark.parametrize("dtype", ["str", object, "string[pyarrow]"])
def test_long_tables_of_flows_are_placed_as_short_ones(dtype, monkeypatch):
    pytest.importorskip("pyarrow")
    ids = pd.Index([f"r{k}" for k in range(40)])
    here, there = np.divmod(np.random.default_rng(2).permutation(1600), 40)
    table = pd.DataFrame({"origin": ids[here], "destination": ids[there], "value": 1.0})
    table = pd.concat([table[:700], table[700:]]).astype({"origin": dtype, "destination": dtype})
    for many in (0, 10_000):
        monkeypatch.setattr(flows, "_MANY", many)
        for placed, expected in zip(flows.flow_positions(table[3:], ids), (here[3:], there[3:]), strict=True):
            np.testing.assert_array_equal(placed, expected)


def test_costs_are_picked_alike_from_long_and_short_tables(monkeypatch):
    random = np.random.default_rng(3)
    table = pd.DataFrame(random.random((5, 7)), list("abcde"), list("abcdefg"))
    rectangle = costs.rectangular(table, name="costs")
    origin, destination = random.integers(0, 5, 50), random.integers(0, 7, 50)
    monkeypatch.setattr(costs, "_MANY", 0)
    np.testing.assert_array_equal(
        rectangle.between(origin, destination), table.to_numpy()[origin, destination]
    )


@pytest.mark.parametrize(
    ("pairs", "ordered"),
    [
        ([(0, 1), (0, 2), (1, 0)], True),
        ([(0, 1), (0, 1)], False),
        ([(0, 2), (0, 1)], False),
        ([(3, 3)], True),
    ],
)
def test_order_is_strict(pairs, ordered):
    assert lookup.strictly_ordered(*np.array(pairs).T) == ordered


@pytest.mark.parametrize("pairs", [[], [(2, 0)], [(1, 1), (0, 1), (1, 0)], [(0, 2), (1, 0), (0, 1)]])
def test_order_of_few_pairs(pairs):
    first, second = np.array(pairs, dtype=np.int64).reshape(-1, 2).T
    np.testing.assert_array_equal(lookup.pair_order(first, second, 3), np.lexsort((second, first)))


@pytest.mark.parametrize("count", [1, 7, 500, 100_000])
@pytest.mark.parametrize("by_second", [False, True])
def test_order_of_pairs_is_that_of_numpy(count, by_second):
    first, second = np.random.default_rng(count).integers(0, count, (2, 3000))
    second = np.sort(second) if by_second else second
    np.testing.assert_array_equal(lookup.pair_order(first, second, count), np.lexsort((second, first)))
