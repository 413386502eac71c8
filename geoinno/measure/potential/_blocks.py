"""Sums of decayed mass in blocks of places, for an executor or a store: the same bits as in one piece."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from geoinno.scale import parted, run_blocks

if TYPE_CHECKING:
    from collections.abc import Iterator

    from geoinno._types import Floats, Ints
    from geoinno.scale import Block, Engine

    Sums = tuple[Floats, Floats]

# Pairs in a block of all pairs: seconds of one processor, so that little is lost where a worker ends.
PAIRS = 1_000_000_000
# Hands of groups in a block of the tree: some twenty thousand places.
HANDS = 8


def exact_sums(
    points: tuple[Floats, ...], first: Ints, last: Ints, *, decay: tuple[float, ...], engine: Engine
) -> Sums:
    """Return the sums over all pairs, as the compiled loops of one machine give them."""
    from geoinno._kernels.potential import POINTS

    count = len(first)
    blocks = parted(-(-count // POINTS), max(1, PAIRS // (POINTS * count)))
    return _joined(run_blocks(_exact_block, blocks, (*points, first, last, decay), engine=engine))


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

    blocks = parted(-(-len(groups) // HAND), HANDS)
    inputs = (*points, *branches, groups, accuracy, decay)
    return _joined(run_blocks(_tree_block, blocks, inputs, engine=engine))


def _joined(blocks: Iterator[tuple[Floats, ...]]) -> Sums:
    """Return the two sums of all blocks, one behind the other."""
    domestic, foreign = zip(*blocks, strict=True)
    return np.concatenate(domestic), np.concatenate(foreign)


def _exact_block(block: Block, *inputs: Any) -> Sums:  # noqa: ANN401 - the flat inputs of a block
    """Return the sums of a block of places over all others."""
    from geoinno._kernels.potential import exact_block

    *points, first, last, decay = inputs
    return exact_block(block, tuple(points), first, last, decay=decay)


def _tree_block(block: Block, *inputs: Any) -> Sums:  # noqa: ANN401 - the flat inputs of a block
    """Return the sums of a block of places by the tree."""
    from geoinno._kernels.tree import tree_block

    points, branches, (groups, accuracy, decay) = inputs[:4], inputs[4:8], inputs[8:]
    return tree_block(block, points, branches, groups, accuracy=accuracy, decay=decay)
