"""Sums of decayed mass in blocks of places, for an executor or a store: the same bits as in one piece."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, Any

import numpy as np

from geoinno.scale import parted, run_blocks

if TYPE_CHECKING:
    from collections.abc import Iterator

    from geoinno._types import Floats, Ints
    from geoinno.scale import Block, Engine

    Sums = tuple[Floats, Floats]

# Places in a run: a block is the pairs of two runs, up to seconds of one processor, so that little is lost
# where a worker ends, and no fewer blocks than keep many threads busy to the end.
LONGEST_RUN, RUNS = 32_768, 12
# Hands of groups in a block of the tree: some twenty thousand places, where others run it.
HANDS = 8


def exact_sums(
    points: tuple[Floats, ...], first: Ints, last: Ints, *, decay: tuple[float, ...], engine: Engine
) -> Sums:
    """Return the sums over all pairs, added up in the order of the blocks, whoever runs them."""
    from geoinno._kernels.potential import BUFFER

    count = len(first)
    # Runs of whole buffers, as what is left over of a vector costs as much as the vector.
    size = min(-(-count // (RUNS * BUFFER)) * BUFFER, LONGEST_RUN)
    runs = range(-(-count // size))
    pairs = [(a, b) for a in runs for b in runs if a <= b]
    sums = np.zeros((2, count))
    inputs = (*points, first, last, decay, size)
    with closing(run_blocks(_pair_block, pairs, inputs, engine=engine)) as answers:
        for block, (own, other) in zip(pairs, answers, strict=True):
            for run, part in zip(sorted(set(block)), (own, other), strict=False):
                sums[:, run * size : run * size + part.shape[1]] += part
    return sums[0], sums[1]


def tree_sums(
    points: tuple[Floats, ...],
    branches: tuple[Any, ...],
    groups: Ints,
    *,
    accuracy: float,
    decay: tuple[float, ...],
    engine: Engine,
) -> Sums:
    """Return the sums within ``accuracy``, as the tree of one machine gives them."""
    from geoinno._kernels.tree import HAND

    blocks = parted(-(-len(groups) // HAND), 1 if engine.plain else HANDS)
    inputs = (*points, *branches, groups, accuracy, decay)
    with closing(run_blocks(_tree_block, blocks, inputs, engine=engine)) as answers:
        return _joined(answers)


def _joined(blocks: Iterator[tuple[Floats, ...]]) -> Sums:
    """Return the two sums of all blocks, one behind the other."""
    domestic, foreign = zip(*blocks, strict=True)
    return np.concatenate(domestic), np.concatenate(foreign)


def _pair_block(block: Block, *inputs: Any) -> Sums:  # noqa: ANN401 - the flat inputs of a block
    """Return the sums of one run of places over another, and of the other over it."""
    from geoinno._kernels.potential import pair_sums

    *points, first, last, decay, size = inputs
    rows, columns = ((run * size, min((run + 1) * size, len(first))) for run in block)
    return pair_sums(tuple(points), rows, columns, countries=(first, last), decay=decay)


def _tree_block(block: Block, *inputs: Any) -> Sums:  # noqa: ANN401 - the flat inputs of a block
    """Return the sums of a block of places by the tree."""
    from geoinno._kernels.tree import tree_block

    points, branches, (groups, accuracy, decay) = inputs[:4], inputs[4:8], inputs[8:]
    return tree_block(block, points, branches, groups, accuracy=accuracy, decay=decay)
