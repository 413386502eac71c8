"""The tree of an index: indicators in pillars, pillars in the index, to any depth."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from geoinno import _contract
from geoinno._language.phrases import Phrase
from geoinno.errors import ColumnError, OptionError

if TYPE_CHECKING:
    import pandas as pd

    from geoinno._types import Floats

Structure: TypeAlias = "Mapping[str, Structure | Sequence[str]]"
TOP = "index"


@dataclass(frozen=True, slots=True)
class Group:
    """A pillar, or the whole index: its name and what it is made of (indicators or other groups)."""

    name: str
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Tree:
    """The groups of an index, each after those that it is made of, the index last."""

    groups: tuple[Group, ...]
    indicators: tuple[str, ...]

    def pillars(self) -> list[str]:
        """Return the names of the groups in reading order: pillars before what they are made of."""
        inside = {group.name: group.members for group in self.groups}
        found, waiting = [], [name for name in reversed(inside[TOP]) if name in inside]
        while waiting:
            name = waiting.pop()
            found.append(name)
            waiting += [member for member in reversed(inside[name]) if member in inside]
        return found

    def parents(self) -> dict[str, str]:
        """Return the group that each indicator and each pillar belongs to."""
        return {member: group.name for group in self.groups for member in group.members}


def tree(structure: Structure | None, columns: pd.Index, *, apart: Sequence[str] = ()) -> Tree:
    """Return the tree of a structure; without one, all columns but those set ``apart`` are the index."""
    names = [name for name in columns.tolist() if name not in apart]
    if structure is None:
        return Tree((Group(TOP, tuple(names)),), tuple(names))
    if not isinstance(structure, Mapping) or not structure:
        message = (
            "structure must be a mapping of pillars to lists of columns, such as "
            f"{{'science': ['papers', 'staff']}}; {type(structure).__name__} was given."
        )
        raise OptionError(message)
    groups: list[Group] = []
    _collect(TOP, structure, groups)
    inside = {group.name for group in groups}
    leaves = [m for group in groups for m in group.members if m not in inside]
    found = Tree(tuple(groups), tuple(leaves))
    _check(found, names, columns=columns)
    return found


def _collect(name: str, inside: Structure | Sequence[str], groups: list[Group]) -> None:
    """Add a group after the groups inside it."""
    if isinstance(inside, str) or not isinstance(inside, Mapping | Sequence) or not len(inside):
        message = f"Group {name!r} of the structure must be a list of columns or a mapping of groups."
        raise OptionError(message)
    if isinstance(inside, Mapping):
        for group, members in inside.items():
            _collect(group, members, groups)
    groups.append(Group(name, tuple(inside)))


def _check(found: Tree, names: list[str], *, columns: pd.Index) -> None:
    """Raise where a name stands twice, or the structure and the table have different columns."""
    every = [*(g.name for g in found.groups), *found.indicators]
    twice = sorted({name for name in every if every.count(name) > 1}, key=str)
    if twice:
        message: str = Phrase(
            "Names stand twice in the structure: {names}. Each column enters once, no pillar has the name of "
            "a column, and {whole} is the name of the whole.",
            names=_contract.named(twice),
            whole=repr(TOP),
        )
        raise OptionError(message)
    shared = [group.name for group in found.groups if group.name in columns]
    if shared:
        message = Phrase(
            "Pillars have the names of columns: {names}. Give them other names.",
            names=_contract.named(shared),
        )
        raise OptionError(message)
    absent = [name for name in found.indicators if name not in columns]
    extra = [name for name in names if name not in found.indicators]
    if absent or extra:
        parts = []
        if absent:
            parts.append(f"in the structure but not in the table: {_contract.named(absent)}")
        if extra:
            parts.append(f"in the table but in no group: {_contract.named(extra)}")
        message = f"The structure and the columns differ: {'; '.join(parts)}. Drop or add these."
        raise ColumnError(message)


def refuse_strange_groups(named: Iterable[str], found: Tree) -> None:
    """Raise where groups are named that the index does not have."""
    groups = [group.name for group in found.groups]
    strangers = [name for name in named if name not in groups]
    if strangers:
        message = f"aggregates names no group of the index: {_contract.named(strangers)}; see {groups}."
        raise OptionError(message)


def given_weights(weights: Mapping[str, float], found: Tree) -> dict[str, Floats]:
    """Return the weights of the members of each group, summing to one; groups without any are equal."""
    strangers = [name for name in weights if name not in found.parents()]
    if strangers:
        message = Phrase(
            "Weights are given for what is not in the index: {columns}.", columns=_contract.named(strangers)
        )
        raise OptionError(message)
    for name, weight in weights.items():
        _contract.positive(weight, name=f"The weight of {name!r}", zero=True)
    return {group.name: _shares(group, weights) for group in found.groups}


def _shares(group: Group, weights: Mapping[str, float]) -> Floats:
    """Return the weights of the members of a group, summing to one."""
    absent = [name for name in group.members if name not in weights]
    if len(absent) == len(group.members):
        return equal(group)
    if absent:
        message = Phrase(
            "Within {group} some members have a weight and others have none: {names}. Give every member of a "
            "group a weight, or none of them.",
            group=repr(group.name),
            names=_contract.named(absent),
        )
        raise OptionError(message)
    given = np.array([weights[name] for name in group.members], dtype=np.float64)
    if given.sum() == 0:
        message = Phrase(
            "All weights within {group} are zero. Give at least one above zero.", group=repr(group.name)
        )
        raise OptionError(message)
    return given / given.sum()


def equal(group: Group) -> Floats:
    """Return equal weights of the members of a group."""
    return np.full(len(group.members), 1 / len(group.members))
