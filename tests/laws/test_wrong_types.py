"""Whatever is given in place of a table, of weights or of a result is refused in words with a remedy.

The sound call of each function is that of its own example, so a new function is held to the law at once.
"""

from __future__ import annotations

import doctest
import inspect
import re
import warnings

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

import geoinno as gi

FLOORS = ("classify", "draw", "simulate", "measure")
RESULTS = (
    "Layer",
    "DecayFit",
    "Gravity",
    "Goals",
    "Hazard",
    "Complexity",
    "Markov",
    "Clubs",
    "RankIntervals",
)
DATA = ("Series", "DataFrame", "Graph", "Decay", *RESULTS)
#: What a remedy looks like: it says what the thing must be, names a call, or begins with a verb.
REMEDY = re.compile(
    r"\bmust\b|\bneeds?\b|gi\.|columns are|"
    r"(?:^|[.;:,] )(?:Pass|Give|give|Name|Build|Drop|Set|State|Read|Choose|Check|Leave|Fill|Say|name)\b"
)


def data_of(function, kinds=DATA):
    """Return the parameters of a function that are tables, weights or results."""
    parameters = inspect.signature(function).parameters.values()
    return [p.name for p in parameters if re.search(rf"\b(?:{'|'.join(kinds)})\b", str(p.annotation))]


def functions():
    """Return each function that takes data; the fast suite tries figures, layers and what takes results."""
    found = []
    for floor in FLOORS:
        for name, function in sorted(vars(getattr(gi, floor)).items()):
            if name[0] != "_" and inspect.isfunction(function) and data_of(function):
                light = floor == "draw" or data_of(function, RESULTS)
                marks = () if light else (pytest.mark.slow,)
                found.append(pytest.param(floor, name, marks=marks, id=f"{floor}.{name}"))
    return found


def sound_call(floor, name, monkeypatch):
    """Return the arguments of the call that a function's example shows."""
    calls, module = [], getattr(gi, floor)
    function = getattr(module, name)

    def spy(*args, **options):
        calls.append((args, options))
        return function(*args, **options)

    monkeypatch.setattr(module, name, spy)
    scope = {}
    for example in doctest.DocTestParser().get_examples(inspect.getdoc(function)):
        exec(compile(example.source, "example", "exec"), scope)
    monkeypatch.undo()
    args, options = calls[0]
    return inspect.signature(function).bind(*args, **options)


@pytest.fixture(scope="module")
def wrong(central_asia):
    """Return things of other kinds, and the word of an annotation that would let each in."""
    regions = central_asia.regions
    near = gi.weigh.contiguity(regions)
    return {
        "nothing": (None, "None"),
        "an array": (np.arange(3.0), "ndarray"),
        "a graph": (near, "Graph"),
        "another result": (gi.measure.moran(regions["primacy"], near, permutations=9), "Moran"),
        "a word": ("no such thing", "Any"),
        "a number": (3, "float"),
        "a list of numbers": ([1, 2], "Sequence[float]"),
        "a dict": ({}, "Mapping"),
        "an empty frame": (pd.DataFrame(), "Any"),
        "an empty series": (pd.Series(dtype=float), "Any"),
        "no regions": (regions.iloc[:0], "Any"),
    }


@pytest.mark.parametrize(("floor", "name"), functions())
def test_what_is_no_table_or_result_is_refused_with_a_remedy(floor, name, wrong, monkeypatch):
    call = sound_call(floor, name, monkeypatch)
    function = getattr(getattr(gi, floor), name)
    failures = []
    for parameter in data_of(function):
        annotation = str(inspect.signature(function).parameters[parameter].annotation)
        things = {kind: thing for kind, (thing, word) in wrong.items() if word not in annotation}
        given = call.arguments.get(parameter)
        if isinstance(given, pd.DataFrame) and not isinstance(given, gpd.GeoDataFrame):
            things["a table without columns"] = given[[]]
        for kind, thing in things.items():
            said = refusal(function, call, parameter, thing)
            if said:
                failures.append(f"{parameter} = {kind}: {said}")
    assert not failures, "\n".join(failures)


def refusal(function, call, parameter, thing):
    """Return what is wrong with the way in which a thing is refused; empty if nothing is."""
    star = inspect.signature(function).parameters[parameter].kind is inspect.Parameter.VAR_POSITIONAL
    arguments = {**call.arguments, parameter: (thing,) if star else thing}
    ordered = {p: arguments[p] for p in inspect.signature(function).parameters if p in arguments}
    bound = inspect.BoundArguments(inspect.signature(function), ordered)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            function(*bound.args, **bound.kwargs)
        except gi.GeoinnoError as error:
            return "" if REMEDY.search(str(error)) else f"no remedy in {str(error)!r}"
        except Exception as error:  # noqa: BLE001 - whatever it is, it is none of ours
            return f"a bare {error!r}"
    return "an answer"
