from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from geoinno._kernels.sharing import holders, shared, touching


# Brute force, as the definition reads: sets of holders, and all their pairs.
@pytest.mark.parametrize(("count", "keys", "regions"), [(0, 1, 1), (300, 40, 25), (2_000, 3, 200)])
def test_pairs_of_holders_are_those_of_sets(count, keys, regions):
    rng = np.random.default_rng(count)
    key, owner = rng.integers(keys, size=count), rng.integers(regions, size=count)
    begin, held = holders(key, owner, keys)
    expected = [sorted(set(owner[key == k].tolist())) for k in range(keys)]
    assert [held[begin[k] : begin[k + 1]].tolist() for k in range(keys)] == expected
    together = [(k, *pair) for k in range(keys) for pair in combinations(expected[k], 2)]
    found = list(zip(*(column.tolist() for column in shared(begin, held)), strict=True))
    assert sorted(found) == together
    pairs = list(zip(*(column.tolist() for column in touching(begin, held, regions)), strict=True))
    assert pairs == sorted({pair[1:] for pair in together})
