"""What the kernels should reach, the cases that tell, and whether runs reached it: the worst run counts."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import gravity
import results
from potential import DECAYS

if TYPE_CHECKING:
    from collections.abc import Callable

OURS = "geoinno"
EXACT = "geoinno, all pairs"
TO_A_MILLION = "exponential 100 km", "gaussian 300 km", "lognormal", "offset power"
# The first of the shapes goes by what is fitted, as it is also timed at other sizes and by other packages.
SHAPES = "both effects", *list(gravity.SHAPES)[1:]
COVERAGES = "contiguity, queen", "contiguity, rook", "contiguity, lattice of waves"


class Case(NamedTuple):
    """What is run: a kernel, how many regions, and who."""

    kernel: str
    n: int
    side: str = OURS


@dataclass(frozen=True)
class Goal:
    """A figure of some cases, and the limit that it should not pass; ``least``: not fall below."""

    words: str
    cases: tuple[Case, ...]
    figure: Callable[..., float]
    limit: float
    least: bool = False

    def worst(self, runs):
        """Return the worst figure of several runs, each a table of rows by case; None without figures."""
        found = [self.figure(*rows) for run in runs if (rows := self.rows(run))]
        return (min if self.least else max)(found, default=None)

    def rows(self, run):
        """Return the rows of the cases in a run, if all were timed."""
        rows = [run.get(case, {}) for case in self.cases]
        return rows if all("seconds" in row for row in rows) else None

    def is_met(self, figure):
        return figure >= self.limit if self.least else figure <= self.limit


def ratio(words, above, below, *, limit, least=False):
    """Return the goal on how many times as long the one case takes as the other."""
    return Goal(words, (above, below), lambda a, b: a["seconds"] / b["seconds"], limit, least)


def times_as_fast(times, peer, *, kernel, n, ours=OURS):
    """Return the goal to be so many times as fast as another side."""
    words = f"{kernel}{'' if ours == OURS else ', all pairs'}, {n:,}: times as fast as {peer}"
    return ratio(words, Case(kernel, n, peer), Case(kernel, n, ours), limit=times, least=True)


def many_draws(draws, times):
    """Return the goal to make many draws in a part of the time in which esda makes 999."""
    words = f"local Moran, {draws} draws, 100,000: times as fast as esda's 999"
    peer = Case("local Moran, 999 draws", 100_000, "esda")
    return ratio(words, peer, Case(f"local Moran, {draws} draws", 100_000), limit=times, least=True)


def within(limit, kernel, n, *, unit="seconds"):
    """Return the goal to need so many seconds, or megabytes, at most."""
    return Goal(f"{kernel}, {n:,}: {unit}", (Case(kernel, n),), lambda row: row[unit], limit)


def grows(kernel, low, high):
    """Return the goal on the exponent of growth beside a factor log n."""
    words = f"{kernel}: exponent from {low:,} to {high:,}"
    cases = Case(kernel, low), Case(kernel, high)
    return Goal(words, cases, lambda a, b: results.exponents(a, b)["beyond_log"], results.STEEPEST)


def potential(decay):
    return f"market potential, {decay}"


def million(decay):
    """Return the goal to need for a million points at most twelve times what a tenth of them needs."""
    kernel = potential(decay)
    words = f"{kernel}: times as long for 1,000,000 as for 100,000"
    return ratio(words, Case(kernel, 1_000_000), Case(kernel, 100_000), limit=12)


def first_call():
    """Return the goal for a whole script in a fresh process, by what its libraries take alone."""
    words = "first call in a fresh process: times as long as the imports alone"
    return ratio(words, Case("first call", 80), Case("first call", 80, "imports alone"), limit=1.4)


BORDERS = "contiguity, queen", "kilometres of border"
MORAN = "local Moran, 999 draws"
GOALS = (
    *(times_as_fast(3, "pygeoda alone", kernel=kernel, n=100_000) for kernel in COVERAGES),
    times_as_fast(5, "pygeoda", kernel="contiguity, queen", n=100_000),
    times_as_fast(20, "libpysal", kernel="kilometres of border", n=100_000),
    *(within(3, kernel, 1_000_000) for kernel in BORDERS),
    *(within(600, kernel, 1_000_000, unit="megabytes") for kernel in BORDERS),
    *(grows(kernel, 100_000, 1_000_000) for kernel in (*BORDERS, MORAN)),
    times_as_fast(15, "esda", kernel=MORAN, n=100_000),
    times_as_fast(6, "pygeoda complete", kernel=MORAN, n=100_000),
    many_draws("99,999", 20),
    many_draws("999,999", 5),
    within(1, "first local Moran in a fresh process", 100),
    *(times_as_fast(200, "SciPy~", kernel=potential(decay), n=100_000) for decay in DECAYS),
    *(times_as_fast(10, "SciPy~", kernel=potential(decay), n=100_000, ours=EXACT) for decay in DECAYS),
    *map(million, TO_A_MILLION),
    *(within(10, potential(decay), 1_000_000) for decay in TO_A_MILLION),
    *(within(1_024, potential(decay), 1_000_000, unit="process_megabytes") for decay in TO_A_MILLION),
    *(times_as_fast(10, "pyfixest", kernel=f"gravity, {shape}", n=200) for shape in SHAPES),
    *(times_as_fast(20, "pyfixest", kernel=f"gravity, {shape}", n=1_000) for shape in SHAPES),
    times_as_fast(20, "pyfixest", kernel="gravity, both effects", n=2_000),
    within(100, "gravity, both effects", 1_000, unit="megabytes"),
    within(0.3, "opening a border, in equilibrium", 1_000),
    within(0.2, "coalitions of 44 countries", 1_024),
    within(10, "noise placebo, 499 maps", 2_000),
    grows("noise placebo, 499 maps", 500, 2_000),
    within(30, "growth poles, with draws", 10_000),
    grows("prominence", 10_000, 100_000),
    first_call(),
)


def needed():
    """Return the sides that tell whether the goals are reached, by kernel and number of regions."""
    found = {}
    for case in dict.fromkeys(case for goal in GOALS for case in goal.cases):
        found.setdefault((case.kernel, case.n), []).append(case.side)
    return found


def judge(paths):
    """Print what the runs in these files reached, and return how many goals were missed."""
    runs = [by_case(json.loads(Path(path).read_text())["rows"]) for path in paths]
    found = [(goal, goal.worst(runs)) for goal in GOALS]
    for goal, figure in found:
        print(verdict(goal, figure))
    missed = sum(figure is not None and not goal.is_met(figure) for goal, figure in found)
    unknown = sum(figure is None for _, figure in found)
    print(
        f"The worst of {len(runs)} runs: {missed} of {len(GOALS)} goals are missed, {unknown} were not timed."
    )
    return missed


def by_case(rows):
    return {Case(row["kernel"], row["n"], row["side"]): row for row in rows}


def verdict(goal, figure):
    """Return a goal and what was reached as a line of a table."""
    bound = f"{'at least' if goal.least else 'at most'} {goal.limit:g}"
    if figure is None:
        return f"{goal.words:<84} {'':>9} {bound:<15} not timed"
    return f"{goal.words:<84} {figure:>9.3g} {bound:<15} {'met' if goal.is_met(figure) else 'MISSED'}"
